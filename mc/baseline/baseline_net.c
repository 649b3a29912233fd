/* Forward and backward: see baseline_net.h. Batches are rows: Y = X W^T + b. */
#include "mc/baseline/baseline_net.h"

#include <math.h>
#include <string.h>

size_t fl_layer_size(const fl_layer *layer) {
    return (layer->in + 1) * layer->out;
}

static void activate(float *y, size_t n, fl_activation activation) {
    if (activation == FL_RELU)
        for (size_t e = 0; e < n; e++)
            y[e] = y[e] > 0 ? y[e] : 0;
    else if (activation == FL_SIGN)
        for (size_t e = 0; e < n; e++)
            y[e] = y[e] >= 0 ? 1 : -1;
    else
        for (size_t e = 0; e < n; e++)
            y[e] = tanhf(y[e]);
}

/* delta f'(sum), from y = f(sum) */
static void deactivate(float *delta, const float *y, size_t n, fl_activation activation) {
    if (activation == FL_RELU)
        for (size_t e = 0; e < n; e++)
            delta[e] = y[e] > 0 ? delta[e] : 0;
    else
        for (size_t e = 0; e < n; e++)
            delta[e] *= 1 - y[e] * y[e];
}

/* OpenBLAS by its Fortran name, which the slow library of GSL does not have: where both are loaded
 * the names of the C interface are GSL's. Matrices lie there column by column. */
void sgemm_(const char *transpose_a, const char *transpose_b, const int *m, const int *n,
            const int *k, const float *alpha, const float *a, const int *lda, const float *b,
            const int *ldb, const float *beta, float *c, const int *ldc);

/* c (rows x columns) = a b + keep c, with `inner` terms in each sum; a or b lies transposed where it
 * is said so. */
static void multiply(bool transposed_a, const float *a, bool transposed_b, const float *b,
                     size_t rows, size_t columns, size_t inner, float keep, float *c) {
    const int m = (int)rows, n = (int)columns, k = (int)inner;
    const float one = 1;
    sgemm_(transposed_b ? "T" : "N", transposed_a ? "T" : "N", &n, &m, &k, &one, b,
           transposed_b ? &k : &n, a, transposed_a ? &m : &k, &keep, c, &n);
}

void fl_baseline_forward(const fl_baseline *b, size_t count, bool mean) {
    const float *x = b->x;
    for (int l = 0; l < b->layers; l++) {
        const fl_layer *layer = &b->layer[l];
        const float *w = mean && layer->mean ? layer->mean : layer->weights;
        size_t in = layer->in, out = layer->out;
        for (size_t k = 0; k < count; k++)
            memcpy(b->y[l] + k * out, w + in * out, out * sizeof *w);
        multiply(false, x, true, w, count, out, in, 1, b->y[l]);
        if (l + 1 < b->layers)
            activate(b->y[l], count * out, b->activation);
        x = b->y[l];
    }
}

/* Softmax: loss -ln p of the right class, derivative p - target. */
static void class_loss(const float *y, const int8_t *z, size_t n, float *delta, fl_score *sums) {
    size_t best = 0, right = 0;
    double sum = 0;
    for (size_t c = 1; c < n; c++)
        best = y[c] > y[best] ? c : best;
    while (z[right] < 0)
        right++;
    for (size_t c = 0; c < n; c++)
        sum += delta[c] = expf(y[c] - y[best]);
    for (size_t c = 0; c < n; c++)
        delta[c] = (float)(delta[c] / sum) - (c == right);
    sums->accuracy += best == right;
    sums->bits += best == right;
    sums->loss += log(sum) - (y[right] - y[best]);
}

/* Logistic units: loss ln(1 + exp(-z y)), derivative -z / (1 + exp(z y)). */
static void bit_loss(const float *y, const int8_t *z, size_t n, float *delta, fl_score *sums) {
    size_t right = 0;
    for (size_t c = 0; c < n; c++) {
        double margin = z[c] * (double)y[c];
        right += (y[c] >= 0) == (z[c] > 0);
        sums->loss += margin > 0 ? log1p(exp(-margin)) : log1p(exp(margin)) - margin;
        delta[c] = (float)(-z[c] / (1 + exp(margin)));
    }
    sums->accuracy += right == n;
    sums->bits += (double)right / (double)n;
}

void fl_baseline_loss(const fl_baseline *b, size_t count, bool classes, fl_score *sums) {
    size_t n = b->spec.outputs;
    float *delta = b->delta[b->layers - 1], *y = b->y[b->layers - 1];
    for (size_t k = 0; k < count; k++)
        (classes ? class_loss : bit_loss)(y + k * n, b->z + k * n, n, delta + k * n, sums);
    for (size_t e = 0; e < count * n; e++)
        delta[e] /= (float)count;
}

void fl_baseline_backward(fl_baseline *b, size_t count) {
    for (int l = b->layers - 1; l >= 0 && b->layer[l].learned; l--) {
        fl_layer *layer = &b->layer[l];
        size_t in = layer->in, out = layer->out;
        const float *x = l ? b->y[l - 1] : b->x, *delta = b->delta[l];
        float *bias = layer->gradient + in * out;
        multiply(true, delta, false, x, out, in, count, 0, layer->gradient);
        memset(bias, 0, out * sizeof *bias);
        for (size_t k = 0; k < count; k++)
            for (size_t i = 0; i < out; i++)
                bias[i] += delta[k * out + i];
        if (l == 0 || !b->layer[l - 1].learned)
            return;
        multiply(false, delta, false, layer->weights, count, in, out, 0, b->delta[l - 1]);
        deactivate(b->delta[l - 1], b->y[l - 1], count * in, b->activation);
    }
}
