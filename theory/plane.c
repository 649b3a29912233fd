/* Two coupled modules: the line J_gap(lambda), followed in small steps from one module (lambda =
 * 0), and the lambda at which it meets a given self-coupling. theory/README.md, section 7. */
#include <math.h>
#include <stddef.h>

#include "theory/phase_start.h"

static const double step_limit = 0.1;

/* Follows the threshold to `lambda`, or to where J_D has become negative: it falls with lambda, and
 * each step takes longer than the one before. */
static fl_status follow(double lambda, double from, fl_threshold *gap) {
    if (!(from >= 0)) {
        fl_tuples_model one = {.kind = FL_TUPLES_FIXED_POINTS};
        FL_CHECK(fl_phase_critical_gap(&one, NULL, gap));
        from = 0;
    }
    int steps = (int)ceil((lambda - from) / step_limit - 1e-9);
    for (int k = 1; k <= steps && gap->control >= 0; k++) {
        fl_tuples_model two = {.kind = FL_TUPLES_MODULES,
                               .fixed = from + (lambda - from) * k / steps};
        FL_CHECK(fl_phase_critical_gap(&two, gap, gap));
    }
    return FL_OK;
}

fl_status fl_phase_plane(double lambda, double from, fl_threshold *gap) {
    if (!(lambda >= 0 && lambda <= 2) || from > lambda)
        return fl_fail(FL_EINVAL, "lambda = %.17g is not in [%g, 2]", lambda, fmax(from, 0));
    fl_threshold t = *gap;
    FL_CHECK(follow(lambda, from, &t));
    if (t.control < 0)
        return fl_fail(FL_EDOMAIN, "at lambda = %g no overlap gap is left at any J_D >= 0", lambda);
    *gap = t;
    return FL_OK;
}

fl_status fl_phase_lambda_gap(double jd, fl_threshold *gap) {
    if (!(jd >= 0 && jd <= 1))
        return fl_fail(FL_EINVAL, "self-coupling = %.17g is not in [0, 1]", jd);
    fl_threshold t, before;
    double lambda = 0;
    FL_CHECK(follow(0, -1, &t));
    if (t.control < jd)
        return fl_fail(FL_EDOMAIN, "at J_D = %g no overlap gap is left at lambda = 0 already", jd);
    do {
        before = t;
        FL_CHECK(follow(lambda + step_limit, lambda, &t));
        lambda += step_limit;
    } while (t.control > jd && lambda < 2);
    double part = (t.control - jd) / (t.control - before.control);
    fl_tuples_model two = {.kind = FL_TUPLES_MODULES, .control = jd};
    t.control = lambda - part * step_limit;
    FL_CHECK(fl_phase_solve_gap(&two, true, 0, &t));
    *gap = t;
    return FL_OK;
}
