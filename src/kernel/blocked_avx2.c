/* AVX2 kernels of blocked.h. */
#include "src/kernel/blocked.h"

#ifdef __x86_64__
#include "src/kernel/x86.h"

#define LANES 8
#define TILE 8
typedef float vec __attribute__((vector_size(32)));
typedef int32_t ivec __attribute__((vector_size(32)));

static inline vec vec_fma(vec a, vec b, vec c) {
    return a * b + c;
}

static inline uint32_t vec_above(vec v) {
    return (uint32_t)_mm256_movemask_ps(_mm256_cmp_ps((__m256)v, _mm256_setzero_ps(), _CMP_GT_OQ));
}

static inline uint32_t vec_below(vec v) {
    return (uint32_t)_mm256_movemask_ps(_mm256_cmp_ps((__m256)v, _mm256_setzero_ps(), _CMP_LT_OQ));
}

#include "src/kernel/blocked_body.h"

const fl_blocked fl_blocked_avx2 = {apply,       apply_real, columns_add, update,
                                    update_real, decide,     wake};
#endif
