/* Exact mean numbers of m-tuples of fixed points at finite n, m = 2 and 3.
 *
 * The rows of J are independent, so that the mean is a sum over the possible tuples of a product
 * over neurons. For m = 3, up to a common sign, neuron i is of one of four kinds: all three
 * configurations agree on it, or one of them differs from the other two. With n_0, n_1, n_2, n_3
 * neurons of each kind,
 *   E[# triples] = sum over n_0 + n_1 + n_2 + n_3 = n of 2^n n! / (n_0! n_1! n_2! n_3!)
 *                  prod_k P3(kappa; R_k)^{n_k},
 * where P3(kappa; R) = P(X > -kappa, Y > -kappa, Z > -kappa) for standard normals of correlation
 * R_k, the overlaps without neuron i, with the signs that kind k gives them. The distances are
 * d_12 = n_1 + n_2, d_13 = n_1 + n_3, d_23 = n_2 + n_3. At m = 2 this is fl_log_mean_pairs. */
#ifndef FIXLAND_TUPLE_MOMENTS_H
#define FIXLAND_TUPLE_MOMENTS_H

#include <stddef.h>

#include "fixland/network.h"
#include "fixland/status.h"

#ifdef __cplusplus
extern "C" {
#endif

/* ln P(X > -k, Y > -k, Z > -k) for standard normals with correlations r12, r13, r23 that form a
 * positive semidefinite matrix. Absolute error of P below 1e-10. -infinity when P is
 * 0; nan when out of memory. */
double fl_log_orthant3(double k, double r12, double r13, double r23);

/* Mean number of ordered triples of different fixed points at the distances d12, d13, d23 >= 1; 0
 * where no three configurations have them. Independent Gaussian couplings, one module, without
 * dilution, 3 <= n <= 400; FL_EDOMAIN for other ensembles. */
fl_status fl_mean_triples(const fl_ensemble *ensemble, size_t n, double jd, size_t d12, size_t d13,
                          size_t d23, double *mean);

/* Mean number of ordered m-tuples, m = 2 or 3, of different fixed points with every mutual distance
 * in low..high, low >= 1; FL_EDOMAIN for other m. */
fl_status fl_mean_tuples(const fl_ensemble *ensemble, size_t n, double jd, size_t m, size_t low,
                         size_t high, double *mean);

#ifdef __cplusplus
}
#endif
#endif
