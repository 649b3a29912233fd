/* Scalar reference of combine.h, and the choice. */
#include "src/kernel/combine.h"

#include "fixland/kernel.h"
#include "src/kernel/combine_body.h"

void fl_combine_scalar(float *out, const float *weights, const float *rows, size_t stride,
                       size_t count, size_t n) {
    combine_body(out, weights, rows, stride, count, n);
}

fl_combine *fl_combine_choose(void) {
#ifdef __x86_64__
    if (fl_kernel_level() == FL_KERNEL_AVX512)
        return fl_combine_avx512;
    if (fl_kernel_level() == FL_KERNEL_AVX2)
        return fl_combine_avx2;
#endif
    return fl_combine_scalar;
}
