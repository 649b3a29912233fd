/* AVX2 kernel of combine.h. */
#include "src/kernel/combine.h"

#ifdef __x86_64__
#include "src/kernel/combine_body.h"

void fl_combine_avx2(float *out, const float *weights, const float *rows, size_t stride,
                     size_t count, size_t n) {
    combine_body(out, weights, rows, stride, count, n);
}
#endif
