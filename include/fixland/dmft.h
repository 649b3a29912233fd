/* Dynamical mean-field theory of the dynamics, N -> infinity (Gaussian couplings of variance 1/N,
 * independent of each other).
 *
 * J is not symmetric, so there is no reaction: a neuron feels f(t) = eta(t) + J_D s(t), eta
 * Gaussian with mean 0 and covariance C(t, t') = <s(t) s(t')>, itself the correlation of the neuron
 * so driven. It is unstable iff s(t) f(t) < 0; the unstable fraction of time t is that probability,
 * before anything is flipped at t: what `fl-access` measures after t sweeps. Eissfeller and Opper,
 * PRL 68, 2094 (1992); doc/dynamics.md.
 *
 * All results come from many trajectories of one neuron. Errors are standard errors over
 * `repetitions` independent solutions. A solution with K trajectories has a bias of order 1/K too,
 * below the error for the defaults. */
#ifndef FIXLAND_DMFT_H
#define FIXLAND_DMFT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "fixland/effort.h"
#include "fixland/stats.h"
#include "fixland/status.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef enum fl_dmft_rule {
    FL_DMFT_PARTIAL,     /* each unstable neuron flips with probability p a step; p = 1: all do */
    FL_DMFT_SITE,        /* visits at rate 1 a unit of time: the limit p -> 0, time in units 1/p */
    FL_DMFT_PERMUTATION, /* one visit in each unit of time, at a random moment of it */
    FL_DMFT_TRIGGER /* continuous time, a neuron flips at once: fl_dmft_inverse only, see there */
} fl_dmft_rule;

typedef struct fl_dmft {
    double jd; /* finite */
    fl_dmft_rule rule;
    double p;     /* partial: (0, 1] */
    size_t steps; /* site, permutation: steps a unit of time, >= 2; solved with half as many too and
                   * extrapolated to infinitely many (the error of a step is linear in it) */
    size_t trajectories; /* a repetition; rounded up to a multiple of 64 */
    size_t repetitions;  /* >= 2 */
    uint64_t seed;
    fl_effort effort; /* progress: the fraction of the repetitions */
    /* An input h_i besides, of size `input` with a random sign on each neuron, or of the sizes of
     * `inputs` (input_count of them, each as likely), likewise. Signs are counted from that of the
     * input: h >= 0 then drives all spins up. */
    double input;
    const double *inputs; /* or NULL */
    size_t input_count;
} fl_dmft;

/* Unstable fraction at times 0 .. times, from a random start: unstable[t], with its error[t].
 * Causal: eta is drawn forward in time, given its past, from the growing Cholesky factor of C.
 * Costs trajectories * (times * steps)^2 / 2 multiplications a repetition. FL_EINVAL, also for fewer
 * trajectories than steps in all, whose covariance would be singular; FL_ENOMEM, FL_STOPPED.
 */
fl_status fl_dmft_forward(const fl_dmft *plan, size_t times, double *unstable, double *error);

/* The same from a start of overlap `overlap` with a fixed point, one picked at random among those of
 * all networks: s_i f_i >= 0 there, so its fields are normal, cut off at -J_D, independent otherwise.
 * A field of the dynamics has the correlation m(t), the overlap of time t, with that of the fixed
 * point. overlaps[t] with overlap_errors[t], and what fl_dmft_forward tells. FL_EINVAL for an overlap
 * outside [-1, 1] or an input, otherwise as fl_dmft_forward; FL_ENOMEM, FL_STOPPED. */
fl_status fl_dmft_retrieve(const fl_dmft *plan, double overlap, size_t times, double *overlaps,
                           double *overlap_errors, double *unstable, double *error);

/* The stationary state: eta is synthesised by FFT from the spectrum of C, C measured, and so on. */
typedef struct fl_dmft_state {
    double unstable, error; /* mean over time */
    bool resolved; /* else: the correlation time grew beyond the longest window: unstable is 0 and
                    * error the largest value that this leaves open */
    size_t window; /* steps of the FFT in the end */
} fl_dmft_state;

/* Rules partial and site; permutation is periodic, not stationary (FL_EINVAL). */
fl_status fl_dmft_plateau(const fl_dmft *plan, fl_dmft_state *state);

/* Mean over times/2 < t <= times of the forward solution: the plateau by another route, and the one
 * for permutations. `window` is the number of steps in all, `resolved` true. FL_EINVAL, FL_ENOMEM,
 * FL_STOPPED. */
fl_status fl_dmft_late(const fl_dmft *plan, size_t times, fl_dmft_state *state);

/* J_D at which the plateau has the value `unstable`: the inverse function, which keeps its accuracy
 * where the plateau dies out, since it holds the time scale fixed. plan->jd is the first guess;
 * rule partial, or trigger: then the spins follow eta in continuous time, up when it reaches J_D,
 * down at -J_D, and `unstable` is the mean number of flips in a step of the grid on which eta is
 * drawn. Between its points eta moves like a Brownian bridge (C falls linearly at short times), so
 * crossings there are drawn with their probability, and J_D tends to J_c as the step gets short
 * (measured, not proved: .8123(1), .8138(1), .8139(1), .8142(1) at 0.05, 0.03, 0.02, 0.014 flips a step). FL_EINVAL for another rule, or an unstable fraction that the longest window cannot
 * resolve or of 1/2 and more; FL_ENOMEM; FL_STOPPED. */
fl_status fl_dmft_inverse(const fl_dmft *plan, double unstable, double *jd, double *error);

typedef struct fl_dmft_threshold {
    double jd;
    double error; /* that of the fit, times sqrt(chi2/freedom) where that is above 1, and the difference
                   * to a fit of one order more */
    fl_interval interval; /* at least 95 %, of eight repetitions a point (doc/calibration.md) */
    double slope;         /* J_D = jd - slope sqrt(u) - curvature u */
    double curvature;
    double chi2, freedom;
} fl_dmft_threshold;

/* -2 zeta(1/2) / sqrt(2 pi): the slope at p = 1 (doc/dynamics.md). */
#define FL_DMFT_SLOPE 1.16519421

/* Where the plateau u vanishes, from points (u, J_D, error): near it J_D is a power series in
 * sqrt(u). slope: of sqrt(u) where it is known (FL_DMFT_SLOPE for p = 1), or NAN to fit it.
 * FL_EDOMAIN for fewer than five points. */
fl_status fl_dmft_vanishing(const double *unstable, const double *jd, const double *errors,
                            size_t count, double slope, fl_dmft_threshold *threshold);

/* The limit of a fine grid of FL_DMFT_TRIGGER, from points (crossings in a step h, J_D, error): J_D = jd -
 * curvature h^2 - ..., the power derived and measured in doc/dynamics.md; `slope` is nan, and the error
 * adds what a term in h^3 would change. FL_EDOMAIN for fewer than three points. */
fl_status fl_dmft_grid_limit(const double *crossings, const double *jd, const double *errors,
                             size_t count, fl_dmft_threshold *threshold);

#ifdef __cplusplus
}
#endif
#endif
