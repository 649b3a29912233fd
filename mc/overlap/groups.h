/* Rows of numbers gathered over samples: one group a (n, jd), in the order of appearance. */
#ifndef FIXLAND_OVERLAP_GROUPS_H
#define FIXLAND_OVERLAP_GROUPS_H

#include <stddef.h>

#include "fixland/stats.h"
#include "fixland/status.h"

typedef struct group {
    size_t n;
    double jd, extra; /* a third key: the radius, for example */
    size_t width, samples, room;
    double *values; /* samples x width */
} group;

typedef struct groups {
    group *all;
    size_t count;
} groups;

/* Adds a sample; all rows of a group have the same width. */
fl_status groups_add(groups *g, size_t n, double jd, double extra, const double *row, size_t width);
void groups_clear(groups *g);

/* Mean of a column over the samples where it is a number, with its standard error. FL_ENOMEM. */
fl_status group_mean(const group *g, size_t column, fl_estimate *mean);

#endif
