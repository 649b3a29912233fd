/* See instances.h. */
#include "fixland/instances.h"

#include <inttypes.h>
#include <math.h>
#include <stdlib.h>

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

static fl_status refuse_given(const fl_instances *w) {
    return w->given ? fl_fail(FL_EDOMAIN, "a given matrix has no mean number of fixed points")
                    : FL_OK;
}

static fl_input_field input_of(const fl_instances *w) {
    return (fl_input_field){.each = w->input, .strength = w->input_strength};
}

/* A moment that is known without and with an input. */
typedef fl_status moment_without(const fl_ensemble *, size_t, double, double *);
typedef fl_status moment_with(const fl_ensemble *, size_t, double, const fl_input_field *,
                              double *);

static fl_status moment_of(const fl_instances *w, size_t n_index, double jd,
                           moment_without *without, moment_with *with, double *value) {
    FL_CHECK(refuse_given(w));
    const fl_input_field input = input_of(w);
    size_t n = (size_t)w->n[n_index];
    return fl_instances_driven(w) ? with(&w->ensemble, n, jd, &input, value)
                                  : without(&w->ensemble, n, jd, value);
}

fl_status fl_instances_log_mean(const fl_instances *w, size_t n_index, double jd,
                                double *log_mean) {
    return moment_of(w, n_index, jd, fl_log_mean_count, fl_log_mean_count_input, log_mean);
}

fl_status fl_instances_variance(const fl_instances *w, size_t n_index, double jd,
                                double *variance) {
    return moment_of(w, n_index, jd, fl_count_variance, fl_count_variance_input, variance);
}

fl_status fl_instances_log_mean_pairs(const fl_instances *w, size_t n_index, double jd,
                                      size_t distance, double *log_mean) {
    FL_CHECK(refuse_given(w));
    const fl_input_field input = input_of(w);
    size_t n = (size_t)w->n[n_index];
    return fl_instances_driven(w)
               ? fl_log_mean_pairs_input(&w->ensemble, n, jd, &input, distance, log_mean)
               : fl_log_mean_pairs(&w->ensemble, n, jd, distance, log_mean);
}

fl_status fl_instances_entropy_limit(const fl_instances *w, double jd, double *entropy) {
    FL_CHECK(refuse_given(w));
    const fl_input_field input = input_of(w);
    size_t count = w->input ? (size_t)w->n[0] : 1;
    return fl_instances_driven(w) ? fl_input_entropy_limit(&w->ensemble, jd, &input, count, entropy)
                                  : fl_ensemble_entropy_limit(&w->ensemble, jd, entropy);
}

fl_count_law fl_instances_law(const fl_instances *w, size_t n_index, double jd) {
    fl_count_law law = {.variance = NAN, .log_mean = NAN, .log_variance = NAN, .empty = NAN};
    if (!w->given && !fl_instances_driven(w))
        (void)fl_count_law_at(&w->ensemble, (size_t)w->n[n_index], jd, &law);
    else
        (void)fl_instances_variance(w, n_index, jd, &law.variance);
    return law;
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

/* Signs of a drawn input are a stream of their own: the network stays the same. */
static fl_status add_input(const fl_instances *w, uint64_t sample, fl_network *network) {
    size_t n = network->n;
    if (w->input)
        return fl_network_set_input(network, w->input);
    double *drawn = malloc(n * sizeof *drawn);
    if (!drawn)
        return fl_fail(FL_ENOMEM, "out of memory for an input of %zu neurons", n);
    fl_rng signs = fl_rng_stream(w->seed, FL_PURPOSE_INPUT, sample, n);
    for (size_t i = 0; i < n; i++)
        drawn[i] = fl_rng_uniform(&signs) < 0.5 ? -w->input_strength : w->input_strength;
    fl_status status = fl_network_set_input(network, drawn);
    free(drawn);
    return status;
}

fl_status fl_instances_draw(const fl_instances *w, const fl_instance *instance,
                            fl_network *network) {
    FL_CHECK(draw_plain(w, instance, network));
    fl_status status = fl_instances_driven(w) ? add_input(w, instance->sample, network) : FL_OK;
    if (status != FL_OK)
        fl_network_clear(network);
    return status;
}
