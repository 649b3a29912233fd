/* Scalar reference of popcount_distances.h, and the choice. */
#include "src/kernel/popcount_distances.h"

#include "fixland/kernel.h"

void fl_popcount_distances_scalar(const uint64_t *query, const uint64_t *configurations,
                                  size_t count, size_t words, uint16_t *distances) {
    for (size_t k = 0; k < count; k++, configurations += words) {
        int sum = 0;
        for (size_t w = 0; w < words; w++)
            sum += __builtin_popcountll(query[w] ^ configurations[w]);
        distances[k] = (uint16_t)sum;
    }
}

bool fl_popcount_vectors(void) {
#ifdef __x86_64__
    return fl_kernel_level() == FL_KERNEL_AVX512 && __builtin_cpu_supports("avx512vpopcntdq");
#else
    return false;
#endif
}

fl_popcount_distances *fl_popcount_distances_choose(void) {
#ifdef __x86_64__
    if (fl_popcount_vectors())
        return fl_popcount_distances_avx512;
    if (fl_kernel_level() >= FL_KERNEL_AVX2)
        return fl_popcount_distances_avx2;
#endif
    return fl_popcount_distances_scalar;
}
