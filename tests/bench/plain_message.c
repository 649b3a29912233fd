/* Reinforced message passing as one would write it first: see plain.h. */
#include "tests/bench/plain.h"

#include <cblas.h>
#include <math.h>

typedef struct state {
    float *m, *h, *H, *e, *c, *g, *u, *dot, *B, *sign;
} state;

static state state_in(float *room, size_t n) {
    return (state){.m = room,
                   .h = room + n,
                   .H = room + 2 * n,
                   .e = room + 3 * n,
                   .c = room + 4 * n,
                   .g = room + 5 * n,
                   .u = room + 6 * n,
                   .dot = room + 7 * n,
                   .B = room + 8 * n,
                   .sign = room + 9 * n};
}

static void multiply(const float *J, size_t n, CBLAS_TRANSPOSE how, const float *x, float *y) {
    int size = (int)n;
    cblas_sgemv(CblasRowMajor, how, size, size, 1, J, size, x, 1, 0, y, 1);
}

/* What the rows answer; the mean of g'. */
static float answer(const state *s, size_t n, float jd, float variance) {
    float scale = 1 / sqrtf(variance), mean = 0;
    for (size_t i = 0; i < n; i++) {
        float w = s->dot[i] - s->c[i], x = (jd + w) * scale, y = (jd - w) * scale;
        float up = 0.5f * erfcf(-x * 0.70710678f) + 1e-30f;
        float down = 0.5f * erfcf(-y * 0.70710678f) + 1e-30f;
        float a = 0.39894228f * expf(-0.5f * x * x) / up;
        float b = 0.39894228f * expf(-0.5f * y * y) / down;
        s->u[i] = 0.5f * logf(up / down);
        float plus = 1 / (1 + expf(-2 * (s->H[i] + s->u[i]))), minus = 1 - plus;
        s->g[i] = (plus * a - minus * b) * scale;
        mean -= (plus * x * a + minus * y * b) / variance + s->g[i] * s->g[i];
    }
    return mean / (float)n;
}

/* One iteration; mean m^2. */
static float iterate(const state *s, const float *J, size_t n, float jd, float q, float rho) {
    float variance = 1 - q > 3e-3f ? 1 - q : 3e-3f, square = 0;
    multiply(J, n, CblasNoTrans, s->m, s->dot);
    for (size_t i = 0; i < n; i++)
        s->c[i] = variance * s->g[i];
    float gp = answer(s, n, jd, variance);
    multiply(J, n, CblasTrans, s->g, s->B);
    for (size_t j = 0; j < n; j++) {
        s->H[j] = s->B[j] - s->m[j] * gp + s->e[j];
        s->h[j] = fminf(fmaxf(s->H[j] + s->u[j], -40), 40);
        s->m[j] = tanhf(s->h[j]);
        s->e[j] = rho * s->h[j];
        square += s->m[j] * s->m[j];
    }
    return square / (float)n;
}

static int solved(const state *s, const float *J, size_t n, float jd) {
    for (size_t j = 0; j < n; j++)
        s->sign[j] = s->h[j] >= 0 ? 1 : -1;
    multiply(J, n, CblasNoTrans, s->sign, s->dot);
    for (size_t i = 0; i < n; i++)
        if (s->sign[i] * s->dot[i] + jd < 0)
            return 0;
    return 1;
}

size_t plain_message_floats(size_t n) {
    return 10 * n;
}

int plain_message(plain_rng *rng, size_t n, const float *J, float jd, float rate, float *room) {
    state s = state_in(room, n);
    int most = (int)(0.5f / rate);
    float q = 0;
    for (size_t k = 0; k < plain_message_floats(n); k++)
        room[k] = 0;
    for (size_t j = 0; j < n; j++)
        s.m[j] = 0.02f * (2 * (float)plain_uniform(rng) - 1);
    for (int t = 0; t < most; t++) {
        q = iterate(&s, J, n, jd, q, 0.1f + rate * (float)t);
        if (t % 4 == 0 && q > 0.5f && solved(&s, J, n, jd))
            return 1;
    }
    return 0;
}
