/* Blocks of configurations that differ in the lowest spins only: tables made once a network.
 *
 * Neurons 0..low-1 vary over the lanes of a block (bit j of the lane number is spin j), the others
 * are fixed in it. The field on neuron i is base_i + T_i[lane], base from the fixed spins, T from
 * the low ones. Conditions are screened in 16-bit integers: with s_i = +1 the neuron is stable iff
 *   T_i >= -(base_i + diagonal_i + J_D),
 * with s_i = -1 iff -T_i >= base_i - (diagonal_i + J_D). T is rounded to units of 1/scale_i and the
 * threshold is lowered by a margin that exceeds every rounding, so that a stable neuron is never
 * rejected; what passes is decided in double and, where that is within its error, exactly. */
#ifndef FIXLAND_BLOCKS_H
#define FIXLAND_BLOCKS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "fixland/network.h"
#include "fixland/status.h"

enum {
    BLOCKS_MAX = 64,       /* neurons */
    BLOCKS_CHUNK_BITS = 10 /* Gray-code spins of a chunk */
};

typedef struct blocks {
    const fl_network *network;
    const double *jd; /* ascending */
    size_t jd_count;
    size_t n, low, lanes; /* lanes = 2^low, at least 32 in the rows, where the rest never passes */
    size_t row_lanes;
    int16_t *rows;          /* n x {s = +1, s = -1} x row_lanes; 64-byte aligned */
    double *low_field;      /* lanes x n: T */
    double *column;         /* n x n: J transposed, so that a flip reads consecutive numbers */
    double *scale, *offset; /* n: units per field; scale (diagonal + J_D) + margin */
    double error;           /* bound on the rounding of any alignment formed from base and T */
} blocks;

/* `updates`: how many flips may be added to a base before it is formed afresh. */
fl_status blocks_make(blocks *b, const fl_network *network, const double *jd, size_t jd_count,
                      size_t updates);
void blocks_clear(blocks *b);

/* base_i for the fixed spins of `config` (the low ones are ignored). */
void blocks_base(const blocks *b, uint64_t config, double *base);

/* base after spin j of `config` has been flipped to the value it has there. */
void blocks_flip(const blocks *b, uint64_t config, size_t j, double *base);

/* Conditions of a block: rows and thresholds for the kernel, at most n + low of them. Returns their
 * number. */
size_t blocks_conditions(const blocks *b, uint64_t config, const double *base, const int16_t **rows,
                         int16_t *thresholds);

/* The smallest k such that `config` is a fixed point at jd[k]; jd_count if there is none. Exact. */
size_t blocks_level(const blocks *b, uint64_t config, const double *base);

#endif
