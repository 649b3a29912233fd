/* What fl-count writes: rows, summaries, comparisons, a store. Internal to mc/count. */
#ifndef FIXLAND_COUNT_OUTPUTS_H
#define FIXLAND_COUNT_OUTPUTS_H

#include <stdbool.h>
#include <stddef.h>

#include "fixland/count.h"
#include "fixland/sampling.h"

enum {
    COUNT_ROW_COLUMNS = 9,
    COUNT_DIAGNOSTICS = 21,
    COUNT_SUMMARY_COLUMNS = 19,
    COUNT_CHECK_COLUMNS = 11
};

/* The first COUNT_ROW_COLUMNS of the first, without --diagnostics. */
extern const fl_column count_rows[COUNT_DIAGNOSTICS], count_summary[COUNT_SUMMARY_COLUMNS],
    count_check[COUNT_CHECK_COLUMNS];

typedef enum count_output { COUNT_ROWS, COUNT_SUMMARY, COUNT_CHECK } count_output;

typedef struct count_outputs {
    const fl_count_samples_plan *plan;
    count_output what;
    bool diagnostics, store_networks;
    int64_t enumerate; /* check: networks of at most so many neurons are enumerated too */
    fl_outputs files;
    fl_count_row *rows;      /* summary: of the size at hand, [method][jd][sample] */
    fl_count_estimate other; /* check: of the first method */
    uint64_t done;           /* summary: samples of the size at hand */
} count_outputs;

/* For fl_count_samples. */
fl_status count_outputs_take(void *outputs, const fl_count_result *result);

/* The same from the rows of shards, all of them in order. FL_EMISMATCH, FL_EFORMAT when they are not
 * those of the plan. */
fl_status count_outputs_again(count_outputs *outputs, const fl_frame *rows);

#endif
