/* The table of thresholds with several levels of overlap, of fixed points and of perceptrons.
 * Private to theory/. */
#ifndef FIXLAND_THEORY_LEVELS_MODE_H
#define FIXLAND_THEORY_LEVELS_MODE_H

#include "fixland/cli.h"
#include "fixland/levels.h"

typedef struct fl_levels_plan {
    fl_tuples_model model;
    fl_integers levels;
    double m, x1; /* whole tuple and its groups; 0: free */
} fl_levels_plan;

enum { FL_LEVELS_COLUMNS = 13 };
extern const fl_column fl_levels_columns[FL_LEVELS_COLUMNS];

/* Writes the table; the column of the threshold is jd_gap or load_gap. */
fl_status fl_write_levels(fl_run *run, const fl_levels_plan *plan);

#endif
