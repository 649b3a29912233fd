/* The head that stands in front of a result in a checkpoint: see fl_record in replicas.h. Internal.
 */
#ifndef FIXLAND_PAR_RECORD_H
#define FIXLAND_PAR_RECORD_H

#include "fixland/replicas.h"

/* FL_EINVAL for a result of another length than the loop's record has. */
fl_status fl_record_fits(const fl_replicas *loop, uint64_t task, size_t length, bool kept);

/* The result into the journal, behind its head, with the processor time it took. */
fl_status fl_record_append(const fl_replicas *loop, uint64_t task, const fl_result *result,
                           double seconds);

/* The result within a record of the journal, into *data and *length, and its time; FL_EMISMATCH
 * where its head is not what this loop writes. */
fl_status fl_record_open(const fl_replicas *loop, uint64_t task, const void **data, size_t *length,
                         double *seconds);

#endif
