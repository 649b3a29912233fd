/* Plain kernel of shorts.h, and the choice. */
#include "src/kernel/shorts.h"

#include "fixland/kernel.h"
#include "src/kernel/shorts_fill.h"

/* Four words, which every processor of these kinds has. */
#define SHORT_WIDTH 4
#ifdef __SSE2__
#include "src/kernel/x86.h"
#define SHORT_PAIRS(a, b) ((short_words)_mm_madd_epi16((__m128i)(a), (__m128i)(b)))
#else
#define SHORT_LOW(a) ((a) << 16 >> 16)
#define SHORT_PAIRS(a, b) (SHORT_LOW(a) * SHORT_LOW(b) + ((a) >> 16) * ((b) >> 16))
#endif
#include "src/kernel/shorts_body.h"

static int32_t short_dot(const int16_t *q, const int16_t *x, size_t count) {
    int32_t sum = 0;
    for (size_t j = 0; j < count; j++)
        sum += q[j] * x[j];
    return sum;
}

static int32_t short_dot_squares(const int16_t *q, const int16_t *y, size_t count) {
    int32_t sum = 0;
    for (size_t j = 0; j < count; j++)
        sum += short_square(q[j]) * y[j];
    return sum;
}

static size_t width_of(const fl_short_matrix *a, size_t tile) {
    size_t left = a->stride - tile * SHORT_TILE;
    return left < SHORT_TILE ? left : SHORT_TILE;
}

static void product(const fl_short_matrix *a, const fl_short_vector *x, float *out,
                    const fl_short_vector *y, float *squares) {
    for (size_t i = 0; i < a->rows; i++) {
        float sum = 0, square = 0;
        for (size_t t = 0; t < short_tiles(a->stride); t++) {
            size_t from = t * SHORT_TILE, width = width_of(a, t);
            const int16_t *q = a->q + short_at(a->stride, i, from);
            sum += (float)short_dot(q, x->x + from, width) * x->scale[t];
            if (y)
                square += (float)short_dot_squares(q, y->x + from, width) * y->scale[t];
        }
        out[i] = sum * a->step[i];
        if (y)
            squares[i] = square * a->square[i];
    }
}

const fl_short_kernel fl_short_scalar = {short_fill, short_fill_many, product, short_product_many};

const fl_short_kernel *fl_short_choose(void) {
#ifdef __x86_64__
    if (fl_kernel_level() == FL_KERNEL_AVX512)
        return &fl_short_avx512;
    if (fl_kernel_level() == FL_KERNEL_AVX2)
        return &fl_short_avx2;
#endif
    return &fl_short_scalar;
}
