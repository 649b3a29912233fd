/* The entropy of pairs of fixed points: see potential.h. theory/README.md, Eqs. 2 and 3. */
#include "fixland/potential.h"

#include <math.h>

#include "fixland/gaussian.h"

static double x_log(double x, double logarithm) {
    return x > 0 ? x * logarithm : 0;
}

fl_status fl_pair_entropy(double jd, double distance, double *pair_entropy, double *potential) {
    if (!(fabs(jd) <= 10))
        return fl_fail(FL_EINVAL, "self-coupling = %.17g is not in [-10, 10]", jd);
    if (!(distance >= 0 && distance <= 1))
        return fl_fail(FL_EINVAL, "distance = %.17g is not in [0, 1]", distance);
    double d = distance, near = 1 - d, q = 1 - 2 * d;
    fl_correlation same = {q, 2 * d, 2 * near}, turned = {-q, 2 * near, 2 * d};
    /* Two P2 for each neuron that agrees: the ln 2 of the configurations is shared out. */
    double value = x_log(near, fl_log_orthant2(jd, same)) + x_log(d, fl_log_orthant2(jd, turned));
    *pair_entropy = value - x_log(d, log(d)) - x_log(near, log1p(-d));
    *potential = *pair_entropy - fl_log_normal_cdf2(jd);
    return FL_OK;
}
