/* Dynamics against a plain one on the couplings as doubles, kernels against the scalar one,
 * replicas that share a network against replicas alone, long runs against doubles. */
#include "tests/support/support.h"

#include <math.h>

#include "fixland/dynamics.h"
#include "fixland/spins.h"
#include "mc/dynamics/walker.h"
#include "tests/support/chance.h"
#include "tests/support/dynamics.h"
#include "tests/support/kernels.h"

static int by_place(const void *a, const void *b) {
    uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;
    return (x > y) - (x < y);
}

/* One sweep by the definition; `w` only lends its hashes. */
static void plain_sweep(const walker *w, const fl_dynamics *plan, uint64_t *spins) {
    const fl_network *network = w->columns->network;
    size_t n = network->n;
    if (plan->algorithm == FL_SYNC || plan->algorithm == FL_PARTIAL) {
        uint64_t next[32];
        memcpy(next, spins, fl_spins_words(n) * sizeof *next);
        for (size_t i = 0; i < n; i++)
            if (!fl_network_stable(network, spins, i, plan->jd) &&
                (plan->algorithm == FL_SYNC || (double)walker_hash(w, i) < plan->p * 0x1p64))
                fl_spins_flip(next, i);
        memcpy(spins, next, fl_spins_words(n) * sizeof *next);
        return;
    }
    uint64_t order[2000];
    for (size_t i = 0; i < n; i++)
        order[i] = plan->algorithm == FL_SEQUENTIAL ? i : walker_place(w, i);
    qsort(order, n, sizeof *order, by_place);
    for (size_t k = 0; k < n; k++)
        if (!fl_network_stable(network, spins, order[k] & PLACE_NEURON, plan->jd))
            fl_spins_flip(spins, order[k] & PLACE_NEURON);
}

static void as_the_plain_one(void **state) {
    (void)state;
    fl_rng rng = test_stream("plain");
    int reached = 0;
    for (int trial = 0; trial < (test_fast() ? 60 : 400); trial++) {
        fl_network network = test_network(&rng, 150);
        fl_dynamics plan = test_plan(&rng);
        plan.algorithm =
            plan.algorithm == FL_SITE || plan.algorithm == FL_ANNEAL ? FL_ASYNC : plan.algorithm;
        fl_columns *columns;
        assert_ok(fl_columns_new(&columns, &network, plan.jd));
        uint64_t spins[32] = {0}, expected[32], mine[32];
        fl_spins_random(spins, network.n, &rng);
        memcpy(expected, spins, sizeof spins);
        memcpy(mine, spins, sizeof spins);
        fl_outcome outcome;
        assert_ok(fl_dynamics_run(columns, &plan, mine, &outcome));
        walker w;
        assert_ok(walker_open(&w, columns, &plan, spins));
        for (uint64_t t = 0; t < outcome.sweeps; t++) {
            assert_false(fl_network_is_fixed_point(&network, expected, plan.jd));
            walker_sweep(&w, t);
            plain_sweep(&w, &plan, expected);
        }
        assert_memory_equal(mine, expected, fl_spins_words(network.n) * sizeof *mine);
        assert_int_equal(outcome.ending == FL_REACHED,
                         fl_network_is_fixed_point(&network, expected, plan.jd));
        reached += outcome.ending == FL_REACHED;
        walker_close(&w);
        fl_columns_free(columns);
        fl_network_clear(&network);
    }
    assert_true(reached > 5);
}

/* ---- fields ---- */

typedef struct watched {
    const fl_network *network;
    double jd;
    size_t neurons;
    uint64_t flips;
    double sum;
    size_t noted;
} watched;

/* The unstable neurons are those of the definition. */
static fl_status watch(void *context, uint64_t sweep, const uint64_t *spins, size_t unstable,
                       uint64_t flips) {
    watched *seen = context;
    size_t expected = 0;
    for (size_t i = 0; i < seen->network->n; i++)
        expected += !fl_network_stable(seen->network, spins, i, seen->jd);
    assert_int_equal(unstable, expected);
    assert_int_equal(sweep, seen->noted++);
    seen->flips += flips;
    return FL_OK;
}

static void observation(void **state) {
    (void)state;
    fl_rng rng = test_stream("observation");
    for (int trial = 0; trial < (test_fast() ? 40 : 200); trial++) {
        fl_network network = test_network(&rng, 100);
        fl_dynamics plan = test_plan(&rng);
        watched seen = {.network = &network, .jd = plan.jd};
        plan.observe = watch;
        plan.context = &seen;
        fl_columns *columns;
        assert_ok(fl_columns_new(&columns, &network, plan.jd));
        uint64_t spins[32] = {0};
        fl_outcome outcome;
        fl_start_random(spins, network.n, plan.seed, 0, 0);
        assert_ok(fl_dynamics_run(columns, &plan, spins, &outcome));
        assert_int_equal(seen.flips, outcome.flips);
        assert_int_equal(seen.noted, outcome.sweeps + 1);
        fl_columns_free(columns);
        fl_network_clear(&network);
    }
}

/* After any history the fields are, to the bit, those computed afresh, and within the bound of the
 * fields in double. */
static void no_drift(void **state) {
    (void)state;
    fl_rng rng = test_stream("drift");
    for (int trial = 0; trial < 40; trial++) {
        fl_network network = test_network(&rng, 200);
        fl_dynamics plan = test_plan(&rng);
        fl_columns *columns;
        assert_ok(fl_columns_new(&columns, &network, plan.jd));
        uint64_t spins[32] = {0};
        fl_spins_random(spins, network.n, &rng);
        walker w;
        assert_ok(walker_open(&w, columns, &plan, spins));
        for (int k = 0; k < 500; k++)
            walker_flip(&w, fl_rng_below(&rng, network.n), SIZE_MAX);
        size_t bytes = 64 * columns->words * sizeof *w.field;
        int32_t *field = malloc(bytes);
        uint64_t candidates[32];
        memcpy(field, w.field, bytes);
        memcpy(candidates, w.candidates, columns->words * sizeof *candidates);
        walker_recompute(&w);
        assert_memory_equal(field, w.field, bytes);
        assert_memory_equal(candidates, w.candidates, columns->words * sizeof *candidates);
        double *local = malloc(network.n * sizeof *local);
        fl_network_alignment(&network, spins, local);
        for (size_t i = 0; i < network.n; i++)
            assert_true(fabs(w.columns->scale * (local[i] + plan.jd) - walker_aligned(&w, i)) <
                        w.columns->bound);
        free(local);
        free(field);
        walker_close(&w);
        fl_columns_free(columns);
        fl_network_clear(&network);
    }
}

/* ---- bits ---- */

static void same_for_every_kernel(void **state) {
    (void)state;
    fl_rng rng = test_stream("bits");
    for (int trial = 0; trial < 60; trial++) {
        fl_network network = test_network(&rng, 200);
        fl_dynamics plan = test_plan(&rng);
        uint64_t start[32] = {0}, first[32], spins[32];
        fl_spins_random(start, network.n, &rng);
        fl_outcome expected, outcome;
        for (size_t k = 0; k < test_kernels(); k++) {
            test_kernel_force(k);
            fl_columns *columns;
            assert_ok(fl_columns_new(&columns, &network, plan.jd));
            memcpy(spins, start, sizeof spins);
            assert_ok(fl_dynamics_run(columns, &plan, spins, k ? &outcome : &expected));
            if (k) {
                test_assert_outcome(&outcome, &expected);
                assert_memory_equal(spins, first, sizeof spins);
            }
            memcpy(first, spins, sizeof spins);
            fl_columns_free(columns);
        }
        fl_network_clear(&network);
    }
    test_kernel_restore();
}

/* Columns without the narrow ones: the queue runs what slots would. */
static fl_columns *wide_only(const fl_network *network, double jd) {
    fl_columns *columns;
    const wide_columns *wide;
    assert_ok(fl_columns_new(&columns, network, jd));
    assert_ok(columns_wide(columns, &wide));
    narrow_columns_free(columns->narrow);
    columns->narrow = NULL;
    return columns;
}

/* Runs of all kinds together do what each does alone, and what the queue does, for every kernel. */
static void many_as_alone(void **state) {
    (void)state;
    enum { MOST = 9 };
    fl_rng rng = test_stream("many");
    int narrow = 0;
    for (int trial = 0; trial < (test_fast() ? 20 : 150); trial++) {
        fl_network network = test_network(&rng, 300);
        size_t count = fl_rng_below(&rng, MOST + 1), words = fl_spins_words(network.n);
        uint64_t start[MOST * TEST_WORDS] = {0}, together[MOST * TEST_WORDS];
        fl_dynamics plans[MOST];
        fl_outcome outcomes[MOST], outcome;
        for (size_t r = 0; r < count; r++) {
            fl_spins_random(start + r * words, network.n, &rng);
            plans[r] = test_plan(&rng);
            plans[r].algorithm = fl_rng_below(&rng, 3) ? FL_ASYNC : plans[r].algorithm;
        }
        memcpy(together, start, sizeof start);
        fl_columns *columns, *queue = wide_only(&network, 1.5);
        assert_ok(fl_columns_new(&columns, &network, 1.5));
        narrow += columns->narrow != NULL;
        test_kernel_force(fl_rng_below(&rng, test_kernels()));
        assert_ok(fl_dynamics_run_many(columns, plans, count, together, outcomes));
        test_kernel_restore();
        for (size_t r = 0; r < count; r++) {
            bool alone = fl_rng_bits(&rng) & 1;
            assert_ok(
                fl_dynamics_run(alone ? columns : queue, &plans[r], start + r * words, &outcome));
            test_assert_outcome(&outcomes[r], &outcome);
        }
        assert_memory_equal(together, start, count * words * sizeof *start);
        fl_columns_free(columns);
        fl_columns_free(queue);
        fl_network_clear(&network);
    }
    assert_true(narrow > 10);
}

static void shared_as_alone(void **state) {
    (void)state;
    enum { MOST = 9 };
    fl_rng rng = test_stream("shared");
    for (int trial = 0; trial < (test_fast() ? 20 : 100); trial++) {
        fl_network network = test_network(&rng, 200);
        fl_dynamics plan = test_plan(&rng);
        plan.algorithm = fl_rng_bits(&rng) & 1 ? FL_ASYNC : FL_SEQUENTIAL;
        size_t count = 1 + fl_rng_below(&rng, MOST), words = fl_spins_words(network.n);
        uint64_t start[MOST * 16] = {0}, together[MOST * 16];
        for (size_t r = 0; r < count; r++)
            fl_spins_random(start + r * words, network.n, &rng);
        memcpy(together, start, sizeof start);
        fl_columns *columns;
        fl_outcome outcomes[MOST], outcome;
        assert_ok(fl_columns_new(&columns, &network, plan.jd));
        assert_ok(fl_dynamics_run_shared(columns, &plan, count, together, outcomes));
        for (size_t r = 0; r < count; r++) {
            assert_ok(fl_dynamics_run(columns, &plan, start + r * words, &outcome));
            test_assert_outcome(&outcomes[r], &outcome);
        }
        assert_memory_equal(together, start, count * words * sizeof *start);
        fl_columns_free(columns);
        fl_network_clear(&network);
    }
}

/* ---- sweeps ---- */

typedef struct run_of_sweeps {
    walker w;
    uint64_t spins[40];
} run_of_sweeps;

static void open_run(run_of_sweeps *r, const fl_columns *columns, const fl_dynamics *plan,
                     const uint64_t *start) {
    memcpy(r->spins, start, sizeof r->spins);
    assert_ok(walker_open(&r->w, columns, plan, r->spins));
}

/* Visiting all in turn and waiting for candidates do the same, in and beyond the cache (where
 * columns are fetched ahead). */
static void both_ways(void **state) {
    (void)state;
    static const size_t sizes[] = {1, 63, 64, 65, 200, 700, 2100};
    fl_rng rng = test_stream("both ways");
    for (size_t k = 0; k < (test_fast() ? 6 : 7); k++) {
        fl_ensemble e = FL_ENSEMBLE_DEFAULT;
        fl_network network;
        fl_columns *columns;
        run_of_sweeps all, some;
        fl_dynamics plan = {.jd = 0.3 * fl_rng_uniform(&rng), .seed = fl_rng_bits(&rng)};
        uint64_t start[40] = {0};
        assert_ok(fl_network_draw(&network, &e, sizes[k], fl_rng_bits(&rng), 0));
        assert_ok(fl_columns_new(&columns, &network, plan.jd));
        fl_spins_random(start, sizes[k], &rng);
        open_run(&all, columns, &plan, start);
        open_run(&some, columns, &plan, start);
        for (uint64_t t = 0; t < 12; t++) {
            walker_sweep(&all.w, t);
            walker_sweep(&some.w, t);
            walker_visit_all(&all.w);
            walker_visit_candidates(&some.w);
            size_t words = columns->words;
            assert_int_equal(all.w.flips, some.w.flips);
            assert_memory_equal(all.spins, some.spins, words * sizeof *all.spins);
            assert_memory_equal(all.w.field, some.w.field, 64 * words * sizeof *all.w.field);
            assert_memory_equal(all.w.candidates, some.w.candidates,
                                words * sizeof *all.w.candidates);
        }
        assert_true(sizes[k] < 60 || all.w.flips > 0);
        walker_close(&all.w);
        walker_close(&some.w);
        fl_columns_free(columns);
        fl_network_clear(&network);
    }
}

/* s_i f_i in double, summed afresh. */
static double aligned_afresh(const fl_network *network, const double *spin, size_t i, double jd) {
    double sum = 0;
    for (size_t j = 0; j < network->n; j++)
        sum += network->J[i * network->n + j] * spin[j];
    return spin[i] * (sum + jd * spin[i]);
}

/* A run that is watched sweep by sweep, and replayed in double by the definition. */
typedef struct replay {
    const fl_network *network;
    fl_dynamics plan;
    walker w; /* lends its places */
    double *spin;
    uint64_t spins[TEST_WORDS], flips, sweeps;
} replay;

static void replay_sweep(replay *r, uint64_t t) {
    uint64_t order[1000];
    size_t n = r->network->n;
    walker_sweep(&r->w, t);
    for (size_t i = 0; i < n; i++)
        order[i] = r->plan.algorithm == FL_SEQUENTIAL ? i : walker_place(&r->w, i);
    qsort(order, n, sizeof *order, by_place);
    for (size_t k = 0; k < n; k++) {
        size_t i = order[k] & PLACE_NEURON;
        if (aligned_afresh(r->network, r->spin, i, r->plan.jd) < 0) {
            r->spin[i] = -r->spin[i];
            r->flips++;
        }
    }
}

static fl_status replay_watch(void *context, uint64_t sweep, const uint64_t *spins, size_t unstable,
                              uint64_t flips) {
    replay *r = context;
    uint64_t before = r->flips;
    (void)unstable;
    if (sweep > 0)
        replay_sweep(r, sweep - 1);
    for (size_t i = 0; i < r->network->n; i++)
        assert_true(r->spin[i] == fl_spins_get(spins, i));
    assert_int_equal(r->flips - before, flips);
    r->sweeps += sweep > 0;
    return FL_OK;
}

/* Returns the sweeps compared. */
static uint64_t replay_run(fl_rng *rng, size_t n, double jd, uint64_t sweeps) {
    fl_ensemble e = FL_ENSEMBLE_DEFAULT;
    fl_network network;
    fl_columns *columns;
    fl_outcome outcome;
    replay r = {.network = &network,
                .plan = {.algorithm = fl_rng_below(rng, 4) ? FL_ASYNC : FL_SEQUENTIAL,
                         .jd = jd,
                         .sweeps = sweeps,
                         .seed = fl_rng_bits(rng),
                         .observe = replay_watch,
                         .context = &r}};
    uint64_t lent[TEST_WORDS] = {0};
    assert_ok(fl_network_draw(&network, &e, n, fl_rng_bits(rng), 0));
    assert_ok(fl_columns_new(&columns, &network, jd));
    assert_non_null(columns->narrow);
    fl_spins_random(r.spins, n, rng);
    r.spin = malloc(n * sizeof *r.spin);
    for (size_t i = 0; i < n; i++)
        r.spin[i] = fl_spins_get(r.spins, i);
    assert_ok(walker_open(&r.w, columns, &r.plan, lent));
    assert_ok(fl_dynamics_run(columns, &r.plan, r.spins, &outcome));
    assert_int_equal(r.flips, outcome.flips);
    walker_close(&r.w);
    free(r.spin);
    fl_columns_free(columns);
    fl_network_clear(&network);
    return r.sweeps;
}

/* Every flip of every sweep is that of the definition: after as many flips a field that drifted
 * would have decided otherwise somewhere. FIXLAND_LONG: 50 000 sweeps a kernel. */
static void long_runs(void **state) {
    (void)state;
    static const size_t sizes[] = {90, 100, 200, 400, 800};
    static const double jd[] = {0.02, 0.25, 0.38, 0.48, 0.57};
    bool all = getenv("FIXLAND_LONG") != NULL;
    fl_rng rng = test_stream("long runs");
    for (size_t k = 0; k < test_kernels(); k++) {
        uint64_t wanted = all ? 50000 : test_fast() ? 300 : 2000, done = 0;
        test_kernel_force(k);
        for (size_t trial = 0; done < wanted; trial++) {
            size_t kind = all ? trial % 5 : trial % 2;
            uint64_t most = 100000 / sizes[kind];
            done += replay_run(&rng, sizes[kind], jd[kind],
                               most < wanted - done ? most : wanted - done);
        }
        if (all)
            print_message("kernel %zu: %llu sweeps as the definition\n", k,
                          (unsigned long long)done);
    }
    test_kernel_restore();
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(as_the_plain_one), cmocka_unit_test(observation),
        cmocka_unit_test(no_drift),         cmocka_unit_test(same_for_every_kernel),
        cmocka_unit_test(many_as_alone),    cmocka_unit_test(shared_as_alone),
        cmocka_unit_test(both_ways),        cmocka_unit_test(long_runs),
    };
    return cmocka_run_group_tests_name("dynamics", tests, NULL, NULL);
}
