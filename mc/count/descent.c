/* One population along a schedule: see count.h. */
#include "mc/count/descent.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "mc/count/points.h"

const char *fl_count_method_name(fl_count_method method) {
    return method == FL_COUNT_SPLIT ? "split" : "anneal";
}

size_t fl_count_replicas(size_t all) {
    size_t together = (size_t)FL_COUNT_POPULATIONS * FL_COUNT_LANES;
    return (all + together - 1) / together * FL_COUNT_LANES;
}

fl_status descent_check(const fl_network *network, const fl_count_plan *plan) {
    if (network->n > FL_COUNT_MAX)
        return fl_fail(FL_EINVAL, "%zu neurons; allowed: at most %d", network->n, FL_COUNT_MAX);
    if (plan->population < 1 || plan->population > (size_t)1 << 30)
        return fl_fail(FL_EINVAL, "a population of %zu; allowed: 1 to %zu", plan->population,
                       (size_t)1 << 30);
    if (plan->sweeps < 1)
        return fl_fail(FL_EINVAL, "0 sweeps; allowed: at least 1");
    return FL_OK;
}

/* 64 bits of the self-coupling: equal numbers, 0 and -0 too, give equal bits. */
static uint64_t bits_of(double jd) {
    uint64_t x;
    jd += 0.0;
    memcpy(&x, &jd, sizeof x);
    x = (x ^ x >> 30) * UINT64_C(0xBF58476D1CE4E5B9);
    x = (x ^ x >> 27) * UINT64_C(0x94D049BB133111EB);
    return x ^ x >> 31;
}

fl_rng descent_stream(const fl_network *network, const fl_count_plan *plan, uint64_t which) {
    uint64_t replica = (uint64_t)network->n << 32 | (uint64_t)plan->method << 28 | which;
    fl_rng seed = fl_rng_stream(plan->seed, FL_PURPOSE_POPULATION, plan->sample, replica);
    fl_rng_sub(&seed, bits_of(plan->jd));
    /* A stream of its own for each J_D: sub-streams are left for blocks. */
    return fl_rng_stream(fl_rng_bits(&seed), FL_PURPOSE_POPULATION, plan->sample, replica);
}

/* The way down; the weight of the last measure, -infinity where nothing got there. */
static fl_status descend(population *p, const fl_count_plan *plan,
                         const fl_count_schedule *schedule, fl_count_run *run) {
    run->log_last = (double)p->model->n * M_LN2;
    for (size_t k = 0; k < schedule->steps; k++) {
        double next = p->walk ? schedule->at[k] : schedule->at[k] / p->model->unit;
        if (fl_effort_stopped(&plan->effort))
            return fl_fail(FL_STOPPED, "stopped after %zu of %zu steps", k, schedule->steps);
        run->log_last += population_weigh(p, next);
        if (isinf(run->log_last))
            return FL_OK;
        population_resample(p, next);
        run->acceptance = population_sweep(p, plan->sweeps);
    }
    return FL_OK;
}

typedef struct tally {
    double weight; /* of all sweeps */
    uint64_t hits;
    bool last; /* the last sweep, which fills what follows */
    point_set points;
    fl_status status;
} tally;

static void take_descent(void *context, const uint64_t *spins, double weight, size_t replica) {
    tally *t = context;
    t->weight += weight;
    t->hits++;
    if (t->last && t->status == FL_OK)
        t->status = point_set_add(&t->points, spins, weight, replica);
}

/* Sweeps in the last measure; what each finds counts. */
static fl_status look(population *p, const fl_count_plan *plan, tally *t, fl_count_run *run) {
    double looks = (double)plan->sweeps * (double)p->replicas;
    for (size_t k = 0; k < plan->sweeps; k++) {
        if (fl_effort_stopped(&plan->effort))
            return fl_fail(FL_STOPPED, "stopped in the last measure");
        population_sweep(p, 1);
        t->last = k + 1 == plan->sweeps;
        population_points(p, take_descent, t);
        FL_CHECK(t->status);
    }
    run->log_count = run->log_last + log(t->weight / looks);
    run->fraction = (double)t->hits / looks;
    return FL_OK;
}

static fl_status go(population *p, const fl_count_plan *plan, const fl_count_schedule *schedule,
                    fl_count_run *run, fl_count_points *kept) {
    tally t = {.points = {.n = p->model->n}};
    FL_CHECK(descend(p, plan, schedule, run));
    run->families = population_families(p);
    if (isinf(run->log_last))
        return FL_OK;
    fl_status status = look(p, plan, &t, run);
    if (status == FL_OK)
        status = point_set_hand_over(&t.points, run, plan->keep ? kept : NULL);
    point_set_clear(&t.points);
    return status;
}

fl_status fl_count_population(const fl_network *network, const fl_count_plan *plan,
                              const fl_count_schedule *schedule, uint64_t which, fl_count_run *run,
                              fl_count_points *kept) {
    model m;
    population p;
    FL_CHECK(descent_check(network, plan));
    size_t replicas = fl_count_replicas(plan->population);
    *run = (fl_count_run){.log_count = -INFINITY,
                          .replicas = replicas,
                          .steps = schedule->steps,
                          .driven = network->input != NULL};
    if (kept)
        *kept = (fl_count_points){.n = network->n};
    FL_CHECK(model_make(&m, network, plan->jd));
    fl_status status =
        population_make(&p, &m, schedule->method == FL_COUNT_SPLIT, replicas / FL_COUNT_LANES,
                        descent_stream(network, plan, which));
    if (status == FL_OK) {
        status = go(&p, plan, schedule, run, kept);
        population_clear(&p);
    }
    count_model_clear(&m);
    return status;
}
