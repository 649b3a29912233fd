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

fl_status fl_phase_gap(const fl_tuples_model *model, double m, fl_threshold *gap) {
    if (!(m >= 1.001 && m <= 200))
        return fl_fail(FL_EINVAL, "number of replicas m = %.17g is not in [1.001, 200]", m);
    fl_threshold t;
    FL_CHECK(scan_gap(model, m, &t));
    FL_CHECK(fl_phase_solve_gap(model, false, m, &t));
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
