/* How many fixed points a network has, by Monte Carlo: for networks beyond enumeration.
 *
 * Independent populations of replicas descend from all 2^N configurations to the fixed points,
 * through e^(-bE) with b rising (FL_COUNT_ANNEAL: population annealing, Hukushima and Iba,
 * doi:10.1063/1.1632130) or through E <= c with c falling (FL_COUNT_SPLIT: multilevel splitting), E
 * the total violation sum_i max(0, -s_i f_i). The product of the mean weights on the way estimates
 * the number of fixed points, without bias, for a schedule fixed beforehand: a pilot population
 * chooses it. Whether a configuration is a fixed point is decided exactly. doc/count.md.
 *
 * The results are pure functions of network, plan and seed: of no thread, and of no kernel. */
#ifndef FIXLAND_COUNT_H
#define FIXLAND_COUNT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "fixland/effort.h"
#include "fixland/instances.h"
#include "fixland/journal.h"
#include "fixland/moments.h"
#include "fixland/network.h"
#include "fixland/stats.h"
#include "fixland/status.h"

#ifdef __cplusplus
extern "C" {
#endif

/* Neurons, and that 2^n is a double. */
enum { FL_COUNT_MAX = 1000 };

/* Populations of one estimate, and replicas that move together. */
enum { FL_COUNT_POPULATIONS = 16, FL_COUNT_LANES = 32 };

typedef enum fl_count_method { FL_COUNT_ANNEAL, FL_COUNT_SPLIT } fl_count_method;

/* "anneal", "split". */
const char *fl_count_method_name(fl_count_method method);

typedef struct fl_count_plan {
    fl_count_method method;
    double jd;
    size_t population;     /* replicas of all populations together; rounded up, see below */
    size_t sweeps;         /* after each step of the schedule, and at its end; >= 1 */
    uint64_t seed, sample; /* name the random numbers, with n and jd */
    bool keep;             /* keep the fixed points that are found at the end */
    fl_effort effort;      /* its stop; on one thread, and without progress */
} fl_count_plan;

/* Replicas of each of the FL_COUNT_POPULATIONS populations: the plan's share, rounded up to whole
 * blocks of FL_COUNT_LANES. */
size_t fl_count_replicas(size_t population);

/* The measures that a population visits, one after the other: inverse temperatures, ascending, or
 * ceilings, descending, in units of the typical field. */
typedef struct fl_count_schedule {
    fl_count_method method;
    size_t steps;
    double *at;
} fl_count_schedule;

/* Chosen by a pilot population of 512 replicas (fewer if the others are smaller): each step keeps
 * 85 % of the population effective (anneal), or half of it (split); the last is the first at which
 * half of the pilot's replicas are fixed points, or the first beyond 4 N: what a lower temperature
 * could still bring is then found by the last weights. FL_EINVAL for n > FL_COUNT_MAX, a population
 * or sweeps of 0. Release with fl_count_schedule_clear. */
fl_status fl_count_schedule_make(fl_count_schedule *schedule, const fl_network *network,
                                 const fl_count_plan *plan);
void fl_count_schedule_clear(fl_count_schedule *schedule);

/* Fixed points of the last sweep kept for coincidences (see fl_count_estimate). */
enum { FL_COUNT_MARKS = 512 };

/* What one population found. */
typedef struct fl_count_run {
    double log_count;  /* ln of the estimate; -infinity when it found no fixed point */
    double log_last;   /* ln of the estimated weight of the last measure */
    double families;   /* replicas times sum of squared shares of families: 1 (all live) to
                        * `replicas` (one took all); its share of the replicas estimates the
                        * variance of log_count */
    double acceptance; /* of moves, in the last measure */
    double fraction;   /* of replicas at a fixed point, in the last sweeps */
    uint64_t replicas, steps;
    uint64_t distinct; /* different fixed points in the last sweep */
    bool driven;       /* under an input: s says nothing about -s */
    uint64_t marks;
    uint64_t mark[FL_COUNT_MARKS]; /* of replicas 0, 1, ... of the last sweep that are at a fixed
                                    * point: a hash of it */
} fl_count_run;

/* Fixed points of a population, or of several: each once, ascending (spins.h), with the number
 * of fixed points that it stands for: weights add to the estimated count. */
typedef struct fl_count_points {
    size_t n, count;
    uint64_t *spins; /* count x fl_spins_words(n) */
    double *weights;
} fl_count_points;

void fl_count_points_clear(fl_count_points *points);

/* Population number `which` (from 0) along a schedule. `points` (with plan->keep) gets its last
 * sweep's; else it may be NULL. FL_STOPPED when asked to stop. */
fl_status fl_count_population(const fl_network *network, const fl_count_plan *plan,
                              const fl_count_schedule *schedule, uint64_t which,
                              fl_count_run *result, fl_count_points *points);

/* What the populations of a network say together. */
typedef struct fl_count_estimate {
    fl_count_method method;
    bool equilibrated; /* the populations agree, and with the spread of their families; else nothing
                        * but `low` holds */
    bool found;        /* a fixed point was found */
    double log_count;  /* ln of the mean over populations, and its standard error; nan when not
                        * equilibrated or none found */
    double error;
    double low, high; /* 95 %: see doc/count.md. low -infinity when none was found; high infinite
                       * when not equilibrated */
    /* Diagnostics. */
    double raw;                  /* ln of the mean, whatever it is worth; -infinity for none */
    double spread;               /* relative standard deviation of the populations' estimates */
    double families;             /* mean of theirs */
    double excess;               /* observed variance over what families predict */
    double acceptance, fraction; /* means */
    double coincidence;  /* ln of the count by coincidences between populations: an independent
                          * estimate, and a lower bound where sampling is uneven; nan for fewer than
                          * one coincidence */
    double coincidences; /* their number */
    uint64_t distinct;   /* largest number of different fixed points in a population */
    uint64_t replicas, steps;
} fl_count_estimate;

/* From `count` >= 2 populations along one schedule. FL_EINVAL for fewer, FL_ENOMEM. */
fl_status fl_count_combine(fl_count_method method, const fl_count_run *runs, size_t count,
                           fl_count_estimate *estimate);

/* All of it: schedule, FL_COUNT_POPULATIONS populations, estimate, on one thread. `points` may be
 * NULL. FL_EINVAL as fl_count_schedule_make, FL_ENOMEM, FL_STOPPED. */
fl_status fl_count(const fl_network *network, const fl_count_plan *plan,
                   fl_count_estimate *estimate, fl_count_points *points);

/* ---- many networks ---- */

typedef struct fl_count_samples_plan {
    fl_instances networks;
    const double *jd;
    size_t jd_count;
    const fl_count_method *methods;
    size_t method_count;
    fl_count_plan count; /* population, sweeps, keep; jd, seed, sample, method, effort unused */
    fl_effort effort;    /* progress: populations done, of fl_count_tasks */
    fl_journal *journal; /* finished populations; may be NULL */
} fl_count_samples_plan;

typedef struct fl_count_result {
    size_t n_index, jd_index;
    uint64_t sample;
    const fl_count_estimate *estimate;
    const fl_count_points *points; /* with `keep` */
    const fl_network *network;     /* with `keep` */
} fl_count_result;

/* Populations of all estimates: what progress counts up to. */
uint64_t fl_count_tasks(const fl_count_samples_plan *plan);

/* Calls `emit` for each estimate, from one thread at a time: sizes in order, then samples, then
 * self-couplings, then methods. FL_EINVAL for a plan out of range, FL_ENOMEM, FL_STOPPED,
 * FL_EMISMATCH for a checkpoint of other tasks; what `emit` returns. */
fl_status fl_count_samples(const fl_count_samples_plan *plan, void *context,
                           fl_status (*emit)(void *context, const fl_count_result *result));

/* ---- means over networks ---- */

/* One estimate as tables name it. */
typedef struct fl_count_row {
    fl_count_method method;
    int64_t n;
    double jd, log_count, error;
    bool equilibrated, found;
    uint64_t sample;
} fl_count_row;

typedef struct fl_count_summary {
    uint64_t samples, undecided, empty; /* all; not equilibrated; without fixed point */
    fl_estimate quenched;               /* mean of ln count over those that have fixed points */
    fl_estimate log_variance;        /* its variance over them, less the squares of their errors */
    fl_count_law law;                /* what is known of count, and conjectured; nan where not */
    double log_mean, log_mean_error; /* ln of the mean count, with its error */
    double closed_form;              /* ln E[count] at this size; nan where none is known */
    double log_ratio_variance; /* ln(1 + Var(count) / E[count]^2), exact; nan where not known: for
                                * log-normal counts the variance of ln count, and twice what the
                                * quenched mean lies below closed_form */
    double z;                  /* log_mean against closed_form; nan with undecided samples */
} fl_count_summary;

/* Of the rows of one (method, n, jd), which are of size `n_index` of `networks`; NULL: no closed
 * forms. Errors are over samples; where Var(count) is known in closed form that of log_mean comes
 * from it. FL_ENOMEM. */
fl_status fl_count_summarise(const fl_count_row *rows, size_t count, const fl_instances *networks,
                             size_t n_index, fl_count_summary *summary);

#ifdef __cplusplus
}
#endif
#endif
