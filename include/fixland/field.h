/* The parameters of a struct as a table: options, range checks, provenance, the attributes of files
 * and presets come from it.
 *
 * A value is a double here, whatever its type in the struct: numbers as they are (counts below
 * 2^53), 0 or 1 for a switch, the index of a choice. */
#ifndef FIXLAND_FIELD_H
#define FIXLAND_FIELD_H

#include <stdbool.h>
#include <stddef.h>

#include "fixland/meta.h"
#include "fixland/status.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef enum fl_field_type {
    FL_FIELD_SIZE,   /* size_t */
    FL_FIELD_REAL,   /* double */
    FL_FIELD_FLAG,   /* bool */
    FL_FIELD_CHOICE, /* an enum, from 0 */
    FL_FIELD_BOTH    /* no member of its own: a switch that sets two enums to 0 or 1 */
} fl_field_type;

typedef struct fl_field {
    const char *name; /* as an option */
    fl_field_type type;
    size_t offset, also; /* in the struct; `also` of the second enum of a FL_FIELD_BOTH */
    double low, high;    /* allowed, ends included; of words 0 and their number less 1 */
    const char *choices; /* "sync|partial|async", "no|yes" of switches; NULL for numbers */
    const char *unset;   /* how NAN is written where it is allowed; else NULL */
    const char *help;
} fl_field;

/* Room for a value as text. */
enum { FL_FIELD_TEXT = 64 };

/* A member of the struct at `base`. */
double fl_field_get(const void *base, const fl_field *field);
void fl_field_set(void *base, const fl_field *field, double value);

/* The value as it would be typed. */
void fl_field_format(const fl_field *field, double value, char text[FL_FIELD_TEXT]);

/* The value of a text of `length` bytes; FL_EUSAGE, with a sentence that begins with `what`. */
fl_status fl_field_parse(const fl_field *field, const char *what, const char *text, size_t length,
                         double *value);

/* Is `word` one of "sync|partial|async"? */
bool fl_word_among(const char *word, const char *words);

/* The field of that name, or NULL. */
const fl_field *fl_field_find(const fl_field *fields, size_t count, const char *name);

/* FL_EINVAL for a value out of its range. */
fl_status fl_fields_check(const void *base, const fl_field *fields, size_t count);

/* All into the provenance but FL_FIELD_BOTH, whose two enums are there. FL_ENOMEM. */
fl_status fl_fields_describe(const void *base, const fl_field *fields, size_t count, fl_meta *meta);

/* "hidden=400 modules=1 update=sync": sets those. FL_EUSAGE for an unknown name or value. */
fl_status fl_fields_apply(void *base, const fl_field *fields, size_t count, const char *text);

#ifdef __cplusplus
}
#endif
#endif
