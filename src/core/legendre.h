/* Nodes and weights of Gauss-Legendre quadrature. */
#ifndef FIXLAND_LEGENDRE_H
#define FIXLAND_LEGENDRE_H

#include <stddef.h>

/* The rule of so many points on (0, 1), in ascending order: into x and w. */
void legendre_rule(size_t points, double *x, double *w);

#endif
