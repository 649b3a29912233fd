/* AVX2 kernel of metropolis.h. */
#include "src/kernel/metropolis.h"

#ifdef __x86_64__
#include "src/kernel/metropolis_body.h"

uint64_t fl_metropolis_avx2(const fl_metropolis_block *block, const fl_metropolis_rule *rule) {
    return metropolis_body(block, rule);
}
#endif
