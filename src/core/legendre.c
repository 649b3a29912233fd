/* See legendre.h. The nodes on (-1, 1) are the roots of P_count, by Newton's method from
 * cos(pi (k + 3/4) / (count + 1/2)); the weights are 2 / ((1 - t^2) P'_count(t)^2) (Abramowitz and Stegun,
 * 25.4.29). In long double, so that what is rounded is right to the last bit but one. */
#include "src/core/legendre.h"

#include <math.h>

enum { NEWTON = 8 }; /* doubles the digits each time, from two or more */

/* P_count(t), and its derivative in *slope; |t| < 1. */
static long double legendre_value(size_t count, long double t, long double *slope) {
    long double before = 1, value = t;
    for (size_t k = 2; k <= count; k++) {
        long double next =
            ((long double)(2 * k - 1) * t * value - (long double)(k - 1) * before) / (long double)k;
        before = value;
        value = next;
    }
    *slope = (long double)count * (t * value - before) / (t * t - 1);
    return value;
}

void fl_legendre_rule(size_t count, double *x, double *w) {
    for (size_t k = 0; k < count / 2; k++) {
        long double slope,
            t = cosl(acosl(-1) * ((long double)k + 0.75L) / ((long double)count + 0.5L));
        for (int step = 0; step < NEWTON; step++) {
            long double value = legendre_value(count, t, &slope);
            t -= value / slope;
        }
        legendre_value(count, t, &slope);
        double node = (double)t, weight = (double)(2 / ((1 - t * t) * slope * slope));
        x[k] = 0.5 - 0.5 * node;
        x[count - 1 - k] = 0.5 + 0.5 * node;
        w[k] = w[count - 1 - k] = 0.5 * weight;
    }
}
