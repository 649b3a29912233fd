/* The order of a sweep in which neurons are updated one after the other. Internal. */
#ifndef FIXLAND_LEARN_UPDATE_ORDER_H
#define FIXLAND_LEARN_UPDATE_ORDER_H

#include "fixland/rng.h"

/* order[k], k < modules x hidden: neuron i of module m stands for m padded + i; every order equally
 * likely (Fisher and Yates, 32 bits a draw, with rejection). */
void update_order(fl_rng *rng, size_t hidden, size_t modules, size_t padded, uint32_t *order);

#endif
