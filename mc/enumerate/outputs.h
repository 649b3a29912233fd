/* What fl-enumerate writes: rows a sample or summaries, and a store. */
#ifndef FIXLAND_ENUMERATE_OUTPUTS_H
#define FIXLAND_ENUMERATE_OUTPUTS_H

#include <stdbool.h>
#include <stddef.h>

#include "fixland/enumerate.h"
#include "fixland/store.h"
#include "fixland/table.h"

typedef struct outputs {
    const fl_sample_plan *plan;
    fl_table *table;
    fl_store *store; /* or NULL */
    bool summary, store_networks;
    double *counts; /* with summary: jd_count x samples of the size at hand */
} outputs;

extern const fl_column outputs_rows[4], outputs_summary[10];

/* A sample's rows, or its part in the summary (whose rows follow the last sample of a size), and
 * its configurations into the store. For fl_enumerate_samples. */
fl_status outputs_take(void *outputs, const fl_sample_result *result);

#endif
