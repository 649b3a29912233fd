/* Data sets of random patterns: see fl_data_spec in dataset.h. */
#include <stdlib.h>

#include "mc/data/data.h"

/* Which map of fl_data_map. */
enum { PATTERNS, HIDDEN, VISIBLE, CLASSES, PROJECTIONS };

/* Hidden units of the manifold a latent number. */
enum { HIDDEN_PER_LATENT = 4 };

static fl_rng examples(const fl_data_spec *spec, unsigned part) {
    return fl_rng_stream(spec->seed, FL_PURPOSE_DATA, FL_DATA_EXAMPLES, part);
}

static float random_sign(fl_rng *rng) {
    return fl_rng_bits(rng) >> 63 ? 1 : -1;
}

static fl_status no_examples_memory(const char *what) {
    return fl_fail(FL_ENOMEM, "out of memory for the %s of a data set", what);
}

/* y_r = sum_c map_rc x_c */
static void multiply_map(const double *map, size_t rows, size_t columns, const double *x,
                         double *y) {
    for (size_t r = 0; r < rows; r++) {
        double sum = 0;
        for (size_t c = 0; c < columns; c++)
            sum += map[r * columns + c] * x[c];
        y[r] = sum;
    }
}

static size_t argmax(const double *y, size_t n) {
    size_t best = 0;
    for (size_t c = 1; c < n; c++)
        if (y[c] > y[best])
            best = c;
    return best;
}

fl_status fl_data_prototypes(fl_dataset *data, const fl_data_spec *spec, unsigned part) {
    size_t d = data->features;
    double *pattern = fl_data_map(data->outputs, d, spec->seed, PATTERNS);
    if (!pattern)
        return no_examples_memory("prototypes");
#pragma omp parallel for num_threads(fl_data_threads(spec->threads))
    for (size_t k = 0; k < data->count; k++) {
        fl_rng rng = examples(spec, part);
        fl_rng_sub(&rng, k);
        size_t c = (size_t)fl_rng_below(&rng, data->outputs);
        for (size_t j = 0; j < d; j++) {
            bool up = pattern[c * d + j] >= 0, flipped = fl_rng_uniform(&rng) < spec->flip;
            data->x[k * d + j] = up != flipped ? 1 : -1;
        }
        fl_data_set_class(data, k, c);
    }
    free(pattern);
    return FL_OK;
}

/* The maps of a manifold, and its sizes. */
typedef struct manifold {
    size_t latent, hidden, visible, classes;
    double *to_hidden, *to_visible, *to_classes;
} manifold;

/* One example; work has latent + hidden + visible + classes numbers. */
static size_t manifold_point(const manifold *m, fl_rng *rng, double *work, float *x) {
    double *z = work, *h = z + m->latent, *v = h + m->hidden, *y = v + m->visible;
    fl_rng_gauss_fill(rng, m->latent, z);
    multiply_map(m->to_hidden, m->hidden, m->latent, z, h);
    for (size_t b = 0; b < m->hidden; b++)
        h[b] = h[b] > 0 ? h[b] : 0;
    multiply_map(m->to_visible, m->visible, m->hidden, h, v);
    for (size_t j = 0; j < m->visible; j++)
        x[j] = v[j] >= 0 ? 1 : -1;
    multiply_map(m->to_classes, m->classes, m->latent, z, y);
    return argmax(y, m->classes);
}

static fl_status manifold_points(fl_dataset *data, const fl_data_spec *spec, unsigned part,
                                 const manifold *m) {
    size_t room = m->latent + m->hidden + m->visible + m->classes;
    bool failed = false;
#pragma omp parallel num_threads(fl_data_threads(spec->threads)) reduction(|| : failed)
    {
        double *work = calloc(room, sizeof *work);
        fl_rng rng = examples(spec, part);
        failed = !work;
#pragma omp for
        for (size_t k = 0; k < data->count; k++) {
            if (!work)
                continue;
            fl_rng_sub(&rng, k);
            float *x = data->x + k * data->features;
            fl_data_set_class(data, k, manifold_point(m, &rng, work, x));
        }
        free(work);
    }
    return failed ? no_examples_memory("manifold") : FL_OK;
}

fl_status fl_data_manifold(fl_dataset *data, const fl_data_spec *spec, unsigned part) {
    manifold m = {.latent = spec->latent,
                  .hidden = HIDDEN_PER_LATENT * spec->latent,
                  .visible = data->features,
                  .classes = data->outputs};
    m.to_hidden = fl_data_map(m.hidden, m.latent, spec->seed, HIDDEN);
    m.to_visible = fl_data_map(m.visible, m.hidden, spec->seed, VISIBLE);
    m.to_classes = fl_data_map(m.classes, m.latent, spec->seed, CLASSES);
    fl_status status = m.to_hidden && m.to_visible && m.to_classes
                           ? manifold_points(data, spec, part, &m)
                           : no_examples_memory("maps");
    free(m.to_hidden);
    free(m.to_visible);
    free(m.to_classes);
    return status;
}

fl_status fl_data_parity(fl_dataset *data, const fl_data_spec *spec, unsigned part) {
    size_t d = data->features;
    double *map = fl_data_map(spec->latent, d, spec->seed, PROJECTIONS);
    if (!map)
        return no_examples_memory("projections");
#pragma omp parallel for num_threads(fl_data_threads(spec->threads))
    for (size_t k = 0; k < data->count; k++) {
        float *x = data->x + k * d;
        unsigned negative = 0;
        fl_rng rng = examples(spec, part);
        fl_rng_sub(&rng, k);
        for (size_t j = 0; j < d; j++)
            x[j] = random_sign(&rng);
        for (size_t a = 0; a < spec->latent; a++) {
            double sum = 0;
            for (size_t j = 0; j < d; j++)
                sum += map[a * d + j] * x[j];
            negative += sum < 0;
        }
        fl_data_set_class(data, k, negative % 2);
    }
    free(map);
    return FL_OK;
}

fl_status fl_data_associations(fl_dataset *data, const fl_data_spec *spec, unsigned part) {
#pragma omp parallel for num_threads(fl_data_threads(spec->threads))
    for (size_t k = 0; k < data->count; k++) {
        fl_rng rng = examples(spec, FL_PART_TRAIN);
        fl_rng_sub(&rng, k % spec->train);
        for (size_t j = 0; j < data->features; j++)
            data->x[k * data->features + j] = random_sign(&rng);
        for (size_t c = 0; c < data->outputs; c++)
            data->z[k * data->outputs + c] = (int8_t)random_sign(&rng);
    }
    return part == FL_PART_TRAIN ? FL_OK
                                 : fl_dataset_damage(data, spec->flip, 0, spec->seed, FL_PART_TEST);
}

/* Pattern t of sequence s. */
static fl_rng pattern_stream(const fl_data_spec *spec, size_t s, size_t t) {
    fl_rng rng = examples(spec, FL_PART_TRAIN);
    fl_rng_sub(&rng, s * spec->length + t);
    return rng;
}

fl_status fl_data_sequences(fl_dataset *data, const fl_data_spec *spec, unsigned part) {
    size_t steps = spec->length - 1;
#pragma omp parallel for num_threads(fl_data_threads(spec->threads))
    for (size_t k = 0; k < data->count; k++) {
        size_t s = k % spec->train / steps, t = k % spec->train % steps;
        fl_rng now = pattern_stream(spec, s, t), next = pattern_stream(spec, s, t + 1);
        for (size_t j = 0; j < data->features; j++) {
            data->x[k * data->features + j] = random_sign(&now);
            data->z[k * data->outputs + j] = (int8_t)random_sign(&next);
        }
    }
    return part == FL_PART_TRAIN ? FL_OK
                                 : fl_dataset_damage(data, spec->flip, 0, spec->seed, FL_PART_TEST);
}
