/* Partly symmetric couplings: published and independent values, orthant probabilities of three
 * fields, networks counted one by one, limits, and the ends of the range. */
#include "tests/support/support.h"

#include <math.h>

#include "fixland/enumerate.h"
#include "fixland/gaussian.h"
#include "fixland/moments.h"
#include "fixland/network.h"
#include "fixland/potential.h"
#include "fixland/tuple_moments.h"
#include "src/model/symmetry.h"
#include "tests/support/brute.h"
#include "tests/support/chance.h"

static fl_ensemble with_eta(double eta) {
    fl_ensemble e = FL_ENSEMBLE_DEFAULT;
    e.eta = eta;
    return e;
}

static double limit(double eta, double jd) {
    double entropy;
    assert_ok(fl_entropy_limit_eta(jd, eta, &entropy));
    return entropy;
}

static double mean(double eta, size_t n, double jd) {
    double log_mean;
    fl_ensemble e = with_eta(eta);
    assert_ok(fl_log_mean_count(&e, n, jd, &log_mean));
    return log_mean;
}

static double pairs(double eta, size_t n, double jd, size_t d) {
    double log_mean;
    fl_ensemble e = with_eta(eta);
    assert_ok(fl_log_mean_pairs(&e, n, jd, d, &log_mean));
    return log_mean;
}

/* An independent program; 0.1992 is that of Tanaka and Edwards (1980). */
static void known_limits(void **state) {
    (void)state;
    const double known[][3] = {
        {1, 0, 0.1992284910},   {0.5, 0, 0.1217948148},   {0.25, 0, 0.0688418259},
        {1, 0.5, 0.4116755970}, {0.5, 0.3, 0.2865745834}, {-0.5, 0.5, 0.2351371369},
        {-1, 0.51533368, 0},    {-0.75, 0.35099834, 0},   {-0.5, 0.21920738, 0},
        {-0.25, 0.10411542, 0},
    };
    for (size_t k = 0; k < sizeof known / sizeof *known; k++)
        assert_true(fabs(limit(known[k][0], known[k][1]) - known[k][2]) <
                    (known[k][2] ? 6e-11 : 2e-8));
    assert_true(limit(-1, 0) == -INFINITY && limit(-1, -0.2) == -INFINITY);
    assert_true(fabs(exp(mean(1, 16, 0)) - 25.578) < 5e-4);
    assert_true(fabs(exp(mean(0.5, 16, 0)) - 7.1486) < 5e-5);
    assert_true(fabs(exp(mean(-0.5, 16, 0.3)) - 3.998) < 5e-4);
}

/* Three neurons: an orthant probability in three dimensions, by its own integral. */
static void three_neurons(void **state) {
    (void)state;
    fl_rng rng = test_stream("symmetry three");
    for (int k = 0; k < 60; k++) {
        double eta = 2 * fl_rng_uniform(&rng) - 1, jd = fl_rng_uniform(&rng), r = eta / 2;
        double exact = exp(3 * M_LN2 + fl_log_orthant3(jd * sqrt(1.5), r, r, r));
        assert_true(fabs(exp(mean(eta, 3, jd)) - exact) < 2e-9);
    }
}

/* eta -> 0 from both sides meets the product form; n -> infinity the limit, with its 1/n. */
static void continuity_and_growth(void **state) {
    (void)state;
    for (int k = 0; k < 4; k++) {
        double jd = 0.1 + 0.3 * k, at_zero = mean(0, 12, jd);
        double up = mean(1e-5, 12, jd) - at_zero, down = mean(-1e-5, 12, jd) - at_zero;
        assert_true(fabs(up) < 2e-3 && fabs(up + down) < 1e-7);
        for (size_t d = 1; d <= 6; d++) {
            double right = pairs(1e-4, 12, jd, d), left = pairs(-1e-4, 12, jd, d);
            assert_true(fabs(0.5 * (left + right) - pairs(0, 12, jd, d)) < 1e-5);
        }
    }
    for (double eta = -0.8; eta < 1.1; eta += 0.45) {
        double jd = 0.5, a = mean(eta, 400, jd) / 400, b = mean(eta, 800, jd) / 800;
        assert_true(fabs(2 * b - a - limit(eta, jd)) < 1e-5);
        double q[2], both, potential;
        assert_ok(fl_pair_entropy_eta(jd, eta, 0.25, &both, &potential));
        for (int i = 0; i < 2; i++) { /* corrections ln n / 2n and 1/n */
            double n = 400 * (i + 1);
            q[i] = (pairs(eta, (size_t)n, jd, (size_t)n / 4) + 0.5 * log(n)) / n;
        }
        assert_true(fabs(2 * q[1] - q[0] - both) < 3e-5);
        assert_ok(fl_pair_entropy_eta(jd, eta, 0.5, &both, &potential));
        assert_true(fabs(both - 2 * limit(eta, jd)) < 1e-11);
        assert_ok(fl_pair_entropy_eta(jd, eta, 0, &both, &potential));
        assert_true(fabs(both - limit(eta, jd)) < 1e-11);
    }
}

/* The mean numbers of fixed points and of pairs over networks searched one by one. */
static void networks_one_by_one(void **state) {
    (void)state;
    const double cases[][3] = {{8, 1, 0.2},     {8, 0.5, 0},     {7, -0.5, 0.4}, {7, -1, 0.5},
                               {8, -0.95, 0.4}, {4, -0.99, 0.2}, {3, 0.7, 0.3},  {2, -0.4, 0.5}};
    const int samples = test_fast() ? 500 : 5000;
    for (size_t c = 0; c < sizeof cases / sizeof *cases; c++) {
        size_t n = (size_t)cases[c][0];
        fl_ensemble e = with_eta(cases[c][1]);
        double sum[9] = {0}, square[9] = {0};
        for (int k = 0; k < samples; k++) {
            fl_network network;
            double found[9] = {0};
            uint64_t points[256];
            size_t count = 0;
            assert_ok(fl_network_draw(&network, &e, n, test_seed(), (uint64_t)k));
            for (uint64_t s = 0; s < 1U << n; s++)
                if (fl_network_is_fixed_point(&network, &s, cases[c][2]))
                    points[count++] = s;
            for (size_t a = 0; a < count; a++)
                for (size_t b = 0; b < count; b++)
                    found[__builtin_popcountll(points[a] ^ points[b])]++;
            for (size_t d = 0; d <= n; d++)
                sum[d] += found[d], square[d] += found[d] * found[d];
            fl_network_clear(&network);
        }
        for (size_t d = 0; d <= n; d++) {
            double exact = exp(pairs(e.eta, n, cases[c][2], d)), got = sum[d] / samples;
            double error = sqrt((square[d] / samples - got * got) / samples);
            if (!(fabs(got - exact) <= 4.9 * error))
                fail_msg("n %zu eta %g distance %zu: %g(%g), exact %g", n, e.eta, d, got, error,
                         exact);
        }
    }
}

enum { FEW_N = 20, FEW_MOST = 1 << 16 };

/* Half of the fixed points of a network, as they come. */
typedef struct half {
    uint64_t spins[FEW_MOST];
    size_t count;
} half;

static fl_status keep_half(void *context, const uint64_t *spins, const uint8_t *levels,
                           size_t count) {
    half *h = context;
    (void)levels;
    assert_true(h->count + count <= FEW_MOST);
    memcpy(h->spins + h->count, spins, count * sizeof *spins);
    h->count += count;
    return FL_OK;
}

/* Small distances at eta near -1, which have a way of their own (symmetric_sums.c), beside networks. */
static void few_that_differ(void **state) {
    (void)state;
    static half found;
    const double cases[][2] = {{-1, 0.75}, {-0.985, 0.7}};
    const int samples = test_fast() ? 20 : 150;
    for (size_t c = 0; c < 2; c++) {
        fl_ensemble e = with_eta(cases[c][0]);
        double sum[7] = {0}, square[7] = {0};
        for (int k = 0; k < samples; k++) {
            fl_network network;
            double pairs_at[FEW_N + 1] = {0};
            uint64_t count;
            found.count = 0;
            assert_ok(fl_network_draw(&network, &e, FEW_N, test_seed() + c, (uint64_t)k));
            assert_ok(fl_enumerate(&network,
                                   &(fl_enumeration){.jd = &cases[c][1],
                                                     .jd_count = 1,
                                                     .effort = {.threads = 1},
                                                     .visit = keep_half,
                                                     .context = &found},
                                   &count));
            assert_int_equal(count, 2 * found.count);
            for (size_t a = 0; a < found.count; a++)
                for (size_t b = 0; b < found.count; b++) {
                    int d = __builtin_popcountll(found.spins[a] ^ found.spins[b]);
                    pairs_at[d] += 2, pairs_at[FEW_N - d] += 2;
                }
            for (size_t d = 2; d < 7; d++)
                sum[d] += pairs_at[d], square[d] += pairs_at[d] * pairs_at[d];
            fl_network_clear(&network);
        }
        for (size_t d = 2; d < 7; d++) {
            double exact = exp(pairs(e.eta, FEW_N, cases[c][1], d)), got = sum[d] / samples;
            double error = sqrt((square[d] / samples - got * got) / samples);
            assert_true(error < (test_fast() ? 1 : 0.3) * exact);
            assert_z(got, exact, error);
        }
    }
    /* Every distance is decided, and continuous in eta. */
    for (size_t n = 20; n <= 46; n += 26)
        for (size_t d = 1; d <= n / 2; d += test_fast() ? 7 : 3) {
            double end = pairs(-1, n, 0.6, d), near = pairs(-0.99999, n, 0.6, d);
            double next = pairs(-0.99998, n, 0.6, d);
            assert_true(fabs(2 * near - next - end) < 1e-6);
        }
}

static double unit_of(size_t n) {
    const fl_ensemble e = FL_ENSEMBLE_DEFAULT;
    return fl_ensemble_scale(&e, n);
}

/* P(a + b + j > 0, a - b + j > 0, ...) for the two configurations of three neurons, eta = -1: of the three couplings
 * a, b, c one is integrated in closed form, the others by panels that end where the integrand bends. */
static double three_antisymmetric(double j) {
    double sum = 0;
    const double ends[] = {-2, -1.5, -1, -0.5, 0, 0.5, 1, 1.5, 2};
    for (int p = 0; p < 8; p++)
        for (int i = 0; i < 16 * 16 * 2; i++) {
            const double *outer = fl_legendre[i % 16], *inner = fl_legendre[i / 16 % 16];
            double span = 0.5 * j * (ends[p + 1] - ends[p]),
                   b = ends[p] * j + span * (1 + outer[0]);
            double room = 2 * j - fabs(b), low = fmax(-j - b, -room), high = fmin(j - b, room);
            low = i < 256 ? low : fmax(low, 0);
            high = i < 256 ? fmin(high, 0) : high;
            double part = 0.5 * fmax(high - low, 0), c = low + part * (1 + inner[0]);
            double first = fl_normal_cdf(j - fabs(c)) - fl_normal_cdf(fabs(b) - j);
            sum += span * outer[1] * part * inner[1] * fl_normal_pdf(b) * fl_normal_pdf(c) * first;
        }
    return sum;
}

/* Near eta = -1: a plain integral, the two ways beside each other where both are good, no gap where the one gives
 * way to the other, and every distance decided. */
static void nearly_antisymmetric(void **state) {
    (void)state;
    for (double jd = 0.1; jd < 1; jd += 0.4) {
        double j = jd / unit_of(3);
        assert_true(fabs(exp(pairs(-1, 3, jd, 1)) - 24 * three_antisymmetric(j)) < 1e-10);
    }
    const double both[][4] = {
        {9, 1, 0.5, -0.6}, {9, 4, 0.5, -0.6}, {20, 8, 0.4, -0.7}, {40, 14, 0.6, -0.9}};
    for (size_t k = test_fast() ? 2 : 0; k < 4; k++) {
        double n = both[k][0], d = both[k][1], eta = both[k][3], sums;
        double unit = unit_of((size_t)n);
        assert_ok(fl_log_pair_by_sums(n, d, both[k][2] / unit, eta, &sums));
        sums += n * M_LN2 + lgamma(n + 1) - lgamma(d + 1) - lgamma(n - d + 1);
        assert_true(fabs(pairs(eta, (size_t)n, both[k][2], (size_t)d) - sums) < 1e-10);
    }
    double at[5] = {0};
    for (int i = 0; i < 9; i++) { /* the fourth difference is that of a smooth function */
        at[i % 5] = pairs(-0.9285 + 0.0005 * i, 5, 0.3, 1);
        double fourth = at[i % 5] + at[(i + 1) % 5] - 4 * (at[(i + 2) % 5] + at[(i + 4) % 5]) +
                        6 * at[(i + 3) % 5];
        assert_true(i < 4 || fabs(fourth) < 5e-9);
    }
    const double eta[] = {-1, -0.99999, -0.98};
    for (size_t k = 0; k < 3; k++)
        for (size_t n = 3; n <= (test_fast() ? 3 : 7); n += 2)
            for (size_t d = 1; d <= n / 2; d++)
                assert_true(isfinite(pairs(eta[k], n, 0.2, d)));
}

/* Mirror images, distance 0, and what is impossible. */
static void ends_of_the_range(void **state) {
    (void)state;
    for (double eta = -0.7; eta < 1.1; eta += 0.85) {
        assert_true(pairs(eta, 9, 0.3, 0) == mean(eta, 9, 0.3));
        assert_true(pairs(eta, 9, 0.3, 2) == pairs(eta, 9, 0.3, 7));
    }
    assert_true(pairs(1, 9, 0, 1) == -INFINITY); /* no two neighbours at J_D = 0 */
    assert_true(mean(-1, 9, 0) == -INFINITY);
    fl_ensemble e = with_eta(0.5);
    double value;
    e.dilution = 0.5;
    assert_status(FL_EDOMAIN, fl_log_mean_count(&e, 10, 0.1, &value));
    assert_status(FL_EINVAL, fl_entropy_limit_eta(0.1, 1.5, &value));
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(known_limits),          cmocka_unit_test(three_neurons),
        cmocka_unit_test(continuity_and_growth), cmocka_unit_test(networks_one_by_one),
        cmocka_unit_test(ends_of_the_range),     cmocka_unit_test(few_that_differ),
        cmocka_unit_test(nearly_antisymmetric),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
