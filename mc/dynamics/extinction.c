/* Finite-size scaling by extinction: value(n) = limit - sqrt((amplitude + growth ln n) / n).
 *
 * At a given limit n (limit - value)^2 = amplitude + growth ln n is a weighted linear fit. The
 * limit is scanned with a flat prior above the largest value, each with the weight exp(-chi^2/2) of
 * the deviations of the values themselves. */
#include <math.h>
#include <stdlib.h>

#include "mc/dynamics/extrapolate.h"

enum { GRID = 8000 };
static const double reach = 4; /* limits scanned, in units of the change over the sizes */

typedef struct fit {
    double limit, amplitude, growth, chi2;
} fit;

static fit fit_at(const fl_point *points, size_t count, double limit) {
    double s = 0, sx = 0, sy = 0, sxx = 0, sxy = 0;
    for (size_t k = 0; k < count; k++) {
        double gap = limit - points[k].value, x = log(points[k].n), y = points[k].n * gap * gap;
        double error = 2 * points[k].n * gap * points[k].error, w = 1 / (error * error);
        s += w;
        sx += w * x;
        sy += w * y;
        sxx += w * x * x;
        sxy += w * x * y;
    }
    double det = s * sxx - sx * sx;
    fit f = {.limit = limit,
             .amplitude = (sxx * sy - sx * sxy) / det,
             .growth = (s * sxy - sx * sy) / det};
    for (size_t k = 0; k < count; k++) {
        double square = (f.amplitude + f.growth * log(points[k].n)) / points[k].n;
        f.chi2 += pow((points[k].value - limit + sqrt(square)) / points[k].error, 2);
    }
    if (!isfinite(f.chi2)) /* a square below zero: no such limit */
        f.chi2 = INFINITY;
    return f;
}

static double quantile(const fit *fits, const double *weight, double p) {
    double sum = 0;
    for (size_t k = 0; k < GRID; k++)
        if ((sum += weight[k]) >= p)
            return fits[k].limit;
    return fits[GRID - 1].limit;
}

static fl_status summarise(const fit *fits, double *weight, fl_extrapolation *result,
                           double *edge) {
    fit best = {.chi2 = INFINITY};
    double sum = 0, mean = 0, variance = 0;
    for (size_t k = 0; k < GRID; k++)
        if (fits[k].chi2 < best.chi2)
            best = fits[k];
    if (!isfinite(best.chi2))
        return fl_fail(FL_EDOMAIN, "no limit lets the points follow limit - sqrt((a + b ln n)/n)");
    for (size_t k = 0; k < GRID; k++)
        sum += weight[k] = exp(-(fits[k].chi2 - best.chi2) / 2);
    for (size_t k = 0; k < GRID; k++)
        mean += (weight[k] /= sum) * fits[k].limit;
    *edge = 0;
    for (size_t k = 0; k < GRID; k++) {
        variance += weight[k] * pow(fits[k].limit - mean, 2);
        *edge += k >= GRID - GRID / 8 ? weight[k] : 0;
    }
    *result = (fl_extrapolation){
        .limit = mean,
        .error = sqrt(variance),
        .interval = {quantile(fits, weight, 0.025), quantile(fits, weight, 0.975)},
        .exponent = 0.5,
        .amplitude = best.amplitude,
        .growth = best.growth,
        .chi2 = best.chi2};
    return FL_OK;
}

fl_status extrapolate_extinction(const fl_point *points, size_t count, fl_extrapolation *result,
                                 double *edge) {
    double low = INFINITY, high = -INFINITY;
    fit *fits = malloc(GRID * sizeof *fits);
    double *weight = malloc(GRID * sizeof *weight);
    fl_status status = FL_OK;
    for (size_t k = 0; k < count; k++) {
        low = fmin(low, points[k].value);
        high = fmax(high, points[k].value);
    }
    if (!fits || !weight)
        status = fl_fail(FL_ENOMEM, "out of memory for an extrapolation");
    else if (!(high > low))
        status = fl_fail(FL_EDOMAIN, "an extrapolation needs points of different n");
    for (size_t k = 0; status == FL_OK && k < GRID; k++)
        fits[k] = fit_at(points, count, high + (high - low) * reach * (double)(k + 1) / GRID);
    if (status == FL_OK)
        status = summarise(fits, weight, result, edge);
    free(fits);
    free(weight);
    return status;
}
