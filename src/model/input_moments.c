/* Mean numbers of fixed points, and of pairs of them, under an input: see moments.h.
 *
 * Neuron i feels h_i besides. In a configuration with s_i h_i = +-|h_i| it is stable with probability
 * Phi((J +- |h_i|)/sigma). Of two configurations at distance d the fields of others on a neuron have
 * correlation q+ where they agree and -q- (after the sign change) where they differ, as in pairs.c:
 *   A_i = sum over both signs of P(X > -k_i, Y > -k_i; q+),   k_i = (J +- |h_i|)/sigma,
 *   D_i = 2 P(X > -(J + |h_i|)/sigma, Y > -(J - |h_i|)/sigma; -q-),
 *   E[M_d] = coefficient of z^d in the product over i of (A_i + D_i z). */
#include <gsl/gsl_sf_gamma.h>
#include <gsl/gsl_sort.h>
#include <math.h>
#include <pthread.h>
#include <stdlib.h>

#include "fixland/gaussian.h"
#include "fixland/moments.h"
#include "src/core/legendre.h"

static double log_add(double x, double y) {
    double most = fmax(x, y);
    return isinf(most) ? most : most + log1p(exp(fmin(x, y) - most));
}

static fl_status check_input_moments(const fl_ensemble *e, size_t n, double jd,
                                     const fl_input_field *h) {
    FL_CHECK(fl_ensemble_check(e));
    if (e->distribution != FL_GAUSSIAN || e->eta != 0 || e->dilution < 1 || e->modules != 1)
        return fl_fail(FL_EDOMAIN, "under an input the mean number is known for one module of "
                                   "independent Gaussian couplings only");
    if (n < 2 || !isfinite(jd) || !isfinite(h->strength))
        return fl_fail(FL_EINVAL,
                       "%zu neurons at J_D = %g have no mean number under an input of %g", n, jd,
                       h->strength);
    return FL_OK;
}

static double field_of(const fl_input_field *h, size_t i) {
    return fabs(h->each ? h->each[i] : h->strength);
}

/* The mean over one neuron of both signs of the spin, k and h in units of sigma. */
static double log_one(double k, double h) {
    return log_add(fl_log_normal_cdf(k + h), fl_log_normal_cdf(k - h));
}

fl_status fl_input_entropy_limit(const fl_ensemble *ensemble, double jd,
                                 const fl_input_field *input, size_t count, double *entropy) {
    double sum = 0;
    FL_CHECK(fl_ensemble_check(ensemble));
    if (ensemble->eta != 0 || ensemble->modules != 1)
        return fl_fail(FL_EDOMAIN, "under an input the entropy is known for one module at eta = 0 "
                                   "only");
    if (count < 1 || !isfinite(jd))
        return fl_fail(FL_EINVAL, "no entropy of %zu fields at J_D = %g", count, jd);
    for (size_t i = 0; i < count; i++)
        sum += log_one(jd, field_of(input, i));
    *entropy = sum / (double)count;
    return FL_OK;
}

fl_status fl_log_mean_count_input(const fl_ensemble *ensemble, size_t n, double jd,
                                  const fl_input_field *input, double *log_mean) {
    FL_CHECK(check_input_moments(ensemble, n, jd, input));
    double sigma = fl_ensemble_scale(ensemble, n) * sqrt((double)n - 1), sum = 0;
    if (!input->each)
        sum = (double)n * log_one(jd / sigma, field_of(input, 0) / sigma);
    for (size_t i = 0; input->each && i < n; i++)
        sum += log_one(jd / sigma, field_of(input, i) / sigma);
    *log_mean = sum;
    return FL_OK;
}

/* ---- two thresholds ---- */

enum { POINTS = 16, BREAKS = 48 };

static struct { double x[POINTS], w[POINTS]; } legendre;

static pthread_once_t legendre_once = PTHREAD_ONCE_INIT;

static void legendre_make(void) {
    fl_legendre_rule(POINTS, legendre.x, legendre.w);
}

/* Where the integrand may turn: near its edge, and around the step of width `width` at `step`.
 * Returns how many, ascending from the edge on. */
static size_t breaks_of(double edge, double step, double width, double *at) {
    double end = fmax(edge, 0) + 10;
    size_t count = 0, kept = 1;
    for (int k = 0; k <= 20; k++)
        at[count++] = edge + (end - edge) * k / 20;
    for (int k = 1; k <= 12; k++)
        at[count++] = edge + ldexp(1, -k);
    for (int k = -7; k <= 7; k++)
        at[count++] = step + k * width;
    gsl_sort(at, 1, count);
    while (at[0] < edge) {
        for (size_t k = 1; k < count; k++)
            at[k - 1] = at[k];
        count--;
    }
    for (size_t k = 1; k < count && at[k] <= end; k++)
        if (at[k] > at[kept - 1])
            at[kept++] = at[k];
    return kept;
}

/* ln P(X > -a, Y > -b) by the density of X and the rest of Y, a <= b, |r| < 1; all terms are
 * positive, so the tails keep their relative accuracy. */
static double log_orthant_inside(double a, double b, fl_correlation c) {
    double at[BREAKS], width = sqrt(c.minus * c.plus), sum = -INFINITY;
    pthread_once(&legendre_once, legendre_make);
    double step = c.r != 0 ? -b / c.r : -a, slope = fmax(fabs(c.r), 0.05);
    size_t count = breaks_of(-a, fmax(fmin(step, 1e3), -1e3), width / slope, at);
    for (size_t k = 1; k < count; k++) {
        double length = at[k] - at[k - 1];
        for (int i = 0; i < POINTS; i++) {
            double x = at[k - 1] + length * legendre.x[i];
            double term = -0.5 * x * x + fl_log_normal_cdf((b + c.r * x) / width);
            sum = log_add(sum, term + log(length * legendre.w[i]));
        }
    }
    return sum - 0.5 * log(2 * M_PI);
}

/* ln P(X > -a, Y > -b) at correlation c. */
static double log_orthant_unequal(double a, double b, fl_correlation c) {
    if (a > b)
        return log_orthant_unequal(b, a, c);
    if (c.minus <= 0)
        return fl_log_normal_cdf(a);
    if (c.plus > 0)
        return log_orthant_inside(a, b, c);
    double from = fl_log_normal_cdf(-b), until = fl_log_normal_cdf(a); /* -a < X < b */
    return from < until ? until + log(-expm1(from - until)) : -INFINITY;
}

/* ---- pairs ---- */

typedef struct pair_factors {
    double agree, differ; /* ln A, ln D */
} pair_factors;

static pair_factors factors_at(double k, double h, double n, double d) {
    fl_correlation same = {(n - 1 - 2 * d) / (n - 1), 2 * d / (n - 1), 2 * (n - 1 - d) / (n - 1)};
    fl_correlation other = {-(n + 1 - 2 * d) / (n - 1), 2 * (n - d) / (n - 1),
                            2 * (d - 1) / (n - 1)};
    pair_factors f = {-INFINITY, -INFINITY};
    if (d < n)
        f.agree = log_add(fl_log_orthant(k + h, same), fl_log_orthant(k - h, same));
    if (d > 0)
        f.differ = M_LN2 + log_orthant_unequal(k + h, k - h, other);
    return f;
}

/* ln of the coefficient of z^d in the product of (A_i + D_i z), fields of different size: terms of
 * degree 0 to d, in logarithms. */
static fl_status log_coefficient(const fl_input_field *h, size_t n, size_t d, double k,
                                 double sigma, double *log_mean) {
    double *terms = malloc((d + 1) * sizeof *terms);
    if (!terms)
        return fl_fail(FL_ENOMEM, "out of memory for pairs of %zu neurons", n);
    for (size_t j = 0; j <= d; j++)
        terms[j] = j ? -INFINITY : 0;
    for (size_t i = 0; i < n; i++) {
        pair_factors f = factors_at(k, field_of(h, i) / sigma, (double)n, (double)d);
        for (size_t j = d; j > 0; j--)
            terms[j] = log_add(terms[j] + f.agree, terms[j - 1] + f.differ);
        terms[0] += f.agree;
    }
    *log_mean = terms[d];
    free(terms);
    return FL_OK;
}

fl_status fl_log_mean_pairs_input(const fl_ensemble *ensemble, size_t n, double jd,
                                  const fl_input_field *input, size_t distance, double *log_mean) {
    if (distance == 0)
        return fl_log_mean_count_input(ensemble, n, jd, input, log_mean);
    FL_CHECK(check_input_moments(ensemble, n, jd, input));
    if (distance > n)
        return fl_fail(FL_EINVAL, "distance %zu is outside 0..%zu", distance, n);
    double sigma = fl_ensemble_scale(ensemble, n) * sqrt((double)n - 1), d = (double)distance;
    if (input->each && n > FL_INPUT_PAIRS)
        return fl_fail(FL_EDOMAIN, "pairs under fields of one's own are computed up to %d neurons",
                       FL_INPUT_PAIRS);
    if (input->each)
        return log_coefficient(input, n, distance, jd / sigma, sigma, log_mean);
    pair_factors f = factors_at(jd / sigma, field_of(input, 0) / sigma, (double)n, d);
    double log_choose = gsl_sf_lnchoose((unsigned)n, (unsigned)distance);
    *log_mean = log_choose + (distance < n ? ((double)n - d) * f.agree : 0) + d * f.differ;
    return FL_OK;
}

fl_status fl_count_variance_input(const fl_ensemble *ensemble, size_t n, double jd,
                                  const fl_input_field *input, double *variance) {
    double log_mean = NAN, sum = 0;
    FL_CHECK(fl_log_mean_count_input(ensemble, n, jd, input, &log_mean));
    if (!isfinite(log_mean))
        return fl_fail(FL_EDOMAIN, "there are no fixed points whose number could vary");
    for (size_t d = 0; d <= n; d++) {
        double log_pairs = NAN;
        FL_CHECK(fl_log_mean_pairs_input(ensemble, n, jd, input, d, &log_pairs));
        sum += exp(log_pairs - 2 * log_mean);
    }
    *variance = sum - 1;
    return FL_OK;
}
