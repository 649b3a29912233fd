/* The order of a random sweep: places sorted. They are uniform, so one pass into as many buckets as
 * neurons (or up to twice as many) leaves little to do for insertion. */
#include <string.h>

#include "mc/dynamics/walker.h"

static void insertion(uint64_t *values, size_t count) {
    for (size_t k = 1; k < count; k++) {
        uint64_t value = values[k];
        size_t at = k;
        for (; at && values[at - 1] > value; at--)
            values[at] = values[at - 1];
        values[at] = value;
    }
}

void walker_order(walker *w) {
    size_t n = w->columns->n, buckets = (size_t)1 << w->queue.bits;
    unsigned shift = 64 - w->queue.bits;
    uint64_t *place = w->queue.place; /* nothing waits: its arrays are free */
    uint32_t *next = w->queue.first, sum = 0;
    memset(next, 0, buckets * sizeof *next);
    for (size_t i = 0; i < n; i++) {
        place[i] = walker_place(w, i);
        next[place[i] >> shift]++;
    }
    for (size_t b = 0; b < buckets; b++) {
        uint32_t count = next[b];
        next[b] = sum;
        sum += count;
    }
    for (size_t i = 0; i < n; i++)
        w->order[next[place[i] >> shift]++] = place[i];
    insertion(w->order, n);
}
