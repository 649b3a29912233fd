/* How finely a long search is cut: see probe.h. */
#include "mc/enumerate/probe.h"

#include <math.h>

#include "fixland/rng.h"
#include "mc/enumerate/engine.h"

/* Small parts are tried, with a third of the spins fixed, so that few are cut short: the sum is that of
 * the tree within a factor of two or so. Parts are not made shorter than some twenty seconds, for every
 * spin that is fixed is one that the search does not choose: ten of them cost a few per cent of the nodes,
 * four more some tenth. */
enum { TRIED = 64 };
static const uint64_t looks = 8; /* at the effort, one every 4096 nodes (tree_search.h) */
static const double part_nodes = 1 << 25;

/* Ends a search after so many looks: the kernel looks at certain numbers of nodes, so this depends on
 * nothing else. */
typedef struct allowance {
    uint64_t looks;
    const fl_effort *effort;
} allowance;

static bool is_used_up(void *context) {
    allowance *a = context;
    return a->looks-- == 0 || fl_effort_stopped(a->effort);
}

/* Nodes of a part, or of as much of it as was allowed. */
static fl_status probe_part(engine *e, uint64_t part, const fl_effort *effort, double *nodes) {
    allowance a = {looks, effort};
    fl_effort within = {.threads = 1, .stop = is_used_up, .context = &a};
    hits found = {.keep = false};
    uint64_t visited = 0;
    e->effort = &within;
    fl_status status = tree_search(e, part, &found, &visited);
    hits_clear(&found);
    *nodes += (double)visited;
    return status == FL_STOPPED && !fl_effort_stopped(effort) ? FL_OK : status;
}

fl_status probe_bits(const fl_network *network, const double *jd, size_t jd_count, unsigned least,
                     unsigned most, const fl_effort *effort, unsigned *bits) {
    engine e;
    double nodes = 0;
    unsigned fixed = (unsigned)network->n / 3;
    fl_rng rng = fl_rng_stream(0, FL_PURPOSE_BOOTSTRAP, fixed, network->n);
    FL_CHECK(engine_open_cut(&e, FL_METHOD_TREE, fixed, network, jd, jd_count));
    fl_status status = FL_OK;
    for (int k = 0; k < TRIED && status == FL_OK; k++)
        status = probe_part(&e, fl_rng_bits(&rng) >> (64 - fixed), effort, &nodes);
    engine_close(&e);
    double wanted = log2(nodes / TRIED / part_nodes) + fixed;
    *bits = (unsigned)fmin(fmax(wanted, least), most);
    return status;
}
