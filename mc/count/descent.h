/* One population's way down: what schedule and run share. Internal to mc/count. */
#ifndef FIXLAND_COUNT_DESCENT_H
#define FIXLAND_COUNT_DESCENT_H

#include "fixland/count.h"
#include "mc/count/population.h"

enum { DESCENT_PILOT = 1 << 20 }; /* the pilot's number among the populations */

fl_status descent_check(const fl_network *network, const fl_count_plan *plan);

/* The random numbers of population `which`: of (seed, sample), and of method, size and J_D. */
fl_rng descent_stream(const fl_network *network, const fl_count_plan *plan, uint64_t which);

#endif
