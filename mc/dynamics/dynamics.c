/* One run: see dynamics.h. */
#include "fixland/dynamics.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "mc/dynamics/costs.h"
#include "mc/dynamics/slots.h"

static const char *const names[FL_ALGORITHMS] = {"async",   "sequential", "site",   "sync",
                                                 "partial", "anneal",     "greedy", "reluctant",
                                                 "cool",    "focused"};

const char *fl_algorithm_name(fl_algorithm algorithm) {
    return names[algorithm];
}

fl_status fl_algorithm_parse(const char *name, fl_algorithm *algorithm) {
    for (int k = 0; k < FL_ALGORITHMS; k++)
        if (strcmp(name, names[k]) == 0) {
            *algorithm = (fl_algorithm)k;
            return FL_OK;
        }
    return fl_fail(FL_EUSAGE,
                   "there is no algorithm '%s'; there are async, sequential, site, sync, "
                   "partial, anneal, greedy, reluctant, cool and focused",
                   name);
}

static double temperature(const fl_dynamics *plan, uint64_t t) {
    if (t >= plan->anneal_sweeps)
        return 0;
    return plan->temperature * (1 - (double)t / (double)plan->anneal_sweeps);
}

/* Sweep t, from a configuration whose unstable neurons are in w->list. */
static void sweep_dynamics(walker *w, const fl_dynamics *plan, uint64_t t, size_t unstable) {
    walker_sweep(w, t);
    switch (plan->algorithm) {
    case FL_ASYNC:
    case FL_SEQUENTIAL:
        walker_async(w, plan->algorithm == FL_SEQUENTIAL);
        break;
    case FL_SITE:
        walker_site(w);
        break;
    case FL_SYNC:
        walker_partial(w, unstable, 1);
        break;
    case FL_PARTIAL:
        walker_partial(w, unstable, plan->p);
        break;
    case FL_ANNEAL:
        if (temperature(plan, t) > 0)
            walker_anneal(w, temperature(plan, t), plan->thermal);
        else
            walker_async(w, false);
        break;
    case FL_GREEDY:
    case FL_RELUCTANT:
        walker_extreme(w, plan->algorithm == FL_GREEDY);
        break;
    case FL_COOL:
    case FL_FOCUSED: /* costs have their own engine */
        break;
    }
}

/* Sweeps from the start to the end, or to the first that slots can take over. */
static fl_status walk(walker *w, const fl_columns *columns, slot_run *run) {
    course *c = &run->course;
    const fl_dynamics *plan = c->plan;
    for (; !slots_suit(columns, plan, run->t); run->t++) {
        size_t unstable = walker_unstable(w);
        FL_CHECK(course_step(c, columns->network, w->spins, w->flips, run->t, unstable));
        if (plan->observe)
            FL_CHECK(
                plan->observe(plan->context, run->t, w->spins, unstable, w->flips - run->before));
        run->before = w->flips;
        if (c->over)
            return FL_OK;
        if (fl_effort_stopped(&plan->effort))
            return fl_fail(FL_STOPPED, "stopped after %llu sweeps", (unsigned long long)run->t);
        sweep_dynamics(w, plan, run->t, unstable);
        run->flips = w->flips;
    }
    return FL_OK;
}

static fl_status open_run(const fl_columns *columns, const fl_dynamics *plan, slot_run *run) {
    FL_CHECK(course_check(plan));
    if (!(fabs(plan->jd) <= columns->largest))
        return fl_fail(FL_EINVAL, "J_D = %g with columns made for at most %g", plan->jd,
                       columns->largest);
    FL_CHECK(course_open(&run->course, plan, columns->n));
    if (plan->algorithm == FL_COOL || plan->algorithm == FL_FOCUSED)
        return costs_run(columns, &run->course, run->spins);
    if (slots_suit(columns, plan, 0))
        return FL_OK;
    walker w;
    FL_CHECK(walker_open(&w, columns, plan, run->spins));
    fl_status status = walk(&w, columns, run);
    walker_close(&w);
    return status;
}

/* Those that slots can finish come first; *left: how many. */
static void part_runs(slot_run *runs, size_t count, size_t *left) {
    *left = 0;
    for (size_t k = 0; k < count; k++)
        if (!runs[k].course.over) {
            slot_run run = runs[*left];
            runs[(*left)++] = runs[k];
            runs[k] = run;
        }
}

fl_status fl_dynamics_run_many(const fl_columns *columns, const fl_dynamics *plans, size_t count,
                               uint64_t *spins, fl_outcome *outcomes) {
    slot_run *runs = calloc(count ? count : 1, sizeof *runs);
    size_t left = 0;
    fl_status status = runs ? FL_OK : fl_fail(FL_ENOMEM, "out of memory for %zu runs", count);
    for (size_t k = 0; k < count && status == FL_OK; k++) {
        runs[k].spins = spins + k * columns->words;
        status = open_run(columns, &plans[k], &runs[k]);
    }
    if (status == FL_OK) {
        part_runs(runs, count, &left);
        status = slots_run(columns, runs, left);
    }
    for (size_t k = 0; runs && k < count; k++) {
        if (runs[k].course.plan)
            outcomes[runs[k].course.plan - plans] = runs[k].course.outcome;
        course_close(&runs[k].course);
    }
    free(runs);
    return status;
}

fl_status fl_dynamics_run(const fl_columns *columns, const fl_dynamics *plan, uint64_t *spins,
                          fl_outcome *outcome) {
    return fl_dynamics_run_many(columns, plan, 1, spins, outcome);
}

void fl_start_random(uint64_t *spins, size_t n, uint64_t seed, uint64_t sample, uint64_t replica) {
    fl_rng rng = fl_rng_stream(seed, FL_PURPOSE_START, sample, replica << 32 | n);
    fl_spins_random(spins, n, &rng);
}

fl_status fl_start_overlap(uint64_t *spins, size_t n, double overlap, uint64_t seed,
                           uint64_t sample, uint64_t replica) {
    if (!(overlap >= -1 && overlap <= 1))
        return fl_fail(FL_EINVAL, "an overlap of %g; overlaps lie in [-1, 1]", overlap);
    uint32_t *order = malloc(n * sizeof *order);
    if (!order)
        return fl_fail(FL_ENOMEM, "out of memory for a start of %zu neurons", n);
    fl_rng rng = fl_rng_stream(seed, FL_PURPOSE_START, sample, replica << 32 | n);
    fl_rng_sub(&rng, 1);
    fl_rng_permutation(&rng, n, order);
    size_t flips = (size_t)llround((double)n * (1 - overlap) / 2);
    for (size_t k = 0; k < flips; k++)
        fl_spins_flip(spins, order[k]);
    free(order);
    return FL_OK;
}
