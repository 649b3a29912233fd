/* Inside the trainer: weights, and the state of a batch of examples. */
#ifndef FIXLAND_MC_LEARN_LEARNER_H
#define FIXLAND_MC_LEARN_LEARNER_H

#include "fixland/learn.h"
#include "mc/learn/links.h"
#include "mc/learn/training_list.h"
#include "mc/learn/weight_matrix.h"
#include "src/kernel/blocked.h"

/* J: within a module. FORWARD, BACKWARD: into module m from m - 1, from m + 1. OUT: from module m
 * to the readout. BACK: from the outputs to module m. */
typedef enum kind { KIND_J, KIND_IN, KIND_FORWARD, KIND_BACKWARD, KIND_OUT, KIND_BACK, KINDS } kind;

typedef struct weights {
    matrix *of[KINDS]; /* one a module; w = NULL where there is none */
} weights;

struct fl_learner {
    fl_training t;
    size_t features, outputs;
    uint64_t seed;
    size_t padded;  /* neurons of a module, a multiple of 16 */
    size_t neurons; /* of all modules, padding included */
    weights now, mean;
    uint64_t averaged;     /* how many weights the mean is of; 0: none yet */
    links *up, *down;      /* modules; from m to m + 1, to m - 1; NULL without such couplings */
    double pending[KINDS]; /* decay that waits to be applied */
    const fl_blocked *kernel;
    double least_work;     /* multiply-adds of a step for each thread of a team */
    bool alone;            /* one thread is at work */
    struct batch *scratch; /* of training steps, kept from epoch to epoch; NULL before the first */
};

static inline matrix *weight(const weights *w, kind k, size_t module) {
    return &w->of[k][module];
}

/* The threads of a team wait for one another, which one alone need not do (a system call, longer than
 * the work of a small network). */
static inline void team_meets(const fl_learner *l) {
    if (!l->alone) {
#pragma omp barrier
    }
}

/* Links from random neurons, `degree` each. */
static inline bool chain_is_sparse(const fl_training *t) {
    return t->chain == FL_CHAIN_SPARSE || t->chain == FL_CHAIN_PAIRED;
}

/* The first of the modules that are read, and of those that hear the feedback. */
static inline size_t first_read(const fl_learner *l) {
    return l->t.readout_from == FL_REACH_ALL ? 0 : l->t.modules - 1;
}

static inline size_t first_fed(const fl_learner *l) {
    return l->t.feedback_to == FL_REACH_ALL ? 0 : l->t.modules - 1;
}

fl_status weights_new(weights *w, const fl_learner *shape, const weights *like);
void weights_free(weights *w, size_t modules);

/* Does the run change weights of this kind? */
bool kind_learns(const fl_training *t, kind k);

/* The phases of a step, and the streams of their random numbers. Never renumbered. */
typedef enum phase { PHASE_FREE = 1, PHASE_TAUGHT, PHASE_WITHDRAWN, PHASE_START } phase;

/* Examples side by side. Arrays over (example, neuron) have a row of `neurons` an example; those
 * over (neuron, example), named _t, a row of `size`. */
typedef struct batch {
    const fl_learner *l;
    const weights *w; /* those the dynamics use */
    size_t size;      /* a multiple of 16 */
    size_t used;      /* examples in it */
    bool spins;       /* all inputs are 0, +1 or -1 */
    float *x_t, *h, *h_t, *field, *current, *before;
    const float
        *after;     /* the state that the rule makes stable: h, or (step) the one that follows h,
                         * in `before` */
    float *push;    /* direction forward: current and what comes from later modules */
    float *later;   /* where what comes from later modules goes: field, push or nowhere (NULL) */
    float *nothing; /* neurons: zeros */
    float
        *feedback; /* what is added to the fields in this phase: current, push or nothing (NULL) */
    float *u_t;    /* outputs x size: what comes back */
    float *out;    /* size x out_stride: readout */
    float *signal_t; /* outputs x size: what the readout learns, a_c or the error */
    size_t out_stride;
    uint32_t *columns; /* (example, neuron): changes of the last sweep, module by module ... */
    float *coef;
    size_t *changes;       /* (example, module): how many */
    uint16_t *allowed;     /* (example, block of 16): partial updates */
    uint32_t *order;       /* (example, neuron): asynchronous updates */
    const int8_t **target; /* example */
    int32_t *label;        /* -1: not classes */
    uint32_t *which;       /* (block of 16, example): who learns, and */
    float *lines;          /* (block of 16, 2, example, 16): what */
    float *share;          /* weight of the example in the hidden rule */
    bool *rest;            /* nothing left to change in this phase */
    uint64_t *flips, *agree_taught, *agree_withdrawn, *updates; /* updates: by block of 16 */
    bool *fixed, *correct;
    fl_rng *rng;    /* of the example, for updates */
    uint64_t awake; /* modules with non-zero states, a bit each; written by one thread */
} batch;

fl_status batch_new(batch *b, const fl_learner *l, size_t size);
void batch_free(batch *b);

/* The functions below are called by all threads of a team (or by one alone); each ends with all of
 * its work done. */

/* Example e of the batch becomes row `row` of the data, with noise where the learner trains. */
void batch_load(batch *b, const fl_dataset *data, const uint32_t *rows, size_t used, uint64_t epoch,
                bool training);

/* Fields of the state that the phases begin with, unless it is 0. */
void batch_start(batch *b);

/* Up to `sweeps` sweeps, in the taught phase with the feedback current; ends when all are at rest.
 */
void batch_sweeps(batch *b, size_t sweeps, phase which);

/* h_t follows h. */
void batch_transpose(batch *b);

/* out = W_out h, or the state of the last module; h_t follows h. */
void batch_read(batch *b);

/* after = what the next sweep of the taught phase would make of h, which stays; out = the fields in
 * the last module that make it without feedback. */
void batch_step(batch *b);

/* Remembers h; later, how many neurons still agree. */
void batch_remember(batch *b);
void batch_compare(batch *b, uint64_t *agree);

/* correct: by the readout as it stands; fixed: no neuron of h unstable without feedback. */
void batch_judge(batch *b);
void batch_stability(batch *b);

/* u_t and current from target and readout, share. */
void batch_teach(batch *b);

/* signal_t, from the readout. */
void batch_signal(batch *b);

/* The rules. `rate`: common factor of all rates, the schedule. */
void learn_readout(fl_learner *l, batch *b, double rate);
void learn_hidden(fl_learner *l, batch *b, double rate);

/* Decay: before the rules; and after them (`last`: whatever waits is applied). */
void learn_decay(fl_learner *l, double rate, size_t used);
void learn_settle(fl_learner *l, bool last);

/* The weights as they stand enter the averages. */
void learn_average(fl_learner *l);

#endif
