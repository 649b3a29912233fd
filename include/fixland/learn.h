/* Learning by steering the dynamics: a recurrent network of binary neurons, pushed by an input and,
 * for a while, by a feedback that depends on the target; a local rule makes the configuration that
 * it settles in stable. No gradient, no transported weights. arXiv 2509.05041, 2510.11984;
 * doc/learning-rules.md has the formulas.
 *
 * Network: L modules of H neurons, h_i = +-1. Field of neuron i of module m without feedback
 *
 *   f_i = sum_j J^m_ij h_j + J_D h_i                     couplings within the module
 *       + sum_k W_in,ik x_k, or lambda_in x_i            input (first module, or all)
 *       + left sum over partners in m-1 of h_j           fixed excitatory couplings of neighbours
 *       + right sum over partners in m+1 of h_j
 *       + sum_j F_ij h^{m-1}_j + sum_j G_ij h^{m+1}_j    dense learned blocks, when chosen
 *
 * Sweeps set h_i to the sign of f_i + b_i (a field of zero leaves it), b_i the feedback current,
 * b = strength W_back u(target, readout) or strength lambda_back u, in three phases: free (no
 * feedback), taught (with feedback), withdrawn (without again). With direction forward what comes
 * from later modules (the terms right and G) is there in the taught phase alone: the rule, the
 * other phases and inference do without it. Readout f_out = W_out h^L (of all modules when it is
 * read from all), or the state h^L itself.
 *
 * Arithmetic is float32 and every sum has one order: results are equal to the bit for any number
 * of threads and every kernel. */
#ifndef FIXLAND_LEARN_H
#define FIXLAND_LEARN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "fixland/dataset.h"
#include "fixland/effort.h"
#include "fixland/field.h"
#include "fixland/meta.h"
#include "fixland/network.h"
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
    FL_CHAIN_BOTH,     /* dense learned blocks to the next and to the one before */
    FL_CHAIN_PAIRED    /* sparse, but what drives a neuron from the left is driven by it */
} fl_chain;

/* How the input arrives: through weights W_in, or as a field lambda_in x_i on neuron i (as many
 * features as neurons of a module). */
typedef enum fl_input { FL_INPUT_DENSE, FL_INPUT_DIRECT } fl_input;

/* Where the target is: in a readout of its own, or in the state of the last module (as many outputs
 * as neurons of a module), which the label reaches as a field lambda_back y_i on neuron i. */
typedef enum fl_target { FL_TARGET_READOUT, FL_TARGET_STATE } fl_target;

typedef enum fl_direction { FL_DIRECTION_BOTH, FL_DIRECTION_FORWARD } fl_direction;

/* The state that the first phase and inference begin with: 0, random signs, or in every module the
 * signs of the input (as many features as neurons of a module). */
typedef enum fl_start { FL_START_ZERO, FL_START_RANDOM, FL_START_INPUT } fl_start;

/* Which modules get the feedback, or are read. */
typedef enum fl_reach { FL_REACH_LAST, FL_REACH_ALL } fl_reach;

/* What stays on when the feedback is withdrawn, with direction forward. */
typedef enum fl_keeps { FL_KEEPS_NONE, FL_KEEPS_RIGHT } fl_keeps;

/* Which field of a hidden neuron the margin is on: what remains without the self-coupling and
 * without what stable partners in use give (so J_D and the fixed chain cancel), or all but the
 * self-coupling. */
typedef enum fl_margin_of { FL_MARGIN_OF_REST, FL_MARGIN_OF_FIELD } fl_margin_of;

/* What the rule makes stable: the last state, or the step to it. Of a step the presynaptic neurons
 * are those of the state before, so that J_ij learns from h_j then and h_i one step later, and
 * becomes asymmetric: sequences. */
typedef enum fl_rule_on { FL_RULE_ON_STATE, FL_RULE_ON_STEP } fl_rule_on;

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
    double lambda_left, lambda_right; /* strengths of the fixed couplings from the module before and
                                       * from the one after; NAN: lambda where the chain is fixed,
                                       * 0 beside dense blocks */
    size_t degree;
    fl_input input;
    fl_target target;
    bool input_all; /* input to every module, not only the first */
    fl_reach feedback_to, readout_from;
    double lambda_in, lambda_back; /* W_in = lambda_in N(0,1)/sqrt(D), W_back = lambda_back
                                    * N(0,1)/sqrt(C); or the strengths of the fields */
    /* dynamics */
    fl_direction direction;
    fl_start start;
    fl_keeps withdrawn_keeps;
    fl_update update;
    double p; /* partial: probability that a neuron is updated in a sweep */
    size_t free_sweeps, taught_sweeps, withdrawn_sweeps; /* at most; a phase ends at rest */
    size_t inference_sweeps;
    /* teacher */
    fl_teacher teacher;
    fl_amplitudes amplitudes;
    double strength; /* factor on the feedback current */
    double winner_margin;
    /* hidden rule: neuron i learns where h_i f_i <= margin + J_D, and (of rest) + strength a
     * partner in use, f without feedback; with `softness` beta > 0 it learns with weight 1/(1 +
     * exp(beta (h_i f_i - margin - ...))) instead */
    fl_rule_on rule_on; /* step: with h_i of the last taught sweep, all else of the state before it,
                         * and J_D counts; synchronous, target state, teacher label, margin of field,
                         * nothing withdrawn, at least one taught sweep */
    fl_margin_of margin_of;
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
    size_t epochs;      /* may be 0: the network as it was drawn */
    bool rate_decay;    /* rates fall linearly to zero over the epochs */
    size_t average;     /* evaluate with weights averaged over the last so many epochs; 0: no */
} fl_training;

/* Fills in a preset: reference-small, reference-large, two-module, rule-l, rule-h, rule-e,
 * rule-a, hetero-chain, hetero-dense, hierarchy, recall, sequence.
 * FL_EUSAGE for another name. fl_preset_name(k) lists them, NULL at the end. */
fl_status fl_training_preset(fl_training *training, const char *name);
const char *fl_preset_name(size_t k);

/* The parameters as a table (field.h). */
const fl_field *fl_training_fields(size_t *count);

/* FL_EINVAL, with the sentence, for numbers out of range. */
fl_status fl_training_check(const fl_training *training);

/* Every parameter into the provenance. FL_ENOMEM. */
fl_status fl_training_describe(const fl_training *training, fl_meta *meta);

typedef struct fl_learner fl_learner;

/* A network with its random couplings, a function of (training, features, outputs, seed). The
 * training is copied. FL_EINVAL for a training that fl_training_check refuses, or where input,
 * start or target ask for as many features or outputs as neurons of a module and there are others;
 * FL_ENOMEM. */
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
    double taught_overlap;    /* of the free and the last taught state (rule on step: of the last
                               * two) */
} fl_epoch;

/* The strengths of the fixed couplings in use, with NAN resolved. */
double fl_training_left(const fl_training *training);
double fl_training_right(const fl_training *training);

/* Epoch number k = 0, 1, ... in the order of a random permutation, a function of (seed, k).
 * FL_EINVAL for data of another shape or no threads; FL_STOPPED when effort->stop says so, which
 * leaves the learner somewhere within the epoch; FL_ENOMEM. */
fl_status fl_learner_epoch(fl_learner *learner, const fl_dataset *data, size_t k,
                           const fl_effort *effort, fl_epoch *seen);

/* Inference on every example with the (averaged, if so) weights. For targets that are not classes
 * accuracy is the fraction of examples with every output right. states: NULL, or count x
 * fl_spins_words(H L) words: the last state, module by module; output: NULL, or count x outputs.
 * Errors as fl_learner_epoch. FL_EINVAL for data of another shape, FL_ENOMEM, FL_STOPPED. */
fl_status fl_learner_evaluate(const fl_learner *learner, const fl_dataset *data,
                              const fl_effort *effort, fl_epoch *seen, uint64_t *states,
                              float *output);

/* What a learner recalls of pairs: means over them. */
typedef struct fl_recall {
    double learned;        /* every bit of the target right */
    double overlap;        /* (1/C) sum_c z_c sign(output_c) */
    double nearest;        /* the target is the nearest of all (equally near ones share) */
    double bits;           /* bits of the target that are right */
    double fixed_fraction; /* as in fl_epoch */
} fl_recall;

/* Shows every input of the pairs. Errors as fl_learner_evaluate. */
fl_status fl_learner_recall(const fl_learner *learner, const fl_dataset *pairs,
                            const fl_effort *effort, fl_recall *recall);

/* Shows the first pattern of every sequence, and then, length - 2 times, the signs of the output that
 * this gave (+1 for 0): pairs as fl_data_load makes them of `sequences`, of whole sequences, as many
 * features as outputs; the first of each sequence may be damaged, the others are not looked at but
 * for their targets. learned: sequences with every bit of every step right; the others as above, at
 * the last step (nearest: of all last targets). FL_EINVAL for other pairs or a length below 2. */
fl_status fl_learner_recall_sequences(const fl_learner *learner, const fl_dataset *pairs,
                                      size_t length, const fl_effort *effort, fl_recall *recall);

/* Overlaps (1/H) sum_i h_i h'_i of the states of two examples in a module, mean over pairs. */
typedef struct fl_class_overlap {
    double mean, error; /* jackknifed over examples, which pairs share */
    double pairs;
} fl_class_overlap;

/* overlaps[2 m] of pairs of the same class in module m, overlaps[2 m + 1] of different classes;
 * `states` as fl_learner_evaluate gives them. FL_EDOMAIN for data without classes, FL_ENOMEM. */
fl_status fl_learner_overlaps(const fl_learner *learner, const fl_dataset *data,
                              const uint64_t *states, fl_class_overlap *overlaps);

/* The couplings that act at inference as one network of H L neurons, module after module, J_D on
 * the diagonal; of averaged weights unless `last`. FL_ENOMEM. */
fl_status fl_learner_network(const fl_learner *learner, bool last, fl_network *network);

/* The field that an input of `features` numbers lays on each of the H L neurons of that network;
 * 0 where a module hears nothing of it. FL_ENOMEM. */
fl_status fl_learner_input(const fl_learner *learner, bool last, const float *x, double *field);

/* The couplings J_ij, i != j, among the neurons of one module of it, and how many of these neurons a
 * configuration leaves unstable under such a field (exactly: up to rounding in double). */
typedef struct fl_module_couplings {
    double mean, variance; /* in units of 1/H */
    double symmetry;       /* correlation of J_ij and J_ji */
} fl_module_couplings;

fl_module_couplings fl_network_module(const fl_network *network, size_t hidden, size_t module);
size_t fl_module_unstable(const fl_network *network, size_t hidden, size_t module,
                          const uint64_t *spins, const double *field);

/* All that a run must keep, after whole epochs, to go on to the same bits: matrices by name, the
 * number of the module behind it, rows x columns, float32, row by row:
 *   J0          H x H, within module 0, zero diagonal (absent when coupling and rate_J are 0)
 *   W_in0       H x D
 *   F1, G0      H x H, dense blocks into module 1 from 0, into 0 from 1
 *   W_out0      C x H, readout of module 0
 *   W_back0     H x C
 *   average/... means of those that learn, and average/count (1 x 1)
 *   up0, down1  H x degree: neuron i of module 1 is driven by neurons up0[i] of module 0, neuron i
 * of 0 by neurons down1[i] of 1, with strength left and right, over sqrt(degree) in sparse chains;
 * in paired ones down1[i] are the neurons of 0 that neuron i of 1 drives, those of up0[i]
 * FL_EINVAL for k beyond the last array. */
size_t fl_learner_arrays(const fl_learner *learner);
fl_status fl_learner_array(const fl_learner *learner, size_t k, char name[32], size_t *rows,
                           size_t *columns);
void fl_learner_get(const fl_learner *learner, size_t k, float *values);
/* FL_EFORMAT for values that are not finite or, for "up0" and the like, no neurons. */
fl_status fl_learner_set(fl_learner *learner, size_t k, const float *values);

/* All of `from` but its averages into `to`: training goes on from there. FL_EMISMATCH where `to` has
 * an array that `from` has not in that size, FL_ENOMEM. */
fl_status fl_learner_copy(fl_learner *to, const fl_learner *from);

#ifdef __cplusplus
}
#endif
#endif
