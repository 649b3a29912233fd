/* Baselines: making them. See baseline.h. */
#include "fixland/baseline.h"

#include <cblas.h>
#include <limits.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "fixland/rng.h"
#include "mc/baseline/baseline_net.h"
#include "mc/baseline/baseline_streams.h"

fl_baseline_spec fl_baseline_defaults(fl_baseline_kind kind, size_t features, size_t outputs,
                                      size_t hidden, uint64_t seed) {
    return (fl_baseline_spec){.kind = kind,
                              .features = features,
                              .outputs = outputs,
                              .hidden = kind == FL_BASELINE_LINEAR ? 0 : hidden,
                              .layers = 1,
                              .activation = FL_RELU,
                              .batch = 50,
                              .epochs = 10,
                              .falling = true,
                              .rate = 0.003,
                              .seed = seed};
}

/* As a double, which does not overflow. */
static double parameters(size_t features, size_t outputs, int layers, double width) {
    double d = (double)features, c = (double)outputs;
    return width * (d + 1) + (layers == 2 ? width * (width + 1) : 0) + c * (width + 1);
}

size_t fl_baseline_parameters(const fl_baseline_spec *spec) {
    size_t readout = spec->kind == FL_BASELINE_LINEAR ? spec->features : spec->hidden;
    if (spec->kind != FL_BASELINE_MLP)
        return (readout + 1) * spec->outputs;
    return (size_t)parameters(spec->features, spec->outputs, spec->layers, (double)spec->hidden);
}

size_t fl_baseline_width(size_t features, size_t outputs, int layers, size_t wanted) {
    double linear = (double)features + (double)outputs + (layers == 2 ? 2 : 1);
    double rest = (double)wanted - (double)outputs; /* layers = 2: width^2 + linear width = rest */
    double width = layers == 2 ? 2 * rest / (linear + sqrt(linear * linear + 4 * fmax(rest, 0)))
                               : rest / linear;
    double below = fmax(floor(width), 1), target = (double)wanted;
    double miss = target - parameters(features, outputs, layers, below);
    bool above = parameters(features, outputs, layers, below + 1) - target < miss;
    return (size_t)below + above;
}

static fl_status check(const fl_baseline_spec *s) {
    bool linear = s->kind == FL_BASELINE_LINEAR, mlp = s->kind == FL_BASELINE_MLP;
    size_t most = 1 << 24; /* BLAS counts in int */
    if (s->features == 0 || s->features > most || s->outputs == 0 || s->outputs > most)
        return fl_fail(FL_EINVAL, "a baseline of %zu features and %zu outputs: 1 to %zu of each",
                       s->features, s->outputs, most);
    if (!linear && (s->hidden == 0 || s->hidden > most))
        return fl_fail(FL_EINVAL, "a baseline of %zu hidden units: 1 to %zu", s->hidden, most);
    if (mlp && s->layers != 1 && s->layers != 2)
        return fl_fail(FL_EINVAL, "an mlp of %d hidden layers: 1 or 2", s->layers);
    if (mlp && s->activation != FL_RELU && s->activation != FL_TANH)
        return fl_fail(FL_EINVAL, "an mlp is trained with relu or tanh units");
    if (s->batch == 0 || s->batch > most || s->epochs == 0)
        return fl_fail(FL_EINVAL, "batches of %zu and %zu epochs: at least 1, batches at most %zu",
                       s->batch, s->epochs, most);
    if (!(s->rate > 0 && s->rate < 1e6) || !(s->decay >= 0 && s->rate * s->decay < 1))
        return fl_fail(FL_EINVAL,
                       "rate %g and weight decay %g: the rate must be positive, the decay at "
                       "least 0 and below 1 / rate",
                       s->rate, s->decay);
    if (!(s->noise >= 0 && s->noise <= 0.5))
        return fl_fail(FL_EINVAL, "noise %g: 0 to 0.5", s->noise);
    return FL_OK;
}

static float *numbers(size_t rows, size_t columns) {
    return calloc(rows * columns, sizeof(float));
}

/* Weights N(0, variance / in), biases 0. */
static void draw_weights(fl_layer *layer, uint64_t seed, int which, double variance) {
    fl_rng rng = fl_rng_stream(seed, FL_PURPOSE_LEARNING, (uint64_t)which, FL_BASELINE_START);
    double deviation = sqrt(variance / (double)layer->in);
    for (size_t i = 0; i < layer->out; i++) {
        fl_rng_sub(&rng, i);
        fl_rng_gauss_floats(&rng, layer->in, deviation, layer->weights + i * layer->in);
    }
}

static bool make_layer(fl_baseline *b, int which, size_t in, size_t out) {
    fl_layer *layer = &b->layer[which];
    *layer = (fl_layer){.in = in, .out = out};
    layer->learned = b->spec.kind != FL_BASELINE_RANDOM || which > 0;
    layer->weights = numbers(in + 1, out);
    b->y[which] = numbers(b->room, out);
    b->delta[which] = numbers(b->room, out);
    if (!layer->weights || !b->y[which] || !b->delta[which])
        return false;
    bool last = which == b->layers - 1, relu = b->activation == FL_RELU;
    if (!last)
        draw_weights(layer, b->spec.seed, which, relu ? 2 : 1);
    else if (b->spec.kind == FL_BASELINE_MLP)
        draw_weights(layer, b->spec.seed, which, 1);
    if (!layer->learned)
        return true;
    layer->gradient = numbers(in + 1, out);
    layer->first = numbers(in + 1, out);
    layer->second = numbers(in + 1, out);
    layer->mean = b->spec.average ? numbers(in + 1, out) : NULL;
    return layer->gradient && layer->first && layer->second && (layer->mean || !b->spec.average);
}

static bool make_layers(fl_baseline *b) {
    size_t in = b->spec.features;
    for (int l = 0; l < b->layers; l++) {
        size_t out = l == b->layers - 1 ? b->spec.outputs : b->spec.hidden;
        if (!make_layer(b, l, in, out))
            return false;
        in = out;
    }
    return true;
}

fl_status fl_baseline_new(fl_baseline **baseline, const fl_baseline_spec *spec) {
    *baseline = NULL;
    FL_CHECK(check(spec));
    fl_baseline *b = calloc(1, sizeof *b);
    if (!b)
        return fl_fail(FL_ENOMEM, "out of memory for a baseline");
    b->spec = *spec;
    b->layers = spec->kind == FL_BASELINE_LINEAR ? 1
                : spec->kind == FL_BASELINE_MLP  ? spec->layers + 1
                                                 : 2;
    b->activation = spec->kind == FL_BASELINE_RANDOM ? FL_SIGN : spec->activation;
    b->room = spec->batch > 256 ? spec->batch : 256;
    b->power1 = b->power2 = 1;
    b->x = numbers(b->room, spec->features);
    b->z = calloc(b->room, spec->outputs);
    openblas_set_num_threads(1);
    if (!b->x || !b->z || !make_layers(b)) {
        fl_baseline_free(b);
        return fl_fail(FL_ENOMEM, "out of memory for a baseline of %zu parameters",
                       fl_baseline_parameters(spec));
    }
    *baseline = b;
    return FL_OK;
}

void fl_baseline_free(fl_baseline *b) {
    if (!b)
        return;
    for (int l = 0; l < FL_LAYERS; l++) {
        free(b->layer[l].weights);
        free(b->layer[l].mean);
        free(b->layer[l].gradient);
        free(b->layer[l].first);
        free(b->layer[l].second);
        free(b->y[l]);
        free(b->delta[l]);
    }
    free(b->x);
    free(b->z);
    free(b->order);
    free(b);
}
