/* AVX2 kernel of messages.h. */
#include "src/kernel/messages.h"

#ifdef __x86_64__
#include "src/kernel/messages_body.h"

const fl_amp_kernel fl_amp_avx2 = AMP_KERNEL;
#endif
