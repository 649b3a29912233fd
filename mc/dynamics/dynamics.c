/* One run: see dynamics.h. */
#include "fixland/dynamics.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "mc/dynamics/course.h"

static const char *const names[FL_ALGORITHMS] = {"async", "sequential", "site",
                                                 "sync",  "partial",    "anneal"};

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
                   "partial and anneal",
                   name);
}

static double temperature(const fl_dynamics *plan, uint64_t t) {
    if (t >= plan->anneal_sweeps)
        return 0;
    return plan->temperature * (1 - (double)t / (double)plan->anneal_sweeps);
}

/* Sweep t, from a configuration whose unstable neurons are in w->list. */
static void sweep(walker *w, const fl_dynamics *plan, uint64_t t, size_t unstable) {
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
    }
}

static fl_status go(walker *w, course *c) {
    const fl_dynamics *plan = c->plan;
    uint64_t before = 0;
    for (uint64_t t = 0;; t++) {
        size_t unstable = walker_unstable(w);
        FL_CHECK(course_step(c, w, t, unstable));
        if (plan->observe)
            FL_CHECK(plan->observe(plan->context, t, w->spins, unstable, w->flips - before));
        before = w->flips;
        if (c->over)
            return FL_OK;
        if (fl_effort_stopped(&plan->effort))
            return fl_fail(FL_STOPPED, "stopped after %llu sweeps", (unsigned long long)t);
        sweep(w, plan, t, unstable);
    }
}

fl_status fl_dynamics_run(const fl_columns *columns, const fl_dynamics *plan, uint64_t *spins,
                          fl_outcome *outcome) {
    walker w;
    course c;
    FL_CHECK(course_check(plan));
    FL_CHECK(walker_open(&w, columns, plan, spins));
    fl_status status = course_open(&c, plan, columns->n);
    if (status == FL_OK) {
        status = go(&w, &c);
        *outcome = c.outcome;
        course_close(&c);
    }
    walker_close(&w);
    return status;
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
