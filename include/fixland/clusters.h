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

/* All that fl-overlap clusters tells of a set at one radius: the three shares evenly and by `weights` (NULL:
 * 1 each), and the diameters. */
typedef struct fl_cluster_summary {
    fl_cluster_weights even, weighted;
    fl_diameters diameters;
} fl_cluster_summary;

/* `limit` as in fl_clusters_diameters. FL_ENOMEM, FL_STOPPED. */
fl_status fl_clusters_summarise(const fl_clusters *clusters, const uint64_t *spins, size_t n,
                                const double *weights, size_t limit, const fl_effort *effort,
                                fl_cluster_summary *summary);

/* How often each of `count` configurations is among `other_count` others, which may hold one several times
 * and some that are not looked for: hits[k], for weights. FL_ENOMEM. */
fl_status fl_reached(const uint64_t *spins, size_t count, const uint64_t *others,
                     size_t other_count, size_t n, double *hits);

/* ---- numbers of clusters by size, over samples ---- */

typedef struct fl_size_count {
    size_t size;     /* configurations of a cluster */
    double clusters; /* so many of that size */
} fl_size_count;

/* The sizes that occur, ascending, into counts[0 .. *count - 1]; there is room for clusters->count.
 * Orders clusters->size. */
void fl_clusters_sizes(fl_clusters *clusters, fl_size_count *counts, size_t *count);

/* One size at one n, J_D and radius. */
typedef struct fl_size_row {
    size_t n, radius, size;
    double jd;
    double mean, error;   /* clusters of this size in a sample, over samples; without: 0 */
    double fraction;      /* of all configurations of all samples, in clusters of this size */
    double fraction_from; /* the same in clusters of this size or larger */
} fl_size_row;

/* Gathers them: each sample is begun, then its sizes at each radius are added. FL_ENOMEM. */
typedef struct fl_sizes fl_sizes;
fl_status fl_sizes_new(fl_sizes **sizes);
fl_status fl_sizes_begin(fl_sizes *sizes, size_t n, double jd);
fl_status fl_sizes_add(fl_sizes *sizes, size_t radius, const fl_size_count *count);

/* All rows by n, J_D, radius and size; they live as long as `sizes`. FL_ENOMEM. */
fl_status fl_sizes_rows(fl_sizes *sizes, const fl_size_row **rows, size_t *count);
void fl_sizes_free(fl_sizes *sizes);

/* ---- a drawing ---- */

typedef struct fl_map_link {
    uint32_t a, b; /* configurations, a < b */
} fl_map_link;

typedef struct fl_map {
    fl_clusters clusters;
    fl_map_link *links; /* ascending */
    size_t link_count;
    double *x, *y; /* of each configuration, in units of the typical spacing, centred */
} fl_map;

/* Places the configurations in the plane: first the two directions in which they vary most (the best
 * plane for their Hamming distances: classical scaling), then `steps` steps of forces: links attract, all
 * repel each other, and the origin holds all together (Fruchterman and Reingold,
 * doi:10.1002/spe.4380211102). A pure function of its arguments. Release with fl_map_clear in any case.
 * FL_EINVAL for more than FL_MAP_POINTS and as fl_neighbours, FL_ENOMEM, FL_STOPPED. */
enum { FL_MAP_POINTS = 20000 };
fl_status fl_map_draw(const uint64_t *spins, size_t count, size_t n, size_t radius, size_t steps,
                      const fl_effort *effort, fl_map *map);
void fl_map_clear(fl_map *map);

/* ---- tuples ---- */

/* The distances of different configurations whose overlap is from q - width to q + width; *low > *high when
 * there is none. */
void fl_tuples_window(size_t n, double q, double width, size_t *low, size_t *high);

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
