/* Pair histograms: see overlap.h. Every unordered pair is visited once. */
#include "fixland/overlap.h"

#include <string.h>

#include "fixland/spins.h"

void fl_pair_histogram(const uint64_t *spins, size_t count, size_t n, uint64_t *pairs) {
    size_t words = fl_spins_words(n);
    memset(pairs, 0, (n + 1) * sizeof *pairs);
    for (size_t a = 0; a < count; a++)
        for (size_t b = 0; b < a; b++)
            pairs[fl_spins_distance(spins + a * words, spins + b * words, n)] += 2;
    pairs[0] += count;
}
