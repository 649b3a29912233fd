/* Kernel: histogram of the Hamming distances between a few configurations and a block of many.
 *
 * The block is bit-sliced: plane i holds bit i of all its configurations, FL_SLICE_WORDS words of
 * 64 configurations each. Distances are added up in slices too: the differing bits of neuron i,
 * 512 configurations at once, go through full adders (two operations for three inputs) into the
 * bits of the distance. The histogram is then one population count for each possible distance, of
 * the configurations whose bits spell it. Both stages cost a fraction of an operation a pair, where
 * counting in memory costs an increment a pair.
 *
 *   block      groups x 8 planes of FL_SLICE_WORDS words, 64-byte aligned; planes beyond the
 *              neurons are zero
 *   queries    count x 8 groups words, one a neuron: all ones where it is up, else zero
 *   valid      FL_SLICE_WORDS words: the configurations of the block that exist
 *   histogram  8 groups + 1 numbers: pairs at each distance are added
 *
 * 1 <= groups <= FL_SLICE_GROUPS: up to 256 neurons; beyond them counting in memory is cheaper. */
#ifndef FIXLAND_POPCOUNT_PAIRS_H
#define FIXLAND_POPCOUNT_PAIRS_H

#include <stddef.h>
#include <stdint.h>

enum {
    FL_SLICE_WORDS = 8,                   /* words of a plane */
    FL_SLICE_LANES = 64 * FL_SLICE_WORDS, /* configurations of a block */
    FL_SLICE_GROUPS = 32
};

typedef void fl_popcount_pairs(const uint64_t *block, const uint64_t *valid,
                               const uint64_t *queries, size_t count, size_t groups,
                               uint64_t *histogram);

fl_popcount_pairs fl_popcount_pairs_scalar, fl_popcount_pairs_avx2, fl_popcount_pairs_avx512;

/* The kernel of the level in use (kernel.h, and fl_popcount_vectors). */
fl_popcount_pairs *fl_popcount_pairs_choose(void);

#endif
