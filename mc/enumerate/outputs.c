/* Rows, summaries and stores of fl-enumerate: see outputs.h. */
#include "mc/enumerate/outputs.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "fixland/spins.h"
#include "fixland/stats.h"

const fl_column outputs_rows[5] = {
    FL_COLUMNS_SAMPLE(FL_COLUMN_N),
    {"count", FL_INTEGER, NULL, "fixed points; without input both of each mirror pair s and -s"},
    {"exact", FL_INTEGER, NULL,
     "with --limit or --shard only: 1 when these are all, 0 when the limit was met"},
};

const fl_column outputs_summary[OUTPUTS_SUMMARY_COLUMNS] = {
    FL_COLUMNS_SAMPLES(FL_COLUMN_N),
    {"mean_count", FL_REAL, NULL, "fixed points, mean over samples"},
    {"std_error", FL_REAL, NULL, "of mean_count, over samples"},
    {"exact_mean", FL_REAL, NULL,
     "the closed form at this n (nan where none is known: --network, or eta not 0 with binary or "
     "diluted couplings or modules)"},
    {"z", FL_REAL, NULL, "(mean_count - exact_mean) / std_error"},
    {"fraction_empty", FL_REAL, NULL, "of samples without fixed point"},
    {"quenched_entropy", FL_REAL, "nats", "mean of ln(count) per neuron over the other samples"},
    {"quenched_error", FL_REAL, "nats", "of quenched_entropy, over samples"},
    FL_COLUMNS_ESTIMATE("log_variance", "log_variance_error", NULL,
                        "variance of ln(count) over those samples"),
    FL_COLUMNS_LAW,
    {"predicted_entropy", FL_REAL, "nats",
     "conjectured quenched_entropy: (ln(exact_mean) - predicted_log_variance / 2) / neurons"},
};

static int64_t outputs_size_of(const outputs *o, size_t n_index) {
    return fl_instances_n(&o->plan->networks, n_index);
}

/* The closed form, nan where there is none (a given matrix, say). */
static double exact_mean(const fl_sample_plan *plan, size_t n_index, double jd) {
    double log_mean;
    if (fl_instances_log_mean(&plan->networks, n_index, jd, &log_mean) != FL_OK)
        return NAN;
    return exp(log_mean);
}

/* ln(count) / neurons of the samples that have fixed points, in the place of `counts`; returns their
 * number. */
static size_t logs_per_neuron(double *counts, size_t samples, double neurons) {
    size_t some = 0;
    for (size_t k = 0; k < samples; k++)
        if (counts[k] > 0)
            counts[some++] = log(counts[k]) / neurons;
    return some;
}

static fl_status summary_row(outputs *o, size_t n_index, size_t jd_index) {
    const fl_sample_plan *plan = o->plan;
    int64_t n = outputs_size_of(o, n_index);
    size_t samples = (size_t)fl_instances_samples(&plan->networks);
    double *counts = o->counts + jd_index * samples, jd = plan->jd[jd_index];
    double exact = exact_mean(plan, n_index, jd);
    double neurons = (double)fl_instances_neurons(&plan->networks, n_index);
    fl_estimate mean = fl_mean(counts, samples);
    size_t some = logs_per_neuron(counts, samples, neurons);
    fl_estimate entropy = fl_mean(counts, some), spread = fl_variance_estimate(counts, some);
    fl_count_law law = fl_instances_law(&plan->networks, n_index, jd);
    double empty = (double)(samples - entropy.samples) / (double)samples;
    const fl_cell row[] = {FL_INT(n),
                           FL_NUM(jd),
                           FL_INT(samples),
                           FL_NUM(mean.mean),
                           FL_NUM(mean.error),
                           FL_NUM(exact),
                           FL_NUM(fl_z(mean.mean, exact, mean.error)),
                           FL_NUM(empty),
                           FL_NUM(entropy.mean),
                           FL_NUM(entropy.error),
                           FL_NUM(spread.mean * neurons * neurons),
                           FL_NUM(spread.error * neurons * neurons),
                           FL_CELLS_LAW(law),
                           FL_NUM(law.log_mean / neurons)};
    return fl_table_row(o->files.table, row);
}

static fl_status take_summary(outputs *o, const fl_sample_result *result) {
    const fl_sample_plan *plan = o->plan;
    size_t samples = (size_t)fl_instances_samples(&plan->networks);
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
        const fl_cell row[] = {FL_INT(outputs_size_of(o, result->n_index)), FL_NUM(o->plan->jd[k]),
                               FL_INT(result->sample), FL_INT(result->counts[k]),
                               FL_INT(result->exact)};
        FL_CHECK(fl_table_row(o->files.table, row));
    }
    return FL_OK;
}

enum { PAIRS = 512 };

/* Without the neuron that stands for an input. */
static size_t stored_neurons(const outputs *o, const fl_network *network) {
    return network->n - (fl_instances_driven(&o->plan->networks) ? 1 : 0);
}

/* Under an input: no mirror images, and no neuron that stands for the input (it is +1 in all that
 * are listed, the last bit). */
static size_t drop_input(const uint64_t *spins, const uint8_t *levels, size_t count, size_t n,
                         uint8_t rank, uint64_t *out) {
    size_t kept = fl_without_mirrors(spins, levels, count, n, rank, out);
    fl_drop_last(out, kept, n - 1, out);
    return kept;
}

/* The configurations at J_D number jd_index into the set that was begun. */
static fl_status store_pairs(outputs *o, const fl_network *network, const uint64_t *spins,
                             const uint8_t *levels, size_t count, uint8_t rank) {
    size_t words = fl_spins_words(network->n);
    uint64_t pairs[2 * PAIRS * FL_ENUMERATE_MAX / 64];
    for (size_t k = 0; k < count; k += PAIRS) {
        size_t some = count - k < PAIRS ? count - k : PAIRS;
        size_t found =
            fl_instances_driven(&o->plan->networks)
                ? drop_input(spins + k * words, levels + k, some, network->n, rank, pairs)
                : fl_mirror_pairs(spins + k * words, levels + k, some, network->n, rank, pairs);
        FL_CHECK(fl_store_append(o->files.store, pairs, found, NULL));
    }
    return FL_OK;
}

fl_status outputs_part(void *context, const fl_sample_part *part) {
    outputs *o = context;
    size_t n = part->network->n;
    bool single = o->plan->jd_count == 1;
    o->network = part->network;
    o->ranks = part->ranks;
    if (part->first)
        FL_CHECK(single ? fl_store_begin(o->files.store, stored_neurons(o, part->network),
                                         o->plan->jd[0], part->sample)
                        : spool_start(&o->spool));
    if (single)
        return store_pairs(o, part->network, part->spins, part->levels, part->kept, part->ranks[0]);
    return spool_add(&o->spool, part->spins, part->levels, part->kept, fl_spins_words(n));
}

static fl_status store_set(outputs *o, uint64_t sample, size_t jd_index) {
    size_t n = o->network->n, count;
    FL_CHECK(fl_store_begin(o->files.store, stored_neurons(o, o->network), o->plan->jd[jd_index],
                            sample));
    FL_CHECK(spool_rewind(&o->spool));
    for (;;) {
        FL_CHECK(spool_next(&o->spool, fl_spins_words(n), &count));
        if (count == 0)
            return FL_OK;
        FL_CHECK(
            store_pairs(o, o->network, o->spool.spins, o->spool.levels, count, o->ranks[jd_index]));
    }
}

static fl_status take_store(outputs *o, const fl_sample_result *result) {
    for (size_t k = 0; o->plan->jd_count > 1 && k < o->plan->jd_count; k++)
        FL_CHECK(store_set(o, result->sample, k));
    if (o->store_networks)
        FL_CHECK(fl_store_network(o->files.store, result->sample, result->network));
    return FL_OK;
}

fl_status outputs_take(void *context, const fl_sample_result *result) {
    outputs *o = context;
    if (o->files.store)
        FL_CHECK(take_store(o, result));
    return o->summary ? take_summary(o, result) : take_rows(o, result);
}
