/* The term of two modules coupled by lambda, per neuron of both, with overlap q in each:
 *   1/2 ln Int Dz1 Dz2 Du1 Du2 [sum over s1, s2 of e^(s1 a1 + s2 a2)
 *       Phi((J + lambda s1 s2 + s1 y1)/s) Phi((J + lambda s1 s2 + s2 y2)/s)]^m - m qh/2,
 * a = sqrt(qh) u, y = sqrt(q) z, s = sqrt(1-q) (theory/README.md, Eq. 23). In a2 the bracket is
 * P e^a2 + Q e^-a2, so the integral over u2 is the function of b = ln(P/Q)/2 tabulated by
 * cosh_table.c, and a sum over (z1, z2, u1) is left. Turning all signs round halves it. Gradient
 * only: thresholds need no more. Moments are taken in module 2, which by symmetry is enough. */
#include "theory/replica.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { REACH_LIMIT = 1 << 12 };

/* At one z: ln Phi and the Mills ratio for the four (sign of the bond, sign of the spin); index
 * BOND if s1 s2 = +1, plus UP if the spin is +. */
enum { BOND = 2, UP = 1 };

typedef struct field {
    double log_weight, log_phi[4], mills[4];
} field;

typedef struct sums {
    double top, weight, l, t2, r2, j;
} sums;

/* Everything that stays the same over the triple sum. */
typedef struct plan {
    const fl_site *at;
    fl_cosh_grid grid;
    fl_cosh_table table;
    double ceiling; /* bounds the logarithm of every integral over u1 and u2 */
    field *fields;  /* 2 reach + 1 */
    long reach;
} plan;

static field field_at(const fl_z_rule *rule, long k, const fl_tuples_model *model, double q) {
    field f;
    double y = sqrt(q) * fl_z_node(rule, k, &f.log_weight), s = sqrt(1 - q);
    for (int i = 0; i < 4; i++) {
        double bond = i & BOND ? model->fixed : -model->fixed, spin = i & UP ? y : -y;
        f.log_phi[i] = fl_log_phi((model->control + bond + spin) / s, &f.mills[i]);
    }
    return f;
}

/* ln(e^x + e^y), and the share of the first. */
static double log_sum(double x, double y, double *share) {
    double e = exp(-fabs(x - y)), larger = 1 / (1 + e);
    *share = x > y ? larger : 1 - larger;
    return fmax(x, y) + log1p(e);
}

/* Adds `part`, in units of e^part.top; single cells have weight 1. */
static void add_part(sums *s, const sums *part) {
    if (part->top > s->top) {
        double shrink = exp(s->top - part->top);
        s->weight *= shrink, s->l *= shrink, s->t2 *= shrink, s->r2 *= shrink, s->j *= shrink;
        s->top = part->top;
    }
    double w = exp(part->top - s->top);
    s->weight += w * part->weight, s->l += w * part->l, s->t2 += w * part->t2;
    s->r2 += w * part->r2, s->j += w * part->j;
}

/* The sum over u1 at given z1 and z2; log_weight: theirs. */
static void add_line(const plan *p, const field *one, const field *two, double log_weight,
                     sums *s) {
    const double *w1 = one->log_phi, *w2 = two->log_phi, m = p->at->m;
    double both_up = w1[BOND + UP] + w2[BOND + UP], both_down = w1[BOND] + w2[BOND];
    double only_two = w1[0] + w2[UP], only_one = w1[UP] + w2[0];
    for (size_t i = 0; i < p->grid.count; i++) {
        double a = p->grid.x[i], up_share, down_share;
        double up = log_sum(a + both_up, only_two - a, &up_share);
        double down = log_sum(a + only_one, both_down - a, &down_share);
        double c = fmax(up, down) + M_LN2;
        fl_cosh_short u = fl_cosh_lookup(&p->table, 0.5 * (up - down));
        double exponent = log_weight + p->grid.log_weight[i] + m * c + u.log_norm;
        if (exponent < s->top - FL_LOG_NEGLIGIBLE)
            continue;
        double rise = two->mills[BOND + UP] * up_share + two->mills[UP] * (1 - up_share);
        double fall = two->mills[0] * down_share + two->mills[BOND] * (1 - down_share);
        double r0 = 0.5 * (rise - fall), r1 = 0.5 * (rise + fall);
        double r2 = r0 * r0 + 2 * r0 * r1 * u.t + r1 * r1 * u.t2;
        add_part(s, &(sums){exponent, 1, c + u.l, u.t2, r2, r1 + r0 * u.t});
    }
}

/* Sums of sums: rounding errors do not pile up over millions of cells. */
static sums add_up(const plan *p) {
    sums all = {.top = -INFINITY};
    const field *middle = p->fields + p->reach;
    for (long i = 0; i <= p->reach; i++) {
        sums plane = {.top = -INFINITY};
        for (long k = -p->reach; k <= p->reach; k++) {
            double log_weight = middle[i].log_weight + middle[k].log_weight + (i ? M_LN2 : 0);
            if (log_weight + p->ceiling < fmax(all.top, plane.top) - FL_LOG_NEGLIGIBLE)
                continue;
            sums line = {.top = plane.top};
            add_line(p, &middle[i], &middle[k], log_weight, &line);
            add_part(&plane, &line);
        }
        add_part(&all, &plane);
    }
    return all;
}

/* A bound from below for the logarithm of the whole: the node z1 = z2 = 0 alone, and of its bracket
 * the largest of four terms, whose integral over u1 and u2 is elementary. */
static double floor_of(const plan *p, const field *centre) {
    double m = p->at->m, bond = fmax(centre->log_phi[BOND], centre->log_phi[0]);
    return 2 * centre->log_weight + 2 * m * bond + m * m * p->at->qh;
}

/* Fields out to where whatever lies beyond is negligible. */
static fl_status tabulate_fields(plan *p, const fl_tuples_model *model) {
    fl_z_rule rule = fl_z_rule_for(p->at->q, fabs(model->control) + model->fixed, p->at->level);
    field centre = field_at(&rule, 0, model, p->at->q);
    fl_cosh u;
    fl_cosh_moments(&p->grid, 0, &u);
    p->ceiling = 2 * (u.log_norm + p->at->m * M_LN2); /* no Phi exceeds 1 */
    double least = floor_of(p, &centre) - FL_LOG_NEGLIGIBLE, log_weight, top = -INFINITY;
    for (p->reach = 0; p->reach < REACH_LIMIT; p->reach++) {
        fl_z_node(&rule, p->reach, &log_weight);
        top = fmax(top, log_weight);
        if (log_weight + top + p->ceiling < least)
            break;
    }
    p->fields = malloc((size_t)(2 * p->reach + 1) * sizeof *p->fields);
    if (!p->fields)
        return fl_fail(FL_ENOMEM, "no memory for %ld fields", 2 * p->reach + 1);
    for (long k = -p->reach; k <= p->reach; k++)
        p->fields[k + p->reach] = field_at(&rule, k, model, p->at->q);
    return FL_OK;
}

static void deliver_jet(const sums *s, const fl_site *at, fl_jet *jet) {
    double m = at->m, pairs = 0.5 * m * (m - 1), width = sqrt(1 - at->q);
    memset(jet, 0, sizeof *jet);
    jet->value = 0.5 * (s->top + log(s->weight) - m * at->qh);
    jet->size = 1 + fabs(s->top) + m * at->qh + m * fabs(s->l / s->weight);
    jet->t2 = s->t2 / s->weight;
    jet->r2 = s->r2 / s->weight / (width * width);
    jet->d[FL_AT_M] = 0.5 * (s->l / s->weight - at->qh);
    jet->d[FL_AT_Q] = pairs * jet->r2;
    jet->d[FL_AT_QH] = pairs * jet->t2;
    jet->d[FL_AT_X] = m * s->j / s->weight / width;
}

fl_status fl_term_modules(const fl_tuples_model *model, const fl_site *at, fl_jet *jet) {
    plan p = {.at = at};
    FL_CHECK(fl_cosh_grid_init(&p.grid, at->m, at->qh, at->level));
    fl_status status = fl_cosh_table_init(&p.table, &p.grid, at->qh);
    if (status == FL_OK)
        status = tabulate_fields(&p, model);
    if (status == FL_OK) {
        sums s = add_up(&p);
        deliver_jet(&s, at, jet);
    }
    free(p.fields);
    fl_cosh_table_clear(&p.table);
    fl_cosh_grid_clear(&p.grid);
    return status;
}
