/* AVX2 kernel of visit.h. */
#include "src/kernel/visit.h"

#ifdef __x86_64__
#include "src/kernel/x86.h"

enum { LANES = 8 };
typedef int32_t ints __attribute__((vector_size(32)));
typedef uint32_t bits32 __attribute__((vector_size(32)));

static inline ints widen(const int16_t *block, size_t k, int32_t sign) {
    __m256i pairs = _mm256_load_si256((const __m256i *)(const void *)block);
    return (ints)_mm256_madd_epi16(
        pairs, _mm256_set1_epi32(k ? (int32_t)((uint32_t)sign << 16) : sign & 0xffff));
}

static inline bits32 least(bits32 a, bits32 b) {
    return (bits32)_mm256_min_epu32((__m256i)a, (__m256i)b);
}

static inline uint32_t least_of(bits32 a) {
    __m128i b =
        _mm_min_epu32(_mm256_castsi256_si128((__m256i)a), _mm256_extracti128_si256((__m256i)a, 1));
    b = _mm_min_epu32(b, _mm_shuffle_epi32(b, 0x4E));
    b = _mm_min_epu32(b, _mm_shuffle_epi32(b, 0xB1));
    return (uint32_t)_mm_cvtsi128_si32(b);
}

static inline ints spread(uint64_t bits) {
    bits32 own = {1, 2, 4, 8, 16, 32, 64, 128};
    return (ints)((((uint32_t)bits - (bits32){0}) & own) == own);
}

static inline uint32_t negatives(ints a) {
    return (uint32_t)_mm256_movemask_ps(_mm256_castsi256_ps((__m256i)a));
}

#include "src/kernel/visit_body.h"

const fl_visit_kernel fl_visit_avx2 = {visit_start, visit_begin, visit_turn, visit_go};
#endif
