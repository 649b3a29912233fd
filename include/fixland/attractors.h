/* What attracts: basins of the fixed points of one network, from visits, returns to a fixed point
 * after damage, and how many fixed points are around a configuration. */
#ifndef FIXLAND_ATTRACTORS_H
#define FIXLAND_ATTRACTORS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "fixland/dynamics.h"
#include "fixland/effort.h"
#include "fixland/network.h"
#include "fixland/stats.h"
#include "fixland/status.h"

#ifdef __cplusplus
extern "C" {
#endif

/* ---- basins ---- */

/* Visits of fixed points by runs from random starts. Each start ends in one of them or in none; a
 * fixed point's weight is the probability of that. */
typedef struct fl_basins {
    uint64_t starts, reached; /* runs, and those that ended in a fixed point */
    uint64_t distinct;        /* fixed points seen */
    uint64_t once, twice;     /* of them, seen once and twice */
    uint64_t largest;         /* visits of the one seen most */
    double unseen; /* estimate of fixed points with weight that were not seen, Chao's: once (once -
                 * 1) / (2 (twice + 1)), a lower bound on average (Scand. J. Stat. 11, 265, 1984) */
    double coverage; /* estimate of the weight of those seen, among runs that reach: 1 - once /
                      * reached (Good 1953) */
    double
        entropy; /* -sum w ln w over weights among runs that reach, nats, corrected for the unseen
                  * (Chao and Shen, Environ. Ecol. Stat. 10, 429, 2003); nan below two visits */
    double entropy_error; /* of the plain estimate, sqrt((sum w ln^2 w - H^2) / reached) */
} fl_basins;

/* From the visits of each fixed point seen (all >= 1, count of them) and the number of runs. */
fl_basins fl_basins_of(const uint64_t *visits, size_t count, uint64_t starts);

/* Runs `starts` starts (replicas 0, 1, ... of plan->seed and sample; plan->replica is not used),
 * and counts where they end: *visits gets the counts, most visited first, *points the
 * configurations in that order (count x fl_spins_words(n)); free both. Errors as fl_dynamics_run.
 */
fl_status fl_basins_visit(const fl_columns *columns, size_t n, const fl_dynamics *plan,
                          uint64_t starts, uint64_t **visits, uint64_t **points, size_t *count);

/* ---- damage ---- */

typedef struct fl_returns {
    uint64_t trials;
    uint64_t returned; /* to the point itself */
    uint64_t reached;  /* to any fixed point */
    double overlap;    /* with the point at the end, summed over trials */
} fl_returns;

/* `trials` runs, each from the point with `flips` random neurons turned (a function of plan->seed,
 * sample, `which` and the trial). plan->replica is not used. FL_EINVAL for more flips than neurons;
 * other errors as fl_dynamics_run. */
fl_status fl_returns_after(const fl_columns *columns, size_t n, const fl_dynamics *plan,
                           const uint64_t *point, uint64_t which, size_t flips, uint64_t trials,
                           fl_returns *returns);

/* ---- neighbours ---- */

/* Configurations looked at by fl_fixed_points_near at most. */
#define FL_NEAR_MAX 1e10

/* Numbers of fixed points at distance 0, 1, ... radius from a configuration, exactly, into
 * counts[radius + 1]: all sum_d C(n, d) configurations are looked at, by the rule of
 * fl_network_is_fixed_point. n (n + radius) numbers of memory. FL_EINVAL for a radius above n,
 * FL_EDOMAIN for more than FL_NEAR_MAX configurations, FL_ENOMEM, FL_STOPPED (`effort` may be NULL;
 * one thread, no progress). */
fl_status fl_fixed_points_near(const fl_network *network, double jd, const uint64_t *centre,
                               size_t radius, const fl_effort *effort, uint64_t *counts);

#ifdef __cplusplus
}
#endif
#endif
