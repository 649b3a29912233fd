/* Fixed excitatory couplings from one module to a neighbour. */
#ifndef FIXLAND_MC_LEARN_LINKS_H
#define FIXLAND_MC_LEARN_LINKS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "fixland/rng.h"
#include "fixland/status.h"

/* Neuron i of the target module is driven by source[i * degree .. + degree - 1], each with the same
 * strength; neuron j of the source module drives target[first[j] .. first[j + 1] - 1]. Reversed: what
 * neuron i of the target module is driven by in other links, neuron i of the source module drives in
 * these: the same pairs, the other way. */
typedef struct links {
    size_t neurons, degree;
    float strength;
    bool reversed, identity; /* identity: i to i, found by links_index */
    uint32_t *source, *first, *target;
} links;

/* i to i. */
fl_status links_identity(links *k, size_t neurons, double strength);

/* `degree` different neurons for each, drawn uniformly, in ascending order. */
fl_status links_random(links *k, size_t neurons, size_t degree, double strength, bool reversed,
                       fl_rng *rng);

/* Makes first and target from source. */
fl_status links_index(links *k);
void links_free(links *k);

#endif
