/* The products of shorts.h for many runs, SHORT_WIDTH of them a register: before it is read a file defines
 * SHORT_WIDTH and SHORT_PAIRS(a, b), the sums of products of the two shorts of each of SHORT_WIDTH words. */
#ifndef FIXLAND_SHORTS_BODY_H
#define FIXLAND_SHORTS_BODY_H

#include <string.h>

#include "src/kernel/shorts.h"

typedef int32_t short_words __attribute__((vector_size(4 * SHORT_WIDTH), may_alias));
typedef float short_reals __attribute__((vector_size(4 * SHORT_WIDTH), may_alias));
typedef int32_t short_word __attribute__((may_alias));

/* Results that share what is loaded of the runs. */
enum { SHORT_SPLIT = SHORT_LANES / SHORT_WIDTH, SHORT_ROWS = 4 };

/* SHORT_ROWS results, each a sum over `count` pairs; word k of result r at w[r * apart + k * next]. */
static inline __attribute__((always_inline)) void short_sums(const short_word *w, size_t apart,
                                                             size_t next, size_t count,
                                                             const int16_t *x, const float *scale,
                                                             float *sums) {
    short_words s[SHORT_ROWS][SHORT_SPLIT] = {{{0}}};
#pragma GCC unroll 4
    for (size_t k = 0; k < count; k++) {
        short_words xk[SHORT_SPLIT];
#pragma GCC unroll 4
        for (int p = 0; p < SHORT_SPLIT; p++)
            xk[p] = *(const short_words *)(x + 2 * k * SHORT_LANES + 2 * SHORT_WIDTH * p);
#pragma GCC unroll 4
        for (int r = 0; r < SHORT_ROWS; r++) {
            short_words a = w[(size_t)r * apart + k * next] - (short_words){0};
#pragma GCC unroll 4
            for (int p = 0; p < SHORT_SPLIT; p++)
                s[r][p] += SHORT_PAIRS(a, xk[p]);
        }
    }
#pragma GCC unroll 4
    for (int r = 0; r < SHORT_ROWS; r++)
#pragma GCC unroll 4
        for (int p = 0; p < SHORT_SPLIT; p++) {
            short_reals *sum = (short_reals *)(sums + r * SHORT_LANES + SHORT_WIDTH * p);
            *sum += __builtin_convertvector(s[r][p], short_reals) *
                    *(const short_reals *)(scale + SHORT_WIDTH * p);
        }
}

/* The rows of a tile of a band, of J or of its squares. */
static inline void short_rows(const int16_t *q, size_t height, size_t width, const int16_t *x,
                              const float *scale, float *sums) {
    for (size_t i = 0; i < height; i += SHORT_ROWS) {
        const short_word *w = (const short_word *)(q + i * width);
        if (width == SHORT_TILE)
            short_sums(w, SHORT_TILE / 2, 1, SHORT_TILE / 2, x, scale, sums + i * SHORT_LANES);
        else
            short_sums(w, width / 2, 1, width / 2, x, scale, sums + i * SHORT_LANES);
    }
}

/* Its columns, from words of two rows each. */
static inline void short_columns(const int16_t *pairs, size_t height, size_t width,
                                 const fl_short_vector *g, float *sums) {
    for (size_t j = 0; j < width; j += SHORT_ROWS) {
        const short_word *w = (const short_word *)pairs + j;
        if (width == SHORT_TILE)
            short_sums(w, 1, SHORT_TILE, height / 2, g->x, g->scale, sums + j * SHORT_LANES);
        else
            short_sums(w, 1, width, height / 2, g->x, g->scale, sums + j * SHORT_LANES);
    }
}

static inline void short_squares(const int16_t *restrict q, size_t count, int16_t *restrict out) {
    for (size_t k = 0; k < count; k++)
        out[k] = short_square(q[k]);
}

static inline void short_end(float *sums, size_t height, const float *unit) {
    for (size_t i = 0; i < height; i++)
        for (size_t l = 0; l < SHORT_LANES; l++)
            sums[i * SHORT_LANES + l] *= unit[i];
}

static void short_gather_many(const fl_short_matrix *a, size_t first, const fl_short_vector *x,
                              float *out, const fl_short_vector *y, float *squares) {
    size_t height = short_height(a, first);
    _Alignas(64) int16_t sq[SHORT_BAND * SHORT_TILE];
    out += first * SHORT_LANES;
    memset(out, 0, height * SHORT_LANES * sizeof *out);
    if (y) {
        squares += first * SHORT_LANES;
        memset(squares, 0, height * SHORT_LANES * sizeof *squares);
    }
    for (size_t from = 0, t = 0; from < a->stride; from += SHORT_TILE, t++) {
        const int16_t *q = a->q + short_at(a, first, from);
        size_t width = short_width(a, from);
        short_rows(q, height, width, x->x + from * SHORT_LANES, x->scale + t * SHORT_LANES, out);
        if (!y)
            continue;
        short_squares(q, height * width, sq);
        short_rows(sq, height, width, y->x + from * SHORT_LANES, y->scale + t * SHORT_LANES,
                   squares);
    }
    short_end(out, height, a->step + first);
    if (y)
        short_end(squares, height, a->square + first);
}

/* Words of rows 2r and 2r + 1, column by column. */
static inline void short_pair(const int16_t *restrict q, size_t height, size_t width,
                              int16_t *restrict pairs) {
    for (size_t r = 0; r < height; r += 2)
        for (size_t j = 0; j < width; j++) {
            pairs[r * width + 2 * j] = q[r * width + j];
            pairs[r * width + 2 * j + 1] = q[(r + 1) * width + j];
        }
}

static void short_scatter_many(const fl_short_matrix *a, size_t first, const fl_short_vector *g,
                               float *B, const fl_short_vector *d, float *D) {
    size_t height = short_height(a, first);
    _Alignas(64) int16_t pairs[SHORT_BAND * SHORT_TILE], sq[SHORT_BAND * SHORT_TILE];
    for (size_t from = 0; from < a->stride; from += SHORT_TILE) {
        size_t width = short_width(a, from);
        short_pair(a->q + short_at(a, first, from), height, width, pairs);
        short_columns(pairs, height, width, g, B + from * SHORT_LANES);
        if (!d)
            continue;
        short_squares(pairs, height * width, sq);
        short_columns(sq, height, width, d, D + from * SHORT_LANES);
    }
}

#endif
