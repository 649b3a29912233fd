/* Finite-size scaling: the choice of the form, and what is wrong with the answer. See access.h. */
#include <gsl/gsl_cdf.h>
#include <math.h>

#include "mc/dynamics/extrapolate.h"

/* The gravest first. */
static const char *warning(const fl_point *points, size_t count, double edge,
                           const fl_extrapolation *e) {
    double low = INFINITY, high = -INFINITY;
    for (size_t k = 0; k < count; k++) {
        low = fmin(low, points[k].value);
        high = fmax(high, points[k].value);
    }
    if (e->freedom > 0 && gsl_cdf_chisq_Q(e->chi2, e->freedom) < 1e-3)
        return "the points do not follow the form: the sizes are too small, the form is another, "
               "or the errors are wrong";
    if (edge > 0.25)
        return "the sizes do not bound the limit from above: it may lie higher still";
    if (count < 4)
        return "with three sizes nothing checks the form of the extrapolation";
    if (e->interval.high - e->interval.low > high - low)
        return "the interval is wider than the change over the sizes: larger sizes are needed";
    return NULL;
}

fl_status fl_extrapolate(const fl_point *points, size_t count, fl_scaling scaling,
                         fl_extrapolation *result) {
    double edge;
    if (count < 3)
        return fl_fail(FL_EDOMAIN, "%zu sizes; an extrapolation needs at least three", count);
    for (size_t k = 0; k < count; k++)
        if (!(points[k].error > 0 && isfinite(points[k].error)))
            return fl_fail(FL_EINVAL, "the error at n = %g is %g; it must be positive", points[k].n,
                           points[k].error);
    FL_CHECK(scaling == FL_POWER ? extrapolate_power(points, count, result, &edge)
                                 : extrapolate_extinction(points, count, result, &edge));
    result->freedom = (double)count - 3;
    result->warning = warning(points, count, edge, result);
    return FL_OK;
}
