/* Which fixed points are reached: dynamics on many networks, and what follows from their success.
 *
 * A run is (algorithm, n, J_D, sample, replica): sample names the network, replica the start. All
 * runs of a sample use one network, at every J_D. */
#ifndef FIXLAND_ACCESS_H
#define FIXLAND_ACCESS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "fixland/dynamics.h"
#include "fixland/instances.h"
#include "fixland/journal.h"
#include "fixland/network.h"
#include "fixland/stats.h"
#include "fixland/status.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef struct fl_access_plan {
    fl_instances networks;
    const fl_algorithm *algorithms;
    size_t algorithm_count;
    const double *jd;
    size_t jd_count;
    fl_dynamics dynamics; /* sweeps, p, temperature, ...; algorithm, jd, seed, sample, replica,
                           * effort unused */
    uint64_t replicas;    /* starts a network */
    /* NULL: random starts. Else where the runs of (size, sample, J_D) start, at
     * starts[(n_index * samples + sample) * jd_count + jd index]: replica r from configuration
     * r mod count, with this overlap of the start with it. */
    const struct fl_starts *starts;
    double overlap;
    fl_effort effort; /* progress: samples done, over all sizes */
    bool keep;        /* hand over the last configurations and the network */
    fl_journal *journal;
} fl_access_plan;

/* Configurations to start from. */
typedef struct fl_starts {
    uint64_t *spins;     /* count x fl_spins_words(neurons) */
    uint64_t count, all; /* of `all` in the store */
} fl_starts;

/* The starts of a plan from the store at `path`: for each (size, sample, J_D) the configurations
 * that it holds for them, at most plan->replicas; where it has none at that J_D, those of its first
 * set of the size and sample that is not empty; count = 0 where there is none (FL_EDOMAIN, once
 * they are needed). *starts (*count of them) is to be released with fl_starts_free. FL_EIO,
 * FL_EFORMAT as fl_store_open; FL_ENOMEM. */
fl_status fl_access_starts(const fl_access_plan *plan, const char *path, fl_starts **starts,
                           size_t *count);
void fl_starts_free(fl_starts *starts, size_t count);

typedef struct fl_access_result {
    size_t n_index;
    uint64_t sample;
    const fl_outcome *outcomes; /* [algorithm][jd][replica] */
    const uint64_t *spins;      /* the same, fl_spins_words(neurons) each; with `keep` */
    const fl_network *network;  /* with `keep` */
} fl_access_result;

/* Calls `emit` for each sample (of the shard), sizes in order, samples ascending within a size,
 * from one thread at a time. With several replicas of async or sequential on a network beyond the
 * cache, columns are read once for all (dynamics.h). All replicas of async share the order of
 * visits. FL_EINVAL when there is nothing to run, or for what dynamics.h refuses; FL_ENOMEM;
 * FL_STOPPED; what `emit` or the checkpoint returns. */
fl_status fl_access_samples(const fl_access_plan *plan, void *context,
                            fl_status (*emit)(void *context, const fl_access_result *result));

/* One run as the tables name it. */
typedef struct fl_access_row {
    fl_algorithm algorithm;
    int64_t n;
    double jd;
    uint64_t sample, replica;
    fl_ending ending;
    double sweeps, flips_per_neuron, activity;
    uint64_t period;
} fl_access_row;

typedef struct fl_access_summary {
    uint64_t samples;     /* networks */
    double success;       /* fraction of runs that reached a fixed point */
    fl_interval interval; /* Wilson, 95 %, with as many trials as independent runs would be worth as
                           * much: those of a network share it */
    fl_estimate activity; /* over networks */
    double median_sweeps; /* of all runs; infinite when more than half did not arrive */
    double flips_per_neuron;
    double cycles;        /* fraction of runs that ended in a cycle */
    double median_period; /* of those; nan for none */
} fl_access_summary;

/* Summary of the runs of one (algorithm, n, jd); runs of a sample stand together. `given`: all runs
 * are on one given network, and each stands for itself. FL_ENOMEM. */
fl_status fl_access_summarise(const fl_access_row *rows, size_t count, bool given,
                              fl_access_summary *summary);

/* ---- thresholds ---- */

typedef enum fl_link { FL_LOGISTIC, FL_PROBIT } fl_link;

/* Success counts at one self-coupling. */
typedef struct fl_success {
    double jd, successes, trials;
} fl_success;

typedef struct fl_success_threshold {
    double jd, error;     /* where success is one half; standard deviation over resamples */
    fl_interval interval; /* 95 %, bootstrap */
    double width;         /* change of J_D from success 1/2 to 1/(1+1/e) (logistic) or Phi(1) */
    bool bracketed;       /* data on both sides of one half */
    bool levels_off; /* at the largest J_D success stays well below the fit, which tends to 1 */
    bool coarse; /* success rises within less than the smallest spacing: width is what the data can
                    tell at most, and error may be too small */
} fl_success_threshold;

/* Fit of success = link((J_D - jd) / width) by maximum likelihood, to `count` self-couplings. With
 * `resamples` (2 or more) a parametric bootstrap, which is honest only where no two runs share a
 * network; with 0 error and interval are nan. FL_EDOMAIN when success does not rise through the data:
 * all 0 or all 1, or falling. */
fl_status fl_threshold_fit(const fl_success *data, size_t count, fl_link link, size_t resamples,
                           fl_rng *rng, fl_success_threshold *threshold);

/* Success counts of single networks. */
typedef struct fl_success_table {
    const double *jd; /* jd_count */
    size_t jd_count, networks;
    const double *successes, *trials; /* networks x jd_count; trials 0 where there was no run */
} fl_success_table;

/* The same fit to the sum over networks, with a bootstrap that draws whole networks, with all their
 * self-couplings: the runs of a network need not be independent. Of `effort` (may be NULL) the stop;
 * FL_STOPPED. FL_EDOMAIN also for less than two networks. */
fl_status fl_threshold_networks(const fl_success_table *table, fl_link link, size_t resamples,
                                const fl_effort *effort, fl_rng *rng,
                                fl_success_threshold *threshold);

typedef struct fl_point {
    double n, value, error;
} fl_point;

/* How a value tends to its limit. */
typedef enum fl_scaling {
    FL_POWER,     /* limit - amplitude n^-exponent, the exponent unknown in [0.1, 2] */
    FL_EXTINCTION /* limit - sqrt((amplitude + growth ln n) / n): activity u ~ (limit - J_D)^2 that
                     dies by a fluctuation (doc/dynamics.md, section 6) */
} fl_scaling;

typedef struct fl_extrapolation {
    double limit, error; /* at n -> infinity */
    fl_interval
        interval;    /* 95 %, over the errors of the points and all that the form leaves open */
    double exponent; /* the likeliest; 1/2 for FL_EXTINCTION */
    double amplitude, growth;
    double chi2, freedom;
    const char *warning; /* a sentence where the data do not support the answer, or NULL */
} fl_extrapolation;

/* Finite-size scaling of at least three points of different n. FL_EDOMAIN for fewer. */
fl_status fl_extrapolate(const fl_point *points, size_t count, fl_scaling scaling,
                         fl_extrapolation *result);

#ifdef __cplusplus
}
#endif
#endif
