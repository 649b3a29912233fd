/* Kernel: consecutive blocks of the counter-based generator Philox4x64-10 (Salmon et al., SC11,
 * doi:10.1145/2063384.2063405).
 *
 * words[4 b .. 4 b + 3] is the block of counter (counter[0] + b, counter[1], counter[2],
 * counter[3]) under the key, b < count; counter[0] + b is taken modulo 2^64. */
#ifndef FIXLAND_PHILOX_H
#define FIXLAND_PHILOX_H

#include <stddef.h>
#include <stdint.h>

typedef void fl_philox(const uint64_t key[2], const uint64_t counter[4], size_t count,
                       uint64_t *words);

fl_philox fl_philox_scalar, fl_philox_avx2, fl_philox_avx512;

/* The kernel of the level in use (kernel.h). */
fl_philox *fl_philox_choose(void);

#endif
