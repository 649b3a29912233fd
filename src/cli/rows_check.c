/* Rows that a tool wrote, looked at: see rows_check.h. */
#include "src/cli/rows_check.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "fixland/cli.h"

/* Whole numbers may be negative. */
static bool is_integer(const fl_frame *f, size_t row, size_t column) {
    double value = f->real[row * f->columns + column];
    return value == floor(value) && fabs(value) <= 0x1p64;
}

fl_status fl_rows_check(const fl_frame *f, const fl_column *columns) {
    double value;
    for (size_t row = 0; columns && row < f->rows; row++)
        for (size_t c = 0; c < f->columns; c++) {
            if (columns[c].kind != FL_TEXT)
                FL_CHECK(fl_frame_number(f, row, c, &value));
            if (columns[c].kind == FL_INTEGER && !is_integer(f, row, c))
                return fl_frame_fail(f, row, c, "a whole number");
        }
    return FL_OK;
}

static const char foreign[] = "one of the values that the head of the file tells";

/* Is the word one of a list with commas? */
static bool in_list(const char *list, const char *word) {
    size_t length = strlen(word);
    for (const char *at = list; *at; at += *at == ',') {
        size_t item = strcspn(at, ",");
        if (item == length && strncmp(at, word, length) == 0)
            return true;
        at += item;
    }
    return false;
}

static fl_status check_words(const fl_frame *f, size_t column, const char *told) {
    for (size_t row = 0; row < f->rows; row++)
        if (!in_list(told, f->text[row * f->columns + column]))
            return fl_frame_fail(f, row, column, foreign);
    return FL_OK;
}

/* Rows come in the order of the values, again and again: each is looked for from the last one on. */
fl_status fl_rows_among(const fl_frame *f, size_t column, const fl_reals *told, const char *what) {
    size_t at = 0, tried;
    for (size_t row = 0; row < f->rows; row++) {
        double value;
        FL_CHECK(fl_frame_number(f, row, column, &value));
        for (tried = 0; tried < told->count && told->values[at] != value; tried++)
            at = (at + 1) % told->count;
        if (tried == told->count)
            return fl_frame_fail(f, row, column, what);
    }
    return FL_OK;
}

/* Cells that are words, and cells that are numbers. "both" is told for two methods that it does not name. */
static fl_status check_told_words(const fl_frame *f, const char *name) {
    const char *told = fl_meta_get(&f->meta, name);
    size_t column;
    bool named = told && strcmp(told, "both") != 0;
    return named && fl_frame_column(f, name, &column) == FL_OK ? check_words(f, column, told)
                                                               : FL_OK;
}

static fl_status check_told_values(const fl_frame *f, const char *name) {
    const char *told = fl_meta_get(&f->meta, name);
    fl_reals list;
    size_t column;
    if (!told || fl_frame_column(f, name, &column) != FL_OK ||
        fl_parse_reals(name, told, -INFINITY, INFINITY, &list) != FL_OK)
        return FL_OK;
    fl_status status = fl_rows_among(f, column, &list, foreign);
    free(list.values);
    return status;
}

fl_status fl_rows_of_run(const char *path, const fl_frame *f) {
    if (!fl_meta_get(&f->meta, "shard"))
        return FL_OK;
    fl_status status = check_told_words(f, "algorithm");
    if (status == FL_OK)
        status = check_told_words(f, "method");
    const char *modules = fl_meta_get(&f->meta, "modules"); /* the column n counts those of all */
    if (status == FL_OK && (!modules || strcmp(modules, "1") == 0))
        status = check_told_values(f, "n");
    if (status == FL_OK)
        status = check_told_values(f, "jd");
    return status == FL_OK ? FL_OK : fl_fail(status, "%s: %s", path, fl_message());
}
