/* Tree search over NV vectors of neurons. Included once for every NV by tree_all.h. */
#define FN(name) PASTE(name, NV)
#define STRIDE (16 * NV)
#define WORDS ((NV + 3) / 4)

#include "src/kernel/tree_node.h"

#include "src/kernel/tree_step.h"

#include "src/kernel/tree_leaf.h"

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
    if (FN(open)(node) > FL_TREE_LEAF) {
        FN(step)(a, node, field);
        FN(look)(a, node, verdict);
        if (!FN(settle)(a, node, verdict))
            return;
    }
    if (FN(open)(node) <= FL_TREE_LEAF) {
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
    FN(look)(&a, root, &verdict);
    if (FN(settle)(&a, root, &verdict))
        FN(expand)(&a, root);
}

#undef FN
#undef STRIDE
#undef WORDS
