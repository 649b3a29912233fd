/* Centres from a store: see store_centres.h. All are read beforehand: HDF5 is for one thread. */
#include "mc/message/store_centres.h"

#include <stdlib.h>
#include <string.h>

#include "fixland/spins.h"
#include "fixland/store.h"
#include "src/cli/runs.h"

static size_t place_of(const store_centres *c, size_t n_index, uint64_t sample, size_t jd_index) {
    return ((size_t)fl_instances_samples(&c->n->networks) * n_index + (size_t)sample) *
               c->n->jd_count +
           jd_index;
}

static fl_status read_first(store_centres *c, fl_store_reader *reader, const fl_store_set *set,
                            size_t place) {
    if (c->first[place])
        return FL_OK;
    c->first[place] = calloc(fl_spins_words(set->n), sizeof **c->first);
    if (!c->first[place])
        return fl_fail(FL_ENOMEM, "out of memory for a centre of %zu neurons", set->n);
    return fl_store_read(reader, set, 0, 1, c->first[place]);
}

static fl_status read_store_centres_set(store_centres *c, fl_store_reader *reader,
                                        const fl_store_set *set, size_t *found) {
    const fl_instances *networks = &c->n->networks;
    for (size_t i = 0; i < fl_instances_sizes(networks); i++)
        for (size_t k = 0; k < c->n->jd_count; k++)
            if (set->count && set->n == fl_instances_neurons(networks, i) &&
                set->sample < fl_instances_samples(networks) && set->jd == c->n->jd[k]) {
                FL_CHECK(read_first(c, reader, set, place_of(c, i, set->sample, k)));
                ++*found;
            }
    return FL_OK;
}

fl_status store_centres_read(store_centres *c, const char *path, const fl_message_networks *n,
                             const fl_meta *told) {
    fl_store_reader *reader;
    const fl_store_set *sets;
    size_t set_count, found = 0;
    *c = (store_centres){.n = n};
    c->count = place_of(c, fl_instances_sizes(&n->networks), 0, 0);
    c->first = calloc(c->count + 1, sizeof *c->first);
    if (!c->first)
        return fl_fail(FL_ENOMEM, "out of memory for %zu centres", c->count);
    FL_CHECK(fl_store_open(&reader, path));
    fl_status status = runs_same_networks(path, fl_store_meta(reader), told, true);
    if (status == FL_OK)
        status = fl_store_sets(reader, &sets, &set_count);
    for (size_t s = 0; status == FL_OK && s < set_count; s++)
        status = read_store_centres_set(c, reader, &sets[s], &found);
    fl_store_reader_close(reader);
    if (status == FL_OK && found == 0)
        return fl_fail(FL_EDOMAIN, "%s: no configuration of these sizes, J_D and samples", path);
    return status;
}

void store_centres_clear(store_centres *c) {
    for (size_t k = 0; c->first && k < c->count; k++)
        free(c->first[k]);
    free(c->first);
}

fl_status store_centres_get(const store_centres *c, const fl_instance *instance, size_t jd_index,
                            uint64_t *spins, bool *found) {
    const uint64_t *first = c->first[place_of(c, instance->n_index, instance->sample, jd_index)];
    *found = first != NULL;
    if (first)
        memcpy(spins, first,
               fl_spins_words(fl_instances_neurons(&c->n->networks, instance->n_index)) *
                   sizeof *spins);
    return FL_OK;
}
