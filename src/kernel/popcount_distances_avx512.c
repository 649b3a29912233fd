/* popcount_distances.h with VPOPCNTDQ: eight words at a time; few words a configuration one by one,
 * where summing up a vector costs more than it saves. */
#include "src/kernel/popcount_distances.h"

#ifdef __x86_64__
#include "src/kernel/x86.h"

#define VECTOR __attribute__((target("avx512vpopcntdq")))

/* Eight configurations of one word a vector. */
VECTOR static void one_word(uint64_t query, const uint64_t *configurations, size_t count,
                            uint16_t *distances) {
    __m512i q = _mm512_set1_epi64((long long)query);
    size_t k = 0;
    for (; k + 8 <= count; k += 8) {
        __m512i c = _mm512_loadu_si512(configurations + k);
        __m512i d = _mm512_popcnt_epi64(_mm512_xor_si512(q, c));
        _mm_storeu_si128((__m128i *)(void *)(distances + k), _mm512_cvtepi64_epi16(d));
    }
    __mmask8 rest = (__mmask8)((1u << (count - k)) - 1);
    __m512i c = _mm512_maskz_loadu_epi64(rest, configurations + k);
    __m512i d = _mm512_popcnt_epi64(_mm512_xor_si512(q, c));
    _mm512_mask_cvtepi64_storeu_epi16(distances + k, rest, d);
}

VECTOR static uint16_t many_words(const uint64_t *a, const uint64_t *b, size_t words) {
    __m512i sum = _mm512_setzero_si512();
    for (size_t w = 0; w < words; w += 8) {
        __mmask8 mask = words - w < 8 ? (__mmask8)((1u << (words - w)) - 1) : 0xFF;
        __m512i x = _mm512_maskz_loadu_epi64(mask, a + w);
        __m512i y = _mm512_maskz_loadu_epi64(mask, b + w);
        sum = _mm512_add_epi64(sum, _mm512_popcnt_epi64(_mm512_xor_si512(x, y)));
    }
    return (uint16_t)_mm512_reduce_add_epi64(sum);
}

VECTOR void fl_popcount_distances_avx512(const uint64_t *query, const uint64_t *configurations,
                                         size_t count, size_t words, uint16_t *distances) {
    if (words == 1) {
        one_word(*query, configurations, count, distances);
        return;
    }
    if (words < 8) {
        fl_popcount_distances_avx2(query, configurations, count, words, distances);
        return;
    }
    for (size_t k = 0; k < count; k++)
        distances[k] = many_words(query, configurations + k * words, words);
}
#endif
