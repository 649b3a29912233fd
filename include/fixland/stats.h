/* Error bars and tests. Sums run in the order of the array (compensated), so equal arrays give
 * equal bits. */
#ifndef FIXLAND_STATS_H
#define FIXLAND_STATS_H

#include <stddef.h>
#include <stdint.h>

#include "fixland/rng.h"
#include "fixland/status.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef struct fl_estimate {
    size_t samples;
    double mean; /* nan for no samples */
    double
        error; /* standard error of the mean, from the unbiased variance; nan below two samples */
} fl_estimate;

/* Mean of values[0..count-1] with its standard error. */
fl_estimate fl_mean(const double *values, size_t count);

/* Unbiased variance of values[0..count-1] (in `mean`) with a standard error from their fourth
 * moment; nan below two samples. */
fl_estimate fl_variance_estimate(const double *values, size_t count);

/* (value - expected) / error. 0 when value == expected, or but for rounding with an error as small; nan when the
 * error is not known; infinite when the error is 0 and the values differ. */
double fl_z(double value, double expected, double error);

/* P(|standard normal| >= |z|). */
double fl_p_normal(double z);

/* P(chi^2 with `freedom` degrees of freedom >= chi2). */
double fl_p_chi2(double chi2, double freedom);

/* P(sup |F_n - F| >= distance) for n independent draws: Kolmogorov's limit with Vrbik's correction
 * for finite n (Pioneer J. Theor. Appl. Stat. 15, 15, 2018). Error below 1e-3 for n >= 20; where p
 * is small it errs upwards. */
double fl_p_kolmogorov(double distance, size_t n);

typedef struct fl_interval {
    double low, high;
} fl_interval;

/* Wilson's interval for a probability, from `successes` of `trials`, at the two-sided level of `z`
 * standard deviations (1.959963984540054: 95 %). [0, 1] for no trials. doi:10.2307/2276774. */
fl_interval fl_wilson(uint64_t successes, uint64_t trials, double z);

/* The same from a fraction, and trials that need not be whole (effective ones of correlated data). */
fl_interval fl_wilson_of(double fraction, double trials, double z);

typedef struct fl_bootstrap_result {
    double value, error;  /* statistic of the sample, standard deviation over resamples */
    fl_interval interval; /* percentile interval of the level asked for */
} fl_bootstrap_result;

/* Bootstrap of `statistic` over `count` samples: each of `resamples` calls gets `count` indices
 * drawn with replacement (the first call, for the value, the identity). Resamples where it returns
 * nan are left out. `level` in (0, 1), 0.95 for example. FL_EINVAL for count = 0, resamples < 2 or
 * another level, FL_ENOMEM. */
fl_status fl_bootstrap(double (*statistic)(const size_t *index, size_t count, const void *data),
                       const void *data, size_t count, size_t resamples, double level, fl_rng *rng,
                       fl_bootstrap_result *result);

#ifdef __cplusplus
}
#endif
#endif
