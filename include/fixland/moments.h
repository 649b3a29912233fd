/* Exact first moments at finite size: the mean number of fixed points, and of pairs of them.
 * Means are over the disorder; they are annealed. Logs are natural and of the whole number, not per
 * neuron. The rows of J are independent, so given a configuration the N conditions of stability
 * are independent too. arXiv 2510.11984, 2509.05041. */
#ifndef FIXLAND_MOMENTS_H
#define FIXLAND_MOMENTS_H

#include <stddef.h>

#include "fixland/network.h"
#include "fixland/status.h"

#ifdef __cplusplus
extern "C" {
#endif

/* Annealed entropy of fixed points per neuron for N -> infinity, Sigma = ln(2 Phi(jd)), in nats.
 * jd: self-coupling, finite. FL_EINVAL otherwise (*entropy is then unchanged). */
fl_status fl_entropy_limit(double jd, double *entropy);

/* ln E[#] of networks of n neurons a module: exact for every ensemble whose rows are independent
 * (eta = 0): Gaussian, binary, diluted, chains. Relative accuracy 1e-13 in the log for Gaussian
 * couplings, in chains also absolute 2e-16 n where the log is near 0. -infinity when the mean is 0.
 * FL_EDOMAIN for eta != 0 and n > 1, where no closed form is known; FL_EINVAL for n = 0 or jd not
 * finite. */
fl_status fl_log_mean_count(const fl_ensemble *ensemble, size_t n, double jd, double *log_mean);

/* ln of the mean number of ordered pairs of fixed points at Hamming distance `distance` (0..n), for
 * independent Gaussian couplings without dilution, one module; FL_EDOMAIN for other ensembles.
 * -infinity when the mean is 0. `distance` 0 is fl_log_mean_count. Accuracy: relative 1e-12, or
 * absolute 1e-15 times the largest of the three terms that cancel where the log is near 0. */
fl_status fl_log_mean_pairs(const fl_ensemble *ensemble, size_t n, double jd, size_t distance,
                            double *log_mean);

/* The factor of one neuron index in ln E[#] of an open chain of modules: ln of the mean over the
 * bonds (see chain.c). From p, the probability that a neuron is stable with b - 2 times lambda from
 * its neighbours, b = 0..4: excess = 2p - 1 and ln 2p. modules >= 1. */
double fl_log_chain(const double excess[5], const double log_2p[5], size_t modules);

#ifdef __cplusplus
}
#endif
#endif
