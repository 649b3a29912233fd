/* Dynamics against a plain one on the couplings as doubles, kernels against the scalar one,
 * replicas that share a network against replicas alone, cycles against a history of all
 * configurations. */
#include "tests/support/support.h"

#include <math.h>

#include "fixland/dynamics.h"
#include "fixland/kernel.h"
#include "fixland/spins.h"
#include "mc/dynamics/walker.h"
#include "src/kernel/flip.h"
#include "tests/support/chance.h"

/* ---- the kernel ---- */

enum { MOST_WORDS = 9 };

typedef struct block {
    int32_t *field, *column[FL_FLIPS];
    const int32_t *columns[FL_FLIPS];
    int32_t negate[FL_FLIPS];
    uint64_t spins[MOST_WORDS], candidates[MOST_WORDS], fresh[MOST_WORDS];
    size_t words, count;
    int32_t bound;
} block;

static int32_t *integers(fl_rng *rng, size_t count, int32_t range) {
    int32_t *values = aligned_alloc(64, count * sizeof *values);
    assert_non_null(values);
    for (size_t k = 0; k < count; k++)
        values[k] = (int32_t)fl_rng_below(rng, 2 * (uint64_t)range + 1) - range;
    return values;
}

static block random_block(fl_rng *rng) {
    block b = {.words = 1 + fl_rng_below(rng, MOST_WORDS),
               .count = fl_rng_below(rng, FL_FLIPS + 1)};
    int32_t range = fl_rng_bits(rng) & 1 ? 1 << 27 : 5;
    b.bound = (int32_t)fl_rng_below(rng, (uint64_t)range);
    b.field = integers(rng, 64 * b.words, range);
    for (size_t k = 0; k < b.count; k++) {
        b.columns[k] = b.column[k] = integers(rng, 64 * b.words, range);
        b.negate[k] = -(int32_t)(fl_rng_bits(rng) & 1);
    }
    for (size_t w = 0; w < b.words; w++) {
        b.spins[w] = fl_rng_bits(rng);
        b.candidates[w] = fl_rng_bits(rng);
    }
    return b;
}

static void release(block *b) {
    free(b->field);
    for (size_t k = 0; k < b->count; k++)
        free(b->column[k]);
}

static void assert_block(const block *b, fl_flip *kernel, bool mark) {
    int32_t *field = aligned_alloc(64, 64 * b->words * sizeof *field);
    uint64_t candidates[MOST_WORDS], fresh[MOST_WORDS] = {0};
    memcpy(field, b->field, 64 * b->words * sizeof *field);
    memcpy(candidates, b->candidates, sizeof candidates);
    fl_flip_target target = {field, b->spins, mark ? candidates : NULL, fresh, b->bound, NULL};
    kernel(&target, b->words, b->columns, b->negate, b->count);
    for (size_t i = 0; i < 64 * b->words; i++) {
        int64_t expected = b->field[i];
        for (size_t k = 0; k < b->count; k++)
            expected += b->negate[k] ? -b->columns[k][i] : b->columns[k][i];
        assert_int_equal(field[i], expected);
        int64_t aligned = fl_spins_get(b->spins, i) * expected;
        bool was = b->candidates[i / 64] >> (i % 64) & 1;
        bool is = mark ? aligned < b->bound : was;
        assert_int_equal(candidates[i / 64] >> (i % 64) & 1, is);
        assert_int_equal(fresh[i / 64] >> (i % 64) & 1, mark && is && !was);
    }
    free(field);
}

static void kernels(void **state) {
    (void)state;
    fl_rng rng = test_stream("kernels");
    for (int trial = 0; trial < 2000; trial++) {
        block b = random_block(&rng);
        bool mark = fl_rng_bits(&rng) & 1;
        assert_block(&b, fl_flip_scalar, mark);
#ifdef __x86_64__
        if (__builtin_cpu_supports("avx2"))
            assert_block(&b, fl_flip_avx2, mark);
        if (__builtin_cpu_supports("avx512bw"))
            assert_block(&b, fl_flip_avx512, mark);
#endif
        release(&b);
    }
}

/* ---- random networks and plans ---- */

static fl_ensemble random_ensemble(fl_rng *rng) {
    fl_ensemble e = FL_ENSEMBLE_DEFAULT;
    uint64_t kind = fl_rng_below(rng, 5);
    if (kind == 1)
        e.distribution = FL_BINARY;
    if (kind == 2)
        e.eta = 2 * fl_rng_uniform(rng) - 1;
    if (kind == 3)
        e.dilution = 0.3;
    if (kind == 4) {
        e.modules = 1 + fl_rng_below(rng, 4);
        e.lambda = fl_rng_uniform(rng);
    }
    return e;
}

static fl_dynamics random_plan(fl_rng *rng) {
    static const double couplings[] = {0, 0.125, 0.3, 0.7, 1.5, -0.2};
    return (fl_dynamics){.algorithm = (fl_algorithm)fl_rng_below(rng, FL_ALGORITHMS),
                         .jd = couplings[fl_rng_below(rng, 6)],
                         .sweeps = 1 + fl_rng_below(rng, 40),
                         .p = 0.1 + 0.9 * fl_rng_uniform(rng),
                         .temperature = fl_rng_uniform(rng),
                         .anneal_sweeps = fl_rng_below(rng, 20),
                         .thermal = (fl_thermal)fl_rng_below(rng, 2),
                         .seed = fl_rng_bits(rng),
                         .sample = fl_rng_below(rng, 100),
                         .replica = fl_rng_below(rng, 4)};
}

static fl_network random_network(fl_rng *rng, size_t most) {
    fl_ensemble e = random_ensemble(rng);
    fl_network network;
    assert_ok(fl_network_draw(&network, &e, 1 + fl_rng_below(rng, most), fl_rng_bits(rng), 0));
    if (fl_rng_below(rng, 4) == 0)
        for (size_t i = 0; i < network.n; i++)
            network.diagonal[i] = fl_rng_gauss(rng) / 4;
    return network;
}

/* ---- a plain dynamics ---- */

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
        fl_network network = random_network(&rng, 150);
        fl_dynamics plan = random_plan(&rng);
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
        fl_network network = random_network(&rng, 100);
        fl_dynamics plan = random_plan(&rng);
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
        fl_network network = random_network(&rng, 200);
        fl_dynamics plan = random_plan(&rng);
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
            assert_true(fabs(columns->scale * (local[i] + plan.jd) - walker_aligned(&w, i)) <
                        columns->bound);
        free(local);
        free(field);
        walker_close(&w);
        fl_columns_free(columns);
        fl_network_clear(&network);
    }
}

/* ---- bits ---- */

static void assert_outcome(const fl_outcome *a, const fl_outcome *b) {
    assert_int_equal(a->ending, b->ending);
    assert_int_equal(a->sweeps, b->sweeps);
    assert_int_equal(a->flips, b->flips);
    assert_int_equal(a->period, b->period);
    assert_true(a->activity == b->activity);
}

static void same_for_every_kernel(void **state) {
    (void)state;
    fl_rng rng = test_stream("bits");
    static const char *const names[] = {"scalar", "avx2", "avx512"};
    char *before = getenv("FIXLAND_KERNEL");
    before = before ? strdup(before) : NULL;
    for (int trial = 0; trial < 60; trial++) {
        fl_network network = random_network(&rng, 200);
        fl_dynamics plan = random_plan(&rng);
        uint64_t start[32] = {0}, first[32], spins[32];
        fl_spins_random(start, network.n, &rng);
        fl_outcome expected, outcome;
        for (int k = 0; k < 3; k++) {
            setenv("FIXLAND_KERNEL", names[k], 1);
            fl_columns *columns;
            assert_ok(fl_columns_new(&columns, &network, plan.jd));
            memcpy(spins, start, sizeof spins);
            assert_ok(fl_dynamics_run(columns, &plan, spins, k ? &outcome : &expected));
            if (k) {
                assert_outcome(&outcome, &expected);
                assert_memory_equal(spins, first, sizeof spins);
            }
            memcpy(first, spins, sizeof spins);
            fl_columns_free(columns);
        }
        fl_network_clear(&network);
    }
    if (before)
        setenv("FIXLAND_KERNEL", before, 1);
    else
        unsetenv("FIXLAND_KERNEL");
    free(before);
}

static void shared_as_alone(void **state) {
    (void)state;
    enum { MOST = 9 };
    fl_rng rng = test_stream("shared");
    for (int trial = 0; trial < (test_fast() ? 20 : 100); trial++) {
        fl_network network = random_network(&rng, 200);
        fl_dynamics plan = random_plan(&rng);
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
            assert_outcome(&outcomes[r], &outcome);
        }
        assert_memory_equal(together, start, count * words * sizeof *start);
        fl_columns_free(columns);
        fl_network_clear(&network);
    }
}

/* ---- cycles ---- */

typedef struct history {
    uint64_t states[3000];
    size_t unstable[3000], count;
} history;

static fl_status remember(void *context, uint64_t sweep, const uint64_t *spins, size_t unstable,
                          uint64_t flips) {
    history *h = context;
    (void)flips;
    h->states[sweep] = spins[0];
    h->unstable[sweep] = unstable;
    h->count = sweep + 1;
    return FL_OK;
}

/* The recognised period is the distance to the last equal configuration, no earlier one is equal to
 * its neighbour by less, and the activity is that of the cycle run on. */
static void cycles(void **state) {
    (void)state;
    fl_rng rng = test_stream("cycles");
    static history h;
    int found = 0, longer = 0;
    for (int trial = 0; trial < 150; trial++) {
        fl_ensemble e = FL_ENSEMBLE_DEFAULT;
        fl_network network;
        fl_columns *columns;
        fl_outcome outcome;
        uint64_t spins[1];
        size_t n = 2 + fl_rng_below(&rng, 20);
        fl_dynamics plan = {.algorithm = trial % 3 ? FL_SYNC : FL_SEQUENTIAL,
                            .jd = 0.1,
                            .sweeps = 2900,
                            .observe = remember,
                            .context = &h};
        assert_ok(fl_network_draw(&network, &e, n, fl_rng_bits(&rng), 0));
        assert_ok(fl_columns_new(&columns, &network, 1));
        fl_spins_random(spins, n, &rng);
        assert_ok(fl_dynamics_run(columns, &plan, spins, &outcome));
        assert_int_not_equal(outcome.ending, FL_WANDERS);
        if (outcome.ending == FL_CYCLE) {
            size_t last = h.count - 1, back = 1;
            while (h.states[last - back] != h.states[last])
                back++;
            assert_int_equal(outcome.period, back);
            for (size_t t = last + 1; t <= 2900; t++)
                h.unstable[t] = h.unstable[t - back];
            double sum = 0;
            for (size_t t = 1451; t <= 2900; t++)
                sum += (double)h.unstable[t];
            assert_relative(outcome.activity, sum / 1450 / (double)n, 1e-12);
            found++;
            longer += outcome.period > 2;
        }
        fl_columns_free(columns);
        fl_network_clear(&network);
    }
    assert_true(found > 30 && longer > 10);
}

/* With symmetric couplings synchronous dynamics end in fixed points or cycles of length 2, always.
 */
static void symmetric_couplings(void **state) {
    (void)state;
    fl_rng rng = test_stream("symmetric");
    int pairs = 0;
    for (int trial = 0; trial < 60; trial++) {
        fl_ensemble e = FL_ENSEMBLE_DEFAULT;
        e.eta = 1;
        fl_network network;
        fl_columns *columns;
        fl_outcome outcome;
        uint64_t spins[3];
        fl_dynamics plan = {.algorithm = FL_SYNC, .jd = 0.1 * (trial % 4), .sweeps = 5000};
        assert_ok(fl_network_draw(&network, &e, 2 + fl_rng_below(&rng, 150), fl_rng_bits(&rng), 0));
        assert_ok(fl_columns_new(&columns, &network, 1));
        fl_spins_random(spins, network.n, &rng);
        assert_ok(fl_dynamics_run(columns, &plan, spins, &outcome));
        assert_int_not_equal(outcome.ending, FL_WANDERS);
        assert_true(outcome.ending == FL_REACHED || outcome.period == 2);
        pairs += outcome.period == 2;
        fl_columns_free(columns);
        fl_network_clear(&network);
    }
    assert_true(pairs > 10);
}

/* Couplings of any size: the scale follows. A single one larger than all others together too. */
static void scales(void **state) {
    (void)state;
    static const double sizes[] = {1e-300, 1e-30, 1, 1e30, 1e290};
    for (size_t k = 0; k < 5; k++) {
        double matrix[] = {0, -sizes[k], sizes[k], 0};
        fl_network network;
        fl_columns *columns;
        fl_outcome outcome;
        uint64_t spins[1] = {3};
        fl_dynamics plan = {.algorithm = FL_SYNC, .sweeps = 101};
        assert_ok(fl_network_from_matrix(&network, matrix, 2));
        assert_ok(fl_columns_new(&columns, &network, 0));
        assert_ok(fl_dynamics_run(columns, &plan, spins, &outcome));
        assert_int_equal(outcome.period, 4);
        fl_columns_free(columns);
        fl_network_clear(&network);
    }
}

/* Two neurons, each made the opposite of, or equal to, the other: a cycle of length 4. */
static void known_cycle(void **state) {
    (void)state;
    double matrix[] = {0, -1, 1, 0};
    fl_network network;
    fl_columns *columns;
    fl_outcome outcome;
    uint64_t spins[1] = {3};
    fl_dynamics plan = {.algorithm = FL_SYNC, .sweeps = 101};
    assert_ok(fl_network_from_matrix(&network, matrix, 2));
    assert_ok(fl_columns_new(&columns, &network, 0));
    assert_ok(fl_dynamics_run(columns, &plan, spins, &outcome));
    assert_int_equal(outcome.ending, FL_CYCLE);
    assert_int_equal(outcome.period, 4);
    assert_true(outcome.activity == 0.5);
    fl_columns_free(columns);
    fl_network_clear(&network);
}

/* ---- distributions ---- */

/* The order of visits is uniform: each neuron's rank, and which of two comes first. */
static void order_is_uniform(void **state) {
    (void)state;
    enum { N = 7, SWEEPS = 7000 };
    fl_network network;
    fl_columns *columns;
    uint64_t spins[1] = {0}, rank[N * N] = {0};
    fl_dynamics plan = {.algorithm = FL_ASYNC, .sweeps = 1, .seed = test_seed()};
    assert_ok(fl_network_new(&network, N));
    assert_ok(fl_columns_new(&columns, &network, 0));
    walker w;
    assert_ok(walker_open(&w, columns, &plan, spins));
    for (uint64_t t = 0; t < SWEEPS; t++) {
        walker_sweep(&w, t);
        for (size_t i = 0; i < N; i++) {
            size_t before = 0;
            for (size_t k = 0; k < N; k++)
                before += walker_place(&w, k) < walker_place(&w, i);
            rank[i * N + before]++;
        }
    }
    for (size_t i = 0; i < N; i++)
        assert_p(test_chi2_uniform(rank + i * N, N));
    walker_close(&w);
    fl_columns_free(columns);
    fl_network_clear(&network);
}

/* Neurons without couplings and J_D = -1 flip whenever visited: n visits a sweep, Poisson in the
 * limit, hits per neuron n trials of probability 1/n. */
static void site_visits(void **state) {
    (void)state;
    enum { N = 50, SWEEPS = 2000 };
    fl_network network;
    fl_columns *columns;
    fl_outcome outcome;
    uint64_t spins[1] = {0};
    fl_dynamics plan = {
        .algorithm = FL_SITE, .jd = -1, .sweeps = SWEEPS, .seed = test_seed(), .sample = 3};
    assert_ok(fl_network_new(&network, N));
    assert_ok(fl_columns_new(&columns, &network, 1));
    assert_ok(fl_dynamics_run(columns, &plan, spins, &outcome));
    assert_int_equal(outcome.flips, N * SWEEPS);
    fl_columns_free(columns);
    fl_network_clear(&network);
}

/* One spin in a field J_D s of its own: P(flip) of the two thermal rules, over many neurons. */
static void thermal_rules(void **state) {
    (void)state;
    enum { N = 400, SWEEPS = 200 };
    for (int rule = 0; rule < 2; rule++) {
        fl_network network;
        fl_columns *columns;
        fl_outcome outcome;
        uint64_t spins[7] = {0};
        fl_dynamics plan = {.algorithm = FL_ANNEAL,
                            .jd = 0.3,
                            .sweeps = SWEEPS,
                            .temperature = 1e9,
                            .anneal_sweeps = SWEEPS,
                            .thermal = rule ? FL_METROPOLIS : FL_GLAUBER,
                            .seed = test_seed()};
        plan.jd = 0.3e9; /* the temperature falls linearly from 1e9 */
        assert_ok(fl_network_new(&network, N));
        assert_ok(fl_columns_new(&columns, &network, plan.jd));
        assert_ok(fl_dynamics_run(columns, &plan, spins, &outcome));
        double mean = 0, variance = 0;
        for (int t = 0; t < SWEEPS; t++) {
            double temperature = 1 - (double)t / SWEEPS;
            double p = rule ? exp(-0.6 / temperature) : 1 / (1 + exp(0.6 / temperature));
            mean += N * p;
            variance += N * p * (1 - p);
        }
        assert_z((double)outcome.flips, mean, sqrt(variance));
        fl_columns_free(columns);
        fl_network_clear(&network);
    }
}

static void starts(void **state) {
    (void)state;
    fl_rng rng = test_stream("starts");
    for (int trial = 0; trial < 200; trial++) {
        size_t n = 1 + fl_rng_below(&rng, 300);
        double q = 2 * fl_rng_uniform(&rng) - 1;
        uint64_t a[8], b[8], c[8];
        fl_start_random(a, n, 5, (uint64_t)trial, 2);
        memcpy(b, a, sizeof a);
        assert_ok(fl_start_overlap(b, n, q, 5, (uint64_t)trial, 2));
        assert_true(fabs(fl_spins_overlap(a, b, n) - q) <= 1.0000001 / (double)n);
        memcpy(c, a, sizeof a);
        assert_ok(fl_start_overlap(c, n, q, 5, (uint64_t)trial, 2));
        assert_memory_equal(b, c, fl_spins_words(n) * sizeof *b);
    }
}

static bool at_once(void) {
    return true;
}

static void refusals(void **state) {
    (void)state;
    fl_network network;
    fl_columns *columns;
    fl_outcome outcome;
    uint64_t spins[1] = {1};
    fl_algorithm algorithm;
    double matrix[] = {0, -1, 1, 0};
    assert_ok(fl_network_from_matrix(&network, matrix, 2));
    assert_ok(fl_columns_new(&columns, &network, 0.5));
    fl_dynamics plan = {.algorithm = FL_PARTIAL, .sweeps = 10, .p = 0};
    assert_status(FL_EINVAL, fl_dynamics_run(columns, &plan, spins, &outcome));
    plan.p = 0.5;
    plan.jd = 0.6;
    assert_status(FL_EINVAL, fl_dynamics_run(columns, &plan, spins, &outcome));
    plan.jd = 0.5;
    plan.sweeps = 0;
    assert_status(FL_EINVAL, fl_dynamics_run(columns, &plan, spins, &outcome));
    plan.sweeps = 10;
    assert_status(FL_EINVAL, fl_dynamics_run_shared(columns, &plan, 1, spins, &outcome));
    plan.stop = at_once;
    assert_status(FL_STOPPED, fl_dynamics_run(columns, &plan, spins, &outcome));
    plan.algorithm = FL_ANNEAL;
    plan.temperature = NAN;
    assert_status(FL_EINVAL, fl_dynamics_run(columns, &plan, spins, &outcome));
    assert_status(FL_EINVAL, fl_start_overlap(spins, 2, 1.1, 1, 1, 1));
    assert_status(FL_EUSAGE, fl_algorithm_parse("asynk", &algorithm));
    for (int k = 0; k < FL_ALGORITHMS; k++) {
        assert_ok(fl_algorithm_parse(fl_algorithm_name((fl_algorithm)k), &algorithm));
        assert_int_equal(algorithm, k);
    }
    fl_columns_free(columns);
    fl_network_clear(&network);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(kernels),
        cmocka_unit_test(as_the_plain_one),
        cmocka_unit_test(observation),
        cmocka_unit_test(no_drift),
        cmocka_unit_test(same_for_every_kernel),
        cmocka_unit_test(shared_as_alone),
        cmocka_unit_test(cycles),
        cmocka_unit_test(symmetric_couplings),
        cmocka_unit_test(scales),
        cmocka_unit_test(known_cycle),
        cmocka_unit_test(order_is_uniform),
        cmocka_unit_test(site_visits),
        cmocka_unit_test(thermal_rules),
        cmocka_unit_test(starts),
        cmocka_unit_test(refusals),
    };
    return cmocka_run_group_tests_name("dynamics", tests, NULL, NULL);
}
