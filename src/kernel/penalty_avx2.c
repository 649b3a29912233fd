/* AVX2 kernel of penalty.h. */
#include "src/kernel/penalty.h"

#ifdef __x86_64__
#include "src/kernel/penalty_body.h"

const fl_penalty_kernel fl_penalty_avx2 = PENALTY_KERNEL;
#endif
