/* Starts of a solver that share a pass over the couplings. Internal to mc/message. */
#ifndef FIXLAND_MESSAGE_ATTEMPT_H
#define FIXLAND_MESSAGE_ATTEMPT_H

#include "mc/message/passing.h"

/* Starts first, first + 1, ..., one a lane: ends[lanes], and where they ended, spins[lanes x
 * words]. Ends with the first solution unless plan->all. FL_ENOMEM, FL_STOPPED. */
fl_status attempt_run(passing *p, const fl_message_plan *plan, uint64_t first, fl_message_end *ends,
                      uint64_t *spins);

/* FL_EINVAL for numbers out of range. */
fl_status attempt_check(const fl_message_plan *plan);

/* The best of ends[count]: the solution of fewest iterations, else the one of fewest unstable. */
size_t attempt_best(const fl_message_end *ends, size_t count);

/* What a solver does whatever the constraints: all starts, lane by lane, then `repair` (may be
 * NULL) on each end until one is a solution. */
typedef fl_status attempt_repair(passing *p, const fl_message_plan *plan, uint64_t start,
                                 uint64_t *spins, fl_message_end *end);
fl_status attempt_all(passing *p, const fl_message_plan *plan, attempt_repair *repair,
                      uint64_t *spins, fl_message_outcome *outcome);

/* Lanes for so many starts. */
size_t attempt_lanes(const fl_message_plan *plan);

#endif
