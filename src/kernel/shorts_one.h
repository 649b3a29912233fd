/* The products of shorts.h for one run, with AVX2. */
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

static void short_gather(const fl_short_matrix *a, size_t first, const fl_short_vector *x,
                         float *out, const fl_short_vector *y, float *squares) {
    size_t height = short_height(a, first);
    _Alignas(64) float sums[SHORT_BAND] = {0}, more[SHORT_BAND] = {0};
    const int16_t *q = a->q + first * a->stride;
    for (size_t from = 0, t = 0; from < a->stride; from += SHORT_TILE, t++) {
        size_t width = short_width(a, from);
        const int16_t *of_x = x->x + from;
        for (size_t r = 0; r < height; r += 4, q += 4 * width)
            if (y)
                one_tile(q, width, of_x, x->scale[t], sums + r, y->x + from, y->scale[t], more + r);
            else
                one_tile(q, width, of_x, x->scale[t], sums + r, NULL, 0, NULL);
    }
    for (size_t r = 0; r < height; r++)
        out[first + r] = sums[r] * a->step[first + r];
    for (size_t r = 0; y && r < height; r++)
        squares[first + r] = more[r] * a->square[first + r];
}

/* Adds what 16 columns have, of which `low` are 0 to 3 and 8 to 11. */
ONE_INLINE void one_add(float *B, __m256i low, __m256i high, float scale) {
    __m256 by = _mm256_set1_ps(scale);
    __m256 a = _mm256_cvtepi32_ps(_mm256_permute2x128_si256(low, high, 0x20));
    __m256 b = _mm256_cvtepi32_ps(_mm256_permute2x128_si256(low, high, 0x31));
    _mm256_store_ps(B, _mm256_add_ps(_mm256_load_ps(B), _mm256_mul_ps(a, by)));
    _mm256_store_ps(B + 8, _mm256_add_ps(_mm256_load_ps(B + 8), _mm256_mul_ps(b, by)));
}

/* Two rows of 16 columns. */
ONE_INLINE void one_pair(__m256i q, __m256i p, __m256i g, __m256i *s) {
    s[0] = _mm256_add_epi32(s[0], _mm256_madd_epi16(_mm256_unpacklo_epi16(q, p), g));
    s[1] = _mm256_add_epi32(s[1], _mm256_madd_epi16(_mm256_unpackhi_epi16(q, p), g));
}

ONE_INLINE __m256i one_both(const fl_short_vector *g, size_t r) {
    int32_t both;
    memcpy(&both, g->x + r, sizeof both);
    return _mm256_set1_epi32(both);
}

/* Loaded once, into a register. */
ONE_INLINE __m256i one_load(const int16_t *from) {
    __m256i x = _mm256_load_si256((const __m256i *)from);
    __asm__("" : "+x"(x));
    return x;
}

/* `sixteens` times 16 columns of a band, four at most; `ahead` bytes on stands what is asked for, unless that is 0. Of four
 * times 16 that is the first of two lines: asking for both takes longer. */
ONE_INLINE void one_columns(const int16_t *q, size_t height, size_t width, size_t sixteens,
                            size_t ahead, const fl_short_vector *g, float *B,
                            const fl_short_vector *d, float *D) {
    __m256i s[8] = {{0}}, u[8] = {{0}};
    for (size_t r = 0; r < height; r += 2) {
        const int16_t *row = q + r * width, *next = row + width;
        __m256i by = one_both(g, r), too = d ? one_both(d, r) : by;
        if (ahead) {
            _mm_prefetch((const char *)row + ahead, _MM_HINT_T1);
            _mm_prefetch((const char *)next + ahead, _MM_HINT_T1);
        }
#pragma GCC unroll 4
        for (size_t k = 0; k < sixteens; k++) {
            __m256i a = one_load(row + 16 * k);
            __m256i b = _mm256_load_si256((const __m256i *)(next + 16 * k));
            one_pair(a, b, by, &s[2 * k]);
            if (d)
                one_pair(_mm256_mulhrs_epi16(a, a), _mm256_mulhrs_epi16(b, b), too, &u[2 * k]);
        }
    }
    for (size_t k = 0; k < sixteens; k++) {
        one_add(B + 16 * k, s[2 * k], s[2 * k + 1], g->scale[0]);
        if (d)
            one_add(D + 16 * k, u[2 * k], u[2 * k + 1], d->scale[0]);
    }
}

ONE_INLINE void one_scatter(const fl_short_matrix *a, size_t first, size_t ahead,
                            const fl_short_vector *g, float *B, const fl_short_vector *d,
                            float *D) {
    size_t height = short_height(a, first);
    for (size_t from = 0; from < a->stride; from += SHORT_TILE) {
        const int16_t *q = a->q + short_at(a, first, from);
        size_t width = short_width(a, from), j = 0;
        for (; !d && j + 64 <= width; j += 64) /* with squares there are not so many registers */
            one_columns(q + j, height, width, 4, ahead, g, B + from + j, NULL, B);
        for (; j + 32 <= width; j += 32)
            one_columns(q + j, height, width, 2, ahead, g, B + from + j, d, D + from + j);
        for (; j < width; j += 16)
            one_columns(q + j, height, width, 1, ahead, g, B + from + j, d, D + from + j);
    }
}

/* Bytes of a matrix of which enough stays in the second cache. */
enum { ONE_NEAR = 1 << 20 };

static void short_scatter(const fl_short_matrix *a, size_t first, const fl_short_vector *g,
                          float *B, const fl_short_vector *d, float *D) {
    size_t next = short_height(a, first) * a->stride * sizeof *a->q;
    bool near = a->rows * a->stride * sizeof *a->q <= ONE_NEAR;
    if (d)
        one_scatter(a, first, next, g, B, d, D);
    else if (near)
        one_scatter(a, first, 0, g, B, NULL, B);
    else
        one_scatter(a, first, next, g, B, NULL, B);
}

#endif
