/* See parameters.h. */
#include "mc/learn/parameters.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

size_t parameter_count(void) {
    size_t count;
    fl_training_fields(&count);
    return count < PARAMETERS_MOST ? count : PARAMETERS_MOST;
}

const parameter *parameter_at(size_t k) {
    size_t count;
    return fl_training_fields(&count) + k;
}

const parameter *parameter_find(const char *name) {
    for (size_t k = 0; k < parameter_count(); k++)
        if (strcmp(parameter_at(k)->name, name) == 0)
            return parameter_at(k);
    return NULL;
}

double parameter_get(const fl_training *training, const parameter *p) {
    const char *at = (const char *)training + p->offset;
    size_t size;
    double real;
    int choice;
    switch (p->type) {
    case FL_FIELD_SIZE:
        memcpy(&size, at, sizeof size);
        return (double)size;
    case FL_FIELD_REAL:
        memcpy(&real, at, sizeof real);
        return real;
    case FL_FIELD_FLAG:
        return *(const bool *)at;
    case FL_FIELD_CHOICE:
        memcpy(&choice, at, sizeof choice);
        return choice;
    }
    return NAN;
}

void parameter_set(fl_training *training, const parameter *p, double value) {
    char *at = (char *)training + p->offset;
    size_t size = value > 0 ? (size_t)value : 0;
    int choice = (int)value;
    switch (p->type) {
    case FL_FIELD_SIZE:
        memcpy(at, &size, sizeof size);
        break;
    case FL_FIELD_REAL:
        memcpy(at, &value, sizeof value);
        break;
    case FL_FIELD_FLAG:
        *(bool *)at = value != 0;
        break;
    case FL_FIELD_CHOICE:
        memcpy(at, &choice, sizeof choice);
        break;
    }
}

void parameter_text(const parameter *p, double value, char text[PARAMETER_TEXT]) {
    fl_training training = {0};
    parameter_set(&training, p, value);
    fl_training_format(&training, p, text);
}

/* A word among those separated by '|'. */
static fl_status parse_word(const char *words, const char *what, const char *text, double *value) {
    size_t length = strlen(text), index = 0;
    for (const char *w = words;; index++) {
        size_t size = strcspn(w, "|");
        if (size == length && memcmp(w, text, size) == 0) {
            *value = (double)index;
            return FL_OK;
        }
        if (!w[size])
            return fl_fail(FL_EUSAGE, "%s '%.60s': allowed: %s", what, text, words);
        w += size + 1;
    }
}

static fl_status parse_words(const char *words, const char *what, char *text, fl_reals *list) {
    char *save = NULL;
    for (char *w = strtok_r(text, ",", &save); w; w = strtok_r(NULL, ",", &save))
        FL_CHECK(parse_word(words, what, w, &list->values[list->count++]));
    if (list->count == 0)
        return fl_fail(FL_EUSAGE, "%s is empty; allowed: %s", what, words);
    return FL_OK;
}

fl_status parameter_words(const parameter *p, const char *what, const char *text, fl_reals *list) {
    char *copy = strdup(text);
    *list = (fl_reals){.values = malloc((strlen(text) + 1) * sizeof *list->values)};
    fl_status status = copy && list->values
                           ? parse_words(p->choices ? p->choices : "no|yes", what, copy, list)
                           : fl_fail(FL_ENOMEM, "%s: out of memory", what);
    free(copy);
    if (status != FL_OK) {
        free(list->values);
        *list = (fl_reals){0};
    }
    return status;
}
