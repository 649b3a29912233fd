/* fl-enumerate --estimate. */
#ifndef FIXLAND_ENUMERATE_ESTIMATE_TOOL_H
#define FIXLAND_ENUMERATE_ESTIMATE_TOOL_H

#include "fixland/cli.h"
#include "fixland/enumerate.h"

enum { ESTIMATE_COLUMNS = 11 };
extern const fl_column estimate_columns[ESTIMATE_COLUMNS];

/* A row a sample: what its search would take, from `tries` of its parts. */
fl_status estimate_rows(fl_run *run, const fl_sample_plan *plan, uint64_t tries);

#endif
