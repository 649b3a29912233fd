/* Learning by steering the dynamics: a recurrent network of binary neurons, pushed by an input and,
 * for a while, by a feedback that depends on the target; a local rule makes the configuration that
 * it settles in stable. No gradient, no transported weights. arXiv 2509.05041, 2510.11984;
 * doc/learning-rules.md has the formulas.
 *
 * Network: L modules of H neurons, h_i = +-1. Field of neuron i of module m without feedback
 *
 *   f_i = sum_j J^m_ij h_j + J_D h_i                     couplings within the module
 *       + sum_k W_in,ik x_k                              input (first module, or all)
 *       + lambda sum over partners of h_j                fixed excitatory couplings of neighbours
 *       + sum_j F_ij h^{m-1}_j + sum_j G_ij h^{m+1}_j    dense learned blocks, when chosen
 *
 * Start h = 0. Sweeps set h_i to the sign of f_i + b_i (a field of zero leaves it), b_i the
 * feedback current, b = strength W_back u(target, readout), in three phases: free (no feedback),
 * taught (with feedback), withdrawn (without again). Readout f_out = W_out h^L (all modules with
 * skips).
 *
 * Arithmetic is float32 and every sum has one order: results are equal to the bit for any number
 * of threads and every kernel. */
#ifndef FIXLAND_LEARN_H
#define FIXLAND_LEARN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "fixland/dataset.h"
#include "fixland/meta.h"
#include "fixland/status.h"

#ifdef __cplusplus
extern "C" {
#endif

/* How neighbouring modules are coupled (besides J within each). */
typedef enum fl_chain {
    FL_CHAIN_IDENTITY, /* lambda h_i of both neighbours, fixed: the chain of the papers */
    FL_CHAIN_SPARSE,   /* lambda/sqrt(degree) on `degree` random neurons of each neighbour, fixed,
                        * excitatory */
    FL_CHAIN_FORWARD,  /* dense learned block from each module to the next, lambda
                        * N(0,1)/sqrt(H) at the start */
    FL_CHAIN_BOTH      /* dense learned blocks to the next and to the one before */
} fl_chain;

typedef enum fl_update { FL_UPDATE_SYNC, FL_UPDATE_PARTIAL, FL_UPDATE_ASYNC } fl_update;

/* What comes back through W_back. */
typedef enum fl_teacher {
    FL_TEACHER_LABEL,  /* the target, with the amplitudes of `amplitudes` */
    FL_TEACHER_SCALAR, /* the same; the sample's hidden updates are weighted by the error scalar
                        * 1/(1 + exp(f_target - largest other)) */
    FL_TEACHER_WINNER, /* target - the best of the other outputs, for samples whose readout margin
                        * (the difference of the two) is at most `winner_margin` */
    FL_TEACHER_ERROR   /* target - softmax of the readout */
} fl_teacher;

/* Amplitudes u of the label and a of the readout rule: those of the reference implementation
 * (u: +sqrt(C)/2, -1/2; a: +C/4, -sqrt(C)/4), or the plain +1, -1. Targets that are not classes
 * always take the plain ones. */
typedef enum fl_amplitudes { FL_AMPLITUDES_REFERENCE, FL_AMPLITUDES_PLAIN } fl_amplitudes;

typedef enum fl_readout {
    FL_READOUT_PERCEPTRON, /* W_out += rate a_c h where a_c f_c <= margin_out, one against rest */
    FL_READOUT_DELTA       /* W_out += rate (target - softmax) h */
} fl_readout;

/* Everything that decides a training run but data and seed. All rates are what a single sample
 * adds, before the division by sqrt(batch): */
typedef struct fl_training {
    /* architecture */
    size_t hidden, modules; /* H, L */
    double jd;              /* self-coupling J_D */
    double coupling;        /* J_ij = coupling N(0,1)/sqrt(H); 1 is the model; 0: none */
    double symmetry;        /* corr(J_ij, J_ji) at the start, in [-1, 1] */
    fl_chain chain;
    double lambda;
    size_t degree;
    bool input_all; /* input to every module, not only the first */
    bool skips;     /* readout from, and feedback to, every module, not only the last */
    double lambda_in, lambda_back; /* W_in = lambda_in N(0,1)/sqrt(D), W_back = lambda_back
                                    * N(0,1)/sqrt(C) */
    /* dynamics */
    fl_update update;
    double p; /* partial: probability that a neuron is updated in a sweep */
    size_t free_sweeps, taught_sweeps, withdrawn_sweeps; /* at most; a phase ends at rest */
    size_t inference_sweeps;
    /* teacher */
    fl_teacher teacher;
    fl_amplitudes amplitudes;
    double strength; /* factor on the feedback current */
    double winner_margin;
    /* hidden rule: neuron i learns where h_i f_i <= margin + J_D + lambda a partner, f without
     * feedback, so the self-coupling and the chain cancel; with `softness` beta > 0 it learns with
     * weight 1/(1 + exp(beta (h_i f_i - margin - ...))) instead */
    double margin, softness;
    bool agreement;                     /* only where h_i b_i > 0 */
    double grade;                       /* > 0: with weight min(|b_i|/grade, 1) */
    double rate_J, rate_in, rate_chain; /* J_ij += rate_J/sqrt(H) h_i h_j, W_in,ik += rate_in
                                         * lambda_in/sqrt(D) h_i x_k, F, G as J */
    /* readout rule */
    fl_readout readout;
    bool readout_free;           /* learns on the free state, not on the last one */
    double margin_out, rate_out; /* W_out += rate_out/sqrt(H) a_c h */
    double rate_back;            /* W_back += rate_back times the transpose of what W_out gets, per
                                  * rate_out; 0: fixed */
    /* all */
    double decay_J, decay_in, decay_out; /* factor 1 - decay * rate/sqrt(batch) a batch, rate with
                                          * its scaling */
    size_t batch;
    double input_noise; /* probability that an input bit is flipped, in training */
    size_t epochs;
    bool rate_decay; /* rates fall linearly to zero over the epochs */
    size_t average;  /* evaluate with weights averaged over the last so many epochs; 0: no */
} fl_training;

/* Fills in a preset: reference-small, reference-large, two-module, rule-l, rule-h, rule-e, rule-a.
 * FL_EUSAGE for another name. fl_preset_name(k) lists them, NULL at the end. */
fl_status fl_training_preset(fl_training *training, const char *name);
const char *fl_preset_name(size_t k);

/* The parameters as a table: options, checks and provenance come from it. */
typedef struct fl_training_field {
    const char *name; /* as an option */
    enum {
        FL_FIELD_SIZE,
        FL_FIELD_REAL,
        FL_FIELD_FLAG,
        FL_FIELD_CHOICE
    } type;              /* size_t, double,
                          * bool, an enum */
    size_t offset;       /* in fl_training */
    double low, high;    /* ends included */
    const char *choices; /* "sync|partial|async" */
    const char *help;
} fl_training_field;

const fl_training_field *fl_training_fields(size_t *count);

/* A field's value as it would be typed ("yes", "no" for flags). */
void fl_training_format(const fl_training *training, const fl_training_field *field, char text[64]);

/* FL_EINVAL, with the sentence, for numbers out of range. */
fl_status fl_training_check(const fl_training *training);

/* Every parameter into the provenance. FL_ENOMEM. */
fl_status fl_training_describe(const fl_training *training, fl_meta *meta);

typedef struct fl_learner fl_learner;

/* A network with its random couplings, a function of (training, features, outputs, seed). The
 * training is copied. FL_EINVAL as fl_training_check and for no features or outputs, FL_ENOMEM. */
fl_status fl_learner_new(fl_learner **learner, const fl_training *training, size_t features,
                         size_t outputs, uint64_t seed);
void fl_learner_free(fl_learner *learner);
const fl_training *fl_learner_training(const fl_learner *learner);

/* What an epoch, or an evaluation, saw; all are means over examples (and neurons). */
typedef struct fl_epoch {
    double accuracy;         /* of the readout: in training on the state it learns on, as it goes */
    double fixed_fraction;   /* of examples whose last state is a fixed point without feedback */
    double flips_per_neuron; /* an example, all phases */
    double hidden_updates;   /* fraction of (neuron, example) that learned */
    double withdrawn_overlap; /* of the state before and after withdrawal; 1 without */
    double taught_overlap;    /* of the free and the last taught state */
} fl_epoch;

/* Epoch number k = 0, 1, ... in the order of a random permutation, a function of (seed, k).
 * `threads` >= 1. FL_EINVAL for data of another shape. */
fl_status fl_learner_epoch(fl_learner *learner, const fl_dataset *data, size_t k, int threads,
                           fl_epoch *seen);

/* Inference on every example with the (averaged, if so) weights. For targets that are not classes
 * accuracy is the fraction of examples with every output right. states: NULL, or count x
 * fl_spins_words(H L) words: the last state, module by module; output: NULL, or count x outputs.
 * FL_EINVAL for data of another shape, FL_ENOMEM. */
fl_status fl_learner_evaluate(const fl_learner *learner, const fl_dataset *data, int threads,
                              fl_epoch *seen, uint64_t *states, float *output);

/* All that a run must keep, after whole epochs, to go on to the same bits: matrices by name, the
 * number of the module behind it, rows x columns, float32, row by row:
 *   J0          H x H, within module 0, zero diagonal (absent when coupling and rate_J are 0)
 *   W_in0       H x D
 *   F1, G0      H x H, dense blocks into module 1 from 0, into 0 from 1
 *   W_out0      C x H, readout of module 0
 *   W_back0     H x C
 *   average/... means of those that learn, and average/count (1 x 1)
 *   up0, down1  H x degree: neuron i of module 1 is driven by neurons up0[i] of module 0, neuron i
 * of 0 by neurons down1[i] of 1, with strength lambda (identity) or lambda/sqrt(degree)
 * FL_EINVAL for k beyond the last array. */
size_t fl_learner_arrays(const fl_learner *learner);
fl_status fl_learner_array(const fl_learner *learner, size_t k, char name[32], size_t *rows,
                           size_t *columns);
void fl_learner_get(const fl_learner *learner, size_t k, float *values);
/* FL_EFORMAT for values that are not finite or, for "up0" and the like, no neurons. */
fl_status fl_learner_set(fl_learner *learner, size_t k, const float *values);

#ifdef __cplusplus
}
#endif
#endif
