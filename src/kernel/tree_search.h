/* Kernel: all configurations of a subtree that may be fixed points (doc/tree-search.md).
 *
 * Arrays of numbers in, candidates out; it knows nothing of networks. Rows are scaled to norm one
 * and rounded to float: condition i on a configuration s is
 *   s_i sum_j row[i][j] s_j + self[i] >= 0.
 * No configuration that meets the unrounded conditions is missed: slip[i] bounds what rounding does
 * to any sum of row i, `bound_slip` what it does to the dual bound, a unit of weight.
 *
 * All variants do the same arithmetic in the same order: same nodes, same candidates, same order.
 */
#ifndef FIXLAND_TREE_SEARCH_H
#define FIXLAND_TREE_SEARCH_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "fixland/effort.h"

enum { FL_TREE_MAX = 128, FL_TREE_LEAF = 9 };

/* Which free neuron is branched on: the one that the bounds push hardest; the one of the strongest
 * field against what is open (weaker, for tests); the free one of lowest number (tests). */
typedef enum fl_tree_rule { FL_TREE_DUAL, FL_TREE_INTERVAL, FL_TREE_FIRST } fl_tree_rule;

typedef struct fl_tree_tables {
    int n;                /* 1 .. FL_TREE_MAX */
    size_t stride;        /* floats a row: fl_tree_stride(n) */
    const float *row;     /* n x stride; row[i][j] acts from j on i; padded with zeros */
    const float *column;  /* n x stride: row transposed */
    const float *reach;   /* stride: sum over j of |row[i][j]|; beyond n: 0 */
    const float *self;    /* stride; beyond n: 1, a condition that always holds */
    const float *slip;    /* stride */
    const int16_t *units; /* n x stride: column in units of 1/unit */
    float unit;           /* FL_TREE_LEAF entries of a row sum to at most 5000 units */
    float bound_slip;
    const float *height; /* stride: what divided row i by its norm */
    const float *bare;   /* stride: the self-coupling of neuron i without the swept part */
} fl_tree_tables;        /* arrays 64-byte aligned */

typedef struct fl_tree_search {
    const fl_tree_tables *tables;
    uint64_t plus[2], free[2]; /* the subtree: spins set to +1; spins not set */
    fl_tree_rule rule;
    /* Gets every candidate, with the self-coupling from which on it is a fixed point, up to the
     * rounding of float. True: enough. */
    bool (*take)(void *context, const uint64_t spins[2], float critical);
    void *context;
    const fl_effort *effort; /* its stop is asked every few thousand nodes; may be NULL */
    uint64_t nodes, leaves;  /* counted */
    bool ended, interrupted; /* out: `take` had enough; `stop` said so */
} fl_tree_search;

/* n rounded up to what the kernels are compiled for. */
static inline size_t fl_tree_stride(size_t n) {
    return n <= 64 ? (n + 15) / 16 * 16 : n <= 96 ? 96 : 128;
}

typedef void fl_tree_run(fl_tree_search *search);

fl_tree_run fl_tree_run_scalar, fl_tree_run_avx2, fl_tree_run_avx512;

/* The kernel of the level in use (kernel.h). */
fl_tree_run *fl_tree_run_choose(void);

#endif
