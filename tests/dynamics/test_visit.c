/* Sweeps that find their next neuron while they add a column: every kernel against the definition,
 * alone and in slots; the order of places; sums with the signs of spins. */
#include "tests/support/support.h"

#include <math.h>

#include "fixland/exact.h"
#include "fixland/spins.h"
#include "src/kernel/signed_sum.h"
#include "src/kernel/visit.h"
#include "tests/support/kernels.h"

static size_t kernels(const fl_visit_kernel *const **list) {
#ifdef __x86_64__
    static const fl_visit_kernel *const all[] = {&fl_visit_scalar, &fl_visit_avx2,
                                                 &fl_visit_avx512};
#else
    static const fl_visit_kernel *const all[] = {&fl_visit_scalar};
#endif
    *list = all;
    return test_kernels();
}

/* ---- places ---- */

static void places_are_a_bijection(void **state) {
    (void)state;
    fl_rng rng = test_stream("places");
    for (int trial = 0; trial < 2000; trial++) {
        fl_visit_order o = fl_visit_random(fl_rng_bits(&rng)), natural = fl_visit_natural();
        for (int k = 0; k < 50; k++) {
            uint32_t place = (uint32_t)fl_rng_bits(&rng) & FL_VISIT_PLACES;
            uint32_t small = (uint32_t)fl_rng_below(&rng, FL_VISIT_MOST);
            assert_int_equal(fl_visit_place(&o, fl_visit_neuron(&o, place)), place);
            assert_int_equal(fl_visit_neuron(&o, fl_visit_place(&o, place)), place);
            assert_int_equal(fl_visit_place(&natural, small), small);
            assert_int_equal(fl_visit_neuron(&natural, small), small);
        }
    }
}

/* ---- sweeps ---- */

enum { MOST = 230, WORDS = 4, LANES = 240, STRIDE = 256, SURE = -90 };

typedef struct model {
    size_t n;
    int16_t *columns;
    int32_t base[MOST], self[LANES];
    uint64_t start[WORDS];
} model;

static void *aligned(size_t bytes) {
    void *memory = aligned_alloc(64, (bytes + 63) / 64 * 64);
    assert_non_null(memory);
    return memset(memory, 0, (bytes + 63) / 64 * 64);
}

static model random_model(fl_rng *rng) {
    model m = {.n = 1 + fl_rng_below(rng, MOST)};
    int range = fl_rng_bits(rng) & 1 ? 32767 : 30;
    m.columns = aligned(m.n * STRIDE * sizeof *m.columns);
    for (size_t i = 0; i < m.n; i++) {
        int64_t sum = 0;
        for (size_t j = 0; j < m.n; j++)
            if (j != i) {
                int q = (int)fl_rng_below(rng, 2 * (uint64_t)range + 1) - range;
                m.columns[j * STRIDE + fl_visit_slot(i)] = (int16_t)q;
                sum += q;
            }
        m.base[i] = (int32_t)(sum > 0 ? -(sum + 1) / 2 : -sum / 2);
        m.self[i] = (int32_t)fl_rng_below(rng, 2 * (uint64_t)range + 1) - range;
    }
    fl_spins_random(m.start, m.n, rng);
    return m;
}

typedef struct run {
    fl_visit visit;
    uint64_t spins[WORDS], doubtful[WORDS];
    void *memory[4];
} run;

static void open_run(run *r, const model *m, const fl_visit_kernel *kernel, bool fetch) {
    memcpy(r->spins, m->start, sizeof r->spins);
    for (int k = 0; k < 4; k++)
        r->memory[k] = aligned(LANES * sizeof(int32_t));
    memcpy(r->memory[2], m->self, m->n * sizeof *m->self);
    r->visit = (fl_visit){.n = m->n,
                          .lanes = (m->n + 15) / 16 * 16,
                          .columns = m->columns,
                          .stride = STRIDE,
                          .field = r->memory[0],
                          .key = r->memory[1],
                          .self = r->memory[2],
                          .spins = r->spins,
                          .before = r->memory[3],
                          .sure = SURE,
                          .fetch = fetch};
    kernel->start(&r->visit, m->base);
}

static void close_run(run *r) {
    for (int k = 0; k < 4; k++)
        free(r->memory[k]);
}

/* s_i times the field of the configuration, summed afresh. */
static int64_t aligned_afresh(const model *m, const uint64_t *spins, size_t i) {
    int64_t sum = 0;
    for (size_t j = 0; j < m->n; j++)
        sum += fl_spins_get(spins, j) * m->columns[j * STRIDE + fl_visit_slot(i)];
    int64_t half = sum < 0 ? -((-sum + 1) / 2) : sum / 2;
    return fl_spins_get(spins, i) * half + m->self[i];
}

/* What a doubtful neuron does here, in place of a verdict on couplings. */
static bool flips(int64_t aligned) {
    return aligned <= SURE || (aligned < -2 && aligned % 3);
}

/* One sweep by the definition; *count: of neurons that are unstable when it begins. */
static void definition(const model *m, const fl_visit_order *o, uint64_t *spins, size_t *count) {
    bool visited[MOST] = {false};
    *count = 0;
    for (size_t i = 0; i < m->n; i++)
        *count += flips(aligned_afresh(m, spins, i));
    for (size_t k = 0; k < m->n; k++) {
        size_t next = m->n;
        for (size_t i = 0; i < m->n; i++)
            if (!visited[i] && (next == m->n ||
                                fl_visit_place(o, (uint32_t)i) < fl_visit_place(o, (uint32_t)next)))
                next = i;
        visited[next] = true;
        if (flips(aligned_afresh(m, spins, next)))
            fl_spins_flip(spins, next);
    }
}

/* Sweep t of the run with this number: any order but a common one. */
static fl_visit_order order_of(uint64_t number, uint64_t t) {
    return t % 5 == 4 ? fl_visit_natural()
                      : fl_visit_random((number + 1) * (t + 1) * UINT64_C(0x9E3779B97F4A7C15));
}

static size_t begin_sweep(run *r, const fl_visit_kernel *kernel, uint64_t number, uint64_t t) {
    r->visit.order = order_of(number, t);
    size_t count = kernel->begin(&r->visit, r->doubtful);
    for (size_t i = 0; i < r->visit.n; i++)
        if (r->doubtful[i / 64] >> (i % 64) & 1)
            count += flips(fl_visit_aligned(&r->visit, i));
    return count;
}

/* Several runs in slots, each for `sweeps` sweeps; their configurations by the definition. */
static void sweep_slots(const fl_visit_kernel *kernel, const model *m, size_t slots,
                        uint64_t sweeps, bool fetch, uint64_t *total) {
    run runs[4];
    fl_visit *at[4];
    uint64_t spins[4][WORDS], t[4] = {0};
    size_t live = slots, owner[4], count;
    for (size_t k = 0; k < slots; k++) {
        open_run(&runs[k], m, kernel, fetch);
        at[k] = &runs[k].visit;
        owner[k] = k;
        memcpy(spins[k], m->start, sizeof spins[k]);
    }
    for (size_t k = 0; live; k = k + 1 < live ? k + 1 : 0) {
        k = kernel->go(at, live, k < live ? k : 0);
        run *r = &runs[owner[k]];
        if (r->visit.place != FL_VISIT_OVER) {
            kernel->turn(&r->visit, flips(fl_visit_aligned(&r->visit, r->visit.neuron)));
            continue;
        }
        size_t unstable = begin_sweep(r, kernel, owner[k], t[owner[k]]);
        assert_memory_equal(r->spins, spins[owner[k]], fl_spins_words(m->n) * sizeof *r->spins);
        for (size_t i = 0; i < m->n; i++)
            assert_int_equal(fl_visit_aligned(&r->visit, i), aligned_afresh(m, r->spins, i));
        definition(m, &r->visit.order, spins[owner[k]], &count);
        assert_int_equal(unstable, count);
        if (++t[owner[k]] > sweeps) {
            *total += r->visit.flips;
            live--;
            at[k] = at[live];
            owner[k] = owner[live];
        }
    }
    for (size_t k = 0; k < slots; k++)
        close_run(&runs[k]);
}

static void sweeps_by_every_kernel(void **state) {
    (void)state;
    const fl_visit_kernel *const *kernel;
    size_t count = kernels(&kernel);
    fl_rng rng = test_stream("sweeps");
    uint64_t flips_made[3] = {0};
    for (int trial = 0; trial < (test_fast() ? 30 : 200); trial++) {
        model m = random_model(&rng);
        size_t slots = 1 + fl_rng_below(&rng, 4);
        uint64_t sweeps = 1 + fl_rng_below(&rng, 8);
        for (size_t k = 0; k < count; k++)
            sweep_slots(kernel[k], &m, slots, sweeps, trial & 1, &flips_made[k]);
        free(m.columns);
    }
    for (size_t k = 0; k < count; k++)
        assert_int_equal(flips_made[k], flips_made[0]);
    assert_true(flips_made[0] > 1000);
}

/* ---- sums ---- */

static void signed_sums(void **state) {
    (void)state;
#ifdef __x86_64__
    fl_signed_sum *const kernel[] = {fl_signed_sum_scalar, fl_signed_sum_avx2,
                                     fl_signed_sum_avx512};
#else
    fl_signed_sum *const kernel[] = {fl_signed_sum_scalar};
#endif
    fl_rng rng = test_stream("sums");
    for (int trial = 0; trial < 2000; trial++) {
        double row[301], magnitude, size;
        uint64_t spins[5];
        size_t n = fl_rng_below(&rng, 301);
        bool whole = fl_rng_bits(&rng) & 1; /* sums of integers are exact in any order */
        for (size_t j = 0; j < 301; j++)
            row[j] = whole ? (double)fl_rng_below(&rng, 2001) - 1000 : fl_rng_gauss(&rng);
        for (int w = 0; w < 5; w++)
            spins[w] = fl_rng_bits(&rng);
        double expected = fl_signed_sum_scalar(row, spins, n, &magnitude), error;
        error = whole ? 0 : 2 * fl_sum_error(n + 2, magnitude);
        for (size_t k = 1; k < test_kernels(); k++) {
            assert_true(fabs(kernel[k](row, spins, n, &size) - expected) <= error);
            assert_true(fabs(size - magnitude) <= error);
        }
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(places_are_a_bijection),
        cmocka_unit_test(sweeps_by_every_kernel),
        cmocka_unit_test(signed_sums),
    };
    return cmocka_run_group_tests_name("visit", tests, NULL, NULL);
}
