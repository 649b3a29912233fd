/* The normal distribution in one and two dimensions against 256-bit values from other formulas. */
#include "tests/support/support.h"

#include <float.h>
#include <gsl/gsl_integration.h>
#include <math.h>

#include "fixland/gaussian.h"
#include "src/core/legendre.h"
#include "tests/support/reference.h"

/* `value` and the exact number as doubles of one evaluation, for the message. */
#define assert_close(value, exact, tolerance, k, c)                                                \
    close_to((value), (exact), (tolerance), (k), (c), #value, __LINE__)

static double worst;

static void close_to(double value, const mpfr_t exact, double tolerance, double k, fl_correlation c,
                     const char *what, int line) {
    double error = reference_error(value, exact);
    worst = fmax(worst, error);
    if (error <= tolerance)
        return;
    print_error("%s = %.17g, expected %.17g, at k = %.17g, r = %.17g, 1-r = %.17g: error %.3g\n",
                what, value, mpfr_get_d(exact, MPFR_RNDN), k, c.r, c.minus, error);
    _fail(__FILE__, line);
}

static void report(const char *what) {
    print_message("%s: largest relative error %.2g\n", what, worst);
    worst = 0;
}

static const fl_correlation none = {0, 1, 1};

static void one_dimension(void **state) {
    (void)state;
    fl_rng rng = test_stream("one dimension");
    mpfr_t x, exact;
    reference_init(x);
    reference_init(exact);
    for (int trial = 0; trial < 4000; trial++) {
        double scale = (double[]){1e-12, 0.3, 3, 26, 37, 1e4}[trial % 6];
        double value = scale * (2 * fl_rng_uniform(&rng) - 1);
        value = value > 37 ? 37 : value; /* above, 1 - Phi leaves the range of doubles */
        mpfr_set_d(x, value, MPFR_RNDN);
        reference_log_normal_cdf(exact, x);
        assert_close(fl_log_normal_cdf(value), exact, 2e-15, value, none);
        mpfr_exp(exact, exact, MPFR_RNDN);
        if (fabs(value) <= 37)
            assert_close(fl_normal_cdf(value), exact, 2e-15, value, none);
    }
    report("Phi and ln Phi");
    mpfr_clears(x, exact, (mpfr_ptr)0);
}

/* ln(2 Phi) = ln(1 + erf(x / sqrt 2)) keeps its accuracy near its zero. */
static void one_dimension_zero(void **state) {
    (void)state;
    fl_rng rng = test_stream("zero");
    mpfr_t x, exact, two;
    reference_init(x);
    reference_init(exact);
    reference_init(two);
    mpfr_const_log2(two, MPFR_RNDN);
    for (int trial = 0; trial < 4000; trial++) {
        double value = ldexp(fl_rng_uniform(&rng) - 0.5, 7 - (int)fl_rng_below(&rng, 60));
        mpfr_set_d(x, value, MPFR_RNDN);
        reference_log_normal_cdf(exact, x);
        mpfr_add(exact, exact, two, MPFR_RNDN);
        assert_close(fl_log_normal_cdf2(value), exact, 3e-15, value, none);
    }
    report("ln 2 Phi");
    assert_true(fl_log_normal_cdf2(0) == 0);
    mpfr_clears(x, exact, two, (mpfr_ptr)0);
}

/* phi is the derivative of Phi. */
static void density(void **state) {
    (void)state;
    for (double x = -6; x <= 6; x += 0.37) {
        double h = 1e-3, slope = (fl_normal_cdf(x + h) - fl_normal_cdf(x - h)) / (2 * h);
        double third = (x * x - 1) * fl_normal_pdf(x); /* (ln phi)'': the next term of the series */
        assert_true(fabs(slope - h * h / 6 * third - fl_normal_pdf(x)) < 1e-11);
    }
    assert_relative(fl_normal_pdf(0), 0.3989422804014327, 2e-16);
}

static void far_out(void **state) {
    (void)state;
    assert_true(fl_log_normal_cdf(-1e100) < -4.9e199);
    assert_true(fl_log_normal_cdf(1e100) == 0 && fl_normal_cdf(1e100) == 1);
    assert_true(fl_normal_cdf(-1e100) == 0);
    assert_true(isnan(fl_log_normal_cdf(NAN)) && isnan(fl_log_normal_cdf2(NAN)));
    assert_true(isnan(fl_normal_cdf(NAN)) && isnan(fl_normal_pdf(NAN)));
    for (int kind = 0; kind < 3; kind++) {
        fl_correlation c = fl_correlation_of((double[]){-1, 0.3, 1}[kind]);
        assert_true(isnan(fl_log_orthant(NAN, c)));
        assert_true(fl_log_orthant(1e155, c) == 0 && fl_log_orthant(1e300, c) == 0);
        assert_true(kind == 0 || fabs(fl_log_orthant(-1e120, c) * c.plus / 1e240 + 1) < 1e-15);
        assert_true(isinf(fl_log_orthant(-1e300, c)));
        assert_true(isnan(fl_log_orthant2(NAN, c)) && isnan(fl_log_orthant4(NAN, c)));
    }
    assert_true(isnan(fl_log_orthant(0.3, fl_correlation_of(NAN))));
}

/* A correlation at a distance from -1 (side -1), from 1 (side 1) or from 0 (side 0), and the exact
 * 1 - r and 1 + r. */
static fl_correlation correlation(int side, double distance, mpfr_t minus, mpfr_t plus) {
    mpfr_set_d(minus, side < 0 ? 0 : side > 0 ? distance : 1, MPFR_RNDN);
    if (side == 0)
        mpfr_sub_d(minus, minus, distance, MPFR_RNDN);
    if (side < 0)
        mpfr_set_d(plus, distance, MPFR_RNDN);
    else
        mpfr_ui_sub(plus, 2, minus, MPFR_RNDN);
    if (side < 0)
        mpfr_ui_sub(minus, 2, plus, MPFR_RNDN);
    double m = mpfr_get_d(minus, MPFR_RNDN), p = mpfr_get_d(plus, MPFR_RNDN);
    return (fl_correlation){side < 0 ? p - 1 : 1 - m, m, p};
}

/* All three logs at one point. */
static void orthants_at(double k, int side, double distance) {
    mpfr_t x, minus, plus, exact, two;
    mpfr_inits2(REFERENCE_BITS, x, minus, plus, exact, two, (mpfr_ptr)0);
    fl_correlation c = correlation(side, distance, minus, plus);
    mpfr_set_d(x, k, MPFR_RNDN);
    mpfr_const_log2(two, MPFR_RNDN);
    reference_log_orthant(exact, x, minus, plus);
    assert_close(fl_log_orthant(k, c), exact, 5e-14, k, c);
    mpfr_add(exact, exact, two, MPFR_RNDN);
    assert_close(fl_log_orthant2(k, c), exact, 5e-14, k, c);
    mpfr_add(exact, exact, two, MPFR_RNDN);
    assert_close(fl_log_orthant4(k, c), exact, 5e-14, k, c);
    mpfr_clears(x, minus, plus, exact, two, (mpfr_ptr)0);
}

static void orthants(void **state) {
    (void)state;
    fl_rng rng = test_stream("orthants");
    int trials = test_fast() ? 20 : 120;
    for (int trial = 0; trial < trials; trial++) {
        double k = -2.9 + 11.4 * fl_rng_uniform(&rng);
        double distance = pow(1e-7, fl_rng_uniform(&rng)), wide = 2 * fl_rng_uniform(&rng) - 1;
        orthants_at(k, trial % 3 - 1, trial % 3 == 1 ? wide : distance);
    }
    report("ln P2");
}

/* Near k = 0, where ln 2 P2 and ln 4 P2 pass through zero, and on both sides of the seams between
 * the two forms (|k| max(1, a) = 1, a^2 = (1-r)/(1+r)) and of k = 0 and k = 1. */
static void orthants_at_seams(void **state) {
    (void)state;
    fl_rng rng = test_stream("seams");
    int trials = test_fast() ? 2 : 12;
    for (int trial = 0; trial < trials; trial++) {
        double distance = pow(1e-7, fl_rng_uniform(&rng));
        int side = fl_rng_bits(&rng) & 1 ? 1 : -1;
        double a = side < 0 ? sqrt((2 - distance) / distance) : sqrt(distance / (2 - distance));
        double seam = 1 / fmax(1, a), sign = fl_rng_bits(&rng) & 1 ? 1 : -1;
        orthants_at(sign * seam * (1 - 1e-9), side, distance);
        orthants_at(sign * seam * (1 + 1e-9), side, distance);
        orthants_at(sign * ldexp(fl_rng_uniform(&rng), -(int)fl_rng_below(&rng, 40)), side,
                    distance);
        orthants_at(1 + sign * 1e-9, side, distance);
    }
    report("ln P2 at seams");
}

/* At k = 0: Sheppard's 1/4 + asin(r)/(2 pi). */
static void sheppard(void **state) {
    (void)state;
    fl_rng rng = test_stream("sheppard");
    mpfr_t r, pi;
    reference_init(r);
    reference_init(pi);
    mpfr_const_pi(pi, MPFR_RNDN);
    for (int trial = 0; trial < 500; trial++) {
        double distance = pow(1e-7, fl_rng_uniform(&rng));
        double value = trial % 3 == 0   ? 2 * fl_rng_uniform(&rng) - 1
                       : trial % 3 == 1 ? 1 - distance
                                        : distance - 1;
        fl_correlation c = fl_correlation_of(value);
        mpfr_set_d(r, value, MPFR_RNDN);
        mpfr_asin(r, r, MPFR_RNDN);
        mpfr_div(r, r, pi, MPFR_RNDN);
        mpfr_mul_2ui(r, r, 1, MPFR_RNDN);
        mpfr_log1p(r, r, MPFR_RNDN); /* ln(1 + 2 asin(r) / pi) */
        assert_close(fl_log_orthant4(0, c), r, 1e-14, 0, c);
        mpfr_exp(r, r, MPFR_RNDN);
        mpfr_div_2ui(r, r, 2, MPFR_RNDN);
        mpfr_log(r, r, MPFR_RNDN);
        assert_close(fl_log_orthant(0, c), r, 1e-14, 0, c);
    }
    report("ln P2(0; r)");
    mpfr_clears(r, pi, (mpfr_ptr)0);
}

static void special_correlations(void **state) {
    (void)state;
    mpfr_t exact;
    reference_init(exact);
    for (double k = -4; k <= 8.5; k += 0.25) {
        double phi = fl_log_normal_cdf(k);
        assert_relative(fl_log_orthant(k, fl_correlation_of(0)), 2 * phi, 5e-14);
        assert_relative(fl_log_orthant(k, fl_correlation_of(1)), phi, 5e-14);
        assert_relative(fl_log_orthant2(k, fl_correlation_of(1)), fl_log_normal_cdf2(k), 5e-14);
        assert_relative(fl_log_orthant4(k, fl_correlation_of(0)), 2 * fl_log_normal_cdf2(k), 5e-14);
        fl_correlation opposite = fl_correlation_of(-1); /* P(-k < X < k) = erf(k / sqrt 2) */
        mpfr_sqrt_ui(exact, 2, MPFR_RNDN);
        mpfr_d_div(exact, k > 0 ? k : 0, exact, MPFR_RNDN);
        mpfr_erf(exact, exact, MPFR_RNDN);
        mpfr_log(exact, exact, MPFR_RNDN);
        assert_close(fl_log_orthant(k, opposite), exact, 1e-14, k, opposite);
    }
    mpfr_clear(exact);
    assert_true(fl_log_orthant2(0, fl_correlation_of(1)) == 0);
    assert_true(fl_log_orthant4(0, fl_correlation_of(0)) == 0);
}

/* P2 grows with k and with r (Slepian). */
static void monotone(void **state) {
    (void)state;
    double before = -INFINITY;
    for (double k = -6; k < 8; k += 0.01) {
        double now = fl_log_orthant(k, fl_correlation_of(-0.7));
        assert_true(now >= before);
        before = now;
    }
    before = -INFINITY;
    for (double r = -1; r <= 1; r += 1e-3) {
        double now = fl_log_orthant(-1.3, fl_correlation_of(r));
        assert_true(now >= before);
        before = now;
    }
}

/* The rule for the reference itself: more nodes change nothing. */
static void reference_is_converged(void **state) {
    (void)state;
    fl_rng rng = test_stream("reference");
    mpfr_t k, minus, plus, coarse, fine;
    mpfr_inits2(REFERENCE_BITS, k, minus, plus, coarse, fine, (mpfr_ptr)0);
    for (int trial = 0; trial < 6; trial++) {
        correlation(trial % 3 - 1, pow(1e-7, fl_rng_uniform(&rng)), minus, plus);
        mpfr_set_d(k, -2.9 + 11.4 * fl_rng_uniform(&rng), MPFR_RNDN);
        reference_orthant_order(30);
        reference_log_orthant(fine, k, minus, plus);
        reference_orthant_order(20);
        reference_log_orthant(coarse, k, minus, plus);
        mpfr_div(coarse, coarse, fine, MPFR_RNDN);
        mpfr_sub_ui(coarse, coarse, 1, MPFR_RNDN);
        assert_true(fabs(mpfr_get_d(coarse, MPFR_RNDN)) < 1e-22);
    }
    mpfr_clears(k, minus, plus, coarse, fine, (mpfr_ptr)0);
}

/* Nodes and weights: exact for polynomials of degree 2 n - 1, and the table of another library. */
static void legendre_rules(void **state) {
    static const size_t sizes[] = {2, 16, 20, 64};
    double x[64], w[64];
    (void)state;
    for (size_t s = 0; s < sizeof sizes / sizeof *sizes; s++) {
        size_t n = sizes[s];
        gsl_integration_glfixed_table *table = gsl_integration_glfixed_table_alloc(n);
        fl_legendre_rule(n, x, w);
        for (size_t p = 0; p < 2 * n; p++) {
            double sum = 0;
            for (size_t k = 0; k < n; k++)
                sum += w[k] * pow(x[k], (double)p);
            assert_relative(sum, 1 / ((double)p + 1), 1e-14);
        }
        for (size_t k = 0; k < n; k++) {
            double node, weight;
            gsl_integration_glfixed_point(0, 1, k, &node, &weight, table);
            assert_relative(x[k], node, 3e-16);
            assert_relative(w[k], weight, 3e-16);
        }
        gsl_integration_glfixed_table_free(table);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(legendre_rules),
        cmocka_unit_test(one_dimension),
        cmocka_unit_test(one_dimension_zero),
        cmocka_unit_test(density),
        cmocka_unit_test(far_out),
        cmocka_unit_test(reference_is_converged),
        cmocka_unit_test(orthants),
        cmocka_unit_test(orthants_at_seams),
        cmocka_unit_test(sheppard),
        cmocka_unit_test(special_correlations),
        cmocka_unit_test(monotone),
    };
    return cmocka_run_group_tests_name("gaussian", tests, NULL, NULL);
}
