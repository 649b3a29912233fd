/* Configurations of a store that runs start from: see access.h. */
#include <stdlib.h>

#include "fixland/access.h"
#include "fixland/spins.h"
#include "fixland/store.h"

/* Is `set` rather to be taken than `chosen` (or NULL)? */
static bool is_better(const fl_store_set *set, const fl_store_set *chosen, double jd) {
    return set->count && (!chosen || (set->jd == jd && chosen->jd != jd));
}

/* `set` to the places of its size and sample: `chosen` is [n_index][sample][jd]. */
static void choose_set(const fl_access_plan *plan, const fl_store_set *set,
                       const fl_store_set **chosen) {
    uint64_t samples = fl_instances_samples(&plan->networks);
    for (size_t k = 0; k < fl_instances_sizes(&plan->networks) && set->sample < samples; k++) {
        const fl_store_set **place = chosen + (k * samples + set->sample) * plan->jd_count;
        if (set->n != fl_instances_neurons(&plan->networks, k))
            continue;
        for (size_t j = 0; j < plan->jd_count; j++)
            if (is_better(set, place[j], plan->jd[j]))
                place[j] = set;
    }
}

static fl_status read_starts(fl_store_reader *reader, const fl_store_set *set, uint64_t most,
                             fl_starts *starts) {
    starts->all = set->count;
    starts->count = set->count < most ? set->count : most;
    starts->spins = calloc(starts->count * fl_spins_words(set->n), sizeof *starts->spins);
    if (!starts->spins)
        return fl_fail(FL_ENOMEM, "out of memory for starts of %zu neurons", set->n);
    return fl_store_read(reader, set, 0, (size_t)starts->count, starts->spins);
}

static fl_status read_all_starts(fl_store_reader *reader, const fl_access_plan *plan,
                                 fl_starts *starts, size_t count) {
    const fl_store_set *sets, **chosen = calloc(count, sizeof *chosen);
    size_t set_count;
    fl_status status = chosen ? fl_store_sets(reader, &sets, &set_count)
                              : fl_fail(FL_ENOMEM, "out of memory for %zu starts", count);
    for (size_t k = 0; status == FL_OK && k < set_count; k++)
        choose_set(plan, &sets[k], chosen);
    for (size_t k = 0; status == FL_OK && k < count; k++)
        if (chosen[k])
            status = read_starts(reader, chosen[k], plan->replicas, &starts[k]);
    free(chosen);
    return status;
}

fl_status fl_access_starts(const fl_access_plan *plan, const char *path, fl_starts **starts,
                           size_t *count) {
    fl_store_reader *reader;
    *count = fl_instances_sizes(&plan->networks) * fl_instances_samples(&plan->networks) *
             plan->jd_count;
    *starts = calloc(*count, sizeof **starts);
    if (!*starts)
        return fl_fail(FL_ENOMEM, "out of memory for %zu starts", *count);
    fl_status status = fl_store_open(&reader, path);
    if (status == FL_OK) {
        status = read_all_starts(reader, plan, *starts, *count);
        fl_store_reader_close(reader);
    }
    if (status == FL_OK)
        return FL_OK;
    fl_starts_free(*starts, *count);
    *starts = NULL;
    return status;
}

void fl_starts_free(fl_starts *starts, size_t count) {
    for (size_t k = 0; starts && k < count; k++)
        free(starts[k].spins);
    free(starts);
}
