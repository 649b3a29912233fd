/* AVX2 kernel of popcount_pairs.h: four words a register; bits are counted by looking up the halves
 * of each byte, and bytes are added up only once a batch. */
#include "src/kernel/popcount_pairs.h"

#ifdef __x86_64__
#include "src/kernel/x86.h"

#define NAME fl_popcount_pairs_avx2
#define VECTOR_TARGET
#define VECTOR_WORDS 4
#define VECTOR_ZERO _mm256_setzero_si256()
#define ONES _mm256_set1_epi64x(-1)
#define XOR3(a, b, c) _mm256_xor_si256(_mm256_xor_si256(a, b), c)
#define MAJORITY(a, b, c)                                                                          \
    _mm256_or_si256(_mm256_and_si256(a, b), _mm256_and_si256(c, _mm256_or_si256(a, b)))
#define AND(a, b) _mm256_and_si256(a, b)
#define AND_NOT(a, b) _mm256_andnot_si256(b, a)
#define XOR_WORD(a, w) _mm256_xor_si256(a, _mm256_set1_epi64x((long long)(w)))
#define tally_zero _mm256_setzero_si256()

typedef __m256i vector;
typedef __m256i tally; /* 32 bytes; a batch adds at most 16 x 8 to each */

static inline tally tally_add(tally t, vector x) {
    const __m256i bits = _mm256_setr_epi8(0, 1, 1, 2, 1, 2, 2, 3, 1, 2, 2, 3, 2, 3, 3, 4, 0, 1, 1,
                                          2, 1, 2, 2, 3, 1, 2, 2, 3, 2, 3, 3, 4);
    const __m256i half = _mm256_set1_epi8(15);
    __m256i low = _mm256_shuffle_epi8(bits, _mm256_and_si256(x, half));
    __m256i high = _mm256_shuffle_epi8(bits, _mm256_and_si256(_mm256_srli_epi16(x, 4), half));
    return _mm256_add_epi8(t, _mm256_add_epi8(low, high));
}

static inline uint64_t tally_sum(tally t) {
    __m256i four = _mm256_sad_epu8(t, _mm256_setzero_si256());
    __m128i two = _mm_add_epi64(_mm256_castsi256_si128(four), _mm256_extracti128_si256(four, 1));
    return (uint64_t)_mm_cvtsi128_si64(two) + (uint64_t)_mm_extract_epi64(two, 1);
}

#include "src/kernel/popcount_pairs_body.h"
#endif
