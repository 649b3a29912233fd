/* The sign of a sum of doubles, exactly.
 *
 * A fixed point is defined for the couplings as they stand (doubles), so the sign of a field is a
 * fact, not a matter of the order of additions. Sums are first formed in double with a bound on
 * their error; where the bound does not decide, they are formed again without rounding. */
#ifndef FIXLAND_EXACT_H
#define FIXLAND_EXACT_H

#include <stddef.h>

#ifdef __cplusplus
extern "C" {
#endif

/* -1, 0 or 1: the sign of terms[0] + ... + terms[count-1] as real numbers. Terms are finite and
 * their sum does not overflow. Uses and destroys `terms` as scratch. Shewchuk's grow-expansion,
 * doi:10.1007/PL00009321, theorem 10. */
int fl_exact_sign(double *terms, size_t count);

/* A bound on |computed - exact| for a sum of `count` doubles in any order of additions, by
 * recursive, pairwise or vectorised summation, when the sum of magnitudes is at most `magnitude`
 * (itself computed in double): count * 2^-53 * magnitude with a safety factor of 2. */
static inline double fl_sum_error(size_t count, double magnitude) {
    return (double)count * 0x1p-52 * magnitude;
}

#ifdef __cplusplus
}
#endif
#endif
