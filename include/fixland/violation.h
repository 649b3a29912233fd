/* Searches that see how far a configuration is from a fixed point, not only which neurons are
 * unstable: Metropolis at falling temperature, and focused search.
 *
 * A configuration costs E = sum over unstable neurons of (base + slope |s_i f_i|): base 1, slope 0
 * counts them; 0, 1 adds up by how much they are violated; 0.3, 1 is between, and what repairs the
 * few unstable neurons that message passing leaves (doc/message.md). E = 0 exactly at fixed points.
 * J has no energy of its own: E is made up, and its dynamics is not that of the network.
 *
 * Costs are computed in single precision, with one shape of the sums, so runs are the same to the
 * bit for every kernel; whether the end is a fixed point is decided exactly. */
#ifndef FIXLAND_VIOLATION_H
#define FIXLAND_VIOLATION_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "fixland/effort.h"
#include "fixland/network.h"
#include "fixland/status.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef enum fl_violation_search {
    FL_VIOLATION_ANNEAL, /* a sweep proposes to flip neurons 0, 1, ..., n-1, accepted with
                            probability min(1, exp(-dE / T)) */
    FL_VIOLATION_FOCUSED /* n proposals: an unstable neuron, and one at random of itself and those
                            whose flip would push it the right way, accepted the same way
                            (focused Metropolis search: Seitz, Alava, Orponen, J. Stat. Mech.
                            P06006, 2005) */
} fl_violation_search;

typedef struct fl_violation {
    fl_violation_search search;
    double jd, base, slope; /* base, slope >= 0, not both zero */
    double hot, cold;       /* temperature of the first and of the last sweep, geometric between;
                             * both > 0, hot >= cold */
    uint64_t sweeps;        /* at most, >= 1 */
    uint64_t seed, sample, replica;
    fl_effort effort; /* its stop, asked each sweep; on one thread, and without progress */
    /* Gets the configuration after `sweep` sweeps (0: the start; the last one may be incomplete),
     * the number of unstable neurons, and the flips so far. May be NULL. */
    fl_status (*observe)(void *context, uint64_t sweep, const uint64_t *spins, size_t unstable,
                         uint64_t flips);
    void *context;
} fl_violation;

typedef struct fl_violation_outcome {
    bool reached;    /* a fixed point, verified exactly */
    uint64_t sweeps; /* done; the last one may be incomplete */
    uint64_t flips;
    size_t unstable; /* at the end */
} fl_violation_outcome;

/* The couplings by columns, in single precision. */
typedef struct fl_violation_columns fl_violation_columns;

/* `network` must outlive the columns. FL_ENOMEM. */
fl_status fl_violation_columns_new(fl_violation_columns **columns, const fl_network *network);
void fl_violation_columns_free(fl_violation_columns *columns);

/* From `spins`, which holds the last configuration afterwards. A pure function of its arguments.
 * FL_EINVAL for numbers out of range, FL_ENOMEM, FL_STOPPED. */
fl_status fl_violation_run(const fl_violation_columns *columns, const fl_violation *plan,
                           uint64_t *spins, fl_violation_outcome *outcome);

#ifdef __cplusplus
}
#endif
#endif
