/* The loop over networks and self-couplings that the modes share. Internal to mc/message. */
#ifndef FIXLAND_MESSAGE_NETWORKS_H
#define FIXLAND_MESSAGE_NETWORKS_H

#include "fixland/message.h"

typedef struct network_loop network_loop;
struct network_loop {
    const fl_message_networks *n;
    const char *kind; /* of the records */
    size_t record;    /* bytes at one J_D */
    bool keep;        /* a configuration at each J_D too */
    bool blank;       /* no network is drawn: tasks get NULL */
    const void *plan;
    void *context;
    /* One network at one J_D; `record` and `spins` are zero. */
    fl_status (*task)(const network_loop *l, const fl_instance *instance, const fl_network *network,
                      size_t jd_index, void *record, uint64_t *spins);
    /* Or: one network at all J_D, records[jd_count], spins[jd_count x words], zero. */
    fl_status (*whole)(const network_loop *l, const fl_instance *instance,
                       const fl_network *network, void *records, uint64_t *spins);
    /* In order: records[jd_count], and with `keep` spins[jd_count x words] and the network. */
    fl_status (*emit)(const network_loop *l, const fl_instance *instance, const void *records,
                      const uint64_t *spins, const fl_network *network);
};

fl_status network_loop_run(network_loop *l);

#endif
