/* AVX2 kernel of flip.h: a word is two halves of four registers of 8 fields. */
#include "src/kernel/flip.h"

#ifdef __x86_64__
#include "src/kernel/x86.h"

static inline __m256i load(const int32_t *from) {
    return _mm256_load_si256((const __m256i *)from);
}

static inline uint64_t greater(__m256i a, __m256i b) {
    return (uint32_t)_mm256_movemask_ps(_mm256_castsi256_ps(_mm256_cmpgt_epi32(a, b)));
}

/* 32 fields; their bits below and above the bounds. */
static inline void half(const fl_flip_target *t, size_t first, const int32_t *const *columns,
                        const int32_t *negate, size_t count, __m256i negatives, uint64_t *below,
                        uint64_t *above) {
    __m256i high = _mm256_set1_epi32(t->bound), low = _mm256_set1_epi32(-t->bound), f[4];
    for (int r = 0; r < 4; r++)
        f[r] = _mm256_add_epi32(load(t->field + first + 8 * r), negatives);
    for (size_t k = 0; k < count; k++) {
        __m256i flip = _mm256_set1_epi32(negate[k]);
        for (int r = 0; r < 4; r++)
            f[r] = _mm256_add_epi32(f[r], _mm256_xor_si256(load(columns[k] + first + 8 * r), flip));
    }
    for (int r = 0; r < 4; r++)
        _mm256_store_si256((__m256i *)(t->field + first + 8 * r), f[r]);
    if (!t->candidates)
        return;
    *below = greater(high, f[0]) | greater(high, f[1]) << 8 | greater(high, f[2]) << 16 |
             greater(high, f[3]) << 24;
    *above = greater(f[0], low) | greater(f[1], low) << 8 | greater(f[2], low) << 16 |
             greater(f[3], low) << 24;
}

static void one(const fl_flip_target *t, size_t words, const int32_t *const *column,
                const int32_t *negate) {
    __m256i negatives = _mm256_set1_epi32(fl_flip_negatives(negate, 1));
    for (size_t w = 0; w < words; w++) {
        uint64_t below[2] = {0}, above[2] = {0};
        if (t->next)
            fl_flip_prefetch(t->next, w);
        else if (w + FL_FLIP_AHEAD < words)
            fl_flip_prefetch(column[0], w + FL_FLIP_AHEAD);
        half(t, 64 * w, column, negate, 1, negatives, &below[0], &above[0]);
        half(t, 64 * w + 32, column, negate, 1, negatives, &below[1], &above[1]);
        if (t->candidates)
            fl_flip_word(t, w, below[0] | below[1] << 32, above[0] | above[1] << 32);
    }
}

void fl_flip_avx2(const fl_flip_target *t, size_t words, const int32_t *const *columns,
                  const int32_t *negate, size_t count) {
    __m256i negatives = _mm256_set1_epi32(fl_flip_negatives(negate, count));
    if (count == 1) {
        one(t, words, columns, negate);
        return;
    }
    for (size_t w = 0; w < words; w++) {
        uint64_t below[2] = {0}, above[2] = {0};
        for (size_t h = 0; h < 2; h++)
            half(t, 64 * w + 32 * h, columns, negate, count, negatives, &below[h], &above[h]);
        if (t->candidates)
            fl_flip_word(t, w, below[0] | below[1] << 32, above[0] | above[1] << 32);
    }
}
#endif
