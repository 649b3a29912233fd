/* How the number of fixed points varies between networks: see moments.h.
 *
 * E[#^2] is the mean number of ordered pairs. Its limit law: theory/README.md, section 11. */
#include <math.h>

#include "fixland/gaussian.h"
#include "fixland/moments.h"

fl_status fl_count_variance(const fl_ensemble *ensemble, size_t n, double jd, double *variance) {
    double log_mean = NAN, sum = 0;
    FL_CHECK(fl_log_mean_count(ensemble, n, jd, &log_mean));
    if (!isfinite(log_mean))
        return fl_fail(FL_EDOMAIN, "there are no fixed points whose number could vary");
    for (size_t d = 0; d <= n; d++) {
        double log_pairs = NAN;
        FL_CHECK(fl_log_mean_pairs(ensemble, n, jd, d, &log_pairs));
        sum += exp(log_pairs - 2 * log_mean);
    }
    *variance = sum - 1;
    return FL_OK;
}

fl_status fl_count_variance_limit(double jd, double *variance) {
    if (!(jd >= 0 && jd <= 30))
        return fl_fail(FL_EINVAL, "self-coupling = %.17g is not in [0, 30]", jd);
    double a = fl_normal_pdf(jd) / fl_normal_cdf(jd), rest = 1 - a * a;
    double bend = rest * rest - a * a * jd * jd;
    *variance = exp(-a * a) / sqrt(bend) - 1 + (jd == 0 ? 2 : 0);
    return FL_OK;
}

/* P(# = 0) when #/2 is Poisson with a mean W E/2 that itself is log-normal, E[W] = 1: Var(#)/E^2 =
 * 2/E + Var W. Trapezoidal sum over ln W. */
static double empty_probability(double mean, double variance) {
    double spread = variance - 2 / mean;
    if (!(spread > 0))
        return NAN;
    double width = sqrt(log1p(spread)), sum = 0, step = 1.0 / 16;
    for (int i = -160; i <= 160; i++) {
        double z = step * i, w = exp(width * z - 0.5 * width * width);
        sum += step * fl_normal_pdf(z) * exp(-0.5 * mean * w);
    }
    return sum;
}

fl_status fl_count_law_at(const fl_ensemble *ensemble, size_t n, double jd, fl_count_law *law) {
    double log_mean = NAN, variance = NAN;
    FL_CHECK(fl_count_variance(ensemble, n, jd, &variance));
    FL_CHECK(fl_log_mean_count(ensemble, n, jd, &log_mean));
    double width = log1p(variance);
    *law = (fl_count_law){.variance = variance,
                          .log_mean = jd > ensemble->margin ? log_mean - 0.5 * width : NAN,
                          .log_variance = jd > ensemble->margin ? width : NAN,
                          .empty = empty_probability(exp(log_mean), variance)};
    return FL_OK;
}
