/* AVX-512 kernel of messages.h. */
#include "src/kernel/messages.h"

#ifdef __x86_64__
#include "src/kernel/messages_body.h"

const fl_amp_kernel fl_amp_avx512 = AMP_KERNEL;
#endif
