/* Random streams: see rng.h. */
#include "fixland/rng.h"

#include <Random123/philox.h>
#include <gsl/gsl_cdf.h>
#include <stdlib.h>
#include <string.h>

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
    philox4x64_ctr_t counter;
    philox4x64_key_t key;
    memcpy(counter.v, rng->counter, sizeof rng->counter);
    memcpy(key.v, rng->key, sizeof rng->key);
    philox4x64_ctr_t block = philox4x64(counter, key);
    memcpy(rng->block, block.v, sizeof rng->block);
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
    /* One bit is the sign, 63 bits the tail probability in (0, 1/2): no precision is lost in the
     * tails, which end at 2^-65. */
    uint64_t bits = fl_rng_bits(rng);
    double tail = ((double)(bits >> 1) + 0.5) * 0x1p-64;
    double value = gsl_cdf_ugaussian_Qinv(tail);
    return bits & 1 ? -value : value;
}

void fl_rng_permutation(fl_rng *rng, size_t n, uint32_t *order) {
    for (size_t i = 0; i < n; i++) {
        size_t j = (size_t)fl_rng_below(rng, i + 1);
        order[i] = order[j];
        order[j] = (uint32_t)i;
    }
}

/* The adapter: gsl_rng keeps an fl_rng as its state. */
static void adapter_set(void *state, unsigned long seed) {
    fl_rng stream = fl_rng_stream(seed, FL_PURPOSE_TEST, 0, 0);
    memcpy(state, &stream, sizeof stream);
}

static unsigned long adapter_bits(void *state) {
    return fl_rng_bits(state);
}

static double adapter_uniform(void *state) {
    return fl_rng_uniform(state);
}

static const gsl_rng_type adapter_type = {
    "fixland-philox4x64", UINT64_MAX, 0, sizeof(fl_rng), adapter_set, adapter_bits, adapter_uniform,
};

gsl_rng *fl_rng_gsl(const fl_rng *stream) {
    gsl_rng *rng = malloc(sizeof *rng);
    fl_rng *state = malloc(sizeof *state);
    if (!rng || !state) {
        free(rng);
        free(state);
        return NULL;
    }
    *state = *stream;
    rng->type = &adapter_type;
    rng->state = state;
    return rng;
}
