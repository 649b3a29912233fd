/* Kernels: matrices of floats with sixteen rows interleaved, and the binary neurons they drive.
 *
 * A matrix of rows x cols is stored in blocks of FL_BLOCK rows (the last one padded with zeros):
 *
 *   w[(i / 16 * cols + j) * 16 + i % 16] = W_ij,
 *
 * so that a column is one cache line a block, a row stays within its block, and both the fields of
 * flips (columns) and the learning of rows read whole lines. All arrays are 64-byte aligned, batch
 * and strides are multiples of 16.
 *
 * Every sum runs in the order stated, so all kernels give the same bits. The factors x of apply and
 * update are 0, +-1 or +-2, those of columns too: products are exact and may be fused with the sum.
 * apply_real and update_real take any factors and round the products. */
#ifndef FIXLAND_BLOCKED_H
#define FIXLAND_BLOCKED_H

#include <stddef.h>
#include <stdint.h>

enum { FL_BLOCK = 16 };

typedef struct fl_blocked {
    /* One block, all examples of a batch (j ascending, then added to out):
     *   out[b * stride + r] += sum_j w[16 j + r] x[j * batch + b],   b < batch. */
    void (*apply)(const float *w, size_t cols, const float *x, size_t batch, float *out,
                  size_t stride);

    void (*apply_real)(const float *w, size_t cols, const float *x, size_t batch, float *out,
                       size_t stride);

    /* `blocks` blocks, one example, some columns (e ascending, added one by one):
     *   field[16 k + r] += sum_e coef[e] w[(k cols + columns[e]) 16 + r]. */
    void (*columns)(const float *w, size_t blocks, size_t cols, const uint32_t *columns,
                    const float *coef, size_t count, float *field);

    /* One block, the examples which[0 .. count-1] (e ascending, added one by one):
     *   w[16 j + r] += sum_e c[16 e + r] x[j * batch + which[e]],   j < cols. */
    void (*update)(float *w, size_t cols, const float *x, size_t batch, const uint32_t *which,
                   const float *c, size_t count);

    void (*update_real)(float *w, size_t cols, const float *x, size_t batch, const uint32_t *which,
                        const float *c, size_t count);

    /* Neurons h (0 or +-1), `blocks` times 16, of one example: with v = field + jd h + feedback,
     * those with v > 0 want to be +1, those with v < 0 want to be -1. What wants to change is
     * counted in *wanting, and changes where its bit of allowed[block] is set; columns and coef
     * (new minus old) list the changes, ascending. feedback NULL: none; allowed NULL: all. Returns
     * the number of changes. */
    size_t (*decide)(const float *field, const float *feedback, float jd, const uint16_t *allowed,
                     size_t blocks, float *h, uint32_t *columns, float *coef, size_t *wanting);

    /* decide without a list, for neurons that nearly all change: all are allowed; returns how many
     * changed. */
    size_t (*wake)(const float *field, const float *feedback, float jd, size_t blocks, float *h);
} fl_blocked;

extern const fl_blocked fl_blocked_scalar, fl_blocked_avx2, fl_blocked_avx512;

/* The kernels of the level in use (kernel.h). */
const fl_blocked *fl_blocked_choose(void);

#endif
