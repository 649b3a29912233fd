/* The network of a baseline: dense layers, forward and backward. */
#ifndef FIXLAND_BASELINE_BASELINE_NET_H
#define FIXLAND_BASELINE_BASELINE_NET_H

#include <stdbool.h>

#include "fixland/baseline.h"

enum { FL_LAYERS = 3 };

/* y = f(W x + b). Arrays of (in + 1) * out: W, out x in row by row, then b. */
typedef struct fl_layer {
    size_t in, out;
    bool learned;
    float *weights;
    float *mean;                      /* of the weights over steps, or NULL */
    float *gradient, *first, *second; /* and the moments of Adam; NULL where not learned */
} fl_layer;

struct fl_baseline {
    fl_baseline_spec spec;
    int layers;
    fl_layer layer[FL_LAYERS];
    fl_activation activation; /* of all layers but the last, which has none */
    size_t room;              /* examples that fit the arrays below */
    float *x;                 /* room x features: the batch */
    int8_t *z;                /* room x outputs */
    float *y[FL_LAYERS];      /* room x out: what a layer puts out */
    float *delta[FL_LAYERS];  /* room x out: derivative of the loss by its sums */
    uint32_t *order;
    size_t order_room;
    size_t epoch, steps;   /* done, since the last restart */
    size_t before;         /* epochs before it */
    double power1, power2; /* beta^steps */
    size_t averaged;       /* steps in the mean */
};

/* Numbers of a layer's arrays. */
size_t fl_layer_size(const fl_layer *layer);

/* The outputs of `count` examples in b->x into b->y; `mean`: by the averaged weights. */
void fl_baseline_forward(const fl_baseline *b, size_t count, bool mean);

/* Score sums of the batch (b->y, b->z, and whether they are classes), and the derivatives of the
 * mean loss by the last layer's sums into b->delta. */
void fl_baseline_loss(const fl_baseline *b, size_t count, bool classes, fl_score *sums);

/* From those to the gradients of all layers that are learned. */
void fl_baseline_backward(fl_baseline *b, size_t count);

/* One step of Adam, and of the mean if it is being taken. */
void fl_baseline_step(fl_baseline *b, double rate, bool average);

#endif
