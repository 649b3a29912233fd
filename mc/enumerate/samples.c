/* Fixed points of many samples of disorder: see fl_enumerate_samples in enumerate.h.
 *
 * A task is one network; all self-couplings are found in one pass at the largest. The result of a
 * task, as bytes (also the record of the checkpoint): counts by ascending self-coupling, the number
 * of kept configurations, their words, their levels. With fewer tasks than threads the threads work
 * within a network instead. */
#include <stdlib.h>
#include <string.h>

#include "fixland/enumerate.h"
#include "fixland/replicas.h"
#include "fixland/spins.h"

typedef struct loop {
    const fl_sample_plan *plan;
    void *context;
    fl_status (*emit)(void *context, const fl_sample_result *result);
    double *jd;     /* ascending */
    uint8_t *ranks; /* of the plan's self-couplings in `jd` */
    int inner_threads;
} loop;

/* The bytes of a result while it grows. */
typedef struct record {
    uint64_t *spins;
    uint8_t *levels;
    size_t count, room, words;
} record;

static fl_status keep(void *context, const uint64_t *spins, const uint8_t *levels, size_t count) {
    record *r = context;
    if (r->count + count > r->room) {
        size_t room = 2 * (r->count + count);
        uint64_t *more_spins = realloc(r->spins, room * r->words * sizeof *more_spins);
        if (more_spins)
            r->spins = more_spins;
        uint8_t *more_levels = realloc(r->levels, room);
        if (more_levels)
            r->levels = more_levels;
        if (!more_spins || !more_levels)
            return fl_fail(FL_ENOMEM, "out of memory for %zu fixed points", room);
        r->room = room;
    }
    memcpy(r->spins + r->count * r->words, spins, count * r->words * sizeof *spins);
    memcpy(r->levels + r->count, levels, count);
    r->count += count;
    return FL_OK;
}

static fl_status pack(const loop *l, const uint64_t *counts, const record *r, fl_result *result) {
    size_t head = l->plan->jd_count * sizeof *counts, body = r->count * r->words * sizeof *r->spins;
    uint64_t kept = r->count;
    char *data = malloc(head + sizeof kept + body + r->count);
    if (!data)
        return fl_fail(FL_ENOMEM, "out of memory for the result of a sample");
    memcpy(data, counts, head);
    memcpy(data + head, &kept, sizeof kept);
    if (r->count) {
        memcpy(data + head + sizeof kept, r->spins, body);
        memcpy(data + head + sizeof kept + body, r->levels, r->count);
    }
    *result = (fl_result){data, head + sizeof kept + body + r->count};
    return FL_OK;
}

static fl_status draw(const loop *l, uint64_t task, fl_network *network) {
    const fl_sample_plan *plan = l->plan;
    if (plan->given)
        return fl_network_copy(network, plan->given);
    size_t n = (size_t)plan->n[task / plan->samples];
    return fl_network_draw(network, &plan->ensemble, n, plan->seed, task % plan->samples);
}

static fl_status find(const loop *l, const fl_network *network, fl_result *result) {
    uint64_t counts[255];
    record r = {.words = fl_spins_words(network->n)};
    fl_enumeration search = {.jd = l->jd,
                             .jd_count = l->plan->jd_count,
                             .threads = l->inner_threads,
                             .stop = l->plan->stop,
                             .visit = l->plan->keep ? keep : NULL,
                             .context = &r};
    fl_status status = fl_enumerate(network, &search, counts);
    if (status == FL_OK)
        status = pack(l, counts, &r, result);
    free(r.spins);
    free(r.levels);
    return status;
}

static fl_status work(uint64_t task, void *context, fl_result *result) {
    fl_network network;
    FL_CHECK(draw(context, task, &network));
    fl_status status = find(context, &network, result);
    fl_network_clear(&network);
    return status;
}

/* Takes the record apart again; its length was checked by whoever wrote it. */
static fl_status hand_over(const loop *l, uint64_t task, const char *data,
                           const fl_network *network, size_t words) {
    const fl_sample_plan *plan = l->plan;
    uint64_t sorted[255], counts[255], kept;
    memcpy(sorted, data, plan->jd_count * sizeof *sorted);
    memcpy(&kept, data + plan->jd_count * sizeof *sorted, sizeof kept);
    for (size_t k = 0; k < plan->jd_count; k++)
        counts[k] = sorted[l->ranks[k]];
    const char *body = data + (plan->jd_count + 1) * sizeof *sorted;
    fl_sample_result result = {.n_index = (size_t)(task / plan->samples),
                               .sample = task % plan->samples,
                               .network = network,
                               .counts = counts,
                               .kept = (size_t)kept,
                               .spins = (const void *)body,
                               .levels = (const uint8_t *)body + kept * words * sizeof *sorted,
                               .ranks = l->ranks};
    return l->emit(l->context, &result);
}

static fl_status emit(uint64_t task, void *context, const void *data, size_t length) {
    loop *l = context;
    (void)length;
    if (!l->plan->keep)
        return hand_over(l, task, data, NULL, 0);
    fl_network network;
    FL_CHECK(draw(l, task, &network));
    fl_status status = hand_over(l, task, data, &network, fl_spins_words(network.n));
    fl_network_clear(&network);
    return status;
}

static int ascending(const void *a, const void *b) {
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

/* Equal self-couplings share the last of their ranks, the one that counts them all. */
static void rank(loop *l) {
    size_t count = l->plan->jd_count;
    memcpy(l->jd, l->plan->jd, count * sizeof *l->jd);
    qsort(l->jd, count, sizeof *l->jd, ascending);
    for (size_t k = 0; k < count; k++)
        for (size_t r = 0; r < count; r++)
            if (l->jd[r] == l->plan->jd[k])
                l->ranks[k] = (uint8_t)r;
}

fl_status fl_enumerate_samples(const fl_sample_plan *plan, void *context,
                               fl_status (*emit_sample)(void *, const fl_sample_result *)) {
    double jd[255];
    uint8_t ranks[255];
    if (plan->jd_count < 1 || plan->jd_count > 255)
        return fl_fail(FL_EINVAL, "%zu self-couplings in one run; 1 to 255 are possible",
                       plan->jd_count);
    uint64_t tasks = plan->given ? 1 : plan->n_count * plan->samples;
    bool within = tasks < (uint64_t)plan->threads;
    loop l = {plan, context, emit_sample, jd, ranks, within ? plan->threads : 1};
    rank(&l);
    fl_replicas replicas = {.tasks = tasks,
                            .threads = within ? 1 : plan->threads,
                            .context = &l,
                            .work = work,
                            .emit = emit,
                            .journal = plan->journal,
                            .stop = plan->stop,
                            .progress = plan->progress};
    return fl_replicas_run(&replicas);
}
