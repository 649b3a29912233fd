/* Random numbers in bulk: the words of a stream and the normals made of them, by every kernel,
 * against one draw at a time and against GSL's quantiles. */
#include "tests/support/support.h"

#include <gsl/gsl_cdf.h>
#include <math.h>

#include "src/kernel/gauss.h"
#include "src/kernel/philox.h"
#include "tests/support/kernels.h"

static size_t kernels(fl_philox *const **blocks, fl_gauss *const **normals) {
#ifdef __x86_64__
    static fl_philox *const philox[] = {fl_philox_scalar, fl_philox_avx2, fl_philox_avx512};
    static fl_gauss *const gauss[] = {fl_gauss_scalar, fl_gauss_avx2, fl_gauss_avx512};
#else
    static fl_philox *const philox[] = {fl_philox_scalar};
    static fl_gauss *const gauss[] = {fl_gauss_scalar};
#endif
    *blocks = philox;
    *normals = gauss;
    return test_kernels();
}

static void blocks_by_every_kernel(void **state) {
    (void)state;
    enum { MOST = 70 };
    fl_philox *const *kernel;
    fl_gauss *const *unused;
    size_t count = kernels(&kernel, &unused);
    fl_rng rng = test_stream("blocks");
    for (int trial = 0; trial < 2000; trial++) {
        uint64_t key[2], counter[4], expected[4 * MOST], words[4 * MOST + 1];
        for (int k = 0; k < 6; k++)
            *(k < 2 ? key + k : counter + k - 2) = fl_rng_bits(&rng);
        if (trial % 3 == 0)
            counter[0] = -fl_rng_below(&rng, MOST); /* it wraps on the way */
        size_t blocks = fl_rng_below(&rng, MOST + 1);
        fl_philox_scalar(key, counter, blocks, expected);
        for (size_t k = 1; k < count; k++) {
            words[4 * blocks] = 0x5A5A;
            kernel[k](key, counter, blocks, words);
            assert_memory_equal(words, expected, 4 * blocks * sizeof *words);
            assert_int_equal(words[4 * blocks], 0x5A5A);
        }
    }
}

/* Words over the whole range of the tail, to the last bits at both ends. */
static uint64_t any_word(fl_rng *rng) {
    uint64_t bits = fl_rng_bits(rng), kind = fl_rng_below(rng, 4);
    if (kind == 0)
        return bits;
    if (kind == 1)
        return bits >> fl_rng_below(rng, 64);
    if (kind == 2)
        return ~(bits >> fl_rng_below(rng, 64));
    /* Around the borders of the three formulas: q = 0.075 and q = exp(-25). */
    double border = fl_rng_bits(rng) & 1 ? 0.075 : exp(-25);
    return (uint64_t)(border * 0x1p63) * 2 + (bits % 4096 - 2048);
}

/* Equal to the bit on the processors for which GSL, too, is built without fused products. */
static bool as_gsl(double value, uint64_t word) {
    double q = ((double)(word >> 1) + 0.5) * 0x1p-64, expected = gsl_cdf_ugaussian_Qinv(q);
    expected = word & 1 ? -expected : expected;
#ifdef __x86_64__
    return memcmp(&value, &expected, sizeof value) == 0;
#else
    return fabs(value - expected) <= 1e-15 * fabs(expected);
#endif
}

static void normals_by_every_kernel(void **state) {
    (void)state;
    fl_philox *const *unused;
    fl_gauss *const *kernel;
    size_t count = kernels(&unused, &kernel), far = 0;
    fl_rng rng = test_stream("normals");
    for (int trial = 0; trial < (test_fast() ? 400 : 8000); trial++) {
        uint64_t words[FL_GAUSS_MOST] = {0};
        double expected[FL_GAUSS_MOST], values[FL_GAUSS_MOST];
        size_t n = fl_rng_below(&rng, FL_GAUSS_MOST + 1);
        for (size_t k = 0; k < n; k++)
            words[k] = trial % 2 ? fl_rng_bits(&rng) : any_word(&rng);
        fl_gauss_scalar(words, n, expected);
        for (size_t k = 0; k < n; k++) {
            if (!as_gsl(expected[k], words[k]))
                fail_msg("word %016llx gives %.17g", (unsigned long long)words[k], expected[k]);
            far += fabs(expected[k]) > 6.7; /* r > 5 */
        }
        for (size_t k = 1; k < count; k++) {
            kernel[k](words, n, values);
            assert_memory_equal(values, expected, n * sizeof *values);
        }
    }
    assert_true(far > 1000);
}

/* From any position within a block, any number: the same draws, and the same stream afterwards. */
static void as_one_at_a_time(void **state) {
    (void)state;
    enum { MOST = 700 };
    fl_rng numbers = test_stream("fill");
    for (int trial = 0; trial < 500; trial++) {
        fl_rng one = fl_rng_stream(fl_rng_bits(&numbers), FL_PURPOSE_TEST, 3, (uint64_t)trial);
        fl_rng_sub(&one, 5);
        for (uint64_t skip = fl_rng_below(&numbers, 9); skip; skip--)
            (void)fl_rng_bits(&one);
        fl_rng many = one;
        for (int part = 0; part < 4; part++) {
            double values[MOST];
            float rounded[MOST];
            size_t n = fl_rng_below(&numbers, part % 2 ? MOST : 6);
            if (part == 3)
                fl_rng_gauss_floats(&many, n, 0.3, rounded);
            else
                fl_rng_gauss_fill(&many, n, values);
            for (size_t k = 0; k < n; k++) {
                double expected = fl_rng_gauss(&one);
                assert_true(part == 3 ? rounded[k] == (float)(0.3 * expected)
                                      : values[k] == expected);
            }
            assert_true(fl_rng_bits(&one) == fl_rng_bits(&many));
        }
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(blocks_by_every_kernel),
        cmocka_unit_test(normals_by_every_kernel),
        cmocka_unit_test(as_one_at_a_time),
    };
    return cmocka_run_group_tests_name("bulk", tests, NULL, NULL);
}
