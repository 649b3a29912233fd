/* Packed spins: see spins.h. */
#include "fixland/spins.h"

#include <string.h>

void fl_spins_set(uint64_t *spins, size_t i, int value) {
    uint64_t bit = UINT64_C(1) << (i % 64);
    if (value > 0)
        spins[i / 64] |= bit;
    else
        spins[i / 64] &= ~bit;
}

/* The bits of the last word that belong to neurons. */
static uint64_t last_mask(size_t n) {
    return n % 64 ? (UINT64_C(1) << (n % 64)) - 1 : UINT64_MAX;
}

void fl_spins_negate(uint64_t *spins, size_t n) {
    size_t words = fl_spins_words(n);
    for (size_t w = 0; w < words; w++)
        spins[w] = ~spins[w];
    if (words)
        spins[words - 1] &= last_mask(n);
}

void fl_spins_random(uint64_t *spins, size_t n, fl_rng *rng) {
    size_t words = fl_spins_words(n);
    for (size_t w = 0; w < words; w++)
        spins[w] = fl_rng_bits(rng);
    if (words)
        spins[words - 1] &= last_mask(n);
}

size_t fl_spins_distance(const uint64_t *a, const uint64_t *b, size_t n) {
    size_t distance = 0;
    for (size_t w = 0; w < fl_spins_words(n); w++)
        distance += (size_t)__builtin_popcountll(a[w] ^ b[w]);
    return distance;
}

double fl_spins_overlap(const uint64_t *a, const uint64_t *b, size_t n) {
    double distance = (double)fl_spins_distance(a, b, n);
    return ((double)n - 2 * distance) / (double)n; /* rounded once */
}

void fl_spins_unpack(const uint64_t *spins, size_t n, int8_t *values) {
    for (size_t i = 0; i < n; i++)
        values[i] = (int8_t)fl_spins_get(spins, i);
}

void fl_spins_pack(const int8_t *values, size_t n, uint64_t *spins) {
    memset(spins, 0, fl_spins_words(n) * sizeof *spins);
    for (size_t i = 0; i < n; i++)
        if (values[i] > 0)
            spins[i / 64] |= UINT64_C(1) << (i % 64);
}

int fl_spins_compare(const uint64_t *a, const uint64_t *b, size_t n) {
    for (size_t w = fl_spins_words(n); w-- > 0;)
        if (a[w] != b[w])
            return a[w] < b[w] ? -1 : 1;
    return 0;
}
