/* Values to compare with, in 256-bit arithmetic (MPFR) and by other formulas than the library's.
 *
 * Phi is erfc. The orthant P2(k; r) = P(X > -k, Y > -k) is the integral over one variable given the
 * other, Int_{-k}^inf phi(x) Phi((k + r x) / sqrt(1 - r^2)) dx, by Gauss-Legendre rules on
 * intervals that double in length away from the steep end; for k > 0 its complement is 2 Phi(-k) -
 * P2(-k; r). A chain of modules is summed over all its bonds. */
#ifndef FIXLAND_TEST_REFERENCE_H
#define FIXLAND_TEST_REFERENCE_H

#include <mpfr.h>
#include <stddef.h>

#include "fixland/gaussian.h"
#include "fixland/network.h"

/* Variables of this many bits: declare with reference_init, release with mpfr_clear. */
enum { REFERENCE_BITS = 256 };
void reference_init(mpfr_t x);

/* |value / exact - 1|; 0 when both are the same infinity or zero, infinite for nan. */
double reference_error(double value, const mpfr_t exact);

/* Phi(x), and ln Phi(x) without loss in either tail. */
void reference_normal_cdf(mpfr_t result, const mpfr_t x);
void reference_log_normal_cdf(mpfr_t result, const mpfr_t x);

/* ln P2(k; r), r given by minus = 1 - r and plus = 1 + r (their sum is 2). */
void reference_log_orthant(mpfr_t result, const mpfr_t k, const mpfr_t minus, const mpfr_t plus);

/* Nodes of the rule on each interval of that integral. 20, the value when not set, give 25 digits.
 */
void reference_orthant_order(int order);

/* ln of the mean number of pairs at a distance, as the formula stands (no use of symmetry).
 * n >= 2. */
void reference_log_pairs(mpfr_t result, size_t n, double jd, size_t distance, fl_variance variance);

/* ln E[#] of a chain of 1 <= modules <= 16 of Gaussian couplings without dilution, as the sum over
 * all 2^(modules-1) bonds. */
void reference_log_mean_count(mpfr_t result, const fl_ensemble *ensemble, size_t n, double jd);

/* Fails unless the relative error is at most `relative`, or the absolute one at most `absolute`;
 * n, jd and distance are for the message. reference_report prints the largest since the last report,
 * relative, or absolute below 1. */
void reference_assert(double value, const mpfr_t exact, double relative, double absolute, size_t n,
                      double jd, size_t distance);
void reference_report(const char *what);

/* fl_log_mean_count, which may not fail. */
double reference_of_count(fl_ensemble ensemble, size_t n, double jd);

#endif
