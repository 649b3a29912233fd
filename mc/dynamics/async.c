/* Sweeps in a random or the natural order, by events.
 *
 * Each neuron has its place in the order of the sweep, a hash of the sweep and the neuron. Visits
 * of stable neurons change nothing, so only candidates wait in a heap, by place; a neuron that
 * becomes a candidate joins if its place is still ahead. A sweep costs what its flips cost (and
 * n/64). */
#include <string.h>

#include "mc/dynamics/walker.h"

static void sift_down(uint64_t *heap, size_t size, size_t at) {
    uint64_t value = heap[at];
    for (size_t child; (child = 2 * at + 1) < size; at = child) {
        child += child + 1 < size && heap[child + 1] < heap[child];
        if (heap[child] >= value)
            break;
        heap[at] = heap[child];
    }
    heap[at] = value;
}

static void push(walker *w, uint64_t place) {
    size_t at = w->waiting++;
    for (; at && w->heap[(at - 1) / 2] > place; at = (at - 1) / 2)
        w->heap[at] = w->heap[(at - 1) / 2];
    w->heap[at] = place;
}

static uint64_t pop(walker *w) {
    uint64_t place = w->heap[0];
    w->heap[0] = w->heap[--w->waiting];
    if (w->waiting)
        sift_down(w->heap, w->waiting, 0);
    return place;
}

static void collect(walker *w, bool sequential) {
    w->waiting = 0;
    memcpy(w->queued, w->candidates, w->columns->words * sizeof *w->queued);
    for (size_t k = 0; k < w->columns->words; k++)
        for (uint64_t rest = w->candidates[k]; rest; rest &= rest - 1)
            w->heap[w->waiting++] =
                walker_place(w, 64 * k + (size_t)__builtin_ctzll(rest), sequential);
    for (size_t at = w->waiting / 2; at-- > 0;)
        sift_down(w->heap, w->waiting, at);
}

static void join(walker *w, uint64_t now, bool sequential) {
    for (size_t k = 0; k < w->columns->words; k++)
        for (uint64_t rest = w->fresh[k]; rest; rest &= rest - 1) {
            uint64_t bit = rest & -rest, i = 64 * k + (size_t)__builtin_ctzll(rest);
            uint64_t place = walker_place(w, i, sequential);
            if (place > now && !(w->queued[k] & bit)) {
                w->queued[k] |= bit;
                push(w, place);
            }
        }
}

void walker_async(walker *w, bool sequential) {
    collect(w, sequential);
    while (w->waiting) {
        uint64_t place = pop(w);
        size_t i = place & PLACE_NEURON;
        w->queued[i / 64] &= ~(UINT64_C(1) << (i % 64));
        if (!walker_is_unstable(w, i))
            continue;
        if (w->waiting)
            walker_prefetch(w, w->heap[0] & PLACE_NEURON);
        walker_flip(w, i);
        join(w, place, sequential);
    }
}
