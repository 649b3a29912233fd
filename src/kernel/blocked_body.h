/* The body of every variant of blocked.h. Before it: `vec` and `ivec`, vectors of LANES floats and
 * int32_t; vec_fma(a, b,
 * c), a * b + c for numbers whose product is exact; vec_above(v), vec_below(v), bits of the lanes
 * above and below zero; TILE, examples whose sums fit the registers. */
#include <string.h>

#include "src/kernel/blocked.h"

#define PARTS (FL_BLOCK / LANES)

static inline vec all(float x) {
    return x - (vec){0};
}

static inline const vec *at(const float *p) {
    return (const vec *)__builtin_assume_aligned(p, sizeof(vec));
}

static inline void store(float *p, vec value) {
    *(vec *)__builtin_assume_aligned(p, sizeof(vec)) = value;
}

/* a b + c; `exact`: the product is exact, so that it may be fused. */
static inline vec add_product(vec a, vec b, vec c, int exact) {
    return exact ? vec_fma(a, b, c) : a * b + c;
}

static inline void apply_tile(const float *w, size_t cols, const float *x, size_t batch, float *out,
                              size_t stride, int exact) {
    vec sum[TILE];
    for (int b = 0; b < TILE; b++)
        sum[b] = all(0);
    for (size_t j = 0; j < cols; j++) {
        vec line = *at(w + FL_BLOCK * j);
#pragma GCC unroll 16
        for (int b = 0; b < TILE; b++)
            sum[b] = add_product(line, all(x[j * batch + b]), sum[b], exact);
    }
    for (int b = 0; b < TILE; b++)
        store(out + b * stride, *at(out + b * stride) + sum[b]);
}

static inline void apply_tiles(const float *w, size_t cols, const float *x, size_t batch,
                               float *out, size_t stride, int exact) {
    for (size_t b = 0; b < batch; b += TILE)
        for (size_t part = 0; part < PARTS; part++)
            apply_tile(w + part * LANES, cols, x + b, batch, out + b * stride + part * LANES,
                       stride, exact);
}

static void apply(const float *w, size_t cols, const float *x, size_t batch, float *out,
                  size_t stride) {
    apply_tiles(w, cols, x, batch, out, stride, 1);
}

static void apply_real(const float *w, size_t cols, const float *x, size_t batch, float *out,
                       size_t stride) {
    apply_tiles(w, cols, x, batch, out, stride, 0);
}

/* GROUP vectors of rows at a time, so that the additions of one do not wait for those of another.
 */
enum { GROUP = 4 };

static inline void columns_group(const float *w, size_t cols, size_t first, int group,
                                 const uint32_t *columns, const float *coef, size_t count,
                                 float *field) {
    const float *from[GROUP] = {NULL};
    float *to = field + first * LANES;
    vec sum[GROUP] = {all(0)};
    for (int g = 0; g < group; g++) {
        size_t v = first + (size_t)g;
        from[g] = w + v / PARTS * cols * FL_BLOCK + v % PARTS * LANES;
        sum[g] = *at(to + g * LANES);
    }
    for (size_t e = 0; e < count; e++) {
        vec factor = all(coef[e]);
        size_t line = FL_BLOCK * (size_t)columns[e];
#pragma GCC unroll 4
        for (int g = 0; g < group; g++)
            sum[g] = vec_fma(*at(from[g] + line), factor, sum[g]);
    }
    for (int g = 0; g < group; g++)
        store(to + g * LANES, sum[g]);
}

static void columns_add(const float *w, size_t blocks, size_t cols, const uint32_t *columns,
                        const float *coef, size_t count, float *field) {
    size_t vectors = blocks * PARTS, v = 0;
    for (; v + GROUP <= vectors; v += GROUP)
        columns_group(w, cols, v, GROUP, columns, coef, count, field);
    for (; v < vectors; v++)
        columns_group(w, cols, v, 1, columns, coef, count, field);
}

enum { STEP = 8 };

static inline void update_step(float *w, const float *x, size_t batch, const uint32_t *which,
                               const float *c, size_t count, int step, int exact) {
    vec sum[STEP];
    for (int j = 0; j < step; j++)
        sum[j] = *at(w + FL_BLOCK * j);
    for (size_t e = 0; e < count; e++) {
        vec line = *at(c + FL_BLOCK * e);
        const float *from = x + which[e];
#pragma GCC unroll 8
        for (int j = 0; j < step; j++)
            sum[j] = add_product(line, all(from[(size_t)j * batch]), sum[j], exact);
    }
    for (int j = 0; j < step; j++)
        store(w + FL_BLOCK * j, sum[j]);
}

static inline void update_all(float *w, size_t cols, const float *x, size_t batch,
                              const uint32_t *which, const float *c, size_t count, int exact) {
    for (size_t part = 0; part < PARTS; part++) {
        float *rows = w + part * LANES;
        const float *lines = c + part * LANES;
        size_t j = 0;
        for (; j + STEP <= cols; j += STEP)
            update_step(rows + FL_BLOCK * j, x + j * batch, batch, which, lines, count, STEP,
                        exact);
        for (; j < cols; j++)
            update_step(rows + FL_BLOCK * j, x + j * batch, batch, which, lines, count, 1, exact);
    }
}

/* The usual batch as a constant: its offsets need no registers. */
static inline void update_sized(float *w, size_t cols, const float *x, size_t batch,
                                const uint32_t *which, const float *c, size_t count, int exact) {
    if (batch == 16)
        update_all(w, cols, x, 16, which, c, count, exact);
    else
        update_all(w, cols, x, batch, which, c, count, exact);
}

static void update(float *w, size_t cols, const float *x, size_t batch, const uint32_t *which,
                   const float *c, size_t count) {
    update_sized(w, cols, x, batch, which, c, count, 1);
}

static void update_real(float *w, size_t cols, const float *x, size_t batch, const uint32_t *which,
                        const float *c, size_t count) {
    update_sized(w, cols, x, batch, which, c, count, 0);
}

static inline uint32_t above(const float *p, vec shift, const float *feedback, size_t part,
                             uint32_t *below) {
    vec v = *at(p) + shift;
    if (feedback)
        v += *at(feedback);
    *below = vec_below(v) << part * LANES;
    return vec_above(v) << part * LANES;
}

static size_t decide(const float *field, const float *feedback, float jd, const uint16_t *allowed,
                     size_t blocks, float *h, uint32_t *columns, float *coef, size_t *wanting) {
    size_t changes = 0, wants = 0;
    for (size_t k = 0; k < blocks; k++) {
        uint32_t up = 0, change = 0;
        for (size_t part = 0; part < PARTS; part++) {
            size_t i = FL_BLOCK * k + part * LANES;
            vec now = *at(h + i);
            uint32_t low,
                high = above(field + i, all(jd) * now, feedback ? feedback + i : NULL, part, &low);
            up |= high;
            change |= (high & ~(vec_above(now) << part * LANES)) |
                      (low & ~(vec_below(now) << part * LANES));
        }
        wants += (size_t)__builtin_popcount(change);
        if (allowed)
            change &= allowed[k];
        for (; change; change &= change - 1) {
            uint32_t r = (uint32_t)__builtin_ctz(change);
            float *spin = h + FL_BLOCK * k + r, new = up >> r & 1 ? 1 : -1;
            columns[changes] = (uint32_t)(FL_BLOCK * k) + r;
            coef[changes++] = new - *spin;
            *spin = new;
        }
    }
    *wanting += wants;
    return changes;
}

/* Lanes of `yes` where the mask is set, of `no` elsewhere. */
static inline vec choose(ivec mask, vec yes, vec no) {
    return (vec)((mask & (ivec)yes) | (~mask & (ivec)no));
}

static size_t wake(const float *field, const float *feedback, float jd, size_t blocks, float *h) {
    size_t changes = 0;
    for (size_t i = 0; i < FL_BLOCK * blocks; i += LANES) {
        vec now = *at(h + i), v = *at(field + i) + all(jd) * now;
        if (feedback)
            v += *at(feedback + i);
        vec new = choose(v > all(0), all(1), choose(v < all(0), all(-1), now));
        changes += (size_t)__builtin_popcount(vec_above((new - now) * (new - now)));
        store(h + i, new);
    }
    return changes;
}
