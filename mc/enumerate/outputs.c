/* Rows, summaries and stores of fl-enumerate: see outputs.h. */
#include "mc/enumerate/outputs.h"

#include <math.h>
#include <stdlib.h>

#include "fixland/moments.h"
#include "fixland/spins.h"
#include "fixland/stats.h"

const fl_column outputs_rows[4] = {
    {"n", FL_INTEGER, NULL},
    {"jd", FL_REAL, NULL},
    {"sample", FL_INTEGER, NULL},
    {"count", FL_INTEGER, NULL},
};

const fl_column outputs_summary[10] = {
    {"n", FL_INTEGER, NULL},
    {"jd", FL_REAL, NULL},
    {"samples", FL_INTEGER, NULL},
    {"mean_count", FL_REAL, NULL},
    {"std_error", FL_REAL, NULL},
    {"exact_mean", FL_REAL, NULL},
    {"z", FL_REAL, NULL},
    {"fraction_empty", FL_REAL, NULL},
    {"quenched_entropy", FL_REAL, "nats"},
    {"quenched_error", FL_REAL, "nats"},
};

static int64_t size_of(const outputs *o, size_t n_index) {
    return o->plan->given ? (int64_t)o->plan->given->n : o->plan->n[n_index];
}

/* The closed form, nan where there is none (eta != 0, a given matrix). */
static double exact_mean(const fl_sample_plan *plan, int64_t n, double jd) {
    double log_mean;
    if (plan->given || fl_log_mean_count(&plan->ensemble, (size_t)n, jd, &log_mean) != FL_OK)
        return NAN;
    return exp(log_mean);
}

/* Mean of ln(count) / neurons over the samples that have fixed points; `counts` is overwritten. */
static fl_estimate quenched(double *counts, size_t samples, double neurons) {
    size_t some = 0;
    for (size_t k = 0; k < samples; k++)
        if (counts[k] > 0)
            counts[some++] = log(counts[k]) / neurons;
    return fl_mean(counts, some);
}

static fl_status summary_row(outputs *o, size_t n_index, size_t jd_index) {
    const fl_sample_plan *plan = o->plan;
    int64_t n = size_of(o, n_index);
    size_t samples = plan->given ? 1 : (size_t)plan->samples;
    double *counts = o->counts + jd_index * samples, jd = plan->jd[jd_index];
    double exact = exact_mean(plan, n, jd);
    double neurons = (double)n * (plan->given ? 1 : (double)plan->ensemble.modules);
    fl_estimate mean = fl_mean(counts, samples), entropy = quenched(counts, samples, neurons);
    double empty = 1 - (double)entropy.samples / (double)samples;
    const fl_cell row[] = {FL_INT(n),
                           FL_NUM(jd),
                           FL_INT(samples),
                           FL_NUM(mean.mean),
                           FL_NUM(mean.error),
                           FL_NUM(exact),
                           FL_NUM(fl_z(mean.mean, exact, mean.error)),
                           FL_NUM(empty),
                           FL_NUM(entropy.mean),
                           FL_NUM(entropy.error)};
    return fl_table_row(o->table, row);
}

static fl_status take_summary(outputs *o, const fl_sample_result *result) {
    const fl_sample_plan *plan = o->plan;
    size_t samples = plan->given ? 1 : (size_t)plan->samples;
    for (size_t k = 0; k < plan->jd_count; k++)
        o->counts[k * samples + result->sample] = (double)result->counts[k];
    if (result->sample + 1 < samples)
        return FL_OK;
    for (size_t k = 0; k < plan->jd_count; k++)
        FL_CHECK(summary_row(o, result->n_index, k));
    return FL_OK;
}

static fl_status take_rows(outputs *o, const fl_sample_result *result) {
    for (size_t k = 0; k < o->plan->jd_count; k++) {
        const fl_cell row[] = {FL_INT(size_of(o, result->n_index)), FL_NUM(o->plan->jd[k]),
                               FL_INT(result->sample), FL_INT(result->counts[k])};
        FL_CHECK(fl_table_row(o->table, row));
    }
    return FL_OK;
}

/* Each configuration is followed by its mirror image. */
static fl_status store_set(outputs *o, const fl_sample_result *result, size_t jd_index) {
    size_t n = result->network->n, words = fl_spins_words(n);
    uint64_t pair[2 * (FL_GRAYCODE_MAX / 64 + 1)];
    FL_CHECK(fl_store_begin(o->store, n, o->plan->jd[jd_index], result->sample));
    for (size_t k = 0; k < result->kept; k++) {
        if (result->levels[k] > result->ranks[jd_index])
            continue;
        for (size_t w = 0; w < words; w++)
            pair[w] = pair[words + w] = result->spins[k * words + w];
        fl_spins_negate(pair + words, n);
        FL_CHECK(fl_store_append(o->store, pair, 2, NULL));
    }
    return FL_OK;
}

static fl_status take_store(outputs *o, const fl_sample_result *result) {
    for (size_t k = 0; k < o->plan->jd_count; k++)
        FL_CHECK(store_set(o, result, k));
    if (o->store_networks)
        FL_CHECK(fl_store_network(o->store, result->sample, result->network));
    return FL_OK;
}

fl_status outputs_take(void *context, const fl_sample_result *result) {
    outputs *o = context;
    if (o->store)
        FL_CHECK(take_store(o, result));
    return o->summary ? take_summary(o, result) : take_rows(o, result);
}
