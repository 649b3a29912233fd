/* Verdicts on stability: exact where double arithmetic is not, invariant under gauge and
 * relabelling. */
#include "tests/support/support.h"

#include <float.h>
#include <math.h>
#include <mpfr.h>

#include "fixland/exact.h"
#include "fixland/network.h"
#include "fixland/spins.h"
#include "tests/support/brute.h"
#include "tests/support/ties.h"

static double entry(const fl_network *network, size_t i, size_t j) {
    return network->J[i * network->n + j];
}

static fl_network draw(fl_ensemble ensemble, size_t n, uint64_t sample) {
    fl_network network;
    assert_ok(fl_network_draw(&network, &ensemble, n, test_seed(), sample));
    return network;
}

/* sum_j J_ij s_i s_j + diagonal_i + jd as a real number. */
static void exact_alignment(mpfr_t sum, const fl_network *network, const uint64_t *spins, size_t i,
                            double jd) {
    mpfr_set_d(sum, network->diagonal[i], MPFR_RNDN);
    int inexact = mpfr_add_d(sum, sum, jd, MPFR_RNDN);
    for (size_t j = 0; j < network->n; j++) {
        double sign = fl_spins_get(spins, i) * fl_spins_get(spins, j);
        inexact |= mpfr_add_d(sum, sum, sign * entry(network, i, j), MPFR_RNDN);
    }
    assert_int_equal(inexact, 0);
}

static int exactly_stable(const fl_network *network, const uint64_t *spins, size_t i, double jd) {
    mpfr_t sum;
    mpfr_init2(sum, 2400);
    exact_alignment(sum, network, spins, i, jd);
    int stable = mpfr_sgn(sum) >= 0;
    mpfr_clear(sum);
    return stable;
}

static void alignments(void **state) {
    (void)state;
    fl_rng rng = test_stream("alignments");
    mpfr_t sum;
    mpfr_init2(sum, 2400);
    for (uint64_t trial = 0; trial < 50; trial++) {
        size_t n = 1 + (size_t)fl_rng_below(&rng, 150);
        fl_network network = draw(FL_ENSEMBLE_DEFAULT, n, trial);
        uint64_t spins[3];
        double local[150];
        fl_spins_random(spins, n, &rng);
        for (size_t i = 0; i < n; i++)
            network.diagonal[i] = fl_rng_gauss(&rng);
        fl_network_alignment(&network, spins, local);
        for (size_t i = 0; i < n; i++) {
            double magnitude = fabs(network.diagonal[i]);
            for (size_t j = 0; j < n; j++)
                magnitude += fabs(entry(&network, i, j));
            exact_alignment(sum, &network, spins, i, 0);
            mpfr_sub_d(sum, sum, local[i], MPFR_RNDN);
            assert_true(fabs(mpfr_get_d(sum, MPFR_RNDN)) <= fl_sum_error(n + 1, magnitude));
        }
        fl_network_clear(&network);
    }
    mpfr_clear(sum);
}

/* Binary couplings: the field is a whole number of scales, often zero, and zero is stable. */
static void zero_fields_are_stable(void **state) {
    (void)state;
    fl_rng rng = test_stream("zero fields");
    size_t zeros = 0;
    for (uint64_t trial = 0; trial < 60; trial++) {
        fl_ensemble e = FL_ENSEMBLE_DEFAULT;
        e.distribution = FL_BINARY;
        size_t n = 2 + (size_t)fl_rng_below(&rng, 29);
        fl_network network = draw(e, n, trial);
        double scale = fl_ensemble_scale(&e, n);
        for (int k = 0; k < 20; k++) {
            uint64_t spins;
            fl_spins_random(&spins, n, &rng);
            for (size_t i = 0; i < n; i++) {
                int field = 0;
                for (size_t j = 0; j < n; j++)
                    field += entry(&network, i, j) * fl_spins_get(&spins, j) > 0   ? 1
                             : entry(&network, i, j) * fl_spins_get(&spins, j) < 0 ? -1
                                                                                   : 0;
                int aligned = field * fl_spins_get(&spins, i);
                zeros += aligned == 0;
                assert_int_equal(fl_network_stable(&network, &spins, i, 0), aligned >= 0);
                assert_int_equal(fl_network_stable(&network, &spins, i, DBL_TRUE_MIN),
                                 aligned >= 0);
                assert_int_equal(fl_network_stable(&network, &spins, i, -DBL_TRUE_MIN),
                                 aligned > 0);
                /* Twice the scale is a double, so the tie at -2 is exact. */
                assert_int_equal(fl_network_stable(&network, &spins, i, 2 * scale), aligned >= -2);
                assert_int_equal(fl_network_stable(&network, &spins, i, -2 * scale), aligned >= 2);
            }
        }
        fl_network_clear(&network);
    }
    assert_true(zeros > 1000);
}

static void near_cancellations(void **state) {
    (void)state;
    fl_rng rng = test_stream("near cancellations");
    size_t stable = 0, all = 0;
    for (int trial = 0; trial < (test_fast() ? 60 : 300); trial++) {
        size_t n =
            2 + (size_t)fl_rng_below(&rng, trial % 10 ? 40 : 400); /* both kinds of scratch */
        uint64_t spins[8];
        double jd;
        fl_network network = ties_network(&rng, n, spins, &jd);
        int whole = 1;
        for (size_t i = 0; i < n; i++) {
            int expected = exactly_stable(&network, spins, i, jd);
            assert_int_equal(fl_network_stable(&network, spins, i, jd), expected);
            whole &= expected;
            stable += (size_t)expected;
            all++;
        }
        assert_int_equal(fl_network_is_fixed_point(&network, spins, jd), whole);
        fl_network_clear(&network);
    }
    assert_true(stable > all / 5 && stable < all - all / 5);
}

/* s_i -> x_i s_i, J_ij -> x_i J_ij x_j keeps every verdict; so does a new numbering. */
static fl_network transformed(const fl_network *network, const uint64_t *gauge,
                              const uint32_t *order) {
    fl_network other;
    size_t n = network->n;
    assert_ok(fl_network_new(&other, n));
    for (size_t i = 0; i < n; i++) {
        other.diagonal[order[i]] = network->diagonal[i];
        for (size_t j = 0; j < n; j++)
            other.J[order[i] * n + order[j]] =
                fl_spins_get(gauge, i) * fl_spins_get(gauge, j) * entry(network, i, j);
    }
    return other;
}

static void gauge_and_relabelling(void **state) {
    (void)state;
    fl_rng rng = test_stream("gauge");
    for (int trial = 0; trial < 300; trial++) {
        size_t n = 2 + (size_t)fl_rng_below(&rng, 60);
        uint64_t spins[1], gauge[1], image[1] = {0};
        uint32_t order[64];
        double jd;
        fl_network network = ties_network(&rng, n, spins, &jd);
        fl_spins_random(gauge, n, &rng);
        fl_rng_permutation(&rng, n, order);
        fl_network other = transformed(&network, gauge, order);
        for (size_t i = 0; i < n; i++)
            fl_spins_set(image, order[i], fl_spins_get(spins, i) * fl_spins_get(gauge, i));
        for (size_t i = 0; i < n; i++)
            assert_int_equal(fl_network_stable(&network, spins, i, jd),
                             fl_network_stable(&other, image, order[i], jd));
        fl_network_clear(&network);
        fl_network_clear(&other);
    }
}

static void counts_are_invariant(void **state) {
    (void)state;
    fl_rng rng = test_stream("invariant counts");
    uint64_t total = 0;
    for (uint64_t trial = 0; trial < 60; trial++) {
        fl_ensemble e = FL_ENSEMBLE_DEFAULT;
        e.distribution = (fl_distribution)(trial % 2);
        size_t n = 2 + (size_t)fl_rng_below(&rng, 9);
        fl_network network = draw(e, n, trial);
        uint64_t gauge[1];
        uint32_t order[16];
        fl_spins_random(gauge, n, &rng);
        fl_rng_permutation(&rng, n, order);
        fl_network other = transformed(&network, gauge, order);
        uint64_t count = brute_points(&network, 0.3, NULL);
        assert_int_equal(brute_points(&other, 0.3, NULL), count);
        assert_int_equal(count % 2, 0);
        total += count;
        fl_network_clear(&network);
        fl_network_clear(&other);
    }
    assert_true(total > 100);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(alignments),           cmocka_unit_test(zero_fields_are_stable),
        cmocka_unit_test(near_cancellations),   cmocka_unit_test(gauge_and_relabelling),
        cmocka_unit_test(counts_are_invariant),
    };
    return cmocka_run_group_tests_name("stability", tests, NULL, NULL);
}
