/* Tests by chance: an assertion computes its p-value, the level is 1e-6, and a failure names the
 * seed that repeats it. */
#ifndef FIXLAND_TEST_CHANCE_H
#define FIXLAND_TEST_CHANCE_H

#include <stddef.h>
#include <stdint.h>

/* Fails when p < 1e-6, or is no number. */
#define assert_p(p) test_assert_p((p), #p, __FILE__, __LINE__)
void test_assert_p(double p, const char *what, const char *file, int line);

/* Fails when a standard normal is farther from 0 than |value - expected| / error with probability
 * below 1e-6, that is beyond 4.9 standard deviations. */
#define assert_z(value, expected, error)                                                           \
    test_assert_z((value), (expected), (error), #value, __FILE__, __LINE__)
void test_assert_z(double value, double expected, double error, const char *what, const char *file,
                   int line);

/* p-value of Kolmogorov and Smirnov for independent draws from `cdf`; sorts `values`. */
double test_kolmogorov(double *values, size_t count, double (*cdf)(double));

/* p-value of chi^2 for counts that are expected to be equal. */
double test_chi2_uniform(const uint64_t *observed, size_t bins);

/* p-values of the first four moments of draws that should be standard normal, or uniform on (0, 1),
 * each against its exact variance: the smallest of them. */
double test_moments_normal(const double *values, size_t count);
double test_moments_uniform(const double *values, size_t count);

#endif
