/* The mean number of pairs of fixed points at a distance: see moments.h.
 *
 * Configurations s, s' at distance d. Other-neuron fields of a neuron on which they agree have
 * correlation q+ = (N-1-2d)/(N-1), else, after the sign change, -q- with q- = (N+1-2d)/(N-1):
 *   E[M_d] = 2^N C(N,d) P2(k; q+)^(N-d) P2(k; -q-)^d,   k = J_D / sigma.
 * For large N the factors are huge and cancel. Two groupings of the same log,
 *   ln C(N,d) + (N-d) ln 2P2(q+) + d ln 2P2(-q-)              good at small d,
 *   ln[C(N,d) 2^-N] + (N-d) ln 4P2(q+) + d ln 4P2(-q-)        good near d = N/2,
 * are both formed, and the one whose terms are smaller in sum of magnitudes is taken. */
#include "fixland/moments.h"

#include <gsl/gsl_sf_gamma.h>
#include <math.h>

#include "fixland/gaussian.h"
#include "src/model/symmetry.h"

/* Stirling's remainder ln n! - [n ln n - n + ln(2 pi n)/2], n >= 1. */
static double stirling_rest(double n) {
    return log(gsl_sf_gammastar(n));
}

/* Common part of the two forms of ln C(N, d), 0 < d < N. */
static double binomial_rest(double n, double d) {
    return stirling_rest(n) - stirling_rest(d) - stirling_rest(n - d) +
           0.5 * log(n / (2 * M_PI * d * (n - d)));
}

/* ln C(N, d), by the entropy of d/N: the two terms have one sign. */
static double log_binomial(double n, double d) {
    if (d == 0 || d == n)
        return 0;
    double few = fmin(d, n - d);
    return -few * log(few / n) - (n - few) * log1p(-few / n) + binomial_rest(n, d);
}

/* ln[C(N, d) 2^-N], by the deviation x = 2d/N - 1 from one half. */
static double log_binomial_half(double n, double d) {
    if (d == 0 || d == n)
        return -n * M_LN2;
    double x = (2 * d - n) / n;
    return -0.5 * n * ((1 + x) * log1p(x) + (1 - x) * log1p(-x)) + binomial_rest(n, d);
}

/* The two correlations from integers: nothing is lost near +-1. */
static fl_correlation agreeing(double n, double d) {
    return (fl_correlation){(n - 1 - 2 * d) / (n - 1), 2 * d / (n - 1), 2 * (n - 1 - d) / (n - 1)};
}

static fl_correlation differing(double n, double d) {
    return (fl_correlation){-(n + 1 - 2 * d) / (n - 1), 2 * (n - d) / (n - 1),
                            2 * (d - 1) / (n - 1)};
}

static double log_pairs(double n, double k, double d) {
    fl_correlation same = agreeing(n, d), other = differing(n, d);
    double near_edge[3] = {log_binomial(n, d), (n - d) * fl_log_orthant2(k, same),
                           d * fl_log_orthant2(k, other)};
    double near_half[3] = {log_binomial_half(n, d), (n - d) * fl_log_orthant4(k, same),
                           d * fl_log_orthant4(k, other)};
    double edge_size = fabs(near_edge[0]) + fabs(near_edge[1]) + fabs(near_edge[2]);
    double half_size = fabs(near_half[0]) + fabs(near_half[1]) + fabs(near_half[2]);
    const double *terms = edge_size < half_size ? near_edge : near_half;
    return terms[0] + terms[1] + terms[2];
}

fl_status fl_log_mean_pairs(const fl_ensemble *ensemble, size_t n, double jd, size_t distance,
                            double *log_mean) {
    FL_CHECK(fl_ensemble_check(ensemble));
    if (ensemble->distribution != FL_GAUSSIAN || ensemble->dilution < 1 || ensemble->modules != 1)
        return fl_fail(FL_EDOMAIN, "mean pair numbers are known in closed form only for one module "
                                   "of Gaussian couplings without dilution");
    if (distance > n)
        return fl_fail(FL_EINVAL, "distance %zu is outside 0..%zu", distance, n);
    double count;
    FL_CHECK(fl_log_mean_count(ensemble, n, jd, &count));
    jd -= ensemble->margin;
    /* s and -s are fixed points together. */
    if (distance == 0 || distance == n) {
        *log_mean = count;
        return FL_OK;
    }
    if (ensemble->eta != 0)
        return fl_log_mean_pairs_eta(ensemble, n, jd, distance, log_mean);
    double sigma = fl_ensemble_scale(ensemble, n) * sqrt((double)n - 1);
    /* E[M_d] = E[M_{N-d}]; the smaller distance is the better conditioned one. */
    size_t d = distance <= n / 2 ? distance : n - distance;
    *log_mean = log_pairs((double)n, jd / sigma, (double)d);
    return FL_OK;
}
