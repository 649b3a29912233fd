/* What fl-enumerate writes: rows a sample or summaries, and a store. */
#ifndef FIXLAND_ENUMERATE_OUTPUTS_H
#define FIXLAND_ENUMERATE_OUTPUTS_H

#include <stdbool.h>
#include <stddef.h>

#include "fixland/enumerate.h"
#include "fixland/sampling.h"
#include "mc/enumerate/spool.h"

typedef struct outputs {
    const fl_sample_plan *plan;
    fl_outputs files;
    bool summary, store_networks;
    bool labelled; /* a column tells whether a count is exact: with a limit, or in a shard */
    spool spool;   /* with several self-couplings and a store */
    const fl_network *network; /* of the sample at hand, with a store */
    const uint8_t *ranks;
    double *counts; /* with summary: jd_count x samples of the size at hand */
} outputs;

enum { OUTPUTS_SUMMARY_COLUMNS = 16 };

extern const fl_column outputs_rows[5], outputs_summary[OUTPUTS_SUMMARY_COLUMNS];

/* Of outputs_rows: the last one only where counts are labelled. */
static inline size_t outputs_columns(const outputs *o) {
    return o->labelled ? 5 : 4;
}

/* A piece of a sample's configurations into the store, or on the way there. For
 * fl_sample_plan.part. */
fl_status outputs_part(void *outputs, const fl_sample_part *part);

/* A sample's rows, or its part in the summary (whose rows follow the last sample of a size), and
 * its configurations into the store. For fl_enumerate_samples. */
fl_status outputs_take(void *outputs, const fl_sample_result *result);

#endif
