/* Fixed points of many samples of disorder: see fl_enumerate_samples in enumerate.h.
 *
 * A task is a part of a network's search (engine.h), all of it where that is small; all
 * self-couplings are found in one pass at the largest. Results are put together again in the order
 * of the tasks. */
#include <inttypes.h>
#include <math.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

#include "fixland/enumerate.h"
#include "fixland/replicas.h"
#include "fixland/spins.h"
#include "mc/enumerate/engine.h"
#include "mc/enumerate/pieces.h"
#include "mc/enumerate/tasks.h"
#include "src/par/tally.h"

typedef struct loop {
    const fl_sample_plan *plan;
    void *context;
    fl_status (*emit)(void *context, const fl_sample_result *result);
    double *jd;     /* ascending */
    uint8_t *ranks; /* of the plan's self-couplings in `jd` */
    tasks tasks;
    bool keep;     /* results hold the configurations */
    uint64_t most; /* the limit, in mirror pairs; 0: none */
    /* Sample (over all sizes) + 1 whose limit has been met: its other parts need not be looked at.
     * What it hides is never used. */
    _Atomic uint64_t full;
    gathering sample; /* the one at hand, while its parts come in */
    fl_network network;
} loop;

static uint64_t key(const loop *l, const task *t) {
    return t->n_index * l->plan->networks.samples + t->sample + 1;
}

static fl_status draw_samples(const loop *l, const task *t, fl_network *network) {
    return tasks_draw(l->plan, &(fl_instance){t->n_index, t->sample}, network);
}

static fl_status search(const loop *l, const task *t, const fl_network *network, hits *found,
                        uint64_t *nodes) {
    engine e;
    FL_CHECK(engine_open_cut(&e, l->plan->method, t->bits, network, l->jd, l->plan->jd_count));
    e.effort = &l->plan->effort;
    fl_status status = engine_search(&e, t->part, found, nodes);
    engine_close(&e);
    return status;
}

/* Its sample has met the limit. */
static bool is_settled(uint64_t number, void *context) {
    loop *l = context;
    task t = tasks_get(&l->tasks, number);
    return atomic_load(&l->full) == key(l, &t);
}

static fl_status search_part(uint64_t number, void *context, fl_result *result) {
    loop *l = context;
    task t = tasks_get(&l->tasks, number);
    hits found = {.keep = l->keep, .most = l->most};
    fl_network network = {0};
    fl_status status = FL_OK;
    uint64_t nodes = 0;
    if (atomic_load(&l->full) != key(l, &t)) {
        FL_CHECK(draw_samples(l, &t, &network));
        status = search(l, &t, &network, &found, &nodes);
        fl_network_clear(&network);
    }
    size_t words = fl_spins_words(l->tasks.size[t.n_index].neurons);
    if (status == FL_OK)
        status = piece_pack(&found, nodes, l->plan->jd_count, words, result);
    hits_clear(&found);
    return status;
}

/* What a part adds to the counts: all of it, or what the limit leaves. */
static void count(loop *l, piece *p) {
    gathering *g = &l->sample;
    uint64_t *last = &g->counts[l->plan->jd_count - 1];
    uint64_t left = l->most ? 2 * l->most - *last : 0;
    if (!l->most || p->counts[l->plan->jd_count - 1] <= left) {
        for (size_t k = 0; k < l->plan->jd_count; k++)
            g->counts[k] += p->counts[k];
        return;
    }
    p->kept = (size_t)(left / 2);
    for (size_t k = 0; k < p->kept; k++)
        for (size_t j = p->levels[k]; j < l->plan->jd_count; j++)
            g->counts[j] += 2;
}

static fl_status hand_over_part(loop *l, const task *t, const piece *p) {
    fl_sample_part part = {.n_index = t->n_index,
                           .sample = t->sample,
                           .first = t->first,
                           .network = &l->network,
                           .kept = p->kept,
                           .spins = p->spins,
                           .levels = p->levels,
                           .ranks = l->ranks};
    return l->plan->part(l->context, &part);
}

static fl_status hand_over_samples(loop *l, const task *t) {
    const gathering *g = &l->sample;
    uint64_t counts[FL_ENUMERATE_JD_MAX];
    for (size_t k = 0; k < l->plan->jd_count; k++)
        counts[k] = g->counts[l->ranks[k]] / (fl_instances_driven(&l->plan->networks) ? 2 : 1);
    bool full = l->most && g->counts[l->plan->jd_count - 1] >= 2 * l->most;
    fl_sample_result result = {.n_index = t->n_index,
                               .sample = t->sample,
                               .network = l->plan->keep ? &l->network : NULL,
                               .counts = counts,
                               .exact = t->whole && !full,
                               .kept = g->kept,
                               .spins = g->spins,
                               .levels = g->levels,
                               .ranks = l->ranks};
    return l->emit(l->context, &result);
}

static fl_status take_samples(loop *l, const task *t, piece *p) {
    count(l, p);
    if (l->most && l->sample.counts[l->plan->jd_count - 1] >= 2 * l->most)
        atomic_store(&l->full, key(l, t));
    if (l->plan->keep)
        FL_CHECK(l->plan->part ? hand_over_part(l, t, p) : gathering_keep(&l->sample, p));
    return t->last ? hand_over_samples(l, t) : FL_OK;
}

static fl_status emit_part(uint64_t number, void *context, const void *data, size_t length) {
    loop *l = context;
    task t = tasks_get(&l->tasks, number);
    size_t words = fl_spins_words(l->tasks.size[t.n_index].neurons);
    piece p;
    FL_CHECK(piece_unpack(data, length, l->plan->jd_count, words, l->keep, &p));
    if (t.first) {
        gathering_start(&l->sample, words);
        fl_network_clear(&l->network);
        if (l->plan->keep)
            FL_CHECK(draw_samples(l, &t, &l->network));
    }
    FL_CHECK(take_samples(l, &t, &p));
    fl_tally_nodes(p.nodes);
    fl_effort_progress(&l->plan->effort, tasks_done(&l->tasks, number + 1));
    return FL_OK;
}

/* Sizes are looked at before the memory for a network is asked for. */
static fl_status check_samples(const fl_sample_plan *plan) {
    bool tree = plan->method == FL_METHOD_AUTO || plan->method == FL_METHOD_TREE;
    if (plan->jd_count < 1 || plan->jd_count > FL_ENUMERATE_JD_MAX)
        return fl_fail(FL_EINVAL, "%zu self-couplings in one run; 1 to %d are possible",
                       plan->jd_count, FL_ENUMERATE_JD_MAX);
    return fl_instances_check(&plan->networks, tree ? FL_ENUMERATE_MAX : FL_GRAYCODE_MAX);
}

static fl_status run_samples(loop *l) {
    fl_replicas replicas = {
        .tasks = l->tasks.until - l->tasks.from,
        .effort = fl_effort_within(&l->plan->effort, l->plan->effort.threads),
        .context = l,
        .work = search_part,
        .emit = emit_part,
        .record = {"parts of searches with nodes", l->keep ? "configurations" : NULL, true, NULL},
        .journal = l->plan->journal,
        .settled = l->most ? is_settled : NULL};
    return fl_replicas_run(&replicas);
}

fl_status fl_enumerate_samples(const fl_sample_plan *plan, void *context,
                               fl_status (*emit_sample)(void *, const fl_sample_result *)) {
    double jd[FL_ENUMERATE_JD_MAX];
    uint8_t ranks[FL_ENUMERATE_JD_MAX];
    FL_CHECK(check_samples(plan));
    loop l = {.plan = plan,
              .context = context,
              .emit = emit_sample,
              .jd = jd,
              .ranks = ranks,
              .keep = plan->keep || plan->limit,
              .most = plan->limit / 2 + plan->limit % 2};
    fl_jd_ranks(plan->jd, plan->jd_count, jd, ranks);
    FL_CHECK(engine_check(1, FL_METHOD_AUTO, jd, plan->jd_count));
    FL_CHECK(tasks_make(&l.tasks, plan, jd));
    fl_status status = run_samples(&l);
    tasks_clear(&l.tasks);
    gathering_clear(&l.sample);
    fl_network_clear(&l.network);
    return status;
}
