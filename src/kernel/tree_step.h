/* Tree search, better weights and the choice of the branching neuron. Included once for every NV.
 */

/* x_j, the smoothed minimiser of L: clip(SHARP c_j, -1, 1). */
MERGED void FN(minimiser)(const FN(state) * a, const FN(node) * node, lanes *x) {
    (void)a;
    for (int v = 0; v < VECTORS; v++)
        x[v] = smaller(larger(mul(splat(SHARP), node->c[v]), splat(-1)), splat(1));
}

/* out += sum over the set bits k of factor[k] * matrix[k]. */
MERGED void FN(combine)(const FN(state) * a, const lanes *matrix, const uint64_t *bits,
                        const lanes *factor, lanes *out) {
    (void)a;
    for (int k = 0; k < WORDS; k++)
        for (uint64_t m = bits[k]; m; m &= m - 1) {
            size_t j = (size_t)(64 * k + __builtin_ctzll(m));
            lanes by = splat(((const float *)factor)[j]);
            for (int v = 0; v < VECTORS; v++)
                out[v] = add(out[v], mul(by, matrix[j * VECTORS + v]));
        }
}

/* The step's direction g, in place of the slack at x, and its square. */
MERGED float FN(slack)(const FN(state) * a, const FN(node) * node, const lanes *field, lanes *g) {
    lanes square = splat(0);
    for (int v = 0; v < VECTORS; v++) {
        g[v] = add(mul(FN(spins)(node, v), field[v]), a->self[v]);
        uint32_t idle = ~to_bits(less(splat(0), node->w[v])) & to_bits(less(splat(0), g[v]));
        g[v] = keep(g[v], from_bits(~(BITS(node->free, v) | idle) & 0xffff));
        square = add(square, mul(g[v], g[v]));
    }
    return sum(square);
}

/* One smoothed subgradient step for the weights; c follows them, both rescaled to weight 1. Leaves
 * the fields at x in `field`. */
static void FN(step)(const FN(state) * a, FN(node) * node, lanes *field) {
    lanes x[NV], g[NV], w[NV], c[NV], total = splat(0);
    uint64_t some[2] = {0};
    FN(minimiser)(a, node, x);
    for (int v = 0; v < VECTORS; v++) {
        field[v] = node->p[v];
        c[v] = splat(0);
    }
    FN(combine)(a, a->column, node->free, x, field);
    float square = FN(slack)(a, node, field, g);
    lanes rate = splat(RATE * (node->bound + EXTRA * node->weight) / square);
    for (int v = 0; v < VECTORS; v++) {
        w[v] = larger(sub(node->w[v], mul(rate, g[v])), splat(0));
        PUT(some, v, to_bits(less(splat(0), w[v])));
        total = add(total, w[v]);
        x[v] = mul(w[v], FN(spins)(node, v));
    }
    float weight = sum(total);
    if (!(weight > 1e-6f && weight < 1e6f)) /* no direction: the old weights stay */
        return;
    FN(combine)(a, a->row, some, x, c);
    for (int v = 0; v < VECTORS; v++) {
        node->w[v] = mul(w[v], splat(1 / weight));
        node->c[v] = mul(c[v], splat(1 / weight));
    }
    node->weight = 1;
}

/* The scores of tree_search.h's rules, the largest wins. */
INLINE lanes FN(score)(const FN(state) * a, const FN(node) * node, const lanes *field, int v) {
    lanes score = sub(absolute(node->p[v]), node->r[v]);
    if (a->search->rule == FL_TREE_FIRST)
        return splat((float)-v);
    if (a->search->rule == FL_TREE_INTERVAL)
        return score;
    lanes against = choose(less(node->c[v], splat(0)), field[v], negated(field[v]));
    score = add(score, mul(splat(LEAN), absolute(node->c[v])));
    return add(score, larger(against, splat(0)));
}

static int FN(branch)(const FN(state) * a, const FN(node) * node, const lanes *field) {
    lanes score[NV], best = splat(-INFINITY);
    uint64_t free[2] = {node->free[0] & a->branching[0], node->free[1] & a->branching[1]};
    for (int v = 0; v < VECTORS; v++) {
        score[v] = choose(from_bits(BITS(free, v)), FN(score)(a, node, field, v), splat(-INFINITY));
        best = larger(score[v], best);
    }
    lanes top = splat(largest(best));
    for (int v = 0; v < VECTORS; v++) {
        uint32_t bits = ~to_bits(less(score[v], top)) & BITS(free, v);
        if (bits)
            return 16 * v + __builtin_ctz(bits);
    }
    return free[0] ? __builtin_ctzll(free[0]) : 64 + __builtin_ctzll(free[1]);
}
