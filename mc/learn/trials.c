/* See trials.h. */
#include "mc/learn/trials.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "fixland/replicas.h"
#include "fixland/sampling.h"
#include "fixland/stats.h"
#include "mc/learn/patience.h"

typedef struct progress {
    const trials *trials;
    uint64_t loads, conditions; /* at least 1 */
    fl_outputs files;
    fl_column columns[GRID_COLUMNS + TRIALS_COLUMNS];
    char names[GRID_COLUMNS][GRID_NAME]; /* of columns */
    size_t grid_columns;
    double *gathered;     /* conditions x quantities x seeds, of the rows at hand */
    uint64_t from, until; /* trainings of the shard */
} progress;

const fl_column trials_seed_column = {
    "seed", FL_INTEGER, NULL, "number of the training, from 0: its seed is --seed and that"};

const fl_option trials_options[] = {
    {"seeds", FL_OPTION_INTEGER, offsetof(trials_settings, seeds), "COUNT", "5", 1, 10000,
     .help = "trainings at each point, with the seeds --seed, --seed + 1, ..."},
    {"separate", FL_OPTION_FLAG, offsetof(trials_settings, separate),
     .help = "of two lists or more: one list at a time, the other parameters at their first value, "
             "instead of all combinations"},
    FL_SHARD_OPTION(trials_settings, shard, "the trainings, a row each"),
    {.name = NULL},
};

static double row_load(const trials *t, uint64_t row) {
    return t->loads.count ? t->loads.values[row % t->loads.count] : 0;
}

static size_t values_of_trial(const progress *p) {
    return p->conditions * p->trials->quantities;
}

static fl_status train_trial(uint64_t task, void *context, fl_result *result) {
    const progress *p = context;
    const trials *t = p->trials;
    const fl_effort effort = patient_effort(1);
    uint64_t row = (p->from + task) / t->seeds;
    fl_training training;
    double *values = calloc(values_of_trial(p), sizeof *values);
    if (!values)
        return fl_fail(FL_ENOMEM, "out of memory for a training");
    *result = (fl_result){values, values_of_trial(p) * sizeof *values};
    grid_training(t->grid, row / p->loads, &training, NULL);
    return t->measure(t->context, &training, row_load(t, row), (p->from + task) % t->seeds, &effort,
                      values);
}

static size_t load_cells(const trials *t, uint64_t point, double load, fl_cell *cells) {
    fl_training training;
    grid_training(t->grid, point, &training, NULL);
    cells[0] = FL_NUM(load);
    cells[1] = FL_INT(t->patterns(t->context, &training, load));
    return 2;
}

/* The cells in front of the quantities, under condition c; returns their number. */
static size_t point_cells(const progress *p, uint64_t row, uint64_t c, fl_cell *cells,
                          char texts[][FL_FIELD_TEXT]) {
    const trials *t = p->trials;
    size_t at = p->grid_columns;
    uint64_t point = row / p->loads;
    grid_cells(t->grid, point, cells, texts);
    if (t->loads.count)
        at += load_cells(t, point, row_load(t, row), cells + at);
    if (t->conditions.count)
        cells[at++] = FL_NUM(t->conditions.values[c]);
    return at;
}

static fl_status write_trials_row(const progress *p, uint64_t row, uint64_t c) {
    const trials *t = p->trials;
    fl_cell cells[GRID_COLUMNS + TRIALS_COLUMNS];
    char texts[GRID_COLUMNS][FL_FIELD_TEXT];
    size_t at = point_cells(p, row, c, cells, texts);
    cells[at++] = FL_INT(t->seeds);
    for (size_t q = 0; q < t->quantities; q++) {
        fl_estimate e = fl_mean(p->gathered + (c * t->quantities + q) * t->seeds, t->seeds);
        cells[at++] = FL_NUM(e.mean);
        if (q < t->with_error)
            cells[at++] = FL_NUM(e.error);
    }
    return fl_table_row(p->files.table, cells);
}

/* One training of a shard. */
static fl_status write_trial(const progress *p, uint64_t trial, uint64_t c, const double *values) {
    const trials *t = p->trials;
    fl_cell cells[GRID_COLUMNS + TRIALS_COLUMNS];
    char texts[GRID_COLUMNS][FL_FIELD_TEXT];
    size_t at = point_cells(p, trial / t->seeds, c, cells, texts);
    cells[at++] = FL_INT(trial % t->seeds);
    for (size_t q = 0; q < t->quantities; q++)
        cells[at++] = FL_NUM(values[c * t->quantities + q]);
    return fl_table_row(p->files.table, cells);
}

static fl_status write_single(uint64_t task, void *context, const void *data, size_t length) {
    progress *p = context;
    double *values = p->gathered;
    memcpy(values, data, length);
    for (uint64_t c = 0; c < p->conditions; c++)
        FL_CHECK(write_trial(p, p->from + task, c, values));
    return FL_OK;
}

static fl_status emit_trial(uint64_t task, void *context, const void *data, size_t length) {
    progress *p = context;
    const trials *t = p->trials;
    uint64_t k = task % t->seeds;
    (void)length;
    for (size_t q = 0; q < values_of_trial(p); q++)
        memcpy(&p->gathered[q * t->seeds + k], (const double *)data + q, sizeof(double));
    for (uint64_t c = 0; k + 1 == t->seeds && c < p->conditions; c++)
        FL_CHECK(write_trials_row(p, task / t->seeds, c));
    return FL_OK;
}

static size_t trial_length(uint64_t task, void *context, bool kept) {
    (void)task;
    (void)kept;
    return values_of_trial(context) * sizeof(double);
}

static fl_status run_trial_tasks(fl_run *run, progress *p) {
    const trials *t = p->trials;
    fl_replicas loop = {.tasks = p->until - p->from,
                        .context = p,
                        .work = train_trial,
                        .emit = t->shard ? write_single : emit_trial,
                        .record = {.kind = t->kind, .length = trial_length}};
    return fl_outputs_run(&p->files, run, &loop, "trainings");
}

/* Those in front of the seeds as they are, then the seed, then the quantities without errors. */
static size_t single_columns(const trials *t, fl_column *columns) {
    size_t ahead = t->column_count - 1 - t->quantities - t->with_error, at = ahead;
    memcpy(columns, t->columns, ahead * sizeof *columns);
    columns[at++] = trials_seed_column;
    for (size_t q = 0, from = ahead + 1; q < t->quantities; q++, from += q <= t->with_error ? 2 : 1)
        columns[at++] = t->columns[from];
    return at;
}

static fl_status open_trials(fl_run *run, progress *p) {
    const trials *t = p->trials;
    size_t count = t->column_count;
    p->grid_columns = grid_columns(t->grid, p->columns, p->names);
    if (t->shard) {
        count = single_columns(t, p->columns + p->grid_columns);
        FL_CHECK(fl_meta_set(&run->meta, "table_holds", "parts"));
    } else
        memcpy(p->columns + p->grid_columns, t->columns, count * sizeof *t->columns);
    return fl_outputs_open(&p->files, run, NULL, p->columns, p->grid_columns + count);
}

/* The means of the rows of shards, all of them in order. */
static fl_status trials_again(progress *p, const fl_frame *rows) {
    const trials *t = p->trials;
    uint64_t all = (p->until - p->from) * p->conditions;
    if (rows->rows != all || rows->columns < t->quantities)
        return fl_fail(FL_EMISMATCH, "%zu rows where the run has %llu", rows->rows,
                       (unsigned long long)all);
    double *values = calloc(values_of_trial(p), sizeof *values);
    fl_status status = values ? FL_OK : fl_fail(FL_ENOMEM, "out of memory for a training");
    for (size_t row = 0; status == FL_OK && row < all; row++) {
        uint64_t c = row % p->conditions;
        for (size_t q = 0; status == FL_OK && q < t->quantities; q++)
            status = fl_frame_number(rows, row, rows->columns - t->quantities + q,
                                     &values[c * t->quantities + q]);
        if (status == FL_OK && c + 1 == p->conditions)
            status = emit_trial(row / p->conditions, p, values, 0);
    }
    free(values);
    return status;
}

static fl_status trials_with_outputs(fl_run *run, const trials *t) {
    progress p = {.trials = t,
                  .loads = t->loads.count ? t->loads.count : 1,
                  .conditions = t->conditions.count ? t->conditions.count : 1};
    FL_CHECK(fl_shard_part(t->shard, t->grid->points * p.loads * t->seeds, &p.from, &p.until));
    p.gathered = calloc(values_of_trial(&p) * t->seeds, sizeof *p.gathered);
    if (!p.gathered)
        return fl_fail(FL_ENOMEM, "out of memory for %llu seeds", (unsigned long long)t->seeds);
    fl_status status = open_trials(run, &p);
    if (status == FL_OK)
        status = run->rows ? trials_again(&p, run->rows) : run_trial_tasks(run, &p);
    status = fl_outputs_close(&p.files, status);
    free(p.gathered);
    return status;
}

fl_status trials_run(fl_run *run, const trials *t, const fl_meta *data) {
    fl_meta added = {0};
    fl_status status = grid_describe(t->grid, &added);
    for (size_t k = 0; k < data->count && status == FL_OK; k++)
        status = fl_meta_set(&added, data->keys[k], "%s", data->values[k]);
    if (status == FL_OK)
        status = fl_run_record_all(run, &added);
    if (status == FL_OK)
        status = trials_with_outputs(run, t);
    fl_meta_clear(&added);
    return status;
}
