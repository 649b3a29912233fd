/* The fixed points of a population's last sweep. Internal to mc/count. */
#ifndef FIXLAND_COUNT_POINTS_H
#define FIXLAND_COUNT_POINTS_H

#include "fixland/count.h"

typedef struct point_set {
    size_t n, count, room;
    uint64_t *records; /* see points.c */
    uint64_t marks, mark[FL_COUNT_MARKS];
} point_set;

/* FL_ENOMEM. */
fl_status point_set_add(point_set *p, const uint64_t *spins, double weight, size_t replica);

/* Sorts and merges equal ones; their number and the marks into *run, they themselves into *kept if
 * not NULL, with weights that add to exp(run->log_count). */
fl_status point_set_hand_over(point_set *p, fl_count_run *run, fl_count_points *kept);

void point_set_clear(point_set *p);

/* The union of several sets, weights of equal ones added, all times `factor`. The sets are
 * released. FL_ENOMEM. */
fl_status point_set_union(fl_count_points *sets, size_t count, double factor,
                          fl_count_points *result);

/* Where the fixed points seen are more than the mean of the populations, the estimate is their
 * number: makes the weights add to it. */
void point_set_fit(fl_count_points *points, const fl_count_estimate *estimate);

#endif
