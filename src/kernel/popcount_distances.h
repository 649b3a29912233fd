/* Kernel: Hamming distances of one configuration to many.
 *
 * distances[k] = number of bits in which `query` and configuration k differ; both have `words`
 * words of 64 bits, the configurations stand one after another. words < 1024, so that a distance
 * fits 16 bits. No alignment is asked for. */
#ifndef FIXLAND_POPCOUNT_DISTANCES_H
#define FIXLAND_POPCOUNT_DISTANCES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { FL_DISTANCE_WORDS = 1023 };

typedef void fl_popcount_distances(const uint64_t *query, const uint64_t *configurations,
                                   size_t count, size_t words, uint16_t *distances);

fl_popcount_distances fl_popcount_distances_scalar, fl_popcount_distances_avx2,
    fl_popcount_distances_avx512;

/* The kernel of the level in use (kernel.h). */
fl_popcount_distances *fl_popcount_distances_choose(void);

/* The AVX-512 kernels of this family count bits with VPOPCNTDQ, which not every processor of that
 * level has; without it the AVX2 ones are chosen. */
bool fl_popcount_vectors(void);

#endif
