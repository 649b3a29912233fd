/* Mean numbers of fixed points: against 256-bit arithmetic, against all networks where there are
 * finitely many, and against brute force over samples. */
#include "tests/support/support.h"

#include <math.h>

#include "fixland/gaussian.h"
#include "fixland/moments.h"
#include "tests/support/brute.h"
#include "tests/support/chance.h"
#include "tests/support/reference.h"

static void limit(void **state) {
    (void)state;
    static const double known[][2] = {{0.1, 0.07664217}, {0.5, 0.32420077}, {1, 0.52039340}};
    double entropy = 42;
    for (int k = 0; k < 3; k++) {
        assert_ok(fl_entropy_limit(known[k][0], &entropy));
        assert_true(fabs(entropy - known[k][1]) < 5e-9);
    }
    assert_ok(fl_entropy_limit(0, &entropy));
    assert_true(entropy == 0);
    assert_status(FL_EINVAL, fl_entropy_limit(NAN, &entropy));
    assert_status(FL_EINVAL, fl_entropy_limit(INFINITY, &entropy));
    assert_true(entropy == 0);
    /* The mean at growing n: 1/n corrections, then 1/n^2. */
    for (double jd = -2; jd <= 3; jd += 0.37) {
        assert_ok(fl_entropy_limit(jd, &entropy));
        double a = reference_of_count(FL_ENSEMBLE_DEFAULT, 1000000, jd) / 1e6;
        double b = reference_of_count(FL_ENSEMBLE_DEFAULT, 500000, jd) / 5e5;
        assert_true(fabs(2 * a - b - entropy) < 1e-11 * (1 + fabs(entropy)));
    }
}

static const size_t sizes[] = {2, 3, 10, 50, 1000, 100000, 1000000};

static void mean_counts(void **state) {
    (void)state;
    fl_rng rng = test_stream("mean counts");
    mpfr_t exact;
    reference_init(exact);
    for (int trial = 0; trial < 400; trial++) {
        fl_ensemble e = FL_ENSEMBLE_DEFAULT;
        e.variance = (fl_variance)fl_rng_below(&rng, 2);
        size_t n = sizes[trial % 7];
        double jd = trial < 7 ? 0 : -2 + 8 * fl_rng_uniform(&rng);
        if (trial % 5 == 0)
            jd *= 1e-9; /* next to the zero of the log */
        reference_log_mean_count(exact, &e, n, jd);
        reference_assert(reference_of_count(e, n, jd), exact, 1e-13, 0, n, jd, 0);
    }
    reference_report("ln E[#]");
    mpfr_clear(exact);
}

static void no_fixed_points(void **state) {
    (void)state;
    fl_ensemble e = FL_ENSEMBLE_DEFAULT;
    assert_true(reference_of_count(e, 1, 0) == log(2) && reference_of_count(e, 1, 3) == log(2));
    assert_true(reference_of_count(e, 1, -1e-300) == -INFINITY);
    e.distribution = FL_BINARY;
    assert_true(reference_of_count(e, 10, -3.1) == -INFINITY &&
                reference_of_count(e, 10, 3.2) == 10 * log(2));
}

static void domain(void **state) {
    (void)state;
    fl_ensemble e = FL_ENSEMBLE_DEFAULT, eta = e, bad = e;
    eta.eta = 0.5;
    bad.dilution = 0;
    double value = 42;
    assert_status(FL_EINVAL, fl_log_mean_count(&e, 0, 0.1, &value));
    assert_status(FL_EINVAL, fl_log_mean_count(&e, SIZE_MAX, 0.1, &value));
    assert_status(FL_EINVAL, fl_log_mean_count(&e, 5, NAN, &value));
    assert_status(FL_EINVAL, fl_log_mean_count(&bad, 5, 0.1, &value));
    fl_ensemble diluted = eta;
    diluted.dilution = 0.5;
    assert_status(FL_EDOMAIN, fl_log_mean_count(&diluted, 5, 0.1, &value));
    assert_true(value == 42);
    assert_ok(fl_log_mean_count(&eta, 1, 0.1, &value)); /* no couplings to correlate */
    assert_true(value == log(2));
}

/* Network number `code` of the finite ensemble whose couplings take the `base` values
 * scale * (digit - offset), digit by digit. */
static fl_network network_of(size_t n, size_t modules, uint64_t code, unsigned base, double scale,
                             double lambda) {
    fl_network network;
    size_t all = n * modules;
    assert_ok(fl_network_new(&network, all));
    for (size_t i = 0; i < all; i++)
        for (size_t j = 0; j < all; j++) {
            bool inside = i / n == j / n && i != j;
            if (inside) {
                unsigned digit = (unsigned)(code % base);
                code /= base;
                network.J[i * all + j] =
                    base == 2 ? (digit ? scale : -scale) : scale * ((double)digit - 1);
            } else if (i + n == j || j + n == i) {
                network.J[i * all + j] = lambda;
            }
        }
    return network;
}

/* The mean over all networks: 2^M binary ones, or 3^M with weights c/2, 1-c, c/2. */
static double mean_over_all(const fl_ensemble *e, size_t n, double jd) {
    unsigned base = e->dilution < 1 ? 3 : 2;
    size_t couplings = n * (n - 1) * e->modules;
    double scale = fl_ensemble_scale(e, n), mean = 0;
    for (uint64_t code = 0; code < (uint64_t)(pow(base, (double)couplings) + 0.5); code++) {
        fl_network network = network_of(n, e->modules, code, base, scale, e->lambda);
        double weight = 1;
        for (size_t i = 0; i < network.n; i++)
            for (size_t j = 0; j < network.n; j++)
                if (i / n == j / n && i != j)
                    weight *= network.J[i * network.n + j] != 0 ? e->dilution / 2 : 1 - e->dilution;
        mean += weight * brute_census(&network, jd).count;
        fl_network_clear(&network);
    }
    return mean;
}

static void against_all(fl_ensemble e, size_t n, double jd) {
    double exact = mean_over_all(&e, n, jd), value = exp(reference_of_count(e, n, jd));
    if (fabs(value - exact) > 1e-13 * (1 + exact))
        fail_msg("n = %zu, %zu modules, jd = %.17g, lambda = %.17g, c = %g: %.17g, not %.17g", n,
                 e.modules, jd, e.lambda, e.dilution, value, exact);
}

/* Binary couplings: all 2^2, 2^6, 2^12 networks, with self-couplings on and beside the ties. */
static void binary_exactly(void **state) {
    (void)state;
    for (int variance = 0; variance < 2; variance++)
        for (size_t n = 2; n <= (test_fast() ? 3 : 4); n++) {
            fl_ensemble e = FL_ENSEMBLE_DEFAULT;
            e.distribution = FL_BINARY;
            e.variance = (fl_variance)variance;
            double s = fl_ensemble_scale(&e, n);
            double jds[] = {0,
                            s,
                            -s,
                            2 * s,
                            -2 * s,
                            3 * s,
                            nextafter(3 * s, 0),
                            nextafter(3 * s, 9),
                            -3 * s,
                            nextafter(s, 2),
                            nextafter(-s, 0),
                            nextafter(-s, -1),
                            0.1,
                            -0.3};
            for (size_t k = 0; k < sizeof jds / sizeof *jds; k++)
                against_all(e, n, jds[k]);
        }
}

static void diluted_binary_exactly(void **state) {
    (void)state;
    fl_rng rng = test_stream("diluted binary");
    for (int trial = 0; trial < 12; trial++) {
        fl_ensemble e = FL_ENSEMBLE_DEFAULT;
        e.distribution = FL_BINARY;
        e.variance = (fl_variance)(trial % 2);
        e.dilution = fl_rng_uniform(&rng);
        double s = fl_ensemble_scale(&e, 3);
        against_all(e, 3, (double[]){0, -s, s, 0.2, -0.2, -2 * s}[trial % 6]);
    }
}

/* Two modules of two and three neurons, one and three of two: with ties between lambda, J_D and
 * the couplings. */
static void binary_chains_exactly(void **state) {
    (void)state;
    for (int trial = 0; trial < 12; trial++) {
        fl_ensemble e = FL_ENSEMBLE_DEFAULT;
        e.distribution = FL_BINARY;
        e.modules = trial % 2 ? 3 : 2;
        double s = fl_ensemble_scale(&e, 2);
        e.lambda = (double[]){s, -s, 2 * s, s / 2, 0.3, 0}[trial % 6];
        against_all(e, 2, (double[]){0, s, -s, 0.1}[trial % 4]);
        against_all(e, 1, (double[]){0, s, -s, 0.1}[trial % 4]);
    }
    fl_ensemble e = FL_ENSEMBLE_DEFAULT;
    e.distribution = FL_BINARY;
    e.modules = 2;
    e.lambda = 1 / sqrt(3);
    if (!test_fast())
        against_all(e, 3, 0);
}

/* Gaussian couplings with dilution, and chains of them: by samples. */
static void diluted_by_brute_force(void **state) {
    (void)state;
    size_t samples = test_fast() ? 2000 : 20000;
    for (size_t n = 3; n <= 6; n++) {
        fl_ensemble e = FL_ENSEMBLE_DEFAULT;
        e.dilution = 0.2 * (double)n - 0.35;
        e.modules = n == 3 ? 2 : 1;
        e.lambda = 0.4;
        double *counts = malloc(samples * sizeof *counts);
        double jd = n % 2 ? 0.2 : -0.1;
        for (size_t k = 0; k < samples; k++) {
            fl_network network;
            assert_ok(fl_network_draw(&network, &e, n, test_seed(), k));
            counts[k] = brute_census(&network, jd).count;
            fl_network_clear(&network);
        }
        fl_estimate mean = fl_mean(counts, samples);
        assert_z(mean.mean, exp(reference_of_count(e, n, jd)), mean.error);
        free(counts);
    }
}

static fl_ensemble chain_of(size_t modules, double lambda) {
    fl_ensemble e = FL_ENSEMBLE_DEFAULT;
    e.modules = modules;
    e.lambda = lambda;
    return e;
}

static void chains_against_all_bonds(void **state) {
    (void)state;
    fl_rng rng = test_stream("bonds");
    mpfr_t exact;
    reference_init(exact);
    for (int trial = 0; trial < 120; trial++) {
        fl_ensemble e = chain_of(1 + (size_t)fl_rng_below(&rng, 9), 2 * fl_rng_gauss(&rng));
        e.variance = (fl_variance)fl_rng_below(&rng, 2);
        size_t n = sizes[fl_rng_below(&rng, 7)];
        double jd = trial % 4 ? -2 + 8 * fl_rng_uniform(&rng) : 0;
        if (trial % 7 == 0)
            e.lambda *= 1e-8;
        reference_log_mean_count(exact, &e, n, jd);
        reference_assert(reference_of_count(e, n, jd), exact, 1e-13, 2e-16 * (double)n, n, jd, 0);
    }
    reference_report("ln E[#] of chains");
    mpfr_clear(exact);
}

/* L = 1 is one module; L = 2: (2 [Phi((J_D + lambda)/sigma)^2 + Phi((J_D - lambda)/sigma)^2])^N. */
static void short_chains(void **state) {
    (void)state;
    for (double lambda = -1; lambda < 3; lambda += 0.3)
        for (double jd = -1; jd < 2; jd += 0.25) {
            double root = sqrt(20.0 / 19), up = fl_normal_cdf((jd + lambda) * root);
            double down = fl_normal_cdf((jd - lambda) * root);
            assert_true(reference_of_count(chain_of(1, lambda), 20, jd) ==
                        reference_of_count(FL_ENSEMBLE_DEFAULT, 20, jd));
            assert_true(fabs(reference_of_count(chain_of(2, lambda), 20, jd) -
                             20 * log(2 * (up * up + down * down))) < 1e-13 * 20);
        }
}

/* Long chains grow by the larger eigenvalue of [[Phi(h+2l), Phi(h)], [Phi(h), Phi(h-2l)]]; two
 * million modules would overflow without scaling. */
static void long_chains(void **state) {
    (void)state;
    for (double lambda = 0; lambda < 2; lambda += 0.4)
        for (double jd = -0.5; jd < 1; jd += 0.5) {
            double root = sqrt(50.0 / 49), a = fl_normal_cdf((jd + 2 * lambda) * root);
            double b = fl_normal_cdf(jd * root), c = fl_normal_cdf((jd - 2 * lambda) * root);
            double eigen = 0.5 * (a + c) + sqrt(0.25 * (a - c) * (a - c) + b * b);
            double longer = reference_of_count(chain_of(1000000, lambda), 50, jd);
            double shorter = reference_of_count(chain_of(500000, lambda), 50, jd);
            assert_true(fabs((longer - shorter) / 500000 / 50 - log(eigen)) < 1e-12);
        }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(limit),
        cmocka_unit_test(mean_counts),
        cmocka_unit_test(no_fixed_points),
        cmocka_unit_test(domain),
        cmocka_unit_test(binary_exactly),
        cmocka_unit_test(diluted_binary_exactly),
        cmocka_unit_test(binary_chains_exactly),
        cmocka_unit_test(diluted_by_brute_force),
        cmocka_unit_test(chains_against_all_bonds),
        cmocka_unit_test(short_chains),
        cmocka_unit_test(long_chains),
    };
    return cmocka_run_group_tests_name("moments", tests, NULL, NULL);
}
