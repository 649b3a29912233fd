/* AVX2 kernel of gauss.h. */
#include "src/kernel/gauss.h"

#ifdef __x86_64__
#define LANES 4
#include "src/kernel/gauss_body.h"

void fl_gauss_avx2(const uint64_t *words, size_t n, double *values) {
    gauss_body(words, n, values);
}
#endif
