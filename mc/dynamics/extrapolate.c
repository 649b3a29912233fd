/* Finite-size scaling by a power: value(n) = limit - amplitude n^-exponent.
 *
 * At a given exponent the limit is a weighted linear fit, with its error. The exponent is not
 * known: it is scanned with a flat prior over [0.1, 2], each with weight exp(-chi^2/2), and the
 * answer is the mixture of the normal distributions of the limit. Its 2.5 % and 97.5 % quantiles
 * are the interval: wide where the sizes do not tell the exponent. */
#include <gsl/gsl_cdf.h>
#include <math.h>
#include <stddef.h>

#include "mc/dynamics/extrapolate.h"

enum { GRID = 191 };
static const double lowest = 0.1, highest = 2;

typedef struct fit {
    double exponent, limit, error, amplitude, chi2, weight;
} fit;

static fit fit_at(const fl_point *points, size_t count, double exponent) {
    double s = 0, sx = 0, sy = 0, sxx = 0, sxy = 0;
    for (size_t k = 0; k < count; k++) {
        double w = 1 / (points[k].error * points[k].error), x = -pow(points[k].n, -exponent);
        s += w;
        sx += w * x;
        sy += w * points[k].value;
        sxx += w * x * x;
        sxy += w * x * points[k].value;
    }
    double det = s * sxx - sx * sx;
    fit f = {.exponent = exponent,
             .limit = (sxx * sy - sx * sxy) / det,
             .amplitude = (s * sxy - sx * sy) / det,
             .error = sqrt(sxx / det)};
    for (size_t k = 0; k < count; k++) {
        double model = f.limit - f.amplitude * pow(points[k].n, -exponent);
        f.chi2 += pow((points[k].value - model) / points[k].error, 2);
    }
    return f;
}

static double mixture(const fit *fits, double x) {
    double sum = 0;
    for (size_t k = 0; k < GRID; k++)
        sum += fits[k].weight * gsl_cdf_ugaussian_P((x - fits[k].limit) / fits[k].error);
    return sum;
}

static double quantile(const fit *fits, double p) {
    double low = INFINITY, high = -INFINITY;
    for (size_t k = 0; k < GRID; k++) {
        low = fmin(low, fits[k].limit - 10 * fits[k].error);
        high = fmax(high, fits[k].limit + 10 * fits[k].error);
    }
    for (int round = 0; round < 100; round++) {
        double middle = (low + high) / 2;
        if (mixture(fits, middle) < p)
            low = middle;
        else
            high = middle;
    }
    return (low + high) / 2;
}

static void normalise(fit *fits, double best) {
    double sum = 0;
    for (size_t k = 0; k < GRID; k++)
        sum += fits[k].weight = exp(-(fits[k].chi2 - best) / 2);
    for (size_t k = 0; k < GRID; k++)
        fits[k].weight /= sum;
}

/* Weight of the lowest eighth of the exponents: the edge of what is scanned. */
static double at_edge(const fit *fits) {
    double edge = 0;
    for (size_t k = 0; k < GRID / 8; k++)
        edge += fits[k].weight;
    return edge;
}

fl_status extrapolate_power(const fl_point *points, size_t count, fl_extrapolation *result,
                            double *edge) {
    fit fits[GRID], best = {.chi2 = INFINITY};
    double mean = 0, variance = 0;
    for (size_t k = 0; k < GRID; k++) {
        fits[k] = fit_at(points, count, lowest + (highest - lowest) * (double)k / (GRID - 1));
        if (!isfinite(fits[k].limit) || !isfinite(fits[k].error))
            return fl_fail(FL_EDOMAIN, "an extrapolation needs points of different n");
        if (fits[k].chi2 < best.chi2)
            best = fits[k];
    }
    normalise(fits, best.chi2);
    for (size_t k = 0; k < GRID; k++)
        mean += fits[k].weight * fits[k].limit;
    for (size_t k = 0; k < GRID; k++)
        variance += fits[k].weight * (pow(fits[k].limit - mean, 2) + pow(fits[k].error, 2));
    *result = (fl_extrapolation){.limit = mean,
                                 .error = sqrt(variance),
                                 .interval = {quantile(fits, 0.025), quantile(fits, 0.975)},
                                 .exponent = best.exponent,
                                 .amplitude = best.amplitude,
                                 .chi2 = best.chi2};
    *edge = at_edge(fits);
    return FL_OK;
}
