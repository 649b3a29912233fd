/* The products of shorts.h for many runs, SHORT_WIDTH of them a register: before it is read a file defines
 * SHORT_WIDTH and SHORT_PAIRS(a, b), the sums of products of the two shorts of each of SHORT_WIDTH words. */
#ifndef FIXLAND_SHORTS_BODY_H
#define FIXLAND_SHORTS_BODY_H

#include <string.h>

#include "src/kernel/shorts.h"

typedef int32_t short_words __attribute__((vector_size(4 * SHORT_WIDTH), may_alias));
typedef float short_reals __attribute__((vector_size(4 * SHORT_WIDTH), may_alias));
typedef int32_t short_word __attribute__((may_alias));

/* Rows that share what is loaded of the runs. */
enum { SHORT_SPLIT = SHORT_LANES / SHORT_WIDTH, SHORT_ROWS = 4 };

/* One tile of SHORT_ROWS rows. */
static inline __attribute__((always_inline)) void
short_tile_of(const int16_t *q, size_t width, const int16_t *x, const float *scale, float *sums) {
    short_words s[SHORT_ROWS][SHORT_SPLIT] = {{{0}}};
#pragma GCC unroll 4
    for (size_t j = 0; j < width; j += 2) {
        short_words xj[SHORT_SPLIT];
#pragma GCC unroll 4
        for (int p = 0; p < SHORT_SPLIT; p++)
            xj[p] = *(const short_words *)(x + j * SHORT_LANES + 2 * SHORT_WIDTH * p);
#pragma GCC unroll 4
        for (int r = 0; r < SHORT_ROWS; r++) {
            short_words a = *(const short_word *)(q + (size_t)r * width + j) - (short_words){0};
#pragma GCC unroll 4
            for (int p = 0; p < SHORT_SPLIT; p++)
                s[r][p] += SHORT_PAIRS(a, xj[p]);
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

/* A tile of a band, of J or of its squares. */
static inline void short_tile(const int16_t *q, size_t width, const int16_t *x, const float *scale,
                              float *sums) {
    for (size_t i = 0; i < SHORT_BAND; i += SHORT_ROWS) {
        if (width == SHORT_TILE)
            short_tile_of(q + i * SHORT_TILE, SHORT_TILE, x, scale, sums + i * SHORT_LANES);
        else
            short_tile_of(q + i * width, width, x, scale, sums + i * SHORT_LANES);
    }
}

static inline void short_end(const float *sums, const float *unit, float *out) {
    for (size_t i = 0; i < SHORT_BAND; i++)
        for (size_t l = 0; l < SHORT_LANES; l++)
            out[i * SHORT_LANES + l] = sums[i * SHORT_LANES + l] * unit[i];
}

static void short_product_many(const fl_short_matrix *a, const fl_short_vector *x, float *out,
                               const fl_short_vector *y, float *squares) {
    const int16_t *q = a->q;
    for (size_t i = 0; i < a->rows; i += SHORT_BAND) {
        _Alignas(64) float sums[SHORT_BAND * SHORT_LANES] = {0},
                                             more[SHORT_BAND * SHORT_LANES] = {0};
        _Alignas(64) int16_t sq[SHORT_BAND * SHORT_TILE];
        for (size_t from = 0, t = 0; from < a->stride; from += SHORT_TILE, t++) {
            size_t width = a->stride - from < SHORT_TILE ? a->stride - from : SHORT_TILE;
            short_tile(q, width, x->x + from * SHORT_LANES, x->scale + t * SHORT_LANES, sums);
            for (size_t k = 0; y && k < SHORT_BAND * width; k++)
                sq[k] = short_square(q[k]);
            if (y)
                short_tile(sq, width, y->x + from * SHORT_LANES, y->scale + t * SHORT_LANES, more);
            q += SHORT_BAND * width;
        }
        short_end(sums, a->step + i, out + i * SHORT_LANES);
        if (y)
            short_end(more, a->square + i, squares + i * SHORT_LANES);
    }
}

#endif
