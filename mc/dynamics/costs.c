/* Searches on the cost of violated conditions as dynamics: see violation.h. */
#include "mc/dynamics/costs.h"

#include "fixland/violation.h"

typedef struct costs {
    course *c;
    const fl_network *network;
    uint64_t before; /* flips at the sweep before */
} costs;

static fl_status costs_note(void *context, uint64_t sweep, const uint64_t *spins, size_t unstable,
                            uint64_t flips) {
    costs *run = context;
    const fl_dynamics *plan = run->c->plan;
    FL_CHECK(course_step(run->c, run->network, spins, flips, sweep, unstable));
    if (plan->observe)
        FL_CHECK(plan->observe(plan->context, sweep, spins, unstable, flips - run->before));
    run->before = flips;
    return FL_OK;
}

fl_status costs_run(const fl_columns *columns, course *c, uint64_t *spins) {
    const fl_dynamics *plan = c->plan;
    costs run = {.c = c, .network = columns->network};
    fl_violation search = {.search = plan->algorithm == FL_COOL ? FL_VIOLATION_ANNEAL
                                                                : FL_VIOLATION_FOCUSED,
                           .jd = plan->jd,
                           .base = plan->base,
                           .slope = plan->slope,
                           .hot = plan->hot,
                           .cold = plan->cold,
                           .sweeps = plan->sweeps,
                           .seed = plan->seed,
                           .sample = plan->sample,
                           .replica = plan->replica,
                           .effort = plan->effort,
                           .observe = costs_note,
                           .context = &run};
    fl_violation_columns *own;
    fl_violation_outcome outcome;
    FL_CHECK(fl_violation_columns_new(&own, columns->network));
    fl_status status = fl_violation_run(own, &search, spins, &outcome);
    fl_violation_columns_free(own);
    return status;
}
