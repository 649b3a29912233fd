/* fl_short_fill for one run and for many, in loops that a compiler turns into vectors. */
#ifndef FIXLAND_SHORTS_FILL_H
#define FIXLAND_SHORTS_FILL_H

#include "src/kernel/shorts.h"

/* Below this a tile counts as zero: its inverse would not be finite. */
#define SHORT_LEAST 1e-30f

static inline float short_size(float x) {
    return x < 0 ? -x : x;
}

static void short_fill(const float *restrict x, size_t count, const fl_short_vector *out) {
    for (size_t from = 0, t = 0; from < count; from += SHORT_TILE, t++) {
        size_t end = count - from < SHORT_TILE ? count : from + SHORT_TILE;
        int16_t *restrict to = out->x;
        float top = 0;
#pragma omp simd reduction(max : top)
        for (size_t j = from; j < end; j++)
            top = short_size(x[j]) > top ? short_size(x[j]) : top;
        float inverse = top > SHORT_LEAST ? SHORT_MOST / top : 0;
        out->scale[t] = top * (1.0f / SHORT_MOST);
#pragma omp simd
        for (size_t j = from; j < end; j++)
            to[j] = (int16_t)short_nearest(x[j] * inverse);
    }
}

static void short_fill_many(const float *restrict x, size_t count, const fl_short_vector *out) {
    for (size_t from = 0, t = 0; from < count; from += SHORT_TILE, t++) {
        size_t end = count - from < SHORT_TILE ? count : from + SHORT_TILE;
        float top[SHORT_LANES] = {0}, inverse[SHORT_LANES];
        int32_t *restrict to = (void *)out->x;
        for (size_t j = from; j < end; j++)
#pragma omp simd
            for (size_t l = 0; l < SHORT_LANES; l++) {
                float size = short_size(x[j * SHORT_LANES + l]);
                top[l] = size > top[l] ? size : top[l];
            }
        for (size_t l = 0; l < SHORT_LANES; l++) {
            inverse[l] = top[l] > SHORT_LEAST ? SHORT_MOST / top[l] : 0;
            out->scale[t * SHORT_LANES + l] = top[l] * (1.0f / SHORT_MOST);
        }
        for (size_t j = from; j < end; j += 2)
#pragma omp simd
            for (size_t l = 0; l < SHORT_LANES; l++) {
                uint32_t low = (uint32_t)short_nearest(x[j * SHORT_LANES + l] * inverse[l]);
                uint32_t high = (uint32_t)short_nearest(x[(j + 1) * SHORT_LANES + l] * inverse[l]);
                to[j / 2 * SHORT_LANES + l] = (int32_t)((low & 0xffff) | high << 16);
            }
    }
}

#endif
