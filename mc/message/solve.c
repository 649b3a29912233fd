/* A fixed point by message passing: see message.h. */
#include "fixland/message.h"

#include <stdlib.h>

#include "fixland/spins.h"
#include "fixland/violation.h"
#include "mc/message/attempt.h"

/* Cost and temperatures that repair a few unstable neurons without melting the rest. */
static const double repair_base = 0.3, repair_slope = 1, repair_hot = 0.07, repair_cold = 0.02;

static fl_status repair_network(passing *p, const fl_message_plan *plan, uint64_t start,
                                uint64_t *spins, fl_message_end *end) {
    fl_violation search = {.search = FL_VIOLATION_ANNEAL,
                           .jd = plan->jd,
                           .base = repair_base,
                           .slope = repair_slope,
                           .hot = repair_hot,
                           .cold = repair_cold,
                           .sweeps = plan->repair,
                           .seed = plan->seed,
                           .sample = plan->sample,
                           .replica = start,
                           .effort = plan->effort};
    fl_violation_outcome outcome;
    if (!p->repairs)
        FL_CHECK(fl_violation_columns_new(&p->repairs, p->network));
    FL_CHECK(fl_violation_run(p->repairs, &search, spins, &outcome));
    end->solved = end->repaired = outcome.reached;
    return FL_OK;
}

fl_status fl_message_solve(const fl_network *network, const fl_message_plan *plan, uint64_t *spins,
                           fl_message_outcome *outcome) {
    passing p;
    FL_CHECK(attempt_check(plan));
    FL_CHECK(passing_open(&p, network, plan->engine, plan->jd, attempt_lanes(plan)));
    passing_set(&p, plan->damping, plan->refresh);
    fl_status status = attempt_all(&p, plan, plan->repair ? repair_network : NULL, spins, outcome);
    passing_close(&p);
    return status;
}
