/* fl-train sweep: training at the points of a grid of parameters, several seeds each. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "mc/learn/modes.h"
#include "mc/learn/data_sets.h"
#include "mc/learn/trials.h"

typedef struct settings {
    fl_data_settings data;
    training_settings training;
    trials_settings trials;
    int64_t last;
} settings;

/* What a training ends with: means over its last epochs. The first five get an error. */
enum { TRAIN, TEST, FIXED, WITHDRAWN, TAUGHT, FLIPS, UPDATES, QUANTITIES, WITH_ERROR = FLIPS };

static const fl_column columns[] = {
    {"seeds", FL_INTEGER, NULL, "trainings"},
    TRIALS_COLUMNS_MEAN(
        "train_accuracy", "train_error",
        "as in `fl-train train`, mean over the last epochs and the seeds; so all that follows"),
    TRIALS_COLUMNS_MEAN("test_accuracy", "test_error", "after an epoch"),
    TRIALS_COLUMNS_MEAN("fixed_fraction", "fixed_error", "of examples that end in a fixed point"),
    TRIALS_COLUMNS_MEAN("withdrawn_overlap", "withdrawn_error",
                        "of the states before and after the withdrawal"),
    TRIALS_COLUMNS_MEAN("taught_overlap", "taught_error",
                        "of the free state and the last taught one"),
    {"flips_per_neuron", FL_REAL, NULL, "of an example"},
    {"hidden_updates", FL_REAL, NULL, "fraction of (neuron, example) that learned"},
};

enum { COLUMNS = sizeof columns / sizeof *columns };

static const fl_mode_table tables[] = {TRIALS_TABLES(columns, COLUMNS)};

typedef struct sweep {
    data_sets data;
    size_t last;
} sweep;

static void add_epoch(double *values, const fl_epoch *seen, const fl_epoch *test, double weight) {
    values[TRAIN] += weight * seen->accuracy;
    values[TEST] += weight * test->accuracy;
    values[FIXED] += weight * seen->fixed_fraction;
    values[WITHDRAWN] += weight * seen->withdrawn_overlap;
    values[TAUGHT] += weight * seen->taught_overlap;
    values[FLIPS] += weight * seen->flips_per_neuron;
    values[UPDATES] += weight * seen->hidden_updates;
}

/* The network as it is drawn. */
static fl_status show_untrained(const fl_learner *learner, const fl_dataset *test,
                                const fl_effort *effort, double *values) {
    const fl_epoch none = {NAN, NAN, NAN, NAN, NAN, NAN};
    fl_epoch shown;
    FL_CHECK(fl_learner_evaluate(learner, test, effort, &shown, NULL, NULL));
    add_epoch(values, &none, &shown, 1);
    return FL_OK;
}

static fl_status train_learner(fl_learner *learner, const fl_dataset *sets, size_t last,
                               const fl_effort *effort, double *values) {
    size_t epochs = fl_learner_training(learner)->epochs;
    size_t first = epochs > last ? epochs - last : 0;
    if (epochs == 0)
        return show_untrained(learner, &sets[1], effort, values);
    for (size_t k = 0; k < epochs; k++) {
        fl_epoch seen, test;
        FL_CHECK(fl_learner_epoch(learner, &sets[0], k, effort, &seen));
        if (k < first)
            continue;
        FL_CHECK(fl_learner_evaluate(learner, &sets[1], effort, &test, NULL, NULL));
        add_epoch(values, &seen, &test, 1 / (double)(epochs - first));
    }
    return FL_OK;
}

static fl_status measure_sweep(const void *context, const fl_training *training, double load,
                               uint64_t k, const fl_effort *effort, double *values) {
    const sweep *x = context;
    const fl_dataset *sets = data_sets_at(&x->data, k);
    fl_learner *learner;
    (void)load;
    FL_CHECK(fl_learner_new(&learner, training, sets->features, sets->outputs, x->data.seed + k));
    fl_status status = train_learner(learner, sets, x->last, effort, values);
    fl_learner_free(learner);
    return status;
}

static fl_status sweep_grid(fl_run *run, const settings *s, const grid *g) {
    sweep x = {.data = {&s->data, run->common.seed, (uint64_t)s->trials.seeds, NULL},
               .last = (size_t)s->last};
    const trials t = {.kind = "last epochs of trainings",
                      .grid = g,
                      .seeds = x.data.seeds,
                      .shard = s->trials.shard,
                      .quantities = QUANTITIES,
                      .with_error = WITH_ERROR,
                      .columns = columns,
                      .column_count = COLUMNS,
                      .measure = measure_sweep,
                      .context = &x};
    fl_meta data = {0};
    fl_status status = run->rows ? FL_OK : data_sets_load(&x.data, (int)run->common.threads, &data);
    if (status == FL_OK)
        status = trials_run(run, &t, &data);
    data_sets_clear(&x.data);
    fl_meta_clear(&data);
    return status;
}

static fl_status run_sweep(fl_run *run, const void *given) {
    const settings *s = given;
    grid g;
    fl_status status = grid_from(&g, &s->training, s->trials.separate);
    if (status == FL_OK)
        status = sweep_grid(run, s, &g);
    grid_clear(&g);
    return status;
}

static const fl_option options[] = {
    FL_GROUP(fl_data_options, settings, data, ),
    FL_GROUP(training_list_options, settings, training, .fallback = TRAINING_REFERENCE),
    FL_GROUP(trials_options, settings, trials),
    {"last", FL_OPTION_INTEGER, offsetof(settings, last), "COUNT", "3", 1, 1e6,
     .help = "means are over so many last epochs"},
    {.name = NULL},
};

static const char details[] =
    "Trains at every combination of the values given (each parameter takes a list), with several "
    "seeds each: network, data and order of examples change with the seed. Trainings run in "
    "parallel, one thread each. The first list varies slowest, in the order of the options "
    "below.\n\n" TRAINING_DEFAULTS;

const fl_mode sweep_mode = {
    .name = "sweep",
    .summary = "accuracy against J_D, or any other parameter, with error bars",
    .details = details,
    .example = "fl-train sweep --jd 0:1:0.25 --seeds 3 --train 2000 --test 500",
    .options = options,
    .settings_size = sizeof(settings),
    .common = FL_WITH_SEED | FL_WITH_THREADS | FL_WITH_RESUME,
    .run = run_sweep,
    .tables = tables,
    .again = true};
