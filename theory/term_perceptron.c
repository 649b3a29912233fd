/* The terms of binary perceptrons with N weights and alpha N patterns: entropic and energetic parts
 * no longer share the sum over the spin,
 *   ln Int Du (2 cosh(sqrt(qh) u))^m - m qh/2  +  alpha ln Int Dz H(z)^m,
 * with H(z) = P(the field sqrt(q) z + sqrt(1-q) x fulfils the condition on a pattern | z).
 * The derivative by q needs r = dlnH/dy and dr/dy, y = sqrt(q) z (theory/README.md, Eq. 20). */
#include "theory/replica.h"

#include <math.h>
#include <string.h>

#include "theory/fields.h"

/* Weighted sums over z, relative to e^top. */
typedef struct sums {
    double top, weight, l, ll, r2, r4, r2l, bend;
} sums;

static void add_node(sums *s, double log_weight, const fl_constraint *c, double m) {
    double shrink = log_weight > s->top ? exp(s->top - log_weight) : 1;
    s->top = fmax(s->top, log_weight);
    double w = exp(log_weight - s->top), r2 = c->r * c->r;
    s->weight = s->weight * shrink + w;
    s->l = s->l * shrink + w * c->log_h;
    s->ll = s->ll * shrink + w * c->log_h * c->log_h;
    s->r2 = s->r2 * shrink + w * r2;
    s->r4 = s->r4 * shrink + w * r2 * r2;
    s->r2l = s->r2l * shrink + w * r2 * c->log_h;
    s->bend = s->bend * shrink + w * (c->r_y * c->r_y + 2 * (m - 1) * r2 * c->r_y);
}

/* One side of z = 0. H <= 1 bounds what is left out. */
static void add_side(sums *s, const fl_tuples_model *model, const fl_site *at, long sign) {
    fl_z_rule rule = fl_z_rule_for(at->q, model->fixed, at->level);
    double width = sqrt(1 - at->q), log_weight;
    rule.step /= fmax(1, 0.25 * sqrt(at->m)); /* H^m is narrower than H by that */
    for (long k = sign > 0 ? 0 : 1; k < FL_Z_LIMIT; k++) {
        double y = sqrt(at->q) * fl_z_node(&rule, sign * k, &log_weight);
        if (log_weight < s->top - FL_LOG_NEGLIGIBLE)
            break;
        fl_constraint c = fl_field_pattern(model, y, width);
        add_node(s, log_weight + at->m * c.log_h, &c, at->m);
    }
}

static void energetic(const fl_tuples_model *model, const fl_site *at, fl_jet *jet) {
    sums s = {.top = -INFINITY};
    add_side(&s, model, at, 1);
    add_side(&s, model, at, -1);
    double m = at->m, pairs = 0.5 * m * (m - 1), load = model->control, w = s.weight;
    double value = s.top + log(w), l = s.l / w, r2 = s.r2 / w;
    double mq = (m - 0.5) * r2 + pairs * (s.r2l / w - r2 * l);
    double qq = pairs * (s.bend / w + pairs * (s.r4 / w - r2 * r2));
    jet->value += load * value;
    jet->size += load * (fabs(value) + m * fabs(l));
    jet->r2 = load * r2;
    jet->d[FL_AT_M] += load * l;
    jet->d[FL_AT_Q] += load * pairs * r2;
    jet->d[FL_AT_X] += value;
    jet->h[FL_AT_M][FL_AT_M] += load * (s.ll / w - l * l);
    jet->h[FL_AT_M][FL_AT_Q] = jet->h[FL_AT_Q][FL_AT_M] = load * mq;
    jet->h[FL_AT_M][FL_AT_X] = jet->h[FL_AT_X][FL_AT_M] = l;
    jet->h[FL_AT_Q][FL_AT_Q] = load * qq;
    jet->h[FL_AT_Q][FL_AT_X] = jet->h[FL_AT_X][FL_AT_Q] = pairs * r2;
}

static fl_status entropic(const fl_site *at, fl_jet *jet) {
    fl_cosh_grid grid;
    FL_CHECK(fl_cosh_grid_init(&grid, at->m, at->qh, at->level));
    fl_cosh u;
    fl_cosh_moments(&grid, 0, &u);
    fl_cosh_grid_clear(&grid);
    double m = at->m, pairs = 0.5 * m * (m - 1), t2 = u.t[2], t4 = u.t[4];
    jet->value = u.log_norm + m * M_LN2 - 0.5 * m * at->qh;
    jet->size = 1 + fabs(u.log_norm) + m + 0.5 * m * at->qh;
    jet->t2 = t2;
    jet->t2_qh = 1 - 2 * t2 + t4 + 2 * (m - 1) * (t2 - t4) + pairs * (t4 - t2 * t2);
    jet->d[FL_AT_M] = u.l[0] + M_LN2 - 0.5 * at->qh;
    jet->d[FL_AT_QH] = pairs * t2;
    jet->h[FL_AT_M][FL_AT_M] = u.l2 - u.l[0] * u.l[0];
    jet->h[FL_AT_M][FL_AT_QH] = jet->h[FL_AT_QH][FL_AT_M] =
        (m - 0.5) * t2 + pairs * (u.l[2] - t2 * u.l[0]);
    jet->h[FL_AT_QH][FL_AT_QH] = pairs * jet->t2_qh;
    return FL_OK;
}

fl_status fl_term_perceptron(const fl_tuples_model *model, const fl_site *at, fl_jet *jet) {
    memset(jet, 0, sizeof *jet);
    FL_CHECK(entropic(at, jet));
    energetic(model, at, jet);
    return FL_OK;
}

fl_status fl_tuples_capacity(const fl_tuples_model *model, double *load) {
    if (model->kind != FL_TUPLES_PERCEPTRON && model->kind != FL_TUPLES_SYMMETRIC)
        return fl_fail(FL_EINVAL, "only perceptrons have a capacity");
    *load = -M_LN2 / fl_field_pattern(model, 0, 1).log_h;
    return FL_OK;
}
