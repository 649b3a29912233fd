/* Two coupled modules: pairs counted exactly on small networks, the same formula for large ones,
 * its limit, and m-tuples at lambda = 0. The formulas here are written with pairs of states of two
 * neurons and one-dimensional integrals; the library integrates over replica fields. */
#include "tests/support/orthant.h"
#include "tests/support/support.h"

#include <gsl/gsl_errno.h>
#include <gsl/gsl_sf_gamma.h>
#include <math.h>

#include "fixland/gaussian.h"
#include "fixland/network.h"
#include "fixland/tuples.h"

static double between(fl_rng *rng, double low, double high) {
    return low + (high - low) * fl_rng_uniform(rng);
}

/* The weight of one site of the two modules: flips[k] tells whether the two configurations differ
 * there in module k. Summed over the spins of the first configuration; r[k] is the overlap of the
 * fields. */
static double site_weight(double jd, double lambda, double sigma, const bool flips[2],
                          const double r[2]) {
    double sum = 0;
    for (int bond = -1; bond <= 1; bond += 2) {
        int other = flips[0] != flips[1] ? -bond : bond;
        double a = (jd + lambda * bond) / sigma, b = (jd + lambda * other) / sigma;
        sum += 2 * test_both_above(a, b, flips[0] ? -r[0] : r[0]) *
               test_both_above(a, b, flips[1] ? -r[1] : r[1]);
    }
    return sum;
}

/* ln of the mean number of ordered pairs of fixed points at distances d[0], d[1] in the two modules
 * of n neurons. The fields of neuron i know the overlap of all neurons but i. */
static double log_mean_pairs(double jd, double lambda, int n, const int d[2]) {
    double weight[2][2], sum = 0, top = -INFINITY;
    for (int x = 0; x < 2; x++)
        for (int y = 0; y < 2; y++) {
            const bool flips[2] = {x, y};
            const double r[2] = {(n - 1.0 - 2 * (d[0] - x)) / (n - 1.0),
                                 (n - 1.0 - 2 * (d[1] - y)) / (n - 1.0)};
            bool possible = d[0] - x >= 0 && d[1] - y >= 0 && fabs(r[0]) <= 1 && fabs(r[1]) <= 1;
            weight[x][y] = possible ? site_weight(jd, lambda, sqrt((n - 1.0) / n), flips, r) : 0;
        }
    for (int both = 0; both <= d[0] && both <= d[1]; both++) {
        int counts[4] = {n - d[0] - d[1] + both, d[1] - both, d[0] - both, both};
        double log_term = gsl_sf_lnfact((unsigned)n);
        if (counts[0] < 0)
            continue;
        for (int i = 0; i < 4; i++)
            log_term += counts[i] ? counts[i] * log(weight[i / 2][i % 2]) -
                                        gsl_sf_lnfact((unsigned)counts[i])
                                  : 0;
        sum = log_term > top ? 1 + sum * exp(top - log_term) : sum + exp(log_term - top);
        top = fmax(top, log_term);
    }
    return top + log(sum);
}

enum { SMALL = 3, STATES = 64 };

/* Ordered pairs of fixed points of one network by their distances in the two modules. */
static void count_pairs(const fl_network *network, double jd, double count[4][4]) {
    unsigned fixed[STATES], found = 0;
    for (unsigned state = 0; state < STATES; state++) {
        uint64_t spins[8] = {state};
        double local[2 * SMALL];
        bool stable = true;
        fl_network_alignment(network, spins, local);
        for (int i = 0; i < 2 * SMALL; i++)
            stable = stable && local[i] + jd >= 0;
        if (stable)
            fixed[found++] = state;
    }
    for (unsigned i = 0; i < found; i++)
        for (unsigned j = 0; j < found; j++) {
            unsigned differ = fixed[i] ^ fixed[j];
            count[__builtin_popcount(differ & 7)][__builtin_popcount(differ >> SMALL)] += 1;
        }
}

/* Enumeration of all states of many small networks against the formula, cell by cell. */
static void small_networks(void **state) {
    (void)state;
    const int samples = test_fast() ? 2000 : 8000;
    const double jd = 0.3, lambda = 0.4;
    double sum[4][4] = {{0}}, square[4][4] = {{0}};
    fl_ensemble ensemble = FL_ENSEMBLE_DEFAULT;
    ensemble.modules = 2, ensemble.lambda = lambda;
    for (int k = 0; k < samples; k++) {
        fl_network network;
        double count[4][4] = {{0}};
        assert_ok(fl_network_draw(&network, &ensemble, SMALL, test_seed(), (uint64_t)k));
        count_pairs(&network, jd, count);
        fl_network_clear(&network);
        for (int x = 0; x < 16; x++)
            sum[x / 4][x % 4] += count[x / 4][x % 4],
                square[x / 4][x % 4] += count[x / 4][x % 4] * count[x / 4][x % 4];
    }
    for (int x = 0; x < 16; x++) {
        const int d[2] = {x / 4, x % 4};
        double mean = sum[d[0]][d[1]] / samples;
        double variance = square[d[0]][d[1]] / samples - mean * mean;
        double expected = exp(log_mean_pairs(jd, lambda, SMALL, d));
        double z = (mean - expected) / sqrt(variance / samples + 1e-12);
        if (!(fabs(z) < 4.8))
            fail_msg("distances %d %d: mean %.6g, expected %.6g, z = %.2f, seed %llu", d[0], d[1],
                     mean, expected, z, (unsigned long long)test_seed());
    }
}

/* F(2, q) without replica fields: sum over the sixteen states of a pair of neurons in two copies.
 */
static double direct(double jd, double lambda, double q, double qh) {
    double sum = 0;
    for (int x = 0; x < 2; x++)
        for (int y = 0; y < 2; y++) {
            const bool flips[2] = {x, y};
            const double r[2] = {q, q};
            sum += exp(2 * qh * (1 - x - y)) * site_weight(jd, lambda, 1, flips, r);
        }
    return -q * qh + 0.5 * log(sum);
}

static void pairs_directly(void **state) {
    (void)state;
    fl_rng rng = test_stream("modules pairs");
    for (int k = 0; k < (test_fast() ? 5 : 12); k++) {
        double q = 1 - 2 * pow(10, between(&rng, -3, -0.4)), qh = between(&rng, 0.05, 2);
        fl_tuples_model model = {FL_TUPLES_MODULES, between(&rng, 0, 0.4), between(&rng, 0, 1),
                                 NULL};
        fl_tuples t;
        assert_ok(fl_tuples_at(&model, 2, q, qh, &t));
        assert_true(fabs(t.value - direct(model.control, model.fixed, q, qh)) < 1e-11);
    }
}

/* ln E/(2n) at equal distances tends to F(2, q): differences in n remove ln n and constants. */
static void large_networks(void **state) {
    (void)state;
    const double jd = 0.05, lambda = 0.3;
    for (int tenths = 1; tenths <= 4; tenths++) {
        double total[3];
        for (int i = 0; i < 3; i++) {
            int n = 1000 << i, d = n * tenths / 10;
            total[i] = log_mean_pairs(jd, lambda, n, (int[]){d, d}) + log(n); /* two roots */
        }
        double coarse = (total[1] - total[0]) / 2000, fine = (total[2] - total[1]) / 4000;
        fl_tuples_model model = {FL_TUPLES_MODULES, jd, lambda, NULL};
        fl_tuples t;
        assert_ok(fl_tuples_entropy(&model, 2, 1 - 0.2 * tenths, &t));
        double limit = fine + (fine - coarse) / 3;
        if (!(fabs(limit - t.value) < 1e-8))
            fail_msg("%.12g, expected %.12g (%.3g %.3g)", limit, t.value, coarse, fine);
    }
}

static void uncoupled_modules(void **state) {
    (void)state;
    fl_rng rng = test_stream("modules uncoupled");
    for (int k = 0; k < (test_fast() ? 1 : 5); k++) {
        double m = between(&rng, 1, 12), q = 1 - 2 * pow(10, between(&rng, -2, -0.4));
        fl_tuples_model two = {FL_TUPLES_MODULES, between(&rng, 0, 0.3), 0, NULL};
        fl_tuples_model one = {FL_TUPLES_FIXED_POINTS, two.control, 0, NULL};
        fl_tuples a, b;
        assert_ok(fl_tuples_entropy(&one, m, q, &a));
        assert_ok(fl_tuples_entropy(&two, m, q, &b));
        assert_true(fabs(a.value - b.value) < 1e-11 && fabs(a.d_q - b.d_q) < 1e-8);
        assert_true(fabs(a.qh - b.qh) < 1e-8 && fabs(a.d_control - b.d_control) < 1e-9);
    }
}

/* One replica: the entropy of the chain of two modules. */
static void one_replica(void **state) {
    (void)state;
    fl_rng rng = test_stream("modules one");
    for (int k = 0; k < (test_fast() ? 1 : 4); k++) {
        double jd = between(&rng, 0, 0.5), lambda = between(&rng, 0, 1);
        fl_tuples_model model = {FL_TUPLES_MODULES, jd, lambda, NULL};
        fl_tuples t;
        assert_ok(fl_tuples_entropy(&model, 1, 0.9, &t));
        double plus = fl_normal_cdf(jd + lambda), minus = fl_normal_cdf(jd - lambda);
        assert_true(fabs(t.value - 0.5 * log(2 * (plus * plus + minus * minus))) < 1e-12);
    }
}

static gsl_error_handler_t *handler;

static int quiet_gsl(void **state) {
    (void)state;
    handler = gsl_set_error_handler_off();
    return 0;
}

static int loud_gsl(void **state) {
    (void)state;
    gsl_set_error_handler(handler);
    return 0;
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(small_networks), cmocka_unit_test(pairs_directly),
        cmocka_unit_test(large_networks), cmocka_unit_test(uncoupled_modules),
        cmocka_unit_test(one_replica),
    };
    return cmocka_run_group_tests(tests, quiet_gsl, loud_gsl);
}
