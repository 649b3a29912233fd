/* Exact mean numbers of triples: see tuple_moments.h.
 *
 * The trivariate orthant by Plackett's path from independence: all correlations are t r, and
 *   dP3/dt = sum over pairs ij of r_ij phi2(k, k; t r_ij) Phi((k - mean) / sd)
 * with mean and standard deviation of the third variable given that the other two are at the edge
 * (doi:10.1093/biomet/41.3-4.351). */
#include "fixland/tuple_moments.h"

#include <gsl/gsl_sf_gamma.h>
#include <math.h>
#include <pthread.h>
#include <stdbool.h>

#include "fixland/gaussian.h"
#include "fixland/moments.h"
#include "src/core/legendre.h"

enum { NODES = 64 };

static struct { double x[NODES], w[NODES]; } nodes;

static pthread_once_t nodes_once = PTHREAD_ONCE_INIT;

static void nodes_make(void) {
    fl_legendre_rule(NODES, nodes.x, nodes.w);
}

/* exp(-k^2 / (1 + a)) Phi((k - mean) / sd) / (2 pi): variables 1, 2 at the edge -k, the third above
 * it; correlations a, b, c. */
static double edge(double k, double a, double b, double c) {
    double density = exp(-k * k / (1 + a)) / (2 * M_PI);
    double distance = k * (1 - (b + c) / (1 + a));
    double variance = 1 - (b * b + c * c - 2 * a * b * c) / ((1 - a) * (1 + a));
    if (variance <= 1e-30)
        return density * (distance > 0 ? 1 : distance < 0 ? 0 : 0.5);
    return density * fl_normal_cdf(distance / sqrt(variance));
}

/* The term of pair 12: t r12 = sin(angle) takes the root of 1 - (t r12)^2 away, angles crowd at the
 * end, where the variance may vanish. */
static double pair_term(double k, double r12, double r13, double r23) {
    double sum = 0, whole = asin(r12);
    if (r12 == 0)
        return 0;
    for (size_t j = 0; j < NODES; j++) {
        double u = nodes.x[j], a = sin(whole * (1 - u * u)), t = a / r12;
        sum += 2 * u * nodes.w[j] * whole * edge(k, a, t * r13, t * r23);
    }
    return sum;
}

static double orthant2(double k, double r) {
    return exp(fl_log_orthant(k, fl_correlation_of(r)));
}

/* X2 = X1: a pair is left; X2 = -X1: |X1| < k. `r` = r13 then; *p is set. */
static bool degenerate(double k, double r12, double r, double *p) {
    const double equal = 1e-14;
    if (r12 > 1 - equal)
        *p = orthant2(k, r);
    else if (r12 < -1 + equal)
        *p = k > 0 ? orthant2(k, r) + orthant2(k, -r) - fl_normal_cdf(k) : 0;
    else
        return false;
    return true;
}

static double orthant3(double k, double r12, double r13, double r23) {
    double p, base = fl_normal_cdf(k);
    if (degenerate(k, r12, r13, &p) || degenerate(k, r13, r23, &p) || degenerate(k, r23, r12, &p))
        return p;
    pthread_once(&nodes_once, nodes_make);
    return base * base * base + pair_term(k, r12, r13, r23) + pair_term(k, r13, r12, r23) +
           pair_term(k, r23, r12, r13);
}

double fl_log_orthant3(double k, double r12, double r13, double r23) {
    double p = orthant3(k, r12, r13, r23);
    return p > 0 ? log(p) : isnan(p) ? NAN : -INFINITY;
}

/* The overlap of two configurations at distance d, without a neuron on which they agree (sign 1) or
 * differ (-1), as seen by that neuron. */
static double seen(double n, double d, int sign) {
    return sign > 0 ? (n - 1 - 2 * d) / (n - 1) : -(n + 1 - 2 * d) / (n - 1);
}

/* ln of the product over neurons; numbers of neurons of each kind in `kinds`. */
static double log_probability(double k, double n, const double *kinds, double d12, double d13,
                              double d23) {
    /* Signs of s1 s2, s1 s3, s2 s3 in each kind: kind k > 0 has configuration k apart. */
    static const int signs[4][3] = {{1, 1, 1}, {-1, -1, 1}, {-1, 1, -1}, {1, -1, -1}};
    double sum = 0;
    for (size_t kind = 0; kind < 4; kind++)
        if (kinds[kind] > 0)
            sum += kinds[kind] * fl_log_orthant3(k, seen(n, d12, signs[kind][0]),
                                                 seen(n, d13, signs[kind][1]),
                                                 seen(n, d23, signs[kind][2]));
    return sum;
}

static fl_status check_tuples(const fl_ensemble *e, size_t n, double jd) {
    FL_CHECK(fl_ensemble_check(e));
    if (e->distribution != FL_GAUSSIAN || e->eta != 0 || e->dilution < 1 || e->modules != 1)
        return fl_fail(FL_EDOMAIN,
                       "mean tuple numbers are known in closed form only for one module of "
                       "independent Gaussian couplings");
    if (n < 3 || n > 400)
        return fl_fail(FL_EDOMAIN,
                       "mean numbers of triples are computed for 3 to 400 neurons, not %zu", n);
    if (!isfinite(jd))
        return fl_fail(FL_EINVAL, "the self-coupling is %g; it must be finite", jd);
    return FL_OK;
}

static double mean_triples(const fl_ensemble *e, double n, double jd, double d12, double d13,
                           double d23) {
    double twice = d12 + d13 + d23;
    const double kinds[4] = {n - twice / 2, (d12 + d13 - d23) / 2, (d12 + d23 - d13) / 2,
                             (d13 + d23 - d12) / 2};
    double log_ways = n * M_LN2 + gsl_sf_lngamma(n + 1);
    if (fmod(twice, 2) != 0)
        return 0;
    for (size_t kind = 0; kind < 4; kind++) {
        if (kinds[kind] < 0)
            return 0;
        log_ways -= gsl_sf_lngamma(kinds[kind] + 1);
    }
    double kappa = jd / (fl_ensemble_scale(e, (size_t)n) * sqrt(n - 1));
    return exp(log_ways + log_probability(kappa, n, kinds, d12, d13, d23));
}

fl_status fl_mean_triples(const fl_ensemble *ensemble, size_t n, double jd, size_t d12, size_t d13,
                          size_t d23, double *mean) {
    FL_CHECK(check_tuples(ensemble, n, jd));
    if (d12 < 1 || d13 < 1 || d23 < 1 || d12 > n || d13 > n || d23 > n)
        return fl_fail(FL_EINVAL,
                       "distances %zu, %zu, %zu of three fixed points; each is in 1..%zu", d12, d13,
                       d23, n);
    *mean = mean_triples(ensemble, (double)n, jd, (double)d12, (double)d13, (double)d23);
    return FL_OK;
}

/* Sorted distances, each with the number of its orders. */
static fl_status sum_triples(const fl_ensemble *e, size_t n, double jd, size_t low, size_t high,
                             double *mean) {
    FL_CHECK(check_tuples(e, n, jd));
    *mean = 0;
    for (size_t a = low; a <= high; a++)
        for (size_t b = a; b <= high; b++)
            for (size_t c = b; c <= high && c <= a + b; c++) {
                double orders = a == c ? 1 : a == b || b == c ? 3 : 6;
                *mean += orders * mean_triples(e, (double)n, jd, (double)a, (double)b, (double)c);
            }
    return FL_OK;
}

fl_status fl_mean_tuples(const fl_ensemble *ensemble, size_t n, double jd, size_t m, size_t low,
                         size_t high, double *mean) {
    if (low < 1 || high > n)
        return fl_fail(FL_EINVAL, "distances %zu to %zu; allowed are 1 to %zu", low, high, n);
    if (m == 3)
        return sum_triples(ensemble, n, jd, low, high, mean);
    if (m != 2)
        return fl_fail(FL_EDOMAIN, "mean numbers of %zu-tuples are computed for m = 2 and 3", m);
    *mean = 0;
    for (size_t d = low; d <= high; d++) {
        double log_mean;
        FL_CHECK(fl_log_mean_pairs(ensemble, n, jd, d, &log_mean));
        *mean += exp(log_mean);
    }
    return FL_OK;
}
