/* Scalar reference of messages.h, and the choice. */
#include "src/kernel/messages.h"

#include "fixland/kernel.h"
#include "src/kernel/messages_body.h"

const fl_amp_kernel fl_amp_scalar = AMP_KERNEL;

const fl_amp_kernel *fl_amp_choose(void) {
#ifdef __x86_64__
    if (fl_kernel_level() == FL_KERNEL_AVX512)
        return &fl_amp_avx512;
    if (fl_kernel_level() == FL_KERNEL_AVX2)
        return &fl_amp_avx2;
#endif
    return &fl_amp_scalar;
}
