/* Searches on the cost of violated conditions as dynamics. Internal to mc/dynamics. */
#ifndef FIXLAND_DYNAMICS_COSTS_H
#define FIXLAND_DYNAMICS_COSTS_H

#include "mc/dynamics/course.h"
#include "mc/dynamics/walker.h"

/* FL_COOL and FL_FOCUSED: the whole run, into the course. */
fl_status costs_run(const fl_columns *columns, course *c, uint64_t *spins);

#endif
