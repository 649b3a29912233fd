/* The engines behind one face: a network's search, cut into parts.
 *
 * s_{N-1} = +1 throughout; part k of 2^bits has the next `bits` spins below it as the binary digits
 * of k, so that parts in order, each sorted, are all fixed points in ascending order, whatever the
 * engine. */
#ifndef FIXLAND_ENUMERATE_ENGINE_H
#define FIXLAND_ENUMERATE_ENGINE_H

#include "fixland/enumerate.h"
#include "mc/enumerate/blocks.h"
#include "mc/enumerate/hits.h"
#include "mc/enumerate/tree_tables.h"

/* How the tree's leaves are searched: by the expected cost; with a base wherever that is possible;
 * never. Tests compare them. */
typedef enum engine_leaves { ENGINE_LEAVES, ENGINE_SETS, ENGINE_NO_SETS } engine_leaves;

/* A search is cut into 2^ENGINE_MOST_BITS parts at most. */
enum { ENGINE_MOST_BITS = 20 };

typedef struct engine {
    fl_method method; /* not FL_METHOD_AUTO */
    unsigned bits;
    fl_tree_rule rule;
    const fl_effort *effort; /* its stop; may be NULL */
    const double *jd;
    size_t jd_count;
    blocks blocks;
    tree_tables tree;
} engine;

/* FL_EINVAL for self-couplings that are no ascending list, or a network that the method cannot
 * search. */
fl_status engine_check(size_t n, fl_method method, const double *jd, size_t jd_count);

/* The method that FL_METHOD_AUTO stands for, and the number of parts: functions of the arguments
 * alone. */
fl_method engine_method(fl_method method, size_t n, double jd);
unsigned engine_bits(fl_method method, size_t n, double jd);

/* Expected cost in seconds of one core, a rough fit. */
double engine_cost(fl_method method, size_t n, double jd);

/* network and jd must live as long. */
fl_status engine_open(engine *e, fl_method method, const fl_network *network, const double *jd,
                      size_t jd_count);
fl_status engine_open_with(engine *e, fl_method method, engine_leaves leaves,
                           const fl_network *network, const double *jd, size_t jd_count);
/* The same, cut into 2^bits parts. */
fl_status engine_open_cut(engine *e, fl_method method, unsigned bits, const fl_network *network,
                          const double *jd, size_t jd_count);
void engine_close(engine *e);

/* All fixed points of a part, sorted when kept; with a limit, the first ones that the engine
 * meets. FL_STOPPED when asked to stop; FL_EMISMATCH when the check fails. Adds the visited nodes
 * of a tree to *nodes (may be NULL). */
fl_status engine_search(const engine *e, uint64_t part, hits *found, uint64_t *nodes);

/* The two of them. */
fl_status graycode_search(const engine *e, uint64_t part, hits *found);
fl_status tree_search(const engine *e, uint64_t part, hits *found, uint64_t *nodes);

/* fl_enumerate_by with a tree that branches by a rule of tree_search.h, and leaves of a kind: tests
 * compare them. */
fl_status enumerate_ruled(fl_method method, fl_tree_rule rule, engine_leaves leaves,
                          const fl_network *network, const fl_enumeration *plan, uint64_t *counts);

#endif
