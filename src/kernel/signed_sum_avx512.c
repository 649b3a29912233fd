/* AVX-512 kernel of signed_sum.h. */
#include "src/kernel/signed_sum.h"

#ifdef __x86_64__
#define LANES 8
#include "src/kernel/signed_sum_body.h"

double fl_signed_sum_avx512(const double *row, const uint64_t *spins, size_t n, double *magnitude) {
    return signed_sum_body(row, spins, n, magnitude);
}
#endif
