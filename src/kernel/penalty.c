/* Scalar reference of penalty.h, and the choice. */
#include "src/kernel/penalty.h"

#include "fixland/kernel.h"
#include "src/kernel/penalty_body.h"

const fl_penalty_kernel fl_penalty_scalar = PENALTY_KERNEL;

const fl_penalty_kernel *fl_penalty_choose(void) {
#ifdef __x86_64__
    if (fl_kernel_level() != FL_KERNEL_SCALAR)
        return &fl_penalty_avx2;
#endif
    return &fl_penalty_scalar;
}
