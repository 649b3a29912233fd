/* F(m, q): the Legendre part, the extremum over the conjugate overlap, and the error.
 * theory/README.md, Eqs. 4 to 8. */
#include "fixland/tuples.h"

#include <float.h>
#include <math.h>

#include "theory/replica.h"

/* What an entropy must settle to between two levels. */
static const double settled = 1e-11;

static fl_term term_of(fl_tuples_kind kind) {
    switch (kind) {
    case FL_TUPLES_FIXED_POINTS:
        return fl_term_fixed_points;
    case FL_TUPLES_MODULES:
        return fl_term_modules;
    case FL_TUPLES_PERCEPTRON:
    case FL_TUPLES_SYMMETRIC:
        return fl_term_perceptron;
    }
    return NULL;
}

static fl_status check_range(const char *what, double value, double low, double high) {
    if (!(value >= low && value <= high))
        return fl_fail(FL_EINVAL, "%s = %.17g is not in [%g, %g]", what, value, low, high);
    return FL_OK;
}

fl_status fl_self_check(const fl_tuples_model *model) {
    const fl_self_couplings *self = model->self;
    double sum = 0;
    if (!self || self->count == 0)
        return FL_OK;
    if (model->kind != FL_TUPLES_FIXED_POINTS)
        return fl_fail(FL_EINVAL, "only neurons of one module can differ in their self-coupling");
    if (self->count > FL_SELF_MAX)
        return fl_fail(FL_EINVAL, "%zu different self-couplings; allowed: at most %d", self->count,
                       FL_SELF_MAX);
    for (size_t k = 0; k < self->count; k++) {
        FL_CHECK(check_range("share of the neurons", self->share[k], 0, 1));
        FL_CHECK(check_range("relative self-coupling", self->relative[k], 0, 1));
        sum += self->share[k];
    }
    return check_range("sum of the shares", sum, 1 - 1e-9, 1 + 1e-9);
}

static fl_status check_model(const fl_tuples_model *model) {
    FL_CHECK(fl_self_check(model));
    switch (model->kind) {
    case FL_TUPLES_FIXED_POINTS:
        return check_range("self-coupling", model->control, -1, 20);
    case FL_TUPLES_MODULES:
        FL_CHECK(check_range("coupling lambda", model->fixed, 0, 20));
        return check_range("self-coupling", model->control, -1, 20);
    case FL_TUPLES_PERCEPTRON:
        FL_CHECK(check_range("margin", model->fixed, -10, 10));
        return check_range("load", model->control, 0, 1000);
    case FL_TUPLES_SYMMETRIC:
        FL_CHECK(check_range("half-width", model->fixed, 1e-3, 10));
        return check_range("load", model->control, 0, 1000);
    }
    return fl_fail(FL_EINVAL, "there is no model number %d", (int)model->kind);
}

static fl_status check_point(const fl_tuples_model *model, double m, double q) {
    FL_CHECK(check_model(model));
    FL_CHECK(check_range("number of replicas m", m, 1, 1e6));
    return check_range("overlap q", q, 0, 1 - 1e-9);
}

fl_status fl_tuples_jet(const fl_tuples_model *model, const fl_site *at, fl_jet *jet) {
    FL_CHECK(check_point(model, at->m, at->q));
    FL_CHECK(check_range("conjugate overlap", at->qh, 0, 1e4));
    FL_CHECK(term_of(model->kind)(model, at, jet));
    double m = at->m, q = at->q, qh = at->qh, pairs = 0.5 * m * (m - 1), slope = m - 0.5;
    jet->value -= pairs * q * qh;
    jet->size += pairs * q * qh;
    jet->d[FL_AT_M] -= slope * q * qh;
    jet->d[FL_AT_Q] -= pairs * qh;
    jet->d[FL_AT_QH] -= pairs * q;
    jet->h[FL_AT_M][FL_AT_M] -= q * qh;
    jet->h[FL_AT_M][FL_AT_Q] = jet->h[FL_AT_Q][FL_AT_M] -= slope * qh;
    jet->h[FL_AT_M][FL_AT_QH] = jet->h[FL_AT_QH][FL_AT_M] -= slope * q;
    jet->h[FL_AT_Q][FL_AT_QH] = jet->h[FL_AT_QH][FL_AT_Q] -= pairs;
    if (!isfinite(jet->value))
        return fl_fail(FL_UNDECIDED, "the integrals overflow at m = %g, q = %g, qh = %g", m, q, qh);
    return FL_OK;
}

/* Newton's method for <t^2> = q in qh, kept inside a bracket that doubles upwards: <t^2> increases
 * from its value at qh = 0 to 1. */
fl_status fl_tuples_stationary(const fl_tuples_model *model, double m, double q, int level,
                               double *qh, fl_jet *jet) {
    fl_site at = {m, q, *qh > 0 ? *qh : q / m, level};
    double low = 0, high = INFINITY, before = 0, miss_before = NAN;
    for (int step = 0; step < 100; step++) {
        FL_CHECK(fl_tuples_jet(model, &at, jet));
        double miss = jet->t2 - q;
        /* A term without the derivative leaves 0: a secant, after one cautious step. */
        double slope = jet->t2_qh > 0 ? jet->t2_qh : (miss - miss_before) / (at.qh - before);
        double move = isfinite(slope) ? -miss / slope : (miss < 0 ? 0.1 : -0.1) * at.qh;
        before = at.qh, miss_before = miss;
        *qh = at.qh;
        if (fabs(miss) < 4 * DBL_EPSILON * q || fabs(move) < 1e-14 * at.qh)
            return FL_OK;
        *(miss < 0 ? &low : &high) = at.qh;
        double next = at.qh + move;
        if (!(next > low && next < high))
            next = isfinite(high) ? 0.5 * (low + high) : 2 * at.qh;
        if (isfinite(high) && high - low < 4 * DBL_EPSILON * high)
            return FL_OK;
        if (high < 1e-9 * q)
            return fl_fail(FL_EDOMAIN,
                           "at m = %g the overlap %g needs a negative conjugate overlap", m, q);
        at.qh = next;
    }
    return fl_fail(FL_UNDECIDED, "no stationary conjugate overlap found at m = %g, q = %g", m, q);
}

static void deliver(fl_tuples *tuples, const fl_site *at, const fl_jet *jet, double change) {
    *tuples = (fl_tuples){.m = at->m,
                          .q = at->q,
                          .qh = at->qh,
                          .value = jet->value,
                          .d_m = jet->d[FL_AT_M],
                          .d_q = jet->d[FL_AT_Q],
                          .d_qh = jet->d[FL_AT_QH],
                          .d_control = jet->d[FL_AT_X],
                          .complexity = jet->value - at->m * jet->d[FL_AT_M],
                          .error = change + 8 * DBL_EPSILON * jet->size};
}

/* Refines the grids at fixed (m, q, qh) until the value no longer moves. */
static fl_status refine(const fl_tuples_model *model, fl_site *at, fl_jet *jet, double *change) {
    for (; at->level < FL_LEVEL_MAX;) {
        double before = jet->value;
        at->level++;
        FL_CHECK(fl_tuples_jet(model, at, jet));
        *change = fabs(jet->value - before);
        if (*change < settled)
            return FL_OK;
    }
    return fl_fail(FL_UNDECIDED,
                   "the entropy at m = %g, q = %g still moves by %.2g on the finest grid", at->m,
                   at->q, *change);
}

fl_status fl_tuples_at(const fl_tuples_model *model, double m, double q, double qh,
                       fl_tuples *tuples) {
    fl_site at = {m, q, qh, 0};
    fl_jet jet;
    double change = INFINITY;
    FL_CHECK(fl_tuples_jet(model, &at, &jet));
    FL_CHECK(refine(model, &at, &jet, &change));
    deliver(tuples, &at, &jet, change);
    return FL_OK;
}

fl_status fl_tuples_entropy(const fl_tuples_model *model, double m, double q, fl_tuples *tuples) {
    FL_CHECK(check_point(model, m, q));
    fl_site at = {m, q, 0, 0};
    fl_jet jet;
    double change = INFINITY;
    if (q > 0)
        FL_CHECK(fl_tuples_stationary(model, m, q, 0, &at.qh, &jet));
    else
        FL_CHECK(fl_tuples_jet(model, &at, &jet));
    FL_CHECK(refine(model, &at, &jet, &change));
    if (q > 0 && at.level > 1) { /* the coarse grid was too coarse for the extremum as well */
        FL_CHECK(fl_tuples_stationary(model, m, q, at.level - 1, &at.qh, &jet));
        at.level--;
        FL_CHECK(refine(model, &at, &jet, &change));
    }
    /* How far the extremum is from where the grid before put it. */
    double residual = jet.d[FL_AT_QH], curvature = jet.h[FL_AT_QH][FL_AT_QH];
    if (q > 0 && curvature > 0)
        change += 0.5 * residual * residual / curvature;
    deliver(tuples, &at, &jet, change);
    return FL_OK;
}
