/* Scalar reference of metropolis.h, energies, and the choice. */
#include "src/kernel/metropolis.h"

#include "fixland/kernel.h"
#include "src/kernel/metropolis_body.h"

uint64_t fl_metropolis_scalar(const fl_metropolis_block *block, const fl_metropolis_rule *rule) {
    return metropolis_body(block, rule);
}

void fl_metropolis_energies(const fl_metropolis_block *b) {
    for (size_t l = 0; l < FL_LANES; l++)
        b->energy[l] = 0;
    for (size_t i = 0; i < FL_LANES * b->n; i++) {
        int32_t x = b->field[i] ^ b->up[i];
        b->energy[i % FL_LANES] += (x > 0 ? x : 0) >> FL_METROPOLIS_SHIFT;
    }
}

fl_metropolis *fl_metropolis_choose(void) {
#ifdef __x86_64__
    if (fl_kernel_level() == FL_KERNEL_AVX512)
        return fl_metropolis_avx512;
    if (fl_kernel_level() == FL_KERNEL_AVX2)
        return fl_metropolis_avx2;
#endif
    return fl_metropolis_scalar;
}
