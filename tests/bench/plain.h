/* Plain programs, as one would write them first, to compare with: the shortest honest ones, built
 * for the processor at hand (-O3 -march=native). */
#ifndef FIXLAND_BENCH_PLAIN_H
#define FIXLAND_BENCH_PLAIN_H

#include <stddef.h>
#include <stdint.h>

/* xoshiro256+ and the polar method. */
typedef struct plain_rng {
    uint64_t s[4];
    double spare;
    int have;
} plain_rng;

plain_rng plain_seed(uint64_t seed);
double plain_uniform(plain_rng *rng);

/* Couplings of variance 1/n by columns: J[j * n + i] acts from j on i. */
void plain_draw(plain_rng *rng, size_t n, float *J);

/* Asynchronous dynamics from a random start: a shuffle a sweep, fields in floats. */
typedef struct plain_outcome {
    uint64_t flips;
    int fixed;
} plain_outcome;

typedef struct plain_room {
    float *field, *spin;
    int *order;
} plain_room;

plain_outcome plain_async(plain_rng *rng, size_t n, const float *J, float jd, int sweeps,
                          plain_room room);

/* Reinforced message passing from a small random start, rho from .1 to .6, variances without entries: two products by OpenBLAS an
 * iteration, functions of the C library. J by rows, plain_message_floats(n) floats of room. Was a solution found? */
int plain_message(plain_rng *rng, size_t n, const float *J, float jd, float rate, float *room);
size_t plain_message_floats(size_t n);

#endif
