/* AVX-512 kernel of block_scan.h: 32 lanes a register. */
#include "src/kernel/block_scan.h"

#ifdef __x86_64__
#include "src/kernel/x86.h"

static inline __mmask32 met(const int16_t *row, int16_t threshold) {
    return _mm512_cmpge_epi16_mask(_mm512_load_si512(row), _mm512_set1_epi16(threshold));
}

/* Four conditions between two looks at the mask: a look costs more than a comparison. */
static inline __mmask32 scan(const int16_t *const *rows, const int16_t *thresholds,
                             size_t conditions, size_t first) {
    __mmask32 mask = UINT32_MAX;
    size_t c = 0;
    for (; c + 4 <= conditions; c += 4) {
        __mmask32 a =
            met(rows[c] + first, thresholds[c]) & met(rows[c + 1] + first, thresholds[c + 1]);
        __mmask32 b = met(rows[c + 2] + first, thresholds[c + 2]) &
                      met(rows[c + 3] + first, thresholds[c + 3]);
        mask &= a & b;
        if (!mask)
            return 0;
    }
    for (; c < conditions; c++)
        mask &= met(rows[c] + first, thresholds[c]);
    return mask;
}

void fl_block_scan_avx512(const int16_t *const *rows, const int16_t *thresholds, size_t conditions,
                          size_t lanes, uint32_t *alive) {
    for (size_t first = 0; first < lanes; first += 32)
        alive[first / 32] = scan(rows, thresholds, conditions, first);
}
#endif
