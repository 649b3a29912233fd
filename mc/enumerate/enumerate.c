/* The choice among the engines that find all fixed points: see enumerate.h. */
#include "fixland/enumerate.h"

fl_status fl_enumerate(const fl_network *network, const fl_enumeration *plan, uint64_t *counts) {
    return fl_enumerate_graycode(network, plan, counts);
}
