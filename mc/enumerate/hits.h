/* Fixed points found in a part of a search. */
#ifndef FIXLAND_ENUMERATE_HITS_H
#define FIXLAND_ENUMERATE_HITS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "fixland/enumerate.h"

typedef struct hit {
    uint64_t spins[2];
    uint8_t level;
} hit;

typedef struct hits {
    bool keep;     /* the configurations too, not only their numbers */
    uint64_t most; /* stop at so many; 0: no limit */
    uint64_t total, by_level[FL_ENUMERATE_JD_MAX];
    size_t count, room; /* of `list` */
    hit *list;
} hits;

fl_status hits_add(hits *h, const uint64_t spins[2], size_t level);

static inline bool hits_full(const hits *h) {
    return h->most && h->total >= h->most;
}

/* In ascending order, as unsigned numbers. */
void hits_sort(hits *h);

/* Whether both hold the same. */
bool hits_equal(const hits *a, const hits *b);

void hits_clear(hits *h);

#endif
