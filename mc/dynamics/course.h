/* The course of a run: counts of unstable neurons by sweep, and how it ends. Internal. */
#ifndef FIXLAND_DYNAMICS_COURSE_H
#define FIXLAND_DYNAMICS_COURSE_H

#include "mc/dynamics/walker.h"

typedef struct course {
    const fl_dynamics *plan;
    uint32_t *unstable; /* by sweep, 0 .. sweeps */
    size_t room;
    uint64_t *anchor; /* an earlier configuration, of sweep anchor_sweep */
    uint64_t anchor_sweep;
    bool over;
    fl_outcome outcome;
} course;

/* FL_EINVAL for a plan out of range. */
fl_status course_check(const fl_dynamics *plan);
fl_status course_open(course *c, const fl_dynamics *plan, size_t n);
void course_close(course *c);

/* After sweep t, which left `unstable` neurons, and `flips` in all: notes it and decides whether
 * the run is over; then c->outcome is complete. */
fl_status course_step(course *c, const fl_network *network, const uint64_t *spins, uint64_t flips,
                      uint64_t t, size_t unstable);

#endif
