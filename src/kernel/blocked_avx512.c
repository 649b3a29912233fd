/* AVX-512 kernels of blocked.h. */
#include "src/kernel/blocked.h"

#ifdef __x86_64__
#include "src/kernel/x86.h"

#define LANES 16
#define TILE 16
typedef float vec __attribute__((vector_size(64)));
typedef int32_t ivec __attribute__((vector_size(64)));

static inline vec vec_fma(vec a, vec b, vec c) {
    return (vec)_mm512_fmadd_ps((__m512)a, (__m512)b, (__m512)c);
}

static inline uint32_t vec_above(vec v) {
    return _mm512_cmp_ps_mask((__m512)v, _mm512_setzero_ps(), _CMP_GT_OQ);
}

static inline uint32_t vec_below(vec v) {
    return _mm512_cmp_ps_mask((__m512)v, _mm512_setzero_ps(), _CMP_LT_OQ);
}

#include "src/kernel/blocked_body.h"

const fl_blocked fl_blocked_avx512 = {apply,       apply_real, columns_add, update,
                                      update_real, decide,     wake};
#endif
