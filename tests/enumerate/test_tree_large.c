/* Tree search where nothing else can look: the same answer after a change of gauge, of labels, of
 * the branching rule; networks whose fixed points are known otherwise, up to 128 neurons.
 *
 * FIXLAND_LONG=1 takes 20 networks of more than 40 neurons, some minutes; else a few. */
#include "tests/support/support.h"

#include <inttypes.h>

#include "fixland/enumerate.h"
#include "fixland/spins.h"
#include "tests/support/points.h"

static bool long_run(void) {
    return getenv("FIXLAND_LONG") != NULL;
}

static void random_gauge(fl_rng *rng, size_t n, int8_t *gauge) {
    for (size_t i = 0; i < n; i++)
        gauge[i] = fl_rng_bits(rng) & 1 ? 1 : -1;
}

static void check_invariance(fl_rng *rng, const fl_network *network, const double *jd,
                             size_t count) {
    uint32_t order[FL_ENUMERATE_MAX];
    int8_t gauge[FL_ENUMERATE_MAX];
    fl_rng_permutation(rng, (uint32_t)network->n, order);
    random_gauge(rng, network->n, gauge);
    points p = points_find(network, FL_METHOD_TREE, 0, 2, jd, count);
    const uint32_t *orders[] = {NULL, order, order};
    const int8_t *gauges[] = {gauge, NULL, gauge};
    for (int k = 0; k < 3; k++) {
        fl_network moved = points_move(network, orders[k], gauges[k]);
        points q = points_find(&moved, FL_METHOD_TREE, 0, test_threads(rng), jd, count);
        points_assert_image(&p, &q, orders[k], gauges[k], count);
        points_clear(&q);
        fl_network_clear(&moved);
    }
    points other = points_find(network, FL_METHOD_TREE, 1, 2, jd, count);
    points_assert_equal(&p, &other, count);
    assert_true(network->n < 24 || p.nodes != other.nodes);
    points_clear(&p);
    points_clear(&other);
}

static void invariance(void **state) {
    (void)state;
    fl_rng rng = test_stream("invariance");
    static const size_t sizes[] = {18, 24, 30, 33, 36, 40};
    for (size_t k = 0; k < (test_fast() ? 3 : 6); k++) {
        fl_ensemble e = FL_ENSEMBLE_DEFAULT;
        fl_network network;
        double jd[] = {-0.05, 0, sizes[k] > 33 ? 0 : 0.2};
        e.distribution = (fl_distribution)(k % 2);
        assert_ok(fl_network_draw(&network, &e, sizes[k], test_seed(), 10 + k));
        check_invariance(&rng, &network, jd, 3);
        fl_network_clear(&network);
    }
}

static void invariance_beyond_forty(void **state) {
    (void)state;
    fl_rng rng = test_stream("beyond");
    for (uint64_t k = 0; k < (long_run() ? 20 : 1) && !test_fast(); k++) {
        fl_ensemble e = FL_ENSEMBLE_DEFAULT;
        fl_network network;
        double jd = 0;
        assert_ok(fl_network_draw(&network, &e, 41 + k % 6, test_seed(), k));
        check_invariance(&rng, &network, &jd, 1);
        fl_network_clear(&network);
    }
}

/* Each neuron follows the one before, in a random gauge and order, against weak couplings to all
 * others that cannot stop it: +-x alone are fixed points. */
static fl_network leader_and_followers(fl_rng *rng, size_t n, const int8_t *x) {
    fl_network network;
    uint32_t order[FL_ENUMERATE_MAX];
    fl_rng_permutation(rng, (uint32_t)n, order);
    assert_ok(fl_network_new(&network, n));
    for (size_t a = 0; a < n; a++)
        for (size_t b = 0; b < n; b++) {
            size_t i = order[a], j = order[b];
            double weak = (2 * fl_rng_uniform(rng) - 1) / (double)n;
            network.J[i * n + j] = a == b ? 0 : b + 1 == a ? x[i] * x[j] : weak;
        }
    network.diagonal[order[0]] = 2;
    return network;
}

static void one_pattern(void **state) {
    (void)state;
    fl_rng rng = test_stream("pattern");
    for (size_t n = 2; n <= FL_ENUMERATE_MAX; n += 1 + (size_t)fl_rng_below(&rng, 5)) {
        int8_t x[FL_ENUMERATE_MAX];
        uint64_t packed[2];
        double jd = 0;
        random_gauge(&rng, n, x);
        fl_spins_pack(x, n, packed);
        if (x[n - 1] < 0)
            fl_spins_negate(packed, n);
        fl_network network = leader_and_followers(&rng, n, x);
        points p = points_find(&network, FL_METHOD_TREE, 0, 1, &jd, 1);
        assert_int_equal(p.count, 1);
        assert_memory_equal(p.spins, packed, p.words * sizeof *packed);
        points_clear(&p);
        fl_network_clear(&network);
    }
}

/* Blocks that do not see each other, labels shuffled: the numbers multiply. */
static void independent_blocks(void **state) {
    (void)state;
    fl_rng rng = test_stream("blocks");
    for (int trial = 0; trial < (test_fast() ? 2 : 8); trial++) {
        enum { BLOCK = 11 };
        size_t blocks = 6 + (size_t)trial % 6, n = blocks * BLOCK;
        uint64_t product = 1;
        double jd[] = {0};
        uint32_t order[FL_ENUMERATE_MAX];
        fl_network network, block;
        fl_ensemble e = FL_ENSEMBLE_DEFAULT;
        assert_ok(fl_network_new(&network, n));
        for (size_t b = 0; b < blocks; b++) {
            uint64_t sample = 100 * (uint64_t)trial + b;
            points p;
            do { /* one that has some */
                assert_ok(fl_network_draw(&block, &e, BLOCK, test_seed(), sample));
                p = points_find(&block, FL_METHOD_GRAYCODE, 0, 1, jd, 1);
                sample += 20;
            } while (p.count == 0 && (points_clear(&p), fl_network_clear(&block), true));
            product *= p.counts[0];
            for (size_t i = 0; i < BLOCK; i++)
                for (size_t j = 0; j < BLOCK; j++)
                    network.J[(b * BLOCK + i) * n + b * BLOCK + j] = block.J[i * BLOCK + j];
            points_clear(&p);
            fl_network_clear(&block);
        }
        fl_rng_permutation(&rng, (uint32_t)n, order);
        fl_network moved = points_move(&network, order, NULL);
        points p = points_find(&moved, FL_METHOD_TREE, 0, 2, jd, 1);
        assert_int_equal(p.counts[0], product);
        points_clear(&p);
        fl_network_clear(&moved);
        fl_network_clear(&network);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(invariance),
        cmocka_unit_test(one_pattern),
        cmocka_unit_test(independent_blocks),
        cmocka_unit_test(invariance_beyond_forty),
    };
    return cmocka_run_group_tests_name("tree_large", tests, NULL, NULL);
}
