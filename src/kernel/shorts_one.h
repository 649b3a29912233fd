/* The product of shorts.h for one run, with AVX2. */
#ifndef FIXLAND_SHORTS_ONE_H
#define FIXLAND_SHORTS_ONE_H

#include "src/kernel/shorts.h"
#include "src/kernel/x86.h"

/* Bytes of the matrix that are asked for before they are read, a tile of four rows on: a twentieth to a sixth of the
 * time where the matrix is not in the second cache. What is beyond its end is left alone. */
enum { ONE_AHEAD = 1024 };

#define ONE_INLINE static inline __attribute__((always_inline))

/* The sums of four registers, one a row. */
ONE_INLINE __m128 one_sums(const __m256i *s) {
    __m256i pairs = _mm256_hadd_epi32(_mm256_hadd_epi32(s[0], s[1]), _mm256_hadd_epi32(s[2], s[3]));
    return _mm_cvtepi32_ps(
        _mm_add_epi32(_mm256_castsi256_si128(pairs), _mm256_extracti128_si256(pairs, 1)));
}

/* 16 q, 16 X: to the sums, and to those of squares. */
ONE_INLINE void one_step(__m256i q, __m256i x, __m256i *sum, const int16_t *y, __m256i *square) {
    *sum = _mm256_add_epi32(*sum, _mm256_madd_epi16(q, x));
    if (y)
        *square =
            _mm256_add_epi32(*square, _mm256_madd_epi16(_mm256_mulhrs_epi16(q, q),
                                                        _mm256_load_si256((const __m256i *)y)));
}

/* One tile of four rows. */
ONE_INLINE void one_tile(const int16_t *q, size_t width, const int16_t *x, float scale, float *sums,
                         const int16_t *y, float scale_y, float *squares) {
    __m256i s[4] = {{0}}, u[4] = {{0}};
    for (size_t j = 0; j < width; j += 16) {
        __m256i xj = _mm256_load_si256((const __m256i *)(x + j));
        const char *ahead = (const char *)(q + 4 * j) + ONE_AHEAD;
        _mm_prefetch(ahead, _MM_HINT_T0);
        _mm_prefetch(ahead + 64, _MM_HINT_T0);
#pragma GCC unroll 4
        for (size_t r = 0; r < 4; r++)
            one_step(_mm256_load_si256((const __m256i *)(q + r * width + j)), xj, &s[r],
                     y ? y + j : NULL, &u[r]);
    }
    _mm_store_ps(sums, _mm_add_ps(_mm_load_ps(sums), _mm_mul_ps(one_sums(s), _mm_set1_ps(scale))));
    if (y)
        _mm_store_ps(squares, _mm_add_ps(_mm_load_ps(squares),
                                         _mm_mul_ps(one_sums(u), _mm_set1_ps(scale_y))));
}

/* A band of rows. */
ONE_INLINE const int16_t *one_band(const fl_short_matrix *a, const int16_t *q,
                                   const fl_short_vector *x, float *sums, const fl_short_vector *y,
                                   float *squares) {
    for (size_t from = 0, t = 0; from < a->stride; from += SHORT_TILE, t++) {
        size_t width = a->stride - from < SHORT_TILE ? a->stride - from : SHORT_TILE;
        for (size_t r = 0; r < SHORT_BAND; r += 4, q += 4 * width)
            one_tile(q, width, x->x + from, x->scale[t], sums + r, y ? y->x + from : NULL,
                     y ? y->scale[t] : 0, squares + r);
    }
    return q;
}

static void short_product(const fl_short_matrix *a, const fl_short_vector *x, float *out,
                          const fl_short_vector *y, float *squares) {
    const int16_t *q = a->q;
    for (size_t i = 0; i < a->rows; i += SHORT_BAND) {
        _Alignas(64) float sums[SHORT_BAND] = {0}, more[SHORT_BAND] = {0};
        q = y ? one_band(a, q, x, sums, y, more) : one_band(a, q, x, sums, NULL, more);
        for (size_t r = 0; r < SHORT_BAND; r++)
            out[i + r] = sums[r] * a->step[i + r];
        for (size_t r = 0; y && r < SHORT_BAND; r++)
            squares[i + r] = more[r] * a->square[i + r];
    }
}

#endif
