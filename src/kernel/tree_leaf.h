/* Tree search, all completions of at most FL_TREE_LEAF free spins at once. Included once for every
 * NV.
 *
 * A completion is nine bits: bits 0 to 4 are the lane, bits 5 to 8 the group. With v_b = s_i J_ib
 * in rounded units, condition i reads sum_b v_b sigma_b >= t_i, that is
 *   (sum over the set bits below 5 of 2 v_b) >= t_i + sum_b v_b - (sum over the set bits above of 2
 * v_b), lanes on the left, a number for each group on the right. t_i is lowered by what the units
 * and float may have lost, so that no fixed point is. */

typedef struct FN(block) {
    int16_t low[5][STRIDE] __attribute__((aligned(64)));            /* 2 v_b */
    int16_t threshold[GROUPS][STRIDE] __attribute__((aligned(64))); /* the right side */
    uint64_t order[3][2]; /* conditions that a completion may miss: badly violated ones first */
} FN(block);

/* Decides one configuration in float, by its fields without self-couplings. */
static void FN(judge)(const FN(state) * a, const lanes *field, const uint64_t spins[2]) {
    lanes worst = splat(-INFINITY);
    const lanes *height = (const lanes *)a->tables->height, *bare = (const lanes *)a->tables->bare;
    uint32_t bad = 0;
    for (int v = 0; v < NV; v++) {
        uint32_t exist = BITS(a->all, v);
        lanes along = choose(from_bits(BITS(spins, v)), field[v], negated(field[v]));
        lanes rest = add(add(along, a->self[v]), a->slip[v]);
        bad |= to_bits(less(rest, splat(0))) & exist;
        lanes need = add(mul(along, height[v]), bare[v]);
        worst = larger(choose(from_bits(exist), negated(need), splat(-INFINITY)), worst);
    }
    if (!bad)
        a->search->ended |= a->search->take(a->search->context, spins, largest(worst));
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
            for (int v = 0; v < NV; v++)
                p[v] = add(p[v], mul(s, a->column[(size_t)(64 * k + j) * NV + v]));
        }
    FN(judge)(a, p, spins);
}

/* The thresholds t_i of 16 conditions, and which of them matter. */
MERGED halves FN(threshold)(const FN(state) * a, const FN(node) * node, FN(block) * block, int v) {
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

MERGED void FN(prepare)(const FN(state) * a, const FN(node) * node, FN(block) * block, int low,
                        int high) {
    const int16_t *units[FL_TREE_LEAF];
    int found = 0;
    for (int k = 0; k < WORDS; k++)
        for (uint64_t m = node->free[k]; m; m &= m - 1)
            units[found++] = a->tables->units + (size_t)(64 * k + __builtin_ctzll(m)) * STRIDE;
    for (int o = 0; o < 3; o++)
        block->order[o][0] = block->order[o][1] = 0;
    for (int v = 0; v < NV; v++) {
        halves right = FN(threshold)(a, node, block, v), twice[FL_TREE_LEAF - 5], t[GROUPS];
        uint32_t flip = ~BITS(node->plus, v) & 0xffff;
        for (int b = 0; b < low; b++) {
            halves u = halves_flip(halves_load(units[b] + 16 * v), flip);
            right = halves_add(right, u);
            halves_store(block->low[b] + 16 * v, halves_add(u, u));
        }
        for (int b = 0; b < high; b++) {
            halves u = halves_flip(halves_load(units[5 + b] + 16 * v), flip);
            right = halves_add(right, u);
            twice[b] = halves_add(u, u);
        }
        t[0] = right;
        halves_store(block->threshold[0] + 16 * v, right);
        for (int b = 0; b < high; b++)
            for (int h = 1 << b; h < 2 << b; h++) {
                t[h] = halves_sub(t[h - (1 << b)], twice[b]);
                halves_store(block->threshold[h] + 16 * v, t[h]);
            }
    }
}

/* Condition i in all groups: the sign bit of `missed` where it does not hold. */
MERGED void FN(condition)(const FN(block) * block, int i, int low, int groups, shorts *missed) {
    static const uint32_t pattern[5] = {0xaaaaaaaa, 0xcccccccc, 0xf0f0f0f0, 0xff00ff00, 0xffff0000};
    shorts left = splat16(0);
    for (int b = 0; b < low; b++)
        left = add_where(left, splat16(block->low[b][i]), pattern[b]);
    for (int h = 0; h < groups; h++)
        missed[h] = or_difference(missed[h], left, splat16(block->threshold[h][i]));
}

/* False when every completion misses some condition. */
MERGED bool FN(screen)(const FN(block) * block, int low, int groups, shorts *missed) {
    int since = 0;
    for (int h = 0; h < groups; h++)
        missed[h] = splat16(0);
    for (int o = 0; o < 3; o++)
        for (int k = 0; k < WORDS; k++)
            for (uint64_t m = block->order[o][k]; m; m &= m - 1) {
                FN(condition)(block, 64 * k + __builtin_ctzll(m), low, groups, missed);
                if (++since % 4)
                    continue;
                shorts all = missed[0];
                for (int h = 1; h < groups; h++)
                    all = both(all, missed[h]);
                if (negative(all) == UINT32_MAX)
                    return false;
            }
    return true;
}

/* All completions of low <= 5 free spins in the lanes and `high` in the groups. */
MERGED void FN(complete)(const FN(state) * a, const FN(node) * node, int low, int high) {
    FN(block) block;
    shorts missed[GROUPS];
    const int groups = 1 << high;
    FN(prepare)(a, node, &block, low, high);
    if (!FN(screen)(&block, low, groups, missed))
        return;
    uint32_t exist = low < 5 ? (UINT32_C(1) << (1 << low)) - 1 : UINT32_MAX;
    for (int h = 0; h < groups; h++)
        for (uint32_t m = ~negative(missed[h]) & exist; m && !a->search->ended; m &= m - 1)
            FN(decide)(a, node, (uint64_t)(32 * h + __builtin_ctz(m)));
}

/* Constants, so that the loops are unrolled and `missed` stays in registers. */
static void FN(leaf)(const FN(state) * a, const FN(node) * node) {
    int count = FN(open)(a, node);
    a->search->leaves++;
    if (count == 9)
        FN(complete)(a, node, 5, 4);
    else if (count == 8)
        FN(complete)(a, node, 5, 3);
    else if (count == 7)
        FN(complete)(a, node, 5, 2);
    else if (count == 6)
        FN(complete)(a, node, 5, 1);
    else
        FN(complete)(a, node, count, 0);
}
