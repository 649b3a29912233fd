/* Random streams: see rng.h. */
#include "fixland/rng.h"

#include <string.h>

#include "src/kernel/gauss.h"
#include "src/kernel/philox.h"

fl_rng fl_rng_stream(uint64_t seed, fl_purpose purpose, uint64_t sample, uint64_t replica) {
    fl_rng rng = {.key = {seed, (uint64_t)purpose}, .counter = {0, 0, sample, replica}, .used = 4};
    return rng;
}

void fl_rng_sub(fl_rng *rng, uint64_t sub) {
    rng->counter[0] = 0;
    rng->counter[1] = sub;
    rng->used = 4;
}

static void next_block(fl_rng *rng) {
    fl_philox_scalar(rng->key, rng->counter, 1, rng->block);
    rng->counter[0]++;
    rng->used = 0;
}

uint64_t fl_rng_bits(fl_rng *rng) {
    if (rng->used == 4)
        next_block(rng);
    return rng->block[rng->used++];
}

/* 52 bits and a half, 53 in all: the middle of one of 2^52 equal intervals, without rounding. */
static double to_unit(uint64_t bits) {
    return ((double)(bits >> 12) + 0.5) * 0x1p-52;
}

double fl_rng_uniform(fl_rng *rng) {
    return to_unit(fl_rng_bits(rng));
}

uint64_t fl_rng_below(fl_rng *rng, uint64_t n) {
    /* 2^64 mod n words at the bottom would come up once too often. */
    uint64_t rejected = -n % n, bits;
    do
        bits = fl_rng_bits(rng);
    while (bits < rejected);
    return bits % n;
}

double fl_rng_gauss(fl_rng *rng) {
    return fl_gauss_of(fl_rng_bits(rng));
}

/* What `n` calls of fl_rng_bits would give; room for n + 3 words. */
static void bits_fill(fl_rng *rng, fl_philox *kernel, size_t n, uint64_t *words) {
    for (; n && rng->used < 4; n--)
        *words++ = rng->block[rng->used++];
    size_t blocks = (n + 3) / 4;
    kernel(rng->key, rng->counter, blocks, words);
    rng->counter[0] += blocks;
    if (n % 4) {
        memcpy(rng->block, words + n / 4 * 4, sizeof rng->block);
        rng->used = n % 4;
    }
}

void fl_rng_gauss_fill(fl_rng *rng, size_t n, double *values) {
    fl_philox *blocks = fl_philox_choose();
    fl_gauss *gauss = fl_gauss_choose();
    uint64_t words[FL_GAUSS_MOST + 8];
    double some[FL_GAUSS_MOST + 8];
    for (size_t first = 0; first < n; first += FL_GAUSS_MOST) {
        size_t count = n - first < FL_GAUSS_MOST ? n - first : FL_GAUSS_MOST;
        bits_fill(rng, blocks, count, words);
        for (size_t k = count; k % 8; k++)
            words[k] = 0;
        gauss(words, count, some);
        memcpy(values + first, some, count * sizeof *some);
    }
}

void fl_rng_gauss_floats(fl_rng *rng, size_t n, double deviation, float *values) {
    double some[FL_GAUSS_MOST];
    for (size_t first = 0; first < n; first += FL_GAUSS_MOST) {
        size_t count = n - first < FL_GAUSS_MOST ? n - first : FL_GAUSS_MOST;
        fl_rng_gauss_fill(rng, count, some);
        for (size_t k = 0; k < count; k++)
            values[first + k] = (float)(deviation * some[k]);
    }
}

void fl_rng_permutation(fl_rng *rng, size_t n, uint32_t *order) {
    for (size_t i = 0; i < n; i++) {
        size_t j = (size_t)fl_rng_below(rng, i + 1);
        order[i] = order[j];
        order[j] = (uint32_t)i;
    }
}
