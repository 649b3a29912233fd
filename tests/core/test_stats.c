/* Error bars and p-values against exact sums, closed forms, exact distributions and simulation. */
#include "tests/support/support.h"

#include <math.h>
#include <mpfr.h>

#include "fixland/stats.h"
#include "tests/support/chance.h"

/* Mean and its standard error in 400 bits. */
static fl_estimate exact_mean(const double *x, size_t count) {
    mpfr_t sum, square, part;
    mpfr_inits2(400, sum, square, part, (mpfr_ptr)0);
    mpfr_set_zero(sum, 1);
    mpfr_set_zero(square, 1);
    for (size_t k = 0; k < count; k++)
        mpfr_add_d(sum, sum, x[k], MPFR_RNDN);
    mpfr_div_ui(sum, sum, count, MPFR_RNDN);
    for (size_t k = 0; k < count; k++) {
        mpfr_d_sub(part, x[k], sum, MPFR_RNDN);
        mpfr_sqr(part, part, MPFR_RNDN);
        mpfr_add(square, square, part, MPFR_RNDN);
    }
    mpfr_div_ui(square, square, count, MPFR_RNDN);
    mpfr_div_ui(square, square, count - 1, MPFR_RNDN);
    mpfr_sqrt(square, square, MPFR_RNDN);
    fl_estimate e = {count, mpfr_get_d(sum, MPFR_RNDN), mpfr_get_d(square, MPFR_RNDN)};
    mpfr_clears(sum, square, part, (mpfr_ptr)0);
    return e;
}

static void means(void **state) {
    (void)state;
    fl_rng rng = test_stream("means");
    for (int trial = 0; trial < 300; trial++) {
        double x[500], offset = (double[]){0, 1e9, -1e15, 1e-12}[trial % 4];
        size_t count = 2 + (size_t)fl_rng_below(&rng, 499);
        for (size_t k = 0; k < count; k++)
            x[k] = offset + fl_rng_gauss(&rng);
        fl_estimate e = fl_mean(x, count), exact = exact_mean(x, count);
        assert_int_equal(e.samples, count);
        assert_true(fabs(e.mean - exact.mean) <= 3e-16 * (fabs(exact.mean) + 1));
        assert_relative(e.error, exact.error, 1e-12);
    }
}

/* Against the plain sums; and the error against the spread of many variances. */
static void variances(void **state) {
    (void)state;
    fl_rng rng = test_stream("variances");
    enum { COUNT = 60, TRIALS = 4000 };
    double found[TRIALS], told = 0;
    for (int trial = 0; trial < TRIALS; trial++) {
        double x[COUNT], mean = 0, square = 0, fourth = 0;
        for (int k = 0; k < COUNT; k++) {
            x[k] = fl_rng_gauss(&rng);
            x[k] += 0.3 * x[k] * x[k]; /* lopsided */
            mean += x[k] / COUNT;
        }
        for (int k = 0; k < COUNT; k++) {
            square += (x[k] - mean) * (x[k] - mean) / (COUNT - 1);
            fourth += pow(x[k] - mean, 4) / COUNT;
        }
        fl_estimate e = fl_variance_estimate(x, COUNT);
        found[trial] = e.mean;
        told += e.error * e.error / TRIALS;
        assert_relative(e.mean, square, 1e-12);
        assert_relative(e.error * e.error * COUNT,
                        fourth - (COUNT - 3.0) / (COUNT - 1.0) * square * square, 1e-9);
    }
    fl_estimate all = fl_mean(found, TRIALS);
    assert_z(all.mean, 1 + 0.18, all.error);
    /* The sample's own fourth moment is low by some per cent at 60 draws. */
    assert_true(fabs(told / (all.error * all.error * TRIALS) - 1) < 0.25);
    assert_true(isnan(fl_variance_estimate(found, 1).mean));
}

static void means_of_hardly_anything(void **state) {
    (void)state;
    double x[] = {3, 3, 3}, large[] = {1, 1e100, 1, -1e100};
    fl_estimate none = fl_mean(NULL, 0), one = fl_mean(x, 1), same = fl_mean(x, 3);
    assert_true(none.samples == 0 && isnan(none.mean) && isnan(none.error));
    assert_true(one.samples == 1 && one.mean == 3 && isnan(one.error));
    assert_true(same.mean == 3 && same.error == 0);
    assert_true(fl_mean(large, 4).mean == 0.5); /* compensated */
}

static void z_and_p(void **state) {
    (void)state;
    assert_true(fl_z(3, 2, 0.5) == 2 && fl_z(1, 2, 0.5) == -2);
    assert_true(fl_z(2, 2, 0) == 0 && fl_z(2, 2, NAN) == 0);
    assert_true(fl_z(3, 2, 0) == INFINITY && fl_z(1, 2, 0) == -INFINITY);
    assert_true(fl_z(256, 255.99999999999994, 0) == 0 && fl_z(1, 1 + 1e-11, 0) == -INFINITY);
    assert_true(fl_z(1, 1 - 1e-13, 1e-14) == 0 && fl_z(1 + 2e-12, 1, 1e-12) > 1);
    assert_true(isnan(fl_z(3, 2, NAN)) && isnan(fl_z(NAN, 2, 1)) && isnan(fl_z(3, NAN, 1)));
    assert_relative(fl_p_normal(1.959963984540054), 0.05, 1e-14);
    assert_relative(fl_p_normal(-4.891638475698590), 1e-6, 1e-10);
    assert_true(fl_p_normal(0) == 1 && fl_p_normal(INFINITY) == 0 && isnan(fl_p_normal(NAN)));
}

/* Closed forms for 1, 2, 4 and 6 degrees of freedom. */
static void p_chi2(void **state) {
    (void)state;
    for (double x = 0.01; x < 60; x *= 1.3) {
        double h = x / 2, e = exp(-h);
        assert_relative(fl_p_chi2(x, 1), erfc(sqrt(h)), 1e-11);
        assert_relative(fl_p_chi2(x, 2), e, 1e-11);
        assert_relative(fl_p_chi2(x, 4), e * (1 + h), 1e-11);
        assert_relative(fl_p_chi2(x, 6), e * (1 + h + h * h / 2), 1e-11);
    }
    assert_true(fl_p_chi2(0, 3) == 1);
}

enum { SIDE = 63 };

static void multiply(const double *a, const double *b, double *c, size_t m) {
    for (size_t i = 0; i < m; i++)
        for (size_t j = 0; j < m; j++) {
            double sum = 0;
            for (size_t k = 0; k < m; k++)
                sum += a[i * m + k] * b[k * m + j];
            c[i * m + j] = sum;
        }
}

/* The matrix of Marsaglia, Tsang and Wang (doi:10.18637/jss.v008.i18) for P(D_n < d), with
 * d = (k - h)/n, side m = 2k - 1. */
static void marsaglia(double *H, size_t m, double h) {
    for (size_t i = 0; i < m; i++)
        for (size_t j = 0; j < m; j++)
            H[i * m + j] = i + 1 >= j ? 1 : 0;
    for (size_t i = 0; i < m; i++) {
        H[i * m] -= pow(h, (double)i + 1);
        H[(m - 1) * m + i] -= pow(h, (double)(m - i));
    }
    H[(m - 1) * m] += 2 * h > 1 ? pow(2 * h - 1, (double)m) : 0;
    for (size_t i = 0; i < m; i++)
        for (size_t j = 0; j <= i && j < m; j++)
            H[i * m + j] /= tgamma((double)(i - j) + 2);
}

/* P(D_n >= d), exactly. */
static double kolmogorov_exact(size_t n, double d) {
    double k = floor((double)n * d) + 1, h = k - (double)n * d;
    size_t m = 2 * (size_t)k - 1;
    assert_true(m <= SIDE);
    static double H[SIDE * SIDE], power[SIDE * SIDE], next[SIDE * SIDE];
    marsaglia(H, m, h);
    memset(power, 0, sizeof power);
    for (size_t i = 0; i < m; i++)
        power[i * m + i] = 1;
    for (size_t step = 1; step <= n; step++) {
        multiply(power, H, next, m);
        for (size_t i = 0; i < m * m; i++)
            power[i] = next[i] * (double)step / (double)n; /* n! / n^n */
    }
    size_t centre = (size_t)k - 1;
    return 1 - power[centre * m + centre];
}

static void p_kolmogorov(void **state) {
    (void)state;
    static const size_t sizes[] = {20, 50, 100, 400};
    double worst = 0;
    for (size_t s = 0; s < 4; s++)
        for (double x = 0.3; x < 1.5; x += 0.1) {
            double d = x / sqrt((double)sizes[s]), exact = kolmogorov_exact(sizes[s], d);
            worst = fmax(worst, fabs(fl_p_kolmogorov(d, sizes[s]) - exact));
        }
    print_message("Kolmogorov: largest error of p %.2g\n", worst);
    assert_true(worst < 1e-3);
    assert_true(fl_p_kolmogorov(0, 50) == 1 && fl_p_kolmogorov(1, 50) < 1e-20);
}

/* p-values of uniform numbers are uniform, and a small shift is seen. */
static double identity(double x) {
    return x;
}

static void p_values_are_uniform(void **state) {
    (void)state;
    fl_rng rng = test_stream("p-values");
    uint64_t deciles[10] = {0};
    double x[200];
    for (int trial = 0; trial < 5000; trial++) {
        for (int k = 0; k < 200; k++)
            x[k] = fl_rng_uniform(&rng);
        double p = test_kolmogorov(x, 200, identity);
        deciles[p < 1 ? (int)(10 * p) : 9]++;
    }
    assert_p(test_chi2_uniform(deciles, 10));
    for (int k = 0; k < 200; k++)
        x[k] = pow(fl_rng_uniform(&rng), 1.8);
    assert_true(test_kolmogorov(x, 200, identity) < 1e-6);
}

/* At both ends p of the interval (successes/trials - p)^2 = z^2 p (1 - p) / trials. */
static void wilson_solves_its_equation(void **state) {
    (void)state;
    fl_rng rng = test_stream("wilson");
    for (int trial = 0; trial < 2000; trial++) {
        uint64_t trials = 1 + fl_rng_below(&rng, trial % 2 ? 10 : 100000);
        uint64_t successes = fl_rng_below(&rng, trials + 1);
        double z = 0.5 + 4 * fl_rng_uniform(&rng), n = (double)trials, f = (double)successes / n;
        fl_interval w = fl_wilson(successes, trials, z);
        assert_true(w.low >= 0 && w.low <= f && f <= w.high && w.high <= 1 && w.low < w.high);
        double ends[] = {w.low, w.high};
        for (int e = 0; e < 2; e++) {
            double p = ends[e], left = (f - p) * (f - p), right = z * z * p * (1 - p) / n;
            assert_true(fabs(left - right) <= 1e-13 * (right + f * f / n));
        }
    }
    fl_interval unknown = fl_wilson(0, 0, 2);
    assert_true(unknown.low == 0 && unknown.high == 1);
    assert_true(fl_wilson(0, 9, 2).low == 0 && fl_wilson(9, 9, 2).high == 1);
}

/* The 95 % interval holds the truth in about 95 % of the cases. */
static void wilson_covers(void **state) {
    (void)state;
    fl_rng rng = test_stream("coverage");
    double held = 0, cases = 4000;
    for (int trial = 0; trial < 4000; trial++) {
        double p = fl_rng_uniform(&rng);
        uint64_t successes = 0;
        for (int k = 0; k < 100; k++)
            successes += fl_rng_uniform(&rng) < p;
        fl_interval w = fl_wilson(successes, 100, 1.959963984540054);
        held += w.low <= p && p <= w.high;
    }
    /* Averaged over p the coverage is within 0.2 % of the level. */
    assert_true(fabs(held / cases - 0.95) < 0.002 + 4.9 * sqrt(0.95 * 0.05 / cases));
}

static double mean_of(const size_t *index, size_t count, const void *data) {
    const double *x = data;
    double sum = 0;
    for (size_t k = 0; k < count; k++)
        sum += x[index[k]];
    return sum / (double)count;
}

/* For the mean the bootstrap has a known answer: sqrt((n-1)/n) times the standard error, and an
 * interval of normal shape. */
static void bootstrap_of_the_mean(void **state) {
    (void)state;
    fl_rng rng = test_stream("bootstrap"), twin;
    enum { COUNT = 400, RESAMPLES = 2000 };
    double x[COUNT];
    for (int k = 0; k < COUNT; k++)
        x[k] = fl_rng_gauss(&rng);
    twin = rng;
    fl_bootstrap_result r, again;
    assert_ok(fl_bootstrap(mean_of, x, COUNT, RESAMPLES, 0.95, &rng, &r));
    assert_ok(fl_bootstrap(mean_of, x, COUNT, RESAMPLES, 0.95, &twin, &again));
    assert_memory_equal(&r, &again, sizeof r);
    fl_estimate e = fl_mean(x, COUNT);
    double error = e.error * sqrt((COUNT - 1.0) / COUNT);
    assert_relative(r.value, e.mean, 1e-12);
    assert_z(r.error, error, error / sqrt(2.0 * RESAMPLES));
    /* The variance of a quantile is p (1-p) / (R density^2). */
    double density = 0.05844507, scatter = error * sqrt(0.025 * 0.975 / RESAMPLES) / density;
    assert_z(r.interval.low, e.mean - 1.959963984540054 * error, scatter);
    assert_z(r.interval.high, e.mean + 1.959963984540054 * error, scatter);
}

/* nan where index 0 was drawn. */
static double picky(const size_t *index, size_t count, const void *data) {
    (void)data;
    for (size_t k = 0; k < count; k++)
        if (index[k] == 0)
            return NAN;
    return (double)index[0];
}

static void bootstrap_at_the_edge(void **state) {
    (void)state;
    fl_rng rng = test_stream("edge");
    fl_bootstrap_result r;
    double x[3] = {1, 2, 3};
    assert_ok(fl_bootstrap(picky, x, 3, 2000, 0.9, &rng, &r));
    assert_true(isnan(r.value)); /* the identity draws index 0 */
    assert_true(r.interval.low == 1 && r.interval.high == 2);
    assert_true(fabs(r.error - 0.5) < 0.05); /* of 1 and 2, equally often */
    assert_ok(fl_bootstrap(mean_of, x, 1, 50, 0.9, &rng, &r));
    assert_true(r.value == 1 && r.error == 0 && r.interval.low == 1 && r.interval.high == 1);
    assert_status(FL_EINVAL, fl_bootstrap(mean_of, x, 0, 50, 0.9, &rng, &r));
    assert_status(FL_EINVAL, fl_bootstrap(mean_of, x, 3, 1, 0.9, &rng, &r));
    static const double levels[] = {0, 1, -0.5, 1.5, NAN};
    for (int k = 0; k < 5; k++)
        assert_status(FL_EINVAL, fl_bootstrap(mean_of, x, 3, 50, levels[k], &rng, &r));
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(means),
        cmocka_unit_test(variances),
        cmocka_unit_test(means_of_hardly_anything),
        cmocka_unit_test(z_and_p),
        cmocka_unit_test(p_chi2),
        cmocka_unit_test(p_kolmogorov),
        cmocka_unit_test(p_values_are_uniform),
        cmocka_unit_test(wilson_solves_its_equation),
        cmocka_unit_test(wilson_covers),
        cmocka_unit_test(bootstrap_of_the_mean),
        cmocka_unit_test(bootstrap_at_the_edge),
    };
    return cmocka_run_group_tests_name("stats", tests, NULL, NULL);
}
