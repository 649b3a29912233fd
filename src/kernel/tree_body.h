/* Tree search over NV vectors of neurons. Included once for every NV by tree_all.h. */
#define FN(name) PASTE(name, NV)
#define STRIDE (16 * NV)
#define WORDS ((NV + 3) / 4)

#include "src/kernel/tree_node.h"

#include "src/kernel/tree_step.h"

#include "src/kernel/tree_leaf.h"

static bool FN(over)(const FN(state) * a) {
    fl_tree_search *search = a->search;
    if (search->nodes++ % 4096 == 0 && search->stop && search->stop())
        search->interrupted = true;
    return search->ended || search->interrupted;
}

/* A node whose bounds allow it and force nothing. */
static void FN(expand)(const FN(state) * a, FN(node) * node) {
    lanes field[NV];
    if (FN(over)(a))
        return;
    if (FN(open)(node) > FL_TREE_LEAF) {
        FN(step)(a, node, field);
        if (!FN(settle)(a, node))
            return;
    }
    if (FN(open)(node) <= FL_TREE_LEAF) {
        FN(leaf)(a, node);
        return;
    }
    int j = FN(branch)(a, node, field);
    FN(node) *child = node + 1;
    for (int up = 0; up < 2; up++) {
        *child = *node;
        FN(assign)(a, child, j, up);
        if (FN(settle)(a, child))
            FN(expand)(a, child);
    }
}

static void FN(run)(fl_tree_search *search) {
    const fl_tree_tables *t = search->tables;
    FN(node) nodes[STRIDE + 2], *root = nodes;
    FN(state)
    a = {.search = search,
         .tables = t,
         .row = (const lanes *)t->row,
         .column = (const lanes *)t->column,
         .self = (const lanes *)t->self,
         .slip = (const lanes *)t->slip,
         .nodes = nodes};
    memset(root, 0, sizeof *root);
    memcpy(root->r, t->reach, sizeof root->r);
    for (int j = 0; j < t->n; j++)
        a.all[j / 64] |= UINT64_C(1) << (j % 64);
    memcpy(root->free, a.all, sizeof a.all);
    for (int j = t->n - 1; j >= 0; j--)
        if (!(search->free[j / 64] >> (j % 64) & 1))
            FN(assign)(&a, root, j, search->plus[j / 64] >> (j % 64) & 1);
    if (FN(settle)(&a, root))
        FN(expand)(&a, root);
}

#undef FN
#undef STRIDE
#undef WORDS
