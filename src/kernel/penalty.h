/* Kernels: what a flip does to the sum of the penalties of violated conditions.
 *
 * A_i is the alignment of neuron i, s_i f_i; it pays base - slope A_i where A_i < 0, else nothing.
 * A flip of neuron k changes A_i by -t s_i J_ik, t = 2 s_k. `column` holds J_ik for all i (zero for
 * i = k), count is a multiple of 32, arrays are 32-byte aligned, entries beyond the neurons have A
 * = 1e30, s = column = 0. Sums have one shape, nothing is contracted: all kernels give the same
 * bits. */
#ifndef FIXLAND_PENALTY_H
#define FIXLAND_PENALTY_H

#include <stddef.h>

/* sum_i penalty(A_i - t s_i column_i). */
typedef float fl_penalty_after(const float *A, const float *s, const float *column, size_t count,
                               float t, float base, float slope);

/* A_i -= t s_i column_i. */
typedef void fl_penalty_apply(float *A, const float *s, const float *column, size_t count, float t);

typedef struct fl_penalty_kernel {
    fl_penalty_after *after;
    fl_penalty_apply *apply;
} fl_penalty_kernel;

extern const fl_penalty_kernel fl_penalty_scalar, fl_penalty_avx2;

/* The kernels of the level in use (kernel.h); AVX-512 uses those of AVX2. */
const fl_penalty_kernel *fl_penalty_choose(void);

#endif
