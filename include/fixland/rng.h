/* Random streams as pure functions of (seed, purpose, sample, replica).
 *
 * Philox4x64-10 (Salmon et al., SC11, doi:10.1145/2063384.2063405), through Random123: the key is
 * (seed, purpose), the counter (block, sub, sample, replica). Streams that differ in any of the
 * five numbers are independent, whatever thread draws them; a stream restarts from its numbers.
 * Nothing is allocated; a copy of the struct is a copy of the state. */
#ifndef FIXLAND_RNG_H
#define FIXLAND_RNG_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* What a stream is for. Values are part of the meaning of a seed: append, never renumber. */
typedef enum fl_purpose {
    FL_PURPOSE_COUPLINGS = 1,  /* values of J; sample, replica = size, sub = row */
    FL_PURPOSE_DILUTION = 2,   /* which J_ij are kept; same addressing */
    FL_PURPOSE_BOOTSTRAP = 3,  /* resampling for error bars */
    FL_PURPOSE_START = 4,      /* initial configurations */
    FL_PURPOSE_DYNAMICS = 5,   /* order of updates, thermal noise */
    FL_PURPOSE_MESSAGES = 6,   /* initial messages */
    FL_PURPOSE_POPULATION = 7, /* Monte Carlo counting */
    FL_PURPOSE_DATA = 8,       /* data sets and projections */
    FL_PURPOSE_LEARNING = 9,   /* order of examples */
    FL_PURPOSE_MEANFIELD = 10, /* single-neuron trajectories */
    FL_PURPOSE_WEIGHTS = 11,   /* weights of a learner before it learns; sample = kind */
    FL_PURPOSE_INPUT = 12,     /* signs of an input; sample, replica = neurons */
    FL_PURPOSE_TEST = 1000     /* tests and benchmarks */
} fl_purpose;

typedef struct fl_rng {
    uint64_t key[2];
    uint64_t counter[4]; /* block, sub, sample, replica */
    uint64_t block[4];   /* output of the current block */
    unsigned used;       /* words of it already handed out */
} fl_rng;

/* The stream (seed, purpose, sample, replica), sub-stream 0, at its beginning. */
fl_rng fl_rng_stream(uint64_t seed, fl_purpose purpose, uint64_t sample, uint64_t replica);

/* The beginning of another sub-stream of the same stream (a row, a module, a sweep). */
void fl_rng_sub(fl_rng *rng, uint64_t sub);

/* 64 uniform bits. */
uint64_t fl_rng_bits(fl_rng *rng);

/* Uniform on the open interval (0, 1), multiples of 2^-52 plus 2^-53: never 0, never 1. */
double fl_rng_uniform(fl_rng *rng);

/* Uniform integer in 0..n-1, without bias (rejection). n > 0. */
uint64_t fl_rng_below(fl_rng *rng, uint64_t n);

/* Standard normal by inversion of 64 bits (one word a draw, so that the k-th draw of a stream is
 * known without the others); the tails reach 9.1 standard deviations. */
double fl_rng_gauss(fl_rng *rng);

/* What n calls of fl_rng_gauss would give, several times as fast; the second multiplied by
 * `deviation`, then rounded. */
void fl_rng_gauss_fill(fl_rng *rng, size_t n, double *values);
void fl_rng_gauss_floats(fl_rng *rng, size_t n, double deviation, float *values);

/* A uniform permutation of 0..n-1 (Fisher-Yates). */
void fl_rng_permutation(fl_rng *rng, size_t n, uint32_t *order);

#ifdef __cplusplus
}
#endif
#endif
