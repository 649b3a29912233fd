/* A matrix in single precision with what its rows demand, as the kernels of messages.h want it.
 * Internal to mc/message.
 *
 * Row i is satisfied by spins s when s_i sum_j J_ij s_j + threshold_i >= 0 (`own`: a network, where
 * threshold_i = diagonal_i + J_D), or sum_j J_ij s_j + threshold_i >= 0 (patterns of a perceptron).
 */
#ifndef FIXLAND_MESSAGE_COUPLINGS_H
#define FIXLAND_MESSAGE_COUPLINGS_H

#include <stdbool.h>
#include <stddef.h>

#include "fixland/network.h"
#include "fixland/status.h"
#include "src/kernel/messages.h"
#include "src/kernel/shorts.h"

/* A matrix in 16 bits, with what it owns. */
typedef struct couplings_short {
    fl_short_matrix a;
    int16_t *q;
    float *step, *square;
} couplings_short;

typedef struct couplings {
    float *J;        /* rows x stride; NULL in 16 bits */
    fl_amp_matrix a; /* the same for kernels; stride and columns hold in 16 bits too */
    size_t rows;
    size_t row_stride; /* rows, and zeros up to a multiple of 16 */
    bool own;
    couplings_short shorts;      /* in 16 bits */
    float *threshold;            /* rows */
    float *row_sum, *column_sum; /* of squares: row_stride, stride */
    float *slack; /* row_stride: what 16 bits may change a sum over +-1 by; zero in floats */
} couplings;

fl_status couplings_of_network(couplings *c, const fl_network *network, double jd);

/* `patterns` x n of +-1 entries, scaled by 1/sqrt n; margin in units of the field. */
fl_status couplings_of_patterns(couplings *c, const int8_t *entries, size_t patterns, size_t n,
                                double margin);

/* Puts 16-bit integers in the place of J: errors of about 1e-4 in a sum, half of the memory to wait for, integers that are added
 * exactly. FL_ENOMEM (c is cleared). */
fl_status couplings_shorten(couplings *c);

/* The same rows at another J_D. */
void couplings_retune(couplings *c, const fl_network *network, double jd);

void couplings_clear(couplings *c);

/* 64-byte aligned bytes, zero; NULL when out of memory. Release with free. */
void *aligned_zeros(size_t bytes);

/* `count` floats, 64-byte aligned, zero; NULL when out of memory. Release with free. */
float *aligned_floats(size_t count);

#endif
