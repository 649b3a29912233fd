/* The test of a mean histogram against its exact mean: see fl_agreement_test in overlap.h.
 *
 * With K samples and b bins, T^2 (K - b) / (b (K - 1)) has the F distribution with b and K - b
 * degrees of freedom (Hotelling, doi:10.1214/aoms/1177732979) where the data are normal. Numbers of
 * pairs are skew: with few samples a true theory would be rejected up to twice as often as told. So
 * up to `most_resampled` samples the p-values come from a bootstrap: samples drawn again from the
 * data with their mean taken off, for which the theory "the mean is 0" is true. */
#include <gsl/gsl_cdf.h>
#include <gsl/gsl_matrix.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "fixland/overlap.h"
#include "fixland/rng.h"
#include "fixland/stats.h"
#include "src/core/positive.h"

/* Merged data: samples x bins, and their expectations. */
typedef struct merged {
    size_t samples, bins;
    double *values, *expected;
    gsl_matrix *covariance; /* of the means */
    gsl_vector *off, *solution;
} merged;

/* into[k]: the merged bin of bin k. Returns their number; a rest below `least` joins the last. */
static size_t plan_bins(const double *expected, size_t samples, size_t bins, double least,
                        size_t *into) {
    size_t merged_bins = 0;
    double sum = 0;
    for (size_t k = 0; k < bins; k++) {
        into[k] = merged_bins;
        sum += expected[k] * (double)samples;
        if (sum >= least) {
            merged_bins++;
            sum = 0;
        }
    }
    for (size_t k = 0; merged_bins && k < bins; k++)
        into[k] = into[k] < merged_bins ? into[k] : merged_bins - 1;
    return merged_bins;
}

static void merged_free(merged *m) {
    free(m->values);
    free(m->expected);
    gsl_matrix_free(m->covariance);
    gsl_vector_free(m->off);
    gsl_vector_free(m->solution);
}

static fl_status merged_new(merged *m) {
    m->values = calloc(m->samples * m->bins, sizeof *m->values);
    m->expected = calloc(m->bins, sizeof *m->expected);
    m->covariance = gsl_matrix_calloc(m->bins, m->bins);
    m->off = gsl_vector_alloc(m->bins);
    m->solution = gsl_vector_alloc(m->bins);
    if (m->values && m->expected && m->covariance && m->off && m->solution)
        return FL_OK;
    merged_free(m);
    return fl_fail(FL_ENOMEM, "out of memory for the covariance of %zu bins", m->bins);
}

/* Means minus expectations, covariance of the means, largest |z|. */
static void moments(merged *m, fl_agreement *a) {
    double k = (double)m->samples;
    for (size_t i = 0; i < m->bins; i++) {
        double mean = fl_mean(m->values + i * m->samples, m->samples).mean;
        gsl_vector_set(m->off, i, mean - m->expected[i]);
        for (size_t s = 0; s < m->samples; s++)
            m->values[i * m->samples + s] -= mean;
    }
    for (size_t i = 0; i < m->bins; i++)
        for (size_t j = 0; j <= i; j++) {
            double sum = 0;
            for (size_t s = 0; s < m->samples; s++)
                sum += m->values[i * m->samples + s] * m->values[j * m->samples + s];
            gsl_matrix_set(m->covariance, i, j, sum / (k - 1) / k);
            gsl_matrix_set(m->covariance, j, i, sum / (k - 1) / k);
        }
    a->max_z = 0;
    for (size_t i = 0; i < m->bins; i++)
        a->max_z = fmax(a->max_z, fabs(gsl_vector_get(m->off, i)) /
                                      sqrt(gsl_matrix_get(m->covariance, i, i)));
    a->max_p = fmin(1, (double)m->bins * fl_p_normal(a->max_z));
}

/* Scaled to unit diagonal first, so that common bins do not drown rare ones. Where C has no inverse both
 * numbers are nan. */
static fl_status hotelling(merged *m, fl_agreement *a) {
    double k = (double)m->samples, b = (double)m->bins;
    for (size_t i = 0; i < m->bins; i++) {
        double root = sqrt(gsl_matrix_get(m->covariance, i, i));
        gsl_vector_set(m->off, i, gsl_vector_get(m->off, i) / root);
        gsl_vector_view row = gsl_matrix_row(m->covariance, i);
        gsl_vector_view column = gsl_matrix_column(m->covariance, i);
        gsl_vector_scale(&row.vector, 1 / root);
        gsl_vector_scale(&column.vector, 1 / root);
    }
    a->t2 = a->p = NAN;
    gsl_vector_memcpy(m->solution, m->off);
    fl_status status = positive_solve(m->covariance, m->solution);
    if (status != FL_OK)
        return status == FL_EDOMAIN ? FL_OK : status;
    a->t2 = 0;
    for (size_t i = 0; i < m->bins; i++)
        a->t2 += gsl_vector_get(m->off, i) * gsl_vector_get(m->solution, i);
    a->p = gsl_cdf_fdist_Q(a->t2 * (k - b) / (b * (k - 1)), b, k - b);
    return FL_OK;
}

enum { RESAMPLES = 999 };
static const size_t most_resampled = 4000;

/* Samples drawn again from m, whose values are centred. */
static void draw_again(const merged *m, merged *again, fl_rng *rng) {
    for (size_t s = 0; s < m->samples; s++) {
        size_t from = fl_rng_below(rng, m->samples);
        for (size_t i = 0; i < m->bins; i++)
            again->values[i * m->samples + s] = m->values[i * m->samples + from];
    }
}

/* Shares of resamples that are at least as far off as the data. */
static fl_status bootstrap(const merged *m, fl_agreement *a) {
    merged again = {.samples = m->samples, .bins = m->bins};
    fl_rng rng = fl_rng_stream(1, FL_PURPOSE_BOOTSTRAP, m->samples, m->bins);
    size_t beyond = 0, beyond_max = 0;
    fl_status status = merged_new(&again);
    FL_CHECK(status);
    for (int b = 0; status == FL_OK && b < RESAMPLES; b++) {
        fl_agreement one;
        draw_again(m, &again, &rng);
        moments(&again, &one);
        status = hotelling(&again, &one);
        beyond += !(one.t2 < a->t2); /* what cannot be told counts as far off */
        beyond_max += !(one.max_z < a->max_z);
    }
    merged_free(&again);
    FL_CHECK(status);
    /* Beyond all resamples the tails of the normal theory are all that tells how far. */
    const double floor_of = 1.0 / (RESAMPLES + 1);
    if (!isnan(a->t2))
        a->p = beyond ? (double)(beyond + 1) * floor_of : fmin(floor_of, a->p);
    a->max_p = beyond_max ? (double)(beyond_max + 1) * floor_of : fmin(floor_of, a->max_p);
    return FL_OK;
}

static fl_status check_agreement(const merged *m, double least) {
    if (!m->bins)
        return fl_fail(FL_EINVAL, "fewer than %g are expected over all %zu samples: no bin to test",
                       least, m->samples);
    if (m->samples <= m->bins + 1)
        return fl_fail(FL_EINVAL, "%zu samples for %zu bins; at least %zu are needed", m->samples,
                       m->bins, m->bins + 2);
    return FL_OK;
}

static fl_status test(const double *values, size_t bins, const double *expected, const size_t *into,
                      merged *m, fl_agreement *agreement) {
    FL_CHECK(merged_new(m));
    for (size_t k = 0; k < bins; k++) {
        m->expected[into[k]] += expected[k];
        for (size_t s = 0; s < m->samples; s++)
            m->values[into[k] * m->samples + s] += values[s * bins + k];
    }
    agreement->bins = m->bins;
    moments(m, agreement);
    fl_status status = hotelling(m, agreement);
    if (status == FL_OK && m->samples <= most_resampled)
        status = bootstrap(m, agreement);
    merged_free(m);
    return status;
}

fl_status fl_agreement_test(const double *values, size_t samples, size_t bins,
                            const double *expected, double least, fl_agreement *agreement) {
    size_t *into = malloc((bins + 1) * sizeof *into);
    if (!into)
        return fl_fail(FL_ENOMEM, "out of memory for %zu bins", bins);
    merged m = {.samples = samples, .bins = plan_bins(expected, samples, bins, least, into)};
    fl_status status = check_agreement(&m, least);
    if (status == FL_OK)
        status = test(values, bins, expected, into, &m, agreement);
    free(into);
    return status;
}
