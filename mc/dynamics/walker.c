/* A configuration with its fields: see walker.h. */
#include "mc/dynamics/walker.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static void *lines(size_t count, size_t size) {
    return aligned_alloc(64, (count * size + 63) / 64 * 64);
}

static fl_status allocate(walker *w) {
    size_t n = w->columns->n, words = w->columns->words;
    w->field = lines(64 * words, sizeof *w->field);
    w->self = calloc(n, sizeof *w->self);
    w->candidates = calloc(words, sizeof *w->candidates);
    w->fresh = calloc(words, sizeof *w->fresh);
    w->queued = calloc(words, sizeof *w->queued);
    w->heap = calloc(n, sizeof *w->heap);
    w->list = calloc(n, sizeof *w->list);
    if (w->field && w->self && w->candidates && w->fresh && w->queued && w->heap && w->list)
        return FL_OK;
    walker_close(w);
    return fl_fail(FL_ENOMEM, "out of memory for the dynamics of %zu neurons", n);
}

void walker_close(walker *w) {
    free(w->field);
    free(w->self);
    free(w->candidates);
    free(w->fresh);
    free(w->queued);
    free(w->heap);
    free(w->list);
    memset(w, 0, sizeof *w);
}

fl_status walker_open(walker *w, const fl_columns *columns, const fl_dynamics *plan,
                      uint64_t *spins) {
    uint64_t replica = plan->replica << 32 | columns->n;
    if (!(fabs(plan->jd) <= columns->largest))
        return fl_fail(FL_EINVAL, "J_D = %g with columns made for at most %g", plan->jd,
                       columns->largest);
    *w = (walker){.columns = columns,
                  .kernel = fl_flip_choose(),
                  .jd = plan->jd,
                  .spins = spins,
                  .rng = fl_rng_stream(plan->seed, FL_PURPOSE_DYNAMICS, plan->sample, replica)};
    FL_CHECK(allocate(w));
    for (size_t i = 0; i < columns->n; i++)
        w->self[i] = (int32_t)rint(columns->scale * (columns->network->diagonal[i] + plan->jd));
    walker_recompute(w);
    return FL_OK;
}

void walker_sweep(walker *w, uint64_t t) {
    fl_rng_sub(&w->rng, t + 1);
    w->key[0] = fl_rng_bits(&w->rng);
    w->key[1] = fl_rng_bits(&w->rng);
}

/* Adds the columns of the neurons, up or down as their spins stand; `mark`: candidates too. */
static void add(walker *w, const uint32_t *neurons, size_t count, bool mark) {
    const int32_t *columns[FL_FLIPS] = {NULL};
    int32_t negate[FL_FLIPS] = {0};
    fl_flip_target target = {w->field, w->spins, NULL, w->fresh, w->columns->bound};
    for (size_t first = 0; first < count || (mark && first == 0 && count == 0); first += FL_FLIPS) {
        size_t some = count - first < FL_FLIPS ? count - first : FL_FLIPS;
        for (size_t k = 0; k < some; k++) {
            columns[k] = column_of(w->columns, neurons[first + k]);
            negate[k] = fl_spins_get(w->spins, neurons[first + k]) > 0 ? 0 : -1;
        }
        if (mark && first + some == count)
            target.candidates = w->candidates;
        w->kernel(&target, w->columns->words, columns, negate, some);
    }
}

void walker_mark(walker *w) {
    add(w, NULL, 0, true);
}

/* The self-coupling of a neuron that flipped, which its column does not hold; its candidacy. */
static void settle(walker *w, size_t i) {
    int32_t self = 2 * w->self[i];
    w->field[i] += fl_spins_get(w->spins, i) > 0 ? self : -self;
    uint64_t bit = UINT64_C(1) << (i % 64);
    w->fresh[i / 64] &= ~bit;
    if (walker_aligned(w, i) < w->columns->bound)
        w->candidates[i / 64] |= bit;
    else
        w->candidates[i / 64] &= ~bit;
}

void walker_flip(walker *w, size_t i) {
    uint32_t neuron = (uint32_t)i;
    walker_prefetch(w, i);
    fl_spins_flip(w->spins, i);
    add(w, &neuron, 1, true);
    settle(w, i);
    w->flips++;
}

void walker_flip_all(walker *w, const uint32_t *neurons, size_t count) {
    for (size_t k = 0; k < count; k++)
        fl_spins_flip(w->spins, neurons[k]);
    if (count)
        add(w, neurons, count, true);
    for (size_t k = 0; k < count; k++)
        settle(w, neurons[k]);
    w->flips += count;
}

void walker_recompute(walker *w) {
    const fl_columns *c = w->columns;
    size_t up = 0;
    for (size_t i = 0; i < 64 * c->words; i++)
        w->field[i] = i < c->n ? c->base[i] : -(1 << 30);
    for (size_t i = 0; i < c->n; i++)
        if (fl_spins_get(w->spins, i) > 0)
            w->list[up++] = (uint32_t)i;
    add(w, w->list, up, false);
    for (size_t i = 0; i < c->n; i++)
        w->field[i] += fl_spins_get(w->spins, i) > 0 ? w->self[i] : -w->self[i];
    walker_mark(w);
}

size_t walker_unstable(walker *w) {
    size_t count = 0;
    for (size_t k = 0; k < w->columns->words; k++)
        for (uint64_t rest = w->candidates[k]; rest; rest &= rest - 1) {
            size_t i = 64 * k + (size_t)__builtin_ctzll(rest);
            if (walker_is_unstable(w, i))
                w->list[count++] = (uint32_t)i;
        }
    return count;
}
