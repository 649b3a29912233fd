/* Where to start the solvers of phase.c: coarse scans over the distance and bisection in the
 * control parameter, which need no guess. A threshold is bracketed between "there is a gap" and
 * "there is none"; the solvers then converge from the coarse answer. */
#include "theory/phase_start.h"

#include <math.h>

#include "theory/replica.h"

enum { SCAN_POINTS = 32 };

/* Distances of the scan; the least F moves in quickly as m grows. */
static double scan_distance(int k, double m) {
    double nearest = 1e-4 * pow(fmin(1, 30 / m), 3);
    return nearest * pow(0.49 / nearest, (double)k / (SCAN_POINTS - 1));
}

/* The least F(m, q) over the scan, with its place in *t. */
static fl_status least_entropy(const fl_tuples_model *model, double m, fl_threshold *t,
                               double *least) {
    double qh = 0;
    *least = INFINITY;
    for (int k = 0; k < SCAN_POINTS; k++) {
        double distance = scan_distance(k, m), q = 1 - 2 * distance;
        fl_jet jet;
        FL_CHECK(fl_tuples_stationary(model, m, q, 0, &qh, &jet));
        if (jet.value < *least) {
            *least = jet.value;
            *t = (fl_threshold){
                .control = model->control, .m = m, .q = q, .qh = qh, .distance = distance};
        }
    }
    return FL_OK;
}

/* Control parameters without a gap (`open` solutions everywhere) and with one. */
static fl_status bracket(const fl_tuples_model *model, double *none, double *gap) {
    switch (model->kind) {
    case FL_TUPLES_FIXED_POINTS:
    case FL_TUPLES_MODULES:
        *none = 1, *gap = 0;
        return FL_OK;
    case FL_TUPLES_PERCEPTRON:
    case FL_TUPLES_SYMMETRIC:
        *none = 0;
        return fl_tuples_capacity(model, gap);
    }
    return fl_fail(FL_EINVAL, "there is no model number %d", (int)model->kind);
}

static fl_status scan_gap(const fl_tuples_model *model, double m, fl_threshold *t) {
    double none, gap, least;
    FL_CHECK(bracket(model, &none, &gap));
    fl_tuples_model trial = *model;
    fl_threshold place;
    trial.control = gap;
    FL_CHECK(least_entropy(&trial, m, t, &least));
    if (least >= 0)
        return fl_fail(FL_EDOMAIN, "there is no overlap gap for m = %g at any control parameter",
                       m);
    for (int step = 0; step < 20 && fabs(none - gap) > 4e-3 * fmin(none + gap, 1); step++) {
        trial.control = 0.5 * (none + gap);
        FL_CHECK(least_entropy(&trial, m, &place, &least));
        *(least < 0 ? &gap : &none) = trial.control;
        if (least < 0)
            *t = place;
    }
    return FL_OK;
}

/* F at the distance e^x, with its extremum over qh. */
static fl_status entropy_at(const fl_tuples_model *model, double m, double x, double *qh,
                            fl_jet *jet) {
    return fl_tuples_stationary(model, m, 1 - 2 * exp(x), 1, qh, jet);
}

/* The least F over distances within a factor of 2 of that of *t, by golden sections. */
static fl_status lowest_nearby(const fl_tuples_model *model, double m, fl_threshold *t,
                               fl_jet *jet) {
    const double part = 0.5 * (sqrt(5) - 1);
    double low = log(t->distance) - M_LN2, high = fmin(low + 2 * M_LN2, log(0.49)), qh = t->qh;
    while (high - low > 1e-5) {
        double left = high - part * (high - low), right = low + part * (high - low), value;
        FL_CHECK(entropy_at(model, m, left, &qh, jet));
        value = jet->value;
        FL_CHECK(entropy_at(model, m, right, &qh, jet));
        *(value < jet->value ? &high : &low) = value < jet->value ? right : left;
    }
    t->distance = exp(0.5 * (low + high));
    t->q = 1 - 2 * t->distance;
    FL_CHECK(entropy_at(model, m, log(t->distance), &qh, jet));
    t->qh = qh;
    return FL_OK;
}

static double determinant(const double a[3][3]) {
    return a[0][0] * (a[1][1] * a[2][2] - a[1][2] * a[2][1]) -
           a[0][1] * (a[1][0] * a[2][2] - a[1][2] * a[2][0]) +
           a[0][2] * (a[1][0] * a[2][1] - a[1][1] * a[2][0]);
}

/* One step of Newton's method for F = F_q = F_qh = 0, from the Hessian; returns the step of the
 * control parameter. */
static double newton_step(const fl_jet *jet, fl_threshold *t) {
    const int at[3] = {FL_AT_X, FL_AT_Q, FL_AT_QH};
    double a[3][3], right[3] = {-jet->value, -jet->d[FL_AT_Q], -jet->d[FL_AT_QH]}, step[3];
    for (int k = 0; k < 3; k++) {
        a[0][k] = jet->d[at[k]];
        a[1][k] = jet->h[FL_AT_Q][at[k]];
        a[2][k] = jet->h[FL_AT_QH][at[k]];
    }
    for (int k = 0; k < 3; k++) { /* Cramer */
        double b[3][3];
        for (int i = 0; i < 3; i++)
            for (int j = 0; j < 3; j++)
                b[i][j] = j == k ? right[i] : a[i][j];
        step[k] = determinant(b) / determinant(a);
    }
    t->control += step[0];
    t->q += step[1];
    t->qh += step[2];
    t->distance = 0.5 * (1 - t->q);
    return fabs(step[0]);
}

/* Newton's method on finer and finer grids. The hybrid method of phase.c, without the Hessian,
 * loses its way when m is large. */
static fl_status polish_gap(const fl_tuples_model *model, double m, fl_threshold *t) {
    double moved = INFINITY;
    for (int level = 1; level <= FL_LEVEL_MAX; level++) {
        double before = t->control, last = INFINITY;
        for (int step = 0; step < 30 && last > 1e-13 * fabs(t->control); step++) {
            fl_tuples_model trial = *model;
            fl_site at = {m, t->q, t->qh, level};
            fl_jet jet;
            trial.control = t->control;
            FL_CHECK(fl_tuples_jet(&trial, &at, &jet));
            last = newton_step(&jet, t);
        }
        moved = fabs(t->control - before);
        t->error = moved + last + 1e-14;
        if (level > 1 && moved < 1e-9 && last < 1e-10)
            return FL_OK;
    }
    return fl_fail(FL_UNDECIDED, "the gap of m = %g still moves by %.2g on the finest grid", m,
                   moved);
}

/* From the threshold of fewer replicas in *t to that of m: the minimum of F is followed in the
 * control parameter. */
static fl_status follow_gap(const fl_tuples_model *model, double m, fl_threshold *t) {
    fl_tuples_model trial = *model;
    fl_jet jet;
    t->qh *= t->m / m; /* m qh varies less than qh */
    t->m = m;
    for (int step = 0; step < 40; step++) {
        trial.control = t->control;
        FL_CHECK(lowest_nearby(&trial, m, t, &jet));
        double move = -jet.value / jet.d[FL_AT_X];
        t->control += move;
        if (fabs(move) < 1e-7 * fabs(t->control))
            return polish_gap(model, m, t);
    }
    return fl_fail(FL_UNDECIDED, "the gap of m = %g was not found from that of fewer", m);
}

fl_status fl_phase_gap(const fl_tuples_model *model, double m, fl_threshold *gap) {
    if (!(m >= 1.001 && m <= 1e6))
        return fl_fail(FL_EINVAL, "number of replicas m = %.17g is not in [1.001, 1e6]", m);
    /* With many, the least value of the scan can be that of another minimum, at smaller distances:
     * from a few on, doubling. */
    double few = m;
    while (few > 16)
        few *= 0.5;
    fl_threshold t;
    FL_CHECK(scan_gap(model, few, &t));
    FL_CHECK(fl_phase_solve_gap(model, false, few, &t));
    while (few < m)
        FL_CHECK(follow_gap(model, few *= 2, &t));
    *gap = t;
    return FL_OK;
}

fl_status fl_phase_critical_gap(const fl_tuples_model *model, const fl_threshold *guess,
                                fl_threshold *gap) {
    fl_threshold t;
    if (guess) {
        t = *guess;
    } else {
        FL_CHECK(scan_gap(model, 4, &t));
    }
    FL_CHECK(fl_phase_solve_gap(model, false, 0, &t));
    *gap = t;
    return FL_OK;
}

/* The largest derivative of phi* by q between distances 1e-3 and 0.2, and its place. It is negative
 * when phi* grows with the distance everywhere. */
static fl_status largest_slope(const fl_tuples_model *model, fl_threshold *t, double *largest) {
    fl_local_entropy point = {0};
    *largest = -INFINITY;
    for (int k = 0; k < SCAN_POINTS; k++) {
        double distance = 1e-3 * pow(200, (double)k / (SCAN_POINTS - 1));
        FL_CHECK(fl_phase_local_entropy(model, distance, &point));
        if (point.slope > *largest) {
            *largest = point.slope;
            *t = (fl_threshold){.control = model->control,
                                .m = point.m,
                                .q = point.q,
                                .qh = point.qh,
                                .distance = distance};
        }
    }
    return FL_OK;
}

fl_status fl_phase_critical_mono(const fl_tuples_model *model, fl_threshold *mono) {
    if (model->kind != FL_TUPLES_FIXED_POINTS)
        return fl_fail(FL_EINVAL, "J_mono is defined for fixed points of one module");
    fl_threshold t, place;
    fl_tuples_model trial = *model;
    double bump = 0.05, none = 0.2, largest;
    trial.control = bump;
    FL_CHECK(largest_slope(&trial, &t, &largest));
    for (int step = 0; step < 7; step++) {
        trial.control = 0.5 * (bump + none);
        FL_CHECK(largest_slope(&trial, &place, &largest));
        *(largest > 0 ? &bump : &none) = trial.control;
        t = place;
    }
    FL_CHECK(fl_phase_solve_mono(model, &t));
    *mono = t;
    return FL_OK;
}

/* H(d') and -ln P(|x| < k/s), s^2 = 1 - q = 4 d'(1 - d'), for members at distance d' from a centre
 * whose own fields vanish. */
static double load_at(double k, double log_distance) {
    double d = exp(log_distance), width = 2 * sqrt(d * (1 - d));
    double entropy = -d * log_distance - (1 - d) * log1p(-d), outside = erfc(k / width * M_SQRT1_2);
    return entropy / -log1p(-outside);
}

fl_status fl_phase_gap_infinite(const fl_tuples_model *model, fl_threshold *gap) {
    if (model->kind != FL_TUPLES_SYMMETRIC || !(model->fixed > 0 && model->fixed <= 10))
        return fl_fail(FL_EINVAL, "infinitely many replicas: for symmetric perceptrons of "
                                  "half-width in (0, 10] only");
    const double part = 0.5 * (sqrt(5) - 1);
    double k = model->fixed, low = log(0.02 * k * k / (1 + k * k)), high = log(0.5);
    while (high - low > 1e-9) {
        double left = high - part * (high - low), right = low + part * (high - low);
        if (load_at(k, left) < load_at(k, right))
            high = right;
        else
            low = left;
    }
    double d = exp(0.5 * (low + high)), load = load_at(k, 0.5 * (low + high));
    *gap = (fl_threshold){.control = load,
                          .error = 1e-12 * load,
                          .m = INFINITY,
                          .q = 1 - 4 * d * (1 - d),
                          .qh = 0,
                          .distance = 2 * d * (1 - d)};
    return FL_OK;
}
