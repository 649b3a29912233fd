/* AVX-512 out of AVX2 and plain C, for `make emulated`: read before every file of src/kernel, so
 * that the AVX-512 kernels run on a processor that has none, slowly. Most instructions come from
 * SIMDe; below are those that its version of Debian 12 lacks. */
#pragma GCC system_header
#ifndef FIXLAND_TESTS_AVX512_H
#define FIXLAND_TESTS_AVX512_H

#define __builtin_cpu_supports(feature) 1

#ifdef EMULATED
#include <immintrin.h>
#include <math.h>
#include <stdint.h>
#include <string.h>

#define SIMDE_X86_AVX512F_ENABLE_NATIVE_ALIASES
#define SIMDE_X86_AVX512BW_ENABLE_NATIVE_ALIASES
#define SIMDE_X86_AVX512DQ_ENABLE_NATIVE_ALIASES
#define SIMDE_X86_AVX512VL_ENABLE_NATIVE_ALIASES
#define SIMDE_X86_AVX512VPOPCNTDQ_ENABLE_NATIVE_ALIASES
#include <simde/x86/avx512.h>

/* Lanes of a vector v as an array v_, and back. */
#define LANES_OF(type, count, v)                                                                   \
    type v##_[count];                                                                              \
    memcpy(v##_, &v, sizeof v##_)
#define EACH_LANE(count) for (int lane = 0; lane < (count); lane++)

static inline uint32_t emulated_below(__m512i a, __m512i b) {
    LANES_OF(int32_t, 16, a);
    LANES_OF(int32_t, 16, b);
    uint32_t mask = 0;
    EACH_LANE(16) mask |= (uint32_t)(a_[lane] < b_[lane]) << lane;
    return mask;
}

/* a - b where the mask says so, else s. */
#define EMULATED_LESS(name, vector, count)                                                         \
    static inline vector name(vector s, uint32_t mask, vector a, vector b) {                       \
        LANES_OF(int16_t, count, s);                                                               \
        LANES_OF(int16_t, count, a);                                                               \
        LANES_OF(int16_t, count, b);                                                               \
        EACH_LANE(count) if (mask >> lane & 1) s_[lane] = (int16_t)(a_[lane] - b_[lane]);          \
        memcpy(&s, s_, sizeof s);                                                                  \
        return s;                                                                                  \
    }
EMULATED_LESS(emulated_less, __m512i, 32)
EMULATED_LESS(emulated_less_half, __m256i, 16)

/* The lanes of one vector as lanes of another type. */
#define EMULATED_CONVERSION(name, to_vector, to, vector, from, count)                              \
    static inline to_vector name(vector a) {                                                       \
        LANES_OF(from, count, a);                                                                  \
        to converted[count];                                                                       \
        EACH_LANE(count) converted[lane] = (to)a_[lane];                                           \
        to_vector r;                                                                               \
        memcpy(&r, converted, sizeof r);                                                           \
        return r;                                                                                  \
    }
EMULATED_CONVERSION(emulated_widened, __m512i, int32_t, __m256i, int16_t, 16)
EMULATED_CONVERSION(emulated_narrowed, __m256i, int16_t, __m512i, int32_t, 16)
EMULATED_CONVERSION(emulated_narrowed_words, __m128i, int16_t, __m512i, int64_t, 8)

static inline __m512i emulated_pairs(__m512i a, __m512i b) {
    LANES_OF(int16_t, 32, a);
    LANES_OF(int16_t, 32, b);
    int32_t sum[16];
    EACH_LANE(16)
    sum[lane] = a_[2 * lane] * b_[2 * lane] + a_[2 * lane + 1] * b_[2 * lane + 1];
    __m512i r;
    memcpy(&r, sum, sizeof r);
    return r;
}

static inline __m512i emulated_shifted(__m512i s, uint32_t mask, __m512i a, unsigned by) {
    LANES_OF(int32_t, 16, s);
    LANES_OF(uint32_t, 16, a);
    EACH_LANE(16) if (mask >> lane & 1) s_[lane] = (int32_t)(a_[lane] << by);
    memcpy(&s, s_, sizeof s);
    return s;
}

static inline void emulated_store_words(void *to, uint32_t mask, __m512i a) {
    LANES_OF(int64_t, 8, a);
    int16_t *narrow = (int16_t *)to;
    EACH_LANE(8) if (mask >> lane & 1) narrow[lane] = (int16_t)a_[lane];
}

static inline __m512i emulated_load_words(uint32_t mask, const void *from) {
    int64_t words[8] = {0};
    EACH_LANE(8) if (mask >> lane & 1) memcpy(words + lane, (const char *)from + 8 * lane, 8);
    __m512i r;
    memcpy(&r, words, sizeof r);
    return r;
}

/* As the processor's: what has no number of 32 bits becomes the least of them. */
static inline __m512i emulated_truncated(__m512 a) {
    LANES_OF(float, 16, a);
    int32_t whole[16];
    EACH_LANE(16) whole[lane] = _mm_cvttss_si32(_mm_set_ss(a_[lane]));
    __m512i r;
    memcpy(&r, whole, sizeof r);
    return r;
}

static inline __m512 emulated_fused(__m512 a, __m512 b, __m512 c) {
    LANES_OF(float, 16, a);
    LANES_OF(float, 16, b);
    LANES_OF(float, 16, c);
    EACH_LANE(16) a_[lane] = fmaf(a_[lane], b_[lane], c_[lane]);
    memcpy(&a, a_, sizeof a);
    return a;
}

static inline int64_t emulated_total(__m512i a) {
    LANES_OF(int64_t, 8, a);
    uint64_t sum = 0;
    EACH_LANE(8) sum += (uint64_t)a_[lane];
    return (int64_t)sum;
}

static inline float emulated_largest(__m512 a) {
    LANES_OF(float, 16, a);
    float most = a_[0];
    EACH_LANE(16) if (a_[lane] > most) most = a_[lane];
    return most;
}

static inline uint32_t emulated_least(__m512i a) {
    LANES_OF(uint32_t, 16, a);
    uint32_t least = a_[0];
    EACH_LANE(16) if (a_[lane] < least) least = a_[lane];
    return least;
}

/* In place of the compiler's and SIMDe's. */
#undef _cvtmask64_u64
#undef _mm512_kunpackd
#undef _mm512_kunpackw
#undef _mm512_cmplt_epi32_mask
#undef _mm512_mask_sub_epi16
#undef _mm256_mask_sub_epi16
#undef _mm512_madd_epi16
#undef _mm512_mask_slli_epi32
#undef _mm512_cvtepi16_epi32
#undef _mm512_cvtepi32_epi16
#undef _mm512_cvtepi64_epi16
#undef _mm512_mask_cvtepi64_storeu_epi16
#undef _mm512_maskz_loadu_epi64
#undef _mm512_cvttps_epi32
#undef _mm512_fmadd_ps
#undef _mm512_reduce_add_epi64
#undef _mm512_reduce_max_ps
#undef _mm512_reduce_min_epu32
#define _cvtmask64_u64(a) ((unsigned long long)(a))
#define _mm512_kunpackd(a, b) ((uint64_t)(uint32_t)(a) << 32 | (uint32_t)(b))
#define _mm512_kunpackw(a, b) ((uint32_t)(uint16_t)(a) << 16 | (uint16_t)(b))
#define _mm512_cmplt_epi32_mask(a, b) ((__mmask16)emulated_below(a, b))
#define _mm512_mask_sub_epi16(s, k, a, b) emulated_less(s, k, a, b)
#define _mm256_mask_sub_epi16(s, k, a, b) emulated_less_half(s, k, a, b)
#define _mm512_madd_epi16(a, b) emulated_pairs(a, b)
#define _mm512_mask_slli_epi32(s, k, a, by) emulated_shifted(s, k, a, by)
#define _mm512_cvtepi16_epi32(a) emulated_widened(a)
#define _mm512_cvtepi32_epi16(a) emulated_narrowed(a)
#define _mm512_cvtepi64_epi16(a) emulated_narrowed_words(a)
#define _mm512_mask_cvtepi64_storeu_epi16(p, k, a) emulated_store_words(p, k, a)
#define _mm512_maskz_loadu_epi64(k, p) emulated_load_words(k, p)
#define _mm512_cvttps_epi32(a) emulated_truncated(a)
#define _mm512_fmadd_ps(a, b, c) emulated_fused(a, b, c)
#define _mm512_reduce_add_epi64(a) emulated_total(a)
#define _mm512_reduce_max_ps(a) emulated_largest(a)
#define _mm512_reduce_min_epu32(a) emulated_least(a)

/* Kernels take themselves for what they are; none may ask the compiler for the real instructions. */
#define FIXLAND_X86_H
#define __AVX512BW__ 1
#define __AVX512DQ__ 1
#define target(feature) unused
#endif

#endif
