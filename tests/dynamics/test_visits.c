/* What is drawn: orders of visits, sites, thermal flips, starts. */
#include "tests/support/support.h"

#include <math.h>

#include "fixland/dynamics.h"
#include "fixland/spins.h"
#include "mc/dynamics/walker.h"
#include "tests/support/chance.h"
#include "tests/support/dynamics.h"

/* Rank of the first `few` of the neurons at hand, as a number below few!. */
static size_t order_code(const walker *w, const size_t *neuron, size_t few) {
    size_t code = 0;
    for (size_t a = 0; a < few; a++) {
        size_t after = 0;
        for (size_t b = a + 1; b < few; b++)
            after += walker_place(w, neuron[b]) < walker_place(w, neuron[a]);
        code = code * (few - a) + after;
    }
    return code;
}

/* Orders of visits are uniform: which of two comes first, the order of three and of four, for
 * neighbours and for neurons far apart, and the rank of each neuron. FIXLAND_LONG: a hundred times
 * as many sweeps. */
static void order_is_uniform(void **state) {
    (void)state;
    enum { N = 800, SET = 10 };
    static const size_t set[SET] = {0, 1, 2, 3, 16, 64, 127, 128, 400, 799};
    const uint64_t sweeps = getenv("FIXLAND_LONG") ? 2000000 : test_fast() ? 4000 : 20000;
    fl_network network;
    fl_columns *columns;
    uint64_t spins[13] = {0};
    static uint64_t two[SET][SET][2], three[SET][SET][SET][6], four[SET][24], rank[SET][16];
    fl_dynamics plan = {.algorithm = FL_ASYNC, .sweeps = 1, .seed = test_seed()};
    assert_ok(fl_network_new(&network, N));
    assert_ok(fl_columns_new(&columns, &network, 0));
    walker w;
    assert_ok(walker_open(&w, columns, &plan, spins));
    for (uint64_t t = 0; t < sweeps; t++) {
        walker_sweep(&w, t);
        for (size_t a = 0; a < SET; a++) {
            size_t some[4] = {set[a]};
            rank[a][walker_place(&w, set[a]) >> 60]++;
            for (size_t k = 1; k < 4; k++)
                some[k] = (set[a] + k * (a + 1)) % N;
            four[a][order_code(&w, some, 4)]++;
            for (size_t b = a + 1; b < SET; b++) {
                some[1] = set[b];
                two[a][b][order_code(&w, some, 2)]++;
                for (size_t c = b + 1; c < SET; c++) {
                    some[2] = set[c];
                    three[a][b][c][order_code(&w, some, 3)]++;
                }
            }
        }
    }
    for (size_t a = 0; a < SET; a++) {
        assert_p(test_chi2_uniform(four[a], 24));
        assert_p(test_chi2_uniform(rank[a], 16));
        for (size_t b = a + 1; b < SET; b++) {
            assert_p(test_chi2_uniform(two[a][b], 2));
            for (size_t c = b + 1; c < SET; c++)
                assert_p(test_chi2_uniform(three[a][b][c], 6));
        }
    }
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
