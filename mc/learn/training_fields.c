/* The parameters of a training run: one table for checks, provenance and options. */
#include <math.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include "fixland/learn.h"
#include "fixland/table.h"
#include "mc/learn/learner.h"

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
    SIZE(degree, "degree", 1, 1e6, "with --chain sparse, neurons that drive each from a neighbour"),
    FLAG(input_all, "input-all", "input to every module, not only to the first"),
    FLAG(skips, "skips", "readout from and feedback to every module, not only the last"),
    REAL(lambda_in, "lambda-in", 0, 1e6, "input weights are this times N(0,1)/sqrt(D)"),
    REAL(lambda_back, "lambda-back", 0, 1e6, "feedback weights are this times N(0,1)/sqrt(C)"),
    CHOICE(update, "update", "sync|partial|async", "order of the dynamics"),
    REAL(p, "p", 0, 1, "with --update partial, probability of an update in a sweep"),
    SIZE(free_sweeps, "free-sweeps", 1, 1e6, "sweeps before the feedback, at most"),
    SIZE(taught_sweeps, "taught-sweeps", 0, 1e6, "sweeps with the feedback, at most"),
    SIZE(withdrawn_sweeps, "withdrawn-sweeps", 0, 1e6, "sweeps after its withdrawal, at most"),
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
    SIZE(epochs, "epochs", 1, 1e6, "passes over the examples"),
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

/* The field's value; choices and flags as numbers. */
static double value_of(const fl_training *t, const fl_training_field *f) {
    const char *at = (const char *)t + f->offset;
    switch (f->type) {
    case FL_FIELD_SIZE:
        return (double)*(const size_t *)(const void *)at;
    case FL_FIELD_REAL:
        return *(const double *)(const void *)at;
    case FL_FIELD_FLAG:
        return *(const bool *)(const void *)at;
    default:
        return *(const int *)(const void *)at;
    }
}

fl_status fl_training_check(const fl_training *t) {
    for (size_t k = 0; k < FIELDS; k++) {
        const fl_training_field *f = &fields[k];
        double value = value_of(t, f), high = f->type == FL_FIELD_CHOICE
                                                  ? (double)words_in(f->choices) - 1
                                              : f->type == FL_FIELD_FLAG ? 1
                                                                         : f->high;
        if (!(value >= f->low && value <= high))
            return fl_fail(FL_EINVAL, "%s = %g; allowed: from %g to %g", f->name, value, f->low,
                           high);
    }
    if (t->update == FL_UPDATE_PARTIAL && !(t->p > 0))
        return fl_fail(FL_EINVAL, "p = %g; allowed: above 0, at most 1", t->p);
    if (t->chain == FL_CHAIN_SPARSE && t->modules > 1 && t->degree > t->hidden)
        return fl_fail(FL_EINVAL, "degree = %zu; allowed: at most the %zu neurons of a module",
                       t->degree, t->hidden);
    return FL_OK;
}

static void word(char *text, size_t size, const char *choices, int index) {
    for (; index > 0; index--)
        choices = strchr(choices, '|') + 1;
    snprintf(text, size, "%.*s", (int)strcspn(choices, "|"), choices);
}

void fl_training_format(const fl_training *t, const fl_training_field *f, char text[64]) {
    if (f->type == FL_FIELD_CHOICE)
        word(text, 64, f->choices, (int)value_of(t, f));
    else if (f->type == FL_FIELD_FLAG)
        snprintf(text, 64, "%s", value_of(t, f) != 0 ? "yes" : "no");
    else
        fl_format_real(text, value_of(t, f));
}

fl_status fl_training_describe(const fl_training *training, fl_meta *meta) {
    char text[64];
    for (size_t k = 0; k < FIELDS; k++) {
        fl_training_format(training, &fields[k], text);
        FL_CHECK(fl_meta_set(meta, fields[k].name, "%s", text));
    }
    return FL_OK;
}
