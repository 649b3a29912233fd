/* How numbers of fixed points vary, two-cycles, fixed points under an input: independent values,
 * networks searched one by one, identities. */
#include "tests/support/support.h"

#include <math.h>

#include "fixland/driven.h"
#include "fixland/enumerate.h"
#include "fixland/gaussian.h"
#include "fixland/moments.h"
#include "fixland/network.h"
#include "fixland/stats.h"
#include "fixland/tools.h"
#include "tests/support/chance.h"
#include "tests/support/files.h"
#include "tests/support/tools.h"

static const fl_ensemble plain = {FL_GAUSSIAN, FL_VARIANCE_N, 0, 1, 1, 0};

static double between(fl_rng *rng, double low, double high) {
    return low + (high - low) * fl_rng_uniform(rng);
}

static void known_variances(void **state) {
    (void)state;
    const double known[][2] = {{0.05, .35257}, {0.1, .28448}, {0.2, .20241}, {0.3, .15661},
                               {0.5, .10925},  {1, .05692},   {0, 2.45599}};
    for (int k = 0; k < 7; k++) {
        double v;
        assert_ok(fl_count_variance_limit(known[k][0], &v));
        assert_true(fabs(v - known[k][1]) < 5.1e-6);
    }
    fl_count_law law;
    assert_ok(fl_count_law_at(&plain, 28, 0.5, &law));
    assert_true(fabs(law.log_mean - 9.1498) < 5.1e-5 && fabs(law.log_variance - 0.1161) < 5.1e-5);
    assert_ok(fl_count_law_at(&plain, 100000, 0, &law)); /* .6351 in the limit */
    assert_true(fabs(law.empty - 0.6351) < 1e-4 && isnan(law.log_mean));
}

/* The exact variance approaches the limit like 1/n. */
static void variance_approaches_its_limit(void **state) {
    (void)state;
    for (int k = 0; k < 4; k++) {
        double jd = k ? 0.3 * k : 0, v[2], exact;
        assert_ok(fl_count_variance_limit(jd, &exact));
        for (int i = 0; i < 2; i++)
            assert_ok(fl_count_variance(&plain, 2000U << i, jd, &v[i]));
        assert_true(fabs(2 * v[1] - v[0] - exact) < 1e-4 && fabs(v[1] - exact) < 0.01);
    }
}

/* One network: fixed points and two-cycles from the table of successors. */
static void successors(const fl_network *network, double jd, double field, uint32_t *next) {
    size_t n = network->n;
    for (uint32_t s = 0; s < 1U << n; s++) {
        uint32_t to = 0;
        for (size_t i = 0; i < n; i++) {
            double sum = field + jd * (s >> i & 1 ? 1 : -1);
            for (size_t j = 0; j < n; j++)
                sum += network->J[i * n + j] * (s >> j & 1 ? 1 : -1);
            to |= (uint32_t)(sum > 0) << i;
        }
        next[s] = to;
    }
}

enum { N = 8 };

static void networks_one_by_one(void **state) {
    (void)state;
    const double cases[][2] = {{0, 0}, {0.3, 0}, {0.4, 0.5}}; /* J_D, input */
    const int samples = test_fast() ? 1000 : 12000;
    for (int c = 0; c < 3; c++) {
        double jd = cases[c][0], field = cases[c][1], points = 0, squares = 0, fourth = 0;
        double cycles = 0, cycles2 = 0;
        for (int k = 0; k < samples; k++) {
            fl_network network;
            uint32_t next[1 << N];
            double here = 0, twos = 0;
            assert_ok(fl_network_draw(&network, &plain, N, test_seed() + 1, (uint64_t)k));
            successors(&network, jd, field, next);
            for (uint32_t s = 0; s < 1U << N; s++) {
                here += next[s] == s;
                twos += next[s] != s && next[next[s]] == s;
            }
            points += here, squares += here * here;
            fourth += here * here * here * here;
            cycles += 0.5 * twos, cycles2 += 0.25 * twos * twos;
            fl_network_clear(&network);
        }
        points /= samples, squares /= samples, fourth /= samples, cycles /= samples;
        double log_mean, variance, expected;
        size_t mode;
        assert_ok(fl_log_mean_driven(&plain, N, jd, field, &log_mean));
        double error = sqrt((squares - points * points) / samples);
        assert_true(fabs(points - exp(log_mean)) < 4.9 * error);
        if (field != 0)
            continue;
        assert_ok(fl_count_variance(&plain, N, jd, &variance));
        double second = (variance + 1) * exp(2 * log_mean);
        assert_true(fabs(squares - second) < 4.9 * sqrt((fourth - squares * squares) / samples));
        assert_ok(fl_mean_two_cycles(&plain, N, jd, &expected, &mode));
        error = sqrt((cycles2 / samples - cycles * cycles) / samples);
        assert_true(fabs(cycles - expected) < 4.9 * error);
    }
}

static void known_cycles(void **state) {
    (void)state;
    double mean;
    size_t mode;
    assert_ok(fl_mean_two_cycles(&plain, 10, 0, &mean, &mode));
    assert_true(fabs(mean - 0.893456) < 5.1e-7);
    assert_ok(fl_mean_two_cycles(&plain, 10, 0.3, &mean, &mode));
    assert_true(fabs(mean - 0.238298) < 5.1e-7);
    assert_ok(fl_mean_two_cycles(&plain, 20000, 0, &mean, &mode));
    assert_true(fabs(mean - 1.22800) < 2e-4);
    for (int k = 1; k < 4; k++) { /* few neurons that turn, but infinitely many: ln 2Phi - J^2/2 */
        double jd = 0.3 * k, rate, entropy;
        assert_ok(fl_two_cycles_entropy(jd, &rate));
        assert_ok(fl_entropy_limit(jd, &entropy));
        assert_true(fabs(rate - (entropy - 0.5 * jd * jd)) < 2e-4);
        double miss[2];
        for (int i = 0; i < 2; i++) {
            size_t n = 1000U << i;
            assert_ok(fl_mean_two_cycles(&plain, n, jd, &mean, &mode));
            miss[i] = rate - log(mean) / (double)n;
        }
        assert_true(miss[1] > 0 && miss[1] < miss[0]);
    }
    double at_zero, variance; /* at J_D = 0 cycles are as pairs that are not at distance 0 */
    assert_ok(fl_count_variance(&plain, 30, 0, &variance));
    assert_ok(fl_mean_two_cycles(&plain, 30, 0, &at_zero, &mode));
    assert_relative(at_zero, 0.5 * variance, 1e-10);
}

/* An independent program. */
static void known_inputs(void **state) {
    (void)state;
    const double known[][3] = {
        {0.5, .29367265, .29282855}, {1, .21650584, .20964200}, {2, .05883246, .04871979}};
    fl_driven d;
    for (int k = 0; k < 3; k++) {
        assert_ok(fl_driven_entropy(0.5, known[k][0], &d));
        assert_true(fabs(d.annealed - known[k][1]) < 5.1e-9);
        assert_true(fabs(d.quenched - known[k][2]) < 8e-8 && d.error < 1e-10);
        assert_true(d.quenched < d.annealed && d.replicon > 0);
        if (k == 1)
            assert_true(fabs(d.q - 0.393214) < 1e-6 && fabs(d.overlap - 0.521757) < 1e-6);
    }
}

/* The overlap with the input is the derivative of the entropy by its strength times its price: with
 * none the entropies agree, and there the replicon condition is that of a bounded variance. */
static void without_input(void **state) {
    (void)state;
    fl_rng rng = test_stream("counts input");
    for (int k = 0; k < 20; k++) {
        double jd = between(&rng, 0, 2), entropy;
        fl_driven d;
        assert_ok(fl_driven_entropy(jd, 0, &d));
        assert_ok(fl_entropy_limit(jd, &entropy));
        assert_true(fabs(d.quenched - entropy) < 1e-12 && fabs(d.annealed - entropy) < 1e-12);
        double a = fl_normal_pdf(jd) / fl_normal_cdf(jd);
        assert_true(fabs(d.replicon - (1 - a * a - a * jd)) < 1e-12);
    }
}

/* Self-couplings from a file: the exact mean beside networks searched one by one, and the same in
 * other words. */
static void self_couplings_of_a_file(void **state) {
    (void)state;
    const double relative[] = {1, 0.25, 1, 0, 0.25, 0.5};
    const char *path = test_path("self.txt");
    char arguments[600];
    test_write_text(path, "1 0.25 1 # three of six\n0, 0.25 0.5\n");
    snprintf(arguments, sizeof arguments, "count --jd 0.8,1.2 --n 6,12 --jd-file %s", path);
    fl_frame f = test_table(fl_tool_entropy, "fl-entropy", arguments);
    double counts[2000], jds[] = {0.8, 1.2};
    for (size_t row = 0; row < 4; row += 2) {
        for (int k = 0; k < 2000; k++) {
            fl_network network;
            uint64_t found;
            const double none = 0;
            assert_ok(fl_network_draw(&network, &plain, 6, test_seed() + 7, (uint64_t)k));
            for (size_t i = 0; i < 6; i++)
                network.diagonal[i] = jds[row / 2] * relative[i];
            assert_ok(fl_enumerate(
                &network, &(fl_enumeration){.jd = &none, .jd_count = 1, .effort = {.threads = 1}},
                &found));
            counts[k] = (double)found;
            fl_network_clear(&network);
        }
        fl_estimate mean = fl_mean(counts, 2000);
        double exact = test_cell(&f, row, "mean_count"), limit = 0, one;
        assert_z(mean.mean, exact, mean.error);
        assert_true(mean.error < 0.05 * exact);
        for (size_t i = 0; i < 6; i++) {
            assert_ok(fl_entropy_limit(jds[row / 2] * relative[i], &one));
            limit += one / 6;
        }
        assert_relative(test_cell(&f, row, "entropy_limit"), limit, 1e-12);
    }
    fl_frame_clear(&f);
    test_write_text(path, "1 1 1 0\n");
    snprintf(arguments, sizeof arguments, "count --jd 0.8 --n 8 --margin 0.1 --jd-file %s", path);
    f = test_table(fl_tool_entropy, "fl-entropy", arguments);
    fl_frame g = test_table(fl_tool_entropy, "fl-entropy",
                            "count --jd 0.8 --n 8 --margin 0.1 --jd-fraction 0.75");
    assert_relative(test_cell(&f, 0, "mean_count"), test_cell(&g, 0, "mean_count"), 1e-14);
    fl_frame_clear(&g);
    fl_frame_clear(&f);
    snprintf(arguments, sizeof arguments, "gaps --m 2 --jd-file %s", path);
    f = test_table(fl_tool_phase, "fl-phase", arguments);
    g = test_table(fl_tool_phase, "fl-phase", "gaps --m 2 --jd-fraction 0.75");
    assert_true(fabs(test_cell(&f, 0, "jd_gap") - test_cell(&g, 0, "jd_gap")) < 1e-9);
    fl_frame_clear(&g);
    fl_frame_clear(&f);
    snprintf(arguments, sizeof arguments, "count --n 9 --jd-file %s", path);
    test_refused(fl_tool_entropy, "fl-entropy", arguments, 2, "multiples of 4");
    snprintf(arguments, sizeof arguments, "critical --jd-fraction 0.5 --jd-file %s", path);
    test_refused(fl_tool_phase, "fl-phase", arguments, 2, "give one");
    test_write_text(path, "1 1.5 0\n");
    snprintf(arguments, sizeof arguments, "critical --jd-file %s", path);
    test_refused(fl_tool_phase, "fl-phase", arguments, 1, "the largest 1");
}

static void tools(void **state) {
    (void)state;
    fl_frame f = test_table(fl_tool_entropy, "fl-entropy", "input --jd 0.5 --strength 1 --n 20");
    test_assert_columns(&f, "jd strength n log_mean_count annealed_limit quenched_limit "
                            "overlap_input q replicon error flag");
    assert_true(fabs(test_cell(&f, 0, "quenched_limit") - .20964200) < 8e-8);
    fl_frame_clear(&f);
    f = test_table(fl_tool_entropy, "fl-entropy", "fluctuations --jd 0,0.5 --n 28");
    test_assert_columns(&f, "jd n variance variance_limit log_mean log_variance empty_probability");
    fl_frame_clear(&f);
    f = test_table(fl_tool_entropy, "fl-entropy", "cycles --jd 0 --n 10");
    test_assert_columns(&f, "jd n mean_cycles distance_mode cycles_limit entropy_limit");
    assert_true(fabs(test_cell(&f, 0, "cycles_limit") - 1.22800) < 1e-5);
    fl_frame_clear(&f);
    /* A margin is a smaller self-coupling. */
    f = test_table(fl_tool_entropy, "fl-entropy", "count --jd 0.5 --margin 0.25 --n 20");
    fl_frame g = test_table(fl_tool_entropy, "fl-entropy", "count --jd 0.25 --n 20");
    assert_true(test_cell(&f, 0, "mean_count") == test_cell(&g, 0, "mean_count"));
    assert_true(test_cell(&f, 0, "jd") == 0.5);
    fl_frame_clear(&f);
    fl_frame_clear(&g);
    test_refused(fl_tool_entropy, "fl-entropy", "count --jd-fraction 0.5 --eta 0.5", 2, "--eta");
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(known_variances),
        cmocka_unit_test(variance_approaches_its_limit),
        cmocka_unit_test(networks_one_by_one),
        cmocka_unit_test(known_cycles),
        cmocka_unit_test(known_inputs),
        cmocka_unit_test(without_input),
        cmocka_unit_test_setup(self_couplings_of_a_file, test_empty_scratch),
        cmocka_unit_test(tools),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
