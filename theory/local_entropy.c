/* phi*(d): the number of replicas at which the complexity vanishes, by Newton's method in ln m with
 * the extremum over qh inside. theory/README.md, Eqs. 14 and 15. */
#include <float.h>
#include <math.h>
#include <stdbool.h>

#include "fixland/phase.h"
#include "theory/replica.h"

static const double m_limit = 1e6;

static double complexity(const fl_jet *jet, double m) {
    return jet->value - m * jet->d[FL_AT_M];
}

/* m times the derivative of the complexity by m along the extremum in qh: negative. */
static double complexity_slope(const fl_jet *jet, double m) {
    double mixed = jet->h[FL_AT_M][FL_AT_QH];
    return -m * m * (jet->h[FL_AT_M][FL_AT_M] - mixed * mixed / jet->h[FL_AT_QH][FL_AT_QH]);
}

/* One step of Newton in ln m, inside the bracket (*low, *high) and by a factor of 8 at most. */
static double next_m(double m, double value, double slope, double *low, double *high) {
    *(value > 0 ? low : high) = m;
    double move = -value / slope;
    if (!(slope < 0) || fabs(move) > log(8))
        move = value > 0 ? log(8) : -log(8);
    double next = m * exp(move);
    if (next > *low && next < *high)
        return next;
    return *high < INFINITY ? sqrt(*low * *high) : fmin(next, 8 * m);
}

static fl_status no_edge(double m, double q) {
    if (m > 1)
        return fl_fail(FL_UNDECIDED, "at overlap %.10g the complexity vanishes above m = %g only",
                       q, m_limit);
    return fl_fail(FL_EDOMAIN, "at overlap %.10g the complexity is negative for every m >= 1", q);
}

/* The edge of existence at overlap q on one level: m, qh, and the jet there. */
static fl_status find_edge(const fl_tuples_model *model, fl_site *at, fl_jet *jet) {
    double low = 1, high = INFINITY;
    for (int step = 0; step < 60; step++) {
        FL_CHECK(fl_tuples_stationary(model, at->m, at->q, at->level, &at->qh, jet));
        double value = complexity(jet, at->m), slope = complexity_slope(jet, at->m);
        double m = next_m(at->m, value, slope, &low, &high);
        if ((at->m >= m_limit && value > 0) || (at->m <= 1 + 1e-9 && value < 0))
            return no_edge(at->m, at->q);
        if (fabs(value / slope) < 1e-9 || high - low < 1e-12 * high)
            return FL_OK;
        m = fmin(fmax(m, 1 + 1e-9), m_limit);
        at->qh *= at->m / m; /* m qh varies less than qh */
        at->m = m;
    }
    return fl_fail(FL_UNDECIDED, "the complexity at overlap %.10g did not settle", at->q);
}

/* At q = 0 the replicas are independent, F = m Sigma for every m, and m diverges on the way there.
 */
static fl_status independent(const fl_tuples_model *model, fl_local_entropy *point) {
    fl_tuples tuples;
    FL_CHECK(fl_tuples_entropy(model, 1, 0, &tuples));
    *point = (fl_local_entropy){
        .distance = 0.5, .m = INFINITY, .value = tuples.value, .slope = NAN, .error = tuples.error};
    return FL_OK;
}

static fl_local_entropy point_at(const fl_site *at, const fl_jet *jet, double distance,
                                 double change) {
    double value = complexity(jet, at->m), slope = fabs(complexity_slope(jet, at->m));
    double off_edge = 0.5 * value * value / (slope * at->m);
    return (fl_local_entropy){.distance = distance,
                              .q = at->q,
                              .m = at->m,
                              .qh = at->qh,
                              .value = jet->value / at->m,
                              .slope = jet->d[FL_AT_Q] / at->m,
                              .error = change + off_edge + 8 * DBL_EPSILON * jet->size / at->m};
}

fl_status fl_phase_local_entropy(const fl_tuples_model *model, double distance,
                                 fl_local_entropy *point) {
    if (!(distance > 0 && distance <= 0.5))
        return fl_fail(FL_EINVAL, "distance = %.17g is not in (0, 0.5]", distance);
    if (distance == 0.5)
        return independent(model, point);
    bool start = point->m > 1 && point->m < m_limit && point->qh > 0;
    fl_site at = {start ? point->m : 5, 1 - 2 * distance, start ? point->qh : 0, 0};
    fl_jet jet, fine;
    for (; at.level < FL_LEVEL_MAX; at.level++) {
        FL_CHECK(find_edge(model, &at, &jet));
        fl_site finer = at;
        finer.level++;
        FL_CHECK(fl_tuples_jet(model, &finer, &fine));
        /* qh moved the value in second order only: the same at both levels. */
        double change = fabs(fine.value - jet.value) / at.m;
        if (change < 1e-10 * (1e-3 + fabs(jet.value) / at.m)) {
            *point = point_at(&finer, &fine, distance, change);
            return FL_OK;
        }
    }
    return fl_fail(FL_UNDECIDED, "the local entropy at distance %g does not settle", distance);
}
