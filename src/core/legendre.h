/* Gauss-Legendre quadrature. */
#ifndef FIXLAND_CORE_LEGENDRE_H
#define FIXLAND_CORE_LEGENDRE_H

#include <stddef.h>

/* The rule of `count` nodes on (0, 1), ascending, exact for polynomials of degree 2 count - 1: the sum of
 * w[i] f(x[i]). Asks for no memory, so it cannot fail. count: an even number, at least 2. */
void fl_legendre_rule(size_t count, double *x, double *w);

#endif
