/* Packed spins: neuron i of a configuration is bit i % 64 of word i / 64; a set bit is s_i = +1.
 * Bits beyond n in the last word are zero. A set of configurations is an array of
 * count x fl_spins_words(n) words. In files the same bits are little-endian bytes, ceil(n/8) a
 * configuration (numpy.unpackbits(..., bitorder="little")). */
#ifndef FIXLAND_SPINS_H
#define FIXLAND_SPINS_H

#include <stddef.h>
#include <stdint.h>

#include "fixland/rng.h"

#ifdef __cplusplus
extern "C" {
#endif

static inline size_t fl_spins_words(size_t n) {
    return (n + 63) / 64;
}

static inline size_t fl_spins_bytes(size_t n) {
    return (n + 7) / 8;
}

/* s_i as +1 or -1. */
static inline int fl_spins_get(const uint64_t *spins, size_t i) {
    return (spins[i / 64] >> (i % 64) & 1) ? 1 : -1;
}

static inline void fl_spins_flip(uint64_t *spins, size_t i) {
    spins[i / 64] ^= UINT64_C(1) << (i % 64);
}

/* Sets neuron i to the sign of `value` (+1 for value > 0, else -1). */
void fl_spins_set(uint64_t *spins, size_t i, int value);

/* All n spins flipped (s -> -s); bits beyond n stay zero. */
void fl_spins_negate(uint64_t *spins, size_t n);

/* Uniform over the 2^n configurations. */
void fl_spins_random(uint64_t *spins, size_t n, fl_rng *rng);

/* Number of neurons on which a and b differ, 0..n. */
size_t fl_spins_distance(const uint64_t *a, const uint64_t *b, size_t n);

/* Overlap (1/n) sum_i a_i b_i = 1 - 2 distance / n, in [-1, 1]. n > 0. */
double fl_spins_overlap(const uint64_t *a, const uint64_t *b, size_t n);

/* To and from n signed bytes +1/-1 (pack takes any sign; 0 counts as -1). */
void fl_spins_unpack(const uint64_t *spins, size_t n, int8_t *values);
void fl_spins_pack(const int8_t *values, size_t n, uint64_t *spins);

/* Order as unsigned numbers of n bits, neuron 0 least significant; < 0, 0, > 0 as strcmp. */
int fl_spins_compare(const uint64_t *a, const uint64_t *b, size_t n);

#ifdef __cplusplus
}
#endif
#endif
