/* See ties.h. */
#include "tests/support/ties.h"

#include <math.h>

#include "fixland/spins.h"
#include "tests/support/support.h"

fl_network ties_network(fl_rng *rng, size_t n, uint64_t *spins, double *jd) {
    fl_network network;
    int faint = fl_rng_bits(rng) & 1 ? 40 : 0; /* couplings from the first neurons are tiny */
    assert_ok(fl_network_new(&network, n));
    *jd = fl_rng_below(rng, 4) ? fl_rng_gauss(rng) : 0;
    fl_spins_random(spins, n, rng);
    for (size_t i = 0; i < n; i++) {
        size_t last = i == n - 1 ? 0 : n - 1;
        double sum = *jd, si = fl_spins_get(spins, i);
        network.diagonal[i] = fl_rng_bits(rng) & 1 ? fl_rng_gauss(rng) : 0;
        sum += network.diagonal[i];
        for (size_t j = 0; j < n; j++)
            if (j != i && j != last) {
                double value = ldexp(fl_rng_gauss(rng),
                                     (int)fl_rng_below(rng, 30) - (j < 9 ? 15 + faint : 15));
                network.J[i * n + j] = value;
                sum += value * si * fl_spins_get(spins, j);
            }
        double rest = -sum * si * fl_spins_get(spins, last);
        for (uint64_t step = fl_rng_below(rng, 3); step > 0; step--)
            rest = nextafter(rest, fl_rng_bits(rng) & 1 ? INFINITY : -INFINITY);
        network.J[i * n + last] = rest;
    }
    return network;
}
