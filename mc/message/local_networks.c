/* Entropies around centres of many networks: see message.h. */
#include "mc/message/centres.h"
#include "mc/message/networks.h"

typedef struct local_context {
    const fl_message_local_plan *plan;
    fl_message_centre centre;
    fl_message_centre_of *centre_of;
    void *context;
    fl_status (*emit)(void *, const fl_message_around *);
} local_context;

static fl_status local_one(const network_loop *l, const fl_instance *instance,
                           const fl_network *network, size_t jd_index, void *record,
                           uint64_t *spins) {
    const local_context *c = l->context;
    fl_message_local_plan plan = *c->plan;
    bool found = false;
    plan.jd = l->n->jd[jd_index];
    plan.effort = fl_effort_within(&l->n->effort, 1);
    if (c->centre == FL_CENTRE_GIVEN)
        FL_CHECK(c->centre_of(c->context, instance, jd_index, spins, &found));
    else
        FL_CHECK(centre_find(c->centre, network, plan.jd, l->n->networks.seed, instance->sample,
                             spins, &found));
    return found ? fl_message_local(network, &plan, spins, record) : FL_OK;
}

static fl_status emit_local(const network_loop *l, const fl_instance *instance, const void *records,
                            const uint64_t *spins, const fl_network *network) {
    const local_context *c = l->context;
    (void)spins;
    (void)network;
    fl_message_around around = {*instance, records};
    return c->emit(c->context, &around);
}

fl_status fl_message_local_networks(const fl_message_networks *networks,
                                    const fl_message_local_plan *plan, fl_message_centre centre,
                                    fl_message_centre_of *centre_of, void *context,
                                    fl_status (*emit)(void *, const fl_message_around *)) {
    local_context c = {plan, centre, centre_of, context, emit};
    network_loop l = {.n = networks,
                      .kind = "local entropies",
                      .record = plan->gamma_count * sizeof(fl_message_point),
                      .context = &c,
                      .task = local_one,
                      .emit = emit_local};
    return network_loop_run(&l);
}
