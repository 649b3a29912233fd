/* Tree search, leaves by sets of settings of the base (tree_sets.h). Included once for every NV.
 *
 * A lane is a condition with its sign: z = s_i p_i + self_i + slip_i + sum of |row_ij| over the
 * free spins outside the base, p_i without the base, in units of row i, rounded up by FL_TREE_ROOM.
 * Each spin that is set takes 2 |row_ij| from the lanes that it hurts; what the base can still give
 * is in the tables. z is cut where it certainly decides: the 16 bits never overflow. */

_Static_assert(FL_TREE_BASE / 2 == 6, "a word holds the settings of the lower half");

/* All that the set still holds, every spin outside the base being set. */
static void FN(finish)(const FN(state) * a, const lanes *p0, const set_leaf *leaf, int count,
                       set_state *s) {
    lanes p[NV];
    memcpy(p, p0, sizeof p);
    for (int k = 0; k < count; k++) {
        int j = leaf->order[k]->neuron;
        lanes sign = splat(s->plus >> j & 1 ? 1.0f : -1.0f);
        for (int v = 0; v < VECTORS; v++)
            p[v] = add(p[v], mul(sign, a->column[(size_t)j * VECTORS + v]));
    }
    bool sure = a->search->sure;
    if (sure && set_size(s->set) >= FL_TREE_SURE_LEAST) {
        uint64_t these[FL_TREE_SET_WORDS] __attribute__((aligned(64)));
        uint64_t number = set_take_sure(leaf, s, these);
        if (number)
            a->search->sure(a->search->context, s->plus, these, number);
    }
    uint64_t number = FN(decide_set)(a, p, s->plus, s->set, sure);
    if (number)
        a->search->sure(a->search->context, s->plus, s->set, number);
}

/* Sets spins left - 1, ..., 0. */
static void FN(descend)(const FN(state) * a, const lanes *p, const set_leaf *leaf, int count,
                        int left, const set_state *from) {
    const set_spin *spin = leaf->order[left - 1];
    for (int up = 0; up < 2 && !a->search->ended; up++) {
        set_state s;
        for (int h = 0; h < 2; h++)
            EACH OF(s.z[h]) = OF(from->z[h]) - OF(spin->fall[up][h]);
        s.active = from->active | spin->wakes[up];
        s.plus = from->plus | (uint64_t)up << spin->neuron;
        memcpy(s.set, from->set, sizeof s.set);
        if (!set_screen(leaf, &s))
            continue;
        if (left == 1)
            FN(finish)(a, p, leaf, count, &s);
        else
            FN(descend)(a, p, leaf, count, left - 1, &s);
    }
}

/* What goes into lanes: z of each row with either sign, and which of them are not certain. */
typedef struct FN(set_rows) {
    lanes p[NV];          /* without the base */
    int16_t z[2][STRIDE]; /* with spin -1, +1 */
    uint64_t open[2];     /* rows that may fail with that sign */
} FN(set_rows);

static void FN(set_row_sums)(const FN(state) * a, const FN(node) * node, FN(set_rows) * r) {
    const fl_tree_sets *t = a->tables->sets;
    uint64_t base = t->base & ~node->free[0], rest = node->free[0] & ~t->base;
    lanes reach[NV];
    memcpy(r->p, node->p, sizeof r->p);
    memset(r->open, 0, sizeof r->open);
    for (int v = 0; v < VECTORS; v++)
        reach[v] = splat(0);
    for (uint64_t m = base; m; m &= m - 1) {
        int j = __builtin_ctzll(m);
        lanes sign = splat(node->plus[0] >> j & 1 ? -1.0f : 1.0f);
        for (int v = 0; v < VECTORS; v++)
            r->p[v] = add(r->p[v], mul(sign, a->column[(size_t)j * VECTORS + v]));
    }
    for (uint64_t m = rest; m; m &= m - 1)
        for (int v = 0; v < VECTORS; v++)
            reach[v] = add(reach[v], absolute(a->column[(size_t)__builtin_ctzll(m) * VECTORS + v]));
    for (int v = 0; v < VECTORS; v++) {
        lanes unit = ((const lanes *)t->unit)[v], half = ((const lanes *)t->half)[v];
        lanes sum = add(add(reach[v], a->self[v]), a->slip[v]);
        lanes certain = add(add(half, add(reach[v], reach[v])), mul(splat(3), a->slip[v]));
        lanes top = splat(FL_TREE_TOP + FL_TREE_FALL + FL_TREE_ROOM), low = splat(-2 * FL_TREE_TOP);
        for (int up = 0; up < 2; up++) {
            lanes z = up ? add(sum, r->p[v]) : sub(sum, r->p[v]);
            PUT(&r->open[up], v, to_bits(less(z, certain)));
            z = add(mul(z, unit), splat(FL_TREE_ROOM));
            halves_store(r->z[up] + 16 * v, to_halves(smaller(larger(z, low), top)));
        }
    }
}

/* The lanes of a leaf: rows, signs, and z. */
typedef struct FN(set_lanes) {
    int count, row[FL_TREE_LANES], up[FL_TREE_LANES];
    int16_t z[FL_TREE_LANES] __attribute__((aligned(64)));
    int16_t turned[FL_TREE_LANES] __attribute__((aligned(64))); /* -1: of a row whose spin is -1 */
} FN(set_lanes);

INLINE uint64_t FN(add_lane)(const FN(set_rows) * r, FN(set_lanes) * l, int row, int up) {
    l->row[l->count] = row;
    l->up[l->count] = up;
    l->z[l->count] = r->z[up][row];
    l->turned[l->count] = (int16_t)(up - 1);
    return UINT64_C(1) << l->count++;
}

/* How near each lane is to failing, in units of 64; none that sleeps. */
static void FN(set_nearness)(const FN(set_lanes) * l, uint64_t active, int16_t *near) {
    for (int k = 0; k < FL_TREE_LANES; k++) {
        int16_t left = (int16_t)(FL_TREE_TOP * 4 / 5 - l->z[k]);
        near[k] = left > 0 && active >> k & 1 ? left >> 6 : 0;
    }
}

/* What setting a spin takes from each lane, and how much it matters now. Loops of constant length, without
 * branches: half of a leaf's making. */
static void FN(set_falls)(const FN(state) * a, const FN(set_lanes) * l, const int16_t *near,
                          set_spin *spin) {
    const int16_t *column = a->tables->sets->column + (size_t)spin->neuron * VECTORS * 16;
    int16_t fall[2][FL_TREE_LANES] __attribute__((aligned(64)));
    int16_t with[FL_TREE_LANES] __attribute__((aligned(64))) = {0};
    int32_t weight = 0;
    for (int k = 0; k < l->count; k++)
        with[k] = column[l->row[k]];
    for (int k = 0; k < FL_TREE_LANES; k++) {
        int16_t w = (int16_t)((with[k] ^ l->turned[k]) - l->turned[k]), plus = w > 0 ? w : 0;
        fall[0][k] = (int16_t)(2 * plus);
        fall[1][k] = (int16_t)(2 * (plus - w));
        weight += near[k] * (w < 0 ? -w : w);
    }
    spin->weight = weight;
    memcpy(spin->fall, fall, sizeof fall);
}

/* Known conditions first, then those of the base, both signs, then those of the spins to be set,
 * whose lanes wake with them. */
static int FN(set_plan)(const FN(state) * a, const FN(node) * node, const FN(set_rows) * r,
                        FN(set_lanes) * l, set_leaf *leaf, uint64_t *active) {
    const fl_tree_sets *t = a->tables->sets;
    uint64_t rest = node->free[0] & ~t->base, known = a->all[0] & ~node->free[0];
    uint64_t base = node->free[0] & t->base;
    int count = 0;
    l->count = 0;
    for (int up = 1; up >= 0; up--) {
        uint64_t sign = up ? node->plus[0] : ~node->plus[0];
        for (uint64_t m = r->open[up] & ((known & sign) | base); m; m &= m - 1)
            FN(add_lane)(r, l, __builtin_ctzll(m), up);
    }
    *active = l->count < 64 ? (UINT64_C(1) << l->count) - 1 : ~UINT64_C(0);
    for (uint64_t m = rest; m; m &= m - 1) {
        set_spin *spin = &leaf->spin[count++];
        spin->neuron = __builtin_ctzll(m);
        for (int up = 0; up < 2; up++)
            spin->wakes[up] = FN(add_lane)(r, l, spin->neuron, up);
    }
    for (int k = 0; k < l->count; k++)
        leaf->table[k] =
            t->set + (size_t)(2 * l->row[k] + l->up[k]) * FL_TREE_LEVELS * FL_TREE_SET_WORDS;
    return count;
}

/* Insertion by weight, the heaviest last. */
static void FN(set_order)(set_leaf *leaf, int count) {
    for (int k = 0; k < count; k++) {
        int at = k;
        for (; at > 0 && leaf->order[at - 1]->weight > leaf->spin[k].weight; at--)
            leaf->order[at] = leaf->order[at - 1];
        leaf->order[at] = &leaf->spin[k];
    }
}

static void FN(set_leaf)(const FN(state) * a, const FN(node) * node) {
    const fl_tree_sets *t = a->tables->sets;
    FN(set_rows) r;
    FN(set_lanes) l;
    set_leaf leaf;
    set_state s;
    int16_t near[FL_TREE_LANES] __attribute__((aligned(64)));
    a->search->leaves++;
    memset(l.z, 0, sizeof l.z);
    memset(l.turned, 0, sizeof l.turned);
    memset(s.set, -1, sizeof s.set);
    for (uint64_t m = t->base & ~node->free[0]; m; m &= m - 1) {
        int j = __builtin_ctzll(m);
        set_restrict(s.set, t->place[j], node->plus[0] >> j & 1);
    }
    FN(set_row_sums)(a, node, &r);
    int count = FN(set_plan)(a, node, &r, &l, &leaf, &s.active);
    FN(set_nearness)(&l, s.active, near);
    for (int k = 0; k < count; k++)
        FN(set_falls)(a, &l, near, &leaf.spin[k]);
    FN(set_order)(&leaf, count);
    memcpy(s.z, l.z, sizeof s.z);
    s.plus = node->plus[0] & ~t->base;
    if (!set_screen(&leaf, &s))
        return;
    if (count)
        FN(descend)(a, r.p, &leaf, count, count, &s);
    else
        FN(finish)(a, r.p, &leaf, 0, &s);
}
