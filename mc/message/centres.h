/* Centres of local entropies. Internal to mc/message. */
#ifndef FIXLAND_MESSAGE_CENTRES_H
#define FIXLAND_MESSAGE_CENTRES_H

#include "fixland/message.h"

/* One that is found, drawn or all up, into `spins` (zeroed); not FL_CENTRE_GIVEN. */
fl_status centre_find(fl_message_centre centre, const fl_network *network, double jd, uint64_t seed,
                      uint64_t sample, uint64_t *spins, bool *found);

#endif
