/* Scalar reference of philox.h, by Random123, and the choice. */
#include "src/kernel/philox.h"

#include <Random123/philox.h>
#include <string.h>

#include "fixland/kernel.h"

void fl_philox_scalar(const uint64_t key[2], const uint64_t counter[4], size_t count,
                      uint64_t *words) {
    philox4x64_key_t k = {{key[0], key[1]}};
    for (size_t b = 0; b < count; b++) {
        philox4x64_ctr_t c = {{counter[0] + b, counter[1], counter[2], counter[3]}};
        c = philox4x64(c, k);
        memcpy(words + 4 * b, c.v, sizeof c.v);
    }
}

fl_philox *fl_philox_choose(void) {
#ifdef __x86_64__
    if (fl_kernel_level() == FL_KERNEL_AVX512)
        return fl_philox_avx512;
    if (fl_kernel_level() == FL_KERNEL_AVX2)
        return fl_philox_avx2;
#endif
    return fl_philox_scalar;
}
