/* fl-train continual: classes one after the other, and what is left of the earlier ones. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "fixland/replicas.h"
#include "fixland/sampling.h"
#include "fixland/stats.h"
#include "mc/learn/continual.h"
#include "mc/learn/data_sets.h"
#include "mc/learn/modes.h"
#include "mc/learn/patience.h"

typedef struct settings {
    fl_data_settings data;
    training_settings training;
    const char *tasks, *beside;
    int64_t seeds;
} settings;

static const char *const learner_names[] = {"rule", "linear", "random-features", "mlp"};
static const fl_baseline_kind learner_kinds[] = {0, FL_BASELINE_LINEAR, FL_BASELINE_RANDOM,
                                                 FL_BASELINE_MLP}; /* of all but the rule */
enum { LEARNERS = 4, COLUMNS = 9 };

static const fl_column columns[COLUMNS] = {
    {"learner", FL_TEXT, NULL, "rule, or one of --beside"},
    {"stage", FL_INTEGER, NULL,
     "how many tasks were learned, one after the other; 0: all at once, for as many epochs"},
    {"task", FL_INTEGER, NULL, "the task that is judged, 1 for the first"},
    {"classes", FL_TEXT, NULL, "of that task"},
    {"seeds", FL_INTEGER, NULL, "trainings"},
    {"accuracy", FL_REAL, NULL, "on its test examples, among all classes, mean over the seeds"},
    {"accuracy_error", FL_REAL, NULL, "its standard error over the seeds (nan for a single one)"},
    {"own", FL_REAL, NULL, "the same among the task's own classes"},
    {"own_error", FL_REAL, NULL, "its standard error"},
};

static const fl_mode_table tables[] = {{NULL, columns, COLUMNS}, {.columns = NULL}};

typedef struct continual_runs {
    const settings *s;
    fl_training training;
    data_sets data;
    continual_tasks tasks;
    int learners[LEARNERS];
    size_t count; /* of them */
    fl_outputs files;
    left_of_task *gathered; /* seeds x stages x tasks, of the learner at hand */
} continual_runs;

static size_t judgements(const continual_runs *x) {
    return (x->tasks.count + 1) * x->tasks.count;
}

/* With as many parameters as the rule's network, its epochs and its noise. */
static fl_baseline_spec spec_beside(const continual_runs *x, int learner, const fl_dataset *data,
                                    uint64_t seed) {
    const fl_training *t = &x->training;
    size_t d = data->features, h = t->hidden, width = h;
    fl_baseline_kind kind = learner_kinds[learner];
    if (kind == FL_BASELINE_MLP)
        width = fl_baseline_width(d, data->outputs, 1, d * h + h * h + 2 * h * data->outputs);
    fl_baseline_spec spec = fl_baseline_defaults(kind, d, data->outputs, width, seed);
    spec.epochs = t->epochs;
    spec.noise = t->input_noise;
    spec.average = t->average;
    return spec;
}

static fl_status continual_task(uint64_t task, void *context, fl_result *result) {
    const continual_runs *x = context;
    uint64_t k = task % x->data.seeds;
    int learner = x->learners[task / x->data.seeds];
    const fl_effort effort = patient_effort(1);
    const fl_dataset *sets = data_sets_at(&x->data, k);
    fl_baseline_spec spec;
    size_t length = judgements(x) * sizeof(left_of_task);
    left_of_task *left = calloc(1, length);
    if (!left)
        return fl_fail(FL_ENOMEM, "out of memory for %zu tasks", x->tasks.count);
    *result = (fl_result){left, length};
    if (learner > 0)
        spec = spec_beside(x, learner, sets, x->data.seed + k);
    const continual c = {.tasks = &x->tasks,
                         .sets = sets,
                         .seed = x->data.seed + k,
                         .effort = &effort,
                         .training = &x->training,
                         .baseline = learner > 0 ? &spec : NULL};
    return continual_run(&c, left);
}

static fl_status write_left(continual_runs *x, int learner, size_t stage, size_t task) {
    uint64_t seeds = x->data.seeds;
    double *values = calloc(2 * seeds, sizeof *values);
    if (!values)
        return fl_fail(FL_ENOMEM, "out of memory for the rows");
    for (uint64_t k = 0; k < seeds; k++) {
        const left_of_task *l = &x->gathered[k * judgements(x) + stage * x->tasks.count + task];
        values[k] = l->all;
        values[seeds + k] = l->own;
    }
    fl_estimate all = fl_mean(values, seeds), own = fl_mean(values + seeds, seeds);
    free(values);
    const fl_cell row[COLUMNS] = {FL_STR(learner_names[learner]),
                                  FL_INT(stage),
                                  FL_INT(task + 1),
                                  FL_STR(x->tasks.names[task]),
                                  FL_INT(seeds),
                                  FL_NUM(all.mean),
                                  FL_NUM(all.error),
                                  FL_NUM(own.mean),
                                  FL_NUM(own.error)};
    return fl_table_row(x->files.table, row);
}

/* A learner's rows, when all its seeds are there. */
static fl_status emit_continual(uint64_t task, void *context, const void *data, size_t length) {
    continual_runs *x = context;
    uint64_t k = task % x->data.seeds;
    memcpy(x->gathered + k * judgements(x), data, length);
    for (size_t stage = 0; k + 1 == x->data.seeds && stage <= x->tasks.count; stage++)
        for (size_t judged = 0; judged < x->tasks.count; judged++)
            FL_CHECK(write_left(x, x->learners[task / x->data.seeds], stage, judged));
    return FL_OK;
}

static size_t continual_length(uint64_t task, void *context, bool kept) {
    (void)task;
    (void)kept;
    return judgements(context) * sizeof(left_of_task);
}

static fl_status run_continual_tasks(fl_run *run, continual_runs *x) {
    fl_replicas loop = {.tasks = x->count * x->data.seeds,
                        .context = x,
                        .work = continual_task,
                        .emit = emit_continual,
                        .record = {.kind = "accuracies task by task", .length = continual_length}};
    return fl_outputs_run(&x->files, run, &loop, "trainings");
}

static fl_status write_continual(fl_run *run, continual_runs *x) {
    x->gathered = calloc(judgements(x) * x->data.seeds, sizeof *x->gathered);
    if (!x->gathered)
        return fl_fail(FL_ENOMEM, "out of memory for %zu tasks", x->tasks.count);
    fl_status status = fl_outputs_open(&x->files, run, NULL, columns, COLUMNS);
    if (status == FL_OK)
        status = run_continual_tasks(run, x);
    return fl_outputs_close(&x->files, status);
}

/* The rule, and those named in --beside. */
static fl_status choose_learners_beside(continual_runs *x) {
    char words[64], *save = NULL;
    x->learners[x->count++] = 0;
    if (strcmp(x->s->beside, "none") == 0)
        return FL_OK;
    snprintf(words, sizeof words, "%s", x->s->beside);
    for (char *w = strtok_r(words, ",", &save); w; w = strtok_r(NULL, ",", &save)) {
        int learner = 1;
        while (learner < LEARNERS && strcmp(w, learner_names[learner]) != 0)
            learner++;
        if (learner == LEARNERS || x->count == LEARNERS)
            return fl_fail(FL_EUSAGE,
                           "--beside %s; allowed: none, or a list of linear, "
                           "random-features, mlp",
                           x->s->beside);
        x->learners[x->count++] = learner;
    }
    return x->count > 1 ? FL_OK : fl_fail(FL_EUSAGE, "--beside names nothing; allowed: none");
}

static fl_status load_continual_data(fl_run *run, continual_runs *x) {
    fl_meta added = {0};
    fl_status status = data_sets_load(&x->data, (int)run->common.threads, &added);
    if (status == FL_OK)
        status = fl_training_describe(&x->training, &added);
    if (status == FL_OK)
        status = fl_run_record_all(run, &added);
    fl_meta_clear(&added);
    if (status == FL_OK && !x->data.sets->label)
        return fl_fail(FL_EUSAGE, "these data have no classes to learn one after the other");
    return status == FL_OK ? continual_tasks_from(&x->tasks, x->s->tasks, x->data.sets->outputs)
                           : status;
}

static fl_status run_continual(fl_run *run, const void *given) {
    const settings *s = given;
    continual_runs x = {.s = s, .data = {&s->data, run->common.seed, (uint64_t)s->seeds, NULL}};
    FL_CHECK(training_from(&s->training, false, &x.training));
    FL_CHECK(training_check_effect(&s->training, NULL, false));
    FL_CHECK(fl_training_check(&x.training));
    if (x.training.epochs == 0)
        return fl_fail(FL_EUSAGE, "--epochs 0: nothing is learned that could be forgotten");
    FL_CHECK(choose_learners_beside(&x));
    fl_status status = load_continual_data(run, &x);
    if (status == FL_OK)
        status = write_continual(run, &x);
    data_sets_clear(&x.data);
    continual_tasks_clear(&x.tasks);
    free(x.gathered);
    return status;
}

static const fl_option options[] = {
    FL_GROUP(fl_data_options, settings, data, ),
    {"tasks", FL_OPTION_TEXT, offsetof(settings, tasks), "LISTS", "pairs",
     .choices = "pairs|single",
     .help = "classes of the tasks, a list for each, parted by slashes: 0,1/2:4/5; or two classes "
             "at a time (pairs), or one (single)"},
    {"beside", FL_OPTION_TEXT, offsetof(settings, beside), "LIST", "mlp",
     .choices = "linear|random-features|mlp|none",
     .help = "baselines on the same tasks, with as many epochs and as much input noise: as many "
             "random features as hidden neurons, as many parameters of the mlp, in one hidden "
             "layer"},
    {"seeds", FL_OPTION_INTEGER, offsetof(settings, seeds), "COUNT", "3", 1, 10000,
     .help = "trainings of each learner, with the seeds --seed, --seed + 1, ..."},
    FL_GROUP(training_options, settings, training, .fallback = TRAINING_REFERENCE),
    {.name = NULL},
};

static const char details[] =
    "Continual learning: a network learns the examples of some classes for all epochs, then those "
    "of others, and so on, and is asked for all of them after each task. What it has forgotten is "
    "what the accuracy on an earlier task has lost. Each task begins as `fl-train --from --only` "
    "does, with the weights as they are and schedules anew. The rows of stage 0 are of a network "
    "that has learned all tasks at once.\n\n" TRAINING_DEFAULTS;

const fl_mode continual_mode = {
    .name = "continual",
    .summary = "classes one after the other, and what is forgotten",
    .details = details,
    .example = "fl-train continual --tasks 0,1/2,3/4,5 --train 3000 --hidden 100 --seeds 2",
    .options = options,
    .settings_size = sizeof(settings),
    .common = FL_WITH_SEED | FL_WITH_THREADS | FL_WITH_RESUME,
    .run = run_continual,
    .tables = tables};
