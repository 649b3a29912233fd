/* The body of the kernels of messages.h: vectors of eight floats, which the compiler takes apart
 * where registers are smaller. */
#ifndef FIXLAND_MESSAGES_BODY_H
#define FIXLAND_MESSAGES_BODY_H

#include <math.h>
#include <string.h>

#include "src/kernel/messages.h"
#include "src/kernel/normal_lanes.h"

typedef float eight __attribute__((vector_size(32), may_alias));

/* Eight floats in memory, 32-byte aligned. Macros and pointers: where registers are smaller,
 * vectors cannot be handed over. */
#define LOAD(from) (*(const eight *)(from))
#define STORE(to, x) (*(eight *)(to) = (x))

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
        gather(&(fl_amp_matrix){e->next + i * stride, stride, stride}, e->gathered - i, e->m, e->v,
               e->dot + i, e->v ? e->var + i : NULL);
    if (i < e->scattered)
        scatter(&(fl_amp_matrix){e->last + i * stride, stride, stride}, e->scattered - i, e->g + i,
                e->v ? e->gp + i : NULL, e->B, e->D);
}

/* Elements that go through the stages of `factors` together. A stage is short, so that a processor
 * works on several elements at a time. */
enum { STAGE = 64 };

/* omega, 1/sqrt V and the arguments of Phi: x at the first STAGE, y at the second. */
typedef struct factor_stage {
    _Alignas(64) float scale[STAGE], x[2 * STAGE], mills[2 * STAGE], density[2 * STAGE],
        body[2 * STAGE], ratio[2 * STAGE];
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

LANE void factor_normals(factor_stage *t, size_t first, size_t count, int brief) {
#pragma omp simd
    for (size_t k = first; k < first + count; k++)
        t->mills[k] = lanef_mills_of(t->x[k], brief);
#pragma omp simd
    for (size_t k = first; k < first + count; k++)
        t->density[k] = lanef_density_of(t->x[k], brief);
#pragma omp simd
    for (size_t k = first; k < first + count; k++) {
        t->body[k] = lanef_body_from(t->x[k], t->mills[k], t->density[k]);
        t->ratio[k] = lanef_above_from(t->x[k], t->density[k]) / t->body[k];
    }
}

/* ln Phi(x) - ln Phi(y); brief: by one logarithm. */
LANE float factor_odds(float x, float body_x, float y, float body_y, int brief) {
    if (brief)
        return lanef_log(body_x / body_y, 1) - (lanef_offset_of(x) - lanef_offset_of(y));
    return (lanef_log(body_x, 0) - lanef_offset_of(x)) -
           (lanef_log(body_y, 0) - lanef_offset_of(y));
}

/* g and g' of a neuron, and u; or of a row without own variable. In short loops, whose turns overlap. */
LANE void factor_own(const fl_amp_factors *f, size_t at, size_t count, factor_stage *t, int brief) {
    const float *restrict H = f->H + at;
    float *restrict g = f->g + at, *restrict gp = f->gp + at, *restrict u = f->u + at;
    float *restrict odds = t->density, *restrict turn = t->mills; /* done with */
#pragma omp simd
    for (size_t k = 0; k < count; k++)
        u[k] = 0.5f * factor_odds(t->x[k], t->body[k], t->x[STAGE + k], t->body[STAGE + k], brief);
#pragma omp simd
    for (size_t k = 0; k < count; k++) {
        odds[k] = lanef_exp(-2 * lanef_clip(H[k] + u[k], 40), brief);
        turn[k] = 1 / (1 + odds[k]);
    }
#pragma omp simd
    for (size_t k = 0; k < count; k++) {
        float x = t->x[k], y = t->x[STAGE + k], scale = t->scale[k];
        float p = turn[k], pa = p * t->ratio[k], qb = odds[k] * p * t->ratio[STAGE + k];
        float to = (pa - qb) * scale;
        g[k] = to;
        gp[k] = -(x * pa + y * qb) * scale * scale - to * to;
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

LANE void factor_all(const fl_amp_factors *f, size_t count, int brief) {
    factor_stage t;
    for (size_t at = 0; at < count; at += STAGE) {
        size_t some = count - at < STAGE ? count - at : STAGE;
        factor_arguments(f, at, some, &t);
        factor_normals(&t, 0, some, brief);
        if (!f->own) {
            factor_plain(f, at, some, &t);
            continue;
        }
        factor_normals(&t, STAGE, some, brief);
        factor_own(f, at, some, &t, brief);
    }
}

static void factor(const fl_amp_factors *f, size_t count) {
    if (f->brief)
        factor_all(f, count, 1);
    else
        factor_all(f, count, 0);
}

LANE float lanef_atanh(float t) {
    return 0.5f * lanef_log((1 + t) / (1 - t), 0);
}

LANE void update_columns(const fl_amp_columns *c, size_t count, int damped, int brief) {
    const float *restrict B = c->B, *restrict D = c->D, *restrict e = c->e, *restrict u = c->u;
    float *restrict m = c->m, *restrict v = c->v, *restrict H = c->H, *restrict h = c->h;
    float keep = c->damping, take = 1 - keep;
#pragma omp simd
    for (size_t k = 0; k < count; k++) {
        float own = lanef_clip(B[k] - m[k] * D[k] + e[k], 40);
        float all = lanef_clip(own + u[k], 40), t = lanef_tanh(all, brief);
        if (damped) {
            float s = take * lanef_tanh(own, brief) + keep * lanef_tanh(H[k], brief);
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
        update_columns(c, count, 1, 0);
    else if (c->brief)
        update_columns(c, count, 0, 1);
    else
        update_columns(c, count, 0, 0);
}

static void focus(const float *restrict h, float *restrict e, size_t count, const float *restrict g,
                  float y) {
    const float most = 1 - 1e-7f;
    for (size_t k = 0; k < count; k++) {
        float t = lanef_tanh(g[k % 16], 0);
        float inner = lanef_atanh(lanef_clip(t * lanef_tanh(h[k] - e[k], 0), most));
        e[k] = lanef_atanh(lanef_clip(t * lanef_tanh((y - 1) * inner, 0), most));
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
    { gather, scatter, exchange, factor, column, focus, answer, send }

#endif
