/* Sets of examples: see dataset.h. */
#include "fixland/dataset.h"

#include <math.h>
#include <omp.h>
#include <stdlib.h>
#include <string.h>
#include <zlib.h>

#include "mc/data/data.h"

fl_status fl_dataset_new(fl_dataset *data, size_t count, size_t features, size_t outputs,
                         bool classes) {
    size_t inputs, targets;
    memset(data, 0, sizeof *data);
    if (count == 0 || features == 0 || outputs == 0)
        return fl_fail(FL_EINVAL,
                       "a data set of %zu examples, %zu features and %zu outputs: each must be at "
                       "least 1",
                       count, features, outputs);
    if (outputs > 65535)
        return fl_fail(FL_EINVAL, "%zu outputs are too many; the limit is 65535", outputs);
    if (__builtin_mul_overflow(count, features, &inputs) || inputs > SIZE_MAX / 8 ||
        __builtin_mul_overflow(count, outputs, &targets))
        return fl_fail(FL_EINVAL, "%zu examples of %zu features are too many", count, features);
    data->x = calloc(inputs, sizeof *data->x);
    data->z = calloc(targets, sizeof *data->z);
    data->label = classes ? calloc(count, sizeof *data->label) : NULL;
    if (!data->x || !data->z || (classes && !data->label)) {
        fl_dataset_clear(data);
        return fl_fail(FL_ENOMEM, "out of memory for %zu examples of %zu features", count,
                       features);
    }
    data->count = count;
    data->features = features;
    data->outputs = outputs;
    return FL_OK;
}

fl_status fl_dataset_copy(fl_dataset *copy, const fl_dataset *data) {
    FL_CHECK(fl_dataset_new(copy, data->count, data->features, data->outputs, data->label != NULL));
    memcpy(copy->x, data->x, data->count * data->features * sizeof *data->x);
    memcpy(copy->z, data->z, data->count * data->outputs);
    if (data->label)
        memcpy(copy->label, data->label, data->count * sizeof *data->label);
    return FL_OK;
}

void fl_dataset_clear(fl_dataset *data) {
    free(data->x);
    free(data->z);
    free(data->label);
    memset(data, 0, sizeof *data);
}

unsigned long fl_dataset_crc32(const fl_dataset *data, unsigned long sum) {
    size_t x = data->count * data->features * sizeof *data->x;
    sum = crc32_z(sum, (const unsigned char *)data->x, x);
    return crc32_z(sum, (const unsigned char *)data->z, data->count * data->outputs);
}

fl_status fl_dataset_keep(fl_dataset *data, const bool *wanted) {
    size_t kept = 0;
    if (!data->label)
        return fl_fail(FL_EDOMAIN, "data without classes, of which some are asked for");
    for (size_t k = 0; k < data->count; k++)
        kept += wanted[data->label[k]];
    if (kept == 0)
        return fl_fail(FL_EDOMAIN, "none of %zu examples is of the classes asked for", data->count);
    kept = 0;
    for (size_t k = 0; k < data->count; k++) {
        if (!wanted[data->label[k]])
            continue;
        memmove(data->x + kept * data->features, data->x + k * data->features,
                data->features * sizeof *data->x);
        memmove(data->z + kept * data->outputs, data->z + k * data->outputs, data->outputs);
        data->label[kept++] = data->label[k];
    }
    data->count = kept;
    return FL_OK;
}

fl_status fl_dataset_damage(fl_dataset *data, double flip, double erase, uint64_t seed,
                            uint64_t which) {
    if (!(flip >= 0 && flip <= 1))
        return fl_fail(FL_EINVAL, "probability %g of a flip; it is 0 to 1", flip);
    if (!(erase >= 0 && erase <= 1))
        return fl_fail(FL_EINVAL, "probability %g of an erasure; it is 0 to 1", erase);
    fl_rng rng = fl_rng_stream(seed, FL_PURPOSE_DATA, FL_DATA_DAMAGE, which);
    for (size_t k = 0; k < data->count; k++) {
        float *x = data->x + k * data->features;
        fl_rng_sub(&rng, k);
        for (size_t j = 0; j < data->features; j++) {
            bool erased = fl_rng_uniform(&rng) < erase, flipped = fl_rng_uniform(&rng) < flip;
            x[j] = erased ? 0 : flipped ? -x[j] : x[j];
        }
    }
    return FL_OK;
}

int fl_data_threads(int threads) {
    return threads > 0 ? threads : omp_get_max_threads();
}

void fl_data_set_class(fl_dataset *data, size_t k, size_t c) {
    int8_t *z = data->z + k * data->outputs;
    memset(z, -1, data->outputs);
    z[c] = 1;
    data->label[k] = (uint16_t)c;
}

double *fl_data_map(size_t rows, size_t columns, uint64_t seed, uint64_t which) {
    fl_rng rng = fl_rng_stream(seed, FL_PURPOSE_DATA, FL_DATA_PATTERNS, which);
    size_t entries;
    double *map =
        __builtin_mul_overflow(rows, columns, &entries) ? NULL : calloc(entries, sizeof *map);
    for (size_t r = 0; map && r < rows; r++) {
        fl_rng_sub(&rng, r);
        fl_rng_gauss_fill(&rng, columns, map + r * columns);
    }
    return map;
}
