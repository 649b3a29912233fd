/* Two correlated normal numbers, by an integral over one of them: pairs of fixed points a second way. */
#ifndef FIXLAND_TEST_ORTHANT_H
#define FIXLAND_TEST_ORTHANT_H

/* P(X > -a, Y > -b) for standard normals of correlation r, |r| <= 1. */
double test_both_above(double a, double b, double r);

#endif
