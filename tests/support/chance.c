/* See chance.h. */
#include "tests/support/chance.h"

#include <inttypes.h>
#include <math.h>

#include "fixland/stats.h"
#include "tests/support/support.h"

static const double level = 1e-6;

void test_assert_p(double p, const char *what, const char *file, int line) {
    if (p >= level)
        return;
    print_error("%s = %.3g, below the level %g (seed %" PRIu64 ")\n", what, p, level, test_seed());
    _fail(file, line);
}

void test_assert_z(double value, double expected, double error, const char *what, const char *file,
                   int line) {
    double z = value == expected ? 0 : (value - expected) / error;
    if (erfc(fabs(z) * M_SQRT1_2) >= level)
        return;
    print_error("%s = %.17g, expected %.17g +- %.3g: z = %.2f (seed %" PRIu64 ")\n", what, value,
                expected, error, z, test_seed());
    _fail(file, line);
}

static int ascending(const void *a, const void *b) {
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

double test_kolmogorov(double *values, size_t count, double (*cdf)(double)) {
    double distance = 0, n = (double)count;
    qsort(values, count, sizeof *values, ascending);
    for (size_t k = 0; k < count; k++) {
        double p = cdf(values[k]), below = p - (double)k / n, above = (double)(k + 1) / n - p;
        distance = fmax(distance, fmax(below, above));
    }
    return fl_p_kolmogorov(distance, count);
}

double test_chi2_uniform(const uint64_t *observed, size_t bins) {
    double total = 0, chi2 = 0;
    for (size_t k = 0; k < bins; k++)
        total += (double)observed[k];
    double expected = total / (double)bins;
    for (size_t k = 0; k < bins; k++)
        chi2 += ((double)observed[k] - expected) * ((double)observed[k] - expected) / expected;
    return fl_p_chi2(chi2, (double)bins - 1);
}

/* Moment k of `values` is compared with moment[k]; its variance is moment[2k] - moment[k]^2. */
static double worst_moment(const double *values, size_t count, const double *moment) {
    double worst = 1;
    for (int k = 1; k <= 4; k++) {
        double sum = 0, n = (double)count;
        for (size_t i = 0; i < count; i++)
            sum += pow(values[i], k);
        double error = sqrt((moment[2 * k] - moment[k] * moment[k]) / n);
        worst = fmin(worst, fl_p_normal((sum / n - moment[k]) / error));
    }
    return worst;
}

double test_moments_normal(const double *values, size_t count) {
    static const double moment[9] = {1, 0, 1, 0, 3, 0, 15, 0, 105};
    return worst_moment(values, count, moment);
}

double test_moments_uniform(const double *values, size_t count) {
    double moment[9];
    for (int k = 0; k < 9; k++)
        moment[k] = 1.0 / (k + 1);
    return worst_moment(values, count, moment);
}
