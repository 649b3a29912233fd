/* m-tuples of fixed points of a chain of modules, m a whole number: their annealed entropy per
 * neuron at any overlaps of the modules, and where its minimum at equal overlaps reaches 0. For
 * whole m a negative entropy is a proof (Markov) that large networks have no such tuples.
 * theory/README.md, section 7. */
#ifndef FIXLAND_CHAIN_TUPLES_H
#define FIXLAND_CHAIN_TUPLES_H

#include <stdbool.h>
#include <stddef.h>

#include "fixland/phase.h"
#include "fixland/status.h"

#ifdef __cplusplus
extern "C" {
#endif

enum { FL_CHAIN_TUPLES_MODULES = 4, FL_CHAIN_TUPLES_M = 8 };

typedef struct fl_chain_tuples {
    size_t modules;    /* 1 to FL_CHAIN_TUPLES_MODULES; 0: infinitely many, all with overlap[0] */
    size_t m;          /* 2 to FL_CHAIN_TUPLES_M; to 5 for infinitely many modules, 6 for four */
    double jd, lambda; /* in [-1, 20], [0, 20] */
    double overlap[FL_CHAIN_TUPLES_MODULES]; /* in [0, 1 - 1e-5] */
} fl_chain_tuples;

/* F per neuron, in nats, with the multipliers of the overlaps where it is least; all pairs of
 * copies have overlap[l] in module l. *error: what the finer of two grids changes. FL_EINVAL for
 * numbers out of range, FL_ENOMEM, FL_UNDECIDED when the multipliers are not found. */
fl_status fl_chain_tuples_entropy(const fl_chain_tuples *at, double *value, double *error);

/* Where the least F over equal overlaps reaches 0, in J_D at at->lambda, or (`in_lambda`) in lambda
 * at at->jd, as `control`; at->overlap is not used. FL_EDOMAIN when that is not in [0, 1] (lambda:
 * [0, 0.6]), otherwise as above. */
fl_status fl_chain_tuples_gap(const fl_chain_tuples *at, bool in_lambda, fl_threshold *gap);

#ifdef __cplusplus
}
#endif
#endif
