/* Joining the rows of any tool but fl-enumerate: see merge.h. Shards are ranges, so that their rows, one
 * part after the other, are those of the whole. */
#include <stdlib.h>
#include <string.h>

#include "fixland/cli.h"
#include "mc/enumerate/merge.h"

typedef struct joined {
    size_t count;
    fl_frame *frames;
    merge_part *parts;
    fl_column *columns;
    fl_cell *cells;
} joined;

static fl_status read_frames(joined *j, const char *const *paths) {
    for (size_t k = 0; k < j->count; k++) {
        const fl_frame *f = &j->frames[k], *first = &j->frames[0];
        FL_CHECK(fl_frame_read(&j->frames[k], paths[k]));
        j->parts[k] = (merge_part){.path = paths[k], .meta = &f->meta, .index = k};
        bool same = f->columns == first->columns;
        for (size_t c = 0; same && c < f->columns; c++)
            same = strcmp(f->names[c], first->names[c]) == 0;
        if (!same)
            return fl_fail(FL_EMISMATCH, "%s and %s have other columns", paths[0], paths[k]);
    }
    return FL_OK;
}

static bool is_number(const fl_frame *f, size_t row, size_t column) {
    double value;
    return fl_frame_number(f, row, column, &value) == FL_OK;
}

static bool is_whole(const char *text) {
    text += *text == '-';
    return *text && !text[strspn(text, "0123456789")];
}

/* Whole numbers, numbers or text: what all cells of a column are. */
static fl_kind kind_of(const joined *j, size_t column) {
    fl_kind kind = FL_INTEGER;
    for (size_t k = 0; k < j->count; k++)
        for (size_t row = 0; row < j->frames[k].rows; row++) {
            const fl_frame *f = &j->frames[k];
            if (!is_number(f, row, column))
                return FL_TEXT;
            if (!is_whole(f->text[row * f->columns + column]))
                kind = FL_REAL;
        }
    return kind;
}

static fl_status make_columns(joined *j) {
    const fl_frame *first = &j->frames[0];
    j->columns = calloc(first->columns, sizeof *j->columns);
    j->cells = calloc(first->columns, sizeof *j->cells);
    if (!j->columns || !j->cells)
        return fl_fail(FL_ENOMEM, "out of memory for %zu columns", first->columns);
    for (size_t c = 0; c < first->columns; c++)
        j->columns[c] =
            (fl_column){.name = first->names[c], .kind = kind_of(j, c), .unit = first->units[c]};
    return FL_OK;
}

static fl_status write_merge_rows_row(fl_table *table, joined *j, const fl_frame *f, size_t row) {
    for (size_t c = 0; c < f->columns; c++) {
        const char *text = f->text[row * f->columns + c];
        double value = 0;
        if (j->columns[c].kind == FL_REAL)
            FL_CHECK(fl_frame_number(f, row, c, &value));
        j->cells[c] = j->columns[c].kind == FL_TEXT      ? FL_STR(text)
                      : j->columns[c].kind == FL_INTEGER ? FL_INT(strtoll(text, NULL, 10))
                                                         : FL_NUM(value);
    }
    return fl_table_row(table, j->cells);
}

static fl_status write_parts(fl_table *table, joined *j) {
    for (size_t k = 0; k < j->count; k++) {
        const fl_frame *f = &j->frames[j->parts[k].index];
        for (size_t row = 0; row < f->rows; row++)
            FL_CHECK(write_merge_rows_row(table, j, f, row));
    }
    return FL_OK;
}

static fl_status join_merge_rows(fl_run *run, joined *j, const char *const *paths) {
    fl_table *table;
    if (!j->frames || !j->parts)
        return fl_fail(FL_ENOMEM, "out of memory for %zu tables", j->count);
    FL_CHECK(read_frames(j, paths));
    FL_CHECK(merge_order(j->parts, j->count));
    FL_CHECK(make_columns(j));
    FL_CHECK(merge_provenance(j->parts, j->count, &run->meta));
    FL_CHECK(fl_run_table(run, &table, j->columns, j->frames[0].columns));
    fl_status status = write_parts(table, j);
    if (status == FL_OK)
        return fl_table_close(table);
    fl_table_discard(table);
    return status;
}

static void joined_clear(joined *j) {
    for (size_t k = 0; j->frames && k < j->count; k++)
        fl_frame_clear(&j->frames[k]);
    free(j->frames);
    free(j->parts);
    free(j->columns);
    free(j->cells);
}

fl_status merge_rows(fl_run *run, const char *const *paths, size_t count) {
    joined j = {.count = count,
                .frames = calloc(count, sizeof *j.frames),
                .parts = calloc(count, sizeof *j.parts)};
    fl_status status = join_merge_rows(run, &j, paths);
    joined_clear(&j);
    return status;
}

const fl_column merge_missing_columns[2] = {
    {"shard", FL_INTEGER, NULL, "that is not among the files"},
    {"shards", FL_INTEGER, NULL, "their number"},
};

static fl_status list_missing(fl_run *run, joined *j, const char *const *paths) {
    uint64_t *missing;
    size_t count;
    fl_table *table;
    if (!j->frames || !j->parts)
        return fl_fail(FL_ENOMEM, "out of memory for %zu tables", j->count);
    FL_CHECK(read_frames(j, paths));
    FL_CHECK(merge_missing(j->parts, j->count, &missing, &count));
    fl_status status = fl_run_table(run, &table, merge_missing_columns, 2);
    for (size_t k = 0; status == FL_OK && k < count; k++) {
        const fl_cell row[] = {FL_INT(missing[k]), FL_INT(j->parts[0].shards)};
        status = fl_table_row(table, row);
        if (status != FL_OK)
            fl_table_discard(table);
    }
    free(missing);
    return status == FL_OK ? fl_table_close(table) : status;
}

fl_status merge_list_missing(fl_run *run, const char *const *paths, size_t count) {
    joined j = {.count = count,
                .frames = calloc(count, sizeof *j.frames),
                .parts = calloc(count, sizeof *j.parts)};
    fl_status status = list_missing(run, &j, paths);
    joined_clear(&j);
    return status;
}
