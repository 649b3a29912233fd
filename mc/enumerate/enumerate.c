/* All fixed points of one network: see enumerate.h. The parts of a search (engine.h) are tasks;
 * their results are taken in order, so neither counts nor order depend on the threads. */
#include "fixland/enumerate.h"

#include <stdlib.h>
#include <string.h>

#include "fixland/replicas.h"
#include "fixland/spins.h"
#include "mc/enumerate/engine.h"

enum { BATCH = 256 };

typedef struct search {
    engine engine;
    const fl_enumeration *plan;
    size_t words;
    uint64_t by_level[FL_ENUMERATE_JD_MAX]; /* one of each mirror pair */
    uint64_t nodes, parts;
} search;

/* A part's result, and the configurations behind it when they are wanted. */
typedef struct portion {
    uint64_t by_level[FL_ENUMERATE_JD_MAX], nodes, count;
    hit list[];
} portion;

static fl_status pack_enumerate(const search *s, const hits *found, uint64_t nodes,
                                fl_result *result) {
    size_t length = sizeof(portion) + found->count * sizeof(hit);
    portion *p = malloc(length);
    if (!p)
        return fl_fail(FL_ENOMEM, "out of memory for %zu fixed points of %zu words", found->count,
                       s->words);
    memcpy(p->by_level, found->by_level, sizeof p->by_level);
    p->nodes = nodes;
    p->count = found->count;
    if (found->count)
        memcpy(p->list, found->list, found->count * sizeof(hit));
    *result = (fl_result){p, length};
    return FL_OK;
}

static fl_status work_enumerate(uint64_t part, void *context, fl_result *result) {
    const search *s = context;
    hits found = {.keep = s->plan->visit != NULL};
    uint64_t nodes = 0;
    fl_status status = engine_search(&s->engine, part, &found, &nodes);
    if (status == FL_OK)
        status = pack_enumerate(s, &found, nodes, result);
    hits_clear(&found);
    return status;
}

static fl_status hand_over_enumerate(const search *s, const hit *list, size_t count) {
    uint64_t spins[2 * BATCH];
    uint8_t levels[BATCH];
    for (size_t first = 0; first < count; first += BATCH) {
        size_t batch = count - first < BATCH ? count - first : BATCH;
        for (size_t k = 0; k < batch; k++) {
            memcpy(spins + k * s->words, list[first + k].spins, s->words * sizeof *spins);
            levels[k] = list[first + k].level;
        }
        FL_CHECK(s->plan->visit(s->plan->context, spins, levels, batch));
    }
    return FL_OK;
}

static fl_status emit_enumerate(uint64_t part, void *context, const void *data, size_t length) {
    search *s = context;
    const portion *p = data;
    (void)length;
    for (size_t k = 0; k < s->plan->jd_count; k++)
        s->by_level[k] += p->by_level[k];
    s->nodes += p->nodes;
    if (s->plan->visit)
        FL_CHECK(hand_over_enumerate(s, p->list, p->count));
    fl_effort_progress(&s->plan->effort, (double)(part + 1) / (double)s->parts);
    return FL_OK;
}

static fl_status run_enumerate(search *s, uint64_t *counts) {
    const fl_enumeration *plan = s->plan;
    s->parts = UINT64_C(1) << s->engine.bits;
    fl_replicas loop = {.tasks = s->parts,
                        .effort = fl_effort_within(&plan->effort, plan->effort.threads),
                        .context = s,
                        .work = work_enumerate,
                        .emit = emit_enumerate};
    FL_CHECK(fl_replicas_run(&loop));
    for (size_t k = 0; k < plan->jd_count; k++)
        counts[k] = 2 * s->by_level[k] + (k ? counts[k - 1] : 0);
    if (plan->nodes)
        *plan->nodes = s->nodes;
    return FL_OK;
}

fl_status enumerate_ruled(fl_method method, fl_tree_rule rule, engine_leaves leaves,
                          const fl_network *network, const fl_enumeration *plan, uint64_t *counts) {
    search s = {.plan = plan, .words = fl_spins_words(network->n)};
    FL_CHECK(engine_open_with(&s.engine, method, leaves, network, plan->jd, plan->jd_count));
    s.engine.effort = &plan->effort;
    s.engine.rule = rule;
    fl_status status = run_enumerate(&s, counts);
    engine_close(&s.engine);
    return status;
}

/* A search of the extended network, whose last neuron nobody is to see. */
typedef struct driven_search {
    const fl_enumeration *plan;
    size_t n; /* without that neuron */
} driven_search;

static fl_status hand_over_driven(void *context, const uint64_t *spins, const uint8_t *levels,
                                  size_t count) {
    const driven_search *d = context;
    uint64_t without[BATCH * FL_ENUMERATE_MAX / 64];
    fl_drop_last(spins, count, d->n, without);
    return d->plan->visit(d->plan->context, without, levels, count);
}

static fl_status enumerate_driven(fl_method method, const fl_network *network,
                                  const fl_enumeration *plan, uint64_t *counts) {
    driven_search d = {plan, network->n};
    fl_network extended;
    fl_enumeration all = *plan;
    if (plan->visit) {
        all.visit = hand_over_driven;
        all.context = &d;
    }
    FL_CHECK(fl_network_extended(&extended, network));
    fl_status status =
        enumerate_ruled(method, FL_TREE_DUAL, ENGINE_LEAVES, &extended, &all, counts);
    for (size_t k = 0; status == FL_OK && k < plan->jd_count; k++)
        counts[k] /= 2;
    fl_network_clear(&extended);
    return status;
}

fl_status fl_enumerate_by(fl_method method, const fl_network *network, const fl_enumeration *plan,
                          uint64_t *counts) {
    return network->input
               ? enumerate_driven(method, network, plan, counts)
               : enumerate_ruled(method, FL_TREE_DUAL, ENGINE_LEAVES, network, plan, counts);
}

fl_status fl_enumerate(const fl_network *network, const fl_enumeration *plan, uint64_t *counts) {
    return fl_enumerate_by(FL_METHOD_AUTO, network, plan, counts);
}

fl_status fl_enumerate_graycode(const fl_network *network, const fl_enumeration *plan,
                                uint64_t *counts) {
    return fl_enumerate_by(FL_METHOD_GRAYCODE, network, plan, counts);
}

fl_status fl_enumerate_tree(const fl_network *network, const fl_enumeration *plan,
                            uint64_t *counts) {
    return fl_enumerate_by(FL_METHOD_TREE, network, plan, counts);
}
