/* Features of images: see fl_images_features in dataset.h.
 *
 * The matrix G is held in blocks of columns, each pixels x BLOCK, so that the sums of an example
 * stay in the first cache and a block in the second. Grey bytes are multiplied as they are: the
 * factor 1/255 changes no sign. Pixels of value 0 (four of five in MNIST) are skipped: adding 0
 * changes no sum. No sum depends on the width of vectors, because each is of one feature in the
 * order of pixels. */
#include <stdlib.h>
#include <string.h>

#include "mc/data/data.h"

enum { BLOCK = 64 };

/* Columns first .. first + BLOCK - 1 of G; those beyond `features` are not used. */
static void draw_block(double *g, size_t pixels, size_t first, size_t features, uint64_t seed) {
    fl_rng rng = fl_rng_stream(seed, FL_PURPOSE_DATA, FL_DATA_PROJECTION, first / BLOCK);
    for (size_t p = 0; p < pixels; p++) {
        fl_rng_sub(&rng, p);
        fl_rng_gauss_fill(&rng, features - first < BLOCK ? features - first : BLOCK, g + p * BLOCK);
    }
}

static void project(const uint8_t *pixel, size_t pixels, const double *g, float *x, size_t width) {
    double sum[BLOCK] = {0};
    for (size_t p = 0; p < pixels; p++) {
        if (pixel[p] == 0)
            continue;
        double grey = pixel[p];
        for (size_t j = 0; j < BLOCK; j++)
            sum[j] += grey * g[p * BLOCK + j];
    }
    for (size_t j = 0; j < width; j++)
        x[j] = sum[j] >= 0 ? 1 : -1;
}

static fl_status entangle(fl_dataset *data, const fl_images *images, uint64_t seed, int threads) {
    size_t pixels = images->rows * images->columns, d = data->features;
    double *g = calloc(pixels, BLOCK * sizeof *g);
    if (!g)
        return fl_fail(FL_ENOMEM, "out of memory for a projection of %zu pixels", pixels);
    for (size_t first = 0; first < d; first += BLOCK) {
        draw_block(g, pixels, first, d, seed);
        size_t width = d - first < BLOCK ? d - first : BLOCK;
#pragma omp parallel for num_threads(fl_data_threads(threads))
        for (size_t k = 0; k < data->count; k++)
            project(images->pixels + k * pixels, pixels, g, data->x + k * d + first, width);
    }
    free(g);
    return FL_OK;
}

static void copy_pixels(fl_dataset *data, const fl_images *images) {
    for (size_t e = 0; e < data->count * data->features; e++)
        data->x[e] = (float)(2 * images->pixels[e] - 255) / 255;
}

fl_status fl_images_features(fl_dataset *data, const fl_images *images, size_t count,
                             size_t features, size_t classes, bool raw, uint64_t seed,
                             int threads) {
    size_t pixels = images->rows * images->columns;
    memset(data, 0, sizeof *data);
    if (count > images->count)
        return fl_fail(FL_EINVAL, "%zu examples are asked of %zu images", count, images->count);
    if (raw && features == 0)
        features = pixels;
    if (raw && features != pixels)
        return fl_fail(FL_EINVAL, "%zu raw features are asked of images of %zu x %zu = %zu pixels",
                       features, images->rows, images->columns, pixels);
    for (size_t k = 0; k < count; k++)
        if (images->labels[k] >= classes)
            return fl_fail(FL_EINVAL, "an image has label %d, which is none of %zu classes",
                           images->labels[k], classes);
    FL_CHECK(fl_dataset_new(data, count, features, classes, 1));
    for (size_t k = 0; k < count; k++)
        fl_data_set_class(data, k, images->labels[k]);
    fl_status status = FL_OK;
    if (raw)
        copy_pixels(data, images);
    else
        status = entangle(data, images, seed, threads);
    if (status != FL_OK)
        fl_dataset_clear(data);
    return status;
}
