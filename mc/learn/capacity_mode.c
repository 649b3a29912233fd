/* fl-train capacity: how many random pairs a network learns by heart. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "mc/learn/modes.h"
#include "mc/learn/trials.h"

typedef struct settings {
    training_settings training;
    fl_reals load, flip;
    trials_settings trials;
    int64_t features, bits, length;
    int data;
    bool features_given, bits_given, length_given;
} settings;

enum { PAIRS, SEQUENCES }; /* settings.data */

/* Of a trained network. */
enum { LEARNED, OVERLAP, NEAREST, BITS, FIXED, QUANTITIES };

static const fl_column columns[] = {
    {"load", FL_REAL, NULL, "P/H"},
    {"patterns", FL_INTEGER, NULL, "P: pairs, or steps of all sequences"},
    {"flip", FL_REAL, NULL, "probability that a bit of the input is flipped when it is shown"},
    {"seeds", FL_INTEGER, NULL, "networks, each with its own pairs"},
    TRIALS_COLUMNS_MEAN(
        "learned", "learned_error",
        "fraction of the pairs with every bit of the target right; of the sequences "
        "with every step right, each from what the network made of the one before"),
    TRIALS_COLUMNS_MEAN(
        "overlap", "overlap_error",
        "of output and target, (1/C) sum_c z_c sign(f_c); of sequences, as all that "
        "follows, at their last pattern"),
    TRIALS_COLUMNS_MEAN("nearest", "nearest_error",
                        "fraction whose target is the nearest of all to the output"),
    TRIALS_COLUMNS_MEAN("bits", "bits_error", "fraction of the bits of the targets that are right"),
    TRIALS_COLUMNS_MEAN("fixed_fraction", "fixed_error",
                        "of inputs whose last state is a fixed point"),
};

enum { COLUMNS = sizeof columns / sizeof *columns };

static const fl_mode_table tables[] = {TRIALS_TABLES(columns, COLUMNS)};

typedef struct capacity {
    const settings *s;
    uint64_t seed;
} capacity;

/* Shows the inputs, or the first patterns of sequences, damaged or not. */
static fl_status recall_damaged(const fl_learner *learner, const fl_data_spec *spec, double flip,
                                const fl_effort *effort, double *values) {
    fl_data_spec shown = *spec;
    fl_dataset unused, cues;
    fl_recall recall;
    shown.test = shown.train; /* test examples are the pairs, with flipped inputs */
    shown.flip = flip;
    FL_CHECK(fl_data_load(&shown, &unused, &cues));
    fl_status status =
        strcmp(spec->source, "sequences") == 0
            ? fl_learner_recall_sequences(learner, &cues, spec->length, effort, &recall)
            : fl_learner_recall(learner, &cues, effort, &recall);
    fl_dataset_clear(&unused);
    fl_dataset_clear(&cues);
    FL_CHECK(status);
    values[LEARNED] = recall.learned;
    values[OVERLAP] = recall.overlap;
    values[NEAREST] = recall.nearest;
    values[BITS] = recall.bits;
    values[FIXED] = recall.fixed_fraction;
    return FL_OK;
}

static fl_status learn_and_recall(fl_learner *learner, const fl_dataset *data,
                                  const fl_data_spec *spec, const fl_reals *flips,
                                  const fl_effort *effort, double *values) {
    fl_epoch seen;
    for (size_t k = 0; k < fl_learner_training(learner)->epochs; k++)
        FL_CHECK(fl_learner_epoch(learner, data, k, effort, &seen));
    for (size_t c = 0; c < flips->count; c++)
        FL_CHECK(recall_damaged(learner, spec, flips->values[c], effort, values + c * QUANTITIES));
    return FL_OK;
}

/* Pairs, or steps of whole sequences, at a load. */
static size_t patterns_at(const void *context, const fl_training *training, double load) {
    const capacity *x = context;
    double wanted = round(load * (double)training->hidden), each = 1;
    if (x->s->data == SEQUENCES)
        each = (double)(x->s->length - 1);
    return (size_t)(each * fmax(1, round(wanted / each)));
}

static fl_data_spec pairs_spec(const capacity *x, const fl_training *training, size_t patterns,
                               uint64_t seed) {
    const settings *s = x->s;
    bool state = training->target == FL_TARGET_STATE, sequences = s->data == SEQUENCES;
    bool laid = state || training->input == FL_INPUT_DIRECT || training->start == FL_START_INPUT;
    fl_data_spec spec = fl_data_defaults(sequences ? "sequences" : "associations");
    spec.features = s->features_given            ? (size_t)s->features
                    : laid                       ? training->hidden
                    : s->bits_given && sequences ? (size_t)s->bits
                                                 : 200;
    spec.classes = s->bits_given ? (size_t)s->bits
                   : sequences   ? spec.features
                   : state       ? training->hidden
                                 : 10;
    spec.length = (size_t)s->length;
    spec.train = patterns;
    spec.test = 1;
    spec.seed = seed;
    spec.threads = 1;
    return spec;
}

static fl_status measure_capacity(const void *context, const fl_training *training, double load,
                                  uint64_t k, const fl_effort *effort, double *values) {
    const capacity *x = context;
    fl_dataset pairs, unused;
    fl_learner *learner;
    fl_data_spec spec = pairs_spec(x, training, patterns_at(x, training, load), x->seed + k);
    FL_CHECK(fl_data_load(&spec, &pairs, &unused));
    fl_status status =
        fl_learner_new(&learner, training, pairs.features, pairs.outputs, x->seed + k);
    if (status == FL_OK) {
        status = learn_and_recall(learner, &pairs, &spec, &x->s->flip, effort, values);
        fl_learner_free(learner);
    }
    fl_dataset_clear(&pairs);
    fl_dataset_clear(&unused);
    return status;
}

static fl_status run_capacity_grid(fl_run *run, const settings *s, const grid *g) {
    fl_meta preset = {0};
    const capacity x = {s, run->common.seed};
    const trials t = {.kind = "recalls of trained networks",
                      .grid = g,
                      .loads = s->load,
                      .patterns = patterns_at,
                      .conditions = s->flip,
                      .seeds = (uint64_t)s->trials.seeds,
                      .shard = s->trials.shard,
                      .quantities = QUANTITIES,
                      .with_error = QUANTITIES,
                      .columns = columns,
                      .column_count = COLUMNS,
                      .measure = measure_capacity,
                      .context = &x};
    fl_status status = fl_meta_set(&preset, "preset", "%s", s->training.preset);
    if (status == FL_OK)
        status = trials_run(run, &t, &preset);
    fl_meta_clear(&preset);
    return status;
}

static fl_status run_capacity(fl_run *run, const void *given) {
    settings s = *(const settings *)given;
    grid g;
    if (s.length_given && s.data != SEQUENCES)
        return fl_fail(FL_EUSAGE, "--length without --data sequences has no effect");
    if (s.data == SEQUENCES && !s.training.preset_given)
        s.training.preset = "sequence";
    if (s.data != SEQUENCES)
        FL_CHECK(fl_run_forget(run, "length"));
    fl_status status = grid_from(&g, &s.training, s.trials.separate, false);
    if (status == FL_OK)
        status = run_capacity_grid(run, &s, &g);
    grid_clear(&g);
    return status;
}

static const fl_option options[] = {
    {"data", FL_OPTION_CHOICE, offsetof(settings, data), "WHICH", "associations",
     .choices = "associations|sequences",
     .help = "what is learned: pairs of patterns, or sequences, of which each pattern is the input "
             "and the one after it the target"},
    {"length", FL_OPTION_INTEGER, offsetof(settings, length), "T", "10", 2, 1e6,
     .given = offsetof(settings, length_given), .help = "with --data sequences: patterns of each"},
    {"load", FL_OPTION_REALS, offsetof(settings, load), "LIST", "0.125,0.25,0.5,1", 1e-6, 1e6,
     .help = "pairs to learn, for each hidden neuron of a module: P/H; of sequences their steps, "
             "rounded to whole sequences"},
    {"features", FL_OPTION_INTEGER, offsetof(settings, features), "D",
     .given = offsetof(settings, features_given),
     .otherwise = "the neurons of a module where input, start or target is theirs, else 200",
     .low = 1, .high = 1 << 20, .help = "bits of an input"},
    {"bits", FL_OPTION_INTEGER, offsetof(settings, bits), "C",
     .given = offsetof(settings, bits_given),
     .otherwise =
         "the neurons of a module where the target is their state, else 10; of sequences as "
         "many as --features",
     .low = 1, .high = 65535, .help = "bits of a target"},
    {"flip", FL_OPTION_REALS, offsetof(settings, flip), "LIST", "0", 0, 0.5,
     .help = "probability that an input bit is flipped when the network is asked (of sequences, in "
             "the first pattern)"},
    FL_GROUP(trials_options, settings, trials),
    FL_GROUP(training_list_options, settings, training, .fallback = TRAINING_HETERO_CHAIN),
    {.name = NULL},
};

static const char details[] =
    "Hetero-association: P random pairs of +-1 patterns are trained for all epochs, then every "
    "input is shown once more without a target, with flipped bits if asked for. Parameters take "
    "lists, for example --modules 1,2,4 for the depth.\n\n" TRAINING_DEFAULTS
    " The default here puts input and target on the neurons of the first and the last module of a "
    "chain.\n\n"
    "With --data sequences the default preset is `sequence`: one module, in which J learns, by the "
    "same rule, to lead from each pattern to the next. Asked for a sequence, the network gets its "
    "first pattern and goes on from what it made itself.";

const fl_mode capacity_mode = {
    .name = "capacity",
    .summary = "fraction of random pairs learned, against load and depth",
    .details = details,
    .example = "fl-train capacity --load 0.125,0.25 --modules 1,2,4 --seeds 3",
    .options = options,
    .settings_size = sizeof(settings),
    .common = FL_WITH_SEED | FL_WITH_THREADS | FL_WITH_RESUME,
    .run = run_capacity,
    .tables = tables,
    .again = true};
