/* Do tables belong together: see parts.h. */
#include "mc/dynamics/parts.h"

#include "mc/dynamics/modes.h"

#define GRID "algorithm", "n", "jd", "samples", "per-sample"

static const char *const grid[] = {GRID, NULL}, *const grid_of_seeds[] = {GRID,      "method",
                                                                          "summary", "seed",
                                                                          "version", NULL};

/* Runs of some algorithms only look at the rule's numbers. */
const runs_rule parts_collected = {grid, rule_options},
                parts_of_thresholds = {grid_of_seeds, rule_options};
