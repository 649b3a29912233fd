/* See instances.h. */
#include "fixland/instances.h"

#include <inttypes.h>
#include <math.h>
#include <string.h>

#include "fixland/gaussian.h"
#include "fixland/moments.h"
#include "fixland/rng.h"

fl_status fl_instances_check(const fl_instances *w, size_t most) {
    FL_CHECK(fl_ensemble_check(&w->ensemble));
    if (w->shard > w->shards || (w->shards && !w->shard))
        return fl_fail(FL_EINVAL, "shard %" PRIu64 " of %" PRIu64 "; allowed: 1 to their number",
                       w->shard, w->shards);
    if (w->given)
        return w->given->n <= most
                   ? FL_OK
                   : fl_fail(FL_EINVAL, "%zu neurons; allowed: at most %zu", w->given->n, most);
    if (w->samples < 1)
        return fl_fail(FL_EINVAL, "0 samples; allowed: at least 1");
    for (size_t k = 0; k < w->n_count; k++)
        if (w->n[k] < 1 || (uint64_t)w->n[k] > most / w->ensemble.modules)
            return fl_fail(FL_EINVAL,
                           "%" PRId64 " neurons in %zu modules; allowed: 1 to %zu neurons in all",
                           w->n[k], w->ensemble.modules, most);
    return FL_OK;
}

size_t fl_instances_sizes(const fl_instances *w) {
    return w->given ? 1 : w->n_count;
}

uint64_t fl_instances_samples(const fl_instances *w) {
    return w->given ? 1 : w->samples;
}

int64_t fl_instances_n(const fl_instances *w, size_t n_index) {
    return w->given ? (int64_t)w->given->n : w->n[n_index];
}

size_t fl_instances_neurons(const fl_instances *w, size_t n_index) {
    return w->given ? w->given->n : (size_t)w->n[n_index] * w->ensemble.modules;
}

bool fl_instances_driven(const fl_instances *w) {
    return w->input || w->input_strength != 0;
}

size_t fl_instances_searched(const fl_instances *w, size_t n_index) {
    return fl_instances_neurons(w, n_index) + (fl_instances_driven(w) ? 1 : 0);
}

/* The mean over one neuron of fields +-h: both signs of the spin. */
static double log_driven(double k, double h) {
    double with = fl_log_normal_cdf(k + fabs(h)), against = fl_log_normal_cdf(k - fabs(h));
    return with + log1p(exp(against - with));
}

fl_status fl_instances_log_mean(const fl_instances *w, size_t n_index, double jd,
                                double *log_mean) {
    const fl_ensemble *e = &w->ensemble;
    size_t n = fl_instances_neurons(w, n_index);
    if (w->given)
        return fl_fail(FL_EDOMAIN, "a given matrix has no mean number of fixed points");
    if (!fl_instances_driven(w))
        return fl_log_mean_count(e, (size_t)w->n[n_index], jd, log_mean);
    if (e->distribution != FL_GAUSSIAN || e->eta != 0 || e->dilution < 1 || e->modules > 1 || n < 2)
        return fl_fail(FL_EDOMAIN, "under an input the mean is known for independent Gaussian "
                                   "couplings in one module only");
    double sigma = fl_ensemble_scale(e, n) * sqrt((double)n - 1), sum = 0;
    for (size_t i = 0; i < n; i++)
        sum += log_driven(jd / sigma, (w->input ? w->input[i] : w->input_strength) / sigma);
    *log_mean = sum;
    return FL_OK;
}

void fl_shard_range(uint64_t total, uint64_t shard, uint64_t shards, uint64_t *from,
                    uint64_t *until) {
    *from = shards ? (uint64_t)((unsigned __int128)total * (shard - 1) / shards) : 0;
    *until = shards ? (uint64_t)((unsigned __int128)total * shard / shards) : total;
}

static void range_of(const fl_instances *w, uint64_t *from, uint64_t *until) {
    fl_shard_range(fl_instances_sizes(w) * fl_instances_samples(w), w->shard, w->shards, from,
                   until);
}

uint64_t fl_instances_count(const fl_instances *w) {
    uint64_t from, until;
    range_of(w, &from, &until);
    return until - from;
}

fl_instance fl_instances_get(const fl_instances *w, uint64_t k) {
    uint64_t from, until, samples = fl_instances_samples(w);
    range_of(w, &from, &until);
    return (fl_instance){.n_index = (size_t)((from + k) / samples), .sample = (from + k) % samples};
}

bool fl_instances_end_of_size(const fl_instances *w, uint64_t k) {
    return k + 1 == fl_instances_count(w) || fl_instances_get(w, k + 1).sample == 0;
}

static fl_status draw_plain(const fl_instances *w, const fl_instance *instance,
                            fl_network *network) {
    if (w->given)
        return fl_network_copy(network, w->given);
    return fl_network_draw(network, &w->ensemble, (size_t)w->n[instance->n_index], w->seed,
                           instance->sample);
}

/* Stable at every J_D above minus this. */
static const double steadfast = 1000;

/* `plain` with the input as the couplings from one more neuron. */
static fl_status add_input(const fl_instances *w, uint64_t sample, const fl_network *plain,
                           fl_network *network) {
    size_t n = plain->n;
    FL_CHECK(fl_network_new(network, n + 1));
    fl_rng signs = fl_rng_stream(w->seed, FL_PURPOSE_INPUT, sample, n);
    for (size_t i = 0; i < n; i++) {
        double drawn = fl_rng_uniform(&signs) < 0.5 ? -w->input_strength : w->input_strength;
        memcpy(network->J + i * (n + 1), plain->J + i * n, n * sizeof *plain->J);
        network->J[i * (n + 1) + n] = w->input ? w->input[i] : drawn;
        network->diagonal[i] = plain->diagonal[i];
    }
    network->diagonal[n] = steadfast;
    return FL_OK;
}

fl_status fl_instances_draw(const fl_instances *w, const fl_instance *instance,
                            fl_network *network) {
    if (!fl_instances_driven(w))
        return draw_plain(w, instance, network);
    fl_network plain;
    FL_CHECK(draw_plain(w, instance, &plain));
    fl_status status = add_input(w, instance->sample, &plain, network);
    fl_network_clear(&plain);
    return status;
}
