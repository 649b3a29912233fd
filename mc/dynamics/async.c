/* Sweeps in a random or the natural order.
 *
 * Each neuron has its place in the order of a random sweep, a hash of the sweep and the neuron.
 * Visits of stable neurons change nothing. While many neurons are unstable the places are sorted
 * and all visited in turn. Later only candidates wait in a queue, by place, and a neuron that
 * becomes a candidate joins if its place is still ahead: then a sweep costs what its flips cost
 * (and n/64). Both do the same. */
#include <math.h>

#include "mc/dynamics/walker.h"

enum { BLOCK = 64 };

/* Columns of so many bytes are near enough to need no fetching. */
static const size_t near_cache = (size_t)1 << 19;
/* Beyond so many memory is what one waits for: keeping the candidates is free, and the slower pace
 * even lets the fetching run ahead (measured: a third more flips than without). */
static const size_t far_cache = (size_t)1 << 24;

/* In the order 0, 1, 2, ...: what becomes a candidate behind is not seen. */
static void in_natural_order(walker *w) {
    for (size_t k = 0; k < w->columns->words; k++) {
        uint64_t ahead = ~UINT64_C(0), due;
        while ((due = w->candidates[k] & ahead)) {
            size_t i = 64 * k + (size_t)__builtin_ctzll(due);
            ahead = ~(due ^ (due - 1)) & ahead;
            if (walker_is_unstable(w, i))
                walker_flip(w, i, NO_NEXT);
        }
    }
}

/* Those of a block of visits that are candidates now: whose columns are likely to be next. */
static uint64_t foresee(const walker *w, const uint64_t *places, size_t size) {
    uint64_t bits = 0;
    for (size_t k = 0; k < size; k++)
        bits |= (uint64_t)(walker_aligned(w, places[k] & PLACE_NEURON) < w->columns->bound) << k;
    return bits;
}

static void visit_block(walker *w, const uint64_t *places, size_t size) {
    uint64_t likely = w->columns->bytes > near_cache ? foresee(w, places, size) : 0;
    for (size_t k = 0; k < size; k++) {
        size_t i = places[k] & PLACE_NEURON;
        if (!walker_is_unstable(w, i))
            continue;
        uint64_t rest = k + 1 < size ? likely >> (k + 1) : 0;
        size_t next = rest ? places[k + 1 + (size_t)__builtin_ctzll(rest)] & PLACE_NEURON : NO_NEXT;
        if (w->columns->bytes > far_cache)
            walker_flip(w, i, next);
        else
            walker_turn(w, i, next);
    }
}

void walker_visit_all(walker *w) {
    size_t n = w->columns->n;
    walker_order(w);
    for (size_t first = 0; first < n; first += BLOCK)
        visit_block(w, w->order + first, n - first < BLOCK ? n - first : BLOCK);
    walker_mark(w);
}

static void join_async(walker *w, const uint64_t *bits, uint64_t after) {
    for (size_t k = 0; k < w->columns->words; k++)
        for (uint64_t rest = bits[k]; rest; rest &= rest - 1) {
            size_t i = 64 * k + (size_t)__builtin_ctzll(rest);
            uint64_t place = walker_place(w, i);
            if (place >= after)
                queue_push(&w->queue, (uint32_t)i, place);
        }
}

void walker_visit_candidates(walker *w) {
    queue_start(&w->queue);
    join_async(w, w->candidates, 0);
    while (w->queue.waiting) {
        uint32_t i = queue_pop(&w->queue);
        if (!walker_is_unstable(w, i))
            continue;
        walker_flip(w, i, w->queue.waiting ? queue_glance(&w->queue) : NO_NEXT);
        join_async(w, w->fresh, w->queue.place[i] + 1);
    }
}

/* A flip makes about sqrt(n)/3 candidates, which the queue takes one by one, whether their turn
 * comes or not; sorting costs n. (The weights are nanoseconds.) */
static bool many(const walker *w) {
    double n = (double)w->columns->n, candidates = 0;
    for (size_t k = 0; k < w->columns->words; k++)
        candidates += __builtin_popcountll(w->candidates[k]);
    return candidates * (15 + 3 * sqrt(n)) > 7 * n;
}

void walker_async(walker *w, bool sequential) {
    if (sequential)
        in_natural_order(w);
    else if (many(w))
        walker_visit_all(w);
    else
        walker_visit_candidates(w);
}
