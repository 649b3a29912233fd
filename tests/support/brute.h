/* Small networks by brute force: every configuration, at the exact verdict of network.h. */
#ifndef FIXLAND_TEST_BRUTE_H
#define FIXLAND_TEST_BRUTE_H

#include <stddef.h>
#include <stdint.h>

#include "fixland/network.h"
#include "fixland/stats.h"

/* The fixed points at jd among all 2^n configurations, ascending, into `points` (room for 2^n; may
 * be NULL); returns their number. n < 64. */
size_t brute_points(const fl_network *network, double jd, uint64_t *points);

/* Number of fixed points, and of ordered pairs of them by distance, of at most BRUTE_MAX neurons.
 */
enum { BRUTE_MAX = 16 };
typedef struct census {
    double count, pairs[BRUTE_MAX + 1];
} census;
census brute_census(const fl_network *network, double jd);

/* Mean and error of one column of values[samples][columns]. */
fl_estimate brute_column(const double *values, size_t samples, size_t columns, size_t which);

#endif
