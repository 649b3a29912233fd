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

static void gather(const fl_short_matrix *a, size_t first, const fl_short_vector *x, float *out,
                   const fl_short_vector *y, float *squares) {
    for (size_t i = first; i < first + short_height(a, first); i++) {
        float sum = 0, square = 0;
        for (size_t from = 0, t = 0; from < a->stride; from += SHORT_TILE, t++) {
            size_t width = short_width(a, from);
            const int16_t *q = a->q + short_at(a, i, from);
            sum += (float)short_dot(q, x->x + from, width) * x->scale[t];
            if (y)
                square += (float)short_dot_squares(q, y->x + from, width) * y->scale[t];
        }
        out[i] = sum * a->step[i];
        if (y)
            squares[i] = square * a->square[i];
    }
}

/* A tile of a band: the sums of its columns. */
static void add_columns(const int16_t *q, size_t height, size_t width, const fl_short_vector *g,
                        bool squares, float *B) {
    int32_t sums[SHORT_TILE] = {0};
    for (size_t r = 0; r < height; r++, q += width) {
        int16_t factor = g->x[r];
        for (size_t j = 0; j < width && !squares; j++)
            sums[j] += q[j] * factor;
        for (size_t j = 0; j < width && squares; j++)
            sums[j] += short_square(q[j]) * factor;
    }
    for (size_t j = 0; j < width; j++)
        B[j] += (float)sums[j] * g->scale[0];
}

static void scatter(const fl_short_matrix *a, size_t first, const fl_short_vector *g, float *B,
                    const fl_short_vector *d, float *D) {
    size_t height = short_height(a, first);
    for (size_t from = 0; from < a->stride; from += SHORT_TILE) {
        const int16_t *q = a->q + short_at(a, first, from);
        add_columns(q, height, short_width(a, from), g, false, B + from);
        if (d)
            add_columns(q, height, short_width(a, from), d, true, D + from);
    }
}

const fl_short_kernel fl_short_scalar = {
    short_fill, short_fill_many, gather, short_gather_many, scatter, short_scatter_many,
};

const fl_short_kernel *fl_short_choose(void) {
#ifdef __x86_64__
    if (fl_kernel_level() == FL_KERNEL_AVX512)
        return &fl_short_avx512;
    if (fl_kernel_level() == FL_KERNEL_AVX2)
        return &fl_short_avx2;
#endif
    return &fl_short_scalar;
}
