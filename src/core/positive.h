/* Positive definite systems of equations. */
#ifndef FIXLAND_POSITIVE_H
#define FIXLAND_POSITIVE_H

#include <gsl/gsl_matrix.h>
#include <gsl/gsl_vector.h>

#include "fixland/status.h"

/* Solves a x = b for a symmetric a, of which the lower half is read: x takes the place of b, the factors
 * that of a. FL_EDOMAIN when a is not positive definite, FL_ENOMEM. */
fl_status positive_solve(gsl_matrix *a, gsl_vector *b);

#endif
