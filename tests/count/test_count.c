/* Monte Carlo counts: against brute force and enumeration, without bias, both methods alike, and
 * what they say when they cannot know. */
#include "tests/support/support.h"

#include <math.h>
#include <stdatomic.h>

#include "fixland/count.h"
#include "fixland/enumerate.h"
#include "fixland/journal.h"
#include "fixland/moments.h"
#include "fixland/stats.h"
#include "tests/support/brute.h"
#include "tests/support/chance.h"
#include "tests/support/files.h"

/* The same fields over padding of zeros, so that estimates can be compared as bytes. */
static fl_count_estimate without_padding(const fl_count_estimate *e) {
    fl_count_estimate copy;
    memset(&copy, 0, sizeof copy);
    copy.method = e->method;
    copy.equilibrated = e->equilibrated;
    copy.found = e->found;
    double *const to[] = {&copy.log_count,  &copy.error,    &copy.low,         &copy.high,
                          &copy.raw,        &copy.spread,   &copy.families,    &copy.excess,
                          &copy.acceptance, &copy.fraction, &copy.coincidence, &copy.coincidences};
    const double from[] = {e->log_count,  e->error,    e->low,         e->high,
                           e->raw,        e->spread,   e->families,    e->excess,
                           e->acceptance, e->fraction, e->coincidence, e->coincidences};
    for (size_t k = 0; k < sizeof from / sizeof *from; k++)
        memcpy(to[k], &from[k], sizeof from[k]);
    copy.distinct = e->distinct;
    copy.replicas = e->replicas;
    copy.steps = e->steps;
    return copy;
}

static const fl_count_method both[] = {FL_COUNT_ANNEAL, FL_COUNT_SPLIT};

static fl_network draw(size_t n, uint64_t sample) {
    fl_network network;
    fl_ensemble e = FL_ENSEMBLE_DEFAULT;
    assert_ok(fl_network_draw(&network, &e, n, test_seed(), sample));
    return network;
}

static fl_count_plan plan_of(fl_count_method method, double jd, size_t population) {
    return (fl_count_plan){
        .method = method, .jd = jd, .population = population, .sweeps = 5, .seed = test_seed()};
}

static fl_count_estimate count(const fl_network *network, const fl_count_plan *plan) {
    fl_count_estimate e;
    assert_ok(fl_count(network, plan, &e, NULL));
    return e;
}

/* The mean of single populations is the number of fixed points, however small they are and however
 * little they move: one block, one sweep a step. */
static void no_bias(void **state) {
    (void)state;
    enum { RUNS = 2000 };
    double values[RUNS];
    size_t runs = test_fast() ? 200 : RUNS;
    for (size_t k = 0; k < 4; k++) {
        fl_network network = draw(10, k);
        double jd = k < 2 ? 0.1 : 0.5;
        fl_count_plan plan = plan_of(both[k % 2], jd, 1);
        fl_count_schedule schedule;
        fl_count_run run;
        plan.sweeps = 1;
        double exact = (double)brute_points(&network, jd, NULL);
        assert_ok(fl_count_schedule_make(&schedule, &network, &plan));
        assert_true(schedule.steps > 2);
        for (size_t r = 0; r < runs; r++) {
            assert_ok(fl_count_population(&network, &plan, &schedule, r, &run, NULL));
            values[r] = exp(run.log_count);
        }
        fl_estimate mean = fl_mean(values, runs);
        assert_true(exact > 0 && mean.error < 0.2 * exact);
        assert_z(mean.mean, exact, mean.error);
        fl_count_schedule_clear(&schedule);
        fl_network_clear(&network);
    }
}

/* Upper tail of the binomial distribution, at least `hits` of `count` with probability p. */
static double binomial_tail(size_t hits, size_t trials, double p) {
    double sum = 0;
    for (size_t k = hits; k <= trials; k++)
        sum += exp(lgamma((double)trials + 1) - lgamma((double)k + 1) -
                   lgamma((double)(trials - k) + 1) + (double)k * log(p) +
                   (double)(trials - k) * log1p(-p));
    return sum;
}

/* Over many networks intervals cover, and the errors are neither too small nor too large. A true
 * coverage of 90 % is allowed for. */
static void intervals_cover(void **state) {
    (void)state;
    size_t samples = test_fast() ? 12 : 100;
    for (size_t k = 0; k < 4; k++) {
        double jd = k < 2 ? 0.2 : 0.6, chi2 = 0, sum = 0;
        size_t missed = 0, some = 0;
        for (uint64_t s = 0; s < samples; s++) {
            fl_network network = draw(12, s);
            fl_count_plan plan = plan_of(both[k % 2], jd, test_fast() ? 1000 : 1500);
            plan.sample = s;
            fl_count_estimate e = count(&network, &plan);
            double exact = log((double)brute_points(&network, jd, NULL));
            if (e.equilibrated)
                missed += exact < e.low - 1e-12 || exact > e.high + 1e-12;
            else
                assert_true(isnan(e.log_count) && isinf(e.high));
            assert_true(e.found || isinf(exact)); /* so small: none is overlooked */
            if (e.equilibrated && e.found) {
                double z = (e.log_count - exact) / e.error;
                chi2 += z * z;
                sum += z;
                some++;
            }
            fl_network_clear(&network);
        }
        assert_true(some > samples / 2);
        assert_p(binomial_tail(missed, samples, 0.1));
        /* z is Student's t with 15 degrees of freedom, variance 15/13. */
        assert_z(sum / (double)some, 0, sqrt(15.0 / 13 / (double)some));
        assert_true(test_fast() || (chi2 / (double)some < 2.2 && chi2 / (double)some > 0.4));
    }
}

/* Beyond brute force: enumeration, both methods, and coincidences agree. */
static void routes_agree(void **state) {
    (void)state;
    size_t n = test_fast() ? 20 : 30;
    for (uint64_t s = 0; s < (test_fast() ? 1 : 4); s++) {
        double jd[] = {0.25, 0.45};
        uint64_t counts[2];
        fl_network network = draw(n, s);
        fl_enumeration all = {.jd = jd, .jd_count = 2, .effort = {.threads = 1}};
        assert_ok(fl_enumerate(&network, &all, counts));
        for (size_t k = 0; k < 2; k++) {
            fl_count_plan plan = plan_of(FL_COUNT_ANNEAL, jd[k], 8000);
            fl_count_estimate a = count(&network, &plan);
            plan.method = FL_COUNT_SPLIT;
            fl_count_estimate b = count(&network, &plan);
            assert_true(counts[k] > 0 && a.equilibrated && b.equilibrated);
            assert_z(a.log_count, log((double)counts[k]), a.error);
            assert_z(b.log_count, log((double)counts[k]), b.error);
            assert_z(a.log_count, b.log_count, hypot(a.error, b.error));
            assert_true(a.distinct <= counts[k] && b.distinct <= counts[k]);
            if (a.coincidences > 1000)
                assert_true(fabs(a.coincidence - log((double)counts[k])) < 0.5);
        }
        fl_network_clear(&network);
    }
}

/* s_i -> x_i s_i with J_ij -> x_i J_ij x_j, and another order of the neurons, change nothing. */
static void invariances(void **state) {
    (void)state;
    fl_rng rng = test_stream("invariances");
    size_t n = test_fast() ? 24 : 60;
    fl_network network = draw(n, 5), other;
    uint32_t order[60];
    int sign[60];
    assert_ok(fl_network_new(&other, n));
    fl_rng_permutation(&rng, n, order);
    for (size_t i = 0; i < n; i++)
        sign[i] = fl_rng_bits(&rng) & 1 ? 1 : -1;
    for (size_t i = 0; i < n; i++)
        for (size_t j = 0; j < n; j++)
            other.J[i * n + j] = sign[i] * sign[j] * network.J[order[i] * n + order[j]];
    fl_count_plan plan = plan_of(FL_COUNT_ANNEAL, 0.4, 3000);
    fl_count_estimate a = count(&network, &plan);
    plan.sample = 1; /* other random numbers */
    fl_count_estimate b = count(&other, &plan);
    assert_true(a.equilibrated && b.equilibrated && a.log_count != b.log_count);
    assert_z(a.log_count, b.log_count, hypot(a.error, b.error));
    fl_network_clear(&network);
    fl_network_clear(&other);
}

/* Other ensembles: zero fields, correlated couplings, chains, a matrix with a diagonal. */
static void ensembles(void **state) {
    (void)state;
    for (int k = 0; k < 4; k++) {
        fl_ensemble e = FL_ENSEMBLE_DEFAULT;
        fl_network network;
        e.distribution = k == 0 ? FL_BINARY : FL_GAUSSIAN;
        e.eta = k == 1 ? 0.7 : 0;
        e.modules = k == 2 ? 2 : 1;
        e.lambda = 0.4;
        assert_ok(fl_network_draw(&network, &e, k == 2 ? 6 : 12, test_seed(), 3));
        for (size_t i = 0; k == 3 && i < network.n; i++)
            network.diagonal[i] = 0.1 * (double)i - 0.3;
        fl_count_plan plan = plan_of(both[k % 2], 0.3, 3000);
        fl_count_estimate q = count(&network, &plan);
        double exact = (double)brute_points(&network, 0.3, NULL);
        assert_true(exact > 0 && q.equilibrated);
        assert_z(q.log_count, log(exact), q.error);
        fl_network_clear(&network);
    }
}

/* The points are fixed points, each once, in order; their weights add to the estimate. With few,
 * all are found, and each stands for itself. */
static void points(void **state) {
    (void)state;
    uint64_t all[1 << 12];
    for (size_t k = 0; k < 2; k++) {
        fl_network network = draw(12, 8);
        fl_count_plan plan = plan_of(both[k], 0.5, 4000);
        fl_count_estimate e;
        fl_count_points p;
        double sum = 0, squares = 0;
        assert_ok(fl_count(&network, &plan, &e, &p));
        size_t exact = brute_points(&network, 0.5, all);
        assert_int_equal(p.n, 12);
        assert_int_equal(p.count, exact);
        assert_memory_equal(p.spins, all, exact * sizeof *all);
        for (size_t i = 0; i < p.count; i++) {
            sum += p.weights[i];
            squares += (p.weights[i] - 1) * (p.weights[i] - 1);
        }
        assert_relative(sum, exp(e.log_count > e.raw ? e.log_count : e.raw), 1e-9);
        assert_true(!e.equilibrated || (e.log_count >= e.raw && e.log_count >= e.low - 1e-12));
        assert_true(sqrt(squares / (double)exact) < 0.6);
        fl_count_points_clear(&p);
        fl_network_clear(&network);
    }
}

/* No fixed point: a bound, below ln 2 here, and not ln 0. */
static void none(void **state) {
    (void)state;
    for (size_t k = 0; k < 2; k++) {
        uint64_t sample = 0;
        fl_network network = draw(14, 0);
        while (brute_points(&network, 0, NULL) > 0) {
            fl_network_clear(&network);
            network = draw(14, ++sample);
        }
        fl_count_plan plan = plan_of(both[k], 0, 3000);
        fl_count_estimate e = count(&network, &plan);
        assert_true(!e.found && isnan(e.log_count) && isnan(e.error));
        assert_true(isinf(e.low) && e.low < 0 && isinf(e.raw));
        assert_true(!e.equilibrated || (isfinite(e.high) && e.high < log(2)));
        assert_true(k || e.equilibrated);
        plan.jd = -9; /* nor anywhere near */
        e = count(&network, &plan);
        assert_true(!e.found && isnan(e.log_count) &&
                    (e.equilibrated ? e.high < 0 : isinf(e.high)));
        fl_network_clear(&network);
    }
}

/* All configurations are fixed points; and the smallest networks. */
static void all_of_them(void **state) {
    (void)state;
    for (size_t n = 1; n < 70; n += 23) {
        fl_network zero;
        assert_ok(fl_network_new(&zero, n));
        for (size_t k = 0; k < 2; k++) {
            fl_count_plan plan = plan_of(both[k], k ? 0 : 2, 100);
            fl_count_estimate e = count(&zero, &plan);
            assert_true(e.equilibrated && e.fraction == 1);
            assert_relative(e.log_count, (double)n * M_LN2, 1e-14);
            assert_true(e.error > 0 && e.error < 0.01);
        }
        fl_network_clear(&zero);
    }
}

static fl_count_run made_up(double log_count, double families) {
    return (fl_count_run){.log_count = log_count,
                          .log_last = isinf(log_count) ? 1 : log_count + 0.5,
                          .families = families,
                          .replicas = 1000,
                          .distinct = 7};
}

/* What counts as equilibrated, and what holds where it is not. */
static void judgement(void **state) {
    (void)state;
    fl_rng rng = test_stream("judgement");
    fl_count_run runs[16];
    fl_count_estimate e;
    double sum = 0, squares = 0;
    for (int k = 0; k < 16; k++) {
        runs[k] = made_up(700 + 0.1 * fl_rng_gauss(&rng), 12);
        sum += exp(runs[k].log_count - 700);
    }
    for (int k = 0; k < 16; k++)
        squares += pow(exp(runs[k].log_count - 700) / (sum / 16) - 1, 2);
    assert_ok(fl_count_combine(FL_COUNT_ANNEAL, runs, 16, &e));
    assert_true(e.equilibrated && e.found);
    assert_relative(e.log_count, 700 + log(sum / 16), 1e-14);
    assert_relative(e.error, sqrt(squares / 15 / 16 + pow(1 / 16e3, 2)), 1e-9);
    assert_relative(e.high - e.log_count, 2.131449546 * e.error, 1e-8);
    assert_relative(e.spread, sqrt(squares / 15), 1e-9);
    assert_relative(e.excess, squares / 15 / 0.012, 1e-9);
    /* The same with families that predict a hundredth of that spread. */
    for (int k = 0; k < 16; k++)
        runs[k].families = 1.2;
    runs[3].log_count += 0.3;
    runs[5].log_count -= 0.3;
    assert_ok(fl_count_combine(FL_COUNT_ANNEAL, runs, 16, &e));
    assert_true(!e.equilibrated && isnan(e.log_count) && isnan(e.error) && isinf(e.high));
    assert_relative(e.low, e.raw - log(20), 1e-14);
    /* One family has taken all. */
    for (int k = 0; k < 16; k++)
        runs[k] = made_up(3 + 0.1 * k, 900);
    assert_ok(fl_count_combine(FL_COUNT_ANNEAL, runs, 16, &e));
    assert_true(!e.equilibrated);
    assert_relative(e.low, fmax(e.raw - log(20), log(7)), 1e-14);
    /* Two of sixteen found something. */
    for (int k = 0; k < 16; k++)
        runs[k] = made_up(k < 2 ? 4 : -INFINITY, 20);
    assert_ok(fl_count_combine(FL_COUNT_SPLIT, runs, 16, &e));
    assert_true(e.found && !e.equilibrated && e.method == FL_COUNT_SPLIT);
    assert_relative(e.raw, 4 - log(8), 1e-14);
    /* None did: the bound is 3 of 16 * 1000 / 20 draws of the last measure. */
    for (int k = 0; k < 16; k++)
        runs[k] = made_up(-INFINITY, 20);
    assert_ok(fl_count_combine(FL_COUNT_ANNEAL, runs, 16, &e));
    assert_true(!e.found && e.equilibrated);
    for (int k = 0; k < 16; k++)
        runs[k].log_last = 1 + 0.1 * ((k % 2) - 0.5);
    assert_ok(fl_count_combine(FL_COUNT_ANNEAL, runs, 16, &e));
    assert_true(!e.found && e.equilibrated);
    assert_relative(e.high, 1.00125 + log(3.0 / 800) + 1.753050356 * 0.05 * sqrt(16.0 / 15) / 4,
                    1e-3);
    assert_status(FL_EINVAL, fl_count_combine(FL_COUNT_ANNEAL, runs, 1, &e));
}

/* Coincidences: marks drawn from 500 give 500. */
static void coincidences(void **state) {
    (void)state;
    fl_rng rng = test_stream("coincidences");
    fl_count_run *runs = calloc(16, sizeof *runs);
    fl_count_estimate e;
    double expected = 0;
    for (int k = 0; k < 16; k++) {
        runs[k] = made_up(log(500) + 0.1 * (k % 2), 5);
        runs[k].marks = 100 + (uint64_t)k;
        for (uint64_t m = 0; m < runs[k].marks; m++)
            runs[k].mark[m] = fl_rng_below(&rng, 500) * UINT64_C(0x9E3779B97F4A7C15);
    }
    for (int a = 0; a < 16; a++)
        for (int b = 0; b < a; b++)
            for (uint64_t x = 0; x < runs[a].marks; x++)
                for (uint64_t y = 0; y < runs[b].marks; y++)
                    expected += runs[a].mark[x] == runs[b].mark[y];
    assert_ok(fl_count_combine(FL_COUNT_ANNEAL, runs, 16, &e));
    assert_true(e.coincidences == expected);
    assert_true(fabs(e.coincidence - log(500)) < 0.2);
    free(runs);
}

static void refusals(void **state) {
    (void)state;
    fl_network network = draw(4, 0), large;
    fl_count_estimate e;
    fl_count_plan plan = plan_of(FL_COUNT_ANNEAL, 0, 100);
    plan.sweeps = 0;
    assert_status(FL_EINVAL, fl_count(&network, &plan, &e, NULL));
    plan.sweeps = 1;
    plan.population = 0;
    assert_status(FL_EINVAL, fl_count(&network, &plan, &e, NULL));
    plan.population = 1;
    assert_ok(fl_network_new(&large, FL_COUNT_MAX + 1));
    assert_status(FL_EINVAL, fl_count(&large, &plan, &e, NULL));
    assert_true(fl_count_replicas(1) == 32 && fl_count_replicas(512) == 32);
    assert_true(fl_count_replicas(513) == 64 && fl_count_replicas(20000) == 1280);
    fl_network_clear(&large);
    fl_network_clear(&network);
}

/* ---- many networks ---- */

typedef struct log_book {
    fl_count_estimate estimates[64];
    double weights[64];
    size_t count;
} log_book;

static fl_status note(void *context, const fl_count_result *r) {
    log_book *b = context;
    b->weights[b->count] = 0;
    for (size_t k = 0; r->points && k < r->points->count; k++)
        b->weights[b->count] += r->points->weights[k];
    b->estimates[b->count++] = without_padding(r->estimate);
    return FL_OK;
}

/* Any number of threads, stops and resumptions, and shards: the same bits, which are those of
 * fl_count. */
static void samples_are_reproducible(void **state) {
    (void)state;
    fl_rng rng = test_stream("samples");
    static const int64_t n[] = {9, 14};
    static const double jd[] = {0.5, 0};
    fl_count_samples_plan plan = {.networks.ensemble = FL_ENSEMBLE_DEFAULT,
                                  .networks.n = n,
                                  .networks.n_count = 2,
                                  .jd = jd,
                                  .jd_count = 2,
                                  .methods = both,
                                  .method_count = 2,
                                  .count = {.population = 600, .sweeps = 3, .keep = true},
                                  .networks.seed = test_seed(),
                                  .networks.samples = 3,
                                  .effort = {.threads = test_threads(&rng)}};
    log_book *whole = calloc(1, sizeof *whole), *again = calloc(1, sizeof *again);
    assert_true(fl_count_tasks(&plan) == 24 * FL_COUNT_POPULATIONS);
    assert_ok(fl_count_samples(&plan, whole, note));
    assert_int_equal(whole->count, 24);
    for (size_t k = 0; k < 24; k++) {
        fl_network network = draw((size_t)n[k / 12], k / 4 % 3);
        fl_count_plan one = plan.count;
        fl_count_estimate e;
        fl_count_points p;
        double sum = 0;
        one.method = both[k % 2];
        one.jd = jd[k / 2 % 2];
        one.seed = test_seed();
        one.sample = k / 4 % 3;
        assert_ok(fl_count(&network, &one, &e, &p));
        for (size_t i = 0; i < p.count; i++)
            sum += p.weights[i];
        fl_count_estimate bare = without_padding(&e);
        assert_memory_equal(&bare, &whole->estimates[k], sizeof bare);
        assert_true(sum == whole->weights[k]);
        fl_count_points_clear(&p);
        fl_network_clear(&network);
    }
    fl_status status = FL_STOPPED;
    int stops = 0;
    for (; status == FL_STOPPED; stops++) {
        again->count = 0;
        plan.effort.threads = test_threads(&rng);
        atomic_int polls = 40 + (int)fl_rng_below(&rng, 4000) * (stops + 1);
        plan.effort.stop = test_stop_after;
        plan.effort.context = &polls;
        assert_ok(fl_journal_open(&plan.journal, test_path("journal"), "x\n", stops > 0, false));
        status = fl_count_samples(&plan, again, note);
        assert_ok(fl_journal_close(plan.journal, status == FL_OK));
        assert_true(stops < 1000);
    }
    assert_ok(status);
    assert_true(stops > 1);
    assert_memory_equal(again, whole, sizeof *whole);
    plan.journal = NULL;
    plan.effort = (fl_effort){.threads = test_threads(&rng)};
    again->count = 0;
    plan.networks.shards = 2;
    plan.networks.shard = 1;
    assert_ok(fl_count_samples(&plan, again, note));
    assert_int_equal(again->count, 12); /* the first three networks of six */
    assert_memory_equal(again->estimates, whole->estimates, 12 * sizeof *whole->estimates);
    free(whole);
    free(again);
}

/* Few fixed points, all of them seen: the estimate keeps to what was seen. */
static void estimates_lie_in_their_intervals(void **state) {
    (void)state;
    fl_rng rng = test_stream("integer matrices");
    int met = 0;
    for (int trial = 0; trial < 40; trial++) {
        double matrix[100];
        fl_network network;
        fl_count_estimate e;
        for (int k = 0; k < 100; k++)
            matrix[k] = (double)fl_rng_below(&rng, 3) - 1;
        assert_ok(fl_network_from_matrix(&network, matrix, 10));
        const fl_count_plan plan = {.method = trial % 2 ? FL_COUNT_SPLIT : FL_COUNT_ANNEAL,
                                    .population = 512,
                                    .sweeps = 2,
                                    .seed = test_seed(),
                                    .sample = (uint64_t)trial};
        assert_ok(fl_count(&network, &plan, &e, NULL));
        if (e.equilibrated && e.found)
            assert_true(e.low <= e.log_count && e.log_count <= e.high && ++met);
        fl_network_clear(&network);
    }
    assert_true(met > 5);
}

/* Summaries by hand, and the exact variance of the count by brute force. */
static void summaries(void **state) {
    (void)state;
    fl_ensemble e = FL_ENSEMBLE_DEFAULT;
    fl_count_row rows[] = {
        {.n = 8, .jd = 0.3, .log_count = 2, .error = 0.1, .equilibrated = true, .found = true},
        {.n = 8, .jd = 0.3, .log_count = 3, .error = 0.2, .equilibrated = true, .found = true},
        {.n = 8, .jd = 0.3, .log_count = NAN, .equilibrated = true}};
    fl_count_summary s;
    const int64_t n = 8;
    const fl_instances networks = {.ensemble = e, .n = &n, .n_count = 1, .samples = 3};
    double mean = (exp(2) + exp(3)) / 3, closed, sum = 0;
    assert_ok(fl_count_summarise(rows, 3, &networks, 0, &s));
    assert_true(s.samples == 3 && s.undecided == 0 && s.empty == 1);
    assert_relative(s.quenched.mean, 2.5, 1e-15);
    assert_relative(s.quenched.error, 0.5, 1e-15);
    assert_relative(s.log_mean, log(mean), 1e-14);
    assert_ok(fl_log_mean_count(&e, 8, 0.3, &closed));
    assert_true(s.closed_form == closed);
    for (size_t d = 0; d <= 8; d++) {
        double pairs;
        assert_ok(fl_log_mean_pairs(&e, 8, 0.3, d, &pairs));
        sum += exp(pairs - 2 * closed);
    }
    assert_relative(s.log_ratio_variance, log(sum), 1e-10);
    double noise = (exp(4) * 0.01 + exp(6) * 0.04) / 3 / (mean * mean);
    assert_relative(s.log_mean_error, sqrt((sum - 1 + noise) / 3), 1e-10);
    assert_relative(s.z, (log(mean) - closed) / s.log_mean_error, 1e-12);
    /* Without closed forms: the variance of the samples. */
    assert_ok(fl_count_summarise(rows, 2, NULL, 0, &s));
    double relative = pow((exp(3) - exp(2)) / (exp(3) + exp(2)), 2) * 2;
    noise = (exp(4) * 0.01 + exp(6) * 0.04) / 2 / pow((exp(2) + exp(3)) / 2, 2);
    assert_relative(s.log_mean_error, sqrt((relative + noise) / 2), 1e-12);
    assert_true(isnan(s.closed_form) && isnan(s.log_ratio_variance) && isnan(s.z));
    /* One that is not decided takes away the comparison. */
    rows[2].equilibrated = false;
    assert_ok(fl_count_summarise(rows, 3, &networks, 0, &s));
    assert_true(s.undecided == 1 && s.empty == 0 && isnan(s.z) && s.quenched.samples == 2);
    rows[0].found = rows[1].found = false;
    rows[2].equilibrated = true;
    assert_ok(fl_count_summarise(rows, 3, &networks, 0, &s));
    assert_true(s.empty == 3 && isinf(s.log_mean) && s.log_mean < 0);
}

/* The mean over networks is the closed form, far beyond enumeration. */
static void closed_form(void **state) {
    (void)state;
    fl_count_row rows[40];
    fl_count_summary s;
    fl_ensemble e = FL_ENSEMBLE_DEFAULT;
    size_t samples = test_fast() ? 4 : 20;
    int64_t n = test_fast() ? 24 : 64;
    for (size_t k = 0; k < samples; k++) {
        fl_network network = draw((size_t)n, k);
        fl_count_plan plan = plan_of(FL_COUNT_ANNEAL, 0.7, 600);
        plan.sample = k;
        fl_count_estimate q = count(&network, &plan);
        rows[k] = (fl_count_row){.n = n,
                                 .jd = 0.7,
                                 .log_count = q.log_count,
                                 .error = q.error,
                                 .equilibrated = q.equilibrated,
                                 .found = q.found};
        fl_network_clear(&network);
    }
    const fl_instances networks = {.ensemble = e, .n = &n, .n_count = 1, .samples = samples};
    assert_ok(fl_count_summarise(rows, samples, &networks, 0, &s));
    assert_true(s.undecided == 0);
    assert_z(s.log_mean, s.closed_form, s.log_mean_error);
    assert_true(s.log_mean_error < 0.5);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(no_bias),
        cmocka_unit_test(intervals_cover),
        cmocka_unit_test(routes_agree),
        cmocka_unit_test(invariances),
        cmocka_unit_test(ensembles),
        cmocka_unit_test(points),
        cmocka_unit_test(none),
        cmocka_unit_test(all_of_them),
        cmocka_unit_test(judgement),
        cmocka_unit_test(coincidences),
        cmocka_unit_test(refusals),
        cmocka_unit_test_setup(samples_are_reproducible, test_empty_scratch),
        cmocka_unit_test(estimates_lie_in_their_intervals),
        cmocka_unit_test(summaries),
        cmocka_unit_test(closed_form),
    };
    return cmocka_run_group_tests_name("count", tests, NULL, NULL);
}
