/* Portable reference of blocked.h (the smallest vectors that every 64-bit processor has), and the
 * choice. */
#include "src/kernel/blocked.h"

#include "fixland/kernel.h"

#define LANES 4
#define TILE 8
typedef float vec __attribute__((vector_size(16)));
typedef int32_t ivec __attribute__((vector_size(16)));

static inline vec vec_fma(vec a, vec b, vec c) {
    return a * b + c;
}

static inline uint32_t vec_above(vec v) {
    uint32_t bits = 0;
    for (int l = 0; l < LANES; l++)
        bits |= (uint32_t)(v[l] > 0) << l;
    return bits;
}

static inline uint32_t vec_below(vec v) {
    return vec_above(-v);
}

#include "src/kernel/blocked_body.h"

const fl_blocked fl_blocked_scalar = {apply,       apply_real, columns_add, update,
                                      update_real, decide,     wake};

const fl_blocked *fl_blocked_choose(void) {
#ifdef __x86_64__
    if (fl_kernel_level() == FL_KERNEL_AVX512)
        return &fl_blocked_avx512;
    if (fl_kernel_level() == FL_KERNEL_AVX2)
        return &fl_blocked_avx2;
#endif
    return &fl_blocked_scalar;
}
