/* What the tree kernel works on, made from a network: scaled rows, and the margins that make its
 * cuts safe (doc/numerics.md, section 2). */
#ifndef FIXLAND_ENUMERATE_TREE_TABLES_H
#define FIXLAND_ENUMERATE_TREE_TABLES_H

#include "fixland/network.h"
#include "fixland/status.h"
#include "src/kernel/tree_search.h"

typedef struct tree_tables {
    fl_tree_tables kernel;
    const fl_network *network;
    const double *jd; /* ascending */
    size_t jd_count;
    /* Bound on the error of the self-coupling that the kernel names for a candidate; infinite when
     * that number is of no use (couplings near the ends of the range of float). */
    double critical_error;
    void *memory, *sets_memory;
} tree_tables;

/* For a search at the largest self-coupling. n <= FL_TREE_MAX. */
fl_status tree_tables_make(tree_tables *t, const fl_network *network, const double *jd,
                           size_t jd_count);
void tree_tables_clear(tree_tables *t);

/* The smallest k such that the candidate is a fixed point at jd[k]; jd_count if there is none.
 * Exact. */
size_t tree_tables_level(const tree_tables *t, const uint64_t spins[2], float critical);

#endif
