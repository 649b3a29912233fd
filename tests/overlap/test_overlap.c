/* Pair histograms, their kernels, their test against expectations, and the smoothed density. */
#include "tests/support/support.h"

#include <math.h>

#include "fixland/overlap.h"
#include "fixland/spins.h"
#include "fixland/stats.h"
#include "src/kernel/popcount_distances.h"
#include "src/kernel/popcount_pairs.h"
#include "tests/support/chance.h"

static const char *const levels[] = {"scalar", "avx2", "avx512"};

static void force(const char *level) {
    if (level)
        setenv("FIXLAND_KERNEL", level, 1);
    else
        unsetenv("FIXLAND_KERNEL");
}

static int bit(const uint64_t *spins, size_t i) {
    return spins[i / 64] >> (i % 64) & 1;
}

/* The distance neuron by neuron. */
static size_t slow_distance(const uint64_t *a, const uint64_t *b, size_t n) {
    size_t sum = 0;
    for (size_t i = 0; i < n; i++)
        sum += (size_t)(bit(a, i) != bit(b, i));
    return sum;
}

static void distances_of_every_kernel(void **state) {
    (void)state;
    fl_rng rng = test_stream("distances");
    for (int trial = 0; trial < (test_fast() ? 100 : 600); trial++) {
        size_t words = 1 + (size_t)fl_rng_below(&rng, trial % 2 ? 1 : 20);
        size_t count = (size_t)fl_rng_below(&rng, 70);
        uint64_t query[20], *spins = malloc((count * words + 1) * sizeof *spins);
        uint16_t found[3][80], expected[80];
        for (size_t w = 0; w < words; w++)
            query[w] = fl_rng_bits(&rng);
        for (size_t w = 0; w < count * words; w++)
            spins[w] = fl_rng_below(&rng, 8) ? fl_rng_bits(&rng) : UINT64_MAX * (w & 1);
        for (size_t k = 0; k < 80; k++)
            expected[k] = found[0][k] = found[1][k] = found[2][k] = 0xABCD;
        for (size_t k = 0; k < count; k++)
            expected[k] = (uint16_t)slow_distance(query, spins + k * words, 64 * words);
        for (size_t l = 0; l < 3; l++) {
            force(levels[l]);
            fl_popcount_distances_choose()(query, spins, count, words, found[l]);
            assert_memory_equal(found[l], expected, sizeof expected);
        }
        force(NULL);
        free(spins);
    }
}

static void pairs_of_every_kernel(void **state) {
    (void)state;
    fl_rng rng = test_stream("slices");
    for (int trial = 0; trial < (test_fast() ? 12 : 60); trial++) {
        size_t groups = 1 + (size_t)fl_rng_below(&rng, FL_SLICE_GROUPS), planes = 8 * groups;
        size_t count = (size_t)fl_rng_below(&rng, 40);
        uint64_t valid[FL_SLICE_WORDS] __attribute__((aligned(64)));
        uint64_t *block = aligned_alloc(64, planes * FL_SLICE_WORDS * sizeof *block);
        uint64_t *queries = malloc((count * planes + 1) * sizeof *queries);
        uint64_t expected[8 * FL_SLICE_GROUPS + 1], found[8 * FL_SLICE_GROUPS + 1];
        /* Dense, sparse and full planes, so that every distance occurs. */
        uint64_t thin = fl_rng_below(&rng, 3);
        for (size_t w = 0; w < planes * FL_SLICE_WORDS; w++)
            block[w] = thin == 0   ? fl_rng_bits(&rng)
                       : thin == 1 ? fl_rng_bits(&rng) & fl_rng_bits(&rng) & fl_rng_bits(&rng)
                                   : UINT64_MAX;
        for (size_t w = 0; w < count * planes; w++)
            queries[w] = -(fl_rng_bits(&rng) & (thin == 2 ? fl_rng_bits(&rng) & 1 : 1));
        for (size_t w = 0; w < FL_SLICE_WORDS; w++)
            valid[w] = fl_rng_bits(&rng) | (thin ? UINT64_MAX : 0);
        for (size_t d = 0; d <= planes; d++)
            expected[d] = d;
        for (size_t k = 0; k < count; k++)
            for (size_t lane = 0; lane < FL_SLICE_LANES; lane++) {
                size_t d = 0;
                for (size_t i = 0; i < planes; i++)
                    d += (size_t)bit(block + i * FL_SLICE_WORDS, lane) !=
                         (queries[k * planes + i] & 1);
                expected[d] += (uint64_t)bit(valid, lane);
            }
        for (size_t l = 0; l < 3; l++) {
            force(levels[l]);
            for (size_t d = 0; d <= planes; d++)
                found[d] = d;
            fl_popcount_pairs_choose()(block, valid, queries, count, groups, found);
            assert_memory_equal(found, expected, (planes + 1) * sizeof *found);
        }
        force(NULL);
        free(block);
        free(queries);
    }
}

/* A set with repetitions and near neighbours; with `mirror`, of pairs s, -s. */
static uint64_t *random_set(fl_rng *rng, size_t count, size_t n, bool mirror) {
    size_t words = fl_spins_words(n);
    uint64_t *spins = malloc((count * words + 1) * sizeof *spins);
    for (size_t k = 0; k < count; k++) {
        uint64_t *s = spins + k * words;
        if (mirror && k % 2) {
            memcpy(s, s - words, words * sizeof *s);
            fl_spins_negate(s, n);
        } else if (k > 1 && fl_rng_below(rng, 3) == 0) {
            memcpy(s, spins + fl_rng_below(rng, k) * words, words * sizeof *s);
            for (uint64_t f = fl_rng_below(rng, 4); f > 0; f--)
                fl_spins_flip(s, (size_t)fl_rng_below(rng, n));
        } else {
            fl_spins_random(s, n, rng);
        }
    }
    return spins;
}

static void slow_pairs(const uint64_t *a, size_t a_count, const uint64_t *b, size_t b_count,
                       size_t n, uint64_t *pairs) {
    size_t words = fl_spins_words(n);
    memset(pairs, 0, (n + 1) * sizeof *pairs);
    for (size_t k = 0; k < a_count; k++)
        for (size_t j = 0; j < b_count; j++)
            pairs[slow_distance(a + k * words, b + j * words, n)]++;
}

static uint64_t sum_of(const uint64_t *pairs, size_t n) {
    uint64_t sum = 0;
    for (size_t d = 0; d <= n; d++)
        sum += pairs[d];
    return sum;
}

/* Every route on one set, with every kernel. */
static void compare_routes(fl_rng *rng, size_t count, size_t n, bool mirror) {
    uint64_t *spins = random_set(rng, count, n, mirror), expected[400], pairs[400];
    fl_effort effort = {.threads = test_threads(rng)};
    size_t size = (n + 1) * sizeof *pairs;
    slow_pairs(spins, count, spins, count, n, expected);
    for (size_t l = 0; l < 3; l++) {
        force(levels[l]);
        assert_ok(fl_pairs_popcount(spins, count, n, &effort, pairs));
        assert_memory_equal(pairs, expected, size);
    }
    force(NULL);
    assert_ok(fl_pairs(spins, count, n, &effort, pairs));
    assert_memory_equal(pairs, expected, size);
    assert_int_equal(sum_of(pairs, n), count * count);
    fl_pair_histogram(spins, count, n, pairs);
    assert_memory_equal(pairs, expected, size);
    if (n <= 16) {
        assert_ok(fl_pairs_walsh(spins, count, n, pairs));
        assert_memory_equal(pairs, expected, size);
    }
    free(spins);
}

static void all_routes_agree(void **state) {
    (void)state;
    static const size_t sizes[] = {1, 2, 8, 63, 64, 65, 127, 128, 129, 300};
    fl_rng rng = test_stream("routes");
    for (int trial = 0; trial < (test_fast() ? 40 : 200); trial++) {
        size_t n = trial % 3 ? 1 + (size_t)fl_rng_below(&rng, 40) : sizes[fl_rng_below(&rng, 10)];
        bool mirror = trial % 2, large = trial % 20 == 7;
        size_t count = (size_t)fl_rng_below(&rng, large && !test_fast() ? 1700 : 150);
        compare_routes(&rng, mirror ? count / 2 * 2 : count, n, mirror);
    }
}

/* The transform at its largest size that a test has time for, where it splits for the cache. */
static void walsh_beyond_the_cache(void **state) {
    (void)state;
    fl_rng rng = test_stream("walsh");
    size_t n = test_fast() ? 16 : 21, count = 3000;
    uint64_t *spins = random_set(&rng, count, n, false), expected[32], pairs[32];
    fl_effort effort = {.threads = 2};
    assert_ok(fl_pairs_popcount(spins, count, n, &effort, expected));
    assert_ok(fl_pairs_walsh(spins, count, n, pairs));
    assert_memory_equal(pairs, expected, (n + 1) * sizeof *pairs);
    free(spins);
}

static void between_sets(void **state) {
    (void)state;
    fl_rng rng = test_stream("between");
    for (int trial = 0; trial < 60; trial++) {
        size_t n = 1 + (size_t)fl_rng_below(&rng, 150);
        size_t a_count = (size_t)fl_rng_below(&rng, trial % 9 ? 90 : 700);
        size_t b_count = (size_t)fl_rng_below(&rng, trial % 7 ? 90 : 900);
        uint64_t *a = random_set(&rng, a_count, n, false), *b = random_set(&rng, b_count, n, false);
        uint64_t expected[200], pairs[200];
        fl_effort effort = {.threads = test_threads(&rng)};
        slow_pairs(a, a_count, b, b_count, n, expected);
        assert_ok(fl_pairs_between(a, a_count, b, b_count, n, &effort, pairs));
        assert_memory_equal(pairs, expected, (n + 1) * sizeof *pairs);
        free(a);
        free(b);
    }
}

/* Neurons renamed and signs of some of them turned, members in another order: nothing changes. */
static void relabelling(void **state) {
    (void)state;
    fl_rng rng = test_stream("relabel");
    for (int trial = 0; trial < 20; trial++) {
        size_t n = 1 + (size_t)fl_rng_below(&rng, 90), count = (size_t)fl_rng_below(&rng, 300);
        size_t words = fl_spins_words(n);
        uint64_t *spins = random_set(&rng, count, n, false), gauge[2], before[100], after[100];
        uint64_t *other = calloc(count * words + 1, sizeof *other);
        uint32_t names[100], order[300];
        fl_effort effort = {.threads = 1};
        fl_spins_random(gauge, n, &rng);
        fl_rng_permutation(&rng, n, names);
        fl_rng_permutation(&rng, count, order);
        for (size_t k = 0; k < count; k++)
            for (size_t i = 0; i < n; i++)
                fl_spins_set(other + order[k] * words, names[i],
                             fl_spins_get(spins + k * words, i) * fl_spins_get(gauge, i));
        assert_ok(fl_pairs(spins, count, n, &effort, before));
        assert_ok(fl_pairs(other, count, n, &effort, after));
        assert_memory_equal(before, after, (n + 1) * sizeof *before);
        free(spins);
        free(other);
    }
}

static void drawn_pairs_are_unbiased(void **state) {
    (void)state;
    fl_rng rng = test_stream("drawn"), again;
    for (int trial = 0; trial < 10; trial++) {
        size_t n = 10 + (size_t)fl_rng_below(&rng, 80), count = 2 + (size_t)fl_rng_below(&rng, 90);
        uint64_t *spins = random_set(&rng, count, n, false), exact[100], draws = 20000;
        double pairs[100], errors[100], same[100], sum = 0, chi2 = 0;
        fl_effort effort = {.threads = 1};
        assert_ok(fl_pairs(spins, count, n, &effort, exact));
        again = rng;
        assert_ok(fl_pairs_sampled(spins, count, n, draws, &rng, pairs, errors));
        assert_ok(fl_pairs_sampled(spins, count, n, draws, &again, same, errors));
        assert_memory_equal(pairs, same, (n + 1) * sizeof *pairs);
        double all = (double)count * ((double)count - 1), bins = 0, rare = 0, rare_expected = 0;
        for (size_t d = 0; d <= n; d++) {
            double p = ((double)exact[d] - (d ? 0 : (double)count)) / all;
            double hits = (pairs[d] - (d ? 0 : (double)count)) / all * (double)draws;
            double expected = p * (double)draws;
            sum += pairs[d];
            if (expected < 20) {
                rare += hits;
                rare_expected += expected;
                continue;
            }
            chi2 += (hits - expected) * (hits - expected) / expected;
            bins++;
            assert_relative(
                errors[d],
                all * sqrt(hits / (double)draws * (1 - hits / (double)draws) / (double)(draws - 1)),
                1e-9);
        }
        if (rare_expected > 20)
            chi2 += (rare - rare_expected) * (rare - rare_expected) / rare_expected;
        assert_relative(sum, (double)count * (double)count, 1e-9);
        if (bins > 1)
            assert_p(fl_p_chi2(chi2, bins - 1 + (rare_expected > 20)));
        free(spins);
    }
}

static double uniform(double x) {
    return x;
}

/* Correlated normal data: p is uniform. */
static void agreement_is_calibrated(void **state) {
    (void)state;
    enum { BINS = 6, SAMPLES = 40, TRIALS = 400 };
    fl_rng rng = test_stream("calibrated");
    static double values[SAMPLES * BINS], p[TRIALS];
    const double expected[BINS] = {50, 60, 70, 80, 90, 100};
    for (size_t t = 0; t < TRIALS; t++) {
        for (size_t s = 0; s < SAMPLES; s++) {
            double common = fl_rng_gauss(&rng);
            for (size_t b = 0; b < BINS; b++)
                values[s * BINS + b] =
                    expected[b] + (double)(b + 1) * (3 * common + fl_rng_gauss(&rng));
        }
        fl_agreement a;
        assert_ok(fl_agreement_test(values, SAMPLES, BINS, expected, 1000, &a));
        assert_int_equal(a.bins, BINS);
        p[t] = a.p;
    }
    assert_p(test_kolmogorov(p, TRIALS, uniform));
}

/* With one bin T is Student's t; merging adds bins; a wrong expectation is seen. */
static void agreement_of_one_bin_and_merging(void **state) {
    (void)state;
    enum { SAMPLES = 50 };
    fl_rng rng = test_stream("merge");
    double one[SAMPLES], three[3 * SAMPLES], merged[SAMPLES];
    const double expected[3] = {1, 2, 30};
    for (size_t s = 0; s < SAMPLES; s++) {
        for (size_t b = 0; b < 3; b++)
            three[3 * s + b] = expected[b] + fl_rng_gauss(&rng);
        merged[s] = one[s] = three[3 * s] + three[3 * s + 1] + three[3 * s + 2];
    }
    fl_agreement a, b;
    const double all = 33, off = 34;
    assert_ok(fl_agreement_test(one, SAMPLES, 1, &all, 0, &a));
    assert_ok(fl_agreement_test(three, SAMPLES, 3, expected, 1600, &b));
    fl_estimate mean = fl_mean(merged, SAMPLES);
    double z = fl_z(mean.mean, all, mean.error);
    assert_relative(a.t2, z * z, 1e-9);
    assert_relative(a.max_z, fabs(z), 1e-9);
    assert_int_equal(b.bins, 1);
    assert_relative(b.t2, z * z, 1e-9);
    assert_ok(fl_agreement_test(one, SAMPLES, 1, &off, 0, &a));
    assert_true(fl_z(mean.mean, off, mean.error) < -2 && a.p < 0.1);
    /* The third bin alone, with the first two joined to it or before it. */
    assert_ok(fl_agreement_test(three, SAMPLES, 3, expected, 140, &b));
    assert_int_equal(b.bins, 2);
}

static void agreement_refuses(void **state) {
    (void)state;
    const double values[12] = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12}, expected[4] = {6, 6, 6, 6};
    fl_agreement a;
    assert_status(FL_EINVAL, fl_agreement_test(values, 3, 4, expected, 1, &a));
    assert_status(FL_EINVAL, fl_agreement_test(values, 3, 4, expected, 1e9, &a));
    /* Two equal bins have no inverse covariance: not a number, not a verdict. */
    double twice[20];
    for (size_t s = 0; s < 10; s++)
        twice[2 * s] = twice[2 * s + 1] = (double)(s * s);
    assert_ok(fl_agreement_test(twice, 10, 2, expected, 1, &a));
    assert_true(isnan(a.p) && isnan(a.t2));
}

static void density_is_a_sum_of_gaussians(void **state) {
    (void)state;
    fl_rng rng = test_stream("density");
    for (int trial = 0; trial < 20; trial++) {
        size_t n = 1 + (size_t)fl_rng_below(&rng, 60), points = 4096;
        double width = 0.02 + 0.2 * fl_rng_uniform(&rng), edge = 1 + 6 * width, mass = 0, all = 0;
        double weights[100], *out = malloc(points * sizeof *out), step = 2 * edge / 4095;
        fl_smoother *smoother;
        for (size_t d = 0; d <= n; d++)
            all += weights[d] = fl_rng_uniform(&rng);
        assert_ok(fl_smoother_new(&smoother, n, width, -edge, edge, points));
        fl_smoother_run(smoother, weights, out);
        for (size_t k = 0; k < points; k++)
            mass += out[k] * step;
        assert_relative(mass, all, 1e-9);
        for (size_t k = 0; k < points; k += 37) {
            double q = -edge + (double)k * step, sum = 0;
            for (size_t d = 0; d <= n; d++) {
                double x = (q - 1 + 2 * (double)d / (double)n) / width;
                sum += weights[d] * exp(-x * x / 2) / (width * sqrt(2 * M_PI));
            }
            /* Sharing a weight between two grid points widens it: step^2 / width^2 / 8 at most. */
            assert_true(fabs(out[k] - sum) <
                        all / width * (step * step / (width * width) / 8 + 1e-6));
        }
        fl_smoother_free(smoother);
        free(out);
    }
}

static void refusals(void **state) {
    (void)state;
    uint64_t spins[2] = {0, 0}, *many = calloc(2000, sizeof *many), pairs[64];
    double real[64];
    fl_effort effort = {.threads = 1}, stopped = {.threads = 2, .stop = test_stop_after};
    fl_smoother *smoother;
    fl_rng rng = test_stream("refusals");
    assert_status(FL_EINVAL, fl_pairs(spins, 2, 0, &effort, pairs));
    assert_status(FL_EINVAL, fl_pairs_popcount(spins, 2, FL_OVERLAP_NEURONS + 1, &effort, pairs));
    assert_status(FL_EINVAL, fl_pairs_walsh(spins, 2, FL_WALSH_NEURONS + 1, pairs));
    assert_status(FL_STOPPED, fl_pairs_popcount(many, 2000, 40, &stopped, pairs));
    assert_status(FL_EINVAL, fl_pairs_sampled(spins, 2, 5, 0, &rng, real, real + 10));
    assert_status(FL_EINVAL, fl_smoother_new(&smoother, 10, 0, -2, 2, 64));
    assert_status(FL_EINVAL, fl_smoother_new(&smoother, 10, 0.1, -1, 2, 64));
    fl_pair_histogram(NULL, 0, 5, pairs);
    assert_int_equal(sum_of(pairs, 5), 0);
    fl_smoother_free(NULL);
    free(many);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(distances_of_every_kernel),
        cmocka_unit_test(pairs_of_every_kernel),
        cmocka_unit_test(all_routes_agree),
        cmocka_unit_test(walsh_beyond_the_cache),
        cmocka_unit_test(between_sets),
        cmocka_unit_test(relabelling),
        cmocka_unit_test(drawn_pairs_are_unbiased),
        cmocka_unit_test(agreement_is_calibrated),
        cmocka_unit_test(agreement_of_one_bin_and_merging),
        cmocka_unit_test(agreement_refuses),
        cmocka_unit_test(density_is_a_sum_of_gaussians),
        cmocka_unit_test(refusals),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
