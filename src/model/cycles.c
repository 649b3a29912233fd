/* The mean number of two-cycles of synchronous dynamics: see moments.h.
 *
 * s -> s' -> s at distance d: where the two agree, a neuron is stable in both; where they differ,
 * unstable in both. The fields of the others have the correlations of pairs.c, so that
 *   E[ordered pairs] = 2^N C(N,d) P2(k; q+)^(N-d) P2(-k; -q-)^d,   k = J_D / sigma,
 * and at d = 0 they are fixed points. */
#include <math.h>

#include "fixland/gaussian.h"
#include "fixland/moments.h"

fl_status fl_log_mean_two_cycles(const fl_ensemble *ensemble, size_t n, double jd, size_t distance,
                                 double *log_mean) {
    FL_CHECK(fl_ensemble_check(ensemble));
    if (ensemble->distribution != FL_GAUSSIAN || ensemble->eta != 0 || ensemble->dilution < 1 ||
        ensemble->modules != 1)
        return fl_fail(FL_EDOMAIN, "mean numbers of two-cycles are known in closed form only for "
                                   "one module of independent Gaussian couplings");
    if (n < 2 || distance < 1 || distance > n || !isfinite(jd))
        return fl_fail(FL_EINVAL, "%zu neurons have no two-cycles at distance %zu, J_D = %g", n,
                       distance, jd);
    double size = (double)n, d = (double)distance, others = size - 1;
    double k = (jd - ensemble->margin) / (fl_ensemble_scale(ensemble, n) * sqrt(others));
    fl_correlation same = {(others - 2 * d) / others, 2 * d / others, 2 * (others - d) / others};
    fl_correlation other = {-(size + 1 - 2 * d) / others, 2 * (size - d) / others,
                            2 * (d - 1) / others};
    double stay = distance < n ? (size - d) * fl_log_orthant2(k, same) : 0;
    *log_mean = lgamma(size + 1) - lgamma(d + 1) - lgamma(size - d + 1) + stay +
                d * fl_log_orthant2(-k, other);
    return FL_OK;
}

fl_status fl_mean_two_cycles(const fl_ensemble *ensemble, size_t n, double jd, double *mean,
                             size_t *mode) {
    double sum = 0, most = -INFINITY;
    for (size_t d = 1; d <= n; d++) {
        double log_mean = NAN;
        FL_CHECK(fl_log_mean_two_cycles(ensemble, n, jd, d, &log_mean));
        sum += 0.5 * exp(log_mean);
        if (log_mean > most) {
            most = log_mean;
            *mode = d;
        }
    }
    *mean = sum;
    return FL_OK;
}

/* The rate at distance d: ln of the mean number of pairs at d n, over n. */
static double rate(double jd, double d) {
    fl_correlation same = {1 - 2 * d, 2 * d, 2 * (1 - d)}, other = {2 * d - 1, 2 * (1 - d), 2 * d};
    double stay = d < 1 ? (1 - d) * (fl_log_orthant2(jd, same) - log1p(-d)) : 0;
    return stay + d * (fl_log_orthant2(-jd, other) - log(d));
}

/* Golden section on ln d. */
static double peak(double jd, double low, double high) {
    const double part = 0.5 * (sqrt(5) - 1);
    for (int step = 0; step < 60; step++) {
        double left = high - part * (high - low), right = low + part * (high - low);
        *(rate(jd, exp(left)) > rate(jd, exp(right)) ? &high : &low) =
            rate(jd, exp(left)) > rate(jd, exp(right)) ? right : left;
    }
    return rate(jd, exp(0.5 * (low + high)));
}

fl_status fl_two_cycles_entropy(double jd, double *entropy) {
    if (!(fabs(jd) <= 10))
        return fl_fail(FL_EINVAL, "self-coupling = %.17g is not in [-10, 10]", jd);
    enum { POINTS = 400 };
    double first = log(1e-8), most = rate(jd, 1);
    for (int k = 0; k < POINTS; k++) {
        double low = first * (POINTS - k) / POINTS, high = first * (POINTS - k - 1) / POINTS;
        most = fmax(most, peak(jd, low, high));
    }
    *entropy = most;
    return FL_OK;
}
