/* Leaves of the tree search by sets of settings of a base: the same fixed points as leaves without
 * and as the Gray code, for every ensemble, couplings with structure and large self-couplings; the
 * same nodes for every kernel; sure sets counted in bulk; the limit; units that never overflow.
 *
 * FIXLAND_LONG=1: 2000 networks in place of some. */
#include "tests/support/support.h"

#include <inttypes.h>
#include <math.h>

#include "fixland/enumerate.h"
#include "fixland/spins.h"
#include "mc/enumerate/engine.h"
#include "mc/enumerate/tree_sets.h"
#include "tests/support/kernels.h"
#include "tests/support/points.h"

/* The self-couplings where these leaves are at home, and some that decide alone. */
static size_t random_values(fl_rng *rng, double *jd) {
    static const double values[] = {0, 0.3, 0.5, 0.6, 0.8, 1, 1.2, 1.4, -0.1, 40};
    size_t count = 1 + (size_t)fl_rng_below(rng, 3), at = (size_t)fl_rng_below(rng, 8);
    for (size_t k = 0; k < count; k++)
        jd[k] = values[at];
    if (count == 3) {
        jd[0] = -0.2;
        jd[2] = fl_rng_below(rng, 20) ? jd[1] : 40;
    }
    return count;
}

/* Couplings with structure: ferromagnets, one strong column, rows of very different sizes,
 * next to nothing but a chain; or any ensemble. */
static fl_network any_network(fl_rng *rng, size_t n) {
    double unit;
    uint64_t kind = fl_rng_below(rng, 10);
    fl_network network = points_network(rng, n, &unit);
    for (size_t i = 0; kind < 5 && i < n; i++) {
        double row = ldexp(1, (int)fl_rng_below(rng, 40) - 20);
        for (size_t j = 0; j < n; j++) {
            double *J = &network.J[i * n + j];
            double noise = fl_rng_gauss(rng) / sqrt((double)n);
            *J = kind == 0   ? 1 / (double)n
                 : kind == 1 ? (j == n / 2 ? 5 : 1) * noise
                 : kind == 2 ? row * noise
                 : kind == 3 ? (j + 1 == i || i + 1 == j ? 1 : 1e-4 * noise)
                             : (fl_rng_below(rng, 8) ? 0 : noise);
            if (i == j)
                *J = 0;
        }
        network.diagonal[i] = kind == 4 ? 3 * fl_rng_gauss(rng) : 0;
    }
    return network;
}

static void as_the_others(void **state) {
    (void)state;
    fl_rng rng = test_stream("sets");
    uint64_t total = 0, networks = getenv("FIXLAND_LONG") ? 2000 : test_fast() ? 25 : 200;
    for (uint64_t trial = 0; trial < networks; trial++) {
        size_t n = 15 + (size_t)fl_rng_below(&rng, trial % 10 ? 5 : 9);
        double jd[3];
        fl_network network = any_network(&rng, n);
        size_t count = random_values(&rng, jd);
        int rule = (int)fl_rng_below(&rng, 3);
        test_kernel_force(fl_rng_below(&rng, test_kernels()));
        points s = points_find(&network, FL_METHOD_TREE, rule + POINTS_SETS, test_threads(&rng), jd,
                               count);
        points t = points_find(&network, FL_METHOD_TREE, rule + POINTS_NO_SETS, 1, jd, count);
        points g = points_find(&network, FL_METHOD_GRAYCODE, 0, 1, jd, count);
        points_assert_equal(&s, &t, count);
        points_assert_equal(&s, &g, count);
        total += s.count;
        points_clear(&s);
        points_clear(&t);
        points_clear(&g);
        fl_network_clear(&network);
    }
    test_kernel_restore();
    print_message("%" PRIu64 " networks, %" PRIu64 " fixed points\n", networks, total);
    assert_true(total > 1000);
}

/* Nodes, leaves and points do not depend on the kernel; base spins are set by force at times, and
 * strides of several vectors occur. */
static void same_for_every_kernel(void **state) {
    (void)state;
    static const size_t sizes[] = {20, 26, 33, 38};
    static const double values[] = {1, 0.6, 0.3, 0.1};
    for (int trial = 0; trial < (test_fast() ? 2 : 4); trial++) {
        fl_ensemble e = FL_ENSEMBLE_DEFAULT;
        fl_network network;
        assert_ok(fl_network_draw(&network, &e, sizes[trial], test_seed(), 5));
        test_kernel_force(0);
        points one = points_find(&network, FL_METHOD_TREE, POINTS_SETS, 1, &values[trial], 1);
        for (size_t k = 1; k < test_kernels(); k++) {
            test_kernel_force(k);
            points p = points_find(&network, FL_METHOD_TREE, POINTS_SETS, 2, &values[trial], 1);
            points_assert_equal(&one, &p, 1);
            assert_int_equal(one.nodes, p.nodes);
            points_clear(&p);
        }
        test_kernel_restore();
        points_clear(&one);
        fl_network_clear(&network);
    }
}

static uint64_t number_of(engine_leaves leaves, const fl_network *network, double jd, int threads) {
    uint64_t count;
    fl_enumeration plan = {.jd = &jd, .jd_count = 1, .effort = {.threads = threads}};
    assert_ok(enumerate_ruled(FL_METHOD_TREE, FL_TREE_DUAL, leaves, network, &plan, &count));
    return count;
}

/* Numbers alone: sure sets are counted without being looked at. */
static void numbers_alone(void **state) {
    (void)state;
    fl_rng rng = test_stream("numbers");
    uint64_t networks = getenv("FIXLAND_LONG") ? 500 : test_fast() ? 20 : 100, sure = 0;
    for (uint64_t trial = 0; trial < networks; trial++) {
        double jd = 0.3 + 1.1 * fl_rng_uniform(&rng);
        fl_network network = any_network(&rng, 15 + (size_t)fl_rng_below(&rng, 8));
        tree_tables t;
        test_kernel_force(fl_rng_below(&rng, test_kernels()));
        assert_int_equal(number_of(ENGINE_SETS, &network, jd, test_threads(&rng)),
                         number_of(ENGINE_NO_SETS, &network, jd, 1));
        assert_ok(tree_tables_make(&t, &network, &jd, 1));
        assert_ok(tree_sets_make(&t, network.n - 1));
        sure += t.kernel.sets->sure;
        tree_tables_clear(&t);
        fl_network_clear(&network);
    }
    test_kernel_restore();
    assert_true(sure > networks / 2);
}

/* Halves of the base in units: what they give, within a unit, and the rows' own spins. */
static void check_halves(const fl_tree_sets *s, size_t stride, size_t i, size_t y, double given) {
    size_t low = y % 64 * stride + i, high = y / 64 * stride + i;
    bool up = s->place[i] >= 0 && y >> s->place[i] & 1;
    int units_given = s->low_units[low] + s->high_units[high];
    assert_true(abs(units_given) <= FL_TREE_TOP + 1);
    assert_true(fabs(units_given - given * (double)s->unit[i]) < 1.01);
    assert_int_equal(s->low_up[low] | s->high_up[high], up ? -1 : 0);
}

/* No setting of a leaf's spins takes a row's sum out of 16 bits, whatever the couplings; the
 * tables' sets hold what the doubles say. */
static void units(void **state) {
    (void)state;
    fl_rng rng = test_stream("units");
    for (int trial = 0; trial < (test_fast() ? 20 : 100); trial++) {
        double jd = 1.4;
        size_t n = 14 + (size_t)fl_rng_below(&rng, FL_TREE_SETS_MAX - 13);
        fl_network network = any_network(&rng, n);
        tree_tables t;
        assert_ok(tree_tables_make(&t, &network, &jd, 1));
        assert_ok(tree_sets_make(&t, n - 1));
        const fl_tree_sets *s = t.kernel.sets;
        assert_int_equal(__builtin_popcountll(s->base), FL_TREE_BASE);
        for (size_t i = 0; i < n; i++) {
            long largest[FL_TREE_SET_LEAF] = {0}, taken = 0;
            double given = 0;
            for (size_t j = 0; j < n; j++) {
                long x = labs(s->column[j * t.kernel.stride + i]);
                given += s->place[j] >= 0 ? fabs((double)t.kernel.row[i * t.kernel.stride + j]) : 0;
                for (int k = 0; s->place[j] < 0 && k < FL_TREE_SET_LEAF; k++)
                    if (x > largest[k]) {
                        long other = largest[k];
                        largest[k] = x;
                        x = other;
                    }
            }
            for (int k = 0; k < FL_TREE_SET_LEAF; k++)
                taken += 2 * largest[k];
            assert_true(taken <= FL_TREE_FALL + FL_TREE_SET_LEAF);
            assert_true(given * (double)s->unit[i] <= FL_TREE_TOP);
            assert_true(FL_TREE_TOP + FL_TREE_ROOM + FL_TREE_FALL <= INT16_MAX);
            assert_true(-2 * FL_TREE_TOP - taken >= INT16_MIN);
            for (int draw = 0; draw < 20; draw++) {
                size_t y = (size_t)fl_rng_below(&rng, 1 << FL_TREE_BASE), up = draw % 2;
                double b = 0;
                for (size_t j = 0; j < n; j++)
                    if (s->place[j] >= 0)
                        b += (double)t.kernel.row[i * t.kernel.stride + j] *
                             (y >> s->place[j] & 1 ? 1 : -1);
                check_halves(s, t.kernel.stride, i, y, b);
                double z = (2 * fl_rng_uniform(&rng) - 1) * (double)s->half[i];
                long level = lrint(floor(z * (double)s->unit[i] / 128)) + FL_TREE_LEVELS / 2;
                bool in =
                    s->set[((2 * i + up) * FL_TREE_LEVELS + (size_t)level) * FL_TREE_SET_WORDS +
                           y / 64] >>
                        (y % 64) &
                    1;
                bool asked = s->place[i] < 0 || (y >> s->place[i] & 1) == up;
                assert_true(in || (asked && z + (up ? b : -b) < 0));
                bool below =
                    level > 0 &&
                    s->set[((2 * i + up) * FL_TREE_LEVELS + (size_t)level - 1) * FL_TREE_SET_WORDS +
                           y / 64] >>
                            (y % 64) &
                        1;
                assert_true(!below || !asked || z + (up ? b : -b) > -1e-3 * (double)s->half[i]);
            }
        }
        tree_tables_clear(&t);
        fl_network_clear(&network);
    }
}

/* What was measured as the faster one by a fifth and more (doc/tree-search.md). */
static void the_faster_one(void **state) {
    (void)state;
    static const struct {
        size_t n;
        double jd;
        fl_method method;
    } known[] = {
        {18, 0.2, FL_METHOD_GRAYCODE}, {18, 0.6, FL_METHOD_GRAYCODE}, {18, 1.2, FL_METHOD_GRAYCODE},
        {20, 0, FL_METHOD_TREE},       {20, 0.4, FL_METHOD_GRAYCODE}, {20, 0.8, FL_METHOD_GRAYCODE},
        {20, 1, FL_METHOD_GRAYCODE},   {20, 1.2, FL_METHOD_TREE},     {22, 0.2, FL_METHOD_TREE},
        {22, 1, FL_METHOD_TREE},       {24, 0.4, FL_METHOD_TREE},     {24, 0.6, FL_METHOD_TREE},
        {24, 0.8, FL_METHOD_TREE},     {24, 1.2, FL_METHOD_TREE}};
    for (size_t k = 0; k < sizeof known / sizeof *known; k++)
        assert_int_equal(engine_method(FL_METHOD_AUTO, known[k].n, known[k].jd), known[k].method);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_faster_one),
        cmocka_unit_test(as_the_others),
        cmocka_unit_test(same_for_every_kernel),
        cmocka_unit_test(numbers_alone),
        cmocka_unit_test(units),
    };
    return cmocka_run_group_tests_name("tree sets", tests, NULL, NULL);
}
