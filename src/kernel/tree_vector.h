/* Sixteen floats, or thirty-two 16-bit integers, at a time.
 *
 * Every variant of the tree kernel does the same arithmetic in the same order: an operation is one
 * rounding a lane whatever the registers, and sums over lanes have one fixed shape. `lanes` is made
 * of as many registers as the variant needs; a truth value a lane is a mask register or a vector.
 */
#ifndef FIXLAND_TREE_VECTOR_H
#define FIXLAND_TREE_VECTOR_H

#include <stdbool.h>
#include <stdint.h>
#include <string.h>

#include "src/core/sanitized.h"

#ifdef __AVX2__ /* others go without: reading it takes the compiler longer than most sources */
#include "src/kernel/x86.h"
#endif

/* Inlined, the larger functions too (MERGED), where speed counts; APART: larger functions with several
 * callers, each copy of which would cost the compiler seconds. So would the sanitizers' checks in every copy. */
#define APART static __attribute__((noinline, unused))
#if FL_SANITIZED
#define INLINE static inline __attribute__((unused))
#define MERGED APART
#else
#define INLINE static inline __attribute__((always_inline, unused))
#define MERGED INLINE
#endif

#if defined(__AVX512BW__) && defined(__AVX512DQ__)
#define PART 64
#elif defined(__AVX2__)
#define PART 32
#else
#define PART 16
#endif
#define PARTS (64 / PART)

typedef float part __attribute__((vector_size(PART)));
typedef int32_t part_truth __attribute__((vector_size(PART)));
typedef int16_t part_short __attribute__((vector_size(PART)));
typedef struct lanes {
    part x[PARTS];
} lanes;
typedef struct shorts {
    part_short x[PARTS];
} shorts;
#if PART == 64
typedef __mmask16 truth;
#else
typedef struct truth {
    part_truth x[PARTS];
} truth;
#endif

#define EACH for (int part_ = 0; part_ < PARTS; part_++)
#define OF(v) ((v).x[part_])

INLINE lanes splat(float x) {
    lanes r;
    EACH OF(r) = (part){0} + x;
    return r;
}

INLINE lanes add(lanes a, lanes b) {
    EACH OF(a) += OF(b);
    return a;
}

INLINE lanes sub(lanes a, lanes b) {
    EACH OF(a) -= OF(b);
    return a;
}

INLINE lanes mul(lanes a, lanes b) {
    EACH OF(a) *= OF(b);
    return a;
}

INLINE lanes negated(lanes a) {
    EACH OF(a) = -OF(a);
    return a;
}

INLINE lanes absolute(lanes a) {
    EACH OF(a) = (part)((part_truth)OF(a) & 0x7fffffff);
    return a;
}

INLINE truth less(lanes a, lanes b) {
#if PART == 64
    return _mm512_cmp_ps_mask((__m512)a.x[0], (__m512)b.x[0], _CMP_LT_OQ);
#else
    truth r;
    EACH OF(r) = (part_truth)(OF(a) < OF(b));
    return r;
#endif
}

/* a where m, else b. */
INLINE lanes choose(truth m, lanes a, lanes b) {
#if PART == 64
    a.x[0] = (part)_mm512_mask_blend_ps(m, (__m512)b.x[0], (__m512)a.x[0]);
#elif PART == 32
    EACH OF(a) = (part)_mm256_blendv_ps((__m256)OF(b), (__m256)OF(a), (__m256)OF(m));
#else
    EACH OF(a) = (part)(((part_truth)OF(a) & OF(m)) | ((part_truth)OF(b) & ~OF(m)));
#endif
    return a;
}

/* a where m, else 0. */
INLINE lanes keep(lanes a, truth m) {
#if PART == 64
    a.x[0] = (part)_mm512_maskz_mov_ps(m, (__m512)a.x[0]);
#else
    EACH OF(a) = (part)((part_truth)OF(a) & OF(m));
#endif
    return a;
}

/* a > b ? a : b, and a < b ? a : b. */
INLINE lanes larger(lanes a, lanes b) {
#if PART == 64
    a.x[0] = (part)_mm512_max_ps((__m512)a.x[0], (__m512)b.x[0]);
    return a;
#elif PART == 32
    EACH OF(a) = (part)_mm256_max_ps((__m256)OF(a), (__m256)OF(b));
    return a;
#else
    return choose(less(b, a), a, b);
#endif
}

INLINE lanes smaller(lanes a, lanes b) {
#if PART == 64
    a.x[0] = (part)_mm512_min_ps((__m512)a.x[0], (__m512)b.x[0]);
    return a;
#elif PART == 32
    EACH OF(a) = (part)_mm256_min_ps((__m256)OF(a), (__m256)OF(b));
    return a;
#else
    return choose(less(a, b), a, b);
#endif
}

/* Bit l: the truth in lane l. */
INLINE uint32_t to_bits(truth m) {
#if PART == 64
    return m;
#elif PART == 32
    return (uint32_t)_mm256_movemask_ps((__m256)m.x[0]) |
           (uint32_t)_mm256_movemask_ps((__m256)m.x[1]) << 8;
#else
    uint32_t bits = 0;
    EACH for (int l = 0; l < 4; l++) bits |= (uint32_t)(OF(m)[l] & 1) << (4 * part_ + l);
    return bits;
#endif
}

/* The inverse; `bits` holds 16. */
INLINE truth from_bits(uint32_t bits) {
#if PART == 64
    return (__mmask16)bits;
#else
    static const int32_t place[16] = {1,   2,   4,    8,    16,   32,   64,    128,
                                      256, 512, 1024, 2048, 4096, 8192, 16384, 32768};
    part_truth p[PARTS];
    truth r;
    memcpy(p, place, sizeof p);
    EACH OF(r) = (part_truth)((((part_truth){0} + (int32_t)bits) & p[part_]) == p[part_]);
    return r;
#endif
}

/* a where the bit is set, else -a; `bits` holds 16. */
INLINE lanes signed_by(lanes a, uint32_t bits) {
#if PART == 32
    static const int32_t up[16] = {31, 30, 29, 28, 27, 26, 25, 24, 23, 22, 21, 20, 19, 18, 17, 16};
    __m256i down = _mm256_set1_epi32((int32_t)~bits);
    __m256i minus = _mm256_set1_epi32(INT32_MIN);
    for (int k = 0; k < PARTS; k++) {
        __m256i place = _mm256_loadu_si256((const __m256i *)(const void *)(up + 8 * k));
        __m256i sign = _mm256_and_si256(_mm256_sllv_epi32(down, place), minus);
        a.x[k] = (part)_mm256_xor_si256((__m256i)a.x[k], sign);
    }
    return a;
#else
    return choose(from_bits(bits), a, negated(a));
#endif
}

/* Sum over lanes: 8 + 8, 4 + 4, then (0 + 2) + (1 + 3). */
INLINE float sum(lanes a) {
    typedef float four __attribute__((vector_size(16)));
    four q[4];
#if PART == 64
    q[0] = (four)_mm512_castps512_ps128((__m512)a.x[0]);
    q[1] = (four)_mm512_extractf32x4_ps((__m512)a.x[0], 1);
    q[2] = (four)_mm512_extractf32x4_ps((__m512)a.x[0], 2);
    q[3] = (four)_mm512_extractf32x4_ps((__m512)a.x[0], 3);
#else
    memcpy(q, &a, sizeof q);
#endif
    four r = (q[0] + q[2]) + (q[1] + q[3]);
    return (r[0] + r[2]) + (r[1] + r[3]);
}

INLINE float largest(lanes a) {
#if PART == 64
    return _mm512_reduce_max_ps((__m512)a.x[0]);
#else
    part r = a.x[0];
    for (int k = 1; k < PARTS; k++)
        r = (part)(((part_truth)r & (r > a.x[k])) | ((part_truth)a.x[k] & ~(r > a.x[k])));
    float four[4] = {r[0], r[1], r[2], r[3]};
    for (int l = 4; l < PART / 4; l++)
        four[l - 4] = r[l] > four[l - 4] ? r[l] : four[l - 4];
    float low = four[0] > four[1] ? four[0] : four[1], high = four[2] > four[3] ? four[2] : four[3];
    return low > high ? low : high;
#endif
}

/* Sixteen 16-bit integers. */
#define HALF (PART == 16 ? 16 : 32)
typedef int16_t half_part __attribute__((vector_size(HALF)));
typedef struct halves {
    half_part x[32 / HALF];
} halves;
#define EACH_HALF for (int part_ = 0; part_ < 32 / HALF; part_++)

/* Cut to integers. */
INLINE halves to_halves(lanes a) {
    halves r;
#if PART == 64
    r.x[0] = (half_part)_mm512_cvtepi32_epi16(_mm512_cvttps_epi32((__m512)a.x[0]));
#elif PART == 32
    __m256i low = _mm256_cvttps_epi32((__m256)a.x[0]), high = _mm256_cvttps_epi32((__m256)a.x[1]);
    r.x[0] = (half_part)_mm256_permute4x64_epi64(_mm256_packs_epi32(low, high), 0xD8);
#else
    for (int l = 0; l < 16; l++)
        r.x[l / 8][l % 8] = (int16_t)a.x[l / 4][l % 4];
#endif
    return r;
}

INLINE halves halves_load(const int16_t *from) {
    halves r;
#if HALF == 32 /* memcpy goes by two smaller registers and memory */
    r.x[0] = (half_part)_mm256_loadu_si256((const __m256i *)(const void *)from);
#else
    memcpy(&r, from, sizeof r);
#endif
    return r;
}

INLINE void halves_store(int16_t *to, halves a) {
    memcpy(to, &a, sizeof a);
}

INLINE halves halves_add(halves a, halves b) {
    EACH_HALF OF(a) += OF(b);
    return a;
}

INLINE halves halves_sub(halves a, halves b) {
    EACH_HALF OF(a) -= OF(b);
    return a;
}

/* -a in the lanes whose bit is set. */
INLINE halves halves_flip(halves a, uint32_t bits) {
#if PART == 64
    a.x[0] = (half_part)_mm256_mask_sub_epi16((__m256i)a.x[0], (__mmask16)bits,
                                              _mm256_setzero_si256(), (__m256i)a.x[0]);
#else
    static const int16_t place[16] = {1,   2,   4,    8,    16,   32,   64,    128,
                                      256, 512, 1024, 2048, 4096, 8192, 16384, INT16_MIN};
    halves p = halves_load(place);
    EACH_HALF {
        half_part flip = (half_part)((((half_part){0} + (int16_t)bits) & OF(p)) == OF(p));
        OF(a) = (OF(a) ^ flip) - flip;
    }
#endif
    return a;
}

INLINE halves halves_or(halves a, halves b) {
    EACH_HALF OF(a) |= OF(b);
    return a;
}

INLINE halves halves_splat(int16_t x) {
    halves r;
    EACH_HALF OF(r) = (half_part){0} + x;
    return r;
}

/* -1 in the lanes whose bit is set. */
INLINE halves halves_of_bits(uint32_t bits) {
    return halves_flip(halves_splat(1), bits & 0xffff);
}

/* a where m is -1, b where it is 0. */
INLINE halves halves_choose(halves m, halves a, halves b) {
#if HALF == 32
    a.x[0] = (half_part)_mm256_blendv_epi8((__m256i)b.x[0], (__m256i)a.x[0], (__m256i)m.x[0]);
#else
    EACH_HALF OF(a) = (OF(a) & OF(m)) | (OF(b) & ~OF(m));
#endif
    return a;
}

INLINE halves halves_smaller(halves a, halves b) {
#if HALF == 32
    a.x[0] = (half_part)_mm256_min_epi16((__m256i)a.x[0], (__m256i)b.x[0]);
    return a;
#else
    halves m;
    EACH_HALF OF(m) = (half_part)(OF(a) < OF(b));
    return halves_choose(m, a, b);
#endif
}

/* Is any lane negative? */
INLINE bool halves_negative(halves a) {
#if HALF == 32
    return (_mm256_movemask_epi8((__m256i)a.x[0]) & (int)0xaaaaaaaa) != 0;
#else
    typedef uint64_t half_words __attribute__((vector_size(HALF)));
    half_words all = (half_words)(a.x[0] | a.x[1]);
    return ((all[0] | all[1]) & UINT64_C(0x8000800080008000)) != 0;
#endif
}

INLINE shorts splat16(int16_t x) {
    shorts r;
    EACH OF(r) = (part_short){0} + x;
    return r;
}

/* a + b in the lanes whose bit is set in `pattern`, which is a constant to the compiler. */
INLINE shorts add_where(shorts a, shorts b, uint32_t pattern) {
#if PART == 64
    a.x[0] = (part_short)_mm512_mask_add_epi16((__m512i)a.x[0], pattern, (__m512i)a.x[0],
                                               (__m512i)b.x[0]);
#else
    EACH {
        part_short m;
        for (int l = 0; l < PART / 2; l++)
            m[l] = (int16_t) - (int)(pattern >> (part_ * PART / 2 + l) & 1);
        OF(a) += OF(b) & m;
    }
#endif
    return a;
}

/* a | (b - c). */
INLINE shorts or_difference(shorts a, shorts b, shorts c) {
    EACH OF(a) |= OF(b) - OF(c);
    return a;
}

INLINE shorts both(shorts a, shorts b) {
    EACH OF(a) &= OF(b);
    return a;
}

/* Bit l: lane l is negative. */
INLINE uint32_t negative(shorts a) {
#if PART == 64
    return (uint32_t)_mm512_movepi16_mask((__m512i)a.x[0]);
#elif PART == 32
    __m256i packed = _mm256_packs_epi16((__m256i)a.x[0], (__m256i)a.x[1]);
    return (uint32_t)_mm256_movemask_epi8(_mm256_permute4x64_epi64(packed, 0xD8));
#else
    uint32_t bits = 0;
    EACH for (int l = 0; l < 8; l++) bits |= (uint32_t)(OF(a)[l] < 0) << (8 * part_ + l);
    return bits;
#endif
}

#endif
