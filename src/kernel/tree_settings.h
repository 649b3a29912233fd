/* Tree search, the settings of the base that a leaf's sets still hold, all other spins being set. Included
 * once for every NV.
 *
 * Row i asks for b_i >= -p_i - self_i where its spin is +1, for b_i <= self_i - p_i where it is -1; p_i: the
 * field without the base, b_i: what the base adds. In 16-bit units of the row that tells which settings
 * fail and which are fixed points, but for few, whose sums are within FL_TREE_DOUBT of zero: these are
 * decided in float. */

typedef struct FN(set_bounds) {
    halves low[NV], high[NV]; /* of b, wide by what the units may be off */
    halves up[NV];            /* -1: the spin of this row is +1 */
} FN(set_bounds);

/* p: the fields without the base; plus: the spins outside it. */
INLINE FN(set_bounds) FN(bounds_of)(const FN(state) * a, const lanes *p, uint64_t plus) {
    FN(set_bounds) b;
    lanes most = splat(2 * FL_TREE_TOP), least = splat(-2 * FL_TREE_TOP);
    for (int v = 0; v < VECTORS; v++) {
        lanes unit = ((const lanes *)a->tables->sets->unit)[v];
        lanes self = add(a->self[v], a->slip[v]);
        lanes low = sub(mul(negated(add(p[v], self)), unit), splat(3));
        lanes high = add(mul(sub(self, p[v]), unit), splat(3));
        b.low[v] = to_halves(smaller(larger(low, least), most));
        b.high[v] = to_halves(smaller(larger(high, least), most));
        b.up[v] = halves_of_bits(BITS(&plus, v));
    }
    return b;
}

/* The same for the lower half of the base. */
INLINE FN(set_bounds)
    FN(bounds_within)(const FN(state) * a, const FN(set_bounds) * whole, size_t word) {
    const fl_tree_sets *t = a->tables->sets;
    FN(set_bounds) b;
    for (int v = 0; v < VECTORS; v++) {
        size_t at = (word * VECTORS + (size_t)v) * 16;
        halves given = halves_load(t->high_units + at);
        b.low[v] = halves_sub(whole->low[v], given);
        b.high[v] = halves_sub(whole->high[v], given);
        b.up[v] = halves_or(whole->up[v], halves_load(t->high_up + at));
    }
    return b;
}

/* Of the settings of one word: those that do not fail; `doubt`: those that may fail. */
INLINE uint64_t FN(settings_kept)(const FN(state) * a, const FN(set_bounds) * b, uint64_t settings,
                                  uint64_t *doubt) {
    const fl_tree_sets *t = a->tables->sets;
    uint64_t kept = 0;
    *doubt = 0;
    for (; settings; settings &= settings - 1) {
        size_t low = (size_t)__builtin_ctzll(settings);
        halves least = halves_splat(INT16_MAX);
        for (int v = 0; v < VECTORS; v++) {
            size_t at = (low * VECTORS + (size_t)v) * 16;
            halves given = halves_load(t->low_units + at);
            halves up = halves_or(b->up[v], halves_load(t->low_up + at));
            halves over = halves_sub(given, b->low[v]), under = halves_sub(b->high[v], given);
            least = halves_smaller(least, halves_choose(up, over, under));
        }
        kept |= (uint64_t)!halves_negative(least) << low;
        *doubt |= (uint64_t)halves_negative(halves_sub(least, halves_splat(FL_TREE_DOUBT))) << low;
    }
    *doubt &= kept;
    return kept;
}

/* Decides settings of one word in float; p: the fields without the base. */
static void FN(decide_settings)(const FN(state) * a, const lanes *p, uint64_t plus, size_t word,
                                uint64_t settings) {
    const fl_tree_sets *t = a->tables->sets;
    const lanes *high = (const lanes *)(t->high + word * VECTORS * 16);
    uint64_t fixed = plus | t->high_spins[word];
    lanes rest[NV], field[NV];
    for (int v = 0; v < VECTORS; v++)
        rest[v] = add(p[v], high[v]);
    for (; settings && !a->search->ended; settings &= settings - 1) {
        size_t low = (size_t)__builtin_ctzll(settings);
        const lanes *one = (const lanes *)(t->low + low * VECTORS * 16);
        uint64_t spins[2] = {fixed | t->low_spins[low], 0};
        for (int v = 0; v < VECTORS; v++)
            field[v] = add(rest[v], one[v]);
        FN(judge_here)(a, field, spins);
    }
}

/* Decides all settings of a set, which keeps those that are fixed points beyond doubt if `sure`; returns their
 * number. The others are taken. */
static uint64_t FN(decide_set)(const FN(state) * a, const lanes *p, uint64_t plus, uint64_t *set,
                               bool sure) {
    FN(set_bounds) whole = FN(bounds_of)(a, p, plus);
    uint64_t number = 0, doubt;
    for (size_t w = 0; w < FL_TREE_SET_WORDS && !a->search->ended; w++) {
        if (!set[w])
            continue;
        FN(set_bounds) b = FN(bounds_within)(a, &whole, w);
        uint64_t kept = FN(settings_kept)(a, &b, set[w], &doubt);
        set[w] = sure ? kept & ~doubt : 0;
        number += (uint64_t)__builtin_popcountll(set[w]);
        if (kept & ~set[w])
            FN(decide_settings)(a, p, plus, w, kept & ~set[w]);
    }
    return number;
}
