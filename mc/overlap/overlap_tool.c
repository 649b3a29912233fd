/* fl-overlap: overlaps, clusters and tuples of fixed points. */
#include "fixland/tools.h"
#include "mc/overlap/modes.h"

int fl_tool_overlap(int argc, char **argv) {
    const fl_mode modes[] = {overlap_histogram, overlap_between, overlap_clusters,
                             overlap_sizes,     overlap_gap,     overlap_map};
    return fl_tool_main(&(fl_tool){"fl-overlap", "Overlaps and clusters of fixed points", modes,
                                   OVERLAP_COUNT(modes)},
                        argc, argv);
}
