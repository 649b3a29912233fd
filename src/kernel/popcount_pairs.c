/* Scalar reference of popcount_pairs.h, and the choice. */
#include "src/kernel/popcount_pairs.h"

#include "fixland/kernel.h"
#include "src/kernel/popcount_distances.h"

#define NAME fl_popcount_pairs_scalar
#define VECTOR_TARGET
#define VECTOR_WORDS 1
#define VECTOR_ZERO UINT64_C(0)
#define ONES UINT64_MAX
#define XOR3(a, b, c) ((a) ^ (b) ^ (c))
#define MAJORITY(a, b, c) (((a) & (b)) | ((c) & ((a) | (b))))
#define AND(a, b) ((a) & (b))
#define AND_NOT(a, b) ((a) & ~(b))
#define XOR_WORD(a, w) ((a) ^ (w))
#define tally_zero UINT64_C(0)
#define tally_sum(t) (t)

typedef uint64_t vector;
typedef uint64_t tally;

static inline tally tally_add(tally t, vector x) {
    return t + (uint64_t)__builtin_popcountll(x);
}

#include "src/kernel/popcount_pairs_body.h"

fl_popcount_pairs *fl_popcount_pairs_choose(void) {
#ifdef __x86_64__
    if (fl_popcount_vectors())
        return fl_popcount_pairs_avx512;
    if (fl_kernel_level() >= FL_KERNEL_AVX2)
        return fl_popcount_pairs_avx2;
#endif
    return fl_popcount_pairs_scalar;
}
