/* Tree search against the Gray code, for every ensemble; kernels, threads, branching rules; the
 * limit, the cross-check and stopping. */
#include "tests/support/support.h"

#include <inttypes.h>
#include <math.h>
#include <stdatomic.h>

#include "fixland/enumerate.h"
#include "tests/support/kernels.h"
#include "tests/support/points.h"

static const char *const kernels[] = {"scalar", "avx2", "avx512"};

static int ascending(const void *a, const void *b) {
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

/* Few and small ones for large networks, where a large one would make everything a fixed point. */
static size_t random_list(fl_rng *rng, size_t n, double unit, double *jd) {
    size_t count = 1 + (size_t)fl_rng_below(rng, 4);
    for (size_t k = 0; k < count; k++) {
        double ties = unit * ((double)fl_rng_below(rng, 7) - 3);
        double values[] = {0, 0.4 * fl_rng_uniform(rng), n > 16 ? fmin(ties, 0) : ties,
                           -0.2 * fl_rng_uniform(rng), n > 12 ? 0 : fl_rng_gauss(rng)};
        jd[k] = values[fl_rng_below(rng, 5)];
    }
    qsort(jd, count, sizeof *jd, ascending);
    return count;
}

/* Mostly small networks, where there are most kinds of accidents. */
static size_t random_size(fl_rng *rng) {
    uint64_t kind = fl_rng_below(rng, 100);
    if (kind < 85)
        return 2 + (size_t)fl_rng_below(rng, 15);
    if (kind < 97 || test_fast())
        return 17 + (size_t)fl_rng_below(rng, 4);
    return 21 + (size_t)fl_rng_below(rng, 6);
}

static void as_the_gray_code(void **state) {
    (void)state;
    fl_rng rng = test_stream("graycode");
    uint64_t total = 0, some = 0, networks = test_fast() ? 150 : 2000;
    for (uint64_t trial = 0; trial < networks; trial++) {
        size_t n = random_size(&rng);
        double unit, jd[4];
        fl_network network = points_network(&rng, n, &unit);
        size_t count = random_list(&rng, n, unit, jd);
        test_kernel_named(kernels[fl_rng_below(&rng, 3)]);
        points g = points_find(&network, FL_METHOD_GRAYCODE, 0, 1, jd, count);
        points t = points_find(&network, FL_METHOD_TREE, (int)fl_rng_below(&rng, 3),
                               test_threads(&rng), jd, count);
        points_assert_equal(&g, &t, count);
        total += t.counts[count - 1];
        some += t.count > 0;
        points_clear(&g);
        points_clear(&t);
        fl_network_clear(&network);
    }
    test_kernel_named(NULL);
    print_message("%" PRIu64 " networks, %" PRIu64 " with fixed points, %" PRIu64 " of them\n",
                  networks, some, total);
    assert_true(some > networks / 3 && some < networks);
}

/* Same nodes, same points for all kernels and numbers of threads; for large strides too. */
static void kernels_and_threads(void **state) {
    (void)state;
    fl_rng rng = test_stream("kernels");
    static const size_t sizes[] = {15, 16, 17, 31, 33, 28};
    for (int trial = 0; trial < (test_fast() ? 3 : 6); trial++) {
        fl_ensemble e = FL_ENSEMBLE_DEFAULT;
        fl_network network;
        double jd[] = {0, 0.1};
        assert_ok(fl_network_draw(&network, &e, sizes[trial], test_seed(), 3));
        test_kernel_named("scalar");
        points one = points_find(&network, FL_METHOD_TREE, 0, 1, jd, 2);
        assert_true(one.nodes > 0);
        for (int k = 0; k < 3; k++)
            for (int threads = 1; threads <= 5; threads += 1 + (int)fl_rng_below(&rng, 2)) {
                test_kernel_named(kernels[k]);
                points p = points_find(&network, FL_METHOD_TREE, 0, threads, jd, 2);
                points_assert_equal(&one, &p, 2);
                assert_int_equal(one.nodes, p.nodes);
                points_clear(&p);
            }
        points_clear(&one);
        fl_network_clear(&network);
    }
    test_kernel_named(NULL);
}

/* Self-couplings so large, or so negative, that they decide alone; nothing but self-couplings. */
static void self_couplings_alone(void **state) {
    (void)state;
    fl_rng rng = test_stream("alone");
    double unit, jd[] = {-1e300, -50, 0, 50, 1e300};
    for (size_t n = 1; n < 13; n += 2) {
        fl_network network = points_network(&rng, n, &unit);
        points g = points_find(&network, FL_METHOD_GRAYCODE, 0, 1, jd, 5);
        points t = points_find(&network, FL_METHOD_TREE, 0, 1, jd, 5);
        points_assert_equal(&g, &t, 5);
        assert_int_equal(t.counts[4], UINT64_C(1) << n);
        points_clear(&g);
        points_clear(&t);
        for (size_t k = 0; k < n * n; k++)
            network.J[k] = 0;
        for (size_t i = 0; i < n; i++)
            network.diagonal[i] = i % 2 ? 0 : 0.5;
        double small[] = {-0.25, 0};
        t = points_find(&network, FL_METHOD_TREE, 0, 1, small, 2);
        assert_int_equal(t.counts[0], n == 1 ? 2 : 0);
        assert_int_equal(t.counts[1], UINT64_C(1) << n);
        points_clear(&t);
        fl_network_clear(&network);
    }
}

/* What a limited search hands over. */
typedef struct limited {
    fl_network network;
    double jd;
    uint64_t count, kept;
    bool exact;
} limited;

static fl_status take_limited(void *context, const fl_sample_result *r) {
    limited *l = context;
    l->count = r->counts[0];
    l->kept = r->kept;
    l->exact = r->exact;
    for (size_t k = 0; k < r->kept; k++) {
        assert_true(fl_network_is_fixed_point(&l->network, r->spins + k, l->jd));
        assert_true(k == 0 || r->spins[k - 1] < r->spins[k]);
    }
    return FL_OK;
}

static void the_limit(void **state) {
    (void)state;
    fl_rng rng = test_stream("limit");
    fl_ensemble e = FL_ENSEMBLE_DEFAULT;
    limited l = {.jd = 0.4};
    int64_t n = 31;
    fl_sample_plan plan = {.networks.ensemble = e,
                           .networks.n = &n,
                           .networks.n_count = 1,
                           .jd = &l.jd,
                           .jd_count = 1,
                           .networks.seed = test_seed(),
                           .networks.samples = 1,
                           .method = FL_METHOD_TREE,
                           .effort = {.threads = 1}};
    assert_ok(fl_network_draw(&l.network, &e, 31, test_seed(), 0));
    assert_ok(fl_enumerate_samples(&plan, &l, take_limited));
    uint64_t all = l.count;
    assert_true(l.exact && all > 2000);
    for (uint64_t limit = 1; limit < 2 * all; limit = 3 * limit + 1)
        for (int keep = 0; keep < 2; keep++) {
            plan.limit = limit;
            plan.keep = keep;
            plan.effort.threads = test_threads(&rng);
            assert_ok(fl_enumerate_samples(&plan, &l, take_limited));
            uint64_t expected = limit < all ? limit + limit % 2 : all;
            assert_int_equal(l.count, expected);
            assert_int_equal(l.kept, keep ? expected / 2 : 0);
            assert_int_equal(l.exact, limit > all);
        }
    fl_network_clear(&l.network);
}

static void the_cross_check(void **state) {
    (void)state;
    fl_rng rng = test_stream("check");
    for (int trial = 0; trial < 10; trial++) {
        double unit, jd[] = {-0.1, 0, 0.2};
        fl_network network = points_network(&rng, 18 + (size_t)trial % 3, &unit);
        points c = points_find(&network, FL_METHOD_CHECK, 0, 2, jd, 3);
        points t = points_find(&network, FL_METHOD_TREE, 0, 1, jd, 3);
        points_assert_equal(&c, &t, 3);
        points_clear(&c);
        points_clear(&t);
        fl_network_clear(&network);
    }
}

/* From all parts: the answer. From some of them: the answer within the error, mostly. */
static void the_estimate(void **state) {
    (void)state;
    fl_ensemble e = FL_ENSEMBLE_DEFAULT;
    fl_network network;
    double jd = 0.2;
    assert_ok(fl_network_draw(&network, &e, 34, test_seed(), 0));
    points p = points_find(&network, FL_METHOD_TREE, 0, 1, &jd, 1);
    fl_work_estimate w;
    assert_ok(fl_enumerate_estimate(&network, FL_METHOD_TREE, &jd, 1, 1, 1000, NULL, &w));
    assert_true(w.parts == w.tried && w.parts >= 4 && w.nodes_error == 0 && w.count_error == 0);
    assert_true(w.count == (double)p.counts[0] && w.nodes == (double)p.nodes && w.seconds > 0);
    const int seeds = test_fast() ? 4 : 20;
    int off = 0;
    for (int seed = 1; seed <= seeds; seed++) {
        assert_ok(fl_enumerate_estimate(&network, FL_METHOD_TREE, &jd, 1, (uint64_t)seed,
                                        w.parts / 2, NULL, &w));
        off += fabs(w.nodes - (double)p.nodes) > 3 * w.nodes_error;
    }
    assert_true(off <= seeds / 4 + 1);
    assert_status(FL_EINVAL,
                  fl_enumerate_estimate(&network, FL_METHOD_TREE, &jd, 1, 1, 1, NULL, &w));
    points_clear(&p);
    fl_network_clear(&network);
}

/* Within a search of which one part takes very long. */
static void stopping(void **state) {
    (void)state;
    fl_ensemble e = FL_ENSEMBLE_DEFAULT;
    fl_network network;
    double jd = 0.5;
    uint64_t counts[1];
    assert_ok(fl_network_draw(&network, &e, 90, test_seed(), 0));
    atomic_int polls = 3;
    fl_enumeration plan = {.jd = &jd,
                           .jd_count = 1,
                           .effort = {.threads = 1, .stop = test_stop_after, .context = &polls}};
    assert_status(FL_STOPPED, fl_enumerate(&network, &plan, counts));
    plan.effort.stop = NULL;
    assert_status(FL_EINVAL, fl_enumerate_graycode(&network, &plan, counts));
    assert_status(FL_EINVAL, fl_enumerate_by(FL_METHOD_CHECK, &network, &plan, counts));
    fl_network_clear(&network);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(as_the_gray_code),     cmocka_unit_test(kernels_and_threads),
        cmocka_unit_test(self_couplings_alone), cmocka_unit_test(the_limit),
        cmocka_unit_test(the_cross_check),      cmocka_unit_test(stopping),
        cmocka_unit_test(the_estimate),
    };
    return cmocka_run_group_tests_name("tree", tests, NULL, NULL);
}
