/* What is drawn: orders of visits, sites, thermal flips, starts. */
#include "tests/support/support.h"

#include <math.h>

#include "fixland/dynamics.h"
#include "fixland/kernel.h"
#include "fixland/spins.h"
#include "mc/dynamics/walker.h"
#include "tests/support/chance.h"
#include "tests/support/dynamics.h"

/* The order of visits is uniform: each neuron's rank, and which of two comes first. */
static void order_is_uniform(void **state) {
    (void)state;
    enum { N = 7, SWEEPS = 7000 };
    fl_network network;
    fl_columns *columns;
    uint64_t spins[1] = {0}, rank[N * N] = {0};
    fl_dynamics plan = {.algorithm = FL_ASYNC, .sweeps = 1, .seed = test_seed()};
    assert_ok(fl_network_new(&network, N));
    assert_ok(fl_columns_new(&columns, &network, 0));
    walker w;
    assert_ok(walker_open(&w, columns, &plan, spins));
    for (uint64_t t = 0; t < SWEEPS; t++) {
        walker_sweep(&w, t);
        for (size_t i = 0; i < N; i++) {
            size_t before = 0;
            for (size_t k = 0; k < N; k++)
                before += walker_place(&w, k) < walker_place(&w, i);
            rank[i * N + before]++;
        }
    }
    for (size_t i = 0; i < N; i++)
        assert_p(test_chi2_uniform(rank + i * N, N));
    walker_close(&w);
    fl_columns_free(columns);
    fl_network_clear(&network);
}

/* Neurons without couplings and J_D = -1 flip whenever visited: n visits a sweep, Poisson in the
 * limit, hits per neuron n trials of probability 1/n. */
static void site_visits(void **state) {
    (void)state;
    enum { N = 50, SWEEPS = 2000 };
    fl_network network;
    fl_columns *columns;
    fl_outcome outcome;
    uint64_t spins[1] = {0};
    fl_dynamics plan = {
        .algorithm = FL_SITE, .jd = -1, .sweeps = SWEEPS, .seed = test_seed(), .sample = 3};
    assert_ok(fl_network_new(&network, N));
    assert_ok(fl_columns_new(&columns, &network, 1));
    assert_ok(fl_dynamics_run(columns, &plan, spins, &outcome));
    assert_int_equal(outcome.flips, N * SWEEPS);
    fl_columns_free(columns);
    fl_network_clear(&network);
}

/* One spin in a field J_D s of its own: P(flip) of the two thermal rules, over many neurons. */
static void thermal_rules(void **state) {
    (void)state;
    enum { N = 400, SWEEPS = 200 };
    for (int rule = 0; rule < 2; rule++) {
        fl_network network;
        fl_columns *columns;
        fl_outcome outcome;
        uint64_t spins[7] = {0};
        fl_dynamics plan = {.algorithm = FL_ANNEAL,
                            .jd = 0.3,
                            .sweeps = SWEEPS,
                            .temperature = 1e9,
                            .anneal_sweeps = SWEEPS,
                            .thermal = rule ? FL_METROPOLIS : FL_GLAUBER,
                            .seed = test_seed()};
        plan.jd = 0.3e9; /* the temperature falls linearly from 1e9 */
        assert_ok(fl_network_new(&network, N));
        assert_ok(fl_columns_new(&columns, &network, plan.jd));
        assert_ok(fl_dynamics_run(columns, &plan, spins, &outcome));
        double mean = 0, variance = 0;
        for (int t = 0; t < SWEEPS; t++) {
            double temperature = 1 - (double)t / SWEEPS;
            double p = rule ? exp(-0.6 / temperature) : 1 / (1 + exp(0.6 / temperature));
            mean += N * p;
            variance += N * p * (1 - p);
        }
        assert_z((double)outcome.flips, mean, sqrt(variance));
        fl_columns_free(columns);
        fl_network_clear(&network);
    }
}

static void starts(void **state) {
    (void)state;
    fl_rng rng = test_stream("starts");
    for (int trial = 0; trial < 200; trial++) {
        size_t n = 1 + fl_rng_below(&rng, 300);
        double q = 2 * fl_rng_uniform(&rng) - 1;
        uint64_t a[8], b[8], c[8];
        fl_start_random(a, n, 5, (uint64_t)trial, 2);
        memcpy(b, a, sizeof a);
        assert_ok(fl_start_overlap(b, n, q, 5, (uint64_t)trial, 2));
        assert_true(fabs(fl_spins_overlap(a, b, n) - q) <= 1.0000001 / (double)n);
        memcpy(c, a, sizeof a);
        assert_ok(fl_start_overlap(c, n, q, 5, (uint64_t)trial, 2));
        assert_memory_equal(b, c, fl_spins_words(n) * sizeof *b);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(order_is_uniform),
        cmocka_unit_test(site_visits),
        cmocka_unit_test(thermal_rules),
        cmocka_unit_test(starts),
    };
    return cmocka_run_group_tests_name("visits", tests, NULL, NULL);
}
