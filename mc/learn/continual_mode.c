/* fl-train continual: classes one after the other, and what is left of the earlier ones. */
#include <stdlib.h>

#include "fixland/replicas.h"
#include "mc/learn/continual_rows.h"
#include "mc/learn/data_sets.h"
#include "mc/learn/modes.h"
#include "mc/learn/patience.h"

static const fl_baseline_kind learner_kinds[CONTINUAL_LEARNERS] = {
    0, FL_BASELINE_LINEAR, FL_BASELINE_RANDOM, FL_BASELINE_MLP}; /* of all but the rule */

typedef struct continual_runs {
    fl_training training;
    data_sets data;
    continual_rows rows;
} continual_runs;

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
    uint64_t training = x->rows.from + task, k = training % x->data.seeds;
    int learner = x->rows.learners[training / x->data.seeds];
    const fl_effort effort = patient_effort(1);
    const fl_dataset *sets = data_sets_at(&x->data, k);
    fl_baseline_spec spec;
    size_t length = continual_judgements(&x->rows) * sizeof(left_of_task);
    left_of_task *left = calloc(1, length);
    if (!left)
        return fl_fail(FL_ENOMEM, "out of memory for %zu tasks", x->rows.tasks.count);
    *result = (fl_result){left, length};
    if (learner > 0)
        spec = spec_beside(x, learner, sets, x->data.seed + k);
    const continual c = {.tasks = &x->rows.tasks,
                         .sets = sets,
                         .seed = x->data.seed + k,
                         .effort = &effort,
                         .training = &x->training,
                         .baseline = learner > 0 ? &spec : NULL};
    return continual_run(&c, left);
}

static fl_status emit_continual(uint64_t task, void *context, const void *data, size_t length) {
    continual_runs *x = context;
    (void)length;
    return continual_rows_take(&x->rows, x->rows.from + task, data);
}

static size_t continual_length(uint64_t task, void *context, bool kept) {
    const continual_runs *x = context;
    (void)task;
    (void)kept;
    return continual_judgements(&x->rows) * sizeof(left_of_task);
}

static fl_status run_continual_tasks(fl_run *run, continual_runs *x) {
    fl_replicas loop = {.tasks = x->rows.until - x->rows.from,
                        .context = x,
                        .work = continual_task,
                        .emit = emit_continual,
                        .record = {.kind = "accuracies task by task", .length = continual_length}};
    return fl_outputs_run(&x->rows.files, run, &loop, "trainings");
}

static fl_status write_continual(fl_run *run, continual_runs *x) {
    fl_status status = continual_rows_open(&x->rows, run);
    if (status == FL_OK)
        status = run_continual_tasks(run, x);
    return fl_outputs_close(&x->rows.files, status);
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
    return status == FL_OK
               ? continual_tasks_from(&x->rows.tasks, x->rows.s->tasks, x->data.sets->outputs)
               : status;
}

static fl_status run_continual(fl_run *run, const void *given) {
    const continual_settings *s = given;
    continual_runs x = {.data = {&s->data, run->common.seed, (uint64_t)s->seeds, NULL}};
    if (run->rows)
        return continual_again(run, given);
    FL_CHECK(training_from(&s->training, false, &x.training));
    FL_CHECK(training_check_effect(&s->training, NULL, false, true));
    FL_CHECK(fl_training_check(&x.training));
    if (x.training.epochs == 0)
        return fl_fail(FL_EUSAGE, "--epochs 0: nothing is learned that could be forgotten");
    FL_CHECK(continual_rows_from(&x.rows, s));
    fl_status status = load_continual_data(run, &x);
    if (status == FL_OK)
        status = write_continual(run, &x);
    data_sets_clear(&x.data);
    continual_tasks_clear(&x.rows.tasks);
    free(x.rows.gathered);
    return status;
}

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
    .options = continual_options,
    .settings_size = sizeof(continual_settings),
    .common = FL_WITH_SEED | FL_WITH_THREADS | FL_WITH_RESUME,
    .run = run_continual,
    .tables = continual_tables,
    .again = true};
