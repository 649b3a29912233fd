/* Plain tree search: see tree_plain.h and doc/tree-search.md.
 *
 * With some spins set and the others free, the field of i lies within p_i +- r_i. Cuts and forced
 * spins keep a margin for rounding; every leaf is decided exactly. */
#include "mc/enumerate/tree_plain.h"

#include <math.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "fixland/exact.h"

enum { MOST = 64 };

typedef struct node {
    double p[MOST], r[MOST];
    int8_t s[MOST]; /* 0: free */
    size_t open;
} node;

typedef struct search {
    const fl_network *network;
    double jd, margin[MOST];
    uint64_t count, nodes;
} search;

static void assign(const search *a, node *at, size_t j, int s) {
    size_t n = a->network->n;
    at->s[j] = (int8_t)s;
    at->open--;
    for (size_t i = 0; i < n; i++) {
        at->p[i] += s * a->network->J[i * n + j];
        at->r[i] -= fabs(a->network->J[i * n + j]);
    }
}

/* Can neuron i be stable with this spin? */
static bool possible(const search *a, const node *at, size_t i, int s) {
    double self = a->network->diagonal[i] + a->jd;
    return s * at->p[i] + at->r[i] + self >= -a->margin[i];
}

/* Sets forced spins until there are none; false when the branch is dead. */
static bool settle_tree_plain(const search *a, node *at) {
    for (size_t i = 0, idle = 0; idle < a->network->n; i = (i + 1) % a->network->n, idle++) {
        bool up = at->s[i] >= 0 && possible(a, at, i, 1);
        bool down = at->s[i] <= 0 && possible(a, at, i, -1);
        if (!up && !down)
            return false;
        if (at->s[i] == 0 && up != down) {
            assign(a, at, i, up ? 1 : -1);
            idle = 0;
        }
    }
    return true;
}

static size_t branch(const search *a, const node *at) {
    size_t best = 0;
    double top = -INFINITY;
    for (size_t j = 0; j < a->network->n; j++)
        if (at->s[j] == 0 && fabs(at->p[j]) - at->r[j] > top) {
            top = fabs(at->p[j]) - at->r[j];
            best = j;
        }
    return best;
}

static void leaf(search *a, const node *at) {
    uint64_t spins = 0;
    for (size_t j = 0; j < a->network->n; j++)
        spins |= (uint64_t)(at->s[j] > 0) << j;
    a->count += (uint64_t)fl_network_is_fixed_point(a->network, &spins, a->jd);
}

static void expand(search *a, node *at) {
    a->nodes++;
    if (!settle_tree_plain(a, at))
        return;
    if (at->open == 0) {
        leaf(a, at);
        return;
    }
    size_t j = branch(a, at);
    for (int s = -1; s <= 1; s += 2) {
        at[1] = at[0];
        assign(a, &at[1], j, s);
        expand(a, &at[1]);
    }
}

fl_status tree_plain_count(const fl_network *network, double jd, uint64_t *count, uint64_t *nodes) {
    size_t n = network->n;
    search a = {.network = network, .jd = jd};
    if (n < 1 || n > MOST)
        return fl_fail(FL_EINVAL, "%zu neurons; allowed: 1 to %d", n, MOST);
    node *stack = calloc(n + 1, sizeof *stack);
    if (!stack)
        return fl_fail(FL_ENOMEM, "out of memory for a search of %zu neurons", n);
    stack->open = n;
    for (size_t i = 0; i < n; i++) {
        for (size_t j = 0; j < n; j++)
            stack->r[i] += fabs(network->J[i * n + j]);
        double self = fabs(network->diagonal[i]) + fabs(jd);
        a.margin[i] = 4 * fl_sum_error(n + 8, stack->r[i] + self);
    }
    assign(&a, stack, n - 1, 1);
    expand(&a, stack);
    free(stack);
    *count = 2 * a.count;
    *nodes = a.nodes;
    return FL_OK;
}
