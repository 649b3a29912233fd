/* AVX-512 kernel of shorts.h. */
#include "src/kernel/shorts.h"

#ifdef __x86_64__
#include "src/kernel/shorts_fill.h"
#include "src/kernel/shorts_one.h"

#define SHORT_WIDTH 16
#define SHORT_PAIRS(a, b) ((short_words)_mm512_madd_epi16((__m512i)(a), (__m512i)(b)))
#include "src/kernel/shorts_body.h"

const fl_short_kernel fl_short_avx512 = {
    short_fill, short_fill_many, short_gather, short_gather_many, short_scatter, short_scatter_many,
};
#endif
