/* Dynamics of a network: from a start, by a rule, to a fixed point, a cycle, or the end of
 * patience.
 *
 * Neuron i is unstable iff s_i f_i < 0 (network.h). A sweep is
 *
 *   async        one visit of each neuron, in a new random order each sweep; a visited neuron that
 *                is unstable flips
 *   sequential   the same in the order 0, 1, 2, ...
 *   site         n visits of neurons drawn uniformly (the limit p -> 0 of partial, time in sweeps)
 *   sync         one step: all unstable neurons flip together
 *   partial      one step: each unstable neuron flips with probability p
 *   anneal       n visits in random order at a temperature that falls linearly to zero, then async
 *   greedy       n flips, each of the neuron that is violated most, |f_i| largest
 *   reluctant    n flips, each of the unstable neuron that is violated least
 *   cool         n proposals on the cost of violated conditions at a falling temperature
 *   focused      the same, for the sake of an unstable neuron (both: violation.h)
 *
 * sequential, sync, greedy and reluctant are deterministic maps: their cycles are recognised, with
 * their length. Of greedy and reluctant violations are compared as integers, see below; of equal
 * ones the neuron of smaller number flips.
 *
 * The unstable fraction of sweep t is that of the configuration after t sweeps, t = 0 the start.
 *
 * Every decision is the exact one for the couplings as doubles. Fields are kept as 32-bit integers
 * (fixed point, no drift), with a rigorous bound on what the rounding of the couplings can do; a
 * neuron within the bound of zero is decided by fl_network_stable. So runs are equal to the bit for
 * every kernel, number of threads and grouping of replicas.
 *
 * Randomness: the order and the noise of sweep t are a function of (seed, size, sample, replica, t)
 * and of nothing else. */
#ifndef FIXLAND_DYNAMICS_H
#define FIXLAND_DYNAMICS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "fixland/effort.h"
#include "fixland/network.h"
#include "fixland/rng.h"
#include "fixland/status.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef enum fl_algorithm {
    FL_ASYNC,
    FL_SEQUENTIAL,
    FL_SITE,
    FL_SYNC,
    FL_PARTIAL,
    FL_ANNEAL,
    FL_GREEDY,
    FL_RELUCTANT,
    FL_COOL,
    FL_FOCUSED
} fl_algorithm;

enum { FL_ALGORITHMS = 10 };

/* "async", ... and back (FL_EUSAGE for another word). */
const char *fl_algorithm_name(fl_algorithm algorithm);
fl_status fl_algorithm_parse(const char *name, fl_algorithm *algorithm);

/* A visited neuron flips with probability 1/(1 + exp(2 s f / T)), or min(1, exp(-2 s f / T)). */
typedef enum fl_thermal { FL_GLAUBER, FL_METROPOLIS } fl_thermal;

/* The couplings of a network by columns, as the kernels want them: 2 or 4 bytes a coupling. */
typedef struct fl_columns fl_columns;

/* `network` must outlive the columns. `largest`: the largest |J_D| they will be used with; it sets
 * the scale of the integers. FL_ENOMEM, FL_EINVAL. */
fl_status fl_columns_new(fl_columns **columns, const fl_network *network, double largest);
void fl_columns_free(fl_columns *columns);
size_t fl_columns_bytes(const fl_columns *columns);

typedef struct fl_dynamics {
    fl_algorithm algorithm;
    double jd;
    uint64_t sweeps;        /* at most; 1 .. 2^32 - 1 */
    double p;               /* partial: in (0, 1] */
    double temperature;     /* anneal: at the first sweep, >= 0 */
    uint64_t anneal_sweeps; /* anneal: sweep k < anneal_sweeps has T (1 - k/anneal_sweeps) */
    fl_thermal thermal;
    double base, slope; /* cool, focused: an unstable neuron costs base + slope |f| ... */
    double hot, cold;   /* ... at temperatures from hot to cold, geometric (violation.h) */
    uint64_t seed, sample, replica; /* replica < 2^32 */
    fl_effort effort;               /* its stop; on one thread, and without progress */
    /* Gets the configuration after `sweep` sweeps, the number of unstable neurons, and the flips of
     * the last sweep. May be NULL. */
    fl_status (*observe)(void *context, uint64_t sweep, const uint64_t *spins, size_t unstable,
                         uint64_t flips);
    void *context;
} fl_dynamics;

typedef enum fl_ending { FL_REACHED, FL_CYCLE, FL_WANDERS } fl_ending;

typedef struct fl_outcome {
    fl_ending ending; /* a fixed point (verified exactly), a cycle, or neither within the sweeps */
    uint64_t sweeps;  /* done; to the fixed point, or until the cycle was certain */
    uint64_t flips;
    uint64_t period; /* of the cycle, in sweeps; 0: none */
    /* Mean unstable fraction over the second half of the sweeps allowed, sweeps/2 < t <= sweeps,
     * a fixed point (0) or a cycle being continued to the end. */
    double activity;
} fl_outcome;

/* Runs from `spins`, and leaves the last configuration there. FL_STOPPED when asked to. */
fl_status fl_dynamics_run(const fl_columns *columns, const fl_dynamics *plan, uint64_t *spins,
                          fl_outcome *outcome);

/* The same for `count` runs on one network, each with a plan of its own: spins + k x
 * fl_spins_words(n) and outcomes[k] are those of plans[k]. Each does what it would do alone; those
 * of async, sequential and cold anneal on up to some 1600 neurons take turns, flip by flip, which
 * is faster than one after the other. `observe` may be called in any order of the runs. FL_EINVAL
 * for a plan out of range, FL_ENOMEM, FL_STOPPED. */
fl_status fl_dynamics_run_many(const fl_columns *columns, const fl_dynamics *plans, size_t count,
                               uint64_t *spins, fl_outcome *outcomes);

/* The same for `count` replicas of one network at once, which read each column once for all of
 * them: for networks beyond the cache. Only async and sequential. All visit in the order of
 * plan->replica: configuration k does exactly what fl_dynamics_run would do with it under the same
 * plan. spins: count x fl_spins_words(n); observe is not called. FL_EINVAL for another algorithm or
 * a plan out of range, FL_ENOMEM, FL_STOPPED. */
fl_status fl_dynamics_run_shared(const fl_columns *columns, const fl_dynamics *plan, size_t count,
                                 uint64_t *spins, fl_outcome *outcomes);

/* Start `replica`: uniformly random, a function of the arguments. */
void fl_start_random(uint64_t *spins, size_t n, uint64_t seed, uint64_t sample, uint64_t replica);

/* Flips neurons of `spins`, drawn uniformly, until the overlap with what it was is as near as it
 * gets to `overlap` in [-1, 1]: round(n (1 - overlap)/2) of them. FL_ENOMEM. */
fl_status fl_start_overlap(uint64_t *spins, size_t n, double overlap, uint64_t seed,
                           uint64_t sample, uint64_t replica);

#ifdef __cplusplus
}
#endif
#endif
