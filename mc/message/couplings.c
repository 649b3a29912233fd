/* Matrices in single precision: see couplings.h. */
#include "mc/message/couplings.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

float *aligned_floats(size_t count) {
    size_t bytes = (count * sizeof(float) + 63) / 64 * 64;
    float *x = aligned_alloc(64, bytes ? bytes : 64);
    if (x)
        memset(x, 0, bytes);
    return x;
}

static fl_status couplings_new(couplings *c, size_t rows, size_t columns) {
    size_t stride = (columns + 15) / 16 * 16;
    float *J = aligned_floats(rows * stride);
    *c = (couplings){.J = J,
                     .a = {.J = J, .stride = stride, .columns = columns},
                     .rows = rows,
                     .threshold = aligned_floats(rows),
                     .row_sum = aligned_floats(rows),
                     .column_sum = aligned_floats(stride)};
    if (J && c->threshold && c->row_sum && c->column_sum)
        return FL_OK;
    couplings_clear(c);
    return fl_fail(FL_ENOMEM, "out of memory for messages between %zu neurons", columns);
}

void couplings_clear(couplings *c) {
    free(c->J);
    free(c->threshold);
    free(c->row_sum);
    free(c->column_sum);
    memset(c, 0, sizeof *c);
}

static void sum_squares(couplings *c) {
    for (size_t i = 0; i < c->rows; i++) {
        const float *row = c->J + i * c->a.stride;
        double sum = 0;
        for (size_t j = 0; j < c->a.columns; j++) {
            float square = row[j] * row[j];
            sum += square;
            c->column_sum[j] += square;
        }
        c->row_sum[i] = (float)sum;
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
