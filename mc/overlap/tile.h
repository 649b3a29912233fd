/* Pairs of a tile of configurations with a run of others: what the threads of fl_pairs do. */
#ifndef FIXLAND_OVERLAP_TILE_H
#define FIXLAND_OVERLAP_TILE_H

#include <stddef.h>
#include <stdint.h>

#include "fixland/status.h"
#include "src/kernel/popcount_pairs.h"

enum {
    TILE = FL_SLICE_LANES,               /* configurations */
    SLICED_NEURONS = 8 * FL_SLICE_GROUPS /* beyond: distances one by one */
};

/* Adds `factor` times the pairs of a[0..a_count-1] (at most TILE) with b[0..b_count-1] to pairs. */
fl_status tile_count(const uint64_t *a, size_t a_count, const uint64_t *b, size_t b_count, size_t n,
                     uint64_t factor, uint64_t *pairs);

#endif
