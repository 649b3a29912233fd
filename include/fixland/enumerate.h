/* All fixed points of a network, exactly.
 *
 * One pass serves a whole list of self-couplings: a fixed point at J_D is one at every larger J_D,
 * so each configuration that is a fixed point at the largest value gets its level, the index of the
 * smallest value of the list at which it is one. Verdicts are exact for the couplings as doubles
 * (network.h): rounding neither loses nor invents a fixed point. */
#ifndef FIXLAND_ENUMERATE_H
#define FIXLAND_ENUMERATE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "fixland/journal.h"
#include "fixland/network.h"
#include "fixland/status.h"

#ifdef __cplusplus
extern "C" {
#endif

/* Largest network of the exhaustive engine: 2^47 configurations are a day of one core. */
enum { FL_GRAYCODE_MAX = 48 };

typedef struct fl_enumeration {
    const double *jd;              /* self-couplings, ascending */
    size_t jd_count;               /* 1 .. 255 */
    int threads;                   /* >= 1; the result does not depend on it */
    bool (*stop)(void);            /* polled; may be NULL */
    void (*progress)(double done); /* fraction done; may be NULL */
    /* Gets the fixed points with s_{N-1} = +1 (their mirror images -s are fixed points too), in
     * ascending order as unsigned numbers, with their levels, in batches, from one thread at a
     * time. `spins` holds count x fl_spins_words(n) words. May be NULL. */
    fl_status (*visit)(void *context, const uint64_t *spins, const uint8_t *levels, size_t count);
    void *context;
} fl_enumeration;

/* counts[k]: number of fixed points at jd[k], mirror images included. Chooses the engine.
 * FL_EINVAL for a network too large or a bad list, FL_STOPPED when asked to stop. */
fl_status fl_enumerate(const fl_network *network, const fl_enumeration *plan, uint64_t *counts);

/* By exhaustion: every configuration is compared with every condition until one fails, in vectors
 * of 16-bit fields with a rigorous margin; what survives is decided in double, and exactly where
 * double does not decide. n <= FL_GRAYCODE_MAX. */
fl_status fl_enumerate_graycode(const fl_network *network, const fl_enumeration *plan,
                                uint64_t *counts);

/* Fixed points of many samples: sizes x samples x self-couplings. */
typedef struct fl_sample_plan {
    fl_ensemble ensemble;
    const fl_network
        *given;       /* this network instead of random ones (one size, one sample), or NULL */
    const int64_t *n; /* sizes, neurons a module */
    size_t n_count;
    const double *jd; /* in any order, 1 .. 255 */
    size_t jd_count;
    uint64_t seed, samples;
    int threads;
    bool keep;           /* hand over the configurations, not only their number */
    fl_journal *journal; /* finished samples; may be NULL */
    bool (*stop)(void);
    void (*progress)(double done); /* samples done, over all sizes */
} fl_sample_plan;

typedef struct fl_sample_result {
    size_t n_index; /* which size */
    uint64_t sample;
    const fl_network *network; /* only with `keep` */
    const uint64_t *counts;    /* by self-coupling, in the plan's order */
    /* With `keep`: fixed points with s_{N-1} = +1, ascending; configuration k is one at jd[j] iff
     * levels[k] <= ranks[j]. */
    size_t kept;
    const uint64_t *spins;
    const uint8_t *levels, *ranks;
} fl_sample_result;

/* Calls `emit` for each sample, sizes in order, samples 0, 1, 2, ... within a size, from one thread
 * at a time; independent of `threads`. */
fl_status fl_enumerate_samples(const fl_sample_plan *plan, void *context,
                               fl_status (*emit)(void *context, const fl_sample_result *result));

#ifdef __cplusplus
}
#endif
#endif
