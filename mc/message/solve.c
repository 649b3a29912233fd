/* A fixed point by message passing: see message.h. */
#include "fixland/message.h"

#include <stdlib.h>

#include "fixland/spins.h"
#include "fixland/violation.h"
#include "mc/message/attempt.h"
#include "mc/message/networks.h"

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

/* ---- many networks ---- */

typedef struct solve_context {
    void *context;
    fl_status (*emit)(void *, const fl_message_solved *);
} solve_context;

static fl_status solve_one(const network_loop *l, const fl_instance *instance,
                           const fl_network *network, size_t jd_index, void *record,
                           uint64_t *spins) {
    fl_message_plan plan = *(const fl_message_plan *)l->plan;
    plan.jd = l->n->jd[jd_index];
    plan.seed = l->n->networks.seed;
    plan.sample = instance->sample;
    plan.effort = fl_effort_within(&l->n->effort, 1);
    return fl_message_solve(network, &plan, spins, record);
}

static fl_status emit_one(const network_loop *l, const fl_instance *instance, const void *records,
                          const uint64_t *spins, const fl_network *network) {
    const solve_context *c = l->context;
    fl_message_solved solved = {*instance, records, spins, network};
    return c->emit(c->context, &solved);
}

fl_status fl_message_solve_networks(const fl_message_networks *networks,
                                    const fl_message_plan *plan, bool keep, void *context,
                                    fl_status (*emit)(void *, const fl_message_solved *)) {
    solve_context c = {context, emit};
    network_loop l = {.n = networks,
                      .kind = "ends of message passing",
                      .record = sizeof(fl_message_outcome),
                      .keep = keep,
                      .plan = plan,
                      .context = &c,
                      .task = solve_one,
                      .emit = emit_one};
    return network_loop_run(&l);
}
