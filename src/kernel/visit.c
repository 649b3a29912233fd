/* Portable kernel of visit.h, and the choice. */
#include "src/kernel/visit.h"

#include <stdbool.h>
#include <string.h>

#include "fixland/kernel.h"

/* Multipliers of 30 bits with well mixed bits; any odd ones give a bijection. */
fl_visit_order fl_visit_random(uint64_t bits) {
    return (fl_visit_order){.step = 0x1E3779B1,
                            .add = (uint32_t)bits & FL_VISIT_PLACES,
                            .first = 0x21F0AAAD,
                            .mix = (uint32_t)(bits >> 30) & FL_VISIT_PLACES,
                            .second = 0x135A2D97,
                            .back_step = 0x0E8B2F51,
                            .back_first = 0x333C4925,
                            .back_second = 0x37132227};
}

/* Numbers below 2^15 shifted by 15 are 0, so with factors 1 a place is its neuron. */
fl_visit_order fl_visit_natural(void) {
    return (fl_visit_order){
        .step = 1, .first = 1, .second = 1, .back_step = 1, .back_first = 1, .back_second = 1};
}

enum { LANES = 4 };
typedef int32_t ints __attribute__((vector_size(16)));
typedef uint32_t bits32 __attribute__((vector_size(16)));

/* Pairs as numbers of 32 bits: shifts widen either half. */
static inline ints widen(const int16_t *block, size_t k, int32_t sign) {
    ints pairs, minus = (ints){0} + (sign >> 31), live = (ints){0} - (sign != 0);
    memcpy(&pairs, block + 8 * (k & 1), sizeof pairs);
#if __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__
    bool high = k < 2;
#else
    bool high = k >= 2;
#endif
    if (!high)
        pairs = (ints)((bits32)pairs << 16);
    return (((pairs >> 16) ^ minus) - minus) & live;
}

/* Signed comparison is what all processors have. */
static inline bits32 least(bits32 a, bits32 b) {
    bits32 less = (bits32)((ints)(a ^ UINT32_C(0x80000000)) < (ints)(b ^ UINT32_C(0x80000000)));
    return (a & less) | (b & ~less);
}

static inline uint32_t least_of(bits32 a) {
    uint32_t one = a[0] < a[1] ? a[0] : a[1], other = a[2] < a[3] ? a[2] : a[3];
    return one < other ? one : other;
}

static inline ints spread(uint64_t bits) {
    uint32_t low = (uint32_t)bits;
    bits32 own = {1, 2, 4, 8};
    return (ints)(((low - (bits32){0}) & own) == own);
}

static inline uint32_t negatives(ints a) {
    uint32_t bits = 0;
    for (int l = 0; l < LANES; l++)
        bits |= (uint32_t)(a[l] < 0) << l;
    return bits;
}

#include "src/kernel/visit_body.h"

const fl_visit_kernel fl_visit_scalar = {visit_start, visit_begin, visit_turn, visit_go};

const fl_visit_kernel *fl_visit_choose(void) {
#ifdef __x86_64__
    if (fl_kernel_level() == FL_KERNEL_AVX512)
        return &fl_visit_avx512;
    if (fl_kernel_level() == FL_KERNEL_AVX2)
        return &fl_visit_avx2;
#endif
    return &fl_visit_scalar;
}
