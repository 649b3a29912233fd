/* fl-train capacity: how many random pairs a network learns by heart. */
#include <stdlib.h>
#include <string.h>

#include "mc/learn/modes.h"
#include "mc/learn/trials.h"

typedef struct settings {
    training_settings training;
    fl_reals load;
    int64_t features, bits, seeds;
    bool separate;
} settings;

/* Of a trained network. */
enum { LEARNED, BITS, FIXED, QUANTITIES };

static const fl_column columns[] = {
    {"load", FL_REAL, NULL},          {"patterns", FL_INTEGER, NULL},
    {"seeds", FL_INTEGER, NULL},      {"learned", FL_REAL, NULL},
    {"learned_error", FL_REAL, NULL}, {"bits", FL_REAL, NULL},
    {"bits_error", FL_REAL, NULL},    {"fixed_fraction", FL_REAL, NULL},
    {"fixed_error", FL_REAL, NULL},
};

typedef struct capacity {
    const settings *s;
    uint64_t seed;
} capacity;

/* Fraction of output bits with the sign of the target. */
static double fraction_right(const fl_dataset *data, const float *output) {
    size_t bits = data->count * data->outputs, right = 0;
    for (size_t k = 0; k < bits; k++)
        right += output[k] * (float)data->z[k] > 0;
    return (double)right / (double)bits;
}

static fl_status recall_pairs(const fl_learner *learner, const fl_dataset *data, double *values) {
    fl_epoch seen;
    float *output = malloc(data->count * data->outputs * sizeof *output);
    if (!output)
        return fl_fail(FL_ENOMEM, "out of memory for %zu outputs", data->count);
    fl_status status = fl_learner_evaluate(learner, data, 1, &seen, NULL, output);
    if (status == FL_OK) {
        values[LEARNED] = seen.accuracy;
        values[BITS] = fraction_right(data, output);
        values[FIXED] = seen.fixed_fraction;
    }
    free(output);
    return status;
}

static fl_status learn_pairs(const fl_training *training, const fl_dataset *data, uint64_t seed,
                             double *values) {
    fl_learner *learner;
    fl_epoch seen;
    FL_CHECK(fl_learner_new(&learner, training, data->features, data->outputs, seed));
    fl_status status = FL_OK;
    for (size_t k = 0; k < training->epochs && status == FL_OK; k++)
        status = fl_learner_epoch(learner, data, k, 1, &seen);
    if (status == FL_OK)
        status = recall_pairs(learner, data, values);
    fl_learner_free(learner);
    return status;
}

static fl_data_spec pairs_spec(const capacity *x, size_t patterns, uint64_t seed) {
    fl_data_spec spec = fl_data_defaults("associations");
    spec.features = (size_t)x->s->features;
    spec.classes = (size_t)x->s->bits;
    spec.train = patterns;
    spec.test = 1;
    spec.seed = seed;
    spec.threads = 1;
    return spec;
}

static fl_status measure_capacity(const void *context, const fl_training *training, double load,
                                  uint64_t k, double *values) {
    const capacity *x = context;
    fl_dataset pairs, unused;
    fl_data_spec spec = pairs_spec(x, trials_patterns(training, load), x->seed + k);
    FL_CHECK(fl_data_load(&spec, &pairs, &unused));
    fl_status status = learn_pairs(training, &pairs, x->seed + k, values);
    fl_dataset_clear(&pairs);
    fl_dataset_clear(&unused);
    return status;
}

static fl_status run_capacity(fl_run *run, const void *given) {
    const settings *s = given;
    const fl_meta none = {0};
    const capacity x = {s, run->common.seed};
    grid g;
    const trials t = {.grid = &g,
                      .loads = s->load,
                      .seeds = (uint64_t)s->seeds,
                      .quantities = QUANTITIES,
                      .with_error = QUANTITIES,
                      .columns = columns,
                      .column_count = sizeof columns / sizeof *columns,
                      .measure = measure_capacity,
                      .context = &x};
    fl_status status = grid_from(&g, &s->training, s->separate);
    if (status == FL_OK)
        status = trials_run(run, &t, &none, NULL, NULL);
    grid_clear(&g);
    return status;
}

static const fl_option own[] = {
    {.name = "load",
     .type = FL_OPTION_REALS,
     .offset = offsetof(settings, load),
     .argument = "LIST",
     .fallback = "0.1,0.2,0.4,0.8",
     .low = 1e-6,
     .high = 1e6,
     .help = "pairs to learn, for each hidden neuron of a module: P/H"},
    {.name = "features",
     .type = FL_OPTION_INTEGER,
     .offset = offsetof(settings, features),
     .argument = "D",
     .fallback = "200",
     .low = 1,
     .high = 1 << 20,
     .help = "bits of an input"},
    {.name = "bits",
     .type = FL_OPTION_INTEGER,
     .offset = offsetof(settings, bits),
     .argument = "C",
     .fallback = "10",
     .low = 1,
     .high = 65535,
     .help = "bits of a target"},
    {.name = "seeds",
     .type = FL_OPTION_INTEGER,
     .offset = offsetof(settings, seeds),
     .argument = "COUNT",
     .fallback = "5",
     .low = 1,
     .high = 10000,
     .help = "networks and sets of pairs at each point, with the seeds --seed, --seed + 1, ..."},
    {.name = "separate",
     .type = FL_OPTION_FLAG,
     .offset = offsetof(settings, separate),
     .help = "one list at a time, the other parameters at their first value, instead of all "
             "combinations"},
    {.name = NULL},
};

static const char details[] =
    "Hetero-association: P random pairs of +-1 patterns are trained for all epochs, then every "
    "input is shown once more without a target. Parameters take lists, for example --modules "
    "1,2,4 for the depth.\n\n"
    "Columns: jd; lambda; every other parameter with more than one value; load, P/H; patterns, P; "
    "seeds; learned, fraction of the pairs with every target bit right; bits, fraction of target "
    "bits that are right; fixed_fraction of inputs whose last state is a fixed point; each with "
    "its standard error over the seeds (nan for a single one).";

fl_mode capacity_mode(option_list *list) {
    options_add(list, own);
    options_add_training(list, offsetof(settings, training), true, "two-module");
    return (fl_mode){.name = "capacity",
                     .summary = "fraction of random pairs learned, against load and depth",
                     .details = details,
                     .example = "fl-train capacity --load 0.1:0.5:0.1 --modules 1,2 --hidden 100",
                     .options = list->entries,
                     .settings_size = sizeof(settings),
                     .common = FL_WITH_SEED | FL_WITH_THREADS | FL_WITH_RESUME,
                     .run = run_capacity};
}
