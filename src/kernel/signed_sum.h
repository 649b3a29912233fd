/* Kernel: a row of doubles, each with the sign of a spin.
 *
 *   sum_j s_j row[j]  and, into *magnitude,  sum_j |row[j]|,     j < n,
 *
 * s_j = +1 where bit j of spins is set, else -1. Kernels add in different orders: only within
 * fl_sum_error (exact.h) of each other. row needs no alignment; nothing beyond n is read. */
#ifndef FIXLAND_SIGNED_SUM_H
#define FIXLAND_SIGNED_SUM_H

#include <stddef.h>
#include <stdint.h>

typedef double fl_signed_sum(const double *row, const uint64_t *spins, size_t n, double *magnitude);

fl_signed_sum fl_signed_sum_scalar, fl_signed_sum_avx2, fl_signed_sum_avx512;

/* The kernel of the level in use (kernel.h). */
fl_signed_sum *fl_signed_sum_choose(void);

#endif
