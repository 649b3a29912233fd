/* Clusters of fixed points: the components of the graph that links two configurations at Hamming
 * distance <= radius, and tuples of configurations at mutual overlaps. Sets as in overlap.h. */
#ifndef FIXLAND_CLUSTERS_H
#define FIXLAND_CLUSTERS_H

#include <stddef.h>
#include <stdint.h>

#include "fixland/overlap.h"
#include "fixland/status.h"

#ifdef __cplusplus
extern "C" {
#endif

/* How neighbours are found. */
typedef enum fl_search {
    FL_SEARCH_AUTO,  /* whichever is estimated to be faster */
    FL_SEARCH_BRUTE, /* all pairs */
    FL_SEARCH_INDEX  /* multi-index hashing */
} fl_search;

/* Calls `visit` once for each unordered pair a < b of members at distance <= radius, in an order
 * that depends on the search.
 *
 * Multi-index hashing (Norouzi, Punjani and Fleet, doi:10.1109/CVPR.2012.6248043): the neurons are
 * cut into m parts. With radius = m rho + a, a < m, two configurations within the radius differ in
 * at most rho neurons on one of the parts 0..a, or in at most rho - 1 on one of the others; each
 * part has a hash table, in which every configuration looks up the keys within rho (or rho - 1)
 * flips of its own. m is chosen by the estimated work. FL_EINVAL for n = 0 or more than
 * FL_OVERLAP_NEURONS, or more than 2^32 - 2 configurations. */
fl_status fl_neighbours(const uint64_t *spins, size_t count, size_t n, size_t radius,
                        fl_search search, const fl_effort *effort,
                        void (*visit)(void *context, uint32_t a, uint32_t b), void *context);

typedef struct fl_clusters {
    size_t points, count; /* configurations, clusters */
    uint32_t *label;      /* points: cluster of each configuration, numbered by first member */
    uint32_t *size;       /* count: members of each cluster */
} fl_clusters;

/* The clusters at `radius`. Starts from `finer`, the clusters of the same set at a smaller radius,
 * when not NULL. Release with fl_clusters_clear. FL_EINVAL as fl_neighbours, FL_ENOMEM,
 * FL_STOPPED. */
fl_status fl_clusters_find(const uint64_t *spins, size_t count, size_t n, size_t radius,
                           fl_search search, const fl_clusters *finer, const fl_effort *effort,
                           fl_clusters *clusters);
void fl_clusters_clear(fl_clusters *clusters);

/* Means over clusters, or over configurations with weights (>= 0, NULL: 1 each). nan where there is
 * nothing to take a mean of. */
typedef struct fl_cluster_weights {
    double largest;  /* share of the weight in the heaviest cluster */
    double isolated; /* share of the weight on configurations that are alone in their cluster */
    double size;     /* weighted mean over configurations of the size of their cluster */
} fl_cluster_weights;

void fl_clusters_weigh(const fl_clusters *clusters, const double *weights,
                       fl_cluster_weights *result);

/* The diameter of a cluster is the largest Hamming distance between two of its members. `mean` over
 * the clusters of two and more members (nan when there is none). Exact for clusters of up to
 * `limit` members and wherever the lower bound meets the number of neurons that vary within the
 * cluster; `bounded` counts the others, which enter with a lower bound (the farthest member from
 * the farthest member ... of several starts). */
typedef struct fl_diameters {
    double mean;
    size_t clusters, bounded;
} fl_diameters;

/* FL_ENOMEM, FL_STOPPED. */
fl_status fl_clusters_diameters(const fl_clusters *clusters, const uint64_t *spins, size_t n,
                                size_t limit, const fl_effort *effort, fl_diameters *diameters);

/* Mean over configurations of the distance to the nearest other one (nan below two). Over all of
 * them while that takes at most `budget` distances, else over as many as it allows, evenly spaced
 * in the set; *used says how many. FL_ENOMEM, FL_STOPPED. */
fl_status fl_nearest_distance(const uint64_t *spins, size_t count, size_t n, double budget,
                              const fl_effort *effort, double *mean, size_t *used);

/* Ordered m-tuples of different members, m = 2, 3, 4, of which every two are at a distance in
 * low..high: tuples[0], tuples[1], tuples[2] (only up to `most`, the others are 0). Exact while
 * below 2^53. Takes count^2 / 8 bytes; FL_EINVAL for more than FL_TUPLE_POINTS configurations. */
enum { FL_TUPLE_POINTS = 1 << 17 };
fl_status fl_tuples_count(const uint64_t *spins, size_t count, size_t n, size_t low, size_t high,
                          size_t most, const fl_effort *effort, double *tuples);

#ifdef __cplusplus
}
#endif
#endif
