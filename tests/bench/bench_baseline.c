/* Speed of data and baselines. The entangled projection, which skips black pixels and sums in a
 * fixed order, beside a dense product by BLAS in double; an epoch of the MLP beside its three
 * products of matrices alone. One thread. */
#include <cblas.h>
#include <stdio.h>

#include "fixland/baseline.h"
#include "tests/bench/bench.h"

enum { EXAMPLES = 5000, PIXELS = 784, FEATURES = 200, CLASSES = 10, BATCH = 50 };

typedef struct work {
    fl_images images;
    double *pixels, *map, *sums;
    fl_dataset data;
    fl_baseline *baseline;
    size_t hidden;
    float *weights, *units, *delta;
} work;

static void project(void *context) {
    work *w = context;
    fl_dataset_clear(&w->data);
    if (fl_images_features(&w->data, &w->images, EXAMPLES, FEATURES, CLASSES, 0, 1, 1) != FL_OK)
        abort();
}

static void project_dense(void *context) {
    work *w = context;
    for (size_t e = 0; e < (size_t)EXAMPLES * PIXELS; e++)
        w->pixels[e] = w->images.pixels[e];
    cblas_dgemm(CblasRowMajor, CblasNoTrans, CblasNoTrans, EXAMPLES, FEATURES, PIXELS, 1, w->pixels,
                PIXELS, w->map, FEATURES, 0, w->sums, FEATURES);
}

static void epoch(void *context) {
    work *w = context;
    if (fl_baseline_epoch(w->baseline, &w->data, NULL, NULL) != FL_OK)
        abort();
}

/* Sums of the hidden units, their gradient; the readout's three products. */
static void products(void *context) {
    work *w = context;
    int h = (int)w->hidden;
    float *readout = w->weights + w->hidden * FEATURES, *out = w->delta + BATCH * w->hidden;
    for (size_t k = 0; k < EXAMPLES; k += BATCH) {
        const float *x = w->data.x + k * FEATURES;
        cblas_sgemm(CblasRowMajor, CblasNoTrans, CblasTrans, BATCH, h, FEATURES, 1, x, FEATURES,
                    w->weights, FEATURES, 0, w->units, h);
        cblas_sgemm(CblasRowMajor, CblasNoTrans, CblasTrans, BATCH, CLASSES, h, 1, w->units, h,
                    readout, h, 0, out, CLASSES);
        cblas_sgemm(CblasRowMajor, CblasTrans, CblasNoTrans, CLASSES, h, BATCH, 1, out, CLASSES,
                    w->units, h, 0, readout, h);
        cblas_sgemm(CblasRowMajor, CblasNoTrans, CblasNoTrans, BATCH, h, CLASSES, 1, out, CLASSES,
                    readout, h, 0, w->delta, h);
        cblas_sgemm(CblasRowMajor, CblasTrans, CblasNoTrans, h, FEATURES, BATCH, 1, w->delta, h, x,
                    FEATURES, 0, w->weights, FEATURES);
    }
}

static void bench_width(work *w, size_t hidden) {
    fl_baseline_spec spec = fl_baseline_defaults(FL_BASELINE_MLP, FEATURES, CLASSES, hidden, 1);
    double whole, bare, flops = (4.0 * FEATURES + 6.0 * CLASSES) * (double)hidden * EXAMPLES;
    w->hidden = hidden;
    w->weights = calloc(hidden, (FEATURES + CLASSES) * sizeof(float));
    w->units = calloc(hidden, BATCH * sizeof(float));
    w->delta = calloc(hidden + CLASSES, BATCH * sizeof(float));
    if (!w->weights || !w->units || !w->delta || fl_baseline_new(&w->baseline, &spec) != FL_OK)
        abort();
    bench_pair(epoch, products, w, 5, &whole, &bare);
    printf("an epoch of %d examples, %zu relu units: %.4f s (%.0f GFLOP/s); the products alone "
           "%.4f s (%.2f of it)\n",
           EXAMPLES, hidden, whole, 1e-9 * flops / whole, bare, bare / whole);
    fl_baseline_free(w->baseline);
    free(w->weights);
    free(w->units);
    free(w->delta);
}

int main(void) {
    work w = {.hidden = 0};
    double sparse, dense;
    openblas_set_num_threads(1);
    w.pixels = calloc((size_t)EXAMPLES * PIXELS, sizeof *w.pixels);
    w.map = calloc((size_t)PIXELS * FEATURES, sizeof *w.map);
    w.sums = calloc((size_t)EXAMPLES * FEATURES, sizeof *w.sums);
    if (!w.pixels || !w.map || !w.sums ||
        fl_digits_draw(&w.images, EXAMPLES, CLASSES, 1, 0, 0) != FL_OK)
        return 1;
    for (size_t e = 0; e < (size_t)PIXELS * FEATURES; e++)
        w.map[e] = (double)(e * 7919 % 2003) / 1000 - 1;
    bench_pair(project, project_dense, &w, 5, &sparse, &dense);
    printf("projection of %d digits to %d features: %.3f s, matrix and targets included; dense, by "
           "BLAS: %.3f s\n",
           EXAMPLES, FEATURES, sparse, dense);
    bench_width(&w, 300);
    bench_width(&w, 1200);
    bench_width(&w, 4800);
    fl_dataset_clear(&w.data);
    fl_images_clear(&w.images);
    free(w.pixels);
    free(w.map);
    free(w.sums);
    return 0;
}
