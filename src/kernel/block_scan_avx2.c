/* AVX2 kernel of block_scan.h: 32 lanes in two registers of 16. */
#include "src/kernel/block_scan.h"

#ifdef __x86_64__
#include "src/kernel/x86.h"

/* All ones where row < threshold: AVX2 compares only greater-than. */
static inline __m256i missed(const int16_t *row, __m256i threshold) {
    return _mm256_cmpgt_epi16(threshold, _mm256_load_si256((const __m256i *)row));
}

/* Bit l of the result: lane l of neither half is all ones. Packing works within 128-bit parts, the
 * permutation puts them back in order. */
static inline uint32_t lanes_alive(__m256i low, __m256i high) {
    __m256i packed = _mm256_permute4x64_epi64(_mm256_packs_epi16(low, high), 0xD8);
    return ~(uint32_t)_mm256_movemask_epi8(packed);
}

static inline uint32_t scan(const int16_t *const *rows, const int16_t *thresholds,
                            size_t conditions, size_t first) {
    __m256i low = _mm256_setzero_si256(), high = low, ones = _mm256_set1_epi16(-1);
    for (size_t c = 0; c < conditions; c++) {
        __m256i threshold = _mm256_set1_epi16(thresholds[c]);
        low = _mm256_or_si256(low, missed(rows[c] + first, threshold));
        high = _mm256_or_si256(high, missed(rows[c] + first + 16, threshold));
        if (c % 4 == 3 && _mm256_testc_si256(_mm256_and_si256(low, high), ones))
            return 0;
    }
    return lanes_alive(low, high);
}

void fl_block_scan_avx2(const int16_t *const *rows, const int16_t *thresholds, size_t conditions,
                        size_t lanes, uint32_t *alive) {
    for (size_t first = 0; first < lanes; first += 32)
        alive[first / 32] = scan(rows, thresholds, conditions, first);
}
#endif
