/* A configuration with its fields: see walker.h. */
#include "mc/dynamics/walker.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static void *lines(size_t count, size_t size) {
    return aligned_alloc(64, (count * size + 63) / 64 * 64);
}

static fl_status allocate_walker(walker *w) {
    size_t n = w->columns->n, words = w->columns->words;
    w->field = lines(64 * words, sizeof *w->field);
    w->self = calloc(n, sizeof *w->self);
    w->candidates = calloc(words, sizeof *w->candidates);
    w->fresh = calloc(words, sizeof *w->fresh);
    w->order = calloc(n, sizeof *w->order);
    w->list = calloc(n, sizeof *w->list);
    if (w->field && w->self && w->candidates && w->fresh && w->order && w->list)
        return queue_open(&w->queue, n);
    return fl_fail(FL_ENOMEM, "out of memory for the dynamics of %zu neurons", n);
}

void walker_close(walker *w) {
    free(w->field);
    free(w->self);
    free(w->candidates);
    free(w->fresh);
    queue_close(&w->queue);
    free(w->order);
    free(w->list);
    memset(w, 0, sizeof *w);
}

static fl_rng dynamics_stream(const fl_dynamics *plan, size_t n) {
    return fl_rng_stream(plan->seed, FL_PURPOSE_DYNAMICS, plan->sample, plan->replica << 32 | n);
}

fl_rng order_words(const fl_dynamics *plan, size_t n, uint64_t t) {
    fl_rng words = dynamics_stream(plan, n);
    words.counter[0] = t / 4;
    for (uint64_t k = 0; k < t % 4; k++)
        (void)fl_rng_bits(&words);
    return words;
}

fl_status walker_open(walker *w, const fl_columns *columns, const fl_dynamics *plan,
                      uint64_t *spins) {
    if (!(fabs(plan->jd) <= columns->largest))
        return fl_fail(FL_EINVAL, "J_D = %g with columns made for at most %g", plan->jd,
                       columns->largest);
    const wide_columns *wide;
    FL_CHECK(columns_wide(columns, &wide));
    *w = (walker){.columns = wide,
                  .kernel = fl_flip_choose(),
                  .plan = plan,
                  .jd = plan->jd,
                  .order_words = order_words(plan, columns->n, 0),
                  .spins = spins,
                  .rng = dynamics_stream(plan, columns->n)};
    fl_status status = allocate_walker(w);
    if (status != FL_OK) {
        walker_close(w);
        return status;
    }
    for (size_t i = 0; i < columns->n; i++)
        w->self[i] = (int32_t)rint(wide->scale * (columns->network->diagonal[i] + plan->jd));
    walker_recompute(w);
    return FL_OK;
}

void walker_sweep(walker *w, uint64_t t) {
    if (t != w->order_sweep)
        w->order_words = order_words(w->plan, w->columns->n, t);
    w->order_sweep = t + 1;
    w->places = fl_visit_random(fl_rng_bits(&w->order_words));
    fl_rng_sub(&w->rng, t + 1);
    w->key[0] = fl_rng_bits(&w->rng);
    w->key[1] = fl_rng_bits(&w->rng);
}

/* Adds the columns of the neurons, up or down as their spins stand; `mark`: candidates too. */
static void add_walker(walker *w, const uint32_t *neurons, size_t count, bool mark) {
    const int32_t *columns[FL_FLIPS] = {NULL};
    int32_t negate[FL_FLIPS] = {0};
    fl_flip_target target = {
        .field = w->field, .spins = w->spins, .fresh = w->fresh, .bound = w->columns->bound};
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
    add_walker(w, NULL, 0, true);
}

/* Turns neuron i and what its self-coupling, which its column does not hold, adds to its field. */
static void turn(walker *w, size_t i) {
    int32_t self = 2 * w->self[i];
    fl_spins_flip(w->spins, i);
    w->field[i] += fl_spins_get(w->spins, i) > 0 ? self : -self;
}

static void flip(walker *w, size_t i, size_t next, uint64_t *candidates) {
    const int32_t *column = column_of(w->columns, i);
    fl_flip_target target = {.field = w->field,
                             .spins = w->spins,
                             .candidates = candidates,
                             .fresh = w->fresh,
                             .bound = w->columns->bound,
                             .next = next == NO_NEXT ? NULL : column_of(w->columns, next)};
    turn(w, i);
    int32_t negate = fl_spins_get(w->spins, i) > 0 ? 0 : -1;
    w->kernel(&target, w->columns->words, &column, &negate, 1);
    w->flips++;
}

void walker_flip(walker *w, size_t i, size_t next) {
    flip(w, i, next, w->candidates);
}

void walker_turn(walker *w, size_t i, size_t next) {
    flip(w, i, next, NULL);
}

void walker_flip_all(walker *w, const uint32_t *neurons, size_t count) {
    for (size_t k = 0; k < count; k++)
        turn(w, neurons[k]);
    if (count)
        add_walker(w, neurons, count, true);
    w->flips += count;
}

void walker_recompute(walker *w) {
    const wide_columns *c = w->columns;
    size_t up = 0;
    for (size_t i = 0; i < 64 * c->words; i++)
        w->field[i] = i < c->n ? c->base[i] : -(1 << 30);
    for (size_t i = 0; i < c->n; i++)
        if (fl_spins_get(w->spins, i) > 0)
            w->list[up++] = (uint32_t)i;
    add_walker(w, w->list, up, false);
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
