/* The body of every combine kernel: plain C, vectorised by the compiler for the instructions that
 * its file may use. A strip of `out` stays in registers or the nearest cache; four rows a pass. */
#ifndef FIXLAND_COMBINE_BODY_H
#define FIXLAND_COMBINE_BODY_H

#include <stddef.h>
#include <string.h>

enum { FL_COMBINE_STRIP = 512 };

static inline void combine_strip(float *restrict out, const float *weights,
                                 const float *restrict rows, size_t stride, size_t count,
                                 size_t n) {
    size_t k = 0;
    memset(out, 0, n * sizeof *out);
    for (; k + 4 <= count; k += 4) {
        const float *restrict row = rows + k * stride;
        for (size_t i = 0; i < n; i++) {
            float sum = out[i] + weights[k] * row[i];
            sum += weights[k + 1] * row[stride + i];
            sum += weights[k + 2] * row[2 * stride + i];
            out[i] = sum + weights[k + 3] * row[3 * stride + i];
        }
    }
    for (; k < count; k++)
        for (size_t i = 0; i < n; i++)
            out[i] += weights[k] * rows[k * stride + i];
}

static inline void combine_body(float *out, const float *weights, const float *rows, size_t stride,
                                size_t count, size_t n) {
    for (size_t first = 0; first < n; first += FL_COMBINE_STRIP)
        combine_strip(out + first, weights, rows + first, stride, count,
                      n - first < FL_COMBINE_STRIP ? n - first : FL_COMBINE_STRIP);
}

#endif
