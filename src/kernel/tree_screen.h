/* Tree search, all completions of at most FL_TREE_LEAF free spins at once. Included once by tree_all.h.
 *
 * A completion is nine bits: bits 0 to 4 are the lane, bits 5 to 8 the group. With v_b = s_i J_ib
 * in rounded units, condition i reads sum_b v_b sigma_b >= t_i, that is
 *   (sum over the set bits below 5 of 2 v_b) >= t_i + sum_b v_b - (sum over the set bits above of 2
 * v_b), lanes on the left, a number for each group on the right. */

typedef struct leaf_block {
    int vectors;          /* of 16 conditions */
    uint64_t plus[2];     /* spins set to +1 */
    uint64_t order[3][2]; /* conditions that may be missed: badly violated ones first */
    const int16_t *units[FL_TREE_LEAF];                                  /* v_b, for s_i = +1 */
    halves least[FL_TREE_MAX / 16];                                      /* t_i */
    int16_t low[5][FL_TREE_MAX] __attribute__((aligned(64)));            /* 2 v_b */
    int16_t threshold[GROUPS][FL_TREE_MAX] __attribute__((aligned(64))); /* the right side */
} leaf_block;

INLINE void leaf_prepare(leaf_block *block, int low, int high) {
    for (int v = 0; v < block->vectors; v++) {
        halves right = block->least[v], twice[FL_TREE_LEAF - 5], t[GROUPS];
        uint32_t flip = ~BITS(block->plus, v) & 0xffff;
        for (int b = 0; b < low; b++) {
            halves u = halves_flip(halves_load(block->units[b] + 16 * v), flip);
            right = halves_add(right, u);
            halves_store(block->low[b] + 16 * v, halves_add(u, u));
        }
        for (int b = 0; b < high; b++) {
            halves u = halves_flip(halves_load(block->units[5 + b] + 16 * v), flip);
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
INLINE void leaf_condition(const leaf_block *block, int i, int low, int groups, shorts *missed) {
    static const uint32_t pattern[5] = {0xaaaaaaaa, 0xcccccccc, 0xf0f0f0f0, 0xff00ff00, 0xffff0000};
    shorts left = splat16(0);
    for (int b = 0; b < low; b++)
        left = add_where(left, splat16(block->low[b][i]), pattern[b]);
    for (int h = 0; h < groups; h++)
        missed[h] = or_difference(missed[h], left, splat16(block->threshold[h][i]));
}

/* False when every completion misses some condition. */
INLINE bool leaf_conditions(const leaf_block *block, int low, int groups, shorts *missed) {
    int since = 0;
    for (int h = 0; h < groups; h++)
        missed[h] = splat16(0);
    for (int o = 0; o < 3; o++)
        for (int k = 0; k < 2; k++)
            for (uint64_t m = block->order[o][k]; m; m &= m - 1) {
                leaf_condition(block, 64 * k + __builtin_ctzll(m), low, groups, missed);
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

/* All completions of low <= 5 free spins in the lanes and `high` in the groups: returns the number of
 * groups, and the completions that miss nothing. */
INLINE int leaf_complete(leaf_block *block, int low, int high, uint32_t *left) {
    shorts missed[GROUPS];
    const int groups = 1 << high;
    leaf_prepare(block, low, high);
    if (!leaf_conditions(block, low, groups, missed))
        return 0;
    uint32_t exist = low < 5 ? (UINT32_C(1) << (1 << low)) - 1 : UINT32_MAX;
    for (int h = 0; h < groups; h++)
        left[h] = ~negative(missed[h]) & exist;
    return groups;
}

/* Constants, so that the loops are unrolled and `missed` stays in registers. */
static int leaf_screen(leaf_block *block, int count, uint32_t *left) {
    switch (count) {
    case 9:
        return leaf_complete(block, 5, 4, left);
    case 8:
        return leaf_complete(block, 5, 3, left);
    case 7:
        return leaf_complete(block, 5, 2, left);
    case 6:
        return leaf_complete(block, 5, 1, left);
    default:
        return leaf_complete(block, count, 0, left);
    }
}
