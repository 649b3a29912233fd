/* Signs of sums without rounding, against the exact sums of MPFR; and the bound on the error of
 * rounded ones. */
#include "tests/support/support.h"

#include <float.h>
#include <math.h>
#include <mpfr.h>

#include "fixland/exact.h"

enum { MOST = 300, BITS = 2400 /* any sum of a few hundred doubles is exact */ };

static void exact_sum(mpfr_t sum, const double *terms, size_t count) {
    mpfr_set_zero(sum, 1);
    for (size_t k = 0; k < count; k++)
        assert_int_equal(mpfr_add_d(sum, sum, terms[k], MPFR_RNDN), 0);
}

static int exact_sign(const double *terms, size_t count) {
    mpfr_t sum;
    mpfr_init2(sum, BITS);
    exact_sum(sum, terms, count);
    int sign = mpfr_sgn(sum);
    mpfr_clear(sum);
    return (sign > 0) - (sign < 0);
}

static void assert_sign(const double *terms, size_t count) {
    double scratch[MOST];
    memcpy(scratch, terms, count * sizeof *terms);
    assert_int_equal(fl_exact_sign(scratch, count), exact_sign(terms, count));
}

/* A double with a random exponent in -spread .. spread. */
static double wide(fl_rng *rng, int spread) {
    int exponent = (int)fl_rng_below(rng, 2 * (uint64_t)spread + 1) - spread;
    return ldexp(fl_rng_uniform(rng) - 0.5, exponent);
}

static void shuffle(double *terms, size_t count, fl_rng *rng) {
    for (size_t k = count; k > 1; k--) {
        size_t other = (size_t)fl_rng_below(rng, k);
        double swap = terms[k - 1];
        terms[k - 1] = terms[other];
        terms[other] = swap;
    }
}

/* Appends doubles that take the sum to exactly zero; returns the new count. */
static size_t cancel(double *terms, size_t count) {
    mpfr_t sum;
    mpfr_init2(sum, BITS);
    for (;;) {
        exact_sum(sum, terms, count);
        double rest = mpfr_get_d(sum, MPFR_RNDN);
        if (rest == 0)
            break;
        assert_true(count < MOST);
        terms[count++] = -rest;
    }
    mpfr_clear(sum);
    return count;
}

static void few(void **state) {
    (void)state;
    double one[] = {-DBL_TRUE_MIN}, two[] = {1e300, -1e300}, zeros[] = {0.0, -0.0, 0.0};
    assert_int_equal(fl_exact_sign(one, 0), 0);
    assert_int_equal(fl_exact_sign(one, 1), -1);
    assert_int_equal(fl_exact_sign(two, 2), 0);
    assert_int_equal(fl_exact_sign(zeros, 3), 0);
    double lost[] = {1e300, 1e-300, -1e300}, binary[] = {0.1, 0.2, -0.3};
    assert_int_equal(fl_exact_sign(lost, 3), 1);
    assert_int_equal(fl_exact_sign(binary, 3), 1); /* 0.3 is a little less than 0.1 + 0.2 */
}

static void random_sums(void **state) {
    (void)state;
    fl_rng rng = test_stream("random sums");
    for (int trial = 0; trial < 3000; trial++) {
        double terms[MOST];
        size_t count = (size_t)fl_rng_below(&rng, 60);
        int spread = (int[]){0, 3, 60, 500}[fl_rng_below(&rng, 4)];
        for (size_t k = 0; k < count; k++)
            terms[k] = wide(&rng, spread);
        assert_sign(terms, count);
    }
}

/* Sums that vanish, or miss zero by the smallest amount there is. */
static void near_cancellations(void **state) {
    (void)state;
    fl_rng rng = test_stream("cancellations");
    int seen[3] = {0};
    for (int trial = 0; trial < 3000; trial++) {
        double terms[MOST];
        size_t count = 1 + (size_t)fl_rng_below(&rng, 40);
        int spread = (int[]){0, 10, 100, 400}[fl_rng_below(&rng, 4)];
        for (size_t k = 0; k < count; k++)
            terms[k] = wide(&rng, spread);
        count = cancel(terms, count);
        static const double off[] = {0, DBL_TRUE_MIN, -DBL_TRUE_MIN, 1e-290, -1e-290};
        terms[count++] = off[fl_rng_below(&rng, 5)];
        shuffle(terms, count, &rng);
        assert_sign(terms, count);
        seen[1 + exact_sign(terms, count)]++;
    }
    assert_true(seen[0] > 500 && seen[1] > 300 && seen[2] > 500);
}

/* Last bits changed: the neighbours of a number that cancels. */
static void last_bits(void **state) {
    (void)state;
    fl_rng rng = test_stream("last bits");
    for (int trial = 0; trial < 3000; trial++) {
        double terms[MOST], sum = 0;
        size_t count = 2 + (size_t)fl_rng_below(&rng, 250);
        for (size_t k = 0; k + 1 < count; k++)
            sum += terms[k] = fl_rng_gauss(&rng);
        terms[count - 1] = -sum;
        for (uint64_t step = fl_rng_below(&rng, 3); step > 0; step--)
            terms[count - 1] = nextafter(terms[count - 1], fl_rng_bits(&rng) & 1 ? 1e9 : -1e9);
        assert_sign(terms, count);
    }
}

static double pairwise(const double *x, size_t count) {
    return count == 1 ? x[0] : pairwise(x, count / 2) + pairwise(x + count / 2, count - count / 2);
}

static double strided(const double *x, size_t count) {
    double lane[8] = {0};
    for (size_t k = 0; k < count; k++)
        lane[k % 8] += x[k];
    return pairwise(lane, 8);
}

static double backward(const double *x, size_t count) {
    double sum = 0;
    while (count-- > 0)
        sum += x[count];
    return sum;
}

static void error_bound(void **state) {
    (void)state;
    fl_rng rng = test_stream("error bound");
    mpfr_t exact;
    mpfr_init2(exact, BITS);
    double closest = 0;
    for (int trial = 0; trial < 2000; trial++) {
        double terms[MOST], magnitude = 0;
        size_t count = 1 + (size_t)fl_rng_below(&rng, MOST);
        int spread = (int[]){0, 3, 60}[fl_rng_below(&rng, 3)];
        for (size_t k = 0; k < count; k++)
            magnitude += fabs(terms[k] = wide(&rng, spread));
        double sums[] = {pairwise(terms, count), strided(terms, count), backward(terms, count)};
        for (int s = 0; s < 3; s++) {
            exact_sum(exact, terms, count);
            mpfr_sub_d(exact, exact, sums[s], MPFR_RNDN);
            double error = fabs(mpfr_get_d(exact, MPFR_RNDN));
            assert_true(error <= fl_sum_error(count, magnitude));
            closest = fmax(closest, error / fl_sum_error(count, magnitude));
        }
    }
    mpfr_clear(exact);
    assert_true(closest > 0); /* roundings happened */
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(few),
        cmocka_unit_test(random_sums),
        cmocka_unit_test(near_cancellations),
        cmocka_unit_test(last_bits),
        cmocka_unit_test(error_bound),
    };
    return cmocka_run_group_tests_name("exact", tests, NULL, NULL);
}
