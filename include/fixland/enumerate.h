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

#include "fixland/effort.h"
#include "fixland/instances.h"
#include "fixland/journal.h"
#include "fixland/network.h"
#include "fixland/status.h"

#ifdef __cplusplus
extern "C" {
#endif

/* Largest network of the exhaustive engine: 2^47 configurations are a day of one core. */
enum { FL_GRAYCODE_MAX = 48 };

/* Largest network of the tree search, and of all. What can be done in a day ends near 72 neurons at
 * J_D = 0, earlier at larger J_D. */
enum { FL_ENUMERATE_MAX = 128 };

/* Self-couplings in any order into ascending ones, `sorted`, and the rank of each there, the last
 * of equal ones: configuration k is a fixed point at jd[j] iff its level is at most ranks[j].
 * `count` at most FL_ENUMERATE_JD_MAX. */
void fl_jd_ranks(const double *jd, size_t count, double *sorted, uint8_t *ranks);

/* Of `count` configurations of n neurons those whose level is at most `rank`, each followed by its
 * mirror image, into `pairs`, which has room for 2 count. Returns their number. */
size_t fl_mirror_pairs(const uint64_t *spins, const uint8_t *levels, size_t count, size_t n,
                       uint8_t rank, uint64_t *pairs);

/* The same without mirror images: configurations whose level is at most `rank`, into `kept`. */
size_t fl_without_mirrors(const uint64_t *spins, const uint8_t *levels, size_t count, size_t n,
                          uint8_t rank, uint64_t *kept);

/* Configurations of n + 1 neurons without the last one: fl_network_extended. */
void fl_drop_last(const uint64_t *spins, size_t count, size_t n, uint64_t *without);

/* The engines: all give the same answer, in the same order. */
typedef enum fl_method {
    FL_METHOD_AUTO,     /* the one that should be faster */
    FL_METHOD_TREE,     /* branch and bound (doc/tree-search.md); n <= FL_ENUMERATE_MAX */
    FL_METHOD_GRAYCODE, /* every configuration; n <= FL_GRAYCODE_MAX */
    FL_METHOD_CHECK     /* both, FL_EMISMATCH should they differ; n <= FL_GRAYCODE_MAX */
} fl_method;

/* Self-couplings of one pass: a level is a byte. */
enum { FL_ENUMERATE_JD_MAX = 255 };

typedef struct fl_enumeration {
    const double *jd; /* self-couplings, ascending */
    size_t jd_count;  /* 1 .. FL_ENUMERATE_JD_MAX */
    fl_effort effort; /* progress: the fraction done */
    /* Gets the fixed points with s_{N-1} = +1 (their mirror images -s are fixed points too), in
     * ascending order as unsigned numbers, with their levels, in batches, from one thread at a
     * time; under an input all fixed points. `spins` holds count x fl_spins_words(n) words. May be
     * NULL. */
    fl_status (*visit)(void *context, const uint64_t *spins, const uint8_t *levels, size_t count);
    void *context;
    uint64_t *nodes; /* out: visited nodes of the tree; may be NULL */
} fl_enumeration;

/* counts[k]: number of fixed points at jd[k], mirror images included, under the network's input
 * where it has one (then one neuron less is possible). Chooses the engine. FL_EINVAL for a network too large or a bad list, FL_STOPPED when asked to stop. */
fl_status fl_enumerate(const fl_network *network, const fl_enumeration *plan, uint64_t *counts);

/* By a given method. Fails as fl_enumerate does; FL_EMISMATCH should FL_METHOD_CHECK find two
 * answers. */
fl_status fl_enumerate_by(fl_method method, const fl_network *network, const fl_enumeration *plan,
                          uint64_t *counts);

/* By exhaustion: every configuration is compared with every condition until one fails, in vectors
 * of 16-bit fields with a rigorous margin; what survives is decided in double, and exactly where
 * double does not decide. n <= FL_GRAYCODE_MAX, else
 * FL_EINVAL. */
fl_status fl_enumerate_graycode(const fl_network *network, const fl_enumeration *plan,
                                uint64_t *counts);

/* By branch and bound: spins are set one by one, a Lagrangian bound over the conditions of those
 * set cuts most branches and forces most spins. The same margins, the same last word. Fails as
 * fl_enumerate does: FL_EINVAL, FL_ENOMEM, FL_STOPPED. */
fl_status fl_enumerate_tree(const fl_network *network, const fl_enumeration *plan,
                            uint64_t *counts);

/* What a search would take and find, from some of its parts, drawn at random: means and standard
 * errors over the draw, without bias whatever the shape of the tree (Knuth, doi:10.2307/2005469).
 * Parts differ a lot in size, so take some tens. */
typedef struct fl_work_estimate {
    uint64_t parts, tried;         /* all parts are tried when `tries` is no less: errors are 0 */
    double nodes, nodes_error;     /* of the tree; 0 for the Gray code */
    double seconds, seconds_error; /* of one core; by this machine's clock, so not reproducible */
    double count, count_error;     /* fixed points at the largest self-coupling */
} fl_work_estimate;

/* `seed` decides which parts; tries >= 2, else FL_EINVAL. On one thread; FL_STOPPED when `effort`
 * (may be NULL) says so. */
fl_status fl_enumerate_estimate(const fl_network *network, fl_method method, const double *jd,
                                size_t jd_count, uint64_t seed, uint64_t tries,
                                const fl_effort *effort, fl_work_estimate *estimate);

/* Configurations of one sample, a piece of them. */
typedef struct fl_sample_part {
    size_t n_index; /* which size */
    uint64_t sample;
    bool first; /* of this sample */
    const fl_network *network;
    /* Fixed points with s_{N-1} = +1; configuration k is one at jd[j] iff levels[k] <= ranks[j]. */
    size_t kept;
    const uint64_t *spins;
    const uint8_t *levels, *ranks;
} fl_sample_part;

/* Fixed points of many samples: sizes x samples x self-couplings. */
typedef struct fl_sample_plan {
    /* A shard has a part of the whole search: also parts of the search of one network. */
    fl_instances networks;
    const double *jd; /* in any order */
    size_t jd_count;
    fl_method method;
    uint64_t limit; /* look for so many fixed points of a sample only, at the largest J_D; 0: all */
    fl_effort effort; /* progress: samples done, over all sizes, weighted by expected cost */
    bool keep;        /* hand over the configurations, not only their number ... */
    /* ... to this, in ascending order, before `emit`, which then gets none: memory stays bounded
     * however many there are. NULL: all of a sample to `emit`. */
    fl_status (*part)(void *context, const fl_sample_part *part);
    fl_journal *journal; /* finished parts of samples; may be NULL */
} fl_sample_plan;

typedef struct fl_sample_result {
    size_t n_index; /* which size */
    uint64_t sample;
    const fl_network *network; /* only with `keep` */
    const uint64_t *counts;    /* by self-coupling, in the plan's order */
    bool exact; /* false: a lower bound, for the limit was met or the rest is in other shards */
    /* With `keep`: fixed points with s_{N-1} = +1, ascending; configuration k is one at jd[j] iff
     * levels[k] <= ranks[j]. */
    size_t kept;
    const uint64_t *spins;
    const uint8_t *levels, *ranks;
} fl_sample_result;

/* Calls `emit` for each sample, sizes in order, samples 0, 1, 2, ... within a size, from one thread
 * at a time; independent of `threads`. A shard emits the samples that it has a part in: shards in
 * order cover everything once, in ascending order. FL_EINVAL for a plan out of range, FL_ENOMEM,
 * FL_STOPPED, FL_EMISMATCH for a checkpoint of other tasks; what `emit` or `part` returns. */
fl_status fl_enumerate_samples(const fl_sample_plan *plan, void *context,
                               fl_status (*emit)(void *context, const fl_sample_result *result));

#ifdef __cplusplus
}
#endif
#endif
