/* Sums of fields over one kind of neurons, in pairs of configurations at eta < 0: see symmetric_sums.c. */
#ifndef FIXLAND_MODEL_SYMMETRIC_SUMS_H
#define FIXLAND_MODEL_SYMMETRIC_SUMS_H

#include <stddef.h>

#include "fixland/status.h"

/* One of the two kinds of neurons. Units: the standard deviation of a coupling. */
typedef struct fl_sums {
    double size, other;   /* how many neurons are of this kind, of the other */
    double sigma, spread; /* private standard deviation of t; standard deviation of m */
    double t;             /* 2 J_D, the mean of t before the conditions */
    double width;     /* standard deviation of the Gaussian of the sum of the t about size * t */
    double log_front; /* ln of the factor that makes it a density */
    double fine;      /* 1, or more for more nodes */
} fl_sums;

/* a(s), s >= 0, even in s: the density of s = (sum of the m) / (spread sqrt(size)) together with the
 * probability of |m| < t for all. Values times e^-top at Chebyshev's points of panels, from edge[0] = 0 to
 * edge[panels]. */
enum { FL_SUMS_PANELS = 3 };
typedef struct fl_sums_density {
    double top, edge[FL_SUMS_PANELS + 1];
    size_t panels, nodes;
    double *x, *weight, *value; /* [panels][nodes] each; one block of memory, x */
} fl_sums_density;

/* Chebyshev's points of [low, high] and their barycentric weights. */
void fl_chebyshev(double low, double high, size_t count, double *x, double *weight);

/* A function of s with its context, and what fl_sums_table makes of it: the table of a up to where it has
 * fallen to 1e-13 or to `most`. FL_UNDECIDED where a(0) is not positive; FL_ENOMEM. */
typedef double fl_sums_function(const void *context, double s);
fl_status fl_sums_table(const fl_sums *sums, fl_sums_function *a, const void *context, double top,
                        double most, fl_sums_density *density);

/* Up to FL_SUMS_FEW neurons are a few; up to FL_SUMS_SEVERAL where that is quick. */
enum { FL_SUMS_FEW = 6, FL_SUMS_SEVERAL = 7 };

/* The density for few neurons (convolutions) and for many (Fourier sums). FL_UNDECIDED where it takes too
 * many points; FL_ENOMEM. */
fl_status fl_sums_of_few(const fl_sums *sums, fl_sums_density *density);
fl_status fl_sums_of_many(const fl_sums *sums, fl_sums_density *density);

#endif
