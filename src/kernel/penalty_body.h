/* The body of both kernels of penalty.h. */
#ifndef FIXLAND_PENALTY_BODY_H
#define FIXLAND_PENALTY_BODY_H

#include <stdint.h>

#include "src/kernel/penalty.h"

typedef float eight __attribute__((vector_size(32), may_alias));
typedef int32_t eight_truth __attribute__((vector_size(32), may_alias));

#define LOAD(from) (*(const eight *)(from))

static float after(const float *A, const float *s, const float *column, size_t count, float t,
                   float base, float slope) {
    eight sum[4] = {{0}};
    for (size_t i = 0; i < count; i += 32)
        for (size_t k = 0; k < 4; k++) {
            size_t at = i + 8 * k;
            eight x = LOAD(A + at) - t * (LOAD(s + at) * LOAD(column + at));
            eight pay = base - slope * x;
            sum[k] += (eight)((eight_truth)pay & (eight_truth)(x < 0));
        }
    eight all = (sum[0] + sum[2]) + (sum[1] + sum[3]);
    return ((all[0] + all[4]) + (all[2] + all[6])) + ((all[1] + all[5]) + (all[3] + all[7]));
}

static void apply(float *A, const float *s, const float *column, size_t count, float t) {
    for (size_t i = 0; i < count; i += 8) {
        eight x = LOAD(A + i) - t * (LOAD(s + i) * LOAD(column + i));
        *(eight *)(A + i) = x;
    }
}

#define PENALTY_KERNEL                                                                             \
    { after, apply }

#endif
