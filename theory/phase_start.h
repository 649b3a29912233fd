/* Between the search for a first guess (phase_start.c) and the solution (phase.c). Private. */
#ifndef FIXLAND_THEORY_PHASE_START_H
#define FIXLAND_THEORY_PHASE_START_H

#include <stdbool.h>

#include "fixland/phase.h"

/* Polishes *t: the closing of the gap at given m, or at the best m when m = 0. The unknown is the
 * control parameter, or lambda at the model's own self-coupling when `in_lambda`. */
fl_status fl_phase_solve_gap(const fl_tuples_model *model, bool in_lambda, double m,
                             fl_threshold *t);
fl_status fl_phase_solve_mono(const fl_tuples_model *model, fl_threshold *t);

#endif
