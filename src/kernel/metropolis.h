/* Kernel: sweeps of single-spin moves over 32 replicas of one network at a time.
 *
 * Replica l is lane l of every array, so nothing is ever summed over lanes. Numbers are integers:
 *
 *   field[32 i + l]  round-off free sum_{j != i} q_ij s_j + d_i s_i, in 16 bits;
 *   up[32 i + l]     -1 (all bits) where s_i = +1, else 0;
 *   E                sum_i floor(max(0, x_i) / 4), x_i = field_i ^ up_i: -field_i - 1 where s_i =
 * +1, field_i where s_i = -1. It is 0 where all s_i field_i >= 0.
 *
 * A sweep proposes to flip s_0, s_1, ..., the same neuron in all lanes. With dE the change of E, a
 * function of the configurations before and after, a move is accepted
 *
 *   annealing (walk = 0)  iff dE <= L temperature, L = -ln u: with probability min(1, e^(-dE / T));
 *   splitting (walk = 1)  iff E + dE <= ceiling, and with probability 7/8.
 *
 * Both leave their measures, e^(-E / T) and the uniform one on E <= ceiling, unchanged: each step
 * is reversible, apart from the rounding of L (a relative 3e-7). dE is computed modulo 2^16: the
 * caller scales q so that |dE| < 2^15 and |field| < 2^15 for all configurations.
 *
 * u comes from xoshiro128++ (Blackman and Vigna, doi:10.1145/3460772), one generator a lane. L is a
 * polynomial in single precision, without fused operations: all kernels give the same bits. */
#ifndef FIXLAND_METROPOLIS_H
#define FIXLAND_METROPOLIS_H

#include <stddef.h>
#include <stdint.h>

enum { FL_LANES = 32, FL_METROPOLIS_SHIFT = 2 };

typedef struct fl_metropolis_block {
    size_t n;
    const int32_t *columns; /* n x stride; [k * stride + i] holds 2 q_ik twice, in both 16-bit
                             * halves; on the diagonal 2 d_k */
    size_t stride;
    int16_t *field, *up; /* n x 32; 64-byte aligned */
    uint32_t *random;    /* 4 x 32: the generators, none all zero */
    int32_t *energy;     /* 32: E, kept up to date */
} fl_metropolis_block;

typedef struct fl_metropolis_rule {
    size_t sweeps;
    int walk;
    float temperature; /* > 0, in units of E */
    int32_t ceiling;
} fl_metropolis_rule;

/* Returns the number of moves accepted, over all lanes. */
typedef uint64_t fl_metropolis(const fl_metropolis_block *block, const fl_metropolis_rule *rule);

fl_metropolis fl_metropolis_scalar, fl_metropolis_avx2, fl_metropolis_avx512;

/* The kernel of the level in use (kernel.h). */
fl_metropolis *fl_metropolis_choose(void);

/* E of every lane from fields and spins, into block->energy. */
void fl_metropolis_energies(const fl_metropolis_block *block);

#endif
