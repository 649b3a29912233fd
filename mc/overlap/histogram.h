/* The tables of fl-overlap histogram. A row of a group holds n + 1 numbers of pairs, perhaps as
 * many squared errors of drawing, and last the number of configurations. */
#ifndef FIXLAND_OVERLAP_HISTOGRAM_H
#define FIXLAND_OVERLAP_HISTOGRAM_H

#include <stdbool.h>

#include "fixland/cli.h"
#include "mc/overlap/groups.h"
#include "mc/overlap/source.h"

fl_status histogram_write(fl_run *run, const source *from, const groups *all, bool sampled);
fl_status histogram_write_test(fl_run *run, const source *from, const groups *all);
fl_status histogram_write_density(fl_run *run, const source *from, const groups *all, double width);

#endif
