/* Scalar reference of flip.h, and the choice. */
#include "src/kernel/flip.h"

#include "fixland/kernel.h"

static void mark(const fl_flip_target *t, size_t w) {
    uint64_t below = 0, above = 0;
    for (size_t l = 0; l < 64; l++) {
        int32_t f = t->field[64 * w + l];
        below |= (uint64_t)(f < t->bound) << l;
        above |= (uint64_t)(f > -t->bound) << l;
    }
    fl_flip_word(t, w, below, above);
}

void fl_flip_scalar(const fl_flip_target *t, size_t words, const int32_t *const *columns,
                    const int32_t *negate, size_t count) {
    for (size_t w = 0; w < words; w++) {
        for (size_t k = 0; k < count; k++)
            for (size_t i = 64 * w; i < 64 * w + 64; i++)
                t->field[i] += (columns[k][i] ^ negate[k]) - negate[k];
        if (t->candidates)
            mark(t, w);
    }
}

fl_flip *fl_flip_choose(void) {
#ifdef __x86_64__
    if (fl_kernel_level() == FL_KERNEL_AVX512)
        return fl_flip_avx512;
    if (fl_kernel_level() == FL_KERNEL_AVX2)
        return fl_flip_avx2;
#endif
    return fl_flip_scalar;
}
