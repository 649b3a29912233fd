/* Adam with decoupled weight decay, and the mean of the weights: see baseline_net.h. */
#include <math.h>

#include "mc/baseline/baseline_net.h"

static const double beta1 = 0.9, beta2 = 0.999, epsilon = 1e-8;

/* w -= scale first / (sqrt(second) + small) + shrink w; biases do not shrink. */
static void update_layer(fl_layer *layer, double scale, double small, double shrink) {
    size_t n = fl_layer_size(layer), weights = layer->in * layer->out;
    float b1 = (float)beta1, b2 = (float)beta2, s = (float)scale, e = (float)small;
    float keep = (float)(1 - shrink);
    float *restrict w = layer->weights, *restrict first = layer->first,
                    *restrict second = layer->second;
    const float *restrict g = layer->gradient;
    for (size_t i = 0; shrink > 0 && i < weights; i++)
        w[i] *= keep;
    for (size_t i = 0; i < n; i++) {
        first[i] = b1 * first[i] + (1 - b1) * g[i];
        second[i] = b2 * second[i] + (1 - b2) * g[i] * g[i];
        w[i] -= s * first[i] / (sqrtf(second[i]) + e);
    }
}

/* mean += (w - mean) / steps */
static void average(fl_layer *layer, size_t steps) {
    size_t n = fl_layer_size(layer);
    float share = 1 / (float)steps;
    for (size_t i = 0; i < n; i++)
        layer->mean[i] += (layer->weights[i] - layer->mean[i]) * share;
}

void fl_baseline_step(fl_baseline *b, double rate, bool averaging) {
    b->steps++;
    b->power1 *= beta1;
    b->power2 *= beta2;
    b->averaged += averaging;
    /* rate m / (1 - power1) / (sqrt(v / (1 - power2)) + epsilon) */
    double root = sqrt(1 - b->power2), scale = rate * root / (1 - b->power1);
    for (int l = 0; l < b->layers; l++) {
        fl_layer *layer = &b->layer[l];
        if (!layer->learned)
            continue;
        update_layer(layer, scale, epsilon * root, rate * b->spec.decay);
        if (averaging)
            average(layer, b->averaged);
    }
}
