/* The plain tree search, as a reference: interval bounds and forced spins only, in double, one
 * neuron after the other. Some hundred times slower than fl_enumerate_tree where that is at home.
 */
#ifndef FIXLAND_ENUMERATE_TREE_PLAIN_H
#define FIXLAND_ENUMERATE_TREE_PLAIN_H

#include <stdint.h>

#include "fixland/network.h"
#include "fixland/status.h"

/* *count: number of fixed points at jd, mirror images included; *nodes: visited nodes of the tree.
 * n <= 64. */
fl_status tree_plain_count(const fl_network *network, double jd, uint64_t *count, uint64_t *nodes);

#endif
