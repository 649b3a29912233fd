/* What the options of a table of fields (field.h) were given, values or lists of them. */
#ifndef FIXLAND_FIELD_OPTIONS_H
#define FIXLAND_FIELD_OPTIONS_H

#include "fixland/cli.h"
#include "fixland/field.h"

#ifdef __cplusplus
extern "C" {
#endif

/* What an option of a field was given: a value, or a list where lists are taken. */
typedef union fl_field_value {
    bool flag;
    int64_t integer;
    double real;
    int choice;
    const char *words; /* a list of words with commas */
    fl_integers integers;
    fl_reals reals;
} fl_field_value;

/* The row of a number in such a table: `place` has its offset and what else is the same in all rows. */
#define FL_FIELD_NUMBER(place, kind, name_, argument_, low_, high_, otherwise_, help_)             \
    {name_,                                                                                        \
     kind,                                                                                         \
     place,                                                                                        \
     .argument = argument_,                                                                        \
     .low = low_,                                                                                  \
     .high = high_,                                                                                \
     .otherwise = otherwise_,                                                                      \
     .help = help_},

/* All values given for a field, in order: of a list (`lists`), or the one. FL_EUSAGE, FL_ENOMEM.
 * Release with free(values->values). */
fl_status fl_field_values(const fl_field *field, const fl_field_value *value, bool lists,
                          fl_reals *values);

/* Sets what was given, of lists the first value. FL_EUSAGE, FL_ENOMEM. */
fl_status fl_fields_given(void *base, const fl_field *fields, size_t count,
                          const fl_field_value *values, const bool *given, bool lists);

#ifdef __cplusplus
}
#endif
#endif
