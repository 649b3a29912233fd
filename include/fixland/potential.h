/* Pairs of fixed points in the limit of many neurons: their entropy at a given distance, and the
 * potential of Franz and Parisi around a typical fixed point (theory/README.md section 1). In nats.
 */
#ifndef FIXLAND_POTENTIAL_H
#define FIXLAND_POTENTIAL_H

#include "fixland/status.h"

#ifdef __cplusplus
extern "C" {
#endif

/* Annealed entropy per neuron of ordered pairs of fixed points at distance d = (1 - q)/2,
 *   Sigma2 = ln 2 + H(d) + (1-d) ln P2(jd; 1-2d) + d ln P2(jd; 2d-1),
 * and the potential V = Sigma2 - ln(2 Phi(jd)): where it is negative a typical fixed point has no
 * other at that distance. Relative accuracy 1e-13 of the largest term. 0 <= distance <= 1, jd in
 * [-10, 10], FL_EINVAL otherwise. -infinity where there are no pairs. */
fl_status fl_pair_entropy(double jd, double distance, double *pair_entropy, double *potential);

/* The same with correlation eta of J_ij and J_ji in [-1, 1]:
 *   Sigma2 = ln 2 + H(d) + extr over x of [-x^2/(2 eta) + (1-d) ln P2(jd + x; 1-2d)]
 *                        + extr over y of [-y^2/(2 eta) + d ln P2(jd + y; 2d-1)],
 * and the potential is Sigma2 less fl_entropy_limit_eta. To 1e-12; -infinity where there are none.
 * FL_EINVAL outside these ranges. */
fl_status fl_pair_entropy_eta(double jd, double eta, double distance, double *pair_entropy,
                              double *potential);

#ifdef __cplusplus
}
#endif
#endif
