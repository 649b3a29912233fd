/* Joining the rows of any tool but fl-enumerate: see merge.h. Shards are ranges, so that their rows, one
 * part after the other, are those of the whole. */
#include <stdlib.h>
#include <string.h>

#include "fixland/cli.h"
#include "fixland/tools.h"
#include "mc/enumerate/merge.h"
#include "src/cli/rows_check.h"
#include "src/cli/runs.h"

typedef struct joined {
    size_t count;
    fl_frame *frames;
    merge_part *parts;
    fl_column *columns;
    fl_cell *cells;
} joined;

static const struct {
    const char *name;
    int (*tool)(int argc, char **argv);
} tools[] = {
    {"fl-dmft", fl_tool_dmft},       {"fl-access", fl_tool_access},
    {"fl-count", fl_tool_count},     {"fl-message", fl_tool_message},
    {"fl-overlap", fl_tool_overlap}, {"fl-train", fl_tool_train_trials},
};

/* As the tool itself has them; NULL where that is not known. */
static const fl_column *known_columns(const fl_frame *f) {
    const char *program = fl_meta_get(&f->meta, "program");
    for (size_t k = 0; program && k < sizeof tools / sizeof *tools; k++)
        if (strcmp(program, tools[k].name) == 0)
            return fl_rows_columns(f, tools[k].tool);
    return NULL;
}

static fl_status check_cells(const fl_frame *f, const char *path) {
    return fl_rows_check(f, known_columns(f)) == FL_OK
               ? FL_OK
               : fl_fail(FL_EFORMAT, "%s: %s", path, fl_message());
}

static fl_status check_frames(joined *j, const char *const *paths) {
    for (size_t k = 0; k < j->count; k++) {
        const fl_frame *f = &j->frames[k], *first = &j->frames[0];
        j->parts[k] = (merge_part){.path = paths[k], .meta = &f->meta, .index = k};
        bool same = f->columns == first->columns;
        for (size_t c = 0; same && c < f->columns; c++)
            same = strcmp(f->names[c], first->names[c]) == 0;
        const runs_rule the_same = {.may = NULL};
        if (!same)
            FL_CHECK(runs_alike(paths[0], &first->meta, paths[k], &f->meta, &the_same));
        if (!same)
            return fl_fail(FL_EMISMATCH, "%s and %s have other columns", paths[0], paths[k]);
        FL_CHECK(check_cells(f, paths[k]));
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
static fl_kind kind_of(const joined *j, size_t column, const fl_column *known) {
    if (known)
        return known[column].kind;
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
    const fl_column *known = known_columns(first);
    j->columns = calloc(first->columns, sizeof *j->columns);
    j->cells = calloc(first->columns, sizeof *j->cells);
    if (!j->columns || !j->cells)
        return fl_fail(FL_ENOMEM, "out of memory for %zu columns", first->columns);
    for (size_t c = 0; c < first->columns; c++)
        j->columns[c] = (fl_column){
            .name = first->names[c], .kind = kind_of(j, c, known), .unit = first->units[c]};
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

static fl_status write_joined(fl_run *run, joined *j) {
    fl_table *table;
    FL_CHECK(make_columns(j));
    FL_CHECK(fl_run_table(run, &table, j->columns, j->frames[0].columns));
    fl_status status = write_parts(table, j);
    if (status == FL_OK)
        return fl_table_close(table);
    fl_table_discard(table);
    return status;
}

/* All rows in order as one frame, whose cells are those of the parts: it is not to be cleared, but
 * for its two arrays of cells. */
static fl_status one_frame(const joined *j, fl_frame *all) {
    size_t columns = j->frames[0].columns, at = 0, rows = 0;
    for (size_t k = 0; k < j->count; k++)
        rows += j->frames[k].rows;
    *all = j->frames[j->parts[0].index];
    all->rows = rows;
    all->line = NULL; /* of several files */
    all->text = calloc(rows * columns + 1, sizeof *all->text);
    all->real = calloc(rows * columns + 1, sizeof *all->real);
    if (!all->text || !all->real)
        return fl_fail(FL_ENOMEM, "out of memory for %zu rows", rows);
    for (size_t k = 0; k < j->count; k++) {
        const fl_frame *f = &j->frames[j->parts[k].index];
        if (f->rows == 0)
            continue;
        memcpy(all->text + at, f->text, f->rows * columns * sizeof *f->text);
        memcpy(all->real + at, f->real, f->rows * columns * sizeof *f->real);
        at += f->rows * columns;
    }
    return FL_OK;
}

/* What the tool itself writes of these rows. */
static fl_status write_again(fl_run *run, const joined *j, bool summary) {
    const char *program = fl_meta_get(&j->frames[0].meta, "program");
    fl_frame all = {0};
    for (size_t k = 0; k < sizeof tools / sizeof *tools; k++)
        if (strcmp(program, tools[k].name) == 0) {
            fl_status status = one_frame(j, &all);
            if (status == FL_OK)
                status = fl_run_again(run, tools[k].tool, &all, summary);
            free(all.text);
            free(all.real);
            return status;
        }
    return fl_fail(FL_EUSAGE, "--summary: %s makes no summary of rows", program);
}

/* Rows that are no rows of a run without shards. */
static bool holds_parts(const fl_meta *meta) {
    const char *text = fl_meta_get(meta, "table_holds");
    return text && strcmp(text, "parts") == 0;
}

static fl_status join_frames(fl_run *run, joined *j, bool summary) {
    bool parts = holds_parts(&j->frames[0].meta);
    FL_CHECK(merge_order(j->parts, j->count));
    FL_CHECK(merge_provenance(j->parts, j->count, &run->meta));
    if (!parts && !summary)
        return write_joined(run, j);
    if (parts)
        FL_CHECK(fl_run_forget(run, "table_holds"));
    return write_again(run, j, summary);
}

static void joined_clear(joined *j) {
    free(j->parts);
    free(j->columns);
    free(j->cells);
}

const fl_column merge_missing_columns[2] = {
    {"shard", FL_INTEGER, NULL, "that is not among the files"},
    {"shards", FL_INTEGER, NULL, "their number"},
};

static fl_status list_missing(fl_run *run, joined *j) {
    uint64_t *missing;
    size_t count;
    fl_table *table;
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

fl_status merge_rows(fl_run *run, const char *const *paths, fl_frame *frames, size_t count,
                     merge_into into) {
    joined j = {.count = count, .frames = frames, .parts = calloc(count, sizeof *j.parts)};
    fl_status status = j.parts ? check_frames(&j, paths)
                               : fl_fail(FL_ENOMEM, "out of memory for %zu tables", count);
    if (status == FL_OK)
        status = into == MERGE_MISSING ? list_missing(run, &j)
                                       : join_frames(run, &j, into == MERGE_SUMMARY);
    joined_clear(&j);
    return status;
}
