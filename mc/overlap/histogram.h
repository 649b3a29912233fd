/* The tables of fl-overlap histogram. A row of a group holds n + 1 numbers of pairs, perhaps as
 * many squared errors of drawing, and last the number of configurations. */
#ifndef FIXLAND_OVERLAP_HISTOGRAM_H
#define FIXLAND_OVERLAP_HISTOGRAM_H

#include <stdbool.h>

#include "fixland/cli.h"
#include "mc/overlap/groups.h"
#include "mc/overlap/source.h"

/* The histogram, its smoothed density, and its test. */
enum { HISTOGRAM_COLUMNS = 8, DENSITY_COLUMNS = 6, AGREEMENT_COLUMNS = 9 };
extern const fl_column histogram_columns[HISTOGRAM_COLUMNS], density_columns[DENSITY_COLUMNS],
    agreement_columns[AGREEMENT_COLUMNS];

fl_status histogram_write(fl_table *table, const source *from, const groups *all, bool sampled);
fl_status histogram_write_test(fl_table *table, const source *from, const groups *all);
fl_status histogram_write_density(fl_table *table, const source *from, const groups *all,
                                  double width);

#endif
