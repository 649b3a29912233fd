/* Kernels: products of a matrix of 16-bit integers with vectors of such, for one run or for SHORT_LANES runs.
 *
 * Row i of the matrix stands for J_ij = step_i q_ij, a vector, tile by tile of SHORT_TILE entries, for x_j = scale_t X_j
 * with |X| <= SHORT_MOST. Products of integers are added as integers within a tile, which is exact, and tiles as floats
 * in their order: all kernels give the same bits, and a run among many has those of the run alone. So |q| < 2^15, and the sum
 * of |q| over a tile of a row is at most SHORT_SUM.
 *
 * One run has X_j at [j]; many have column j of run l at [(j / 2 * SHORT_LANES + l) * 2 + j % 2], scales at
 * [t * SHORT_LANES + l], and results of row i at [i * SHORT_LANES + l]. */
#ifndef FIXLAND_SHORTS_H
#define FIXLAND_SHORTS_H

#include <stddef.h>
#include <stdbool.h>
#include <stdint.h>
#include <string.h>

enum {
    SHORT_LANES = 16,
    SHORT_TILE = 128, /* columns */
    SHORT_BAND = 16,  /* rows */
    SHORT_MOST = 4095,
    SHORT_SUM = 1 << 19
};

/* q: in the order in which it is read, bands of SHORT_BAND rows, in them tiles, in these row after row (short_at);
 * rows and stride multiples of 16, zero beyond the matrix; 64-byte aligned. */
typedef struct fl_short_matrix {
    const int16_t *q;
    size_t rows, stride;
    const float *step;   /* rows */
    const float *square; /* rows: J_ij^2 = square_i short_square(q_ij) */
} fl_short_matrix;

/* Where row i has column `from` and what follows in its tile; `from` begins one. */
static inline size_t short_at(size_t stride, size_t i, size_t from) {
    size_t width = stride - from < SHORT_TILE ? stride - from : SHORT_TILE;
    return i / SHORT_BAND * SHORT_BAND * stride + from * SHORT_BAND + i % SHORT_BAND * width;
}

/* The integer nearest to x stands in the low bits of x + 1.5 2^23. */
static inline int32_t short_nearest(float x) {
    float shifted = x + 0x1.8p23f;
    int32_t bits;
    memcpy(&bits, &shifted, sizeof bits);
    return bits;
}

/* q^2 / 2^15, to the nearest integer. */
static inline int16_t short_square(int16_t q) {
    return (int16_t)(((q * q >> 14) + 1) >> 1); /* as the instructions have it */
}

/* 64-byte aligned. */
typedef struct fl_short_vector {
    int16_t *x;
    float *scale;
} fl_short_vector;

/* Tiles of `count` columns. */
static inline size_t short_tiles(size_t count) {
    return (count + SHORT_TILE - 1) / SHORT_TILE;
}

/* The nearest integers to x_j / scale_t, scale_t = max |x_j| / SHORT_MOST over the tile; count a multiple of 16, x 64-byte
 * aligned, of many runs at [j * SHORT_LANES + l]. */
typedef void fl_short_fill(const float *x, size_t count, const fl_short_vector *out);

/* out_i = sum_j J_ij x_j, and with y squares_i = sum_j J_ij^2 y_j. */
typedef void fl_short_product(const fl_short_matrix *a, const fl_short_vector *x, float *out,
                              const fl_short_vector *y, float *squares);

typedef struct fl_short_kernel {
    fl_short_fill *fill, *fill_many;
    fl_short_product *product, *product_many;
} fl_short_kernel;

extern const fl_short_kernel fl_short_scalar, fl_short_avx2, fl_short_avx512;

/* The kernels of the level in use (kernel.h). */
const fl_short_kernel *fl_short_choose(void);

#endif
