/* Baselines of learning: what backpropagation, or no learning of hidden units, reaches on the same
 * features.
 *
 *   linear   softmax(V x + b)
 *   random   softmax(V sign(W x) + b) with W fixed, N(0, 1/D)
 *   mlp      softmax of one or two hidden layers of relu or tanh units, all weights learned
 *
 * Loss: mean cross-entropy; where targets are bits (data without label), the mean over examples of
 * the sum over bits of ln(1 + exp(-z f)). Minibatches in a fresh random order each epoch, Adam
 * (arXiv 1412.6980; beta 0.9 and 0.999) with decoupled weight decay (arXiv 1711.05101), a rate that
 * falls linearly to 0 over `epochs`, the inputs' bits flipped afresh at each presentation, and the
 * weights averaged over all steps of the last epochs for evaluation.
 *
 * float32 through BLAS. One thread: the result cannot depend on their number, and callers run
 * several baselines at a time. BLAS may choose its kernels, hence the last bits, by the processor.
 * fl_baseline_new sets the threads of OpenBLAS to 1 for the whole process. */
#ifndef FIXLAND_BASELINE_H
#define FIXLAND_BASELINE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "fixland/dataset.h"
#include "fixland/effort.h"
#include "fixland/status.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef enum fl_baseline_kind {
    FL_BASELINE_LINEAR,
    FL_BASELINE_RANDOM,
    FL_BASELINE_MLP
} fl_baseline_kind;

typedef enum fl_activation { FL_RELU, FL_TANH, FL_SIGN } fl_activation;

typedef struct fl_baseline_spec {
    fl_baseline_kind kind;
    size_t features, outputs; /* of the data */
    size_t hidden;            /* width of each hidden layer; not for linear */
    int layers;               /* hidden layers of an mlp: 1 or 2 */
    fl_activation activation; /* of an mlp: relu or tanh */
    size_t batch;             /* examples a step; the last one of an epoch may be smaller */
    size_t epochs;            /* at which the rate is 0, if it falls */
    bool falling;             /* does the rate fall linearly to 0? */
    double rate;              /* of Adam, > 0 */
    double decay;             /* weights are multiplied by 1 - rate decay at a step; >= 0 */
    double noise;             /* probability that an input is negated, 0 to 1/2 */
    size_t average; /* last epochs, of `epochs`, over which weights are averaged; 0: none */
    uint64_t seed;
} fl_baseline_spec;

/* Settings that do well on entangled digits for 10 epochs, without noise and averaging. */
fl_baseline_spec fl_baseline_defaults(fl_baseline_kind kind, size_t features, size_t outputs,
                                      size_t hidden, uint64_t seed);

/* Parameters that are learned, biases included. */
size_t fl_baseline_parameters(const fl_baseline_spec *spec);

/* The width at which an mlp of so many hidden layers has a number of parameters nearest to
 * `parameters`; at least 1. That of a recurrent network of H units is D H + H^2 + 2 H C. */
size_t fl_baseline_width(size_t features, size_t outputs, int layers, size_t parameters);

typedef struct fl_baseline fl_baseline;

/* FL_EINVAL for a spec outside the ranges above, FL_ENOMEM. */
fl_status fl_baseline_new(fl_baseline **baseline, const fl_baseline_spec *spec);
void fl_baseline_free(fl_baseline *baseline);

/* `accuracy` is the share of examples whose largest output is that of their class (the first of
 * equal ones), or that have every bit right; `bits` the share of bits that are right (of classes
 * the accuracy again); `loss` as above. */
typedef struct fl_score {
    double accuracy, bits, loss;
} fl_score;

/* One epoch over the data, which have the sizes of the spec and a label always or never; *score is
 * that of each example when it was presented, before its step. Order and noise are functions of
 * (seed, FL_PURPOSE_LEARNING, epoch). FL_EINVAL for data of other sizes, FL_EDOMAIN if weights are
 * no longer finite, FL_STOPPED when effort->stop says so (the baseline is then of no more use);
 * `effort` may be NULL, its threads do not matter. */
fl_status fl_baseline_epoch(fl_baseline *baseline, const fl_dataset *train, const fl_effort *effort,
                            fl_score *score);

/* The schedule, the moments of Adam and the averages begin anew, the weights stay: to go on with
 * other data. Order and noise are other ones than before. */
void fl_baseline_restart(fl_baseline *baseline);

/* The outputs on data as they are, count x outputs, with the averaged weights once there are some.
 * FL_EINVAL for data of other sizes. */
fl_status fl_baseline_outputs(const fl_baseline *baseline, const fl_dataset *data, float *output);

/* The score on data as they are, with the averaged weights once there are some. FL_EINVAL for data
 * of other sizes. */
fl_status fl_baseline_evaluate(const fl_baseline *baseline, const fl_dataset *data,
                               fl_score *score);

#ifdef __cplusplus
}
#endif
#endif
