/* See field.h. */
#include "fixland/field.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "fixland/table.h"

static void *member(void *base, size_t offset) {
    return (char *)base + offset;
}

static const void *const_member(const void *base, size_t offset) {
    return (const char *)base + offset;
}

double fl_field_get(const void *base, const fl_field *f) {
    const void *at = const_member(base, f->offset);
    switch (f->type) {
    case FL_FIELD_SIZE:
        return (double)*(const size_t *)at;
    case FL_FIELD_REAL:
        return *(const double *)at;
    case FL_FIELD_FLAG:
        return *(const bool *)at;
    case FL_FIELD_CHOICE:
        return *(const int *)at;
    case FL_FIELD_BOTH:
        return *(const int *)at == 1 && *(const int *)const_member(base, f->also) == 1;
    }
    return NAN;
}

void fl_field_set(void *base, const fl_field *f, double value) {
    void *at = member(base, f->offset);
    switch (f->type) {
    case FL_FIELD_SIZE:
        *(size_t *)at = value > 0 ? (size_t)value : 0;
        break;
    case FL_FIELD_REAL:
        *(double *)at = value;
        break;
    case FL_FIELD_FLAG:
        *(bool *)at = value != 0;
        break;
    case FL_FIELD_BOTH:
        *(int *)member(base, f->also) = (int)value;
        *(int *)at = (int)value;
        break;
    case FL_FIELD_CHOICE:
        *(int *)at = (int)value;
        break;
    }
}

void fl_field_format(const fl_field *f, double value, char text[FL_FIELD_TEXT]) {
    const char *word = f->choices;
    for (int index = (int)value; word && index > 0 && strchr(word, '|'); index--)
        word = strchr(word, '|') + 1;
    if (word)
        snprintf(text, FL_FIELD_TEXT, "%.*s", (int)strcspn(word, "|"), word);
    else if (f->unset && isnan(value))
        snprintf(text, FL_FIELD_TEXT, "%s", f->unset);
    else
        fl_format_real(text, value);
}

/* A word among those separated by '|'. */
static fl_status parse_field_word(const char *words, const char *what, const char *text,
                                  size_t length, double *value) {
    size_t index = 0;
    for (const char *w = words;; index++) {
        size_t size = strcspn(w, "|");
        if (size == length && memcmp(w, text, size) == 0) {
            *value = (double)index;
            return FL_OK;
        }
        if (!w[size])
            return fl_fail(FL_EUSAGE, "%s '%.*s': allowed: %s", what,
                           (int)(length < 60 ? length : 60), text, words);
        w += size + 1;
    }
}

fl_status fl_field_parse(const fl_field *f, const char *what, const char *text, size_t length,
                         double *value) {
    char copy[FL_FIELD_TEXT], *end;
    if (f->choices)
        return parse_field_word(f->choices, what, text, length, value);
    snprintf(copy, sizeof copy, "%.*s", (int)length, text);
    if (f->unset && strcmp(copy, f->unset) == 0) {
        *value = NAN;
        return FL_OK;
    }
    *value = strtod(copy, &end);
    if (length >= sizeof copy || end == copy || *end || !isfinite(*value))
        return fl_fail(FL_EUSAGE, "%s '%s': a number is wanted", what, copy);
    if (f->type == FL_FIELD_SIZE && !(*value >= 0 && *value <= 0x1p53 && *value == floor(*value)))
        return fl_fail(FL_EUSAGE, "%s '%s': a whole number is wanted", what, copy);
    return FL_OK;
}

bool fl_word_among(const char *word, const char *words) {
    size_t length = strlen(word);
    for (const char *w = words;; w++) {
        size_t size = strcspn(w, "|");
        if (size == length && memcmp(w, word, size) == 0)
            return true;
        w += size;
        if (!*w)
            return false;
    }
}

const fl_field *fl_field_find(const fl_field *fields, size_t count, const char *name) {
    for (size_t k = 0; k < count; k++)
        if (strcmp(fields[k].name, name) == 0)
            return &fields[k];
    return NULL;
}

static double highest(const fl_field *f) {
    double words = 0;
    for (const char *c = f->choices; c && *c; c++)
        words += *c == '|';
    return f->choices ? words : f->high;
}

fl_status fl_fields_check(const void *base, const fl_field *fields, size_t count) {
    for (const fl_field *f = fields; f < fields + count; f++) {
        double value = fl_field_get(base, f), high = highest(f);
        if (f->unset && isnan(value))
            continue;
        if (!(value >= f->low && value <= high))
            return fl_fail(FL_EINVAL, "%s = %g; allowed: from %g to %g", f->name, value, f->low,
                           high);
    }
    return FL_OK;
}

fl_status fl_fields_describe(const void *base, const fl_field *fields, size_t count,
                             fl_meta *meta) {
    char text[FL_FIELD_TEXT];
    for (const fl_field *f = fields; f < fields + count; f++) {
        if (f->type == FL_FIELD_BOTH)
            continue;
        fl_field_format(f, fl_field_get(base, f), text);
        FL_CHECK(fl_meta_set(meta, f->name, "%s", text));
    }
    return FL_OK;
}

static fl_status apply_word(void *base, const fl_field *fields, size_t count, const char *word,
                            size_t length) {
    char name[FL_FIELD_TEXT];
    size_t size = strcspn(word, "= ");
    double value;
    snprintf(name, sizeof name, "%.*s", (int)size, word);
    const fl_field *f = fl_field_find(fields, count, name);
    if (!f || word[size] != '=')
        return fl_fail(FL_EUSAGE, "'%.*s': no parameter and its value", (int)length, word);
    FL_CHECK(fl_field_parse(f, name, word + size + 1, length - size - 1, &value));
    fl_field_set(base, f, value);
    return FL_OK;
}

fl_status fl_fields_apply(void *base, const fl_field *fields, size_t count, const char *text) {
    for (text += strspn(text, " "); *text; text += strspn(text, " ")) {
        size_t length = strcspn(text, " ");
        FL_CHECK(apply_word(base, fields, count, text, length));
        text += length;
    }
    return FL_OK;
}
