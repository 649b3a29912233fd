/* Joining stores: see merge.h. Sets are copied in the order of the shards; a sample that a shard's
 * end cuts is continued by the first sets of the next shards. */
#include <stdlib.h>
#include <string.h>

#include "fixland/spins.h"
#include "fixland/store.h"
#include "mc/enumerate/merge.h"

enum { BATCH = 4096 };

/* A shard's store. */
typedef struct source {
    fl_store_reader *reader;
    const fl_store_set *sets;
    size_t count;
    bool *used; /* sets that are in the output */
} source;

typedef struct merger {
    source *sources;   /* as on the command line */
    merge_part *parts; /* in order */
    size_t count, jd_count;
    bool weighted; /* weights go along, at the size at hand */
    fl_store *output;
} merger;

/* A batch of the set, through `spins` and `weights`. */
static fl_status copy_batch(merger *m, const source *s, const fl_store_set *set, uint64_t at,
                            uint64_t *spins, double *weights) {
    size_t batch = set->count - at < BATCH ? (size_t)(set->count - at) : BATCH;
    FL_CHECK(fl_store_read(s->reader, set, at, batch, spins));
    if (m->weighted)
        FL_CHECK(fl_store_weights(s->reader, set, at, batch, weights));
    return fl_store_append(m->output, spins, batch, m->weighted ? weights : NULL);
}

static fl_status copy_set(merger *m, const source *s, const fl_store_set *set) {
    uint64_t *spins = malloc(BATCH * fl_spins_words(set->n) * sizeof *spins);
    double *weights = malloc(BATCH * sizeof *weights);
    fl_status status =
        spins && weights
            ? FL_OK
            : fl_fail(FL_ENOMEM, "out of memory for configurations of %zu neurons", set->n);
    for (uint64_t at = 0; status == FL_OK && at < set->count; at += BATCH)
        status = copy_batch(m, s, set, at, spins, weights);
    free(spins);
    free(weights);
    return status;
}

/* The first set of that size in the source. */
static size_t size_begin(const source *s, size_t n) {
    size_t k = 0;
    while (k < s->count && s->sets[k].n != n)
        k++;
    return k;
}

/* What continues `set` in the parts from `part` on. */
static fl_status copy_rest(merger *m, size_t part, const fl_store_set *set) {
    for (; part < m->count; part++) {
        source *s = &m->sources[m->parts[part].index];
        size_t begin = size_begin(s, set->n), end = begin + m->jd_count;
        for (size_t k = begin; k < end && k < s->count; k++) {
            const fl_store_set *other = &s->sets[k];
            if (s->used[k] || other->n != set->n || other->sample != set->sample ||
                other->jd != set->jd)
                continue;
            s->used[k] = true;
            FL_CHECK(copy_set(m, s, other));
            break;
        }
    }
    return FL_OK;
}

/* The network of a sample after its last set, if there is one. */
static fl_status copy_network(merger *m, const source *s, const fl_store_set *set) {
    fl_network network;
    fl_status status = fl_store_read_network(s->reader, set->n, set->sample, &network);
    if (status == FL_EDOMAIN)
        return FL_OK;
    FL_CHECK(status);
    status = fl_store_network(m->output, set->sample, &network);
    fl_network_clear(&network);
    return status;
}

static fl_status copy_part(merger *m, size_t part, size_t n) {
    source *s = &m->sources[m->parts[part].index];
    for (size_t k = size_begin(s, n); k < s->count && s->sets[k].n == n; k++) {
        const fl_store_set *set = &s->sets[k];
        if (s->used[k])
            continue;
        s->used[k] = true;
        FL_CHECK(fl_store_begin(m->output, n, set->jd, set->sample));
        FL_CHECK(copy_set(m, s, set));
        FL_CHECK(copy_rest(m, part + 1, set));
        bool last =
            k + 1 == s->count || s->sets[k + 1].n != n || s->sets[k + 1].sample != set->sample;
        if (last)
            FL_CHECK(copy_network(m, s, set));
    }
    return FL_OK;
}

/* Parts without a configuration of that size have no weights either. */
static fl_status copy_size(merger *m, size_t n) {
    m->weighted = false;
    for (size_t part = 0; part < m->count; part++)
        m->weighted = m->weighted || fl_store_weighted(m->sources[part].reader, n);
    for (size_t part = 0; part < m->count; part++)
        FL_CHECK(copy_part(m, part, n));
    return FL_OK;
}

static fl_status copy_all(merger *m, const merge_plan *plan) {
    const fl_instances *networks = &plan->plan.networks;
    for (size_t k = 0; k < networks->n_count; k++)
        FL_CHECK(copy_size(m, fl_instances_neurons(networks, k)));
    return FL_OK;
}

static fl_status open_sources(merger *m, const char *const *paths) {
    for (size_t k = 0; k < m->count; k++) {
        source *s = &m->sources[k];
        FL_CHECK(fl_store_open(&s->reader, paths[k]));
        FL_CHECK(fl_store_sets(s->reader, &s->sets, &s->count));
        m->parts[k] = (merge_part){.path = paths[k], .meta = fl_store_meta(s->reader), .index = k};
        s->used = calloc(s->count + 1, sizeof *s->used);
        if (!s->used)
            return fl_fail(FL_ENOMEM, "out of memory for %zu sets", s->count);
    }
    return merge_order(m->parts, m->count);
}

static fl_status join_sources(merger *m, const char *output, bool force, fl_meta *meta) {
    merge_plan plan;
    FL_CHECK(merge_provenance(m->parts, m->count, meta));
    FL_CHECK(merge_plan_read(&plan, &m->parts[0]));
    m->jd_count = plan.plan.jd_count;
    fl_status status = fl_store_create(&m->output, output, force, meta);
    if (status == FL_OK)
        status = copy_all(m, &plan);
    merge_plan_clear(&plan);
    if (status == FL_OK)
        return fl_store_close(m->output);
    fl_store_discard(m->output);
    return status;
}

fl_status merge_stores(const char *const *paths, size_t count, const char *output, bool force,
                       fl_meta *meta) {
    merger m = {.count = count,
                .sources = calloc(count, sizeof *m.sources),
                .parts = calloc(count, sizeof *m.parts)};
    fl_status status = m.sources && m.parts
                           ? open_sources(&m, paths)
                           : fl_fail(FL_ENOMEM, "out of memory for %zu stores", count);
    if (status == FL_OK)
        status = join_sources(&m, output, force, meta);
    for (size_t k = 0; m.sources && k < count; k++) {
        fl_store_reader_close(m.sources[k].reader);
        free(m.sources[k].used);
    }
    free(m.sources);
    free(m.parts);
    return status;
}
