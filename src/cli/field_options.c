/* See field_options.h. */
#include "fixland/field_options.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static fl_status list_of_words(const fl_field *f, const char *what, const char *text,
                               fl_reals *list) {
    list->values = malloc((strlen(text) / 2 + 1) * sizeof *list->values);
    if (!list->values)
        return fl_fail(FL_ENOMEM, "%s: out of memory", what);
    for (const char *w = text;; w++) {
        size_t length = strcspn(w, ",");
        FL_CHECK(fl_field_parse(f, what, w, length, &list->values[list->count++]));
        w += length;
        if (!*w)
            return FL_OK;
    }
}

static fl_status list_of_numbers(const fl_field *f, const fl_field_value *v, const char *what,
                                 fl_reals *list) {
    bool sizes = f->type == FL_FIELD_SIZE;
    list->count = sizes ? v->integers.count : v->reals.count;
    list->values = malloc(list->count * sizeof *list->values);
    if (!list->values)
        return fl_fail(FL_ENOMEM, "%s: out of memory", what);
    for (size_t k = 0; k < list->count; k++)
        list->values[k] = sizes ? (double)v->integers.values[k] : v->reals.values[k];
    return FL_OK;
}

static double single(const fl_field *f, const fl_field_value *v) {
    return f->type == FL_FIELD_SIZE     ? (double)v->integer
           : f->type == FL_FIELD_REAL   ? v->real
           : f->type == FL_FIELD_CHOICE ? v->choice
                                        : v->flag;
}

fl_status fl_field_values(const fl_field *f, const fl_field_value *v, bool lists,
                          fl_reals *values) {
    char what[FL_FIELD_TEXT + 2];
    snprintf(what, sizeof what, "--%s", f->name);
    *values = (fl_reals){0};
    if (!lists) {
        values->values = malloc(sizeof *values->values);
        if (!values->values)
            return fl_fail(FL_ENOMEM, "%s: out of memory", what);
        values->values[values->count++] = single(f, v);
        return FL_OK;
    }
    fl_status status =
        f->choices ? list_of_words(f, what, v->words, values) : list_of_numbers(f, v, what, values);
    if (status != FL_OK) {
        free(values->values);
        *values = (fl_reals){0};
    }
    return status;
}

fl_status fl_fields_given(void *base, const fl_field *fields, size_t count,
                          const fl_field_value *values, const bool *given, bool lists) {
    for (size_t k = 0; k < count; k++) {
        fl_reals list;
        if (!given[k])
            continue;
        FL_CHECK(fl_field_values(&fields[k], &values[k], lists, &list));
        fl_field_set(base, &fields[k], list.values[0]);
        free(list.values);
    }
    return FL_OK;
}
