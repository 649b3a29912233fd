/* See continual_rows.h. */
#include "mc/learn/continual_rows.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "fixland/stats.h"

static const char *const learner_names[CONTINUAL_LEARNERS] = {"rule", "linear", "random-features",
                                                              "mlp"};
enum { COLUMNS = 9, PARTS = 7 };

#define COLUMNS_JUDGED                                                                             \
    {"learner", FL_TEXT, NULL, "rule, or one of --beside"},                                        \
        {"stage", FL_INTEGER, NULL,                                                                \
         "how many tasks were learned, one after the other; 0: all at once, for as many epochs"},  \
        {"task", FL_INTEGER, NULL, "the task that is judged, 1 for the first"}, {                  \
        "classes", FL_TEXT, NULL, "of that task"                                                   \
    }

static const fl_column columns[COLUMNS] = {
    COLUMNS_JUDGED,
    {"seeds", FL_INTEGER, NULL, "trainings"},
    {"accuracy", FL_REAL, NULL, "on its test examples, among all classes, mean over the seeds"},
    {"accuracy_error", FL_REAL, NULL, "its standard error over the seeds (nan for a single one)"},
    {"own", FL_REAL, NULL, "the same among the task's own classes"},
    {"own_error", FL_REAL, NULL, "its standard error"},
};

static const fl_column part_columns[PARTS] = {
    COLUMNS_JUDGED,
    {"seed", FL_INTEGER, NULL, "number of the training, from 0: its seed is --seed and that"},
    {"accuracy", FL_REAL, NULL, "on its test examples, among all classes"},
    {"own", FL_REAL, NULL, "the same among the task's own classes"},
};

const fl_mode_table continual_tables[] =
    FL_TWO_TABLES(columns, COLUMNS, "Columns with --shard", part_columns, PARTS);

#define AT(member) offsetof(continual_settings, member)

const fl_option continual_options[] = {
    FL_GROUP(fl_data_options, continual_settings, data, ),
    {"tasks", FL_OPTION_TEXT, AT(tasks), "LISTS", "pairs", .choices = "pairs|single",
     .help = "classes of the tasks, a list for each, parted by slashes: 0,1/2:4/5; or two classes "
             "at a time (pairs), or one (single)"},
    {"beside", FL_OPTION_TEXT, AT(beside), "LIST", "mlp",
     .choices = "linear|random-features|mlp|none",
     .help = "baselines on the same tasks, with as many epochs and as much input noise: as many "
             "random features as hidden neurons, as many parameters of the mlp, in one hidden "
             "layer"},
    {"seeds", FL_OPTION_INTEGER, AT(seeds), "COUNT", "3", 1, 10000,
     .help = "trainings of each learner, with the seeds --seed, --seed + 1, ..."},
    FL_GROUP(training_options, continual_settings, training, .fallback = TRAINING_REFERENCE),
    FL_SHARD_OPTION(continual_settings, shard, "the trainings"),
    {.name = NULL},
};

static fl_status add_learner(continual_rows *r, const char *word) {
    int learner = 1;
    while (learner < CONTINUAL_LEARNERS && strcmp(word, learner_names[learner]) != 0)
        learner++;
    if (learner == CONTINUAL_LEARNERS || r->count == CONTINUAL_LEARNERS)
        return fl_fail(FL_EUSAGE,
                       "--beside %s; allowed: none, or a list of linear, random-features, mlp",
                       r->s->beside);
    r->learners[r->count++] = learner;
    return FL_OK;
}

fl_status continual_rows_from(continual_rows *r, const continual_settings *s) {
    char words[64], *save = NULL;
    *r = (continual_rows){.s = s, .count = 1, .seeds = (uint64_t)s->seeds};
    snprintf(words, sizeof words, "%s", s->beside);
    if (strcmp(s->beside, "none") != 0) {
        for (char *w = strtok_r(words, ",", &save); w; w = strtok_r(NULL, ",", &save))
            FL_CHECK(add_learner(r, w));
        if (r->count == 1)
            return fl_fail(FL_EUSAGE, "--beside names nothing; allowed: none");
    }
    return fl_shard_part(s->shard, r->count * r->seeds, &r->from, &r->until);
}

size_t continual_judgements(const continual_rows *r) {
    return (r->tasks.count + 1) * r->tasks.count;
}

static bool is_part(const continual_rows *r, const fl_run *run) {
    return r->s->shard && !run->rows;
}

fl_status continual_rows_open(continual_rows *r, fl_run *run) {
    bool part = is_part(r, run);
    r->gathered = part ? NULL : calloc(continual_judgements(r) * r->seeds, sizeof *r->gathered);
    if (!part && !r->gathered)
        return fl_fail(FL_ENOMEM, "out of memory for %zu tasks", r->tasks.count);
    if (part)
        FL_CHECK(fl_meta_set(&run->meta, "table_holds", "parts"));
    return fl_outputs_open(&r->files, run, NULL, part ? part_columns : columns,
                           part ? PARTS : COLUMNS);
}

static fl_status write_left(continual_rows *r, int learner, size_t stage, size_t task) {
    double *values = calloc(2 * r->seeds, sizeof *values);
    if (!values)
        return fl_fail(FL_ENOMEM, "out of memory for the rows");
    for (uint64_t k = 0; k < r->seeds; k++) {
        const left_of_task *l =
            &r->gathered[k * continual_judgements(r) + stage * r->tasks.count + task];
        values[k] = l->all;
        values[r->seeds + k] = l->own;
    }
    fl_estimate all = fl_mean(values, r->seeds), own = fl_mean(values + r->seeds, r->seeds);
    free(values);
    const fl_cell row[COLUMNS] = {FL_STR(learner_names[learner]),
                                  FL_INT(stage),
                                  FL_INT(task + 1),
                                  FL_STR(r->tasks.names[task]),
                                  FL_INT(r->seeds),
                                  FL_NUM(all.mean),
                                  FL_NUM(all.error),
                                  FL_NUM(own.mean),
                                  FL_NUM(own.error)};
    return fl_table_row(r->files.table, row);
}

static fl_status write_one_training(continual_rows *r, uint64_t training, size_t stage, size_t task,
                                    const left_of_task *l) {
    const fl_cell row[PARTS] = {FL_STR(learner_names[r->learners[training / r->seeds]]),
                                FL_INT(stage),
                                FL_INT(task + 1),
                                FL_STR(r->tasks.names[task]),
                                FL_INT(training % r->seeds),
                                FL_NUM(l->all),
                                FL_NUM(l->own)};
    return fl_table_row(r->files.table, row);
}

fl_status continual_rows_take(continual_rows *r, uint64_t training, const left_of_task *left) {
    uint64_t k = training % r->seeds;
    size_t tasks = r->tasks.count;
    if (r->gathered)
        memcpy(r->gathered + k * continual_judgements(r), left,
               continual_judgements(r) * sizeof *left);
    for (size_t at = 0; at < continual_judgements(r); at++)
        if (!r->gathered)
            FL_CHECK(write_one_training(r, training, at / tasks, at % tasks, &left[at]));
        else if (k + 1 == r->seeds)
            FL_CHECK(write_left(r, r->learners[training / r->seeds], at / tasks, at % tasks));
    return FL_OK;
}

/* Those of stage 0, in front, name the tasks. */
static fl_status read_tasks(continual_rows *r, const fl_frame *rows) {
    double stage = 0;
    for (size_t row = 0; row < rows->rows; row++) {
        FL_CHECK(fl_frame_number(rows, row, 1, &stage));
        if (stage != 0)
            return FL_OK;
        if (row == TASKS_MOST)
            return fl_fail(FL_EMISMATCH, "more than %d tasks", TASKS_MOST);
        snprintf(r->tasks.names[r->tasks.count++], TASK_TEXT, "%s",
                 rows->text[row * rows->columns + 3]);
    }
    return FL_OK;
}

static fl_status take_again(continual_rows *r, const fl_frame *rows) {
    size_t each = continual_judgements(r), all = r->count * r->seeds * each;
    if (rows->rows != all || rows->columns != PARTS)
        return fl_fail(FL_EMISMATCH, "%zu rows where the run has %zu", rows->rows, all);
    left_of_task *left = calloc(each + 1, sizeof *left);
    fl_status status =
        left ? FL_OK : fl_fail(FL_ENOMEM, "out of memory for %zu tasks", r->tasks.count);
    for (size_t row = 0; status == FL_OK && row < all; row++) {
        status = fl_frame_number(rows, row, 5, &left[row % each].all);
        if (status == FL_OK)
            status = fl_frame_number(rows, row, 6, &left[row % each].own);
        if (status == FL_OK && row % each == each - 1)
            status = continual_rows_take(r, row / each, left);
    }
    free(left);
    return status;
}

fl_status continual_again(fl_run *run, const void *settings) {
    continual_rows r;
    FL_CHECK(continual_rows_from(&r, settings));
    FL_CHECK(read_tasks(&r, run->rows));
    fl_status status = continual_rows_open(&r, run);
    if (status == FL_OK)
        status = take_again(&r, run->rows);
    status = fl_outputs_close(&r.files, status);
    free(r.gathered);
    return status;
}
