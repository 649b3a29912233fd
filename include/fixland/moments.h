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

/* The same with correlation eta of J_ij and J_ji, -1 <= eta <= 1:
 *   ln 2 + extr over x of [-x^2/(2 eta) + ln Phi(jd + x)].
 * -infinity for eta = -1 and jd <= 0. FL_EINVAL outside. */
fl_status fl_entropy_limit_eta(double jd, double eta, double *entropy);

/* The same of an ensemble, per neuron: binary and diluted couplings have the limit of Gaussian ones
 * (for eta != 0 not proved), chains that of chain.h. FL_EDOMAIN for chains with eta != 0, where it is
 * not known; FL_EINVAL outside. */
fl_status fl_ensemble_entropy_limit(const fl_ensemble *ensemble, double jd, double *entropy);

/* ln E[#] of networks of n neurons a module: exact for every ensemble whose rows are independent
 * (eta = 0): Gaussian, binary, diluted, chains; and for Gaussian couplings without dilution in one
 * module at every eta (symmetry.c; relative accuracy 1e-12). Relative accuracy 1e-13 in the log for
 * Gaussian couplings, in chains also absolute 2e-16 n where the log is near 0. -infinity when the
 * mean is 0. FL_EDOMAIN for eta != 0 in other ensembles, where no closed form is known; FL_EINVAL
 * for n = 0 or jd not finite. */
fl_status fl_log_mean_count(const fl_ensemble *ensemble, size_t n, double jd, double *log_mean);

/* ln of the mean number of ordered pairs of fixed points at Hamming distance `distance` (0..n), for
 * Gaussian couplings without dilution, one module; FL_EDOMAIN for other ensembles. For eta != 0
 * (symmetric_pairs.c, symmetric_sums.c) to 1e-9 in the log, and FL_UNDECIDED where that is not reached (seen for
 * J_D below 0.002 near eta = -1 only); FL_ENOMEM.
 * -infinity when the mean is 0. `distance` 0 is fl_log_mean_count. Accuracy: relative 1e-12, or
 * absolute 1e-15 times the largest of the three terms that cancel where the log is near 0. */
fl_status fl_log_mean_pairs(const fl_ensemble *ensemble, size_t n, double jd, size_t distance,
                            double *log_mean);

/* An input: a field on each neuron, n of them, or one of size `strength` with random signs. */
typedef struct fl_input_field {
    const double *each; /* or NULL */
    double strength;
} fl_input_field;

/* The same under an input: ln E[#], ln of the mean number of ordered pairs at a distance, and
 * Var(#)/E[#]^2. Independent Gaussian couplings without dilution in one module, 2 neurons and more;
 * FL_EDOMAIN otherwise, and for pairs of more than FL_INPUT_PAIRS neurons with fields of their own.
 * FL_EINVAL for numbers that are not finite or a distance beyond n; FL_ENOMEM. Relative accuracy
 * 1e-11 in the logs. */
enum { FL_INPUT_PAIRS = 128 };
fl_status fl_log_mean_count_input(const fl_ensemble *ensemble, size_t n, double jd,
                                  const fl_input_field *input, double *log_mean);
fl_status fl_log_mean_pairs_input(const fl_ensemble *ensemble, size_t n, double jd,
                                  const fl_input_field *input, size_t distance, double *log_mean);
fl_status fl_count_variance_input(const fl_ensemble *ensemble, size_t n, double jd,
                                  const fl_input_field *input, double *variance);

/* ln E[#] per neuron for n -> infinity under an input, at eta = 0 in one module: the mean over
 * `count` fields that are typical of all (1 with `strength`). FL_EDOMAIN, FL_EINVAL as there. */
fl_status fl_input_entropy_limit(const fl_ensemble *ensemble, double jd,
                                 const fl_input_field *input, size_t count, double *entropy);

/* ln of the mean number of ordered pairs s -> s' -> s of the synchronous dynamics at distance 1..n,
 * and the mean number of such two-cycles (half of all those pairs) with the distance at which most
 * are. Independent Gaussian couplings, one module; FL_EDOMAIN otherwise. */
fl_status fl_log_mean_two_cycles(const fl_ensemble *ensemble, size_t n, double jd, size_t distance,
                                 double *log_mean);
fl_status fl_mean_two_cycles(const fl_ensemble *ensemble, size_t n, double jd, double *mean,
                             size_t *mode);

/* Growth of that mean per neuron for n -> infinity: the largest rate over the distance, in nats;
 * the least distance looked at is 1e-8. |jd| <= 10. FL_EINVAL outside. */
fl_status fl_two_cycles_entropy(double jd, double *entropy);

/* Var(#)/E[#]^2: exact at n, for the ensembles of fl_log_mean_pairs, and its limit for n ->
 * infinity at eta = 0, 0 <= jd <= 30. FL_EINVAL outside, FL_EDOMAIN for another ensemble. */
fl_status fl_count_variance(const fl_ensemble *ensemble, size_t n, double jd, double *variance);
fl_status fl_count_variance_limit(double jd, double *variance);

/* What is conjectured of the distribution of # at n, from its exact mean and variance V: ln #
 * normal with mean ln E[#] - ln(1 + V)/2 and variance ln(1 + V) (jd > 0; nan otherwise), and empty,
 * P(# = 0), for #/2 Poisson around a log-normal mean. Not proved. */
typedef struct fl_count_law {
    double variance; /* V, exact */
    double log_mean, log_variance, empty;
} fl_count_law;

/* Errors as fl_count_variance. */
fl_status fl_count_law_at(const fl_ensemble *ensemble, size_t n, double jd, fl_count_law *law);

/* The factor of one neuron index in ln E[#] of an open chain of modules: ln of the mean over the
 * bonds (see chain.c). From p, the probability that a neuron is stable with b - 2 times lambda from
 * its neighbours, b = 0..4: excess = 2p - 1 and ln 2p. modules >= 1. */
double fl_log_chain(const double excess[5], const double log_2p[5], size_t modules);

#ifdef __cplusplus
}
#endif
#endif
