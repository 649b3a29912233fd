/* Clusters of a set at several radii. */
#ifndef FIXLAND_OVERLAP_RADII_H
#define FIXLAND_OVERLAP_RADII_H

#include "fixland/clusters.h"
#include "mc/overlap/source.h"

#define COLUMN_RADIUS                                                                              \
    { "radius", FL_INTEGER, NULL, "largest Hamming distance of a link" }
#define RADIUS_OPTION(settings_type, member)                                                       \
    {                                                                                              \
        .name = "radius", .type = FL_OPTION_INTEGERS, .offset = offsetof(settings_type, member),   \
        .argument = "LIST", .fallback = "1", .low = 0, .high = 1e6,                                \
        .help = "largest Hamming distance of linked fixed points",                                 \
    }

/* Calls `take` for each radius, ascending; each radius goes on from the clusters of the one before.
 */
fl_status radii_each(const overlap_set *set, const fl_integers *radii, const fl_effort *effort,
                     void *context,
                     fl_status (*take)(void *context, size_t radius, fl_clusters *clusters));

#endif
