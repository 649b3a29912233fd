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

/* Leaves by sets (fl_tree_sets): spins of the base, words of a set; how many other spins a leaf has
 * at most; lanes, and the largest network for which they suffice; levels of a condition; 16-bit
 * units. */
enum {
    FL_TREE_BASE = 12,
    FL_TREE_SET_WORDS = 64,
    FL_TREE_SET_LEAF = 7,
    FL_TREE_LANES = 64,
    FL_TREE_SETS_MAX = FL_TREE_LANES - FL_TREE_BASE - FL_TREE_SET_LEAF,
    FL_TREE_LEVELS = 66,
    FL_TREE_TOP = 4096,      /* the most that the base gives a condition */
    FL_TREE_FALL = 20000,    /* the most that the other spins of a leaf take from it */
    FL_TREE_ROOM = 12,       /* what sums are rounded up by: eight roundings of at most one */
    FL_TREE_SURE = 32,       /* what they may be too large by, with twice the slip */
    FL_TREE_SURE_LEAST = 96, /* settings from which on a set is looked at for sure ones */
    FL_TREE_DOUBT = 16 /* what sums of single settings may be too large by, with twice the slip */
};

/* Which free neuron is branched on: the one that the bounds push hardest; the one of the strongest
 * field against what is open (weaker, for tests); the free one of lowest number (tests). */
typedef enum fl_tree_rule { FL_TREE_DUAL, FL_TREE_INTERVAL, FL_TREE_FIRST } fl_tree_rule;

/* A base of spins that are never branched on, and for every condition the settings of the base that
 * may meet it. For row i with spin +1 (k = 2 i + 1) or -1 (k = 2 i), and level l,
 *   set[(k * FL_TREE_LEVELS + l) * FL_TREE_SET_WORDS]: bit y is set if the condition may hold when
 *   the other spins leave it a sum of level floor(z / 128) + 33 <= l, z in units of 1/unit[i];
 * settings in which spin i, of the base itself, has the other sign are in all of its sets. */
typedef struct fl_tree_sets {
    uint64_t base;           /* its spins */
    int place[64];           /* bit of a spin in a setting; -1 outside the base */
    const float *unit;       /* stride */
    const float *half;       /* stride: FL_TREE_TOP units, at least what the base can give row i */
    const int16_t *column;   /* n x stride: columns in units of their rows */
    const float *low, *high; /* 64 x stride: what the lower and the upper six bits add to fields */
    uint64_t low_spins[64], high_spins[64];
    const int16_t *low_units, *high_units; /* 64 x stride: low and high in units of their rows */
    const int16_t *low_up, *high_up;       /* 64 x stride: -1 where the row's spin is +1 there */
    const uint64_t *set;
    bool sure; /* slips are so small that sets of the level below hold without doubt */
} fl_tree_sets;

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
    /* stride: the self-coupling of neuron i without the swept part; beyond n: infinite */
    const float *bare;
    const fl_tree_sets *sets; /* NULL: leaves of up to FL_TREE_LEAF spins, without a base */
} fl_tree_tables;             /* arrays 64-byte aligned */

typedef struct fl_tree_search {
    const fl_tree_tables *tables;
    uint64_t plus[2], free[2]; /* the subtree: spins set to +1; spins not set */
    fl_tree_rule rule;
    /* Gets every candidate, with the self-coupling from which on it is a fixed point, up to the
     * rounding of float. True: enough. */
    bool (*take)(void *context, const uint64_t spins[2], float critical);
    /* Gets fixed points that `take` then does not get, for they are ones beyond doubt: the settings
     * of the base in `set`, `number` of them, other spins as in `plus`. NULL: `take` gets all. */
    void (*sure)(void *context, uint64_t plus, const uint64_t *set, uint64_t number);
    void *context;
    const fl_effort *effort; /* its stop is asked every few thousand nodes; may be NULL */
    uint64_t nodes, leaves;  /* counted */
    bool ended, interrupted; /* out: `take` had enough; `stop` said so */
} fl_tree_search;

/* n rounded up to vectors, two at least. */
static inline size_t fl_tree_stride(size_t n) {
    return n <= 32 ? 32 : (n + 15) / 16 * 16;
}

typedef void fl_tree_run(fl_tree_search *search);

fl_tree_run fl_tree_run_scalar, fl_tree_run_avx2, fl_tree_run_avx512;

/* The kernel of the level in use (kernel.h). */
fl_tree_run *fl_tree_run_choose(void);

#endif
