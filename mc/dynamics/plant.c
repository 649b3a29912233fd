/* Networks around a given fixed point: see fl_network_plant in attractors.h.
 *
 * The couplings of a row are its component along the spins, which is the field, and the rest, which
 * is independent of it. */
#include <gsl/gsl_cdf.h>
#include <math.h>

#include "fixland/attractors.h"
#include "fixland/rng.h"
#include "fixland/spins.h"

/* A standard normal number above `least`. */
static double normal_from(fl_rng *rng, double least) {
    double above = gsl_cdf_ugaussian_Q(least);
    return fmax(gsl_cdf_ugaussian_Qinv(above * (1 - fl_rng_uniform(rng))), least);
}

fl_status fl_network_plant(fl_network *network, double scale, const uint64_t *spins, double jd,
                           uint64_t seed, uint64_t sample) {
    size_t n = network->n;
    if (n < 2 || !(scale > 0))
        return fl_fail(FL_EINVAL, "%zu neurons, couplings of size %g: no fixed point to plant", n,
                       scale);
    double sigma = scale * sqrt((double)n - 1);
    fl_rng rng = fl_rng_stream(seed, FL_PURPOSE_START, sample, (uint64_t)UINT32_MAX << 32 | n);
    fl_rng_sub(&rng, 2);
    for (size_t i = 0; i < n; i++) {
        double *row = network->J + i * n, field = 0, own = fl_spins_get(spins, i) > 0 ? 1 : -1;
        for (size_t j = 0; j < n; j++)
            field += row[j] * (fl_spins_get(spins, j) > 0 ? 1 : -1);
        double least = -(jd + network->diagonal[i]) / sigma;
        double change = (own * sigma * normal_from(&rng, least) - field) / ((double)n - 1);
        for (size_t j = 0; j < n; j++)
            row[j] += j == i ? 0 : change * (fl_spins_get(spins, j) > 0 ? 1 : -1);
    }
    return FL_OK;
}
