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

/* At each of `jds` values of J_D. */
static fl_status solve_network(const fl_network *network, const fl_message_plan *plan,
                               const double *jd, size_t jds, uint64_t *spins,
                               fl_message_outcome *outcomes) {
    passing p;
    for (size_t k = 0; k < jds; k++) {
        fl_message_plan at = *plan;
        at.jd = jd[k];
        FL_CHECK(attempt_check(&at));
    }
    FL_CHECK(
        passing_open(&p, network, plan->engine, jd[0], attempt_lanes(plan, jds), PASSING_SHORTS));
    passing_set(&p, plan->damping, plan->refresh);
    fl_status status =
        attempt_all(&p, plan, jd, jds, plan->repair ? repair_network : NULL, spins, outcomes);
    passing_close(&p);
    return status;
}

fl_status fl_message_solve(const fl_network *network, const fl_message_plan *plan, uint64_t *spins,
                           fl_message_outcome *outcome) {
    return solve_network(network, plan, &plan->jd, 1, spins, outcome);
}

/* ---- many networks ---- */

typedef struct solve_context {
    void *context;
    fl_status (*emit)(void *, const fl_message_solved *);
} solve_context;

static fl_status solve_at_all(const network_loop *l, const fl_instance *instance,
                              const fl_network *network, void *records, uint64_t *spins) {
    fl_message_plan plan = *(const fl_message_plan *)l->plan;
    plan.jd = l->n->jd[0];
    plan.seed = l->n->networks.seed;
    plan.sample = instance->sample;
    plan.effort = fl_effort_within(&l->n->effort, 1);
    return solve_network(network, &plan, l->n->jd, l->n->jd_count, spins, records);
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
                      .whole = solve_at_all,
                      .emit = emit_one};
    return network_loop_run(&l);
}
