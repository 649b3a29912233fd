/* How finely searches are cut: the fixed points do not depend on it; long searches are cut by what parts of
 * them cost, on any kernel alike; the tasks are all parts of all samples in order, in whatever shards. */
#include "tests/support/support.h"

#include "mc/enumerate/engine.h"
#include "mc/enumerate/probe.h"
#include "mc/enumerate/tasks.h"
#include "tests/support/kernels.h"

/* One network in 2^bits parts: all of them together. */
static hits search_in_parts(const fl_network *network, unsigned bits, double jd) {
    engine e;
    hits all = {.keep = true};
    assert_ok(engine_open_cut(&e, FL_METHOD_TREE, bits, network, &jd, 1));
    for (uint64_t part = 0; part < UINT64_C(1) << bits; part++) {
        hits found = {.keep = true};
        assert_ok(engine_search(&e, part, &found, NULL));
        for (size_t k = 0; k < found.count; k++)
            assert_ok(hits_add(&all, found.list[k].spins, found.list[k].level));
        hits_clear(&found);
    }
    engine_close(&e);
    return all;
}

static void any_cut_finds_the_same(void **state) {
    (void)state;
    fl_rng rng = test_stream("cuts");
    fl_ensemble e = FL_ENSEMBLE_DEFAULT;
    for (uint64_t k = 0; k < (test_fast() ? 1 : 3); k++) {
        fl_network network;
        size_t n = 24 + (size_t)fl_rng_below(&rng, 6);
        assert_ok(fl_network_draw(&network, &e, n, test_seed(), k));
        hits whole = search_in_parts(&network, 0, 0.3);
        assert_true(whole.total > 0);
        hits cut = search_in_parts(&network, 1 + (unsigned)fl_rng_below(&rng, 11), 0.3);
        assert_true(hits_equal(&whole, &cut)); /* in the same order, too */
        hits_clear(&whole);
        hits_clear(&cut);
        fl_network_clear(&network);
    }
}

/* Hard ones are cut finely, on any kernel the same; one that is decided at once is not, whatever its size. */
static void probes(void **state) {
    (void)state;
    fl_ensemble e = FL_ENSEMBLE_DEFAULT;
    fl_network network;
    double jd = 0, frozen = -8;
    unsigned bits = 0, other;
    assert_ok(fl_network_draw(&network, &e, 80, test_seed(), 0));
    for (size_t k = 0; k < (test_fast() ? 0 : test_kernels()); k++) {
        test_kernel_force(k);
        assert_ok(probe_bits(&network, &jd, 1, 10, 20, NULL, &other));
        bits = k ? bits : other;
        assert_int_equal(bits, other);
    }
    assert_in_range(test_fast() ? 12 : bits, 12, 19);
    test_kernel_force(0);
    assert_ok(probe_bits(&network, &frozen, 1, 10, 20, NULL, &bits));
    assert_int_equal(bits, 10);
    fl_network_clear(&network);
    fl_effort stopped = {.threads = 1, .stop = test_stop_after};
    assert_ok(fl_network_draw(&network, &e, 80, test_seed(), 0));
    assert_status(FL_STOPPED, probe_bits(&network, &jd, 1, 10, 20, &stopped, &bits));
    fl_network_clear(&network);
}

/* All tasks of a plan, part by part of sample by sample of size by size. */
static void assert_in_order(const fl_sample_plan *plan, const double *jd) {
    uint64_t next = 0;
    task before = {.n_index = SIZE_MAX};
    fl_sample_plan part = *plan;
    for (part.networks.shard = 1; part.networks.shard <= 2; part.networks.shard++) {
        tasks t;
        part.networks.shards = 2;
        assert_ok(tasks_make(&t, &part, jd));
        assert_true(t.from == next);
        for (uint64_t k = 0; k < t.until - t.from; k++) {
            task x = tasks_get(&t, k);
            bool follows = x.n_index == before.n_index && x.sample == before.sample;
            assert_int_equal(x.part, follows ? before.part + 1 : 0);
            assert_true(x.first == (x.part == 0 || k == 0) && x.part < UINT64_C(1) << x.bits);
            assert_true(next == 0 || follows || before.part + 1 == UINT64_C(1) << before.bits);
            assert_true(tasks_done(&t, k) < tasks_done(&t, k + 1));
            before = x;
            next++;
        }
        next = t.until;
        tasks_clear(&t);
    }
    assert_true(before.n_index + 1 == plan->networks.n_count);
    assert_true(before.sample + 1 == plan->networks.samples);
    assert_true(before.part + 1 == UINT64_C(1) << before.bits);
}

static void tasks_are_all_parts(void **state) {
    (void)state;
    const int64_t sizes[] = {20, test_fast() ? 66 : 74, 40};
    double jd[] = {-0.5, 0};
    fl_sample_plan plan = {.networks = {.ensemble = FL_ENSEMBLE_DEFAULT,
                                        .n = sizes,
                                        .n_count = 3,
                                        .seed = test_seed(),
                                        .samples = 2},
                           .jd = jd,
                           .jd_count = 2,
                           .effort = {.threads = 1}};
    assert_in_order(&plan, jd);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(any_cut_finds_the_same),
        cmocka_unit_test(probes),
        cmocka_unit_test(tasks_are_all_parts),
    };
    return cmocka_run_group_tests_name("cuts", tests, NULL, NULL);
}
