/* Matrices in single precision: see couplings.h. */
#include "mc/message/couplings.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

void *aligned_zeros(size_t bytes) {
    size_t whole = (bytes + 63) / 64 * 64;
    void *x = aligned_alloc(64, whole ? whole : 64);
    if (x)
        memset(x, 0, whole);
    return x;
}

float *aligned_floats(size_t count) {
    return aligned_zeros(count * sizeof(float));
}

static size_t padded(size_t count) {
    return (count + 15) / 16 * 16;
}

static fl_status couplings_new(couplings *c, size_t rows, size_t columns) {
    size_t stride = padded(columns), row_stride = padded(rows);
    float *J = aligned_floats(rows * stride);
    *c = (couplings){.J = J,
                     .a = {.J = J, .stride = stride, .columns = columns},
                     .rows = rows,
                     .row_stride = row_stride,
                     .threshold = aligned_floats(rows),
                     .row_sum = aligned_floats(row_stride),
                     .column_sum = aligned_floats(stride),
                     .slack = aligned_floats(row_stride)};
    if (J && c->threshold && c->row_sum && c->column_sum && c->slack)
        return FL_OK;
    couplings_clear(c);
    return fl_fail(FL_ENOMEM, "out of memory for messages between %zu neurons", columns);
}

static void short_clear(couplings_short *s) {
    free(s->q);
    free(s->step);
    free(s->square);
}

void couplings_clear(couplings *c) {
    free(c->J);
    short_clear(&c->shorts);
    free(c->slack);
    free(c->threshold);
    free(c->row_sum);
    free(c->column_sum);
    memset(c, 0, sizeof *c);
}

static void sum_squares(couplings *c) {
    for (size_t i = 0; i < c->rows; i++) {
        const float *row = c->J + i * c->a.stride;
        double sum[8] = {0};
        for (size_t j = 0; j < c->a.stride; j += 8)
            for (size_t k = 0; k < 8; k++) {
                float square = row[j + k] * row[j + k];
                sum[k] += square;
                c->column_sum[j + k] += square;
            }
        c->row_sum[i] = (float)(((sum[0] + sum[4]) + (sum[2] + sum[6])) +
                                ((sum[1] + sum[5]) + (sum[3] + sum[7])));
    }
}

fl_status couplings_of_network(couplings *c, const fl_network *network, double jd) {
    size_t n = network->n;
    FL_CHECK(couplings_new(c, n, n));
    for (size_t i = 0; i < n; i++)
        for (size_t j = 0; j < n; j++)
            c->J[i * c->a.stride + j] = (float)network->J[i * n + j];
    c->own = true;
    sum_squares(c);
    couplings_retune(c, network, jd);
    return FL_OK;
}

void couplings_retune(couplings *c, const fl_network *network, double jd) {
    for (size_t i = 0; i < c->rows; i++)
        c->threshold[i] = (float)(network->diagonal[i] + jd);
}

fl_status couplings_of_patterns(couplings *c, const int8_t *entries, size_t patterns, size_t n,
                                double margin) {
    FL_CHECK(couplings_new(c, patterns, n));
    float unit = (float)(1 / sqrt((double)n));
    for (size_t i = 0; i < patterns; i++) {
        c->threshold[i] = (float)-margin;
        for (size_t j = 0; j < n; j++)
            c->J[i * c->a.stride + j] = entries[i * n + j] > 0 ? unit : -unit;
    }
    sum_squares(c);
    return FL_OK;
}

/* ---- 16 bits ---- */

typedef float four __attribute__((vector_size(16), may_alias));
typedef int32_t four_bits __attribute__((vector_size(16), may_alias));

/* Adds up to the sum and to the largest of sizes. */
static inline void add_sizes(const float *x, four *sum, four *top) {
    four size = (four)(*(const four_bits *)x & 0x7fffffff);
    four_bits more = size > *top;
    *sum += size;
    *top = (four)(((four_bits)size & more) | ((four_bits)*top & ~more));
}

/* The smallest step of a row with which integers and their sums over tiles fit. */
static float step_of(const float *row, size_t stride) {
    float step = 0;
    for (size_t from = 0; from < stride; from += SHORT_TILE) {
        size_t end = stride - from < SHORT_TILE ? stride : from + SHORT_TILE;
        four sum[4] = {{0}}, top[4] = {{0}};
        float all = 0, most = 0;
        for (size_t j = from; j < end; j += 16)
            for (size_t k = 0; k < 4; k++)
                add_sizes(row + j + 4 * k, &sum[k], &top[k]);
        for (size_t k = 0; k < 16; k++) {
            all += sum[k / 4][k % 4];
            most = fmaxf(most, top[k / 4][k % 4]);
        }
        step = fmaxf(step, fmaxf(most / 32766, all / (SHORT_SUM - SHORT_TILE)));
    }
    return step;
}

/* Row i, of whole length with its zeros, of which the squares add up to `squares`, in units of `step`. */
static void shorten_row(couplings_short *s, size_t i, const float *row, float step, float squares) {
    float inverse = step > 1e-30f ? 1 / step : 0;
    int64_t sum = 0;
    for (size_t from = 0; from < s->a.stride; from += SHORT_TILE) {
        int16_t *q = s->q + short_at(&s->a, i, from);
        size_t width = short_width(&s->a, from);
        int32_t some = 0;
        for (size_t j = 0; j < width; j++)
            q[j] = (int16_t)short_nearest(row[from + j] * inverse);
        for (size_t j = 0; j < width; j++)
            some += short_square(q[j]);
        sum += some;
    }
    s->step[i] = step;
    s->square[i] = sum > 0 ? squares / (float)sum : 0; /* so that their sum is right */
}

/* The largest sum of sizes of a column over the band from `first` on. */
static int32_t largest_column(const couplings_short *s, size_t first) {
    int32_t most = 0;
    for (size_t from = 0; from < s->a.stride; from += SHORT_TILE) {
        const int16_t *q = s->q + short_at(&s->a, first, from);
        size_t width = short_width(&s->a, from);
        int32_t sums[SHORT_TILE] = {0};
        for (size_t r = 0; r < short_height(&s->a, first); r++, q += width)
            for (size_t j = 0; j < width; j++)
                sums[j] += q[j] < 0 ? -q[j] : q[j];
        for (size_t j = 0; j < width; j++)
            most = sums[j] > most ? sums[j] : most;
    }
    return most;
}

/* The rows of a band by the smallest steps with which the sums of its columns fit, too. */
static void shorten_band(couplings *c, size_t first) {
    size_t end = first + short_height(&c->shorts.a, first), stride = c->a.stride;
    if (end > c->rows)
        end = c->rows;
    float larger = 1;
    for (;; larger *= 2) {
        for (size_t i = first; i < end; i++) {
            const float *row = c->J + i * stride;
            shorten_row(&c->shorts, i, row, larger * step_of(row, stride), c->row_sum[i]);
        }
        if (largest_column(&c->shorts, first) <= SHORT_SUM)
            return;
    }
}

/* Bytes of a band, which should still be in the second cache, beside the next one, when it is used again. */
static const size_t band_bytes = (size_t)128 << 10;

static bool short_new(couplings_short *s, size_t rows, size_t stride) {
    size_t band = SHORT_BAND;
    while (band > 16 && band * stride * sizeof *s->q > band_bytes)
        band /= 2;
    s->q = aligned_zeros(rows * stride * sizeof *s->q);
    s->step = aligned_floats(rows);
    s->square = aligned_floats(rows);
    s->a = (fl_short_matrix){.q = s->q,
                             .rows = rows,
                             .stride = stride,
                             .band = band,
                             .step = s->step,
                             .square = s->square};
    return s->q && s->step && s->square;
}

fl_status couplings_shorten(couplings *c) {
    size_t n = c->a.columns;
    if (!short_new(&c->shorts, c->row_stride, c->a.stride)) {
        couplings_clear(c);
        return fl_fail(FL_ENOMEM, "out of memory for messages between %zu neurons", n);
    }
    for (size_t first = 0; first < c->rows; first += c->shorts.a.band)
        shorten_band(c, first);
    /* An integer is off by up to a half: five standard deviations of the sum over a row. */
    float off = 5 * sqrtf((float)n / 12);
    for (size_t i = 0; i < c->rows; i++)
        c->slack[i] = off * c->shorts.step[i];
    free(c->J);
    c->J = NULL;
    c->a.J = NULL;
    return FL_OK;
}
