/* The bonds of a chain of modules, summed: see fl_log_chain in moments.h.
 *
 * With bonds t_l = s^l s^{l+1} = +-1, t_0 = t_L = 0, and p(h) the probability that a neuron with
 * total alignment h from self-coupling and neighbouring modules is stable, E[#] = ( mean over
 * t_1..t_{L-1} of Prod_l 2 p(J_D + lambda (t_{l-1} + t_l)) )^N, summed by a transfer matrix in two
 * ways: in deviations from 1, which keeps the log accurate where E[#] is near 1, from e = 2 p - 1;
 * and in products, which keeps it accurate everywhere else, from ln 2p. theory/README.md, Eq. 21.
 */
#include <math.h>

#include "fixland/moments.h"

/* The mean over the bonds of the product, less 1, from the five e for 2, 1, 0 bonds down to up. */
static double chain_deviation(const double e[5], size_t modules) {
    double down = e[1], up = e[3]; /* first module: deviation for t_1 = -1, +1 */
    for (size_t l = 2; l < modules; l++) {
        double next_down = 0.5 * (down + e[0] + down * e[0] + up + e[2] + up * e[2]);
        up = 0.5 * (down + e[2] + down * e[2] + up + e[4] + up * e[4]);
        down = next_down;
        if (!(fabs(down) < 1e100 && fabs(up) < 1e100))
            return INFINITY;
    }
    return 0.5 * (down + e[1] + down * e[1] + up + e[3] + up * e[3]);
}

/* Its log, from the five ln 2p: with the largest taken out, factors are at most 1. */
static double chain_log(const double log_p[5], size_t modules) {
    double most = log_p[0], p[5], scale = 0;
    for (int b = 1; b < 5; b++)
        most = fmax(most, log_p[b]);
    if (most == -INFINITY)
        return most;
    for (int b = 0; b < 5; b++)
        p[b] = exp(log_p[b] - most);
    double down = p[1], up = p[3];
    for (size_t l = 2; l < modules; l++) {
        double next_down = 0.5 * (down * p[0] + up * p[2]);
        up = 0.5 * (down * p[2] + up * p[4]);
        down = next_down;
        double size = fmax(down, up);
        if (size > 0 && size < 1e-100) {
            down /= size, up /= size;
            scale += log(size);
        }
    }
    return (double)modules * most + scale + log(0.5 * (down * p[1] + up * p[3]));
}

double fl_log_chain(const double excess[5], const double log_2p[5], size_t modules) {
    if (modules == 1)
        return fabs(excess[2]) < 0.5 ? log1p(excess[2]) : log_2p[2];
    double deviation = chain_deviation(excess, modules);
    return fabs(deviation) < 0.5 ? log1p(deviation) : chain_log(log_2p, modules);
}
