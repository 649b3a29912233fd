/* The choice of an engine and its parts: see engine.h. */
#include "mc/enumerate/engine.h"

#include <math.h>
#include <string.h>

#include "mc/enumerate/tree_sets.h"

/* Configurations of a network that the Gray code visits at least before it is cut into parts. */
enum { GRAYCODE_PART = 24, TREE_BITS = 10 };

fl_status engine_check(size_t n, fl_method method, const double *jd, size_t jd_count) {
    bool tree = method == FL_METHOD_TREE || method == FL_METHOD_AUTO;
    size_t most = tree ? FL_ENUMERATE_MAX : FL_GRAYCODE_MAX;
    if (n < 1 || n > most)
        return fl_fail(FL_EINVAL, "a network of %zu neurons is outside 1..%zu, the reach of %s", n,
                       most, tree ? "exact enumeration" : "exhaustive enumeration");
    if (jd_count < 1 || jd_count > FL_ENUMERATE_JD_MAX)
        return fl_fail(FL_EINVAL, "%zu self-couplings in one pass; 1 to %d are possible", jd_count,
                       FL_ENUMERATE_JD_MAX);
    for (size_t k = 0; k < jd_count; k++)
        if (!isfinite(jd[k]) || (k && jd[k] < jd[k - 1]))
            return fl_fail(FL_EINVAL,
                           "self-couplings must be finite and ascending; number %zu is %g", k + 1,
                           jd[k]);
    return FL_OK;
}

static double clamp_engine(double jd) {
    return fmin(fmax(jd, 0), 1.4);
}

/* Leaves with a base and without (doc/tree-search.md): fits, twice what was measured on one core
 * with AVX-512, as the others are; the tables take most of a millisecond. */
static double cost_with_base(size_t n, double jd) {
    double size = (double)n, above = clamp_engine(jd) - 0.3;
    return 0.0015 + exp2(-28.4 + 2.9 * above + (0.712 + 0.116 * above) * size);
}

static double cost_without_base(size_t n, double jd) {
    return exp2(-24.8 + (0.53 + 0.33 * clamp_engine(jd)) * (double)n);
}

static bool wants_base(size_t n, double jd) {
    return jd >= 0.25 && n <= FL_TREE_SETS_MAX && n > FL_TREE_BASE + 1 &&
           cost_with_base(n, jd) < cost_without_base(n, jd);
}

/* A step for every configuration, and a look in double at each fixed point: from J_D = 0.8 on these
 * are most of it. */
static double cost_of_graycode(size_t n, double jd) {
    double points = pow(1 + erf(clamp_engine(jd) / sqrt(2)), (double)n);
    return exp2((double)n - 32.3) + 5e-8 * points;
}

double engine_cost(fl_method method, size_t n, double jd) {
    double gray = cost_of_graycode(n, jd);
    double tree = wants_base(n, jd) ? cost_with_base(n, jd) : cost_without_base(n, jd);
    return (method == FL_METHOD_TREE ? 0 : gray) + (method == FL_METHOD_GRAYCODE ? 0 : tree);
}

fl_method engine_method(fl_method method, size_t n, double jd) {
    if (method != FL_METHOD_AUTO)
        return method;
    bool tree = n > FL_GRAYCODE_MAX ||
                engine_cost(FL_METHOD_TREE, n, jd) < engine_cost(FL_METHOD_GRAYCODE, n, jd);
    return tree ? FL_METHOD_TREE : FL_METHOD_GRAYCODE;
}

/* Parts of some ten milliseconds, with a base of forty, for each makes tables, but not so many that
 * the spins fixed for the parts' sake cost much; more of them where the fixed points of a part
 * would fill the memory. */
static unsigned tree_bits(size_t n, double jd) {
    double work = log2(engine_cost(FL_METHOD_TREE, n, jd)) + (wants_base(n, jd) ? 5 : 7);
    double room = (double)n * log2(1 + erf(clamp_engine(jd) / sqrt(2))) - 19;
    double bits = fmax(fmin(work, TREE_BITS), fmin(room, ENGINE_MOST_BITS));
    return bits > 0 ? (unsigned)bits : 0;
}

unsigned engine_bits(fl_method method, size_t n, double jd) {
    unsigned most = n > 12 ? (unsigned)n - 12 : 0;
    unsigned bits = n > GRAYCODE_PART ? (unsigned)n - GRAYCODE_PART : 0;
    if (method == FL_METHOD_TREE)
        bits = tree_bits(n, jd);
    return bits < most ? bits : most;
}

static fl_status open_tree(engine *e, engine_leaves leaves, const fl_network *network) {
    size_t n = network->n, below = n - 1 - e->bits;
    FL_CHECK(tree_tables_make(&e->tree, network, e->jd, e->jd_count));
    bool wanted =
        leaves == ENGINE_SETS || (leaves == ENGINE_LEAVES && wants_base(n, e->jd[e->jd_count - 1]));
    return wanted && tree_sets_possible(n, below) ? tree_sets_make(&e->tree, below) : FL_OK;
}

static fl_status open_engine(engine *e, fl_method method, unsigned bits, engine_leaves leaves,
                             const fl_network *network, const double *jd, size_t jd_count) {
    *e = (engine){.jd = jd, .jd_count = jd_count, .method = method, .bits = bits};
    if (e->method != FL_METHOD_TREE)
        FL_CHECK(blocks_make(&e->blocks, network, jd, jd_count, (size_t)1 << BLOCKS_CHUNK_BITS));
    fl_status status = FL_OK;
    if (e->method != FL_METHOD_GRAYCODE)
        status = open_tree(e, leaves, network);
    if (status != FL_OK)
        engine_close(e);
    return status;
}

static fl_status check_network(const fl_network *network, fl_method method, const double *jd,
                               size_t jd_count) {
    FL_CHECK(engine_check(network->n, method, jd, jd_count));
    return network->input
               ? fl_fail(FL_EINVAL, "a search of this kind takes no input (fl_network_extended has "
                                    "the input as one more neuron)")
               : FL_OK;
}

fl_status engine_open(engine *e, fl_method method, const fl_network *network, const double *jd,
                      size_t jd_count) {
    return engine_open_with(e, method, ENGINE_LEAVES, network, jd, jd_count);
}

fl_status engine_open_cut(engine *e, fl_method method, unsigned bits, const fl_network *network,
                          const double *jd, size_t jd_count) {
    FL_CHECK(check_network(network, method, jd, jd_count));
    method = engine_method(method, network->n, jd[jd_count - 1]);
    return open_engine(e, method, bits, ENGINE_LEAVES, network, jd, jd_count);
}

fl_status engine_open_with(engine *e, fl_method method, engine_leaves leaves,
                           const fl_network *network, const double *jd, size_t jd_count) {
    size_t n = network->n;
    FL_CHECK(check_network(network, method, jd, jd_count));
    method = engine_method(method, n, jd[jd_count - 1]);
    unsigned bits = engine_bits(method, n, jd[jd_count - 1]);
    return open_engine(e, method, bits, leaves, network, jd, jd_count);
}

void engine_close(engine *e) {
    if (e->method != FL_METHOD_TREE)
        blocks_clear(&e->blocks);
    tree_tables_clear(&e->tree);
}

/* The tree's result counts, once the Gray code has found the same. */
static fl_status check_search(const engine *e, uint64_t part, hits *found, uint64_t *nodes) {
    hits other = {.keep = true};
    bool keep = found->keep;
    found->keep = true;
    fl_status status = tree_search(e, part, found, nodes);
    if (status == FL_OK)
        status = graycode_search(e, part, &other);
    hits_sort(found);
    hits_sort(&other);
    if (status == FL_OK && !hits_equal(found, &other))
        status = fl_fail(FL_EMISMATCH,
                         "part %llu of a network of %zu neurons: the tree search finds %llu fixed "
                         "points and the Gray code %llu, or others; this is an error in fixland",
                         (unsigned long long)part, e->blocks.n, (unsigned long long)found->total,
                         (unsigned long long)other.total);
    hits_clear(&other);
    if (!keep)
        hits_clear(found);
    found->keep = keep;
    return status;
}

fl_status engine_search(const engine *e, uint64_t part, hits *found, uint64_t *nodes) {
    if (e->method == FL_METHOD_CHECK)
        return check_search(e, part, found, nodes);
    if (e->method == FL_METHOD_TREE)
        FL_CHECK(tree_search(e, part, found, nodes));
    else
        FL_CHECK(graycode_search(e, part, found));
    hits_sort(found);
    return FL_OK;
}
