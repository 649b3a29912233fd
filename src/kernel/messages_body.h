/* The body of the kernels of messages.h: vectors of eight floats, which the compiler takes apart
 * where registers are smaller; for many runs of AMP_WIDTH. */
#ifndef FIXLAND_MESSAGES_BODY_H
#define FIXLAND_MESSAGES_BODY_H

#include <math.h>
#include <string.h>

#include "src/kernel/messages.h"
#include "src/kernel/normal_lanes.h"

#ifndef AMP_WIDTH
#define AMP_WIDTH 8
#endif

typedef float eight __attribute__((vector_size(32), may_alias));
typedef float runs __attribute__((vector_size(4 * AMP_WIDTH), may_alias));

/* Columns, and sums of rows, of many runs that stay in the first cache. */
enum { TILE = 128, CHUNK = 16, SPLIT = AMP_LANES / AMP_WIDTH };

/* Eight floats in memory, 32-byte aligned. Macros and pointers: where registers are smaller,
 * vectors cannot be handed over. */
#define LOAD(from) (*(const eight *)(from))
#define STORE(to, x) (*(eight *)(to) = (x))
#define LOAD_RUNS(from) (*(const runs *)(from))
#define STORE_RUNS(to, x) (*(runs *)(to) = (x))

LANE float sum_of_eight(const float *s) {
    return ((s[0] + s[4]) + (s[2] + s[6])) + ((s[1] + s[5]) + (s[3] + s[7]));
}

/* `count` rows, at most four, from J on. */
LANE void gather_rows(const float *J, size_t stride, int count, const float *m, const float *v,
                      float *dot, float *var) {
    eight x[4] = {{0}}, y[4] = {{0}};
    for (size_t j = 0; j < stride; j += 8) {
        eight mj = LOAD(m + j), vj = v ? LOAD(v + j) : (eight){0};
        for (int r = 0; r < count; r++) {
            eight a = LOAD(J + (size_t)r * stride + j);
            x[r] += a * mj;
            if (v)
                y[r] += a * a * vj;
        }
    }
    for (int r = 0; r < count; r++) {
        dot[r] = sum_of_eight((const float *)&x[r]);
        if (v)
            var[r] = sum_of_eight((const float *)&y[r]);
    }
}

static void gather(const fl_amp_matrix *a, size_t rows, const float *m, const float *v, float *dot,
                   float *var) {
    size_t i = 0;
    for (; i + 4 <= rows && v; i += 4)
        gather_rows(a->J + i * a->stride, a->stride, 4, m, v, dot + i, var + i);
    for (; i + 4 <= rows; i += 4)
        gather_rows(a->J + i * a->stride, a->stride, 4, m, NULL, dot + i, NULL);
    for (; i < rows; i++)
        gather_rows(a->J + i * a->stride, a->stride, 1, m, v, dot + i, v ? var + i : NULL);
}

LANE void scatter_rows(const float *J, size_t stride, int count, const float *g, const float *gp,
                       float *B, float *D) {
    for (size_t j = 0; j < stride; j += 8) {
        eight x = LOAD(B + j), y = gp ? LOAD(D + j) : (eight){0};
        for (int r = 0; r < count; r++) {
            eight a = LOAD(J + (size_t)r * stride + j);
            x += a * g[r];
            if (gp)
                y += a * a * gp[r];
        }
        STORE(B + j, x);
        if (gp)
            STORE(D + j, y);
    }
}

static void scatter(const fl_amp_matrix *a, size_t rows, const float *g, const float *gp, float *B,
                    float *D) {
    size_t i = 0;
    for (; i + 4 <= rows && gp; i += 4)
        scatter_rows(a->J + i * a->stride, a->stride, 4, g + i, gp + i, B, D);
    for (; i + 4 <= rows; i += 4)
        scatter_rows(a->J + i * a->stride, a->stride, 4, g + i, NULL, B, NULL);
    for (; i < rows; i++)
        scatter_rows(a->J + i * a->stride, a->stride, 1, g + i, gp ? gp + i : NULL, B, D);
}

/* `count` rows (at most four) from J on are gathered while as many from K on are scattered: memory is waited for once. */
LANE void exchange_rows(const float *J, const float *K, size_t stride, int count, const float *m,
                        const float *v, float *dot, float *var, const float *g, const float *gp,
                        float *B, float *D) {
    eight x[4] = {{0}}, y[4] = {{0}};
    for (size_t j = 0; j < stride; j += 8) {
        eight mj = LOAD(m + j), vj = v ? LOAD(v + j) : (eight){0};
        eight p = LOAD(B + j), q = v ? LOAD(D + j) : (eight){0};
        for (int r = 0; r < count; r++) {
            eight a = LOAD(J + (size_t)r * stride + j);
            x[r] += a * mj;
            if (v)
                y[r] += a * a * vj;
        }
        for (int r = 0; r < count; r++) {
            eight a = LOAD(K + (size_t)r * stride + j);
            p += a * g[r];
            if (v)
                q += a * a * gp[r];
        }
        STORE(B + j, p);
        if (v)
            STORE(D + j, q);
    }
    for (int r = 0; r < count; r++) {
        dot[r] = sum_of_eight((const float *)&x[r]);
        if (v)
            var[r] = sum_of_eight((const float *)&y[r]);
    }
}

static void exchange(const fl_amp_exchange *e) {
    size_t stride = e->stride, both = e->gathered < e->scattered ? e->gathered : e->scattered,
           i = 0;
    for (; i + 4 <= both && e->v; i += 4)
        exchange_rows(e->next + i * stride, e->last + i * stride, stride, 4, e->m, e->v, e->dot + i,
                      e->var + i, e->g + i, e->gp + i, e->B, e->D);
    for (; i + 4 <= both; i += 4)
        exchange_rows(e->next + i * stride, e->last + i * stride, stride, 4, e->m, NULL, e->dot + i,
                      NULL, e->g + i, NULL, e->B, NULL);
    if (i < e->gathered)
        gather(&(fl_amp_matrix){e->next + i * stride, stride, stride, 0}, e->gathered - i, e->m,
               e->v, e->dot + i, e->v ? e->var + i : NULL);
    if (i < e->scattered)
        scatter(&(fl_amp_matrix){e->last + i * stride, stride, stride, 0}, e->scattered - i,
                e->g + i, e->v ? e->gp + i : NULL, e->B, e->D);
}

/* Asks for the lines of `count` rows that will be wanted after these, `ahead` floats on; 0: none.
 * The processor waits for nothing, and leaves alone what is no memory. */
LANE void fetch(const float *J, size_t stride, int count, size_t width, size_t ahead) {
    if (ahead)
        for (int r = 0; r < count; r++)
            for (size_t j = 0; j < width; j += 16)
                __builtin_prefetch((const char *)(J + (size_t)r * stride + j) + 4 * ahead, 0, 2);
}

/* Squares of `width` entries of `count` rows, and of what is beyond, up to the next multiple of eight. */
LANE void squares(const float *J, size_t stride, int count, size_t width, float (*sq)[TILE]) {
    for (int r = 0; r < count; r++)
        for (size_t j = 0; j < width; j += 8) {
            eight a = LOAD(J + (size_t)r * stride + j);
            STORE(sq[r] + j, a * a);
        }
}

/* Sums of one row and many runs over the columns j with j mod 8 = k: [k][run]. */
typedef float eight_sums[8][AMP_LANES];

/* One tile of columns, `count` rows (at most four): adds to the sums of each row. Products and
 * squares go one after the other, each with as many sums as there are registers. */
LANE void gather_tile_of(const float *J, size_t stride, int count, size_t width, const float *m,
                         eight_sums *sums) {
    for (size_t part = 0; part < 8; part++) {
        runs x[4][SPLIT], mj[SPLIT];
#pragma GCC unroll 4
        for (int r = 0; r < count; r++)
#pragma GCC unroll 2
            for (int k = 0; k < SPLIT; k++)
                x[r][k] = LOAD_RUNS(sums[r][part] + AMP_WIDTH * k);
        for (size_t j = part; j < width; j += 8) {
#pragma GCC unroll 2
            for (int k = 0; k < SPLIT; k++)
                mj[k] = LOAD_RUNS(m + j * AMP_LANES + AMP_WIDTH * k);
#pragma GCC unroll 4
            for (int r = 0; r < count; r++)
#pragma GCC unroll 2
                for (int k = 0; k < SPLIT; k++)
                    x[r][k] += J[(size_t)r * stride + j] * mj[k];
        }
#pragma GCC unroll 4
        for (int r = 0; r < count; r++)
#pragma GCC unroll 2
            for (int k = 0; k < SPLIT; k++)
                STORE_RUNS(sums[r][part] + AMP_WIDTH * k, x[r][k]);
    }
}

/* One tile of columns, `rows` rows from J on, of J or of its squares. */
LANE void gather_tile(const float *J, size_t stride, size_t rows, size_t width, const float *m,
                      int square, eight_sums *sums) {
    size_t i = 0;
    _Alignas(32) float sq[4][TILE];
    for (; i + 4 <= rows; i += 4) {
        if (square)
            squares(J + i * stride, stride, 4, width, sq);
        gather_tile_of(square ? sq[0] : J + i * stride, square ? TILE : stride, 4, width, m,
                       sums + i);
    }
    for (; i < rows; i++) {
        if (square)
            squares(J + i * stride, stride, 1, width, sq);
        gather_tile_of(square ? sq[0] : J + i * stride, TILE, 1, width, m, sums + i);
    }
}

/* As sum_of_eight. */
#define PART(p) LOAD_RUNS(sums[i][p] + AMP_WIDTH * k)
LANE void eight_sums_end(const eight_sums *sums, size_t rows, float *out) {
    for (size_t i = 0; i < rows; i++)
        for (int k = 0; k < SPLIT; k++) {
            runs even = (PART(0) + PART(4)) + (PART(2) + PART(6));
            runs odd = (PART(1) + PART(5)) + (PART(3) + PART(7));
            STORE_RUNS(out + i * AMP_LANES + AMP_WIDTH * k, even + odd);
        }
}
#undef PART

LANE void gather_chunk(const fl_amp_matrix *a, const float *J, size_t rows, const float *m,
                       int square, float *out) {
    _Alignas(64) eight_sums sums[CHUNK];
    memset(sums, 0, rows * sizeof *sums);
    for (size_t j = 0; j < a->stride; j += TILE)
        gather_tile(J + j, a->stride, rows, a->stride - j < TILE ? a->stride - j : TILE,
                    m + j * AMP_LANES, square, sums);
    eight_sums_end(sums, rows, out);
}

static void gather_many(const fl_amp_matrix *a, size_t rows, const float *m, const float *v,
                        float *dot, float *var) {
    for (size_t i = 0; i < rows; i += CHUNK) {
        size_t some = rows - i < CHUNK ? rows - i : CHUNK;
        const float *J = a->J + i * a->stride;
        gather_chunk(a, J, some, m, 0, dot + i * AMP_LANES);
        if (v)
            gather_chunk(a, J, some, v, 1, var + i * AMP_LANES);
    }
}

/* `count` rows, at most four, into one tile of columns. */
LANE void scatter_tile_of(const float *J, size_t stride, int count, size_t width, const float *g,
                          float *B) {
    runs gr[4][SPLIT], x[SPLIT];
    for (int r = 0; r < count; r++)
        for (int k = 0; k < SPLIT; k++)
            gr[r][k] = LOAD_RUNS(g + r * AMP_LANES + AMP_WIDTH * k);
    for (size_t j = 0; j < width; j++) {
        for (int k = 0; k < SPLIT; k++)
            x[k] = LOAD_RUNS(B + j * AMP_LANES + AMP_WIDTH * k);
        for (int r = 0; r < count; r++)
            for (int k = 0; k < SPLIT; k++)
                x[k] += J[(size_t)r * stride + j] * gr[r][k];
        for (int k = 0; k < SPLIT; k++)
            STORE_RUNS(B + j * AMP_LANES + AMP_WIDTH * k, x[k]);
    }
}

LANE void scatter_tile(const float *J, size_t stride, int count, size_t width, const float *g,
                       const float *gp, float *B, float *D, size_t ahead) {
    _Alignas(32) float sq[4][TILE];
    fetch(J, stride, count, width, ahead);
    scatter_tile_of(J, stride, count, width, g, B);
    if (!gp)
        return;
    squares(J, stride, count, width, sq);
    scatter_tile_of(sq[0], TILE, count, width, gp, D);
}

static void scatter_many(const fl_amp_matrix *a, size_t rows, const float *g, const float *gp,
                         float *B, float *D) {
    for (size_t j = 0; j < a->columns; j += TILE) {
        size_t width = a->columns - j < TILE ? a->columns - j : TILE, i = 0;
        float *Bj = B + j * AMP_LANES, *Dj = D ? D + j * AMP_LANES : NULL;
        for (; i + 4 <= rows; i += 4)
            scatter_tile(a->J + i * a->stride + j, a->stride, 4, width, g + i * AMP_LANES,
                         gp ? gp + i * AMP_LANES : NULL, Bj, Dj, a->ahead);
        for (; i < rows; i++)
            scatter_tile(a->J + i * a->stride + j, a->stride, 1, width, g + i * AMP_LANES,
                         gp ? gp + i * AMP_LANES : NULL, Bj, Dj, a->ahead);
    }
}

/* Elements that go through the stages of `factors` together. A stage is short, so that a processor
 * works on several elements at a time. */
enum { STAGE = 64 };

/* omega, 1/sqrt V and the arguments of Phi: x at the first STAGE, y at the second. */
typedef struct factor_stage {
    _Alignas(64) float scale[STAGE], x[2 * STAGE], mills[2 * STAGE], density[2 * STAGE],
        log_cdf[2 * STAGE], ratio[2 * STAGE];
} factor_stage;

LANE void factor_arguments(const fl_amp_factors *f, size_t at, size_t count, factor_stage *t) {
    const float *restrict dot = f->dot + at, *restrict var = f->var + at, *restrict g = f->g + at,
                          *restrict threshold = f->threshold + at;
    float *restrict c = f->c + at, *restrict omega = f->omega + at, *restrict V = f->V + at;
    float keep = f->damping, take = 1 - keep, least = f->floor;
#pragma omp simd
    for (size_t k = 0; k < count; k++) {
        float variance = var[k] > least ? var[k] : least;
        float onsager = take * (variance * g[k]) + keep * c[k], w = dot[k] - onsager;
        float scale = 1 / sqrtf(variance);
        c[k] = onsager;
        omega[k] = w;
        V[k] = variance;
        t->scale[k] = scale;
        t->x[k] = (threshold[k] + w) * scale;
        t->x[STAGE + k] = (threshold[k] - w) * scale;
    }
}

LANE void factor_normals(factor_stage *t, size_t first, size_t count) {
#pragma omp simd
    for (size_t k = first; k < first + count; k++)
        t->mills[k] = lanef_mills_of(t->x[k]);
#pragma omp simd
    for (size_t k = first; k < first + count; k++)
        t->density[k] = lanef_density_of(t->x[k]);
#pragma omp simd
    for (size_t k = first; k < first + count; k++) {
        lanef_normal o = lanef_normal_from(t->x[k], t->mills[k], t->density[k]);
        t->log_cdf[k] = o.log_cdf;
        t->ratio[k] = o.ratio;
    }
}

/* g and g' of a neuron, and u; or of a row without own variable. */
LANE void factor_own(const fl_amp_factors *f, size_t at, size_t count, const factor_stage *t) {
    const float *restrict H = f->H + at;
    float *restrict g = f->g + at, *restrict gp = f->gp + at, *restrict u = f->u + at;
#pragma omp simd
    for (size_t k = 0; k < count; k++) {
        float x = t->x[k], y = t->x[STAGE + k], scale = t->scale[k];
        float half = 0.5f * (t->log_cdf[k] - t->log_cdf[STAGE + k]);
        float e = lanef_exp(-2 * lanef_clip(H[k] + half, 40)), p = 1 / (1 + e), q = e * p;
        float pa = p * t->ratio[k], qb = q * t->ratio[STAGE + k], to = (pa - qb) * scale;
        g[k] = to;
        gp[k] = -(x * pa + y * qb) * scale * scale - to * to;
        u[k] = half;
    }
}

LANE void factor_plain(const fl_amp_factors *f, size_t at, size_t count, const factor_stage *t) {
    float *restrict g = f->g + at, *restrict gp = f->gp + at;
#pragma omp simd
    for (size_t k = 0; k < count; k++) {
        float x = t->x[k], scale = t->scale[k], to = t->ratio[k] * scale;
        g[k] = to;
        gp[k] = -x * t->ratio[k] * scale * scale - to * to;
    }
}

static void factor(const fl_amp_factors *f, size_t count) {
    factor_stage t;
    for (size_t at = 0; at < count; at += STAGE) {
        size_t some = count - at < STAGE ? count - at : STAGE;
        factor_arguments(f, at, some, &t);
        factor_normals(&t, 0, some);
        if (!f->own) {
            factor_plain(f, at, some, &t);
            continue;
        }
        factor_normals(&t, STAGE, some);
        factor_own(f, at, some, &t);
    }
}

LANE float lanef_atanh(float t) {
    return 0.5f * lanef_log((1 + t) / (1 - t));
}

LANE void update_columns(const fl_amp_columns *c, size_t count, int damped) {
    const float *restrict B = c->B, *restrict D = c->D, *restrict e = c->e, *restrict u = c->u;
    float *restrict m = c->m, *restrict v = c->v, *restrict H = c->H, *restrict h = c->h;
    float keep = c->damping, take = 1 - keep;
#pragma omp simd
    for (size_t k = 0; k < count; k++) {
        float own = lanef_clip(B[k] - m[k] * D[k] + e[k], 40);
        float all = lanef_clip(own + u[k], 40), t = lanef_tanh(all);
        if (damped) {
            float s = take * lanef_tanh(own) + keep * lanef_tanh(H[k]);
            t = take * t + keep * m[k];
            own = lanef_atanh(lanef_clip(s, 1 - 1e-7f));
        }
        H[k] = own;
        h[k] = all;
        m[k] = t;
        v[k] = (1 - t) * (1 + t);
    }
}

static void column(const fl_amp_columns *c, size_t count) {
    if (c->damping > 0)
        update_columns(c, count, 1);
    else
        update_columns(c, count, 0);
}

static void focus(const float *restrict h, float *restrict e, size_t count, float g, float y) {
    float t = lanef_tanh(g), most = 1 - 1e-7f;
    for (size_t k = 0; k < count; k++) {
        float inner = lanef_atanh(lanef_clip(t * lanef_tanh(h[k] - e[k]), most));
        e[k] = lanef_atanh(lanef_clip(t * lanef_tanh((y - 1) * inner), most));
    }
}

/* ln(p e^a + q e^b), p + q = 1. */
LANE double lane_mix(double p, double a, double q, double b) {
    double top = a > b ? a : b;
    return top + lane_log(p * lane_exp(a - top) + q * lane_exp(b - top) + 1e-300);
}

static void answer(const fl_bp_row *r, size_t count) {
    const double *restrict J = r->J, *restrict m = r->m;
    double *restrict u = r->u;
    double p = 0.5 * (1 + r->own), q = 0.5 * (1 - r->own);
    for (size_t j = 0; j < count; j++) {
        double left = r->V - J[j] * J[j] * (1 - m[j] * m[j]), w = r->w - J[j] * m[j];
        double scale = 1 / sqrt(left > r->floor ? left : r->floor);
        double up = w + J[j], down = w - J[j];
        double plus = lane_mix(p, lane_normal_of((r->threshold + up) * scale).log_cdf, q,
                               lane_normal_of((r->threshold - up) * scale).log_cdf);
        double minus = lane_mix(p, lane_normal_of((r->threshold + down) * scale).log_cdf, q,
                                lane_normal_of((r->threshold - down) * scale).log_cdf);
        u[j] = 0.5 * (plus - minus);
    }
}

static void send(const double *restrict h, const double *restrict u, double *restrict m,
                 size_t count, double damping) {
    double take = 1 - damping;
    for (size_t j = 0; j < count; j++)
        m[j] = take * lane_tanh(h[j] - u[j]) + damping * m[j];
}

#define AMP_KERNEL                                                                                 \
    { gather, gather_many, scatter, scatter_many, exchange, factor, column, focus, answer, send }

#endif
