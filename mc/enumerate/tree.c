/* Tree search of one part: see engine.h and doc/tree-search.md. */
#include <math.h>

#include "mc/enumerate/engine.h"

typedef struct collector {
    const tree_tables *tables;
    hits *found;
    fl_status status;
} collector;

static bool take_tree(void *context, const uint64_t spins[2], float critical) {
    collector *c = context;
    size_t level = tree_tables_level(c->tables, spins, critical);
    if (level < c->tables->jd_count)
        c->status = hits_add(c->found, spins, level);
    return c->status != FL_OK || hits_full(c->found);
}

/* There is one self-coupling, and no limit. */
static void take_sure(void *context, uint64_t plus, const uint64_t *set, uint64_t number) {
    collector *c = context;
    const fl_tree_sets *sets = c->tables->kernel.sets;
    if (!c->found->keep) {
        c->found->by_level[0] += number;
        c->found->total += number;
        return;
    }
    for (size_t w = 0; w < FL_TREE_SET_WORDS; w++)
        for (uint64_t m = set[w]; m && c->status == FL_OK; m &= m - 1) {
            size_t y = 64 * w + (size_t)__builtin_ctzll(m), half = FL_TREE_BASE / 2;
            uint64_t low = sets->low_spins[y % (1 << half)], high = sets->high_spins[y >> half];
            c->status = hits_add(c->found, (uint64_t[2]){plus | low | high}, 0);
        }
}

/* Bits 0 .. count-1. */
static void low_bits(uint64_t words[2], size_t count) {
    words[0] = count >= 64 ? UINT64_MAX : (UINT64_C(1) << count) - 1;
    words[1] = count > 64 ? (UINT64_C(1) << (count - 64)) - 1 : 0;
}

fl_status tree_search(const engine *e, uint64_t part, hits *found, uint64_t *nodes) {
    size_t n = (size_t)e->tree.kernel.n, below = n - 1 - e->bits;
    collector c = {.tables = &e->tree, .found = found};
    fl_tree_search search = {.tables = &e->tree.kernel,
                             .rule = e->rule,
                             .take = take_tree,
                             .context = &c,
                             .effort = e->effort};
    if (e->jd_count == 1 && !found->most && e->tree.kernel.sets && e->tree.kernel.sets->sure)
        search.sure = take_sure;
    uint64_t fixed = UINT64_C(1) << e->bits | part;
    low_bits(search.free, below);
    for (unsigned b = 0; b <= e->bits; b++)
        search.plus[(below + b) / 64] |= (fixed >> b & 1) << ((below + b) % 64);
    fl_tree_run_choose()(&search);
    if (nodes)
        *nodes += search.nodes;
    if (search.interrupted)
        return fl_fail(FL_STOPPED, "stopped within a search of %zu neurons", n);
    return c.status;
}
