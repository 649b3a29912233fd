/* The loop over networks: see networks.h. A task is a network, its record an array over J_D. */
#include "mc/message/networks.h"

#include <stdlib.h>

#include "fixland/replicas.h"
#include "fixland/spins.h"

static size_t words_of(const network_loop *l, const fl_instance *instance) {
    return fl_spins_words(fl_instances_neurons(&l->n->networks, instance->n_index));
}

static size_t length_of(uint64_t task, void *context, bool kept) {
    const network_loop *l = context;
    fl_instance instance = fl_instances_get(&l->n->networks, task);
    size_t spins = kept ? words_of(l, &instance) * sizeof(uint64_t) : 0;
    return l->n->jd_count * (l->record + spins);
}

static fl_status draw_networks(const network_loop *l, const fl_instance *instance,
                               fl_network *network) {
    *network = (fl_network){.n = 0};
    return l->blank ? FL_OK : fl_instances_draw(&l->n->networks, instance, network);
}

/* All J_D of one network; `spins`: jd_count configurations, zero. */
static fl_status do_network(const network_loop *l, const fl_instance *instance, char *records,
                            uint64_t *spins) {
    fl_network network;
    size_t words = words_of(l, instance);
    FL_CHECK(draw_networks(l, instance, &network));
    const fl_network *drawn = l->blank ? NULL : &network;
    fl_status status = l->whole ? l->whole(l, instance, drawn, records, spins) : FL_OK;
    for (size_t k = 0; !l->whole && status == FL_OK && k < l->n->jd_count; k++)
        status = l->task(l, instance, drawn, k, records + k * l->record, spins + k * words);
    fl_network_clear(&network);
    return status;
}

static fl_status do_task(uint64_t task, void *context, fl_result *result) {
    const network_loop *l = context;
    fl_instance instance = fl_instances_get(&l->n->networks, task);
    size_t length = length_of(task, context, l->keep);
    char *data = calloc(1, length + 1);
    uint64_t *spins = calloc(l->n->jd_count * words_of(l, &instance), sizeof *spins);
    fl_status status =
        data && spins ? do_network(l, &instance, data,
                                   l->keep ? (void *)(data + l->n->jd_count * l->record) : spins)
                      : fl_fail(FL_ENOMEM, "out of memory for the messages of a network");
    free(spins);
    if (status == FL_OK)
        *result = (fl_result){data, length};
    else
        free(data);
    return status;
}

static fl_status emit_task(uint64_t task, void *context, const void *data, size_t length) {
    const network_loop *l = context;
    const char *bytes = data;
    fl_instance instance = fl_instances_get(&l->n->networks, task);
    fl_network network;
    (void)length;
    if (!l->keep)
        return l->emit(l, &instance, data, NULL, NULL);
    FL_CHECK(draw_networks(l, &instance, &network));
    fl_status status =
        l->emit(l, &instance, data, (const void *)(bytes + l->n->jd_count * l->record), &network);
    fl_network_clear(&network);
    return status;
}

fl_status network_loop_run(network_loop *l) {
    fl_replicas replicas = {.tasks = fl_instances_count(&l->n->networks),
                            .effort = l->n->effort,
                            .context = l,
                            .work = do_task,
                            .emit = emit_task,
                            .record = {.kind = l->kind,
                                       .keeps = l->keep ? "configurations" : NULL,
                                       .more = true,
                                       .length = length_of},
                            .journal = l->n->journal};
    if (l->n->jd_count == 0)
        return fl_fail(FL_EINVAL, "nothing to do: no value of J_D");
    return fl_replicas_run(&replicas);
}
