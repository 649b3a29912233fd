/* Rows of fl-access: see rows.h. */
#include "mc/dynamics/rows.h"

#include "fixland/sampling.h"
#include "mc/dynamics/modes.h"
#include "src/cli/several.h"
#include "src/core/room.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

const fl_column rows_columns[ROW_COLUMNS] = {
    COLUMN_ALGORITHM,
    FL_COLUMNS_SAMPLE(FL_COLUMN_N),
    {"replica", FL_INTEGER, NULL, "number of the start, from 0"},
    {"ending", FL_TEXT, NULL, "fixed, cycle or wanders"},
    {"sweeps", FL_INTEGER, NULL, "done until then"},
    {"flips_per_neuron", FL_REAL, NULL, "in all"},
    {"unstable_fraction", FL_REAL, NULL,
     "of neurons with s_i f_i < 0 after a sweep, mean over the second half of the sweeps allowed"},
    {"period", FL_INTEGER, "sweeps", "of a cycle; 0 for none"},
};

const fl_column rows_summary_columns[SUMMARY_COLUMNS] = {
    COLUMN_ALGORITHM,
    FL_COLUMNS_SIZE(FL_COLUMN_N),
    {"samples", FL_INTEGER, NULL, "networks (runs, where --network gives one)"},
    {"success", FL_REAL, NULL, "fraction of runs that reached a fixed point"},
    {"success_low", FL_REAL, NULL,
     "its Wilson 95 % interval, with as many trials as independent runs would be worth as much: "
     "from"},
    {"success_high", FL_REAL, NULL, "to"},
    FL_COLUMNS_MEAN(
        "unstable_fraction", "unstable_error", NULL,
        "of neurons with s_i f_i < 0 after a sweep, mean over the second half of the sweeps allowed "
        "(0 once a fixed point is reached, the cycle's mean in a cycle)"),
    {"median_sweeps", FL_REAL, NULL, "of all runs; inf when more than half did not arrive"},
    {"flips_per_neuron", FL_REAL, NULL, "mean over all runs"},
    {"cycles", FL_REAL, NULL, "fraction of runs that ended in one"},
    {"median_period", FL_REAL, "sweeps", "of those"},
};

static const char *const endings[] = {"fixed", "cycle", "wanders"};

fl_status rows_add(rows *r, const fl_access_row *row) {
    if (r->count == r->room) {
        fl_access_row *more = room_more(r->items, &r->room, sizeof *more, "runs");
        if (!more)
            return FL_ENOMEM;
        r->items = more;
    }
    r->items[r->count++] = *row;
    return FL_OK;
}

void rows_clear(rows *r) {
    free(r->items);
    memset(r, 0, sizeof *r);
}

fl_status rows_write(fl_table *table, const fl_access_row *row) {
    const fl_cell cells[ROW_COLUMNS] = {FL_STR(fl_algorithm_name(row->algorithm)),
                                        FL_INT(row->n),
                                        FL_NUM(row->jd),
                                        FL_INT(row->sample),
                                        FL_INT(row->replica),
                                        FL_STR(endings[row->ending]),
                                        FL_INT(row->sweeps),
                                        FL_NUM(row->flips_per_neuron),
                                        FL_NUM(row->activity),
                                        FL_INT(row->period)};
    return fl_table_row(table, cells);
}

static fl_status write_rows_summary(fl_table *table, const fl_access_row *row,
                                    const fl_access_summary *s) {
    const fl_cell cells[SUMMARY_COLUMNS] = {FL_STR(fl_algorithm_name(row->algorithm)),
                                            FL_INT(row->n),
                                            FL_NUM(row->jd),
                                            FL_INT(s->samples),
                                            FL_NUM(s->success),
                                            FL_NUM(s->interval.low),
                                            FL_NUM(s->interval.high),
                                            FL_NUM(s->activity.mean),
                                            FL_NUM(s->activity.error),
                                            FL_NUM(s->median_sweeps),
                                            FL_NUM(s->flips_per_neuron),
                                            FL_NUM(s->cycles),
                                            FL_NUM(s->median_period)};
    return fl_table_row(table, cells);
}

/* Order: size, then the place at which algorithm and J_D first came, then sample and replica. */
typedef struct sorted {
    size_t group;
    const fl_access_row *row;
} sorted;

static int compare_rows(const void *a, const void *b) {
    const sorted *x = a, *y = b;
    if (x->group != y->group)
        return x->group < y->group ? -1 : 1;
    if (x->row->sample != y->row->sample)
        return x->row->sample < y->row->sample ? -1 : 1;
    return (x->row->replica > y->row->replica) - (x->row->replica < y->row->replica);
}

static bool same_group(const fl_access_row *a, const fl_access_row *b) {
    return a->algorithm == b->algorithm && a->n == b->n && a->jd == b->jd;
}

/* First rows of the groups found so far; groups are few. */
static size_t group_of(const fl_access_row *row, const fl_access_row **firsts, size_t *groups,
                       size_t guess) {
    if (guess < *groups && same_group(firsts[guess], row))
        return guess;
    for (size_t g = 0; g < *groups; g++)
        if (same_group(firsts[g], row))
            return g;
    firsts[*groups] = row;
    return (*groups)++;
}

static fl_status write_groups(fl_table *table, const sorted *list, fl_access_row *copy,
                              size_t count, bool given) {
    for (size_t k = 0; k < count; k++)
        copy[k] = *list[k].row;
    for (size_t first = 0, next; first < count; first = next) {
        fl_access_summary summary;
        for (next = first; next < count && list[next].group == list[first].group; next++)
            ;
        FL_CHECK(fl_access_summarise(copy + first, next - first, given, &summary));
        FL_CHECK(write_rows_summary(table, &copy[first], &summary));
    }
    return FL_OK;
}

/* *list = the rows in order; free it. */
static fl_status sort_rows(const rows *r, sorted **list) {
    const fl_access_row **firsts = malloc((r->count + 1) * sizeof *firsts);
    size_t groups = 0, guess = 0;
    *list = malloc((r->count + 1) * sizeof **list);
    fl_status status =
        *list && firsts ? FL_OK
                        : fl_fail(FL_ENOMEM, "out of memory for the summary of %zu runs", r->count);
    for (size_t k = 0; status == FL_OK && k < r->count; k++) {
        guess = group_of(&r->items[k], firsts, &groups, guess);
        (*list)[k] = (sorted){guess, &r->items[k]};
    }
    if (status == FL_OK)
        qsort(*list, r->count, sizeof **list, compare_rows);
    free(firsts);
    return status;
}

static fl_status refuse_twice(const sorted *list, size_t count) {
    for (size_t k = 1; k < count; k++) {
        const fl_access_row *row = list[k].row;
        if (compare_rows(&list[k], &list[k - 1]) == 0)
            return fl_fail(FL_EMISMATCH,
                           "%s at n = %lld, J_D = %g: sample %llu is there twice; parts must come "
                           "from different shards of one run",
                           fl_algorithm_name(row->algorithm), (long long)row->n, row->jd,
                           (unsigned long long)row->sample);
    }
    return FL_OK;
}

fl_status rows_check_once(const rows *r) {
    sorted *list;
    fl_status status = sort_rows(r, &list);
    if (status == FL_OK)
        status = refuse_twice(list, r->count);
    free(list);
    return status;
}

fl_status rows_summaries(fl_table *table, const rows *r) {
    sorted *list;
    fl_access_row *copy = malloc((r->count + 1) * sizeof *copy);
    fl_status status = sort_rows(r, &list);
    if (status == FL_OK && !copy)
        status = fl_fail(FL_ENOMEM, "out of memory for the summary of %zu runs", r->count);
    if (status == FL_OK)
        status = write_groups(table, list, copy, r->count, r->given);
    free(list);
    free(copy);
    return status;
}

static fl_status parse_ending(const char *path, const char *text, fl_ending *ending) {
    for (int k = 0; k < 3; k++)
        if (strcmp(text, endings[k]) == 0) {
            *ending = (fl_ending)k;
            return FL_OK;
        }
    return fl_fail(FL_EFORMAT, "%s: the ending '%s' is none of fixed, cycle and wanders", path,
                   text);
}

/* Columns of numbers, and the whole ones among them. */
static fl_status read_run(const fl_frame *f, size_t k, const size_t *at, fl_access_row *row) {
    uint64_t n;
    FL_CHECK(fl_frame_whole(f, k, at[1], &n));
    FL_CHECK(fl_frame_number(f, k, at[2], &row->jd));
    FL_CHECK(fl_frame_whole(f, k, at[3], &row->sample));
    FL_CHECK(fl_frame_whole(f, k, at[4], &row->replica));
    FL_CHECK(fl_frame_number(f, k, at[6], &row->sweeps));
    FL_CHECK(fl_frame_number(f, k, at[7], &row->flips_per_neuron));
    FL_CHECK(fl_frame_number(f, k, at[8], &row->activity));
    FL_CHECK(fl_frame_whole(f, k, at[9], &row->period));
    row->n = (int64_t)n;
    bool finite = isfinite(row->jd) && isfinite(row->sweeps) && isfinite(row->flips_per_neuron) &&
                  isfinite(row->activity) && n <= INT64_MAX;
    return finite ? FL_OK : fl_fail(FL_EFORMAT, "row %zu is no run", k + 1);
}

fl_status rows_add_frame(rows *r, const char *path, const fl_frame *f) {
    size_t at[ROW_COLUMNS];
    FL_CHECK(fl_several_refuse(path, f));
    r->given = fl_meta_get(&f->meta, "network") != NULL;
    for (size_t k = 0; k < ROW_COLUMNS; k++)
        if (fl_frame_column(f, rows_columns[k].name, &at[k]) != FL_OK)
            return fl_fail(FL_EFORMAT, "%s: no column '%s'; it must come from --per-sample", path,
                           rows_columns[k].name);
    for (size_t k = 0; k < f->rows; k++) {
        char **text = f->text + k * f->columns;
        fl_access_row row = {0};
        if (read_run(f, k, at, &row) != FL_OK)
            return fl_fail(FL_EFORMAT, "%s: %s", path, fl_message());
        FL_CHECK(fl_algorithm_parse(text[at[0]], &row.algorithm));
        FL_CHECK(parse_ending(path, text[at[5]], &row.ending));
        FL_CHECK(rows_add(r, &row));
    }
    return FL_OK;
}
