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

typedef struct couplings {
    float *J;        /* rows x stride */
    fl_amp_matrix a; /* the same for kernels */
    size_t rows;
    bool own;
    float *threshold;            /* rows */
    float *row_sum, *column_sum; /* of squares: rows, stride */
} couplings;

fl_status couplings_of_network(couplings *c, const fl_network *network, double jd);

/* `patterns` x n of +-1 entries, scaled by 1/sqrt n; margin in units of the field. */
fl_status couplings_of_patterns(couplings *c, const int8_t *entries, size_t patterns, size_t n,
                                double margin);

/* The same rows at another J_D. */
void couplings_retune(couplings *c, const fl_network *network, double jd);

void couplings_clear(couplings *c);

/* `count` floats, 64-byte aligned, zero; NULL when out of memory. Release with free. */
float *aligned_floats(size_t count);

#endif
