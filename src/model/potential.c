/* The entropy of pairs of fixed points: see potential.h. theory/README.md, Eqs. 2 and 3. */
#include "fixland/potential.h"

#include <math.h>

#include "fixland/gaussian.h"
#include "fixland/moments.h"

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

/* The slope of ln P2(x, x). */
static double slope_at(double x, fl_correlation c) {
    double log_phi = c.plus > 0 ? fl_log_normal_cdf(sqrt(c.minus / c.plus) * x) : 0;
    return exp(M_LN2 - 0.5 * x * x - 0.5 * log(2 * M_PI) + log_phi - fl_log_orthant(x, c));
}

/* extr over x of -x^2/(2 eta) + share ln 2P2(jd + x): where x = eta share slope(jd + x), by
 * bisection, since ln P2 is concave and bends less than a parabola of curvature 1/share. */
static double shifted(double jd, double eta, double share, fl_correlation c) {
    double low = eta > 0 ? 0 : -1, high = 1;
    if (share == 0)
        return 0;
    if (c.plus <= 0 && jd + low < 0)
        low = -jd + 1e-300; /* P2 is 0 below */
    while (eta < 0 && c.plus > 0 && low - eta * share * slope_at(jd + low, c) > 0 && low > -1e4)
        low *= 2;
    high = eta > 0 ? fmax(1, low + 1) : 0;
    while (high - eta * share * slope_at(jd + high, c) < 0 && high < 1e4)
        high = 2 * high + 1;
    for (int step = 0; step < 200 && high - low > 1e-15 * (1 + fabs(high)); step++) {
        double x = 0.5 * (low + high);
        *(x - eta * share * slope_at(jd + x, c) < 0 ? &low : &high) = x;
    }
    double x = 0.5 * (low + high);
    return share * fl_log_orthant2(jd + x, c) - 0.5 * x * x / eta;
}

fl_status fl_pair_entropy_eta(double jd, double eta, double distance, double *pair_entropy,
                              double *potential) {
    if (!(eta >= -1 && eta <= 1))
        return fl_fail(FL_EINVAL, "eta is %g; a correlation lies in [-1, 1]", eta);
    FL_CHECK(fl_pair_entropy(jd, distance, pair_entropy, potential));
    if (eta == 0)
        return FL_OK;
    double entropy, d = distance, near = 1 - d, q = 1 - 2 * d;
    FL_CHECK(fl_entropy_limit_eta(jd, eta, &entropy));
    if (eta == -1 && jd <= 0) {
        *pair_entropy = *potential = -INFINITY;
        return FL_OK;
    }
    fl_correlation same = {q, 2 * d, 2 * near}, turned = {-q, 2 * near, 2 * d};
    double value = shifted(jd, eta, near, same) + shifted(jd, eta, d, turned);
    *pair_entropy = value - x_log(d, log(d)) - x_log(near, log1p(-d));
    *potential = *pair_entropy - entropy;
    return FL_OK;
}
