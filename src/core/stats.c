/* Error bars and tests: see stats.h. */
#include "fixland/stats.h"

#include <gsl/gsl_cdf.h>
#include <gsl/gsl_sort_double.h>
#include <gsl/gsl_statistics_double.h>
#include <math.h>
#include <stdlib.h>

/* Neumaier's compensated sum of (value - origin)^power, power 1, 2 or 4. */
static double moment(const double *values, size_t count, double origin, int power) {
    double sum = 0, lost = 0;
    for (size_t k = 0; k < count; k++) {
        double x = values[k] - origin, square = x * x;
        double term = power == 1 ? x : power == 2 ? square : square * square, next = sum + term;
        lost += fabs(sum) >= fabs(term) ? (sum - next) + term : (term - next) + sum;
        sum = next;
    }
    return sum + lost;
}

fl_estimate fl_mean(const double *values, size_t count) {
    fl_estimate result = {count, NAN, NAN};
    if (count == 0)
        return result;
    double n = (double)count;
    result.mean = moment(values, count, 0, 1) / n;
    if (count > 1) {
        /* What rounding has left in the mean is taken out again. */
        double drift = moment(values, count, result.mean, 1) / n;
        double square = moment(values, count, result.mean, 2) - n * drift * drift;
        result.error = sqrt(fmax(0, square) / (n - 1) / n);
    }
    return result;
}

fl_estimate fl_variance_estimate(const double *values, size_t count) {
    fl_estimate result = {count, NAN, NAN};
    if (count < 2)
        return result;
    double n = (double)count, mean = fl_mean(values, count).mean;
    result.mean = moment(values, count, mean, 2) / (n - 1);
    /* Var(s^2) = (mu_4 - (n - 3)/(n - 1) sigma^4)/n. */
    double fourth = moment(values, count, mean, 4) / n;
    result.error = sqrt(fmax(0, fourth - (n - 3) / (n - 1) * result.mean * result.mean) / n);
    return result;
}

double fl_z(double value, double expected, double error) {
    const double rounding = 1e-12 * fmax(fabs(value), fabs(expected));
    if (value == expected || (fabs(value - expected) <= rounding && error <= rounding))
        return 0; /* no error at all, and no difference but what sums of exact numbers leave */
    return (value - expected) / error;
}

double fl_p_normal(double z) {
    return erfc(fabs(z) * M_SQRT1_2);
}

double fl_p_chi2(double chi2, double freedom) {
    return gsl_cdf_chisq_Q(chi2, freedom);
}

double fl_p_kolmogorov(double distance, size_t n) {
    double root = sqrt((double)n), limit = root * distance, sum = 0;
    double x = limit + 1 / (6 * root) + (limit - 1) / (4 * (double)n);
    if (x < 0.2)
        return 1;
    for (int k = 100; k >= 1; k--)
        sum += (k % 2 ? 2 : -2) * exp(-2.0 * k * k * x * x);
    return fmin(1, fmax(0, sum));
}

fl_interval fl_wilson_of(double p, double trials, double z) {
    if (!(trials > 0))
        return (fl_interval){0, 1};
    double z2 = z * z, centre = (p + z2 / (2 * trials)) / (1 + z2 / trials);
    double half = z / (1 + z2 / trials) * sqrt(p * (1 - p) / trials + z2 / (4 * trials * trials));
    /* Rounding must not push the ends beyond what they are exactly. */
    return (fl_interval){p == 0 ? 0 : fmax(0, centre - half), p == 1 ? 1 : fmin(1, centre + half)};
}

fl_interval fl_wilson(uint64_t successes, uint64_t trials, double z) {
    return fl_wilson_of(trials ? (double)successes / (double)trials : 0, (double)trials, z);
}

/* Fills `values` with the statistic of resamples; returns how many were numbers. */
static size_t resample(double (*statistic)(const size_t *, size_t, const void *), const void *data,
                       size_t count, size_t resamples, fl_rng *rng, size_t *index, double *values) {
    size_t good = 0;
    for (size_t r = 0; r < resamples; r++) {
        for (size_t k = 0; k < count; k++)
            index[k] = (size_t)fl_rng_below(rng, count);
        double value = statistic(index, count, data);
        if (!isnan(value))
            values[good++] = value;
    }
    return good;
}

fl_status fl_bootstrap(double (*statistic)(const size_t *index, size_t count, const void *data),
                       const void *data, size_t count, size_t resamples, double level, fl_rng *rng,
                       fl_bootstrap_result *result) {
    if (count == 0 || resamples < 2)
        return fl_fail(FL_EINVAL, "a bootstrap of %zu samples with %zu resamples has no error",
                       count, resamples);
    if (!(level > 0 && level < 1))
        return fl_fail(FL_EINVAL, "the level of an interval is %g; it lies in (0, 1)", level);
    size_t *index = malloc(count * sizeof *index);
    double *values = malloc(resamples * sizeof *values);
    if (!index || !values) {
        free(index);
        free(values);
        return fl_fail(FL_ENOMEM, "out of memory for a bootstrap of %zu samples", count);
    }
    for (size_t k = 0; k < count; k++)
        index[k] = k;
    *result = (fl_bootstrap_result){statistic(index, count, data), NAN, {NAN, NAN}};
    size_t good = resample(statistic, data, count, resamples, rng, index, values);
    if (good > 1) {
        gsl_sort(values, 1, good);
        result->error = gsl_stats_sd(values, 1, good);
        result->interval.low =
            gsl_stats_quantile_from_sorted_data(values, 1, good, 0.5 * (1 - level));
        result->interval.high =
            gsl_stats_quantile_from_sorted_data(values, 1, good, 0.5 * (1 + level));
    }
    free(index);
    free(values);
    return FL_OK;
}
