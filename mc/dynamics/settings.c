/* What run and trace share: settings of the dynamics, starts from a store. */
#include <stdlib.h>
#include <string.h>

#include "fixland/dynamics.h"
#include "fixland/spins.h"
#include "fixland/store.h"
#include "mc/dynamics/modes.h"

/* base, slope of --energy count, violation, mixed. */
static const double costs[3][2] = {{1, 0}, {0, 1}, {0.3, 1}};

void dynamics_from(const dynamics_settings *settings, fl_dynamics *plan) {
    int64_t anneal = settings->anneal_sweeps < 0 ? settings->sweeps / 2 : settings->anneal_sweeps;
    plan->sweeps = (uint64_t)settings->sweeps;
    plan->p = settings->p;
    plan->temperature = settings->temperature;
    plan->anneal_sweeps = (uint64_t)anneal;
    plan->thermal = (fl_thermal)settings->thermal;
    plan->base = costs[settings->energy][0];
    plan->slope = costs[settings->energy][1];
    plan->hot = settings->hot;
    plan->cold = settings->cold;
}

fl_status rule_check(const dynamics_settings *settings) {
    if (settings->cold > settings->hot)
        return fl_fail(FL_EUSAGE, "--cold %g; allowed: at most --hot %g", settings->cold,
                       settings->hot);
    return FL_OK;
}

fl_status dynamics_check(const dynamics_settings *settings) {
    if (settings->overlap != 1 && !settings->start)
        return fl_fail(FL_EUSAGE, "--overlap %g needs --start FILE.h5: overlap with what is there",
                       settings->overlap);
    return rule_check(settings);
}

void starts_free(uint64_t **starts, size_t count) {
    for (size_t k = 0; starts && k < count; k++)
        free(starts[k]);
    free(starts);
}

static fl_status read_set(fl_store_reader *reader, const fl_store_set *set, uint64_t **start) {
    if (*start || set->count == 0)
        return FL_OK;
    *start = calloc(fl_spins_words(set->n), sizeof **start);
    if (!*start)
        return fl_fail(FL_ENOMEM, "out of memory for a start of %zu neurons", set->n);
    return fl_store_read(reader, set, 0, 1, *start);
}

static fl_status read_sets(fl_store_reader *reader, const int64_t *sizes, size_t count,
                           uint64_t samples, uint64_t **starts) {
    const fl_store_set *sets;
    size_t set_count;
    FL_CHECK(fl_store_sets(reader, &sets, &set_count));
    for (size_t s = 0; s < set_count; s++)
        for (size_t k = 0; k < count; k++)
            if (sets[s].n == (size_t)sizes[k] && sets[s].sample < samples)
                FL_CHECK(read_set(reader, &sets[s], &starts[k * samples + sets[s].sample]));
    return FL_OK;
}

fl_status starts_read(const char *path, const int64_t *sizes, size_t count, uint64_t samples,
                      uint64_t ***starts) {
    fl_store_reader *reader;
    *starts = calloc(count * samples, sizeof **starts);
    if (!*starts)
        return fl_fail(FL_ENOMEM, "out of memory for %llu starts", (unsigned long long)samples);
    fl_status status = fl_store_open(&reader, path);
    if (status == FL_OK) {
        status = read_sets(reader, sizes, count, samples, *starts);
        fl_store_reader_close(reader);
    }
    if (status != FL_OK) {
        starts_free(*starts, count * samples);
        *starts = NULL;
    }
    return status;
}
