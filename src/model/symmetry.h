/* Inside the exact moments of partly symmetric couplings. Private to src/model. */
#ifndef FIXLAND_MODEL_SYMMETRY_H
#define FIXLAND_MODEL_SYMMETRY_H

#include <complex.h>
#include <stddef.h>

#include "fixland/moments.h"

/* ln E[#] for one module of Gaussian couplings without dilution, eta != 0; n >= 1. */
fl_status fl_log_mean_count_eta(const fl_ensemble *ensemble, size_t n, double jd, double *log_mean);

enum { FL_LEGENDRE = 16 };
extern const double fl_legendre[FL_LEGENDRE][2];

/* ln Phi(x + i y), y >= 0; the imaginary part is determined up to 2 pi. */
double complex fl_log_phi_complex(double x, double y);

/* The root x of x = c mu(k + x), mu = phi/Phi, c > -1 (at -1: k > 0). */
double fl_shift_of(double k, double c);

/* ln of the probability that two configurations at distance d, 0 < d <= n - d, of n >= 3 neurons are both fixed
 * points, at eta < 0, another way (symmetric_sums.c); jd in units of the standard deviation of a coupling, positive
 * for d = 1 or eta = -1. FL_UNDECIDED where two resolutions differ by more than 1e-9; FL_ENOMEM. */
fl_status fl_log_pair_by_sums(double n, double d, double jd, double eta, double *log_probability);

/* ln of E[M_d], 0 < distance < n, for the same ensembles. */
fl_status fl_log_mean_pairs_eta(const fl_ensemble *ensemble, size_t n, double jd, size_t distance,
                                double *log_mean);

#endif
