/* See coverage.h. */
#include "tests/support/coverage.h"

#include <math.h>

#include "fixland/access.h"
#include "fixland/count.h"
#include "fixland/dmft.h"
#include "fixland/enumerate.h"
#include "fixland/learn.h"
#include "fixland/moments.h"
#include "fixland/overlap.h"
#include "fixland/spins.h"
#include "tests/support/printed.h"
#include "tests/support/support.h"

static const double two_sided = 1.959963984540054; /* of the normal distribution, at 95 % */

static bool holds(fl_interval i, double truth) {
    return i.low <= truth && truth <= i.high;
}

static bool mean_holds(const double *values, size_t count, double truth) {
    fl_estimate e = fl_mean(values, count);
    return fabs(e.mean - truth) <= two_sided * e.error;
}

/* ---- success of dynamics, and thresholds ---- */

enum { MOST_JD = 8 };

/* Runs on many networks, of one size; reached: networks x jd x replicas. */
typedef struct runs {
    size_t networks, jd_count, replicas;
    const double *jd;
    double *reached, *activity;
} runs;

static fl_status keep_runs(void *context, const fl_access_result *result) {
    runs *r = context;
    size_t width = r->jd_count * r->replicas, at = (size_t)result->sample * width;
    for (size_t k = 0; k < width; k++) {
        r->reached[at + k] = result->outcomes[k].ending == FL_REACHED;
        r->activity[at + k] = result->outcomes[k].activity;
    }
    return FL_OK;
}

static void run_networks(runs *r, int64_t n, size_t sweeps, uint64_t seed) {
    const fl_algorithm algorithm = FL_ASYNC;
    size_t all = r->networks * r->jd_count * r->replicas;
    r->reached = calloc(all, sizeof *r->reached);
    r->activity = calloc(all, sizeof *r->activity);
    assert_true(r->reached && r->activity);
    const fl_access_plan plan = {.networks = {.ensemble = {.dilution = 1, .modules = 1},
                                              .n = &n,
                                              .n_count = 1,
                                              .seed = seed,
                                              .samples = r->networks},
                                 .algorithms = &algorithm,
                                 .algorithm_count = 1,
                                 .jd = r->jd,
                                 .jd_count = r->jd_count,
                                 .dynamics = {.sweeps = sweeps, .p = 1},
                                 .replicas = r->replicas,
                                 .effort = {.threads = 2}};
    assert_ok(fl_access_samples(&plan, r, keep_runs));
}

static void clear_runs(runs *r) {
    free(r->reached);
    free(r->activity);
}

/* Success at one J_D, with so many networks and replicas a trial; truth: of all trials together. */
static coverage try_success(const char *name, size_t networks, size_t replicas, size_t trials,
                            uint64_t seed) {
    static const double jd[] = {0.3};
    runs r = {.networks = networks * trials, .jd_count = 1, .replicas = replicas, .jd = jd};
    coverage c = {name, trials, 0};
    double truth = 0;
    run_networks(&r, 24, 30, seed);
    for (size_t k = 0; k < r.networks * replicas; k++)
        truth += r.reached[k] / (double)(r.networks * replicas);
    fl_access_row *rows = calloc(networks * replicas, sizeof *rows);
    assert_non_null(rows);
    for (size_t t = 0; t < trials; t++) {
        fl_access_summary s;
        for (size_t k = 0; k < networks * replicas; k++)
            rows[k] = (fl_access_row){
                .sample = k / replicas,
                .replica = k % replicas,
                .ending = r.reached[t * networks * replicas + k] > 0 ? FL_REACHED : FL_WANDERS};
        assert_ok(fl_access_summarise(rows, networks * replicas, false, &s));
        c.inside += holds(s.interval, truth);
    }
    free(rows);
    clear_runs(&r);
    return c;
}

static coverage success_of_networks(size_t trials, uint64_t seed) {
    return try_success("fl-access run: success, 60 networks, one replica", 60, 1, trials, seed);
}

static coverage success_of_replicas(size_t trials, uint64_t seed) {
    return try_success("fl-access run: success, 60 networks, 8 replicas", 60, 8, trials, seed);
}

/* One given network: its replicas are the sample. */
static coverage success_of_given(size_t trials, uint64_t seed) {
    enum { REPLICAS = 100 };
    static const double jd[] = {0.25};
    const fl_algorithm algorithm = FL_ASYNC;
    coverage c = {"fl-access run --network: success, 100 replicas", trials, 0};
    fl_network network;
    const fl_ensemble ensemble = {.dilution = 1, .modules = 1};
    assert_ok(fl_network_draw(&network, &ensemble, 24, seed, 7));
    runs r = {.networks = 1, .jd_count = 1, .replicas = REPLICAS * trials, .jd = jd};
    r.reached = calloc(r.replicas, sizeof *r.reached);
    r.activity = calloc(r.replicas, sizeof *r.activity);
    const fl_access_plan plan = {
        .networks = {.ensemble = ensemble, .given = &network, .seed = seed},
        .algorithms = &algorithm,
        .algorithm_count = 1,
        .jd = jd,
        .jd_count = 1,
        .dynamics = {.sweeps = 8, .p = 1},
        .replicas = r.replicas,
        .effort = {.threads = 2}};
    assert_true(r.reached && r.activity);
    assert_ok(fl_access_samples(&plan, &r, keep_runs));
    double truth = fl_mean(r.reached, r.replicas).mean;
    for (size_t t = 0; t < trials; t++) {
        fl_access_row rows[REPLICAS];
        fl_access_summary s;
        for (size_t k = 0; k < REPLICAS; k++)
            rows[k] = (fl_access_row){
                .replica = k, .ending = r.reached[t * REPLICAS + k] > 0 ? FL_REACHED : FL_WANDERS};
        assert_ok(fl_access_summarise(rows, REPLICAS, true, &s));
        c.inside += holds(s.interval, truth);
    }
    fl_network_clear(&network);
    clear_runs(&r);
    return c;
}

static fl_success_table part_of(const runs *r, const double *ones, size_t first, size_t networks) {
    return (fl_success_table){.jd = r->jd,
                              .jd_count = r->jd_count,
                              .networks = networks,
                              .successes = r->reached + first * r->jd_count,
                              .trials = ones};
}

/* jd_half of networks that are shared by all J_D; truth: the fit to all trials together. */
static coverage try_threshold(const char *name, int64_t n, size_t sweeps, const double *jd,
                              size_t jd_count, size_t trials, uint64_t seed) {
    enum { NETWORKS = 60 };
    runs r = {.networks = NETWORKS * trials, .jd_count = jd_count, .replicas = 1, .jd = jd};
    coverage c = {name, 0, 0};
    fl_success_threshold all, one;
    fl_rng rng = fl_rng_stream(seed, FL_PURPOSE_BOOTSTRAP, (uint64_t)n, 0);
    double *ones = malloc(r.networks * jd_count * sizeof *ones);
    assert_non_null(ones);
    for (size_t k = 0; k < r.networks * jd_count; k++)
        ones[k] = 1;
    run_networks(&r, n, sweeps, seed);
    fl_success_table table = part_of(&r, ones, 0, r.networks);
    assert_ok(fl_threshold_networks(&table, FL_LOGISTIC, 2, NULL, &rng, &all));
    for (size_t t = 0; t < trials; t++) {
        table = part_of(&r, ones, t * NETWORKS, NETWORKS);
        fl_status status = fl_threshold_networks(&table, FL_LOGISTIC, 400, NULL, &rng, &one);
        if (status == FL_EDOMAIN)
            continue;
        assert_ok(status);
        c.trials++;
        c.inside += holds(one.interval, all.jd);
    }
    free(ones);
    clear_runs(&r);
    return c;
}

static coverage threshold_24(size_t trials, uint64_t seed) {
    static const double jd[] = {0, 0.05, 0.1, 0.15, 0.2, 0.3, 0.4, 0.5};
    return try_threshold("fl-access threshold: n = 24, 60 shared networks", 24, 10, jd, 8, trials,
                         seed);
}

static coverage threshold_100(size_t trials, uint64_t seed) {
    static const double jd[] = {0.1, 0.15, 0.2, 0.25, 0.3, 0.35, 0.4, 0.5};
    return try_threshold("fl-access threshold: n = 100, 60 shared networks", 100, 100, jd, 8,
                         trials, seed);
}

/* ---- extrapolations to a known limit ---- */

/* Networks of thresholds 0.8 - shift(n) + 0.05 logit(u), each with all J_D: fitted, then
 * extrapolated. */
static coverage try_limit(const char *name, size_t sizes, fl_scaling scaling, size_t trials,
                          uint64_t seed) {
    enum { NETWORKS = 40, JD = 16 };
    coverage c = {name, 0, 0};
    fl_rng rng = fl_rng_stream(seed, FL_PURPOSE_BOOTSTRAP, sizes, (uint64_t)scaling);
    double jd[JD], reached[NETWORKS * JD], ones[NETWORKS * JD];
    for (size_t k = 0; k < JD; k++)
        jd[k] = 0.05 + 0.06 * (double)k;
    for (size_t t = 0; t < trials; t++) {
        fl_point points[8];
        fl_extrapolation e;
        double exponent = 0.4 + 0.4 * fl_rng_uniform(&rng);
        for (size_t s = 0; s < sizes; s++) {
            double n = (double)(100 << s);
            double shift = scaling == FL_POWER ? 3 * pow(n, -exponent) : sqrt((3 + 4 * log(n)) / n);
            fl_success_table table = {jd, JD, NETWORKS, reached, ones};
            fl_success_threshold one;
            for (size_t m = 0; m < NETWORKS; m++) {
                double u = fl_rng_uniform(&rng), own = 0.8 - shift + 0.05 * log(u / (1 - u));
                for (size_t k = 0; k < JD; k++) {
                    reached[m * JD + k] = jd[k] > own;
                    ones[m * JD + k] = 1;
                }
            }
            assert_ok(fl_threshold_networks(&table, FL_LOGISTIC, 200, NULL, &rng, &one));
            points[s] = (fl_point){n, one.jd, one.error};
        }
        fl_status status = fl_extrapolate(points, sizes, scaling, &e);
        if (status != FL_OK)
            continue;
        c.trials++;
        c.inside += holds(e.interval, 0.8);
    }
    return c;
}

static coverage limit_of_three(size_t trials, uint64_t seed) {
    return try_limit("fl-access threshold --scaling power: limit of 3 sizes", 3, FL_POWER, trials,
                     seed);
}

static coverage limit_of_five(size_t trials, uint64_t seed) {
    return try_limit("fl-access threshold --scaling power: limit of 5 sizes", 5, FL_POWER, trials,
                     seed);
}

static coverage limit_of_extinction(size_t trials, uint64_t seed) {
    return try_limit("fl-access threshold --scaling extinction: limit of 5 sizes", 5, FL_EXTINCTION,
                     trials, seed);
}

/* J_c of fl-dmft: plateaus at 7 unstable fractions u, 8 repetitions each, of J_D = 0.48 - 1.165 sqrt(u) + 0.9 u +
 * 0.3 u^(3/2). */
static coverage try_vanishing(const char *name, double slope, size_t trials, uint64_t seed) {
    enum { POINTS = 7, REPETITIONS = 8 };
    static const double u[POINTS] = {0.004, 0.006, 0.009, 0.014, 0.02, 0.03, 0.045};
    coverage c = {name, trials, 0};
    fl_rng rng = fl_rng_stream(seed, FL_PURPOSE_BOOTSTRAP, POINTS, REPETITIONS);
    for (size_t t = 0; t < trials; t++) {
        double jd[POINTS], errors[POINTS];
        fl_dmft_threshold threshold;
        for (size_t k = 0; k < POINTS; k++) {
            double x = sqrt(u[k]), truth = 0.48 - FL_DMFT_SLOPE * x + 0.9 * u[k] + 0.3 * u[k] * x;
            double values[REPETITIONS];
            for (size_t r = 0; r < REPETITIONS; r++)
                values[r] = truth + 0.004 * fl_rng_gauss(&rng);
            fl_estimate e = fl_mean(values, REPETITIONS);
            jd[k] = e.mean, errors[k] = e.error;
        }
        assert_ok(fl_dmft_vanishing(u, jd, errors, POINTS, slope, &threshold));
        c.inside += holds(threshold.interval, 0.48);
    }
    return c;
}

static coverage vanishing_of_known_slope(size_t trials, uint64_t seed) {
    return try_vanishing("fl-dmft threshold --p 1: J_c, slope known", FL_DMFT_SLOPE, trials, seed);
}

static coverage vanishing(size_t trials, uint64_t seed) {
    return try_vanishing("fl-dmft threshold: J_c, slope fitted", NAN, trials, seed);
}

/* ---- means over networks ---- */

typedef struct counts {
    double *values, *logs;
} counts;

static fl_status keep_counts(void *context, const fl_sample_result *result) {
    counts *c = context;
    c->values[result->sample] = (double)result->counts[0];
    return FL_OK;
}

/* The mean number of fixed points of 200 networks, with its standard error. */
static coverage mean_count(size_t trials, uint64_t seed) {
    enum { NETWORKS = 200 };
    const int64_t n = 14;
    const double jd = 0.5;
    coverage c = {"fl-enumerate --summary: mean count, 200 networks (1.96 errors)", trials, 0};
    counts all = {.values = calloc(NETWORKS * trials, sizeof(double))};
    double log_mean = NAN;
    const fl_ensemble ensemble = {.dilution = 1, .modules = 1};
    const fl_sample_plan plan = {.networks = {.ensemble = ensemble,
                                              .n = &n,
                                              .n_count = 1,
                                              .seed = seed,
                                              .samples = NETWORKS * trials},
                                 .jd = &jd,
                                 .jd_count = 1,
                                 .effort = {.threads = 2}};
    assert_non_null(all.values);
    assert_ok(fl_enumerate_samples(&plan, &all, keep_counts));
    assert_ok(fl_log_mean_count(&ensemble, (size_t)n, jd, &log_mean));
    for (size_t t = 0; t < trials; t++)
        c.inside += mean_holds(all.values + t * NETWORKS, NETWORKS, exp(log_mean));
    free(all.values);
    return c;
}

static coverage mean_activity(size_t trials, uint64_t seed) {
    enum { NETWORKS = 60 };
    static const double jd[] = {0.2};
    runs r = {.networks = NETWORKS * trials, .jd_count = 1, .replicas = 1, .jd = jd};
    coverage c = {"fl-access run: unstable fraction, 60 networks (1.96 errors)", trials, 0};
    run_networks(&r, 60, 40, seed);
    double truth = fl_mean(r.activity, r.networks).mean;
    for (size_t t = 0; t < trials; t++)
        c.inside += mean_holds(r.activity + t * NETWORKS, NETWORKS, truth);
    clear_runs(&r);
    return c;
}

/* ---- Monte Carlo counts, against enumeration ---- */

static coverage monte_carlo(const char *name, fl_count_method method, size_t trials,
                            uint64_t seed) {
    coverage c = {name, 0, 0};
    const double jd = 0.5;
    for (size_t t = 0; t < trials; t++) {
        fl_network network;
        fl_count_estimate e;
        uint64_t exact = 0;
        const fl_ensemble ensemble = {.dilution = 1, .modules = 1};
        const fl_enumeration all = {.jd = &jd, .jd_count = 1, .effort = {.threads = 1}};
        assert_ok(fl_network_draw(&network, &ensemble, 18, seed, t));
        assert_ok(fl_enumerate(&network, &all, &exact));
        const fl_count_plan plan = {
            .method = method, .jd = jd, .population = 512, .sweeps = 2, .seed = seed, .sample = t};
        assert_ok(fl_count(&network, &plan, &e, NULL));
        fl_network_clear(&network);
        if (exact == 0 || !e.found)
            continue;
        double truth = log((double)exact);
        c.trials++;
        c.inside += e.low <= truth + 1e-12 && truth <= e.high + 1e-12;
    }
    return c;
}

static coverage count_by_annealing(size_t trials, uint64_t seed) {
    return monte_carlo("fl-count: log_count, by annealing", FL_COUNT_ANNEAL, trials, seed);
}

static coverage count_by_splitting(size_t trials, uint64_t seed) {
    return monte_carlo("fl-count: log_count, by splitting", FL_COUNT_SPLIT, trials, seed);
}

/* ---- the test of a histogram ---- */

/* "Inside" where a true theory is not rejected at 5 %: pairs at distances, skew like those of fixed
 * points: products of exponentials. */
static coverage agreement(size_t trials, uint64_t seed) {
    enum { NETWORKS = 200, BINS = 6 };
    coverage c = {"fl-overlap histogram --test: p > 0.05, true theory, 200 networks", trials, 0};
    fl_rng rng = fl_rng_stream(seed, FL_PURPOSE_BOOTSTRAP, BINS, NETWORKS);
    static double values[NETWORKS * BINS];
    const double expected[BINS] = {10, 20, 30, 40, 50, 60};
    for (size_t t = 0; t < trials; t++) {
        for (size_t m = 0; m < NETWORKS; m++) {
            double common = -log(fl_rng_uniform(&rng));
            for (size_t b = 0; b < BINS; b++)
                values[m * BINS + b] =
                    expected[b] * (common - 0.5 * log(fl_rng_uniform(&rng)) - 0.5);
        }
        fl_agreement a;
        assert_ok(fl_agreement_test(values, NETWORKS, BINS, expected, 1000, &a));
        c.inside += a.p > 0.05;
    }
    return c;
}

/* ---- overlaps of what examples of a class leave behind ---- */

/* 60 states of 20 neurons in three classes: their class's own, each bit flipped with probability 0.3, so that
 * two of a class have overlap 0.16 in the mean. Student's quantile of 60 examples. */
static coverage class_overlaps(size_t trials, uint64_t seed) {
    enum { EXAMPLES = 60, NEURONS = 20, CLASSES = 3 };
    coverage c = {"fl-train overlaps: within classes, 60 examples (jackknife)", trials, 0};
    fl_training training;
    fl_learner *learner;
    fl_dataset data;
    int8_t own[CLASSES][NEURONS], one[NEURONS];
    uint64_t states[EXAMPLES];
    fl_rng rng = fl_rng_stream(seed, FL_PURPOSE_BOOTSTRAP, EXAMPLES, NEURONS);
    assert_ok(fl_training_preset(&training, "reference-small"));
    training.hidden = NEURONS, training.modules = 1;
    assert_ok(fl_learner_new(&learner, &training, 4, CLASSES, seed));
    assert_ok(fl_dataset_new(&data, EXAMPLES, 4, CLASSES, true));
    for (size_t k = 0; k < CLASSES * NEURONS; k++)
        own[k / NEURONS][k % NEURONS] = fl_rng_uniform(&rng) < 0.5 ? -1 : 1;
    for (size_t t = 0; t < trials; t++) {
        fl_class_overlap overlaps[2];
        for (size_t e = 0; e < EXAMPLES; e++) {
            data.label[e] = (uint16_t)(e % CLASSES);
            for (size_t i = 0; i < NEURONS; i++)
                one[i] = (int8_t)(fl_rng_uniform(&rng) < 0.3 ? -own[e % CLASSES][i]
                                                             : own[e % CLASSES][i]);
            fl_spins_pack(one, NEURONS, &states[e]);
        }
        assert_ok(fl_learner_overlaps(learner, &data, states, overlaps));
        c.inside += fabs(overlaps[0].mean - 0.16) <= 2.0010 * overlaps[0].error;
    }
    fl_dataset_clear(&data);
    fl_learner_free(learner);
    return c;
}

typedef coverage (*coverage_row)(size_t trials, uint64_t seed);

static const coverage_row rows[] = {
    success_of_networks, success_of_replicas, success_of_given,
    threshold_24,        threshold_100,       limit_of_three,
    limit_of_five,       limit_of_extinction, mean_count,
    mean_activity,       count_by_annealing,  count_by_splitting,
    agreement,           vanishing,           vanishing_of_known_slope,
    class_overlaps,
};

enum { ROWS = sizeof rows / sizeof *rows };

size_t coverage_count(void) {
    return ROWS + printed_count();
}

bool coverage_runs_tool(size_t which) {
    return which >= ROWS;
}

bool coverage_slow(size_t which) {
    return which >= ROWS && printed_slowly(which - ROWS);
}

coverage coverage_try(size_t which, size_t trials, uint64_t seed) {
    return which < ROWS ? rows[which](trials, seed) : printed_try(which - ROWS, trials, seed);
}
