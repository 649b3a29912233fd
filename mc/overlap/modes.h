/* The modes of fl-overlap, one file each. */
#ifndef FIXLAND_OVERLAP_MODES_H
#define FIXLAND_OVERLAP_MODES_H

#include "fixland/cli.h"

extern const fl_mode overlap_histogram, overlap_between, overlap_clusters, overlap_sizes,
    overlap_gap, overlap_map;

#define OVERLAP_COUNT(array) (sizeof(array) / sizeof *(array))

#endif
