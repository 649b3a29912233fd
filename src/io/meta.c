/* Provenance: see meta.h. */
#define _GNU_SOURCE /* vasprintf */
#include "fixland/meta.h"

#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "fixland/table.h"

static char **find_meta(const fl_meta *meta, const char *key) {
    for (size_t i = 0; i < meta->count; i++)
        if (strcmp(meta->keys[i], key) == 0)
            return &meta->values[i];
    return NULL;
}

/* Room for one entry more. */
static bool grow_meta(fl_meta *meta) {
    if (meta->count < meta->capacity)
        return true;
    size_t capacity = meta->capacity ? 2 * meta->capacity : 16;
    char **keys = realloc(meta->keys, capacity * sizeof *keys);
    if (keys)
        meta->keys = keys;
    char **values = realloc(meta->values, capacity * sizeof *values);
    if (values)
        meta->values = values;
    if (!keys || !values)
        return false;
    meta->capacity = capacity;
    return true;
}

/* Takes `value` over on success. */
static bool put_meta(fl_meta *meta, const char *key, char *value) {
    char **old = find_meta(meta, key);
    if (old) {
        free(*old);
        *old = value;
        return true;
    }
    char *name = strdup(key);
    if (!name || !grow_meta(meta)) {
        free(name);
        return false;
    }
    meta->keys[meta->count] = name;
    meta->values[meta->count++] = value;
    return true;
}

fl_status fl_meta_set(fl_meta *meta, const char *key, const char *format, ...) {
    char *value = NULL;
    va_list arguments;
    va_start(arguments, format);
    int length = vasprintf(&value, format, arguments);
    va_end(arguments);
    if (length < 0)
        return fl_fail(FL_ENOMEM, "out of memory for the provenance");
    for (char *c = value; *c; c++)
        if (*c == '\n' || *c == '\r')
            *c = ' ';
    if (!put_meta(meta, key, value)) {
        free(value);
        return fl_fail(FL_ENOMEM, "out of memory for the provenance");
    }
    return FL_OK;
}

fl_status fl_meta_set_real(fl_meta *meta, const char *key, double value) {
    char text[32];
    fl_format_real(text, value);
    return fl_meta_set(meta, key, "%s", text);
}

const char *fl_meta_get(const fl_meta *meta, const char *key) {
    char **value = find_meta(meta, key);
    return value ? *value : NULL;
}

void fl_meta_remove(fl_meta *meta, const char *key) {
    for (size_t i = 0; i < meta->count; i++)
        if (strcmp(meta->keys[i], key) == 0) {
            free(meta->keys[i]);
            free(meta->values[i]);
            size_t after = --meta->count - i;
            memmove(meta->keys + i, meta->keys + i + 1, after * sizeof *meta->keys);
            memmove(meta->values + i, meta->values + i + 1, after * sizeof *meta->values);
            return;
        }
}

void fl_meta_clear(fl_meta *meta) {
    for (size_t i = 0; i < meta->count; i++) {
        free(meta->keys[i]);
        free(meta->values[i]);
    }
    free(meta->keys);
    free(meta->values);
    memset(meta, 0, sizeof *meta);
}

fl_status fl_meta_copy(fl_meta *meta, const fl_meta *from) {
    for (size_t k = 0; k < from->count; k++)
        FL_CHECK(fl_meta_set(meta, from->keys[k], "%s", from->values[k]));
    return FL_OK;
}
