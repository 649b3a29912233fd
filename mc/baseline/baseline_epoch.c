/* Baselines: training and evaluation. See baseline.h. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "fixland/rng.h"
#include "mc/baseline/baseline_net.h"
#include "mc/baseline/baseline_streams.h"

static fl_status check_data(const fl_baseline *b, const fl_dataset *data) {
    if (data->features == b->spec.features && data->outputs == b->spec.outputs && data->count > 0)
        return FL_OK;
    return fl_fail(FL_EINVAL,
                   "data of %zu examples, %zu features and %zu outputs, for a baseline of %zu and "
                   "%zu",
                   data->count, data->features, data->outputs, b->spec.features, b->spec.outputs);
}

static fl_status draw_order(fl_baseline *b, size_t count) {
    if (count > UINT32_MAX)
        return fl_fail(FL_EINVAL, "%zu examples are too many for a baseline", count);
    if (count > b->order_room) {
        free(b->order);
        b->order = malloc(count * sizeof *b->order);
        b->order_room = b->order ? count : 0;
    }
    if (!b->order)
        return fl_fail(FL_ENOMEM, "out of memory for the order of %zu examples", count);
    fl_rng rng =
        fl_rng_stream(b->spec.seed, FL_PURPOSE_LEARNING, b->before + b->epoch, FL_BASELINE_ORDER);
    fl_rng_permutation(&rng, count, b->order);
    return FL_OK;
}

/* Example k of the data becomes example `to` of the batch. */
static void fetch(const fl_baseline *b, const fl_dataset *data, size_t k, size_t to) {
    size_t d = data->features, c = data->outputs;
    memcpy(b->x + to * d, data->x + k * d, d * sizeof *b->x);
    memcpy(b->z + to * c, data->z + k * c, c);
}

static void add_noise(const fl_baseline *b, size_t place, size_t to) {
    float *x = b->x + to * b->spec.features;
    fl_rng rng =
        fl_rng_stream(b->spec.seed, FL_PURPOSE_LEARNING, b->before + b->epoch, FL_BASELINE_NOISE);
    fl_rng_sub(&rng, place);
    for (size_t j = 0; j < b->spec.features; j++)
        x[j] = fl_rng_uniform(&rng) < b->spec.noise ? -x[j] : x[j];
}

static fl_score divided(fl_score sums, size_t count) {
    double n = (double)count;
    return (fl_score){sums.accuracy / n, sums.bits / n, sums.loss / n};
}

/* Examples first .. first + count - 1 of the order, and a step. */
static void train_batch(fl_baseline *b, const fl_dataset *train, size_t first, size_t count,
                        fl_score *sums) {
    const fl_baseline_spec *s = &b->spec;
    double done = (double)b->epoch + ((double)first + 0.5 * (double)count) / (double)train->count;
    double left = s->falling ? fmax(1 - done / (double)s->epochs, 0) : 1;
    for (size_t k = 0; k < count; k++) {
        fetch(b, train, b->order[first + k], k);
        if (s->noise > 0)
            add_noise(b, first + k, k);
    }
    fl_baseline_forward(b, count, false);
    fl_baseline_loss(b, count, train->label != NULL, sums);
    fl_baseline_backward(b, count);
    fl_baseline_step(b, s->rate * left, s->average > 0 && b->epoch + s->average >= s->epochs);
}

fl_status fl_baseline_epoch(fl_baseline *b, const fl_dataset *train, const fl_effort *effort,
                            fl_score *score) {
    fl_score sums = {0};
    FL_CHECK(check_data(b, train));
    FL_CHECK(draw_order(b, train->count));
    for (size_t first = 0; first < train->count; first += b->spec.batch) {
        size_t left = train->count - first;
        train_batch(b, train, first, left < b->spec.batch ? left : b->spec.batch, &sums);
        if (fl_effort_stopped(effort))
            return fl_fail(FL_STOPPED, "stopped within an epoch");
    }
    b->epoch++;
    if (!isfinite(sums.loss))
        return fl_fail(FL_EDOMAIN, "the baseline diverged in epoch %zu; try a smaller rate than %g",
                       b->epoch, b->spec.rate);
    if (score)
        *score = divided(sums, train->count);
    return FL_OK;
}

/* Shows examples first .. first + *count - 1, as many as fit. */
static void show_batch(const fl_baseline *b, const fl_dataset *data, size_t first, size_t *count) {
    size_t left = data->count - first;
    *count = left < b->room ? left : b->room;
    for (size_t k = 0; k < *count; k++)
        fetch(b, data, first + k, k);
    fl_baseline_forward(b, *count, b->averaged > 0);
}

fl_status fl_baseline_outputs(const fl_baseline *b, const fl_dataset *data, float *output) {
    size_t outputs = b->spec.outputs;
    FL_CHECK(check_data(b, data));
    for (size_t first = 0, count; first < data->count; first += count) {
        show_batch(b, data, first, &count);
        memcpy(output + first * outputs, b->y[b->layers - 1], count * outputs * sizeof *output);
    }
    return FL_OK;
}

void fl_baseline_restart(fl_baseline *b) {
    b->before += b->epoch;
    b->epoch = b->steps = b->averaged = 0;
    b->power1 = b->power2 = 1;
    for (int l = 0; l < b->layers; l++) {
        size_t size = fl_layer_size(&b->layer[l]) * sizeof(float);
        if (b->layer[l].first)
            memset(b->layer[l].first, 0, size);
        if (b->layer[l].second)
            memset(b->layer[l].second, 0, size);
        if (b->layer[l].mean)
            memset(b->layer[l].mean, 0, size);
    }
}

fl_status fl_baseline_evaluate(const fl_baseline *b, const fl_dataset *data, fl_score *score) {
    fl_score sums = {0};
    FL_CHECK(check_data(b, data));
    for (size_t first = 0, count; first < data->count; first += count) {
        show_batch(b, data, first, &count);
        fl_baseline_loss(b, count, data->label != NULL, &sums);
    }
    *score = divided(sums, data->count);
    return FL_OK;
}
