/* Starts of a solver that share a pass over the couplings. Internal to mc/message. */
#ifndef FIXLAND_MESSAGE_ATTEMPT_H
#define FIXLAND_MESSAGE_ATTEMPT_H

#include "mc/message/passing.h"

/* A start, by its number, at a J_D. */
typedef struct attempt_job {
    double jd;
    uint64_t start;
} attempt_job;

/* Starts, one a lane; a lane that is done takes the next one. ends[count], and spins[count x words], the configuration of
 * fewest unstable neurons among those that were looked at and the last: of each what it is alone, to the bit. Unless `to_the_end` all are cut off with the first solution. FL_ENOMEM,
 * FL_STOPPED. */
fl_status attempt_run(passing *p, const fl_message_plan *plan, const attempt_job *jobs,
                      size_t count, bool to_the_end, fl_message_end *ends, uint64_t *spins);

/* FL_EINVAL for numbers out of range. */
fl_status attempt_check(const fl_message_plan *plan);

/* The best of ends[count]: the solution of fewest iterations, else the one of fewest unstable. */
size_t attempt_best(const fl_message_end *ends, size_t count);

/* What a solver does whatever the constraints, at each of `jds` values of J_D: all starts, lane by lane, then
 * `repair` (may be NULL) on each end until one is a solution. spins[jds x words], outcomes[jds]; plan->jd is not used. */
typedef fl_status attempt_repair(passing *p, const fl_message_plan *plan, uint64_t start,
                                 uint64_t *spins, fl_message_end *end);
fl_status attempt_all(passing *p, const fl_message_plan *plan, const double *jd, size_t jds,
                      attempt_repair *repair, uint64_t *spins, fl_message_outcome *outcomes);

/* Lanes for the starts at so many J_D. */
size_t attempt_lanes(const fl_message_plan *plan, size_t jds);

#endif
