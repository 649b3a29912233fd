/* Kernels: products of a matrix of 16-bit integers, from both sides, with vectors of such, for one run or for SHORT_LANES runs.
 *
 * Row i of the matrix stands for J_ij = step_i q_ij. Rows stand in bands, which are gathered and scattered in turn, so that
 * the matrix comes from memory once: gather sums over the columns of a band's rows, scatter adds the band's rows to what the
 * columns have. A vector over columns is, tile by tile of SHORT_TILE, x_j = scale_t X_j with |X| <= SHORT_MOST, one over the
 * rows of a band has one scale. Products of integers are added as integers within a tile of a row, and within a band of a
 * column, which is exact, and these sums as floats in their order: all kernels give the same bits, and a run among many has those of
 * the run alone. So |q| < 2^15, and the sum of |q| over a tile of a row, or over a band of a column, is at most SHORT_SUM.
 *
 * One run has X_j at [j]; many have column j (or row) of run l at [(j / 2 * SHORT_LANES + l) * 2 + j % 2], scales at
 * [t * SHORT_LANES + l], and results of row i (or column) at [i * SHORT_LANES + l]. */
#ifndef FIXLAND_SHORTS_H
#define FIXLAND_SHORTS_H

#include <stddef.h>
#include <stdbool.h>
#include <stdint.h>
#include <string.h>

enum {
    SHORT_LANES = 16,
    SHORT_TILE = 128, /* columns */
    SHORT_BAND = 64,  /* rows, at most */
    SHORT_MOST = 4095,
    SHORT_SUM = 1 << 19
};

/* q: in the order in which it is read, bands of `band` rows, in them tiles, in these row after row (short_at); band,
 * rows and stride multiples of 16, zero beyond the matrix; 64-byte aligned. */
typedef struct fl_short_matrix {
    const int16_t *q;
    size_t rows, stride, band;
    const float *step;   /* rows */
    const float *square; /* rows: J_ij^2 = square_i short_square(q_ij) */
} fl_short_matrix;

/* The rows of the band from `first` on, and the columns of the tile from `from` on. */
static inline size_t short_height(const fl_short_matrix *a, size_t first) {
    return a->rows - first < a->band ? a->rows - first : a->band;
}

static inline size_t short_width(const fl_short_matrix *a, size_t from) {
    return a->stride - from < SHORT_TILE ? a->stride - from : SHORT_TILE;
}

/* Where row i has column `from` and what follows in its tile; `from` begins one. */
static inline size_t short_at(const fl_short_matrix *a, size_t i, size_t from) {
    size_t first = i - i % a->band;
    return first * a->stride + from * short_height(a, first) + (i - first) * short_width(a, from);
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

/* For the rows i of the band from `first` on: out_i = sum_j J_ij x_j, and with y squares_i = sum_j J_ij^2 y_j. Arrays of all
 * rows. */
typedef void fl_short_gather(const fl_short_matrix *a, size_t first, const fl_short_vector *x,
                             float *out, const fl_short_vector *y, float *squares);

/* Over the same rows, which g numbers from 0 on: B_j += sum_i q_ij g_i, and with d D_j += sum_i short_square(q_ij) d_i. */
typedef void fl_short_scatter(const fl_short_matrix *a, size_t first, const fl_short_vector *g,
                              float *B, const fl_short_vector *d, float *D);

typedef struct fl_short_kernel {
    fl_short_fill *fill, *fill_many;
    fl_short_gather *gather, *gather_many;
    fl_short_scatter *scatter, *scatter_many;
} fl_short_kernel;

extern const fl_short_kernel fl_short_scalar, fl_short_avx2, fl_short_avx512;

/* The kernels of the level in use (kernel.h). */
const fl_short_kernel *fl_short_choose(void);

#endif
