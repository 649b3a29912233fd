/* See instances.h. */
#include "fixland/instances.h"

#include <inttypes.h>

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

fl_status fl_instances_draw(const fl_instances *w, const fl_instance *instance,
                            fl_network *network) {
    if (w->given)
        return fl_network_copy(network, w->given);
    return fl_network_draw(network, &w->ensemble, (size_t)w->n[instance->n_index], w->seed,
                           instance->sample);
}
