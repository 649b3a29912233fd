/* Centres from a store. Internal to mc/message. */
#ifndef FIXLAND_MESSAGE_STORE_CENTRES_H
#define FIXLAND_MESSAGE_STORE_CENTRES_H

#include "fixland/message.h"

/* The first configuration of each (size, J_D, sample) that a store holds. */
typedef struct store_centres {
    const fl_message_networks *n;
    uint64_t **first; /* by instance number of all, then J_D; NULL: none */
    size_t count;
} store_centres;

/* FL_EDOMAIN when the store has none of them, FL_EMISMATCH when it tells of other networks than
 * `told`, the provenance of the run, does. Release with store_centres_clear in any case. */
fl_status store_centres_read(store_centres *c, const char *path, const fl_message_networks *n,
                             const fl_meta *told);
void store_centres_clear(store_centres *c);

fl_status store_centres_get(const store_centres *c, const fl_instance *instance, size_t jd_index,
                            uint64_t *spins, bool *found);

#endif
