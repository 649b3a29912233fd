/* AVX-512 kernel of visit.h. */
#include "src/kernel/visit.h"

#ifdef __x86_64__
#include "src/kernel/x86.h"

enum { LANES = 16 };
typedef int32_t ints __attribute__((vector_size(64)));
typedef uint32_t bits32 __attribute__((vector_size(64)));

static inline ints widen(const int16_t *block, size_t k, int32_t sign) {
    __m512i pairs = _mm512_broadcast_i64x4(_mm256_load_si256((const __m256i *)(const void *)block));
    __m512i low = _mm512_set1_epi32(sign & 0xffff);
    (void)k;
    return (ints)_mm512_madd_epi16(pairs, _mm512_mask_slli_epi32(low, 0xff00, low, 16));
}

static inline bits32 least(bits32 a, bits32 b) {
    return (bits32)_mm512_min_epu32((__m512i)a, (__m512i)b);
}

static inline uint32_t least_of(bits32 a) {
    return _mm512_reduce_min_epu32((__m512i)a);
}

static inline ints spread(uint64_t bits) {
    return (ints)_mm512_maskz_set1_epi32((__mmask16)bits, -1);
}

static inline uint32_t negatives(ints a) {
    return _mm512_movepi32_mask((__m512i)a);
}

#include "src/kernel/visit_body.h"

const fl_visit_kernel fl_visit_avx512 = {visit_start, visit_begin, visit_turn, visit_go};
#endif
