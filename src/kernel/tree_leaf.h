/* Tree search, all completions of at most FL_TREE_LEAF free spins at once (tree_screen.h). Included once for
 * every NV. Thresholds are lowered by what the units and float may have lost, so that no fixed point is. */

/* Decides one configuration in float, by its fields without self-couplings. */
INLINE void FN(judge_here)(const FN(state) * a, const lanes *field, const uint64_t spins[2]) {
    lanes along[NV], least = splat(INFINITY);
    const lanes *height = (const lanes *)a->tables->height, *bare = (const lanes *)a->tables->bare;
    uint32_t bad = 0;
    for (int v = 0; v < VECTORS; v++) {
        along[v] = signed_by(field[v], BITS(spins, v));
        lanes rest = add(add(along[v], a->self[v]), a->slip[v]);
        bad |= to_bits(less(rest, splat(0)));
    }
    if (bad)
        return;
    for (int v = 0; v < VECTORS; v++)
        least = smaller(add(mul(along[v], height[v]), bare[v]), least);
    a->search->ended |= a->search->take(a->search->context, spins, largest(negated(least)));
}

static void FN(judge)(const FN(state) * a, const lanes *field, const uint64_t spins[2]) {
    FN(judge_here)(a, field, spins);
}

/* The same for a completion. */
static void FN(decide)(const FN(state) * a, const FN(node) * node, uint64_t bits) {
    lanes p[NV];
    uint64_t spins[2] = {node->plus[0], node->plus[1]};
    memcpy(p, node->p, sizeof p);
    for (int k = 0; k < WORDS; k++)
        for (uint64_t m = node->free[k]; m; m &= m - 1, bits >>= 1) {
            int j = __builtin_ctzll(m);
            spins[k] |= (bits & 1) << j;
            lanes s = splat(bits & 1 ? 1.0f : -1.0f);
            for (int v = 0; v < VECTORS; v++)
                p[v] = add(p[v], mul(s, a->column[(size_t)(64 * k + j) * VECTORS + v]));
        }
    FN(judge)(a, p, spins);
}

/* The thresholds t_i of 16 conditions, and which of them matter. */
MERGED halves FN(threshold)(const FN(state) * a, const FN(node) * node, leaf_block *block, int v) {
    lanes slack = mul(FN(spins)(node, v), node->p[v]);
    slack = add(add(slack, a->self[v]), a->slip[v]);
    uint32_t set = ~BITS(node->free, v) & BITS(a->all, v);
    uint32_t open = to_bits(less(sub(slack, node->r[v]), splat(0))) & set;
    uint32_t bad = to_bits(less(slack, splat(BAD))) & open,
             fair = to_bits(less(slack, splat(FAIR))) & open;
    PUT(block->order[0], v, bad);
    PUT(block->order[1], v, fair & ~bad);
    PUT(block->order[2], v, open & ~fair);
    lanes t = sub(mul(splat(-a->tables->unit), slack), splat(UNITS_SLIP));
    return to_halves(smaller(larger(t, splat(-6000)), splat(6000)));
}

static void FN(leaf)(const FN(state) * a, const FN(node) * node) {
    leaf_block block;
    uint32_t left[GROUPS];
    int count = 0;
    a->search->leaves++;
    memcpy(block.plus, node->plus, sizeof block.plus);
    memset(block.order, 0, sizeof block.order);
    block.vectors = VECTORS;
    for (int k = 0; k < WORDS; k++)
        for (uint64_t m = node->free[k]; m; m &= m - 1)
            block.units[count++] =
                a->tables->units + (size_t)(64 * k + __builtin_ctzll(m)) * VECTORS * 16;
    for (int v = 0; v < VECTORS; v++)
        block.least[v] = FN(threshold)(a, node, &block, v);
    int groups = leaf_screen(&block, count, left);
    for (int h = 0; h < groups; h++)
        for (uint32_t m = left[h]; m && !a->search->ended; m &= m - 1)
            FN(decide)(a, node, (uint64_t)(32 * h + __builtin_ctz(m)));
}
