/* The modes of fl-overlap, one file each. */
#ifndef FIXLAND_OVERLAP_MODES_H
#define FIXLAND_OVERLAP_MODES_H

#include "fixland/cli.h"

extern const fl_mode overlap_histogram, overlap_between, overlap_clusters, overlap_sizes,
    overlap_gap, overlap_map;

/* Closes the table after success and returns what that says; else drops it. */
static inline fl_status overlap_finish(fl_table *table, fl_status status) {
    if (status == FL_OK)
        return fl_table_close(table);
    fl_table_discard(table);
    return status;
}

#define OVERLAP_COUNT(array) (sizeof(array) / sizeof *(array))

#endif
