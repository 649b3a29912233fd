/* Kernel: linear combinations of rows of floats.
 *
 *   out[i] = sum_{k < count} weights[k] rows[k * stride + i],   i < n,
 *
 * each out[i] summed in the order of k, product and sum rounded apart: the same bits for every
 * kernel. n is a multiple of 16; out, rows and stride are aligned to 64 bytes. */
#ifndef FIXLAND_COMBINE_H
#define FIXLAND_COMBINE_H

#include <stddef.h>

typedef void fl_combine(float *out, const float *weights, const float *rows, size_t stride,
                        size_t count, size_t n);

fl_combine fl_combine_scalar, fl_combine_avx2, fl_combine_avx512;

/* The kernel of the level in use (kernel.h). */
fl_combine *fl_combine_choose(void);

#endif
