/* Kernels of message passing and of penalties: every variant to the bit, and against plain sums. */
#include "tests/support/support.h"

#include <math.h>

#include "fixland/gaussian.h"
#include "src/kernel/messages.h"
#include "src/kernel/penalty.h"

enum { ROWS = 37, COLUMNS = 301, STRIDE = 304 };

static float *floats(size_t count) {
    float *x = aligned_alloc(64, (count * sizeof *x + 63) / 64 * 64);
    assert_non_null(x);
    memset(x, 0, count * sizeof *x);
    return x;
}

static float *drawn(fl_rng *rng, size_t count, double scale) {
    float *x = floats(count);
    for (size_t k = 0; k < count; k++)
        x[k] = (float)(scale * fl_rng_gauss(rng));
    return x;
}

static float *copied(const float *x, size_t count) {
    float *y = floats(count);
    memcpy(y, x, count * sizeof *y);
    return y;
}

/* A matrix with zeros beyond its columns. */
static float *matrix(fl_rng *rng) {
    float *J = drawn(rng, (size_t)ROWS * STRIDE, 1 / sqrt(COLUMNS));
    for (size_t i = 0; i < ROWS; i++)
        memset(J + i * STRIDE + COLUMNS, 0, (STRIDE - COLUMNS) * sizeof *J);
    return J;
}

typedef struct products {
    float *m, *v, *dot, *var, *B, *D;
} products;

/* Both products of one kernel. */
static products multiply(const fl_amp_kernel *k, const fl_amp_matrix *a, size_t rows,
                         bool squares) {
    fl_rng rng = test_stream("vectors");
    products p = {.m = drawn(&rng, STRIDE, 1),
                  .v = drawn(&rng, STRIDE, 1),
                  .dot = floats(ROWS),
                  .var = floats(ROWS),
                  .B = drawn(&rng, STRIDE, 1),
                  .D = drawn(&rng, STRIDE, 1)};
    k->gather(a, rows, p.m, squares ? p.v : NULL, p.dot, p.var);
    k->scatter(a, rows, p.dot, squares ? p.var : NULL, p.B, p.D);
    return p;
}

static void release(products *p) {
    free(p->m);
    free(p->v);
    free(p->dot);
    free(p->var);
    free(p->B);
    free(p->D);
}

/* The products, as sums in double. */
static void assert_products(const products *p, const products *start, const fl_amp_matrix *a,
                            size_t rows) {
    for (size_t i = 0; i < rows; i++) {
        double dot = 0, var = 0;
        for (size_t j = 0; j < COLUMNS; j++) {
            double x = a->J[i * STRIDE + j];
            dot += x * p->m[j];
            var += x * x * p->v[j];
        }
        assert_true(fabs(p->dot[i] - dot) < 1e-5);
        assert_true(fabs(p->var[i] - var) < 1e-5);
    }
    for (size_t j = 0; j < COLUMNS; j++) {
        double B = start->B[j], D = start->D[j];
        for (size_t i = 0; i < rows; i++) {
            double x = a->J[i * STRIDE + j];
            B += x * p->dot[i];
            D += x * x * p->var[i];
        }
        assert_true(fabs(p->B[j] - B) < 1e-5);
        assert_true(fabs(p->D[j] - D) < 1e-5);
    }
}

/* What another kernel computes is the same to the bit. */
static void assert_same_products(const products *p, const fl_amp_kernel *kernel,
                                 const fl_amp_matrix *a, size_t rows) {
    products q = multiply(kernel, a, rows, true);
    assert_memory_equal(p->dot, q.dot, rows * sizeof(float));
    assert_memory_equal(p->var, q.var, rows * sizeof(float));
    assert_memory_equal(p->B, q.B, COLUMNS * sizeof(float));
    assert_memory_equal(p->D, q.D, COLUMNS * sizeof(float));
    release(&q);
}

static void sums(void **state) {
    (void)state;
    fl_rng rng = test_stream("matrix");
    float *J = matrix(&rng);
    fl_amp_matrix a = {.J = J, .stride = STRIDE, .columns = COLUMNS};
    for (size_t rows = ROWS - 4; rows <= ROWS; rows++) {
        products start = multiply(&fl_amp_scalar, &a, 0, true);
        products p = multiply(&fl_amp_scalar, &a, rows, true);
        assert_products(&p, &start, &a, rows);
        assert_same_products(&p, fl_amp_choose(), &a, rows);
        products r = multiply(fl_amp_choose(), &a, rows, false); /* without squares */
        assert_memory_equal(p.dot, r.dot, rows * sizeof(float));
        assert_memory_equal(p.B, r.B, COLUMNS * sizeof(float));
        assert_memory_equal(start.D, r.D, COLUMNS * sizeof(float));
        release(&start);
        release(&p);
        release(&r);
    }
    free(J);
}

/* Rows `next` on gathered while rows 0 on are scattered: what gather and scatter give, to the bit. */
static void assert_exchange(const fl_amp_kernel *k, const fl_amp_matrix *a, size_t gathered,
                            size_t scattered, bool squares) {
    enum { NEXT = ROWS - 20 };
    fl_rng rng = test_stream("exchange");
    float *m = drawn(&rng, STRIDE, 1), *v = drawn(&rng, STRIDE, 1), *g = drawn(&rng, ROWS, 1),
          *gp = drawn(&rng, ROWS, 1), *B = drawn(&rng, STRIDE, 1), *D = drawn(&rng, STRIDE, 1),
          *dot = floats(ROWS), *var = floats(ROWS);
    float *sums[4] = {copied(dot, ROWS), copied(var, ROWS), copied(B, STRIDE), copied(D, STRIDE)};
    const fl_amp_matrix from = {a->J + (size_t)NEXT * STRIDE, a->stride, a->columns};
    fl_amp_scalar.gather(&from, gathered, m, squares ? v : NULL, sums[0], sums[1]);
    fl_amp_scalar.scatter(a, scattered, g, squares ? gp : NULL, sums[2], sums[3]);
    k->exchange(&(fl_amp_exchange){from.J, a->J, a->stride, gathered, scattered, m,
                                   squares ? v : NULL, g, gp, dot, var, B, D});
    assert_memory_equal(dot, sums[0], ROWS * sizeof(float));
    assert_memory_equal(var, sums[1], ROWS * sizeof(float));
    assert_memory_equal(B, sums[2], STRIDE * sizeof(float));
    assert_memory_equal(D, sums[3], STRIDE * sizeof(float));
    float *all[] = {m, v, g, gp, B, D, dot, var, sums[0], sums[1], sums[2], sums[3]};
    for (size_t i = 0; i < sizeof all / sizeof *all; i++)
        free(all[i]);
}

static void exchanged(void **state) {
    (void)state;
    static const size_t counts[] = {0, 1, 4, 7, 16, 18};
    const fl_amp_kernel *const kernels[] = {&fl_amp_scalar, fl_amp_choose()};
    fl_rng rng = test_stream("matrix");
    float *J = matrix(&rng);
    fl_amp_matrix a = {.J = J, .stride = STRIDE, .columns = COLUMNS};
    for (size_t k = 0; k < 2; k++)
        for (size_t i = 0; i < 6; i++)
            for (size_t j = 0; j < 12; j++)
                assert_exchange(kernels[k], &a, counts[i], counts[j / 2], j % 2);
    free(J);
}

/* The factor's g, g', u from the definition, in double. */
static void assert_factor(double omega, double V, double H, double threshold, double wide,
                          const float *out) {
    double x = (threshold + omega) / sqrt(V), y = (threshold - omega) / sqrt(V);
    double a = fl_log_normal_cdf(x), b = fl_log_normal_cdf(y), u = 0.5 * (a - b);
    double p = 1 / (1 + exp(-2 * (H + u)));
    double Ra = exp(-0.5 * x * x - a) / sqrt(2 * M_PI), Rb = exp(-0.5 * y * y - b) / sqrt(2 * M_PI);
    double g = (p * Ra - (1 - p) * Rb) / sqrt(V);
    double slope = -(p * x * Ra + (1 - p) * y * Rb) / V - g * g;
    assert_true(fabs(out[0] - g) < 2e-5 * wide * (1 + fabs(g)));
    assert_true(fabs(out[1] - slope) < 1e-3 * wide * (1 + fabs(slope) + g * g));
    assert_true(fabs(out[2] - u) < 1e-5 * wide * (1 + fabs(u)));
}

typedef struct factor_run {
    float *g, *gp, *u, *c, *omega, *V;
} factor_run;

static factor_run run_factor(const fl_amp_kernel *k, size_t count, double damping, int own,
                             int brief) {
    fl_rng rng = test_stream("factor");
    float *dot = drawn(&rng, count, 1), *var = drawn(&rng, count, 0.5), *H = drawn(&rng, count, 3),
          *threshold = drawn(&rng, count, 0.5);
    factor_run r = {drawn(&rng, count, 1), floats(count), floats(count),
                    drawn(&rng, count, 1), floats(count), floats(count)};
    fl_amp_factors f = {dot, var,     H,   threshold,      r.g,   r.gp, r.u,
                        r.c, r.omega, r.V, (float)damping, 3e-3f, own,  brief};
    k->factor(&f, count);
    for (size_t i = 0; own && i < count; i++) {
        const float out[3] = {r.g[i], r.gp[i], r.u[i]};
        assert_true(fabs(r.omega[i] - (dot[i] - (double)r.c[i])) < 1e-5);
        assert_true(r.V[i] == (var[i] > 3e-3f ? var[i] : 3e-3f));
        assert_factor(r.omega[i], r.V[i], H[i], threshold[i], brief ? 10 : 1, out);
    }
    free(dot);
    free(var);
    free(H);
    free(threshold);
    return r;
}

static void factor_free(factor_run *r) {
    free(r->g);
    free(r->gp);
    free(r->u);
    free(r->c);
    free(r->omega);
    free(r->V);
}

static void factors(void **state) {
    (void)state;
    for (int form = 0; form < 4; form++)
        for (size_t count = 1; count < 400; count = 2 * count + 3) {
            int own = form % 2, brief = form / 2;
            factor_run a = run_factor(&fl_amp_scalar, count, own ? 0 : 0.3, own, brief);
            factor_run b = run_factor(fl_amp_choose(), count, own ? 0 : 0.3, own, brief);
            assert_memory_equal(a.g, b.g, count * sizeof(float));
            assert_memory_equal(a.gp, b.gp, count * sizeof(float));
            assert_memory_equal(a.u, b.u, count * sizeof(float));
            assert_memory_equal(a.c, b.c, count * sizeof(float));
            factor_free(&a);
            factor_free(&b);
        }
}

typedef struct column_run {
    float *m, *v, *H, *h, *e;
} column_run;

static column_run run_column(const fl_amp_kernel *k, size_t count, double damping, int brief) {
    fl_rng rng = test_stream("column");
    float *B = drawn(&rng, count, 2), *D = drawn(&rng, count, 1), *u = drawn(&rng, count, 1);
    column_run r = {drawn(&rng, count, 0.3), floats(count), drawn(&rng, count, 2), floats(count),
                    drawn(&rng, count, 0.5)};
    float *m = copied(r.m, count), *H = copied(r.H, count);
    fl_amp_columns c = {B, D, r.e, u, r.m, r.v, r.H, r.h, (float)damping, brief};
    double wide = brief ? 10 : 1;
    k->column(&c, count);
    for (size_t j = 0; j < count; j++) {
        double own = (double)B[j] - (double)m[j] * D[j] + r.e[j], all = own + u[j];
        double t = (1 - damping) * tanh(all) + damping * m[j];
        double s = (1 - damping) * tanh(own) + damping * tanh(H[j]);
        assert_true(fabs(r.m[j] - t) < 2e-6 * wide && fabs(r.v[j] - (1 - t * t)) < 4e-6 * wide);
        assert_true(fabs(tanh(r.H[j]) - s) < 2e-6 && fabs(r.h[j] - all) < 1e-5);
    }
    free(B);
    free(D);
    free(u);
    free(m);
    free(H);
    return r;
}

static void columns(void **state) {
    (void)state;
    for (int form = 0; form < 3; form++) /* plain, damped, brief */
        for (size_t count = 1; count < 400; count = 2 * count + 3) {
            double damping = form == 1 ? 0.4 : 0;
            column_run a = run_column(&fl_amp_scalar, count, damping, form == 2);
            column_run b = run_column(fl_amp_choose(), count, damping, form == 2);
            float g[16];
            for (size_t k = 0; k < 16; k++)
                g[k] = 0.3f + 0.05f * (float)k;
            fl_amp_scalar.focus(a.h, a.e, count, g, 7);
            for (size_t j = 0; j < count; j++) {
                double t = tanh((double)g[j % 16]), inner = t * tanh((double)a.h[j] - b.e[j]);
                double e = atanh(t * tanh(6 * atanh(inner)));
                assert_true(fabs(a.e[j] - e) < 1e-5);
            }
            fl_amp_choose()->focus(b.h, b.e, count, g, 7);
            assert_memory_equal(a.m, b.m, count * sizeof(float));
            assert_memory_equal(a.v, b.v, count * sizeof(float));
            assert_memory_equal(a.H, b.H, count * sizeof(float));
            assert_memory_equal(a.h, b.h, count * sizeof(float));
            assert_memory_equal(a.e, b.e, count * sizeof(float));
            float *all[] = {a.m, a.v, a.H, a.h, a.e, b.m, b.v, b.H, b.h, b.e};
            for (size_t k = 0; k < 10; k++)
                free(all[k]);
        }
}

/* u_{i->j} from the four terms of its definition, and the messages that follow. */
static void belief(void **state) {
    (void)state;
    enum { COUNT = 53 };
    fl_rng rng = test_stream("belief");
    double J[COUNT], m[COUNT], u[COUNT], v[COUNT], h[COUNT], sent[COUNT], again[COUNT];
    double w = 0, V = 0, threshold = 0.3, own = 0.4;
    for (size_t j = 0; j < COUNT; j++) {
        J[j] = fl_rng_gauss(&rng) / sqrt(COUNT);
        m[j] = tanh(fl_rng_gauss(&rng));
        h[j] = fl_rng_gauss(&rng);
        w += J[j] * m[j];
        V += J[j] * J[j] * (1 - m[j] * m[j]);
    }
    fl_bp_row row = {J, m, u, w, V, threshold, own, 3e-3};
    fl_amp_scalar.answer(&row, COUNT);
    for (size_t j = 0; j < COUNT; j++) {
        double z[2], left = w - J[j] * m[j], scale = 1 / sqrt(V - J[j] * J[j] * (1 - m[j] * m[j]));
        for (int s = 0; s < 2; s++) {
            double f = left + (s ? J[j] : -J[j]);
            z[s] = 0.5 * (1 + own) * fl_normal_cdf((threshold + f) * scale) +
                   0.5 * (1 - own) * fl_normal_cdf((threshold - f) * scale);
        }
        assert_true(fabs(u[j] - 0.5 * log(z[1] / z[0])) < 1e-13);
    }
    row.u = v;
    fl_amp_choose()->answer(&row, COUNT);
    assert_memory_equal(u, v, sizeof u);
    memcpy(sent, m, sizeof m);
    memcpy(again, m, sizeof m);
    fl_amp_scalar.send(h, u, sent, COUNT, 0.25);
    fl_amp_choose()->send(h, u, again, COUNT, 0.25);
    assert_memory_equal(sent, again, sizeof sent);
    for (size_t j = 0; j < COUNT; j++)
        assert_true(fabs(sent[j] - (0.75 * tanh(h[j] - u[j]) + 0.25 * m[j])) < 1e-15);
}

static void penalties(void **state) {
    (void)state;
    fl_rng rng = test_stream("penalty");
    for (size_t n = 1; n < 300; n = 2 * n + 5) {
        size_t count = (n + 31) / 32 * 32;
        float *A = drawn(&rng, count, 1), *s = drawn(&rng, count, 1), *c = drawn(&rng, count, 1);
        double expected = 0;
        for (size_t i = 0; i < count; i++) {
            s[i] = i >= n ? 0 : s[i] < 0 ? -1 : 1;
            if (i >= n)
                A[i] = 1e30f, c[i] = 0;
            double x = A[i] - 2.0 * s[i] * c[i];
            expected += x < 0 ? 0.3 - 1.5 * x : 0;
        }
        float a = fl_penalty_scalar.after(A, s, c, count, 2, 0.3f, 1.5f);
        float b = fl_penalty_choose()->after(A, s, c, count, 2, 0.3f, 1.5f);
        assert_true(fabs(a - expected) < 1e-5 * (1 + expected));
        assert_memory_equal(&a, &b, sizeof a);
        float *moved = copied(A, count), *same = copied(A, count);
        fl_penalty_scalar.apply(moved, s, c, count, 2);
        fl_penalty_choose()->apply(same, s, c, count, 2);
        assert_memory_equal(moved, same, count * sizeof *moved);
        assert_true(fl_penalty_scalar.after(moved, s, c, count, 0, 0.3f, 1.5f) == a);
        free(A);
        free(s);
        free(c);
        free(moved);
        free(same);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(sums),    cmocka_unit_test(exchanged), cmocka_unit_test(factors),
        cmocka_unit_test(columns), cmocka_unit_test(belief),    cmocka_unit_test(penalties),
    };
    return cmocka_run_group_tests_name("message_kernels", tests, NULL, NULL);
}
