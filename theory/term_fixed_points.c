/* The term of fixed points: ln Int Dz Du [sum_s e^(s sqrt(qh) u) Phi((J + s sqrt(q)
 * z)/sqrt(1-q))]^m
 * - m qh/2, with gradient and Hessian in (m, q, qh, J).
 *
 * With x = sqrt(qh) u + b(z) the bracket is e^(c-|b|) cosh(x), so for each z only moments of
 * tanh(x) and ln cosh(x) are needed, and every derivative is a polynomial in t = tanh(x) whose
 * coefficients depend on z alone (theory/README.md, Eqs. 7 to 11). No derivative is taken
 * numerically. The integrand is even in (z, u): half of the z do. */
#include "theory/replica.h"

#include <math.h>
#include <string.h>

#include "theory/fields.h"

/* What is averaged over z and u. The names are products: L = ln of the bracket, t, r and j its
 * derivatives by sqrt(qh) u, sqrt(q) z and J. */
enum mean {
    L,
    LL,
    T2,
    T4,
    R2,
    R4,
    J,
    JJ,
    JL,
    T2L,
    R2L,
    R2T2,
    T2J,
    R2J,
    QQ,
    QT,
    QJ,
    TJ,
    JJ2,
    MEANS
};

/* A node for z: its weight, and the coefficients there. */
typedef struct node {
    double log_weight;
    fl_field field;
} node;

static node node_at(const fl_z_rule *rule, long k, double jd, double q) {
    node at;
    double z = fl_z_node(rule, k, &at.log_weight);
    at.field = fl_field_neuron(jd, sqrt(q) * z, sqrt(1 - q));
    return at;
}

/* Polynomials in t of degree up to 4. */
typedef struct poly {
    double a[5];
} poly;

static poly product(poly p, poly q) {
    poly r = {{0}};
    for (int i = 0; i < 5; i++)
        for (int j = 0; i + j < 5; j++)
            r.a[i + j] += p.a[i] * q.a[j];
    return r;
}

static poly sum(poly p, double factor, poly q) {
    for (int i = 0; i < 5; i++)
        p.a[i] += factor * q.a[i];
    return p;
}

static double mean_of(poly p, const double t[5]) {
    double mean = 0;
    for (int i = 0; i < 5; i++)
        mean += p.a[i] * t[i];
    return mean;
}

/* <p L>, for p of degree up to 2. */
static double mean_with_log(poly p, const fl_field *f, const fl_cosh *u) {
    double mean = 0;
    for (int i = 0; i < 3; i++)
        mean += p.a[i] * (f->c * u->t[i] + u->l[i]);
    return mean;
}

/* The averages over u at one z. */
static void conditional(const fl_field *f, const fl_cosh *u, double m, double mean[MEANS]) {
    poly t = {{0, 1}}, sech2 = {{1, 0, -1}}, r = {{f->j1, f->j0}}, j = {{f->j0, f->j1}};
    poly t2 = product(t, t), r2 = product(r, r), j2 = product(j, j), rt = product(r, t);
    poly bend = {{-f->k0, -f->k1}}, cross = {{-f->k1, -f->k0}};
    poly r_y = sum(bend, -1, r2), r_j = sum(cross, -1, product(r, j));
    poly r_x = product(sech2, (poly){{f->j0}});
    const double *moment = u->t;
    mean[L] = f->c + u->l[0];
    mean[LL] = f->c * f->c + 2 * f->c * u->l[0] + u->l2;
    mean[T2] = moment[2], mean[T4] = moment[4];
    mean[R2] = mean_of(r2, moment), mean[R4] = mean_of(product(r2, r2), moment);
    mean[J] = mean_of(j, moment), mean[JJ] = mean_of(j2, moment);
    mean[JL] = mean_with_log(j, f, u);
    mean[T2L] = mean_with_log(t2, f, u), mean[R2L] = mean_with_log(r2, f, u);
    mean[R2T2] = mean_of(product(r2, t2), moment);
    mean[T2J] = mean_of(product(t2, j), moment), mean[R2J] = mean_of(product(r2, j), moment);
    mean[QQ] = mean_of(sum(product(r_y, r_y), 2 * (m - 1), product(r2, r_y)), moment);
    mean[QT] = mean_of(sum(product(r_x, r_x), 2 * (m - 1), product(rt, r_x)), moment);
    mean[QJ] = mean_of(product(r, r_j), moment);
    mean[TJ] = mean_of(product(product(t, sech2), (poly){{f->j1}}), moment);
    mean[JJ2] = mean_of(sum(bend, -1, j2), moment);
}

/* Derivatives from averages, Eqs. 8 and 11. */
static void assemble(const double a[MEANS], double m, fl_jet *jet) {
    double pairs = 0.5 * m * (m - 1), slope = m - 0.5, *d = jet->d, (*h)[FL_AT_COUNT] = jet->h;
    jet->t2 = a[T2], jet->r2 = a[R2];
    d[FL_AT_M] = a[L], d[FL_AT_Q] = pairs * a[R2], d[FL_AT_QH] = pairs * a[T2],
    d[FL_AT_X] = m * a[J];
    jet->t2_qh =
        1 - 2 * a[T2] + a[T4] + 2 * (m - 1) * (a[T2] - a[T4]) + pairs * (a[T4] - a[T2] * a[T2]);
    h[FL_AT_M][FL_AT_M] = a[LL] - a[L] * a[L];
    h[FL_AT_M][FL_AT_Q] = slope * a[R2] + pairs * (a[R2L] - a[R2] * a[L]);
    h[FL_AT_M][FL_AT_QH] = slope * a[T2] + pairs * (a[T2L] - a[T2] * a[L]);
    h[FL_AT_M][FL_AT_X] = a[J] + m * (a[JL] - a[J] * a[L]);
    h[FL_AT_Q][FL_AT_Q] = pairs * (a[QQ] + pairs * (a[R4] - a[R2] * a[R2]));
    h[FL_AT_Q][FL_AT_QH] = pairs * (a[QT] + pairs * (a[R2T2] - a[R2] * a[T2]));
    h[FL_AT_Q][FL_AT_X] = pairs * (2 * a[QJ] + m * (a[R2J] - a[R2] * a[J]));
    h[FL_AT_QH][FL_AT_QH] = pairs * jet->t2_qh;
    h[FL_AT_QH][FL_AT_X] = pairs * (2 * a[TJ] + m * (a[T2J] - a[T2] * a[J]));
    h[FL_AT_X][FL_AT_X] = m * a[JJ2] + m * m * (a[JJ] - a[J] * a[J]);
    for (int i = 0; i < FL_AT_COUNT; i++)
        for (int j = 0; j < i; j++)
            h[i][j] = h[j][i];
}

/* Running sums relative to e^top. */
typedef struct sums {
    double top, weight, mean[MEANS];
} sums;

static void add_node(sums *s, double log_weight, const double mean[MEANS]) {
    if (log_weight > s->top) {
        double shrink = exp(s->top - log_weight);
        s->weight *= shrink;
        for (int i = 0; i < MEANS; i++)
            s->mean[i] *= shrink;
        s->top = log_weight;
    }
    double w = exp(log_weight - s->top);
    s->weight += w;
    for (int i = 0; i < MEANS; i++)
        s->mean[i] += w * mean[i];
}

/* All neurons with the self-coupling jd. */
static fl_status equal_neurons(double jd, const fl_site *at, fl_jet *jet) {
    fl_cosh_grid grid;
    FL_CHECK(fl_cosh_grid_init(&grid, at->m, at->qh, at->level));
    fl_z_rule rule = fl_z_rule_for(at->q, jd, at->level);
    sums s = {.top = -INFINITY};
    double ceiling = INFINITY;
    for (long k = 0; k < FL_Z_LIMIT; k++) {
        node z = node_at(&rule, k, jd, at->q);
        fl_cosh u;
        /* No bracket exceeds 2 cosh(sqrt(qh) u), whose integral bounds all that is left out. */
        if (k == 0) {
            fl_cosh_moments(&grid, 0, &u);
            ceiling = u.log_norm + at->m * M_LN2;
        } else if (z.log_weight + ceiling < s.top - FL_LOG_NEGLIGIBLE) {
            break;
        }
        fl_cosh_moments(&grid, z.field.b, &u);
        double mean[MEANS];
        conditional(&z.field, &u, at->m, mean);
        add_node(&s, z.log_weight + at->m * z.field.c + u.log_norm + (k ? M_LN2 : 0), mean);
    }
    fl_cosh_grid_clear(&grid);
    for (int i = 0; i < MEANS; i++)
        s.mean[i] /= s.weight;
    memset(jet, 0, sizeof *jet);
    jet->value = s.top + log(s.weight) - 0.5 * at->m * at->qh;
    jet->size = 1 + fabs(s.top) + 0.5 * at->m * at->qh + at->m * fabs(s.mean[L]);
    assemble(s.mean, at->m, jet);
    jet->d[FL_AT_M] -= 0.5 * at->qh;
    return FL_OK;
}

/* Adds `share` of a jet whose self-coupling is `relative` times the control parameter. */
static void add_share(fl_jet *jet, const fl_jet *part, double share, double relative) {
    jet->value += share * part->value;
    jet->size += part->size;
    jet->t2 += share * part->t2;
    jet->r2 += share * part->r2;
    jet->t2_qh += share * part->t2_qh;
    for (int i = 0; i < FL_AT_COUNT; i++) {
        double slope = share * (i == FL_AT_X ? relative : 1);
        jet->d[i] += slope * part->d[i];
        for (int j = 0; j < FL_AT_COUNT; j++)
            jet->h[i][j] += slope * (j == FL_AT_X ? relative : 1) * part->h[i][j];
    }
}

fl_status fl_term_fixed_points(const fl_tuples_model *model, const fl_site *at, fl_jet *jet) {
    const fl_self_couplings *self = model->self;
    if (!self || self->count == 0)
        return equal_neurons(model->control, at, jet);
    memset(jet, 0, sizeof *jet);
    for (size_t k = 0; k < self->count; k++) {
        fl_jet part;
        FL_CHECK(equal_neurons(self->relative[k] * model->control, at, &part));
        add_share(jet, &part, self->share[k], self->relative[k]);
    }
    return FL_OK;
}
