/* AVX2 kernel of philox.h. */
#include "src/kernel/philox.h"

#ifdef __x86_64__
#include "src/kernel/x86.h"

enum { LANES = 4, SETS = 2 };
typedef uint64_t lanes __attribute__((vector_size(32)));

static inline lanes times(lanes a, lanes b) {
    return (lanes)_mm256_mul_epu32((__m256i)a, (__m256i)b);
}

#include "src/kernel/philox_body.h"

void fl_philox_avx2(const uint64_t key[2], const uint64_t counter[4], size_t count,
                    uint64_t *words) {
    philox_body(key, counter, count, words);
}
#endif
