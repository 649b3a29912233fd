/* AVX-512 kernel of metropolis.h. */
#include "src/kernel/metropolis.h"

#ifdef __x86_64__
#include "src/kernel/metropolis_body.h"

/* Where its loop lies within a line of the cache makes a tenth of the speed: the same in every program. */
__attribute__((aligned(64))) uint64_t fl_metropolis_avx512(const fl_metropolis_block *block,
                                                           const fl_metropolis_rule *rule) {
    return metropolis_body(block, rule);
}
#endif
