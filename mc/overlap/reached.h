/* How often a dynamics reached each fixed point of a set. */
#ifndef FIXLAND_OVERLAP_REACHED_H
#define FIXLAND_OVERLAP_REACHED_H

#include "mc/overlap/source.h"

/* (*hits)[k]: rows of the set's other configurations that equal its configuration k. Others are
 * left out. Free *hits. */
fl_status reached_count(const overlap_set *set, double **hits);

#endif
