/* Which networks: sizes, samples, shards. */
#include "fixland/instances.h"

#include <string.h>

#include "tests/support/chance.h"
#include "tests/support/support.h"

static const int64_t sizes[] = {5, 3, 8};

static fl_instances three_sizes(void) {
    return (fl_instances){.ensemble = FL_ENSEMBLE_DEFAULT,
                          .n = sizes,
                          .n_count = 3,
                          .seed = test_seed(),
                          .samples = 7};
}

/* Shards in order are the whole, in order, whatever their number; more shards than instances leave
 * some empty. */
static void shards_cover_the_whole(void **state) {
    (void)state;
    fl_rng rng = test_stream("shards");
    for (int trial = 0; trial < 200; trial++) {
        fl_instances w = three_sizes();
        w.n_count = 1 + fl_rng_below(&rng, 3);
        w.samples = 1 + fl_rng_below(&rng, 12);
        w.shards = trial % 10 == 0 ? 100 : 1 + fl_rng_below(&rng, 8);
        uint64_t at = 0, total = w.n_count * w.samples;
        for (w.shard = 1; w.shard <= w.shards; w.shard++) {
            uint64_t count = fl_instances_count(&w);
            assert_true(count >= total / w.shards && count <= total / w.shards + 1);
            for (uint64_t k = 0; k < count; k++, at++) {
                fl_instance one = fl_instances_get(&w, k);
                assert_int_equal(one.n_index, at / w.samples);
                assert_int_equal(one.sample, at % w.samples);
                bool last = k + 1 == count || one.sample + 1 == w.samples;
                assert_int_equal(fl_instances_end_of_size(&w, k), last);
            }
        }
        assert_int_equal(at, total);
    }
}

/* Ranges of very many things do not overflow. */
static void large_ranges(void **state) {
    (void)state;
    uint64_t from, until, before = 0;
    for (uint64_t shard = 1; shard <= 5; shard++) {
        fl_shard_range(UINT64_MAX, shard, 5, &from, &until);
        assert_true(from == before && until - from == UINT64_MAX / 5);
        before = until;
    }
    assert_true(before == UINT64_MAX);
    fl_shard_range(10, 0, 0, &from, &until);
    assert_true(from == 0 && until == 10);
}

static void networks_are_those_of_the_ensemble(void **state) {
    (void)state;
    fl_instances w = three_sizes();
    w.ensemble.modules = 2;
    w.ensemble.lambda = 0.5;
    for (uint64_t k = 0; k < fl_instances_count(&w); k++) {
        fl_instance one = fl_instances_get(&w, k);
        fl_network network, expected;
        size_t n = (size_t)sizes[one.n_index];
        assert_ok(fl_instances_draw(&w, &one, &network));
        assert_ok(fl_network_draw(&expected, &w.ensemble, n, w.seed, one.sample));
        assert_int_equal(network.n, 2 * n);
        assert_int_equal(fl_instances_neurons(&w, one.n_index), 2 * n);
        assert_int_equal(fl_instances_n(&w, one.n_index), n);
        assert_memory_equal(network.J, expected.J, 4 * n * n * sizeof(double));
        fl_network_clear(&network);
        fl_network_clear(&expected);
    }
}

/* One instance, whatever the plan says of sizes and samples. */
static void a_given_network(void **state) {
    (void)state;
    const double matrix[] = {0.5, 1, -2, 0};
    fl_network given, copy;
    assert_ok(fl_network_from_matrix(&given, matrix, 2));
    fl_instances w = three_sizes();
    w.given = &given;
    w.ensemble.modules = 4;
    fl_instance one = fl_instances_get(&w, 0);
    assert_int_equal(fl_instances_count(&w), 1);
    assert_int_equal(fl_instances_sizes(&w), 1);
    assert_int_equal(fl_instances_samples(&w), 1);
    assert_int_equal(fl_instances_n(&w, 0), 2);
    assert_int_equal(fl_instances_neurons(&w, 0), 2);
    assert_true(one.n_index == 0 && one.sample == 0 && fl_instances_end_of_size(&w, 0));
    assert_ok(fl_instances_draw(&w, &one, &copy));
    assert_true(copy.J[1] == 1 && copy.J[2] == -2 && copy.diagonal[0] == 0.5);
    assert_ok(fl_instances_check(&w, 2));
    assert_status(FL_EINVAL, fl_instances_check(&w, 1));
    fl_network_clear(&given);
    fl_network_clear(&copy);
}

static void bad_plans(void **state) {
    (void)state;
    static const int64_t none[] = {4, 0};
    fl_instances good = three_sizes(), w = good;
    assert_ok(fl_instances_check(&w, 8));
    assert_status(FL_EINVAL, fl_instances_check(&w, 7));
    w.ensemble.modules = 2;
    assert_ok(fl_instances_check(&w, 16));
    assert_status(FL_EINVAL, fl_instances_check(&w, 15));
    w = good;
    w.samples = 0;
    assert_status(FL_EINVAL, fl_instances_check(&w, 8));
    w = good;
    w.n = none;
    w.n_count = 2;
    assert_status(FL_EINVAL, fl_instances_check(&w, 8));
    static const uint64_t shards[][2] = {{0, 2}, {3, 2}, {1, 0}};
    for (size_t k = 0; k < 3; k++) {
        w = good;
        w.shard = shards[k][0];
        w.shards = shards[k][1];
        assert_status(FL_EINVAL, fl_instances_check(&w, 8));
        assert_non_null(strstr(fl_message(), "shard"));
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(shards_cover_the_whole),
        cmocka_unit_test(large_ranges),
        cmocka_unit_test(networks_are_those_of_the_ensemble),
        cmocka_unit_test(a_given_network),
        cmocka_unit_test(bad_plans),
    };
    return cmocka_run_group_tests_name("instances", tests, NULL, NULL);
}
