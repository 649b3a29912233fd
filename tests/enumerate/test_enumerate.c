/* Exhaustive enumeration against a look at every configuration, for every ensemble, kernel and
 * number of threads. */
#include "tests/support/support.h"

#include <inttypes.h>
#include <math.h>

#include "fixland/enumerate.h"
#include "fixland/spins.h"
#include "tests/support/brute.h"
#include "tests/support/points.h"
#include "tests/support/kernels.h"
#include "tests/support/ties.h"

enum { MOST_JD = 7, DIRECT_MAX = 14 };

/* Self-couplings, ascending. */
typedef struct jd_list {
    size_t count;
    double values[MOST_JD];
} jd_list;

static int ascending(const void *a, const void *b) {
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

/* Any sign, duplicates, ties with couplings that are multiples of `unit`, numbers out of reach. */
static jd_list random_list(fl_rng *rng, double unit) {
    jd_list l = {.count = 1 + (size_t)fl_rng_below(rng, MOST_JD)};
    for (size_t k = 0; k < l.count; k++) {
        double values[] = {0,
                           unit * ((double)fl_rng_below(rng, 9) - 4),
                           fl_rng_gauss(rng),
                           0.5 * fl_rng_uniform(rng),
                           0.5 * fl_rng_uniform(rng),
                           k ? l.values[k - 1] : -0.0,
                           100,
                           -100};
        l.values[k] = values[fl_rng_below(rng, 50) ? fl_rng_below(rng, 6) : 6 + (k & 1)];
    }
    qsort(l.values, l.count, sizeof *l.values, ascending);
    return l;
}

/* What an enumeration handed over. */
typedef struct found {
    size_t count, room, batches;
    uint64_t *spins;
    uint8_t *levels;
} found;

static fl_status take(void *context, const uint64_t *spins, const uint8_t *levels, size_t count) {
    found *f = context;
    while (f->count + count > f->room) {
        f->room = f->room ? 2 * f->room : 1024;
        f->spins = realloc(f->spins, f->room * sizeof *f->spins);
        f->levels = realloc(f->levels, f->room);
    }
    memcpy(f->spins + f->count, spins, count * sizeof *spins);
    memcpy(f->levels + f->count, levels, count);
    f->count += count;
    f->batches++;
    return FL_OK;
}

static void found_clear(found *f) {
    free(f->spins);
    free(f->levels);
}

typedef fl_status engine(const fl_network *, const fl_enumeration *, uint64_t *);

static found enumerate(engine *search, const fl_network *network, const jd_list *l, int threads,
                       uint64_t *counts) {
    found f = {0};
    fl_enumeration plan = {.jd = l->values,
                           .jd_count = l->count,
                           .effort = {.threads = threads},
                           .visit = take,
                           .context = &f};
    assert_ok(search(network, &plan, counts));
    return f;
}

/* The same by looking at every configuration: the fixed points at the largest J_D with the last
 * spin up, and the level of each. */
static found enumerate_directly(const fl_network *network, const jd_list *l, uint64_t *counts) {
    static uint64_t list[1 << DIRECT_MAX];
    found f = {0};
    size_t all = brute_points(network, l->values[l->count - 1], list);
    memset(counts, 0, l->count * sizeof *counts);
    for (size_t p = 0; p < all; p++) {
        uint8_t level = 0;
        while (!fl_network_is_fixed_point(network, &list[p], l->values[level]))
            level++;
        for (size_t k = level; k < l->count; k++)
            counts[k]++;
        if (list[p] >> (network->n - 1))
            take(&f, &list[p], &level, 1);
    }
    return f;
}

static void assert_equal(const found *a, const found *b, const uint64_t *counts_a,
                         const uint64_t *counts_b, size_t jd_count) {
    assert_memory_equal(counts_a, counts_b, jd_count * sizeof *counts_a);
    assert_int_equal(a->count, b->count);
    if (a->count) {
        assert_memory_equal(a->spins, b->spins, a->count * sizeof *a->spins);
        assert_memory_equal(a->levels, b->levels, a->count);
    }
}

static const char *const kernels[] = {"scalar", "avx2", "avx512"};

static void as_directly(void **state) {
    (void)state;
    fl_rng rng = test_stream("direct");
    uint64_t total = 0, some = 0;
    int networks = test_fast() ? 150 : 1000;
    for (int trial = 0; trial < networks; trial++) {
        size_t n = 1 + (size_t)fl_rng_below(&rng, DIRECT_MAX);
        double unit;
        fl_network network = points_network(&rng, n, &unit);
        jd_list l = random_list(&rng, unit);
        uint64_t counts[MOST_JD], direct[MOST_JD];
        test_kernel_named(kernels[fl_rng_below(&rng, 3)]);
        found f = enumerate(trial % 2 ? fl_enumerate : fl_enumerate_graycode, &network, &l,
                            test_threads(&rng), counts);
        found d = enumerate_directly(&network, &l, direct);
        assert_equal(&f, &d, counts, direct, l.count);
        for (size_t k = 0; k < l.count; k++)
            assert_int_equal(counts[k] % 2, 0); /* s and -s */
        total += counts[l.count - 1];
        some += counts[l.count - 1] > 0;
        found_clear(&f);
        found_clear(&d);
        fl_network_clear(&network);
    }
    test_kernel_named(NULL);
    print_message("%d networks, %" PRIu64 " with fixed points, %" PRIu64 " of them\n", networks,
                  some, total);
    assert_true(some > (uint64_t)networks / 3 && some < (uint64_t)networks);
}

/* A configuration whose alignments are zero or next to it, at the self-coupling where its verdict
 * hangs on the last bit and at its neighbours. */
static void next_to_ties(void **state) {
    (void)state;
    fl_rng rng = test_stream("ties");
    size_t planted = 0, networks = test_fast() ? 100 : 600;
    for (size_t trial = 0; trial < networks; trial++) {
        size_t n = 2 + (size_t)fl_rng_below(&rng, trial % 4 ? 7 : DIRECT_MAX - 1);
        uint64_t spins, counts[3], direct[3];
        double jd;
        fl_network network = ties_network(&rng, n, &spins, &jd);
        jd_list l = {3, {nextafter(jd, -INFINITY), jd, nextafter(jd, INFINITY)}};
        found f =
            enumerate(trial % 2 ? fl_enumerate : fl_enumerate_graycode, &network, &l, 1, counts);
        found d = enumerate_directly(&network, &l, direct);
        assert_equal(&f, &d, counts, direct, 3);
        planted += (size_t)fl_network_is_fixed_point(&network, &spins, jd);
        found_clear(&f);
        found_clear(&d);
        fl_network_clear(&network);
    }
    assert_true(planted > networks / 50 && planted < networks);
}

/* Several chunks of work, all kernels, all numbers of threads: the same bits. */
static void threads_and_kernels(void **state) {
    (void)state;
    fl_rng rng = test_stream("threads");
    for (int trial = 0; trial < (test_fast() ? 2 : 8); trial++) {
        size_t n = 18 + (size_t)fl_rng_below(&rng, test_fast() ? 3 : 5);
        double unit;
        fl_network network = points_network(&rng, n, &unit);
        jd_list l = {2, {0, 0.1}};
        uint64_t counts[2], again[2];
        test_kernel_named("scalar");
        found f = enumerate(fl_enumerate, &network, &l, 1, counts);
        for (int kernel = 0; kernel < 3; kernel++) {
            test_kernel_named(kernels[kernel]);
            found g = enumerate(fl_enumerate, &network, &l, test_threads(&rng), again);
            assert_equal(&f, &g, counts, again, 2);
            found_clear(&g);
        }
        found_clear(&f);
        fl_network_clear(&network);
    }
    test_kernel_named(NULL);
}

/* Ascending, each a fixed point at its level and not below, in more than one batch; and a
 * relabelled network has the images of the same fixed points. */
static void relabelled(void **state) {
    (void)state;
    fl_rng rng = test_stream("relabelled");
    enum { N = 17 };
    fl_ensemble e = FL_ENSEMBLE_DEFAULT;
    fl_network network, other;
    jd_list l = {3, {0.2, 0.5, 0.7}};
    uint64_t counts[3], images[3];
    uint32_t order[N];
    assert_ok(fl_network_draw(&network, &e, N, test_seed(), 5));
    assert_ok(fl_network_new(&other, N));
    fl_rng_permutation(&rng, N, order);
    for (size_t i = 0; i < N; i++)
        for (size_t j = 0; j < N; j++)
            other.J[order[i] * N + order[j]] = network.J[i * N + j];
    found f = enumerate(fl_enumerate, &network, &l, 2, counts);
    found g = enumerate(fl_enumerate, &other, &l, 3, images);
    assert_memory_equal(counts, images, sizeof counts);
    assert_true(counts[0] < counts[1] && counts[1] < counts[2] && f.count > 256 && f.batches > 1);
    for (size_t k = 0; k < f.count; k++) {
        assert_true(k == 0 || f.spins[k - 1] < f.spins[k]);
        assert_int_equal(f.spins[k] >> (N - 1), 1);
        assert_true(fl_network_is_fixed_point(&network, &f.spins[k], l.values[f.levels[k]]));
        if (f.levels[k])
            assert_false(
                fl_network_is_fixed_point(&network, &f.spins[k], l.values[f.levels[k] - 1]));
        uint64_t image = 0;
        for (size_t i = 0; i < N; i++)
            fl_spins_set(&image, order[i], fl_spins_get(&f.spins[k], i));
        assert_true(fl_network_is_fixed_point(&other, &image, l.values[f.levels[k]]));
    }
    found_clear(&f);
    found_clear(&g);
    fl_network_clear(&network);
    fl_network_clear(&other);
}

static void progress(void *context, double done) {
    double *last = context;
    assert_true(done > *last && done <= 1);
    *last = done;
}

static fl_status refuse(void *context, const uint64_t *spins, const uint8_t *levels, size_t count) {
    (void)context, (void)spins, (void)levels, (void)count;
    return fl_fail(FL_EIO, "the visitor has had enough of this");
}

static void stop_progress_refusal(void **state) {
    (void)state;
    fl_ensemble e = FL_ENSEMBLE_DEFAULT;
    fl_network network;
    assert_ok(fl_network_draw(&network, &e, 22, test_seed(), 1));
    uint64_t counts[1];
    double jd[] = {0.6}, last_progress = 0;
    fl_enumeration plan = {
        .jd = jd,
        .jd_count = 1,
        .effort = {.threads = 2, .progress = progress, .context = &last_progress}};
    assert_ok(fl_enumerate(&network, &plan, counts));
    assert_true(last_progress == 1 && counts[0] > 0);
    plan.effort = (fl_effort){.threads = 2, .stop = test_stop_after};
    assert_status(FL_STOPPED, fl_enumerate(&network, &plan, counts));
    plan.effort.stop = NULL;
    plan.visit = refuse;
    assert_status(FL_EIO, fl_enumerate(&network, &plan, counts));
    assert_non_null(strstr(fl_message(), "has had enough"));
    fl_network_clear(&network);
}

static void bad_plans(void **state) {
    (void)state;
    fl_network network, large;
    assert_ok(fl_network_new(&network, 3));
    assert_ok(fl_network_new(&large, FL_ENUMERATE_MAX + 1));
    double jd[256];
    for (int k = 0; k < 256; k++)
        jd[k] = k;
    uint64_t counts[256];
    fl_enumeration plan = {.jd = jd, .jd_count = 1, .effort = {.threads = 1}};
    assert_status(FL_EINVAL, fl_enumerate_graycode(&large, &plan, counts));
    plan.jd_count = 0;
    assert_status(FL_EINVAL, fl_enumerate(&network, &plan, counts));
    plan.jd_count = 256;
    assert_status(FL_EINVAL, fl_enumerate(&network, &plan, counts));
    plan.jd_count = 255;
    assert_ok(fl_enumerate(&network, &plan, counts));
    assert_true(counts[0] == 8 && counts[254] == 8); /* no couplings: everything is a fixed point */
    jd[7] = 5;
    assert_status(FL_EINVAL, fl_enumerate(&network, &plan, counts));
    jd[7] = NAN;
    assert_status(FL_EINVAL, fl_enumerate(&network, &plan, counts));
    jd[7] = INFINITY;
    assert_status(FL_EINVAL, fl_enumerate(&network, &plan, counts));
    plan.jd_count = 1;
    plan.effort.threads = 0;
    assert_status(FL_EINVAL, fl_enumerate(&network, &plan, counts));
    fl_network_clear(&network);
    fl_network_clear(&large);
}

/* Self-couplings at the end of the range of doubles still compare as numbers. */
static void enormous_self_couplings(void **state) {
    (void)state;
    fl_ensemble e = FL_ENSEMBLE_DEFAULT;
    fl_network network;
    assert_ok(fl_network_draw(&network, &e, 12, test_seed(), 2));
    jd_list l = {4, {-1.7976931348623157e308, 0.3, 1e300, 1.7976931348623157e308}};
    uint64_t counts[4], direct[4];
    found f = enumerate(fl_enumerate, &network, &l, 1, counts);
    found d = enumerate_directly(&network, &l, direct);
    assert_equal(&f, &d, counts, direct, 4);
    assert_true(counts[0] == 0 && counts[2] == 4096);
    found_clear(&f);
    found_clear(&d);
    fl_network_clear(&network);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(as_directly),
        cmocka_unit_test(next_to_ties),
        cmocka_unit_test(threads_and_kernels),
        cmocka_unit_test(relabelled),
        cmocka_unit_test(stop_progress_refusal),
        cmocka_unit_test(bad_plans),
        cmocka_unit_test(enormous_self_couplings),
    };
    return cmocka_run_group_tests_name("enumerate", tests, NULL, NULL);
}
