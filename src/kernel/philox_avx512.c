/* AVX-512 kernel of philox.h. */
#include "src/kernel/philox.h"

#ifdef __x86_64__
#include "src/kernel/x86.h"

enum { LANES = 8, SETS = 2 };
typedef uint64_t lanes __attribute__((vector_size(64)));

static inline lanes times(lanes a, lanes b) {
    return (lanes)_mm512_mul_epu32((__m512i)a, (__m512i)b);
}

#include "src/kernel/philox_body.h"

void fl_philox_avx512(const uint64_t key[2], const uint64_t counter[4], size_t count,
                      uint64_t *words) {
    philox_body(key, counter, count, words);
}
#endif
