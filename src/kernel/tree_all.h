/* The tree search for every number of vectors: what each variant of the kernel compiles with its
 * own instructions. Defines fl_tree_run_VARIANT. TREE_SMALL: one for all numbers, for a variant that is the
 * reference only. */
#include <math.h>

#include "src/kernel/tree_search.h"
#include "src/kernel/tree_vector.h"

#include "src/kernel/tree_sets.h"

#define PASTE_(a, b) a##b
#define PASTE(a, b) PASTE_(a, b)

/* The 16 bits of vector v, out of words and into them. */
#define BITS(words, v) ((uint32_t)((words)[(v) / 4] >> (16 * ((v) % 4))) & 0xffff)
#define PUT(words, v, bits) ((words)[(v) / 4] |= (uint64_t)(bits) << (16 * ((v) % 4)))

/* Found by measurement (doc/tree-search.md); nothing depends on them but the speed. */
#define START 0.05f /* weight of a neuron that has just been set */
#define SHARP 10.0f /* smoothing of the sign in the dual minimiser */
#define RATE 1.4f   /* length of a step */
#define EXTRA 0.03f /* how far below zero a step aims, a unit of weight */
#define LEAN 12.0f  /* the dual's part in the choice of the branching neuron */
#define BAD -0.5f   /* conditions below this come first in a leaf */
#define FAIR 0.25f  /* then those below this */

/* 16-bit units that a leaf's sums may be off: a rounding of one half for each free spin, one for
 * cutting the threshold to an integer, and room for float. */
#define UNITS_SLIP (0.5f * FL_TREE_LEAF + 3)

/* Groups of 32 completions of a leaf. */
#define GROUPS (1 << (FL_TREE_LEAF - 5))

#include "src/kernel/tree_screen.h"

_Static_assert(FL_TREE_SETS_MAX <= 48, "tree_body.h counts on it");

/* Networks of usual sizes have loops of constant length. */
#define NV 8
#define WIDE
#include "src/kernel/tree_body.h"
#undef WIDE
#undef NV
#ifdef TREE_SMALL
void TREE_RUN(fl_tree_search *search) {
    run8(search);
}
#else
#define NV 2
#include "src/kernel/tree_body.h"
#undef NV
#define NV 3
#include "src/kernel/tree_body.h"
#undef NV
#define NV 4
#include "src/kernel/tree_body.h"
#undef NV

void TREE_RUN(fl_tree_search *search) {
    static void (*const run[])(fl_tree_search *) = {run2, run2, run3, run4};
    size_t vectors = search->tables->stride / 16;
    (vectors <= 4 ? run[vectors - 1] : run8)(search);
}
#endif
