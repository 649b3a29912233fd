/* Which networks a computation works on: those of an ensemble at several sizes, or a given one; and
 * which of them one process does when several share the work.
 *
 * Instances are numbered by size, then by sample. Part `shard` of 1 .. `shards` has the instances
 * from floor(total (shard - 1) / shards) to floor(total shard / shards) - 1 of them: ranges that
 * cover everything once, in order. A part may be empty. */
#ifndef FIXLAND_INSTANCES_H
#define FIXLAND_INSTANCES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "fixland/moments.h"
#include "fixland/network.h"
#include "fixland/status.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef struct fl_instances {
    fl_ensemble ensemble;
    const fl_network
        *given;       /* this network instead of random ones: one size, one sample; or NULL */
    const int64_t *n; /* sizes, neurons a module; n_count of them (both unused with `given`) */
    size_t n_count;
    const double *input;   /* a field on every neuron, the same for every network, of a single size;
                            * or   NULL */
    double input_strength; /* without one: a field of this size with signs drawn for each network */
    uint64_t seed, samples; /* networks of each size (1 with `given`, whatever stands here) */
    uint64_t shard, shards; /* 0, 0: all of it */
} fl_instances;

typedef struct fl_instance {
    size_t n_index;
    uint64_t sample;
} fl_instance;

/* FL_EINVAL, with the sentence, for an ensemble out of range, no sample, a shard that is not 1 to
 * their number, or a size of less than one neuron or more than `most` in all. */
fl_status fl_instances_check(const fl_instances *networks, size_t most);

/* Sizes, samples of a size, and neurons: of a module (all, where a matrix is given), and in all. */
size_t fl_instances_sizes(const fl_instances *networks);
uint64_t fl_instances_samples(const fl_instances *networks);
int64_t fl_instances_n(const fl_instances *networks, size_t n_index);
size_t fl_instances_neurons(const fl_instances *networks, size_t n_index);

/* Is there an input? fl_instances_draw gives it to the networks. Neurons of fl_network_extended,
 * for searches that take no input: one more with an input. */
bool fl_instances_driven(const fl_instances *networks);
size_t fl_instances_searched(const fl_instances *networks, size_t n_index);

/* ln of the exact mean number of fixed points and of ordered pairs of them, and Var(#)/E[#]^2, under
 * the input where there is one. FL_EDOMAIN where it is not known, as with a given matrix; other
 * errors as in moments.h. */
fl_status fl_instances_log_mean(const fl_instances *networks, size_t n_index, double jd,
                                double *log_mean);
fl_status fl_instances_log_mean_pairs(const fl_instances *networks, size_t n_index, double jd,
                                      size_t distance, double *log_mean);
fl_status fl_instances_variance(const fl_instances *networks, size_t n_index, double jd,
                                double *variance);

/* ln E[#] per neuron for n -> infinity: fl_ensemble_entropy_limit; under an input, in one module at
 * eta = 0, the mean over its fields h of ln(Phi(jd + h) + Phi(jd - h)). FL_EDOMAIN where it is not
 * known, as with a given matrix. */
fl_status fl_instances_entropy_limit(const fl_instances *networks, double jd, double *entropy);

/* What is conjectured of the distribution of #, with its exact variance (fl_count_law in moments.h).
 * Under an input nothing is conjectured: only the variance is then told, the rest is nan; and all
 * is nan where it is not known. */
fl_count_law fl_instances_law(const fl_instances *networks, size_t n_index, double jd);

/* Instances of the shard, and number k of them, k = 0, 1, 2, ... */
uint64_t fl_instances_count(const fl_instances *networks);
fl_instance fl_instances_get(const fl_instances *networks, uint64_t k);

/* Is number k the last one of its size in the shard? */
bool fl_instances_end_of_size(const fl_instances *networks, uint64_t k);

/* The network itself (a copy of the given one), with the input where there is one, to be released
 * with fl_network_clear. FL_EINVAL, FL_ENOMEM as fl_network_draw. */
fl_status fl_instances_draw(const fl_instances *networks, const fl_instance *instance,
                            fl_network *network);

/* Part `shard` of 1 .. `shards` of `total` things in a row; all of them for 0, 0. */
void fl_shard_range(uint64_t total, uint64_t shard, uint64_t shards, uint64_t *from,
                    uint64_t *until);

#ifdef __cplusplus
}
#endif
#endif
