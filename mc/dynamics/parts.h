/* Tables that are read together must come from runs of the same kind. Internal. */
#ifndef FIXLAND_DYNAMICS_PARTS_H
#define FIXLAND_DYNAMICS_PARTS_H

#include "src/cli/runs.h"

/* Algorithms, sizes, self-couplings and samples may differ; for thresholds, seeds and versions, too. */
extern const runs_rule parts_collected, parts_of_thresholds;

#endif
