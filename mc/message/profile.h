/* Local entropies at given distances, over networks. Internal to mc/message. */
#ifndef FIXLAND_MESSAGE_PROFILE_H
#define FIXLAND_MESSAGE_PROFILE_H

#include "fixland/message.h"

/* Entropy and mutual distance at `distance`, between the converged points on both sides of it: a
 * cubic in d through both with the slopes dS/dd = 2 gamma, a straight line for the mutual distance.
 * False where there are no such points. */
bool profile_at(const fl_message_point *points, size_t count, double distance, double *entropy,
                double *mutual);

#endif
