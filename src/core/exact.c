/* Exact signs of sums: see exact.h.
 *
 * An expansion is a list of doubles of increasing magnitude that do not overlap; its sign is that
 * of its last nonzero entry. A double is added by carrying the exact two-sum through the list. The
 * file must be compiled with strict double arithmetic (no contraction, no reassociation); gradual
 * underflow keeps two-sum exact for the smallest numbers too. */
#include "fixland/exact.h"

/* x + y = sum + *error exactly (Knuth). */
static double two_sum(double x, double y, double *error) {
    double sum = x + y, part = sum - x;
    *error = (x - (sum - part)) + (y - part);
    return sum;
}

int fl_exact_sign(double *terms, size_t count) {
    /* The first `length` entries of terms are the expansion of what was added so far; it never has
     * more entries than terms added. */
    size_t length = 0;
    for (size_t k = 0; k < count; k++) {
        double carry = terms[k];
        size_t kept = 0;
        for (size_t i = 0; i < length; i++) {
            double error;
            carry = two_sum(carry, terms[i], &error);
            if (error != 0)
                terms[kept++] = error;
        }
        if (carry != 0)
            terms[kept++] = carry;
        length = kept;
    }
    if (length == 0)
        return 0;
    return terms[length - 1] > 0 ? 1 : -1;
}
