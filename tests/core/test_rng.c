/* Random streams: Philox against known answers and a second implementation, independence of
 * streams, distributions. */
#include "tests/support/support.h"

#include <gsl/gsl_cdf.h>
#include <gsl/gsl_randist.h>
#include <math.h>

#include "fixland/rng_gsl.h"
#include "tests/support/chance.h"

/* Philox4x64-10 written from the paper, on 128-bit products. */
static void philox(const uint64_t counter[4], const uint64_t key[2], uint64_t out[4]) {
    uint64_t k[2] = {key[0], key[1]};
    memcpy(out, counter, 4 * sizeof *out);
    for (int round = 0; round < 10; round++) {
        unsigned __int128 a = (unsigned __int128)UINT64_C(0xD2E7470EE14C6C93) * out[0];
        unsigned __int128 b = (unsigned __int128)UINT64_C(0xCA5A826395121157) * out[2];
        uint64_t next[4] = {(uint64_t)(b >> 64) ^ out[1] ^ k[0], (uint64_t)b,
                            (uint64_t)(a >> 64) ^ out[3] ^ k[1], (uint64_t)a};
        memcpy(out, next, sizeof next);
        k[0] += UINT64_C(0x9E3779B97F4A7C15);
        k[1] += UINT64_C(0xBB67AE8584CAA73B);
    }
}

/* Random123, tests/kat_vectors: counter, key, output; the third holds digits of pi. */
static const uint64_t known[3][10] = {
    {0, 0, 0, 0, 0, 0, 0x16554d9eca36314c, 0xdb20fe9d672d0fdc, 0xd7e772cee186176b,
     0x7e68b68aec7ba23b},
    {UINT64_MAX, UINT64_MAX, UINT64_MAX, UINT64_MAX, UINT64_MAX, UINT64_MAX, 0x87b092c3013fe90b,
     0x438c3c67be8d0224, 0x9cc7d7c69cd777b6, 0xa09caebf594f0ba0},
    {0x243f6a8885a308d3, 0x13198a2e03707344, 0xa4093822299f31d0, 0x082efa98ec4e6c89,
     0x452821e638d01377, 0xbe5466cf34e90c6c, 0xa528f45403e61d95, 0x38c72dbd566e9788,
     0xa5a1610e72fd18b5, 0x57bd43b5e52b7fe6},
};

static void known_answers(void **state) {
    (void)state;
    for (int v = 0; v < 3; v++) {
        fl_rng rng = {.used = 4};
        uint64_t again[4];
        memcpy(rng.counter, known[v], sizeof rng.counter);
        memcpy(rng.key, known[v] + 4, sizeof rng.key);
        philox(known[v], known[v] + 4, again);
        for (int w = 0; w < 4; w++) {
            assert_int_equal(again[w], known[v][6 + w]);
            assert_int_equal(fl_rng_bits(&rng), known[v][6 + w]);
        }
    }
}

/* Word w of a stream is word w % 4 of block w / 4, at the address that rng.h gives. */
static void words_are_where_they_should_be(void **state) {
    (void)state;
    fl_rng numbers = test_stream("addresses");
    for (int trial = 0; trial < 2000; trial++) {
        uint64_t seed = fl_rng_bits(&numbers), sample = fl_rng_bits(&numbers);
        uint64_t replica = fl_rng_bits(&numbers), sub = fl_rng_below(&numbers, 5), block[4];
        fl_purpose purpose = (fl_purpose)(1 + fl_rng_below(&numbers, 10));
        fl_rng rng = fl_rng_stream(seed, purpose, sample, replica);
        if (sub)
            fl_rng_sub(&rng, sub);
        for (uint64_t w = 0; w < 20; w++) {
            if (w % 4 == 0)
                philox((uint64_t[]){w / 4, sub, sample, replica},
                       (uint64_t[]){seed, (uint64_t)purpose}, block);
            assert_int_equal(fl_rng_bits(&rng), block[w % 4]);
        }
    }
}

static void restart(void **state) {
    (void)state;
    fl_rng a = test_stream("restart"), b = a;
    uint64_t first[103];
    for (int k = 0; k < 103; k++)
        first[k] = fl_rng_bits(&a);
    fl_rng copy = a;
    for (int k = 0; k < 103; k++)
        assert_int_equal(fl_rng_bits(&b), first[k]);
    for (int k = 0; k < 50; k++)
        assert_int_equal(fl_rng_bits(&copy), fl_rng_bits(&a));
    fl_rng_sub(&a, 3);
    fl_rng_sub(&a, 0);
    for (int k = 0; k < 103; k++)
        assert_int_equal(fl_rng_bits(&a), first[k]);
}

/* Streams that differ in one number by one: bits agree in one half of the places, and Gaussians
 * have no correlation. */
static void neighbours(const fl_rng *x, const fl_rng *y) {
    fl_rng a = *x, b = *y;
    double same = 0, sum = 0, count = 4096;
    for (int k = 0; k < 4096; k++)
        same += __builtin_popcountll(fl_rng_bits(&a) ^ ~fl_rng_bits(&b));
    assert_z(same, 32 * count, sqrt(16 * count));
    for (int k = 0; k < 4096; k++)
        sum += fl_rng_gauss(&a) * fl_rng_gauss(&b);
    assert_z(sum, 0, sqrt(count));
}

static void streams_are_independent(void **state) {
    (void)state;
    for (uint64_t k = 0; k < 40; k++) {
        fl_rng base = fl_rng_stream(test_seed() + k, FL_PURPOSE_START, k, 5);
        fl_rng sub = base;
        fl_rng_sub(&sub, 1);
        fl_rng others[] = {sub, fl_rng_stream(test_seed() + k + 1, FL_PURPOSE_START, k, 5),
                           fl_rng_stream(test_seed() + k, FL_PURPOSE_DYNAMICS, k, 5),
                           fl_rng_stream(test_seed() + k, FL_PURPOSE_START, k + 1, 5),
                           fl_rng_stream(test_seed() + k, FL_PURPOSE_START, k, 6)};
        for (size_t o = 0; o < sizeof others / sizeof *others; o++)
            neighbours(&base, &others[o]);
    }
}

static double uniform_cdf(double x) {
    return x;
}

static size_t draws(void) {
    return test_fast() ? 50000 : 500000;
}

static void uniform(void **state) {
    (void)state;
    fl_rng rng = test_stream("uniform");
    size_t count = draws();
    double *x = malloc(count * sizeof *x);
    uint64_t low[256] = {0};
    for (size_t k = 0; k < count; k++) {
        x[k] = fl_rng_uniform(&rng);
        assert_true(x[k] > 0 && x[k] < 1);
        double place = x[k] * 0x1p52; /* k + 1/2, k = 0 .. 2^52 - 1 */
        assert_true(place - floor(place) == 0.5);
        low[(uint64_t)place & 255]++;
    }
    assert_p(test_chi2_uniform(low, 256));
    assert_p(test_moments_uniform(x, count));
    assert_p(test_kolmogorov(x, count, uniform_cdf));
    free(x);
}

static void uniform_ends(void **state) {
    (void)state;
    fl_rng ends = {.block = {0, UINT64_MAX}};
    double first = fl_rng_uniform(&ends), last = fl_rng_uniform(&ends);
    assert_true(first == 0x1p-53);
    assert_true(last == 1 - 0x1p-53);
}

static double normal_cdf(double x) {
    return gsl_cdf_ugaussian_P(x);
}

/* Numbers beyond t standard deviations on one side are binomial. */
static void tail(const double *x, size_t count, double t) {
    double p = gsl_cdf_ugaussian_Q(t);
    uint64_t above = 0, below = 0;
    for (size_t k = 0; k < count; k++) {
        above += x[k] > t;
        below += x[k] < -t;
    }
    unsigned int m = (unsigned int)count;
    assert_p(gsl_cdf_binomial_P((unsigned int)above, p, m));
    assert_p(gsl_cdf_binomial_P((unsigned int)below, p, m));
    assert_p(above ? gsl_cdf_binomial_Q((unsigned int)above - 1, p, m) : 1);
    assert_p(below ? gsl_cdf_binomial_Q((unsigned int)below - 1, p, m) : 1);
}

static void gauss(void **state) {
    (void)state;
    fl_rng rng = test_stream("gauss");
    size_t count = draws();
    double *x = malloc(count * sizeof *x);
    double lag = 0;
    for (size_t k = 0; k < count; k++) {
        x[k] = fl_rng_gauss(&rng);
        if (k)
            lag += x[k] * x[k - 1];
    }
    assert_z(lag, 0, sqrt((double)count - 1));
    assert_p(test_moments_normal(x, count));
    for (double t = 2; t < 5; t += 0.5)
        tail(x, count, t);
    assert_p(test_kolmogorov(x, count, normal_cdf));
    free(x);
}

/* By inversion: Phi of what comes out is what went in, also far out in both tails. */
static void gauss_by_inversion(void **state) {
    (void)state;
    fl_rng numbers = test_stream("inversion");
    for (int trial = 0; trial < 20000; trial++) {
        uint64_t bits = fl_rng_bits(&numbers) >> fl_rng_below(&numbers, 64);
        fl_rng one = {.block = {bits}};
        double value = fl_rng_gauss(&one), expected = ((double)(bits >> 1) + 0.5) * 0x1p-64;
        assert_true(bits & 1 ? value <= 0 : value >= 0);
        double back = 0.5 * erfc(fabs(value) * M_SQRT1_2);
        /* Rounding of the value times the slope of ln Q. */
        assert_relative(back, expected, 1e-15 * (4 + value * value));
    }
    fl_rng extreme = {.block = {0, 1}};
    double highest = fl_rng_gauss(&extreme), lowest = fl_rng_gauss(&extreme);
    assert_true(highest > 9.1 && highest < 9.2 && lowest == -highest);
}

static void below(void **state) {
    (void)state;
    fl_rng rng = test_stream("below");
    uint64_t seven[7] = {0}, thirds[3] = {0};
    for (int k = 0; k < 70000; k++) {
        seven[fl_rng_below(&rng, 7)]++;
        /* Taken modulo 3 * 2^62 the lowest third would come twice as often. */
        thirds[fl_rng_below(&rng, UINT64_C(3) << 62) >> 62]++;
        assert_int_equal(fl_rng_below(&rng, 1), 0);
    }
    assert_p(test_chi2_uniform(seven, 7));
    assert_p(test_chi2_uniform(thirds, 3));
    fl_rng fixed = {.block = {5, UINT64_C(1) << 62, 0, 77}};
    assert_int_equal(fl_rng_below(&fixed, UINT64_C(3) << 62), UINT64_C(1) << 62);
    assert_int_equal(fixed.used, 2); /* 5 is one of the 2^62 words too many */
    assert_int_equal(fl_rng_below(&fixed, UINT64_C(1) << 63), 0); /* a power of two rejects none */
}

static void permutations_of_four(void **state) {
    (void)state;
    fl_rng rng = test_stream("permutations");
    uint64_t seen[256] = {0}, observed[24];
    for (int k = 0; k < 48000; k++) {
        uint32_t p[4];
        fl_rng_permutation(&rng, 4, p);
        seen[p[0] << 6 | p[1] << 4 | p[2] << 2 | p[3]]++;
    }
    size_t kinds = 0;
    for (int code = 0; code < 256; code++)
        if (seen[code]) {
            assert_true(kinds < 24);
            observed[kinds++] = seen[code];
        }
    assert_int_equal(kinds, 24);
    assert_p(test_chi2_uniform(observed, 24));
}

static void long_permutations(void **state) {
    (void)state;
    fl_rng rng = test_stream("long permutations");
    enum { N = 50 };
    uint64_t place[N][N] = {{0}}, all[N * N];
    for (int k = 0; k < 20000; k++) {
        uint32_t p[N];
        bool seen[N] = {false};
        fl_rng_permutation(&rng, N, p);
        for (uint32_t i = 0; i < N; i++) {
            assert_true(p[i] < N && !seen[p[i]]);
            seen[p[i]] = true;
            place[i][p[i]]++;
        }
    }
    memcpy(all, place, sizeof all);
    for (int i = 0; i < N; i++)
        assert_p(test_chi2_uniform(all + i * N, N));
    uint32_t untouched = 17;
    fl_rng_permutation(&rng, 0, &untouched);
    assert_int_equal(untouched, 17);
    fl_rng_permutation(&rng, 1, &untouched);
    assert_int_equal(untouched, 0);
}

static void gsl_adapter(void **state) {
    (void)state;
    fl_rng stream = test_stream("gsl");
    for (int k = 0; k < 3; k++) /* from the middle of a block */
        fl_rng_bits(&stream);
    fl_rng twin = stream;
    gsl_rng *rng = fl_rng_gsl(&stream);
    assert_non_null(rng);
    for (int k = 0; k < 1000; k++)
        assert_int_equal(gsl_rng_get(rng), fl_rng_bits(&twin));
    gsl_rng *clone = gsl_rng_clone(rng);
    for (int k = 0; k < 1000; k++) {
        double x = fl_rng_uniform(&twin);
        assert_true(gsl_rng_uniform(rng) == x && gsl_rng_uniform(clone) == x);
    }
    assert_int_equal(stream.used, 3); /* copied, not shared */
    gsl_rng_free(clone);
    gsl_rng_free(rng);
}

static void gsl_draws(void **state) {
    (void)state;
    fl_rng stream = test_stream("gsl draws");
    gsl_rng *rng = fl_rng_gsl(&stream);
    enum { COUNT = 20000 };
    static double x[COUNT];
    uint64_t dice[6] = {0};
    for (int k = 0; k < COUNT; k++) {
        x[k] = gsl_ran_gaussian_ziggurat(rng, 1);
        dice[gsl_rng_uniform_int(rng, 6)]++;
    }
    assert_p(test_kolmogorov(x, COUNT, normal_cdf));
    assert_p(test_chi2_uniform(dice, 6));
    gsl_rng_set(rng, 12);
    unsigned long first = gsl_rng_get(rng);
    gsl_rng_get(rng);
    gsl_rng_set(rng, 12);
    assert_int_equal(gsl_rng_get(rng), first);
    gsl_rng_set(rng, 13);
    assert_int_not_equal(gsl_rng_get(rng), first);
    gsl_rng_free(rng);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(known_answers),
        cmocka_unit_test(words_are_where_they_should_be),
        cmocka_unit_test(restart),
        cmocka_unit_test(streams_are_independent),
        cmocka_unit_test(uniform),
        cmocka_unit_test(uniform_ends),
        cmocka_unit_test(gauss),
        cmocka_unit_test(gauss_by_inversion),
        cmocka_unit_test(below),
        cmocka_unit_test(permutations_of_four),
        cmocka_unit_test(long_permutations),
        cmocka_unit_test(gsl_adapter),
        cmocka_unit_test(gsl_draws),
    };
    return cmocka_run_group_tests_name("rng", tests, NULL, NULL);
}
