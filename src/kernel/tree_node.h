/* Tree search, the bounds at a node. Included once for every NV (see tree_all.h).
 *
 * S: neurons whose spin is set, U: the others. p_i = sum_S row_ij s_j, r_i = sum_U |row_ij|,
 * weights w_i >= 0 on S, c_j = sum_S w_i s_i row_ij. For every completion,
 *   interval  s_i f_i lies within s_i p_i +- r_i;
 *   dual      0 <= sum_S w_i (s_i f_i + self_i) <= L = sum_S w_i (s_i p_i + self_i) + sum_U |c_j|,
 * and with s_j against the sign of c_j even <= L - 2|c_j|. */

typedef struct FN(node) {
    lanes p[NV], r[NV], w[NV], c[NV];
    uint64_t plus[2], free[2];
    uint64_t fresh[2]; /* set since the weights were last written: they start at START */
    float weight;      /* sum of w, the fresh ones included */
    float bound;       /* L */
} FN(node);

typedef struct FN(state) {
    fl_tree_search *search;
    const fl_tree_tables *tables;
    const lanes *row, *column, *self, *slip;
    uint64_t all[2], branching[2]; /* neurons; those that are branched on */
    int leaf;                      /* a leaf has so many of these free at most */
    int vectors;
    FN(node) * nodes; /* the root, then two children a depth */
} FN(state);

/* Spins as +1 and -1, 0 where free. */
INLINE lanes FN(spins)(const FN(node) * node, int v) {
    lanes s = choose(from_bits(BITS(node->plus, v)), splat(1), splat(-1));
    return keep(s, from_bits(~BITS(node->free, v) & 0xffff));
}

/* Free neurons that would be branched on. */
INLINE int FN(open)(const FN(state) * a, const FN(node) * node) {
    return __builtin_popcountll(node->free[0] & a->branching[0]) +
           __builtin_popcountll(node->free[1] & a->branching[1]);
}

MERGED void FN(assign)(const FN(state) * a, FN(node) * node, int j, bool up) {
    const lanes *column = a->column + (size_t)j * VECTORS, *row = a->row + (size_t)j * VECTORS;
    uint64_t bit = UINT64_C(1) << (j % 64);
    lanes s = splat(up ? 1.0f : -1.0f), w = splat(up ? START : -START);
    node->free[j / 64] &= ~bit;
    node->fresh[j / 64] |= bit;
    node->plus[j / 64] |= up ? bit : 0;
    node->weight += START;
    for (int v = 0; v < VECTORS; v++) {
        node->p[v] = add(node->p[v], mul(s, column[v]));
        node->r[v] = sub(node->r[v], absolute(column[v]));
        node->c[v] = add(node->c[v], mul(w, row[v]));
    }
}

/* Both children of a node by neuron j: child[0] with spin -1, child[1] with +1. The same as a copy
 * and FN(assign), in one pass. */
MERGED void FN(split)(const FN(state) * a, const FN(node) * node, int j, FN(node) * child) {
    const lanes *column = a->column + (size_t)j * VECTORS, *row = a->row + (size_t)j * VECTORS;
    uint64_t bit = UINT64_C(1) << (j % 64);
    for (int v = 0; v < VECTORS; v++) {
        lanes by = mul(splat(START), row[v]);
        child[0].p[v] = sub(node->p[v], column[v]);
        child[1].p[v] = add(node->p[v], column[v]);
        child[0].r[v] = child[1].r[v] = sub(node->r[v], absolute(column[v]));
        child[0].w[v] = child[1].w[v] = node->w[v];
        child[0].c[v] = sub(node->c[v], by);
        child[1].c[v] = add(node->c[v], by);
    }
    for (int up = 0; up < 2; up++) {
        memcpy(child[up].plus, node->plus, sizeof node->plus);
        memcpy(child[up].free, node->free, sizeof node->free);
        memcpy(child[up].fresh, node->fresh, sizeof node->fresh);
        child[up].weight = node->weight + START;
        child[up].free[j / 64] &= ~bit;
        child[up].fresh[j / 64] |= bit;
    }
    child[1].plus[j / 64] |= bit;
}

/* Which neurons cannot be +1 (`high`) or -1 (`low`) by their own interval; and L. */
MERGED float FN(measure)(const FN(state) * a, FN(node) * node, uint64_t *high, uint64_t *low) {
    lanes total = splat(0);
    for (int v = 0; v < VECTORS; v++) {
        node->w[v] = choose(from_bits(BITS(node->fresh, v)), splat(START), node->w[v]);
        lanes reach = add(add(node->r[v], a->self[v]), a->slip[v]);
        PUT(high, v, to_bits(less(add(reach, node->p[v]), splat(0))));
        PUT(low, v, to_bits(less(sub(reach, node->p[v]), splat(0))));
        lanes slack = add(mul(FN(spins)(node, v), node->p[v]), a->self[v]);
        lanes open = keep(absolute(node->c[v]), from_bits(BITS(node->free, v)));
        total = add(total, add(mul(node->w[v], slack), open));
    }
    node->fresh[0] = node->fresh[1] = 0;
    return sum(total);
}

/* What all bounds at once tell: no completion is a fixed point, or spins that are forced. */
typedef struct FN(verdict) {
    bool dead;
    uint64_t up[2], down[2];
} FN(verdict);

APART void FN(look)(const FN(state) * a, FN(node) * node, FN(verdict) * verdict) {
    uint64_t high[2] = {0}, low[2] = {0}, up[2] = {0}, down[2] = {0}, cut = 0;
    float margin = a->tables->bound_slip * node->weight;
    node->bound = FN(measure)(a, node, high, low);
    lanes limit = splat(node->bound + margin);
    for (int v = 0; v < VECTORS; v++) {
        lanes twice = add(node->c[v], node->c[v]);
        PUT(up, v, to_bits(less(limit, twice)));
        PUT(down, v, to_bits(less(limit, negated(twice))));
    }
    for (int k = 0; k < WORDS; k++) {
        uint64_t free = node->free[k], plus = node->plus[k];
        cut |= ((high[k] & plus) | (low[k] & ~plus & ~free)) & a->all[k];
        up[k] = (up[k] | low[k]) & free;
        down[k] = (down[k] | high[k]) & free;
        cut |= up[k] & down[k];
    }
    verdict->dead = cut | (node->bound < -margin);
    memcpy(verdict->up, up, sizeof up);
    memcpy(verdict->down, down, sizeof down);
}

/* Does the verdict force a spin? */
INLINE bool FN(forces)(const FN(verdict) * verdict) {
    const uint64_t *up = verdict->up, *down = verdict->down;
    return up[0] | down[0] | up[1] | down[1];
}

/* Sets what is forced until nothing is. */
APART void FN(force)(const FN(state) * a, FN(node) * node, FN(verdict) * verdict) {
    const uint64_t *up = verdict->up, *down = verdict->down;
    do {
        for (int k = 0; k < WORDS; k++)
            for (uint64_t m = up[k] | down[k]; m; m &= m - 1) {
                int j = __builtin_ctzll(m);
                FN(assign)(a, node, 64 * k + j, up[k] >> j & 1);
            }
        FN(look)(a, node, verdict);
    } while (!verdict->dead && FN(forces)(verdict));
}

/* The same, given the verdict on the node as it is. False: the branch is dead. */
INLINE bool FN(settle)(const FN(state) * a, FN(node) * node, FN(verdict) * verdict) {
    if (!verdict->dead && FN(forces)(verdict))
        FN(force)(a, node, verdict);
    return !verdict->dead;
}
