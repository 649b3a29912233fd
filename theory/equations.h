/* Systems of equations for thresholds, by GSL's hybrid method. Private to theory/. */
#ifndef FIXLAND_THEORY_EQUATIONS_H
#define FIXLAND_THEORY_EQUATIONS_H

#include <stddef.h>

#include "fixland/status.h"

/* The left-hand sides at x, in units in which 1e-10 is small. */
typedef fl_status (*fl_equations)(void *context, const double *x, double *residual);

/* Solves for the n unknowns x from where they stand; *last is the last step of x[0]. FL_UNDECIDED
 * without convergence, x then as before. */
fl_status fl_equations_solve(fl_equations equations, size_t n, void *context, double *x,
                             double *last);

/* Looks for a minimum of the first of the values that `gradient` delivers from x on, by the method
 * of Broyden, Fletcher, Goldfarb and Shanno: until no derivative exceeds `tolerance`, or no step
 * leads down any more. A point where it fails counts as high. x: the lowest point met. */
typedef fl_status (*fl_descent)(void *context, const double *x, double *value, double *gradient);
fl_status fl_descend(fl_descent descent, size_t n, void *context, double tolerance, int steps,
                     double *x);

#endif
