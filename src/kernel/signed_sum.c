/* Scalar reference of signed_sum.h, and the choice. */
#include "src/kernel/signed_sum.h"

#include <math.h>

#include "fixland/kernel.h"

double fl_signed_sum_scalar(const double *row, const uint64_t *spins, size_t n, double *magnitude) {
    double sum = 0, size = 0;
    for (size_t j = 0; j < n; j++) {
        sum += spins[j / 64] >> (j % 64) & 1 ? row[j] : -row[j];
        size += fabs(row[j]);
    }
    *magnitude = size;
    return sum;
}

fl_signed_sum *fl_signed_sum_choose(void) {
#ifdef __x86_64__
    if (fl_kernel_level() == FL_KERNEL_AVX512)
        return fl_signed_sum_avx512;
    if (fl_kernel_level() == FL_KERNEL_AVX2)
        return fl_signed_sum_avx2;
#endif
    return fl_signed_sum_scalar;
}
