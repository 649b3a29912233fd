/* fl-train baseline: what backpropagation, or no learning of hidden units, reaches on the same
 * examples. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "fixland/baseline.h"
#include "fixland/replicas.h"
#include "fixland/sampling.h"
#include "mc/learn/modes.h"
#include "mc/learn/patience.h"
#include "mc/learn/data_sets.h"

typedef struct settings {
    fl_data_settings data;
    const char *kinds, *shard;
    fl_integers hidden;
    int64_t width, layers, batch, epochs, average, seeds;
    int activation;
    double rate, decay, noise, test_noise, test_erase;
    bool falling, matched_noise;
    bool noise_given, width_given, rate_given, decay_given, batch_given, falling_given;
} settings;

static const char *const kind_names[] = {[FL_BASELINE_LINEAR] = "linear",
                                         [FL_BASELINE_RANDOM] = "random-features",
                                         [FL_BASELINE_MLP] = "mlp"};
enum { KINDS_MOST = 3 };

/* What is trained with each seed. */
typedef struct baseline_kind {
    fl_baseline_kind kind;
    size_t hidden; /* of the network to compare with; 0 for linear */
} baseline_kind;

enum { COLUMNS = 11, SEED_COLUMN = 4 };

static const fl_column columns[COLUMNS] = {
    {"kind", FL_TEXT, NULL, "linear, random-features or mlp"},
    {"hidden", FL_INTEGER, NULL, "H of the network to compare with"},
    {"width", FL_INTEGER, NULL, "of the hidden layer"},
    {"parameters", FL_INTEGER, NULL, "that are learned"},
    {"seed", FL_INTEGER, NULL, "of weights, data and order"},
    {"epoch", FL_INTEGER, NULL, "1 for the first"},
    {"train_accuracy", FL_REAL, NULL, "of each example when it was presented"},
    {"test_accuracy", FL_REAL, NULL, "(of associations: fraction with every bit right)"},
    {"test_bits", FL_REAL, NULL, "bits of test targets that are right (of classes: the accuracy)"},
    {"train_loss", FL_REAL, "nats", "mean cross-entropy"},
    {"test_loss", FL_REAL, "nats", "mean cross-entropy"},
};

static const fl_mode_table tables[] = {{NULL, columns, COLUMNS}, {.columns = NULL}};

typedef struct baseline_runs {
    const settings *s;
    data_sets data;
    baseline_kind *kinds;
    size_t count;
    double flip; /* of the test inputs */
    fl_outputs files;
    fl_column columns[COLUMNS];
    uint64_t from, until; /* trainings of the shard */
} baseline_runs;

/* An epoch of a training, as it is recorded. */
typedef struct scores {
    fl_score train, test;
} scores;

/* The width at which the kind is comparable to a recurrent network of that many hidden neurons. */
static size_t baseline_width_of(const settings *s, const baseline_kind *c, const fl_dataset *data) {
    size_t d = data->features, h = c->hidden;
    if (s->width_given)
        return (size_t)s->width;
    if (c->kind != FL_BASELINE_MLP)
        return h;
    return fl_baseline_width(d, data->outputs, (int)s->layers,
                             d * h + h * h + 2 * h * data->outputs);
}

static fl_baseline_spec baseline_spec_of(const baseline_runs *x, const baseline_kind *c,
                                         const fl_dataset *data, uint64_t seed) {
    const settings *s = x->s;
    fl_baseline_spec spec = fl_baseline_defaults(c->kind, data->features, data->outputs,
                                                 baseline_width_of(s, c, data), seed);
    spec.layers = (int)s->layers;
    if (c->kind == FL_BASELINE_MLP)
        spec.activation = s->activation ? FL_TANH : FL_RELU;
    spec.epochs = (size_t)s->epochs;
    spec.noise = s->matched_noise ? x->flip : s->noise;
    spec.average = (size_t)s->average;
    if (s->rate_given)
        spec.rate = s->rate;
    if (s->decay_given)
        spec.decay = s->decay;
    if (s->batch_given)
        spec.batch = (size_t)s->batch;
    if (s->falling_given)
        spec.falling = s->falling;
    return spec;
}

static fl_status train_baseline(fl_baseline *b, const fl_dataset *sets, size_t epochs,
                                scores *rows) {
    const fl_effort effort = patient_effort(1);
    for (size_t k = 0; k < epochs; k++) {
        FL_CHECK(fl_baseline_epoch(b, &sets[0], &effort, &rows[k].train));
        FL_CHECK(fl_baseline_evaluate(b, &sets[1], &rows[k].test));
    }
    return FL_OK;
}

static fl_status train_baseline_task(uint64_t task, void *context, fl_result *result) {
    const baseline_runs *x = context;
    task += x->from;
    uint64_t k = task % x->data.seeds;
    const fl_dataset *sets = data_sets_at(&x->data, k);
    fl_baseline_spec spec =
        baseline_spec_of(x, &x->kinds[task / x->data.seeds], sets, x->data.seed + k);
    fl_baseline *b;
    scores *rows = calloc(spec.epochs, sizeof *rows);
    if (!rows)
        return fl_fail(FL_ENOMEM, "out of memory for %zu epochs", spec.epochs);
    *result = (fl_result){rows, spec.epochs * sizeof *rows};
    FL_CHECK(fl_baseline_new(&b, &spec));
    fl_status status = train_baseline(b, sets, spec.epochs, rows);
    fl_baseline_free(b);
    return status;
}

static fl_status emit_baseline(uint64_t task, void *context, const void *data, size_t length) {
    const baseline_runs *x = context;
    task += x->from;
    const baseline_kind *c = &x->kinds[task / x->data.seeds];
    uint64_t k = task % x->data.seeds;
    const fl_dataset *sets = data_sets_at(&x->data, k);
    fl_baseline_spec spec = baseline_spec_of(x, c, sets, x->data.seed + k);
    (void)length;
    for (size_t e = 0; e < spec.epochs; e++) {
        scores s;
        char seed[24];
        snprintf(seed, sizeof seed, "%llu", (unsigned long long)spec.seed);
        memcpy(&s, (const char *)data + e * sizeof s, sizeof s);
        const fl_cell row[COLUMNS] = {FL_STR(kind_names[c->kind]),
                                      FL_INT(c->hidden),
                                      FL_INT(c->kind == FL_BASELINE_LINEAR ? 0 : spec.hidden),
                                      FL_INT(fl_baseline_parameters(&spec)),
                                      x->columns[SEED_COLUMN].kind == FL_TEXT ? FL_STR(seed)
                                                                              : FL_INT(spec.seed),
                                      FL_INT(e + 1),
                                      FL_NUM(s.train.accuracy),
                                      FL_NUM(s.test.accuracy),
                                      FL_NUM(s.test.bits),
                                      FL_NUM(s.train.loss),
                                      FL_NUM(s.test.loss)};
        FL_CHECK(fl_table_row(x->files.table, row));
    }
    return FL_OK;
}

static size_t baseline_length(uint64_t task, void *context, bool kept) {
    const baseline_runs *x = context;
    (void)task;
    (void)kept;
    return (size_t)x->s->epochs * sizeof(scores);
}

static fl_status run_baselines(fl_run *run, baseline_runs *x) {
    fl_replicas loop = {.tasks = x->until - x->from,
                        .context = x,
                        .work = train_baseline_task,
                        .emit = emit_baseline,
                        .record = {.kind = "epochs of baselines", .length = baseline_length}};
    return fl_outputs_run(&x->files, run, &loop, "trainings");
}

static fl_status write_baselines(fl_run *run, baseline_runs *x) {
    memcpy(x->columns, columns, sizeof columns);
    if (x->data.seed > INT64_MAX - x->data.seeds)
        x->columns[SEED_COLUMN].kind = FL_TEXT;
    fl_status status = fl_outputs_open(&x->files, run, NULL, x->columns, COLUMNS);
    if (status == FL_OK)
        status = run_baselines(run, x);
    return fl_outputs_close(&x->files, status);
}

/* Every kind with every number of hidden neurons; linear has none. */
static fl_status choose_kinds(baseline_runs *x) {
    const settings *s = x->s;
    char words[64], *save = NULL;
    x->kinds = malloc(KINDS_MOST * s->hidden.count * sizeof *x->kinds);
    if (!x->kinds)
        return fl_fail(FL_ENOMEM, "out of memory for the baselines");
    if (snprintf(words, sizeof words, "%s", s->kinds) >= (int)sizeof words)
        return fl_fail(FL_EUSAGE, "--kind %.40s...: a list of linear, random-features, mlp",
                       s->kinds);
    for (char *w = strtok_r(words, ",", &save); w; w = strtok_r(NULL, ",", &save)) {
        int kind = 0;
        while (kind < KINDS_MOST && strcmp(w, kind_names[kind]) != 0)
            kind++;
        if (kind == KINDS_MOST)
            return fl_fail(FL_EUSAGE, "--kind %s: '%s' is none of linear, random-features, mlp",
                           s->kinds, w);
        for (size_t k = 0; k < x->count; k++)
            if (x->kinds[k].kind == (fl_baseline_kind)kind)
                return fl_fail(FL_EUSAGE, "--kind %s: '%s' is named twice", s->kinds, w);
        size_t sizes = kind == FL_BASELINE_LINEAR ? 1 : s->hidden.count;
        for (size_t k = 0; k < sizes; k++)
            x->kinds[x->count++] =
                (baseline_kind){(fl_baseline_kind)kind,
                                kind == FL_BASELINE_LINEAR ? 0 : (size_t)s->hidden.values[k]};
    }
    return x->count ? FL_OK : fl_fail(FL_EUSAGE, "--kind names no kind");
}

/* Loads the data; what they are goes into the provenance. */
static fl_status load_baseline_data(baseline_runs *x, fl_run *run) {
    fl_meta data = {0};
    fl_data_spec spec;
    FL_CHECK(fl_data_from(x->data.settings, NULL, x->data.seed, &spec));
    if (x->s->matched_noise && !fl_data_has_flips(&spec))
        return fl_fail(FL_EUSAGE, "--matched-noise: data of %s have no flipped bits", spec.source);
    if (x->s->matched_noise && x->s->noise_given)
        return fl_fail(FL_EUSAGE, "--noise with --matched-noise: one of them");
    x->flip = spec.flip;
    fl_status status = data_sets_load(&x->data, (int)run->common.threads, &data);
    if (status == FL_OK)
        status = fl_run_record_all(run, &data);
    fl_meta_clear(&data);
    return status == FL_OK ? data_sets_damage(&x->data, x->s->test_noise, x->s->test_erase)
                           : status;
}

static bool any_kind(const baseline_runs *x, fl_baseline_kind kind) {
    for (size_t k = 0; k < x->count; k++)
        if (x->kinds[k].kind == kind)
            return true;
    return false;
}

/* Options of a kind that is not asked for. */
static fl_status check_baseline_effect(const fl_run *run, const baseline_runs *x) {
    static const char *const of_mlp[] = {"layers", "activation", NULL},
                             *const of_layers[] = {"hidden", "width", NULL},
                             *const of_size[] = {"hidden", NULL};
    bool mlp = any_kind(x, FL_BASELINE_MLP), random = any_kind(x, FL_BASELINE_RANDOM);
    if (!mlp)
        FL_CHECK(fl_run_refuse(run, of_mlp, "without mlp in --kind"));
    if (!mlp && !random)
        FL_CHECK(fl_run_refuse(run, of_layers, "with --kind linear"));
    return x->s->width_given ? fl_run_refuse(run, of_size, "beside --width") : FL_OK;
}

static fl_status run_baseline(fl_run *run, const void *given) {
    const settings *s = given;
    baseline_runs x = {.s = s, .data = {&s->data, run->common.seed, (uint64_t)s->seeds, NULL}};
    fl_status status = choose_kinds(&x);
    if (status == FL_OK)
        status = check_baseline_effect(run, &x);
    if (status == FL_OK)
        status = fl_shard_part(s->shard, x.count * x.data.seeds, &x.from, &x.until);
    if (status == FL_OK)
        status = load_baseline_data(&x, run);
    if (status == FL_OK)
        status = write_baselines(run, &x);
    data_sets_clear(&x.data);
    free(x.kinds);
    return status;
}

#define AT(member) offsetof(settings, member)

static const fl_option options[] = {
    FL_GROUP(fl_data_options, settings, data, ),
    {"kind", FL_OPTION_TEXT, AT(kinds), "LIST", "linear,random-features,mlp",
     .choices = "linear|random-features|mlp", .help = "the baselines"},
    {"hidden", FL_OPTION_INTEGERS, AT(hidden), "LIST", "400", 1, 1e6,
     .help = "hidden neurons of the recurrent network to compare with: as many random features; an "
             "mlp of as many parameters, D H + H^2 + 2 H C"},
    {"width", FL_OPTION_INTEGER, AT(width), "COUNT", .given = AT(width_given), .low = 1,
     .high = 1e6, .otherwise = "from --hidden", .help = "units of a hidden layer, instead"},
    {"layers", FL_OPTION_INTEGER, AT(layers), "COUNT", "1", 1, 2,
     .help = "hidden layers of an mlp"},
    {"activation", FL_OPTION_CHOICE, AT(activation), "WHICH", "relu", .choices = "relu|tanh",
     .help = "of an mlp's hidden units"},
    {"epochs", FL_OPTION_INTEGER, AT(epochs), "COUNT", "10", 1, 1e6,
     .help = "passes over the examples"},
    {"noise", FL_OPTION_REAL, AT(noise), "P", "0", 0, 0.5, .given = AT(noise_given),
     .help = "probability that an input is negated, in training"},
    {"matched-noise", FL_OPTION_FLAG, AT(matched_noise),
     .help = "of prototypes, associations and sequences: as much noise in training as --flip makes "
             "in test inputs, instead of --noise"},
    {"test-noise", FL_OPTION_REAL, AT(test_noise), "P", "0", 0, 1,
     .help = "probability that an input of a test example is negated, as by `eval --noise`"},
    {"test-erase", FL_OPTION_REAL, AT(test_erase), "P", "0", 0, 1,
     .help = "probability that it is missing (zero), as by `eval --erase`"},
    {"average", FL_OPTION_INTEGER, AT(average), "COUNT", "0", 0, 1e6,
     .help = "evaluate with weights averaged over the last so many epochs; 0: no"},
    {"batch", FL_OPTION_INTEGER, AT(batch), "COUNT", .given = AT(batch_given), .low = 1,
     .high = 1 << 20, .otherwise = "the kind's", .help = "examples a step"},
    {"rate", FL_OPTION_REAL, AT(rate), "X", .given = AT(rate_given), .low = 1e-12, .high = 1e3,
     .otherwise = "the kind's", .help = "rate of Adam at the start"},
    {"falling", FL_OPTION_FLAG, AT(falling), .given = AT(falling_given), .otherwise = "the kind's",
     .help = "the rate falls linearly to zero over the epochs"},
    {"decay", FL_OPTION_REAL, AT(decay), "X", .given = AT(decay_given), .low = 0, .high = 1e3,
     .otherwise = "the kind's", .help = "weights are multiplied by 1 - rate X at a step"},
    {"seeds", FL_OPTION_INTEGER, AT(seeds), "COUNT", "1", 1, 10000,
     .help = "trainings of each, with the seeds --seed, --seed + 1, ..."},
    FL_SHARD_OPTION(settings, shard, "the trainings"),
    {.name = NULL},
};

static const char details[] =
    "Trains what the papers compare with, on the same examples as the other modes for the same "
    "seed: a linear softmax of the inputs; the same of H random features sign(W x); a multilayer "
    "perceptron, all weights learned by backpropagation (Adam).";

const fl_mode baseline_mode = {
    .name = "baseline",
    .summary = "linear, random features, multilayer perceptron by backpropagation",
    .details = details,
    .example = "fl-train baseline --kind linear,mlp --hidden 400 --seeds 2",
    .options = options,
    .settings_size = sizeof(settings),
    .common = FL_WITH_SEED | FL_WITH_THREADS | FL_WITH_RESUME,
    .run = run_baseline,
    .tables = tables};
