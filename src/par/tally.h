/* How long the tasks of a run took: of its outermost loops, by whatever thread, rank and earlier
 * part of a resumed run. The state belongs to the process, as its tool does. Internal. */
#ifndef FIXLAND_PAR_TALLY_H
#define FIXLAND_PAR_TALLY_H

#include <stddef.h>
#include <stdint.h>

#include "fixland/status.h"

/* Told of each task when it is emitted: seconds of processor time, bytes of its result. */
typedef void fl_tally_each(void *context, uint64_t task, double seconds, size_t bytes);

/* Begins at zero; `each` may be NULL. */
void fl_tally_start(fl_tally_each *each, void *context);
void fl_tally_add(uint64_t task, double seconds, size_t bytes);

/* Nodes of search trees, where tasks are parts of searches. */
void fl_tally_nodes(uint64_t nodes);

/* Tasks so far, and the sums of their seconds and nodes. */
uint64_t fl_tally_total(double *seconds, uint64_t *nodes);

#endif
