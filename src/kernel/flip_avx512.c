/* AVX-512 kernel of flip.h: a word is four registers of 16 fields. */
#include "src/kernel/flip.h"

#ifdef __x86_64__
#include "src/kernel/x86.h"
#include <stdbool.h>

static inline __m512i load(const int32_t *from) {
    return _mm512_load_si512(from);
}

static inline uint64_t join(__mmask16 a, __mmask16 b, __mmask16 c, __mmask16 d) {
    return _cvtmask64_u64(_mm512_kunpackd(_mm512_kunpackw(d, c), _mm512_kunpackw(b, a)));
}

static inline void mark(const fl_flip_target *t, size_t w, const __m512i *f) {
    __m512i high = _mm512_set1_epi32(t->bound), low = _mm512_set1_epi32(-t->bound);
    uint64_t below = join(_mm512_cmplt_epi32_mask(f[0], high), _mm512_cmplt_epi32_mask(f[1], high),
                          _mm512_cmplt_epi32_mask(f[2], high), _mm512_cmplt_epi32_mask(f[3], high));
    uint64_t above = join(_mm512_cmpgt_epi32_mask(f[0], low), _mm512_cmpgt_epi32_mask(f[1], low),
                          _mm512_cmpgt_epi32_mask(f[2], low), _mm512_cmpgt_epi32_mask(f[3], low));
    fl_flip_word(t, w, below, above);
}

/* Word w after `count` columns. */
static inline void word(const fl_flip_target *t, size_t w, const int32_t *const *columns,
                        const int32_t *negate, size_t count, __m512i negatives) {
    int32_t *field = t->field + 64 * w;
    __m512i f[4];
    for (int r = 0; r < 4; r++)
        f[r] = _mm512_add_epi32(load(field + 16 * r), negatives);
    for (size_t k = 0; k < count; k++) {
        __m512i flip = _mm512_set1_epi32(negate[k]);
        const int32_t *column = columns[k] + 64 * w;
        for (int r = 0; r < 4; r++)
            f[r] = _mm512_add_epi32(f[r], _mm512_xor_si512(load(column + 16 * r), flip));
    }
    for (int r = 0; r < 4; r++)
        _mm512_store_si512(field + 16 * r, f[r]);
    if (t->candidates)
        mark(t, w, f);
}

static inline void single(const fl_flip_target *t, size_t w, const int32_t *column, bool minus) {
    int32_t *field = t->field + 64 * w;
    __m512i f[4];
    for (int r = 0; r < 4; r++) {
        __m512i c = load(column + 64 * w + 16 * r), before = load(field + 16 * r);
        f[r] = minus ? _mm512_sub_epi32(before, c) : _mm512_add_epi32(before, c);
        _mm512_store_si512(field + 16 * r, f[r]);
    }
    if (t->candidates)
        mark(t, w, f);
}

static inline void one(const fl_flip_target *t, size_t words, const int32_t *column, bool minus) {
    size_t w = 0;
    if (t->next)
        for (; w < words; w++) {
            fl_flip_prefetch(t->next, w);
            single(t, w, column, minus);
        }
    for (; w + FL_FLIP_AHEAD < words; w++) {
        fl_flip_prefetch(column, w + FL_FLIP_AHEAD);
        single(t, w, column, minus);
    }
    for (; w < words; w++)
        single(t, w, column, minus);
}

void fl_flip_avx512(const fl_flip_target *t, size_t words, const int32_t *const *columns,
                    const int32_t *negate, size_t count) {
    __m512i negatives = _mm512_set1_epi32(fl_flip_negatives(negate, count));
    if (count != 1)
        for (size_t w = 0; w < words; w++)
            word(t, w, columns, negate, count, negatives);
    else if (negate[0])
        one(t, words, columns[0], true);
    else
        one(t, words, columns[0], false);
}
#endif
