/* Pair histograms from drawn pairs: see fl_pairs_sampled in overlap.h. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "fixland/overlap.h"
#include "fixland/spins.h"

/* Hits become numbers of pairs: a multinomial of `draws` over all ordered pairs of different
 * members. */
static void scale_sampled(const uint64_t *hits, size_t count, size_t n, uint64_t draws,
                          double *pairs, double *errors) {
    double all = (double)count * ((double)count - 1), m = (double)draws;
    for (size_t d = 0; d <= n; d++) {
        double p = (double)hits[d] / m;
        pairs[d] = all * p;
        errors[d] = m > 1 ? all * sqrt(p * (1 - p) / (m - 1)) : NAN;
    }
}

fl_status fl_pairs_sampled(const uint64_t *spins, size_t count, size_t n, uint64_t draws,
                           fl_rng *rng, double *pairs, double *errors) {
    size_t words = fl_spins_words(n);
    if (draws < 1)
        return fl_fail(FL_EINVAL, "0 drawn pairs; at least one is needed");
    memset(pairs, 0, (n + 1) * sizeof *pairs);
    memset(errors, 0, (n + 1) * sizeof *errors);
    if (count > 1) {
        uint64_t *hits = calloc(n + 1, sizeof *hits);
        if (!hits)
            return fl_fail(FL_ENOMEM, "out of memory for a histogram of %zu neurons", n);
        for (uint64_t k = 0; k < draws; k++) {
            uint64_t a = fl_rng_below(rng, count), b = fl_rng_below(rng, count - 1);
            b += b >= a;
            hits[fl_spins_distance(spins + a * words, spins + b * words, n)]++;
        }
        scale_sampled(hits, count, n, draws, pairs, errors);
        free(hits);
    }
    pairs[0] += (double)count;
    return FL_OK;
}
