/* Runs on one network in slots: several take turns, a flip each, so that the processor works on one
 * while another waits for its last sum. Internal to mc/dynamics. */
#ifndef FIXLAND_DYNAMICS_SLOTS_H
#define FIXLAND_DYNAMICS_SLOTS_H

#include "mc/dynamics/course.h"

/* A run that is at sweep t, with `flips` behind it. */
typedef struct slot_run {
    course course;
    uint64_t *spins; /* the caller's */
    uint64_t t, flips;
    uint64_t before; /* flips before the last sweep */
} slot_run;

/* Can sweep t of the plan, and all later ones, be run in slots? */
bool slots_suit(const fl_columns *columns, const fl_dynamics *plan, uint64_t t);

/* Brings the runs to their ends; each does what it would do alone. */
fl_status slots_run(const fl_columns *columns, slot_run *runs, size_t count);

#endif
