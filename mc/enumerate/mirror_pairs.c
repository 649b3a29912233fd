/* Levels of fixed points back into sets: see fl_jd_ranks and fl_mirror_pairs in enumerate.h. */
#include <gsl/gsl_sort.h>
#include <stdlib.h>
#include <string.h>

#include "fixland/enumerate.h"
#include "fixland/spins.h"

void fl_jd_ranks(const double *jd, size_t count, double *sorted, uint8_t *ranks) {
    memcpy(sorted, jd, count * sizeof *sorted);
    gsl_sort(sorted, 1, count);
    for (size_t k = 0; k < count; k++)
        for (size_t r = 0; r < count; r++)
            if (sorted[r] == jd[k])
                ranks[k] = (uint8_t)r;
}

size_t fl_mirror_pairs(const uint64_t *spins, const uint8_t *levels, size_t count, size_t n,
                       uint8_t rank, uint64_t *pairs) {
    size_t words = fl_spins_words(n), found = 0;
    for (size_t k = 0; k < count; k++) {
        if (levels[k] > rank)
            continue;
        uint64_t *one = pairs + found * words, *other = one + words;
        memcpy(one, spins + k * words, words * sizeof *one);
        memcpy(other, one, words * sizeof *one);
        fl_spins_negate(other, n);
        found += 2;
    }
    return found;
}

size_t fl_without_mirrors(const uint64_t *spins, const uint8_t *levels, size_t count, size_t n,
                          uint8_t rank, uint64_t *kept) {
    size_t words = fl_spins_words(n), found = 0;
    for (size_t k = 0; k < count; k++)
        if (levels[k] <= rank)
            memmove(kept + found++ * words, spins + k * words, words * sizeof *kept);
    return found;
}

void fl_drop_last(const uint64_t *spins, size_t count, size_t n, uint64_t *without) {
    size_t words = fl_spins_words(n + 1), kept = fl_spins_words(n);
    for (size_t k = 0; k < count; k++) {
        uint64_t *to = without + k * kept;
        memmove(to, spins + k * words, kept * sizeof *to);
        if (n % 64)
            to[kept - 1] &= ~(UINT64_C(1) << n % 64);
    }
}
