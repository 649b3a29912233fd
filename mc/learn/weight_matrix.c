/* Matrices of weights: see weight_matrix.h. */
#include "mc/learn/weight_matrix.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#include "src/kernel/blocked.h"

_Static_assert(FL_BLOCK == 16, "matrix_block and matrix_entry count on it");

/* Columns of a large matrix touch a page a block: with small pages each read would miss the TLB. */
enum { LARGE_PAGE = 1 << 21 };

float *floats_new(size_t count) {
    size_t unit = count * sizeof(float) >= LARGE_PAGE ? LARGE_PAGE : 64;
    if (count > (SIZE_MAX - unit) / sizeof(float))
        return NULL;
    size_t bytes = (count * sizeof(float) + unit - 1) / unit * unit;
    float *memory = aligned_alloc(unit, bytes ? bytes : unit);
    if (!memory)
        return NULL;
#ifdef MADV_HUGEPAGE
    if (unit == LARGE_PAGE)
        madvise(memory, bytes, MADV_HUGEPAGE);
#endif
    return memset(memory, 0, bytes ? bytes : unit);
}

fl_status matrix_new(matrix *m, size_t rows, size_t cols) {
    *m = (matrix){.rows = rows, .cols = cols, .blocks = (rows + FL_BLOCK - 1) / FL_BLOCK};
    m->w = floats_new(m->blocks * FL_BLOCK * cols);
    return m->w ? FL_OK : fl_fail(FL_ENOMEM, "out of memory for %zu x %zu weights", rows, cols);
}

void matrix_free(matrix *m) {
    free(m->w);
    *m = (matrix){0};
}

enum { DRAWS = 128 }; /* even */

void matrix_draw(matrix *m, double deviation, fl_rng *rng) {
    float some[DRAWS];
    for (size_t i = 0; i < m->rows; i++)
        for (size_t first = 0; first < m->cols; first += DRAWS) {
            size_t count = m->cols - first < DRAWS ? m->cols - first : DRAWS;
            fl_rng_gauss_floats(rng, count, deviation, some);
            for (size_t k = 0; k < count; k++)
                *matrix_entry(m, i, first + k) = some[k];
        }
}

void matrix_draw_couplings(matrix *m, double deviation, double symmetry, fl_rng *rng) {
    double own = sqrt(1 - symmetry * symmetry);
    double pairs[DRAWS];
    for (size_t i = 0; i < m->rows; i++)
        for (size_t j = 0; j < i; j++) {
            size_t at = 2 * j % DRAWS;
            if (at == 0)
                fl_rng_gauss_fill(rng, 2 * (i - j) < DRAWS ? 2 * (i - j) : DRAWS, pairs);
            double one = pairs[at], other = pairs[at + 1];
            *matrix_entry(m, i, j) = (float)(deviation * one);
            *matrix_entry(m, j, i) = (float)(deviation * (symmetry * one + own * other));
        }
}

void matrix_scale_block(matrix *m, size_t block, float factor) {
    float *w = matrix_block(m, block);
    for (size_t k = 0; k < m->cols * FL_BLOCK; k++)
        w[k] *= factor;
}

void matrix_mean_block(matrix *mean, const matrix *now, size_t block, float count) {
    float *restrict to = matrix_block(mean, block);
    const float *restrict from = matrix_block(now, block);
    for (size_t k = 0; k < now->cols * FL_BLOCK; k++)
        to[k] += (from[k] - to[k]) / count;
}

void matrix_get(const matrix *m, float *values) {
    for (size_t i = 0; i < m->rows; i++)
        for (size_t j = 0; j < m->cols; j++)
            values[i * m->cols + j] = *matrix_entry(m, i, j);
}

void matrix_set(matrix *m, const float *values) {
    for (size_t i = 0; i < m->rows; i++)
        for (size_t j = 0; j < m->cols; j++)
            *matrix_entry(m, i, j) = values[i * m->cols + j];
}
