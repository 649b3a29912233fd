/* Counts of many networks: see fl_count_samples in count.h.
 *
 * A task is one population; its record, also that of the checkpoint, is an fl_count_run, followed
 * by the fixed points it found with `keep`. The populations of an estimate share a schedule, which
 * whoever needs it first makes, and the others wait for. */
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "fixland/count.h"
#include "fixland/replicas.h"
#include "fixland/spins.h"
#include "mc/count/points.h"

enum { POPULATIONS = FL_COUNT_POPULATIONS, SLOTS = 256 };

/* The schedule of estimate number `group`, where `made`. */
typedef struct slot {
    pthread_mutex_t lock;
    bool made;
    uint64_t group;
    fl_count_schedule schedule;
} slot;

typedef struct loop {
    const fl_count_samples_plan *plan;
    void *context;
    fl_status (*emit)(void *context, const fl_count_result *result);
    slot slots[SLOTS];
    /* Of the estimate at hand, while its populations come in. */
    fl_count_run runs[POPULATIONS];
    fl_count_points sets[POPULATIONS];
} loop;

/* Which estimate. */
typedef struct cell {
    fl_instance instance;
    size_t jd_index, method;
} cell;

static uint64_t groups_of(const fl_count_samples_plan *plan) {
    return fl_instances_count(&plan->networks) * plan->jd_count * plan->method_count;
}

uint64_t fl_count_tasks(const fl_count_samples_plan *plan) {
    return groups_of(plan) * POPULATIONS;
}

static cell cell_of(const loop *l, uint64_t group) {
    const fl_count_samples_plan *plan = l->plan;
    cell c = {.method = group % plan->method_count};
    group /= plan->method_count;
    c.jd_index = group % plan->jd_count;
    c.instance = fl_instances_get(&plan->networks, group / plan->jd_count);
    return c;
}

static fl_count_plan samples_plan_of(const loop *l, const cell *c) {
    fl_count_plan plan = l->plan->count;
    plan.effort = l->plan->effort;
    plan.method = l->plan->methods[c->method];
    plan.jd = l->plan->jd[c->jd_index];
    plan.seed = l->plan->networks.seed;
    plan.sample = c->instance.sample;
    return plan;
}

static fl_status copy_schedule(fl_count_schedule *copy, const fl_count_schedule *from) {
    *copy = *from;
    copy->at = malloc((from->steps + 1) * sizeof *copy->at);
    if (!copy->at)
        return fl_fail(FL_ENOMEM, "out of memory for a schedule of %zu steps", from->steps);
    memcpy(copy->at, from->at, from->steps * sizeof *copy->at);
    return FL_OK;
}

/* With the slot locked. */
static fl_status fill_slot(slot *s, uint64_t group, const fl_network *network,
                           const fl_count_plan *plan) {
    if (s->made && s->group == group)
        return FL_OK;
    fl_count_schedule_clear(&s->schedule);
    s->made = false;
    FL_CHECK(fl_count_schedule_make(&s->schedule, network, plan));
    s->made = true;
    s->group = group;
    return FL_OK;
}

static fl_status schedule_of(loop *l, uint64_t group, const fl_network *network,
                             const fl_count_plan *plan, fl_count_schedule *schedule) {
    slot *s = &l->slots[group % SLOTS];
    pthread_mutex_lock(&s->lock);
    fl_status status = fill_slot(s, group, network, plan);
    if (status == FL_OK)
        status = copy_schedule(schedule, &s->schedule);
    pthread_mutex_unlock(&s->lock);
    return status;
}

/* A run and its fixed points as bytes. */
static fl_status pack_samples(const fl_count_run *run, const fl_count_points *p,
                              fl_result *result) {
    size_t spins = p->count * fl_spins_words(p->n) * sizeof *p->spins;
    size_t weights = p->count * sizeof *p->weights;
    char *data = malloc(sizeof *run + spins + weights);
    if (!data)
        return fl_fail(FL_ENOMEM, "out of memory for %zu fixed points", p->count);
    memcpy(data, run, sizeof *run);
    if (p->count) {
        memcpy(data + sizeof *run, p->spins, spins);
        memcpy(data + sizeof *run + spins, p->weights, weights);
    }
    *result = (fl_result){data, sizeof *run + spins + weights};
    return FL_OK;
}

static fl_status unpack(const char *data, size_t length, size_t n, fl_count_run *run,
                        fl_count_points *p) {
    size_t each = fl_spins_words(n) * sizeof *p->spins + sizeof *p->weights;
    *p = (fl_count_points){.n = n};
    if (length < sizeof *run || (length - sizeof *run) % each)
        return fl_fail(FL_EFORMAT, "a record of the checkpoint has %zu bytes", length);
    memcpy(run, data, sizeof *run);
    p->count = (length - sizeof *run) / each;
    size_t spins = p->count * (each - sizeof *p->weights);
    p->spins = malloc(spins + 1);
    p->weights = malloc(p->count * sizeof *p->weights + 1);
    if (!p->spins || !p->weights) {
        fl_count_points_clear(p);
        return fl_fail(FL_ENOMEM, "out of memory for fixed points");
    }
    memcpy(p->spins, data + sizeof *run, spins);
    memcpy(p->weights, data + sizeof *run + spins, p->count * sizeof *p->weights);
    return FL_OK;
}

static fl_status run_one(loop *l, uint64_t task, const fl_network *network,
                         const fl_count_plan *plan, fl_result *result) {
    fl_count_schedule schedule;
    fl_count_run run;
    fl_count_points found;
    FL_CHECK(schedule_of(l, task / POPULATIONS, network, plan, &schedule));
    fl_status status =
        fl_count_population(network, plan, &schedule, task % POPULATIONS, &run, &found);
    fl_count_schedule_clear(&schedule);
    FL_CHECK(status);
    status = pack_samples(&run, &found, result);
    fl_count_points_clear(&found);
    return status;
}

static fl_status run_population(uint64_t task, void *context, fl_result *result) {
    loop *l = context;
    cell c = cell_of(l, task / POPULATIONS);
    fl_count_plan plan = samples_plan_of(l, &c);
    fl_network network;
    FL_CHECK(fl_instances_draw(&l->plan->networks, &c.instance, &network));
    fl_status status = run_one(l, task, &network, &plan, result);
    fl_network_clear(&network);
    return status;
}

/* With `keep`: the union of the fixed points, and the network once more. */
static fl_status hand_over_samples(loop *l, const cell *c, fl_count_result *result) {
    fl_count_points all = {0};
    fl_network network = {0};
    fl_status status = point_set_union(l->sets, POPULATIONS, 1.0 / POPULATIONS, &all);
    if (status == FL_OK)
        status = fl_instances_draw(&l->plan->networks, &c->instance, &network);
    if (status == FL_OK)
        point_set_fit(&all, result->estimate);
    result->points = &all;
    result->network = &network;
    if (status == FL_OK)
        status = l->emit(l->context, result);
    fl_network_clear(&network);
    fl_count_points_clear(&all);
    return status;
}

static fl_status emit_population(uint64_t task, void *context, const void *data, size_t length) {
    loop *l = context;
    cell c = cell_of(l, task / POPULATIONS);
    size_t which = task % POPULATIONS;
    fl_count_points_clear(&l->sets[which]);
    FL_CHECK(unpack(data, length, fl_instances_neurons(&l->plan->networks, c.instance.n_index),
                    &l->runs[which], &l->sets[which]));
    if (l->plan->count.keep && l->sets[which].count != l->runs[which].distinct)
        return fl_fail(FL_EMISMATCH,
                       "the checkpoint holds no configurations: it was made without a store");
    if (which + 1 < POPULATIONS)
        return FL_OK;
    fl_count_estimate estimate;
    FL_CHECK(fl_count_combine(l->plan->methods[c.method], l->runs, POPULATIONS, &estimate));
    fl_count_result result = {.n_index = c.instance.n_index,
                              .jd_index = c.jd_index,
                              .sample = c.instance.sample,
                              .estimate = &estimate};
    return l->plan->count.keep ? hand_over_samples(l, &c, &result) : l->emit(l->context, &result);
}

/* Sizes are looked at before the memory for a network is asked for. */
static fl_status check_samples(const fl_count_samples_plan *plan) {
    if (!plan->jd_count || !plan->method_count)
        return fl_fail(FL_EINVAL, "nothing to count: no self-coupling or method");
    return fl_instances_check(&plan->networks, FL_COUNT_MAX);
}

static void loop_clear(loop *l) {
    for (size_t k = 0; k < SLOTS; k++) {
        pthread_mutex_destroy(&l->slots[k].lock);
        fl_count_schedule_clear(&l->slots[k].schedule);
    }
    for (size_t k = 0; k < POPULATIONS; k++)
        fl_count_points_clear(&l->sets[k]);
    free(l);
}

fl_status fl_count_samples(const fl_count_samples_plan *plan, void *context,
                           fl_status (*emit_result)(void *, const fl_count_result *)) {
    FL_CHECK(check_samples(plan));
    loop *l = calloc(1, sizeof *l);
    if (!l)
        return fl_fail(FL_ENOMEM, "out of memory for %d populations", POPULATIONS);
    l->plan = plan;
    l->context = context;
    l->emit = emit_result;
    for (size_t k = 0; k < SLOTS; k++)
        pthread_mutex_init(&l->slots[k].lock, NULL);
    fl_replicas replicas = {
        .tasks = fl_count_tasks(plan),
        .effort = plan->effort,
        .context = l,
        .work = run_population,
        .emit = emit_population,
        .record = {"populations", plan->count.keep ? "configurations" : NULL, true, NULL},
        .journal = plan->journal,
        .group = POPULATIONS};
    fl_status status = fl_replicas_run(&replicas);
    loop_clear(l);
    return status;
}
