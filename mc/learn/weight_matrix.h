/* A matrix of weights in the layout of src/kernel/blocked.h. */
#ifndef FIXLAND_MC_LEARN_WEIGHT_MATRIX_H
#define FIXLAND_MC_LEARN_WEIGHT_MATRIX_H

#include <stddef.h>

#include "fixland/rng.h"
#include "fixland/status.h"

typedef struct matrix {
    size_t rows, cols; /* without padding */
    size_t blocks;     /* of FL_BLOCK rows */
    float *w;          /* blocks x cols x FL_BLOCK; padding rows are zero. NULL: no such matrix */
} matrix;

static inline float *matrix_block(const matrix *m, size_t block) {
    return m->w + block * m->cols * 16;
}

static inline float *matrix_entry(const matrix *m, size_t i, size_t j) {
    return m->w + (i / 16 * m->cols + j) * 16 + i % 16;
}

/* Zeros. FL_ENOMEM. */
fl_status matrix_new(matrix *m, size_t rows, size_t cols);
void matrix_free(matrix *m);

/* deviation N(0, 1), drawn row by row. */
void matrix_draw(matrix *m, double deviation, fl_rng *rng);

/* Square: the same with corr(W_ij, W_ji) = symmetry, diagonal zero. */
void matrix_draw_couplings(matrix *m, double deviation, double symmetry, fl_rng *rng);

/* Multiplies block `block` by a factor. */
void matrix_scale_block(matrix *m, size_t block, float factor);

/* mean += (now - mean)/count, block `block`. */
void matrix_mean_block(matrix *mean, const matrix *now, size_t block, float count);

/* rows x cols, row by row. */
void matrix_get(const matrix *m, float *values);
void matrix_set(matrix *m, const float *values);

/* `count` floats, zeroed, aligned for the kernels, in large pages where they help. NULL: no memory.
 */
float *floats_new(size_t count);

#endif
