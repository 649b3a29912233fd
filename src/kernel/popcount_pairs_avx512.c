/* AVX-512 kernel of popcount_pairs.h: a plane a register, full adders of two instructions, bits
 * counted with VPOPCNTDQ. */
#include "src/kernel/popcount_pairs.h"

#ifdef __x86_64__
#include "src/kernel/x86.h"

#define NAME fl_popcount_pairs_avx512
#define VECTOR_TARGET __attribute__((target("avx512vpopcntdq")))
#define VECTOR_WORDS 8
#define VECTOR_ZERO _mm512_setzero_si512()
#define ONES _mm512_set1_epi64(-1)
/* The truth tables of a three-input instruction. */
#define XOR3(a, b, c) _mm512_ternarylogic_epi64(a, b, c, 0x96)
#define MAJORITY(a, b, c) _mm512_ternarylogic_epi64(a, b, c, 0xE8)
#define AND(a, b) _mm512_and_si512(a, b)
#define AND_NOT(a, b) _mm512_andnot_si512(b, a)
#define XOR_WORD(a, w) _mm512_xor_si512(a, _mm512_set1_epi64((long long)(w)))
#define tally_zero _mm512_setzero_si512()

typedef __m512i vector;
typedef __m512i tally;

VECTOR_TARGET static inline tally tally_add(tally t, vector x) {
    return _mm512_add_epi64(t, _mm512_popcnt_epi64(x));
}

VECTOR_TARGET static inline uint64_t tally_sum(tally t) {
    return (uint64_t)_mm512_reduce_add_epi64(t);
}

#include "src/kernel/popcount_pairs_body.h"
#endif
