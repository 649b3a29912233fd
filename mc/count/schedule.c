/* The schedule, by a pilot population: see count.h. */
#include <math.h>
#include <stdlib.h>

#include "fixland/count.h"
#include "mc/count/descent.h"

/* Effective fraction of the population after a step of annealing, and the fraction that is kept in
 * splitting; the fraction at fixed points at which all ends. */
static const double effective = 0.85, kept = 0.5, enough = 0.5;
enum { PILOT_BLOCKS = 16, MOST_STEPS = 100000 };

static double effective_fraction(const population *p) {
    double sum = 0, squares = 0;
    for (size_t r = 0; r < p->replicas; r++) {
        sum += p->weight[r];
        squares += p->weight[r] * p->weight[r];
    }
    return sum * sum / squares / (double)p->replicas;
}

/* The next inverse temperature; `last` bounds the step where all energies are equal. */
static double colder(population *p, double last) {
    double low = 0, high = last;
    for (int k = 0; k < 40; k++) {
        double middle = 0.5 * (low + high);
        population_weigh(p, p->at + middle);
        if (effective_fraction(p) > effective)
            low = middle;
        else
            high = middle;
    }
    return p->at + 0.5 * (low + high);
}

static int by_energy(const void *a, const void *b) {
    int32_t x = *(const int32_t *)a, y = *(const int32_t *)b;
    return (x > y) - (x < y);
}

/* The next ceiling: below the last, where possible at the median. */
static double lower(const population *p, double last) {
    int32_t *sorted = (int32_t *)p->copies; /* scratch of the population, of the same size */
    for (size_t r = 0; r < p->replicas; r++)
        sorted[r] = p->energy[r];
    qsort(sorted, p->replicas, sizeof *sorted, by_energy);
    double median = sorted[(size_t)(kept * (double)p->replicas)];
    double least = sorted[0];
    return fmax(fmax(fmin(median, p->at - 1), least), last);
}

/* Beyond 4 N, in units of the typical field, an excess of one N-th of it costs a factor e^-4; and
 * ceilings not lower than six standard deviations of the rounding of a field leave no fixed point
 * above them. */
static double last_of(const population *p) {
    double n = (double)p->model->n;
    if (!p->walk)
        return 4 * n / p->model->unit;
    return ceil(6 * sqrt(n / 12) / (1 << FL_METROPOLIS_SHIFT));
}

static void ignore(void *context, const uint64_t *spins, double weight, size_t replica) {
    size_t *count = context;
    (void)spins;
    (void)weight;
    (void)replica;
    ++*count;
}

static bool at_end(population *p, double last) {
    size_t points = 0;
    population_points(p, ignore, &points);
    bool beyond = p->walk ? p->at <= last : p->at >= last;
    return beyond || (double)points >= enough * (double)p->replicas;
}

static fl_status add_schedule(fl_count_schedule *s, double at) {
    if (s->steps == MOST_STEPS)
        return fl_fail(FL_UNDECIDED, "more than %d steps lead to no fixed point", MOST_STEPS);
    double *more = realloc(s->at, (s->steps + 1) * sizeof *more);
    if (!more)
        return fl_fail(FL_ENOMEM, "out of memory for a schedule of %zu steps", s->steps);
    s->at = more;
    s->at[s->steps++] = at;
    return FL_OK;
}

static fl_status descend(population *p, const fl_count_plan *plan, fl_count_schedule *s) {
    double last = last_of(p);
    while (!at_end(p, last)) {
        double next = p->walk ? lower(p, last) : colder(p, last);
        if (next == p->at)
            return FL_OK; /* the pilot can go no lower */
        if (fl_effort_stopped(&plan->effort))
            return fl_fail(FL_STOPPED, "stopped while a schedule was made");
        population_weigh(p, next);
        population_resample(p, next);
        FL_CHECK(add_schedule(s, p->walk ? next : next * p->model->unit));
        population_sweep(p, plan->sweeps);
    }
    return FL_OK;
}

fl_status fl_count_schedule_make(fl_count_schedule *schedule, const fl_network *network,
                                 const fl_count_plan *plan) {
    model m;
    population p;
    *schedule = (fl_count_schedule){.method = plan->method};
    FL_CHECK(descent_check(network, plan));
    FL_CHECK(model_make(&m, network, plan->jd));
    size_t blocks = fl_count_replicas(plan->population) / FL_COUNT_LANES;
    fl_status status = population_make(&p, &m, plan->method == FL_COUNT_SPLIT,
                                       blocks < PILOT_BLOCKS ? blocks : PILOT_BLOCKS,
                                       descent_stream(network, plan, DESCENT_PILOT));
    if (status == FL_OK) {
        status = descend(&p, plan, schedule);
        population_clear(&p);
    }
    count_model_clear(&m);
    if (status != FL_OK)
        fl_count_schedule_clear(schedule);
    return status;
}

void fl_count_schedule_clear(fl_count_schedule *schedule) {
    free(schedule->at);
    schedule->at = NULL;
    schedule->steps = 0;
}
