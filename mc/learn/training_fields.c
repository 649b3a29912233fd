/* The parameters of a training run: one table for checks, provenance and options. */
#include <math.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include "fixland/learn.h"
#include "fixland/table.h"
#include "mc/learn/learner.h"
#include "mc/learn/parameters.h"

#define SIZE(field, name_, low_, high_, help_)                                                     \
    {                                                                                              \
        .name = name_, .type = FL_FIELD_SIZE, .offset = offsetof(fl_training, field), .low = low_, \
        .high = high_, .help = help_                                                               \
    }
#define REAL(field, name_, low_, high_, help_)                                                     \
    {                                                                                              \
        .name = name_, .type = FL_FIELD_REAL, .offset = offsetof(fl_training, field), .low = low_, \
        .high = high_, .help = help_                                                               \
    }
#define OPEN(field, name_, low_, high_, unset_, help_)                                             \
    {                                                                                              \
        .name = name_, .type = FL_FIELD_REAL, .offset = offsetof(fl_training, field), .low = low_, \
        .high = high_, .unset = unset_, .help = help_                                              \
    }
#define BOTH(one, other, name_, help_)                                                             \
    {                                                                                              \
        .name = name_, .type = FL_FIELD_BOTH, .offset = offsetof(fl_training, one),                \
        .also = offsetof(fl_training, other), .help = help_                                        \
    }
#define FLAG(field, name_, help_)                                                                  \
    { .name = name_, .type = FL_FIELD_FLAG, .offset = offsetof(fl_training, field), .help = help_ }
#define CHOICE(field, name_, choices_, help_)                                                      \
    {                                                                                              \
        .name = name_, .type = FL_FIELD_CHOICE, .offset = offsetof(fl_training, field),            \
        .choices = choices_, .help = help_                                                         \
    }

static const fl_training_field fields[] = {
    SIZE(hidden, "hidden", 1, 1e6, "neurons of a module, H"),
    SIZE(modules, "modules", 1, MODULES_MAX, "modules, L"),
    REAL(jd, "jd", -1e6, 1e6, "self-coupling J_D"),
    REAL(coupling, "coupling", 0, 1e6,
         "couplings within a module are this times N(0,1)/sqrt(H); 0 without learning: none"),
    REAL(symmetry, "symmetry", -1, 1, "correlation of J_ij and J_ji at the start"),
    CHOICE(chain, "chain", "identity|sparse|forward|both",
           "couplings of neighbouring modules: lambda between equal neurons; lambda/sqrt(degree) "
           "from random neurons; dense learned blocks to the next module; to both neighbours"),
    REAL(lambda, "lambda", -1e6, 1e6, "strength of the couplings between modules"),
    OPEN(lambda_left, "lambda-left", -1e6, 1e6, "chain",
         "strength of the fixed couplings from the module before; beside learned blocks they join "
         "equal neurons (unset: lambda in a fixed chain, none beside learned blocks)"),
    OPEN(lambda_right, "lambda-right", -1e6, 1e6, "chain", "the same from the module after"),
    SIZE(degree, "degree", 1, 1e6, "with --chain sparse, neurons that drive each from a neighbour"),
    FLAG(input_all, "input-all", "input to every module, not only to the first"),
    CHOICE(input, "input", "dense|direct",
           "through weights W_in, or as a field lambda_in x_i on neuron i (D = H)"),
    CHOICE(target, "target", "readout|state",
           "outputs are a readout W_out h, or the neurons of the last module (C = H), which the "
           "label reaches as a field lambda_back y_i"),
    BOTH(feedback_to, readout_from, "skips",
         "feedback to and readout from every module, not only the last: both of the next two"),
    CHOICE(feedback_to, "feedback-to", "last|all", "which modules the feedback reaches"),
    CHOICE(readout_from, "readout-from", "last|all", "which modules are read out"),
    REAL(lambda_in, "lambda-in", 0, 1e6,
         "input weights are this times N(0,1)/sqrt(D); direct: strength of the field"),
    REAL(lambda_back, "lambda-back", 0, 1e6,
         "feedback weights are this times N(0,1)/sqrt(C); target state: strength of the field"),
    CHOICE(direction, "direction", "both|forward",
           "forward: what comes from later modules acts only while the feedback does, and the rule "
           "leaves it out"),
    CHOICE(start, "start", "zero|random|input",
           "states that an example begins with; input: its signs in every module (D = H)"),
    CHOICE(update, "update", "sync|partial|async", "order of the dynamics"),
    REAL(p, "p", 0, 1, "with --update partial, probability of an update in a sweep"),
    SIZE(free_sweeps, "free-sweeps", 0, 1e6, "sweeps before the feedback, at most"),
    SIZE(taught_sweeps, "taught-sweeps", 0, 1e6, "sweeps with the feedback, at most"),
    SIZE(withdrawn_sweeps, "withdrawn-sweeps", 0, 1e6, "sweeps after its withdrawal, at most"),
    CHOICE(withdrawn_keeps, "withdrawn-keeps", "none|right",
           "with --direction forward: after the withdrawal, what comes from later modules stays "
           "off, or on"),
    SIZE(inference_sweeps, "inference-sweeps", 1, 1e6, "sweeps of an inference, at most"),
    CHOICE(teacher, "teacher", "label|scalar|winner|error",
           "what comes back: the label; the label, updates weighted by a scalar error; label minus "
           "the best of the others; label minus softmax"),
    CHOICE(amplitudes, "amplitudes", "reference|plain",
           "of the label: those of the reference implementation, or +1 and -1"),
    REAL(strength, "strength", 0, 1e6, "factor on the feedback"),
    REAL(winner_margin, "winner-margin", -1e6, 1e6,
         "with --teacher winner, margin of the readout above which nothing comes back"),
    REAL(margin, "margin", -1e6, 1e6,
         "a hidden neuron learns where its aligned field is at most this"),
    CHOICE(margin_of, "margin-of", "rest|field",
           "the margin is on what remains without J_D and what stable neighbours in the chain give, "
           "or on all but J_D"),
    REAL(softness, "softness", 0, 1e6,
         "beta > 0: learn with weight 1/(1 + exp(beta (aligned field - margin)))"),
    FLAG(agreement, "agreement", "learn only neurons that agree with their feedback"),
    REAL(grade, "grade", 0, 1e6, "a neuron learns with weight min(|feedback|/grade, 1); 0: with 1"),
    REAL(rate_J, "rate-j", 0, 1e6, "rate of J, times 1/sqrt(H)"),
    REAL(rate_in, "rate-in", 0, 1e6, "rate of the input weights, times lambda_in/sqrt(D)"),
    REAL(rate_chain, "rate-chain", 0, 1e6,
         "rate of learned blocks between modules, times 1/sqrt(H)"),
    CHOICE(readout, "readout", "perceptron|delta", "rule of the readout"),
    FLAG(readout_free, "readout-free", "the readout learns on the state before the feedback"),
    REAL(margin_out, "margin-out", -1e6, 1e6, "margin of the perceptron readout"),
    REAL(rate_out, "rate-out", 0, 1e6, "rate of the readout, times 1/sqrt(H)"),
    REAL(rate_back, "rate-back", 0, 1e6,
         "rate at which feedback weights follow the readout's changes; 0: fixed"),
    REAL(decay_J, "decay-j", 0, 1e6, "decay of J and of learned blocks, per rate"),
    REAL(decay_in, "decay-in", 0, 1e6, "decay of the input weights, per rate"),
    REAL(decay_out, "decay-out", 0, 1e6, "decay of the readout and learned feedback, per rate"),
    SIZE(batch, "batch", 1, 65536, "examples a step; what they add is divided by its root"),
    REAL(input_noise, "input-noise", 0, 0.5,
         "probability that an input bit is flipped in training"),
    SIZE(epochs, "epochs", 0, 1e6, "passes over the examples; 0: the network as it is drawn"),
    FLAG(rate_decay, "rate-decay", "rates fall linearly to 0 over the epochs"),
    SIZE(average, "average", 0, 1e6,
         "evaluate with weights averaged over the last so many epochs; 0: with the last ones"),
};

enum { FIELDS = sizeof fields / sizeof *fields };

const fl_training_field *fl_training_fields(size_t *count) {
    *count = FIELDS;
    return fields;
}

static size_t words_in(const char *choices) {
    size_t count = 1;
    for (; *choices; choices++)
        count += *choices == '|';
    return count;
}

double fl_training_left(const fl_training *t) {
    bool fixed = t->chain == FL_CHAIN_IDENTITY || t->chain == FL_CHAIN_SPARSE;
    return !isnan(t->lambda_left) ? t->lambda_left : fixed ? t->lambda : 0;
}

double fl_training_right(const fl_training *t) {
    bool fixed = t->chain == FL_CHAIN_IDENTITY || t->chain == FL_CHAIN_SPARSE;
    return !isnan(t->lambda_right) ? t->lambda_right : fixed ? t->lambda : 0;
}

static double highest(const fl_training_field *f) {
    return f->type == FL_FIELD_CHOICE                            ? (double)words_in(f->choices) - 1
           : f->type == FL_FIELD_FLAG || f->type == FL_FIELD_BOTH ? 1
                                                                  : f->high;
}

/* What would have no effect, or has no meaning. */
static fl_status check_together(const fl_training *t) {
    if (t->update == FL_UPDATE_PARTIAL && !(t->p > 0))
        return fl_fail(FL_EINVAL, "p = %g; allowed: above 0, at most 1", t->p);
    if (t->chain == FL_CHAIN_SPARSE && t->modules > 1 && t->degree > t->hidden)
        return fl_fail(FL_EINVAL, "degree = %zu; allowed: at most the %zu neurons of a module",
                       t->degree, t->hidden);
    if (t->target == FL_TARGET_STATE && t->readout_from == FL_REACH_ALL)
        return fl_fail(FL_EINVAL, "readout-from = all with target = state, where nothing is read "
                                  "out; allowed: last");
    if (t->withdrawn_keeps == FL_KEEPS_RIGHT && t->direction == FL_DIRECTION_BOTH)
        return fl_fail(FL_EINVAL, "withdrawn-keeps = right with direction = both, where all stays "
                                  "on; allowed: none, or direction = forward");
    return FL_OK;
}

fl_status fl_training_check(const fl_training *t) {
    for (size_t k = 0; k < FIELDS; k++) {
        const fl_training_field *f = &fields[k];
        double value = parameter_get(t, f), high = highest(f);
        if (f->unset && isnan(value))
            continue;
        if (!(value >= f->low && value <= high))
            return fl_fail(FL_EINVAL, "%s = %g; allowed: from %g to %g", f->name, value, f->low,
                           high);
    }
    return check_together(t);
}

static void word(char *text, size_t size, const char *choices, int index) {
    for (; index > 0; index--)
        choices = strchr(choices, '|') + 1;
    snprintf(text, size, "%.*s", (int)strcspn(choices, "|"), choices);
}

void fl_training_format(const fl_training *t, const fl_training_field *f, char text[64]) {
    double value = parameter_get(t, f);
    if (f->type == FL_FIELD_CHOICE)
        word(text, 64, f->choices, (int)value);
    else if (f->type == FL_FIELD_FLAG || f->type == FL_FIELD_BOTH)
        snprintf(text, 64, "%s", value != 0 ? "yes" : "no");
    else if (f->unset && isnan(value))
        snprintf(text, 64, "%s", f->unset);
    else
        fl_format_real(text, value);
}

fl_status fl_training_describe(const fl_training *training, fl_meta *meta) {
    char text[64];
    for (size_t k = 0; k < FIELDS; k++) {
        if (fields[k].type == FL_FIELD_BOTH)
            continue;
        fl_training_format(training, &fields[k], text);
        FL_CHECK(fl_meta_set(meta, fields[k].name, "%s", text));
    }
    return FL_OK;
}
