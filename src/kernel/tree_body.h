/* Tree search over NV vectors of neurons, or, where WIDE is set, over as many as there are, NV at most.
 * Included once for every NV by tree_all.h. */
#define FN(name) PASTE(name, NV)
#define STRIDE (16 * NV)
#ifdef WIDE
#define VECTORS (a->vectors)
#else
#define VECTORS NV
#endif
#define WORDS ((NV + 3) / 4)

#include "src/kernel/tree_node.h"

#include "src/kernel/tree_step.h"

#include "src/kernel/tree_leaf.h"

/* Networks with a base have at most FL_TREE_SETS_MAX = 45 neurons. */
#if NV != 4
#include "src/kernel/tree_settings.h"

#include "src/kernel/tree_set_leaf.h"
#else
static void FN(set_leaf)(const FN(state) * a, const FN(node) * node) {
    FN(leaf)(a, node);
}
#endif

static bool FN(over)(const FN(state) * a) {
    fl_tree_search *search = a->search;
    if (search->nodes++ % 4096 == 0 && fl_effort_stopped(search->effort))
        search->interrupted = true;
    return search->ended || search->interrupted;
}

/* A node whose bounds allow it and force nothing. */
static void FN(expand)(const FN(state) * a, FN(node) * node) {
    lanes field[NV];
    FN(verdict) verdict[2];
    if (FN(over)(a))
        return;
    if (FN(open)(a, node) > a->leaf) {
        FN(step)(a, node, field);
        FN(look)(a, node, verdict);
        if (!FN(settle)(a, node, verdict))
            return;
    }
    if (FN(open)(a, node) <= a->leaf) {
        if (a->tables->sets)
            FN(set_leaf)(a, node);
        else
            FN(leaf)(a, node);
        return;
    }
    FN(node) *child = a->nodes + (node - a->nodes + 1) / 2 * 2 + 1;
    FN(split)(a, node, FN(branch)(a, node, field), child);
    FN(look)(a, child, verdict);
    FN(look)(a, child + 1, verdict + 1);
    for (int up = 0; up < 2; up++)
        if (FN(settle)(a, child + up, verdict + up))
            FN(expand)(a, child + up);
}

static void FN(run)(fl_tree_search *search) {
    const fl_tree_tables *t = search->tables;
    FN(node) nodes[2 * STRIDE + 1], *root = nodes;
    FN(verdict) verdict;
    FN(state)
    state = {.search = search,
             .tables = t,
             .row = (const lanes *)t->row,
             .column = (const lanes *)t->column,
             .self = (const lanes *)t->self,
             .slip = (const lanes *)t->slip,
             .leaf = t->sets ? FL_TREE_SET_LEAF : FL_TREE_LEAF,
             .vectors = (int)(t->stride / 16),
             .nodes = nodes},
    *a = &state;
    memset(root, 0, sizeof *root);
    memcpy(root->r, t->reach, (size_t)VECTORS * sizeof *root->r);
    for (int j = 0; j < t->n; j++)
        state.all[j / 64] |= UINT64_C(1) << (j % 64);
    memcpy(root->free, a->all, sizeof a->all);
    memcpy(state.branching, a->all, sizeof a->all);
    state.branching[0] &= t->sets ? ~t->sets->base : ~UINT64_C(0);
    for (int j = t->n - 1; j >= 0; j--)
        if (!(search->free[j / 64] >> (j % 64) & 1))
            FN(assign)(a, root, j, search->plus[j / 64] >> (j % 64) & 1);
    FN(look)(a, root, &verdict);
    if (FN(settle)(a, root, &verdict))
        FN(expand)(a, root);
}

#undef FN
#undef STRIDE
#undef VECTORS
#undef WORDS
