/* Networks: a coupling matrix J with its self-couplings kept apart, and perhaps an input.
 *
 * Field of neuron i: f_i = sum_{j != i} J_ij s_j + (diagonal_i + J_D) s_i + input_i, with J_D, the
 * self-coupling that is swept, given to each function. Neuron i is unstable iff s_i f_i < 0; a
 * configuration without unstable neuron is a fixed point. A field of exactly zero is stable. */
#ifndef FIXLAND_NETWORK_H
#define FIXLAND_NETWORK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "fixland/meta.h"
#include "fixland/status.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef struct fl_network {
    size_t n;  /* neurons, all modules together */
    double *J; /* n x n, row by row; J[i*n + j] acts from j on i; J[i*n + i] = 0 */
    double
        *diagonal; /* n; self-couplings of a given matrix; minus the margin for random networks */
    double *input; /* n; or NULL: none. s and -s are then no fixed points together */
} fl_network;

/* Random ensembles. Off-diagonal couplings within a module have mean 0 and variance 1/(cN) or
 * 1/(c(N-1)), N neurons a module, c the dilution. */
typedef enum fl_distribution { FL_GAUSSIAN, FL_BINARY } fl_distribution;
typedef enum fl_variance { FL_VARIANCE_N, FL_VARIANCE_N_MINUS_1 } fl_variance;

typedef struct fl_ensemble {
    fl_distribution distribution; /* Gaussian, or +-1/sqrt(variance denominator) */
    fl_variance variance;
    double eta;      /* corr(J_ij, J_ji) in [-1, 1]; 0: all couplings independent */
    double dilution; /* c in (0, 1]: each J_ij is kept with probability c, independently at eta = 0,
                      * in bonds (J_ij with J_ji) otherwise, so that eta stays the correlation */
    size_t modules;  /* L >= 1: an open chain of L independent modules ... */
    double lambda;   /* ... in which neuron i of module l also feels lambda s_i of l-1 and l+1 */
    double margin; /* K: stable is s_i f_i >= K of the field without it. Every self-coupling of the
                      * diagonal is -K, so that J_D stays what was asked for */
} fl_ensemble;

/* Independent Gaussian couplings of variance 1/N, one module: the model of arXiv 2510.11984. */
#define FL_ENSEMBLE_DEFAULT                                                                        \
    ((fl_ensemble){.distribution = FL_GAUSSIAN,                                                    \
                   .variance = FL_VARIANCE_N,                                                      \
                   .eta = 0,                                                                       \
                   .dilution = 1,                                                                  \
                   .modules = 1,                                                                   \
                   .lambda = 0,                                                                    \
                   .margin = 0})

/* FL_EINVAL, with the sentence, for numbers out of range. */
fl_status fl_ensemble_check(const fl_ensemble *ensemble);

/* Writes the ensemble's parameters into the provenance, under the names and in the words of the
 * tools' options; FL_ENOMEM. */
fl_status fl_ensemble_describe(const fl_ensemble *ensemble, fl_meta *meta);

/* The ensemble that a provenance tells, as fl_ensemble_describe or a tool has written it;
 * FL_EMISMATCH when something is missing there or no such value (*ensemble is then unchanged),
 * FL_EINVAL for one out of range. */
fl_status fl_ensemble_from_meta(fl_ensemble *ensemble, const fl_meta *meta);

/* Standard deviation of a coupling that is kept: 1/sqrt(c N) or 1/sqrt(c (N-1)), n neurons a
 * module. */
double fl_ensemble_scale(const fl_ensemble *ensemble, size_t n);

/* Network number `sample` of `seed`, with n neurons a module (n * modules in all): a pure function
 * of the arguments. It does not depend on J_D, so that one network is followed through a sweep.
 * Networks of different n are independent. Release with fl_network_clear. FL_EINVAL for an ensemble
 * out of range or no neurons, FL_ENOMEM. */
fl_status fl_network_draw(fl_network *network, const fl_ensemble *ensemble, size_t n, uint64_t seed,
                          uint64_t sample);

/* A network from n x n numbers, row by row (copied); the diagonal becomes `diagonal`.
 * FL_EINVAL for n = 0, NaN, infinity, or a row whose magnitudes sum to more than 1e300. */
fl_status fl_network_from_matrix(fl_network *network, const double *matrix, size_t n);

/* The n x n matrix with the diagonal in place, into `matrix`. */
void fl_network_to_matrix(const fl_network *network, double *matrix);

/* A zero matrix of n neurons; a copy. FL_EINVAL for n = 0 or more than memory can address,
 * FL_ENOMEM. */
fl_status fl_network_new(fl_network *network, size_t n);
fl_status fl_network_copy(fl_network *copy, const fl_network *network);

/* Gives the network an input (n numbers, copied) in the place of the one it has; NULL: none.
 * FL_EINVAL for NaN or more than 1e300 in magnitude, FL_ENOMEM. */
fl_status fl_network_set_input(fl_network *network, const double *input);

/* The same without an input, for searches that take none: one neuron more, the last, whose
 * couplings to the others are the input. It feels nothing but itself, and is stable at every J_D
 * above -1000. Of its fixed points those with the last neuron at +1 are those of `network`; the
 * others are their mirror images. FL_EINVAL, FL_ENOMEM. */
fl_status fl_network_extended(fl_network *extended, const fl_network *network);

/* J_ij and J_ji change places. */
void fl_network_transpose(fl_network *network);
void fl_network_clear(fl_network *network);

/* Fields without the swept self-coupling: local_i = s_i (sum_j J_ij s_j + input_i) + diagonal_i,
 * in double, so that neuron i is stable iff local_i + J_D >= 0 up to rounding. */
void fl_network_alignment(const fl_network *network, const uint64_t *spins, double *local);

/* The exact verdict: true iff s_i f_i >= 0 as real numbers for the doubles J, diagonal and jd, with
 * no rounding at all (Shewchuk expansions where doubles do not decide). */
bool fl_network_stable(const fl_network *network, const uint64_t *spins, size_t i, double jd);

/* True iff no neuron is unstable, exactly. */
bool fl_network_is_fixed_point(const fl_network *network, const uint64_t *spins, double jd);

#ifdef __cplusplus
}
#endif
#endif
