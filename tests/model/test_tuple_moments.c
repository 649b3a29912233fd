/* Exact means of triples: the orthant against other integrals, the means against enumeration. */
#include "tests/support/support.h"

#include <gsl/gsl_integration.h>
#include <math.h>

#include "fixland/enumerate.h"
#include "fixland/gaussian.h"
#include "fixland/moments.h"
#include "fixland/spins.h"
#include "fixland/tuple_moments.h"
#include "tests/support/chance.h"

static double orthant3(double k, double a, double b, double c) {
    return exp(fl_log_orthant3(k, a, b, c));
}

static double orthant2(double k, double r) {
    return exp(fl_log_orthant(k, fl_correlation_of(r)));
}

#define assert_near(value, expected) assert_true(fabs((value) - (expected)) < 1e-10)

static void orthant_special_values(void **state) {
    (void)state;
    fl_rng rng = test_stream("special");
    for (int trial = 0; trial < 300; trial++) {
        double k = 3 * fl_rng_uniform(&rng) - 0.5, r = 1.9 * fl_rng_uniform(&rng) - 0.95;
        double one = fl_normal_cdf(k), two = orthant2(k, r);
        assert_near(orthant3(k, 0, 0, 0), one * one * one);
        assert_near(orthant3(k, r, 0, 0), one * two);
        assert_near(orthant3(k, 0, r, 0), one * two);
        assert_near(orthant3(k, 0, 0, r), one * two);
        /* Two equal variables, and two opposite ones: P(Z > -k, |X| < k). */
        assert_near(orthant3(k, 1, r, r), two);
        assert_near(orthant3(k, r, 1, r), two);
        if (k > 0)
            assert_near(orthant3(k, -1, r, -r), two + orthant2(k, -r) - one);
        else
            assert_true(orthant3(k, r, -r, -1) == 0);
    }
}

/* At k = 0: 1/8 + sum of arcsines over 4 pi. */
static void orthant_at_zero(void **state) {
    (void)state;
    fl_rng rng = test_stream("zero");
    for (int trial = 0; trial < 300; trial++) {
        double v[3][3], r[3];
        for (size_t a = 0; a < 3; a++)
            for (size_t i = 0; i < 3; i++)
                v[a][i] = fl_rng_gauss(&rng);
        for (size_t p = 0; p < 3; p++) {
            size_t a = p == 2, b = p == 0 ? 1 : 2;
            double ab = 0, aa = 0, bb = 0;
            for (size_t i = 0; i < 3; i++) {
                ab += v[a][i] * v[b][i];
                aa += v[a][i] * v[a][i];
                bb += v[b][i] * v[b][i];
            }
            r[p] = ab / sqrt(aa * bb);
        }
        assert_near(orthant3(0, r[0], r[1], r[2]),
                    0.125 + (asin(r[0]) + asin(r[1]) + asin(r[2])) / (4 * M_PI));
    }
}

typedef struct factor {
    double k, l[3];
} factor;

static double integrand(double z, void *context) {
    const factor *f = context;
    double product = fl_normal_pdf(z);
    for (size_t a = 0; a < 3; a++)
        product *= fl_normal_cdf((f->k + f->l[a] * z) / sqrt(1 - f->l[a] * f->l[a]));
    return product;
}

/* Correlations l_a l_b come from one common factor: independent given it. */
static void orthant_of_one_factor(void **state) {
    (void)state;
    fl_rng rng = test_stream("factor");
    gsl_integration_workspace *space = gsl_integration_workspace_alloc(1000);
    for (int trial = 0; trial < 100; trial++) {
        factor f = {.k = 3 * fl_rng_uniform(&rng) - 0.5};
        double value, error;
        for (size_t a = 0; a < 3; a++)
            f.l[a] = (trial % 2 ? 1.98 : 1.998) * (fl_rng_uniform(&rng) - 0.5);
        gsl_function function = {integrand, &f};
        gsl_integration_qag(&function, -9, 9, 1e-13, 1e-12, 1000, GSL_INTEG_GAUSS61, space, &value,
                            &error);
        assert_near(orthant3(f.k, f.l[0] * f.l[1], f.l[0] * f.l[2], f.l[1] * f.l[2]), value);
    }
    gsl_integration_workspace_free(space);
}

/* All triples of one network by their distances: tuples within all windows of one distance. */
typedef struct found {
    uint64_t spins[1024];
    size_t count;
} found;

static fl_status keep(void *context, const uint64_t *spins, const uint8_t *levels, size_t count) {
    found *f = context;
    (void)levels;
    for (size_t k = 0; k < count; k++) {
        f->spins[f->count++] = spins[k];
        f->spins[f->count] = spins[k];
        fl_spins_negate(&f->spins[f->count++], 7);
    }
    return FL_OK;
}

enum { N = 7 };

static void count_triples(const found *f, double *triples) {
    for (size_t a = 0; a < f->count; a++)
        for (size_t b = 0; b < f->count; b++)
            for (size_t c = 0; c < f->count; c++) {
                size_t x = fl_spins_distance(&f->spins[a], &f->spins[b], N);
                size_t y = fl_spins_distance(&f->spins[a], &f->spins[c], N);
                size_t z = fl_spins_distance(&f->spins[b], &f->spins[c], N);
                if (x && y && z && x <= y && y <= z)
                    triples[(x * 8 + y) * 8 + z]++;
            }
}

static void means_of_enumerated_triples(void **state) {
    (void)state;
    enum { CLASSES = 512 };
    size_t samples = test_fast() ? 2000 : 20000;
    double *sums = calloc(2 * CLASSES, sizeof *sums), *squares = sums + CLASSES, jd = 0.4;
    fl_ensemble ensemble = FL_ENSEMBLE_DEFAULT;
    for (size_t s = 0; s < samples; s++) {
        fl_network network;
        found f = {.count = 0};
        uint64_t count;
        double triples[CLASSES] = {0};
        fl_enumeration plan = {
            .jd = &jd, .jd_count = 1, .effort = {.threads = 1}, .visit = keep, .context = &f};
        assert_ok(fl_network_draw(&network, &ensemble, N, test_seed(), s));
        assert_ok(fl_enumerate(&network, &plan, &count));
        count_triples(&f, triples);
        for (size_t k = 0; k < CLASSES; k++) {
            sums[k] += triples[k];
            squares[k] += triples[k] * triples[k];
        }
        fl_network_clear(&network);
    }
    size_t tested = 0;
    for (size_t k = 0; k < CLASSES; k++) {
        size_t x = k / 64, y = k / 8 % 8, z = k % 8;
        double mean, m = (double)samples;
        if (!x || !y || !z || x > y || y > z)
            continue;
        assert_ok(fl_mean_triples(&ensemble, N, jd, x, y, z, &mean));
        if ((x + y + z) % 2 || z > x + y || x + y + z > 2 * N) {
            assert_true(mean == 0 && sums[k] == 0);
            continue;
        }
        double variance = (squares[k] - sums[k] * sums[k] / m) / (m - 1);
        if (mean * m > 300) {
            assert_z(sums[k] / m, mean, sqrt(variance / m));
            tested++;
        }
    }
    assert_true(tested > 10);
    free(sums);
}

/* Summed over the place of the third configuration, triples on one line of distances are counted
 * by every order of the arguments alike. */
static void means_are_symmetric(void **state) {
    (void)state;
    fl_ensemble ensemble = FL_ENSEMBLE_DEFAULT;
    fl_rng rng = test_stream("symmetric");
    for (int trial = 0; trial < 100; trial++) {
        size_t n = 3 + (size_t)fl_rng_below(&rng, 40), d[3];
        double jd = fl_rng_uniform(&rng), value, other;
        for (size_t k = 0; k < 3; k++)
            d[k] = 1 + (size_t)fl_rng_below(&rng, n);
        assert_ok(fl_mean_triples(&ensemble, n, jd, d[0], d[1], d[2], &value));
        assert_ok(fl_mean_triples(&ensemble, n, jd, d[2], d[0], d[1], &other));
        assert_true(fabs(value - other) <= 1e-9 * value);
        assert_ok(fl_mean_triples(&ensemble, n, jd, d[1], d[0], d[2], &other));
        assert_true(fabs(value - other) <= 1e-9 * value);
        /* (a, b, c) -> (a, b, -c): d12 stays, the others become n - d. */
        if (d[1] < n && d[2] < n) {
            assert_ok(fl_mean_triples(&ensemble, n, jd, d[0], n - d[1], n - d[2], &other));
            assert_true(fabs(value - other) <= 1e-8 * value);
        }
    }
}

/* Third configuration the mirror image of the first: as many as pairs. */
static void mirror_triples_are_pairs(void **state) {
    (void)state;
    fl_ensemble ensemble = FL_ENSEMBLE_DEFAULT;
    for (size_t n = 3; n < 40; n += 4)
        for (size_t d = 1; d < n; d++) {
            double triples, log_pairs;
            assert_ok(fl_mean_triples(&ensemble, n, 0.2, d, n, n - d, &triples));
            assert_ok(fl_log_mean_pairs(&ensemble, n, 0.2, d, &log_pairs));
            assert_relative(triples, exp(log_pairs), 1e-8);
        }
}

static void windows(void **state) {
    (void)state;
    fl_ensemble ensemble = FL_ENSEMBLE_DEFAULT;
    double sum = 0, mean, one;
    for (size_t a = 2; a <= 5; a++)
        for (size_t b = 2; b <= 5; b++)
            for (size_t c = 2; c <= 5; c++) {
                assert_ok(fl_mean_triples(&ensemble, 9, 0.3, a, b, c, &one));
                sum += one;
            }
    assert_ok(fl_mean_tuples(&ensemble, 9, 0.3, 3, 2, 5, &mean));
    assert_relative(mean, sum, 1e-9);
    assert_ok(fl_mean_tuples(&ensemble, 9, 0.3, 2, 4, 4, &mean));
    assert_ok(fl_log_mean_pairs(&ensemble, 9, 0.3, 4, &one));
    assert_relative(mean, exp(one), 1e-12);
}

static void refusals(void **state) {
    (void)state;
    fl_ensemble ensemble = FL_ENSEMBLE_DEFAULT, binary = FL_ENSEMBLE_DEFAULT;
    double mean;
    binary.distribution = FL_BINARY;
    assert_status(FL_EDOMAIN, fl_mean_triples(&binary, 9, 0, 2, 2, 2, &mean));
    assert_status(FL_EDOMAIN, fl_mean_triples(&ensemble, 2, 0, 1, 1, 2, &mean));
    assert_status(FL_EINVAL, fl_mean_triples(&ensemble, 9, 0, 0, 2, 2, &mean));
    assert_status(FL_EINVAL, fl_mean_triples(&ensemble, 9, NAN, 2, 2, 2, &mean));
    assert_status(FL_EDOMAIN, fl_mean_tuples(&ensemble, 9, 0, 4, 1, 2, &mean));
    assert_status(FL_EINVAL, fl_mean_tuples(&ensemble, 9, 0, 3, 0, 2, &mean));
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(orthant_special_values),
        cmocka_unit_test(orthant_at_zero),
        cmocka_unit_test(orthant_of_one_factor),
        cmocka_unit_test(means_of_enumerated_triples),
        cmocka_unit_test(means_are_symmetric),
        cmocka_unit_test(mirror_triples_are_pairs),
        cmocka_unit_test(windows),
        cmocka_unit_test(refusals),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
