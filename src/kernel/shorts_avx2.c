/* AVX2 kernel of shorts.h. */
#include "src/kernel/shorts.h"

#ifdef __x86_64__
#include "src/kernel/shorts_fill.h"
#include "src/kernel/shorts_one.h"

#define SHORT_WIDTH 8
#define SHORT_PAIRS(a, b) ((short_words)_mm256_madd_epi16((__m256i)(a), (__m256i)(b)))
#include "src/kernel/shorts_body.h"

const fl_short_kernel fl_short_avx2 = {
    short_fill, short_fill_many, short_gather, short_gather_many, short_scatter, short_scatter_many,
};
#endif
