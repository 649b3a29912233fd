/* The visits that are due in a sweep, by place: buckets in the order of the places, each a list,
 * with a bit for those that hold anything. Places are hashes, uniform, so a bucket hardly ever
 * holds more than a few, and both ends cost a few instructions whatever the number of visits; a
 * heap costs a mispredicted branch a level. Internal. */
#ifndef FIXLAND_DYNAMICS_QUEUE_H
#define FIXLAND_DYNAMICS_QUEUE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "fixland/status.h"

typedef struct visit_queue {
    unsigned bits;           /* log2 of the number of buckets; of a place: its highest bits */
    size_t at;               /* word of `filled` before which there is nothing */
    size_t waiting;          /* visits */
    uint64_t *place;         /* by neuron, of those that wait */
    uint32_t *first, *after; /* by bucket, by neuron: lists, ended by QUEUE_END */
    uint64_t *filled;        /* a bit a bucket */
    uint64_t *member;        /* a bit a neuron */
} visit_queue;

#define QUEUE_END UINT32_MAX

/* For neurons 0 .. n - 1. */
fl_status queue_open(visit_queue *q, size_t n);
void queue_close(visit_queue *q);

/* Begins a sweep, with nothing waiting. */
static inline void queue_start(visit_queue *q) {
    q->at = 0;
}

/* Nothing happens where the neuron waits already. */
static inline void queue_push(visit_queue *q, uint32_t neuron, uint64_t place) {
    size_t bucket = (size_t)(place >> (64 - q->bits));
    uint64_t bit = UINT64_C(1) << (bucket % 64), own = UINT64_C(1) << (neuron % 64);
    if (q->member[neuron / 64] & own)
        return;
    q->member[neuron / 64] |= own;
    q->after[neuron] = q->filled[bucket / 64] & bit ? q->first[bucket] : QUEUE_END;
    q->first[bucket] = neuron;
    q->filled[bucket / 64] |= bit;
    q->place[neuron] = place;
    q->at = q->at < bucket / 64 ? q->at : bucket / 64;
    q->waiting++;
}

/* A neuron of the next bucket, most often the next; something must wait. */
static inline uint32_t queue_glance(visit_queue *q) {
    while (!q->filled[q->at])
        q->at++;
    return q->first[64 * q->at + (size_t)__builtin_ctzll(q->filled[q->at])];
}

/* The neuron with the smallest place, which waits no longer; something must wait. */
static inline uint32_t queue_pop(visit_queue *q) {
    uint32_t neuron = queue_glance(q);
    uint32_t *link = &q->first[64 * q->at + (size_t)__builtin_ctzll(q->filled[q->at])];
    if (q->after[neuron] == QUEUE_END) {
        q->filled[q->at] &= q->filled[q->at] - 1;
    } else {
        uint32_t *best = link;
        for (; *link != QUEUE_END; link = &q->after[*link])
            if (q->place[*link] < q->place[*best])
                best = link;
        neuron = *best;
        *best = q->after[neuron];
    }
    q->member[neuron / 64] &= ~(UINT64_C(1) << (neuron % 64));
    q->waiting--;
    return neuron;
}

#endif
