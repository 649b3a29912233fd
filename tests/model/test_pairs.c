/* Mean numbers of pairs of fixed points at a distance: against 256-bit arithmetic, special cases
 * and brute force over samples. */
#include "tests/support/support.h"

#include <math.h>

#include "fixland/gaussian.h"
#include "fixland/moments.h"
#include "tests/support/brute.h"
#include "tests/support/chance.h"
#include "tests/support/reference.h"

static const size_t sizes[] = {2, 3, 10, 50, 1000, 100000, 1000000};

/* |ln C| + |(n-d) ln P2| + |d ln P2| in the better of the two groupings of pairs.c: what cancels.
 */
static double largest_term(size_t n, double jd, size_t d, fl_variance variance) {
    double N = (double)n, D = (double)d, k = jd * sqrt(variance == FL_VARIANCE_N ? N / (N - 1) : 1);
    fl_correlation same = fl_correlation_of(1 - 2 * D / (N - 1));
    fl_correlation other = fl_correlation_of(2 * (D - 1) / (N - 1) - 1);
    double binomial = lgamma(N + 1) - lgamma(D + 1) - lgamma(N - D + 1);
    double edge = fmax(binomial, fmax((N - D) * fabs(fl_log_orthant2(k, same)),
                                      D * fabs(fl_log_orthant2(k, other))));
    double half = fmax(fabs(binomial - N * M_LN2), fmax((N - D) * fabs(fl_log_orthant4(k, same)),
                                                        D * fabs(fl_log_orthant4(k, other))));
    return fmin(edge, half);
}

static void pairs_at(size_t n, double jd, size_t d, fl_variance variance) {
    fl_ensemble e = FL_ENSEMBLE_DEFAULT;
    e.variance = variance;
    double value, absolute = 0;
    mpfr_t exact;
    reference_init(exact);
    reference_log_pairs(exact, n, jd, d, variance);
    assert_ok(fl_log_mean_pairs(&e, n, jd, d, &value));
    if (d > 0 && d < n)
        absolute = 1e-15 * largest_term(n, jd, d <= n / 2 ? d : n - d, variance);
    reference_assert(value, exact, 1e-12, absolute, n, jd, d);
    mpfr_clear(exact);
}

static void mean_pairs(void **state) {
    (void)state;
    fl_rng rng = test_stream("mean pairs");
    int rounds = test_fast() ? 1 : 18;
    for (int trial = 0; trial < 7 * rounds; trial++) {
        size_t n = sizes[trial % 7];
        size_t places[] = {1,
                           0,
                           n / 2,
                           (size_t)fl_rng_below(&rng, n + 1),
                           n - 1,
                           (n + 1) / 2,
                           (size_t)fl_rng_below(&rng, n + 1),
                           n,
                           (size_t)sqrt((double)n)};
        pairs_at(n, -2 + 8 * fl_rng_uniform(&rng), places[trial / 7 % 9],
                 (fl_variance)fl_rng_below(&rng, 2));
    }
    reference_report("ln E[M_d]");
}

/* Near the zeros of the log: at J_D = 0 and n/2, where every pair is as likely as any. */
static void mean_pairs_small(void **state) {
    (void)state;
    static const double jds[] = {0, 1e-9, -1e-4, 0.02};
    for (int k = 0; k < (test_fast() ? 2 : 8); k++) {
        size_t n = sizes[3 + k % 4];
        pairs_at(n, jds[k % 4], n / 2, FL_VARIANCE_N);
        pairs_at(n, jds[(k + 1) % 4], n / 2 - (size_t)k, FL_VARIANCE_N);
    }
    reference_report("ln E[M_d] near zero");
}

static void pairs_are_symmetric(void **state) {
    (void)state;
    fl_rng rng = test_stream("symmetric");
    fl_ensemble e = FL_ENSEMBLE_DEFAULT;
    for (int trial = 0; trial < 300; trial++) {
        size_t n = 2 + (size_t)fl_rng_below(&rng, 500), d = (size_t)fl_rng_below(&rng, n + 1);
        double jd = -2 + 8 * fl_rng_uniform(&rng), there, back;
        assert_ok(fl_log_mean_pairs(&e, n, jd, d, &there));
        assert_ok(fl_log_mean_pairs(&e, n, jd, n - d, &back));
        assert_true(there == back);
        if (d == 0)
            assert_true(there == reference_of_count(e, n, jd));
    }
}

/* At J_D = 0: 2^N C(N,d) P2(0; q+)^(N-d) P2(0; -q-)^d with P2(0; r) = 1/4 + asin(r)/(2 pi). */
static void pairs_without_self_coupling(void **state) {
    (void)state;
    fl_ensemble e = FL_ENSEMBLE_DEFAULT;
    for (size_t n = 3; n < 60; n += 4)
        for (size_t d = 1; d < n; d++) {
            double N = (double)n, D = (double)d, value;
            double same = 0.25 + asin((N - 1 - 2 * D) / (N - 1)) / (2 * M_PI);
            double other = 0.25 - asin((N + 1 - 2 * D) / (N - 1)) / (2 * M_PI);
            double expected = N * M_LN2 + lgamma(N + 1) - lgamma(D + 1) - lgamma(N - D + 1) +
                              (N - D) * log(same) + D * log(other);
            assert_ok(fl_log_mean_pairs(&e, n, 0, d, &value));
            if (d == 1 || d == n - 1) /* one field, two signs: r = -1 */
                assert_true(value == -INFINITY);
            else
                assert_true(fabs(value - expected) < 1e-12 * N);
        }
}

/* Two neurons: with t = s_0 s_1 both conditions are on t J + J_D, so
 * E[#] = 4 Phi(k)^2, E[M_1] = 8 P(|J| <= J_D)^2, and E[#^2] is the sum over distances. */
static void two_neurons(void **state) {
    (void)state;
    fl_ensemble e = FL_ENSEMBLE_DEFAULT;
    for (double jd = 0.05; jd < 3; jd += 0.3) {
        double k = jd * sqrt(2), both = erf(k / sqrt(2)), m1, phi = fl_normal_cdf(k);
        assert_relative(reference_of_count(e, 2, jd), log(4 * phi * phi), 1e-13);
        assert_ok(fl_log_mean_pairs(&e, 2, jd, 1, &m1));
        assert_relative(exp(m1), 8 * both * both, 1e-13);
    }
}

/* Over many tiny networks: the pairs at every distance, and their sum, the second moment. */
static void pairs_by_brute_force(void **state) {
    (void)state;
    size_t samples = test_fast() ? 2000 : 20000;
    for (size_t n = 3; n <= 6; n++)
        for (int j = 0; j < 2; j++) {
            double jd = j ? 0.4 : 0.05, *values = malloc(samples * (n + 3) * sizeof *values);
            fl_ensemble e = FL_ENSEMBLE_DEFAULT;
            e.variance = (fl_variance)j;
            for (size_t k = 0; k < samples; k++) {
                fl_network network;
                assert_ok(fl_network_draw(&network, &e, n, test_seed(), k));
                census c = brute_census(&network, jd);
                fl_network_clear(&network);
                memcpy(values + k * (n + 3), c.pairs, (n + 1) * sizeof *values);
                values[k * (n + 3) + n + 1] = c.count;
                values[k * (n + 3) + n + 2] = c.count * c.count;
            }
            double total = 0, log_pairs;
            fl_estimate mean;
            for (size_t d = 0; d <= n; d++) {
                assert_ok(fl_log_mean_pairs(&e, n, jd, d, &log_pairs));
                mean = brute_column(values, samples, n + 3, d);
                assert_z(mean.mean, exp(log_pairs), mean.error);
                total += exp(log_pairs);
            }
            mean = brute_column(values, samples, n + 3, n + 1);
            assert_z(mean.mean, exp(reference_of_count(e, n, jd)), mean.error);
            mean = brute_column(values, samples, n + 3, n + 2);
            assert_z(mean.mean, total, mean.error);
            free(values);
        }
}

static void no_pairs(void **state) {
    (void)state;
    double pairs;
    fl_ensemble gaussian = FL_ENSEMBLE_DEFAULT;
    assert_ok(fl_log_mean_pairs(&gaussian, 2, -0.1, 1, &pairs)); /* r = -1 */
    assert_true(pairs == -INFINITY);
    assert_ok(fl_log_mean_pairs(&gaussian, 2, 0, 1, &pairs));
    assert_true(pairs == -INFINITY);
    assert_ok(fl_log_mean_pairs(&gaussian, 2, 0.1, 1, &pairs));
    assert_true(isfinite(pairs));
}

static void domain(void **state) {
    (void)state;
    fl_ensemble e = FL_ENSEMBLE_DEFAULT, binary = e, diluted = e, chain = e;
    binary.distribution = FL_BINARY;
    diluted.dilution = 0.5;
    chain.modules = 2;
    double value = 42;
    assert_status(FL_EINVAL, fl_log_mean_pairs(&e, 5, 0.1, 6, &value));
    assert_status(FL_EINVAL, fl_log_mean_pairs(&e, 5, -INFINITY, 2, &value));
    assert_status(FL_EINVAL, fl_log_mean_pairs(&e, 0, 0.1, 0, &value));
    binary.eta = 0.5;
    assert_status(FL_EDOMAIN, fl_log_mean_pairs(&binary, 5, 0.1, 2, &value));
    assert_status(FL_EDOMAIN, fl_log_mean_pairs(&diluted, 5, 0.1, 2, &value));
    assert_status(FL_EDOMAIN, fl_log_mean_pairs(&chain, 5, 0.1, 2, &value));
    assert_true(value == 42);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(mean_pairs),
        cmocka_unit_test(mean_pairs_small),
        cmocka_unit_test(pairs_are_symmetric),
        cmocka_unit_test(pairs_without_self_coupling),
        cmocka_unit_test(two_neurons),
        cmocka_unit_test(pairs_by_brute_force),
        cmocka_unit_test(no_pairs),
        cmocka_unit_test(domain),
    };
    return cmocka_run_group_tests_name("pairs", tests, NULL, NULL);
}
