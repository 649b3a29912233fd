/* Scalar reference of block_scan.h, and the choice. */
#include "src/kernel/block_scan.h"

#include "fixland/kernel.h"

void fl_block_scan_scalar(const int16_t *const *rows, const int16_t *thresholds, size_t conditions,
                          size_t lanes, uint32_t *alive) {
    for (size_t first = 0; first < lanes; first += 32) {
        uint32_t mask = UINT32_MAX;
        for (size_t c = 0; c < conditions && mask; c++) {
            uint32_t met = 0;
            for (size_t l = 0; l < 32; l++)
                met |= (uint32_t)(rows[c][first + l] >= thresholds[c]) << l;
            mask &= met;
        }
        alive[first / 32] = mask;
    }
}

fl_block_scan *fl_block_scan_choose(void) {
#ifdef __x86_64__
    if (fl_kernel_level() == FL_KERNEL_AVX512)
        return fl_block_scan_avx512;
    if (fl_kernel_level() == FL_KERNEL_AVX2)
        return fl_block_scan_avx2;
#endif
    return fl_block_scan_scalar;
}
