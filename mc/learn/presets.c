/* Presets: the settings of the papers' reference implementation, and rules that go further with
 * more in the feedback (doc/learning.md). */
#include <string.h>

#include "fixland/learn.h"

/* The reference implementation's "large" setting, one module: T = 5 sweeps with the teacher, of
 * which the first two are without feedback in effect, and 5 after its withdrawal. */
static const fl_training reference = {
    .hidden = 400,
    .modules = 1,
    .jd = 0.5,
    .coupling = 1,
    .chain = FL_CHAIN_IDENTITY,
    .degree = 1,
    .lambda_in = 5,
    .lambda_back = 0.9,
    .update = FL_UPDATE_SYNC,
    .p = 1,
    .free_sweeps = 2,
    .taught_sweeps = 3,
    .withdrawn_sweeps = 5,
    .inference_sweeps = 5,
    .teacher = FL_TEACHER_LABEL,
    .amplitudes = FL_AMPLITUDES_REFERENCE,
    .strength = 1,
    .margin = 0.9,
    .rate_J = 0.005,
    .rate_in = 0.03,
    .readout = FL_READOUT_PERCEPTRON,
    .margin_out = 3,
    .rate_out = 0.1,
    .decay_J = 0.005,
    .decay_out = 0.005,
    .batch = 16,
    .epochs = 10,
};

static void preset_small(fl_training *t) {
    t->hidden = 200;
    t->taught_sweeps = 5;
    t->withdrawn_sweeps = t->inference_sweeps = 7;
}

/* A chain of two, the input to both (a module without it ends in states that know nothing of it). */
static void preset_two_module(fl_training *t) {
    t->modules = 2;
    t->lambda = 0.5;
    t->input_all = true;
    t->free_sweeps = 3;
    t->taught_sweeps = 4;
    t->withdrawn_sweeps = t->inference_sweeps = 7;
}

/* What L, H and E share: a free phase on which the readout learns, then the feedback, to which the
 * neurons must agree; J is not learned. Rates, noise and strengths are tuned on MNIST (D = 200, H =
 * 400, 10 000 images, 10 epochs). */
static void preset_further(fl_training *t) {
    t->free_sweeps = t->inference_sweeps = 4;
    t->taught_sweeps = 3;
    t->withdrawn_sweeps = 0;
    t->lambda_back = 1;
    t->amplitudes = FL_AMPLITUDES_PLAIN;
    t->agreement = true;
    t->readout = FL_READOUT_DELTA;
    t->readout_free = true;
    t->margin = 10;
    t->rate_J = 0;
    t->decay_J = t->decay_out = 0;
    t->rate_decay = true;
}

static void preset_rule_l(fl_training *t) {
    preset_further(t);
    t->teacher = FL_TEACHER_SCALAR;
    t->amplitudes = FL_AMPLITUDES_REFERENCE;
    t->lambda_back = 8;
    t->margin = 4;
    t->rate_in = 0.45;
    t->rate_out = 0.6;
    t->input_noise = 0.03;
}

static void preset_rule_h(fl_training *t) {
    preset_further(t);
    t->teacher = FL_TEACHER_WINNER;
    t->winner_margin = 2;
    t->strength = 20;
    t->grade = 6;
    t->readout = FL_READOUT_PERCEPTRON;
    t->margin_out = 1;
    t->rate_in = t->rate_out = 0.3;
    t->input_noise = 0.04;
}

static void preset_rule_e(fl_training *t) {
    preset_further(t);
    t->teacher = FL_TEACHER_ERROR;
    t->strength = 25;
    t->grade = 6;
    t->rate_in = 0.6;
    t->rate_out = 0.15;
    t->input_noise = 0.045;
}

/* E with feedback weights that follow the readout's by the same local product. */
static void preset_rule_a(fl_training *t) {
    preset_rule_e(t);
    t->rate_back = 0.03;
}

static const struct {
    const char *name;
    void (*change)(fl_training *t);
} presets[] = {
    {"reference-large", NULL}, {"reference-small", preset_small}, {"two-module", preset_two_module},
    {"rule-l", preset_rule_l}, {"rule-h", preset_rule_h},         {"rule-e", preset_rule_e},
    {"rule-a", preset_rule_a},
};

enum { PRESETS = sizeof presets / sizeof *presets };

const char *fl_preset_name(size_t k) {
    return k < PRESETS ? presets[k].name : NULL;
}

fl_status fl_training_preset(fl_training *training, const char *name) {
    for (size_t k = 0; k < PRESETS; k++)
        if (strcmp(name, presets[k].name) == 0) {
            *training = reference;
            if (presets[k].change)
                presets[k].change(training);
            return FL_OK;
        }
    return fl_fail(FL_EUSAGE,
                   "preset %s; allowed: reference-large, reference-small, two-module, "
                   "rule-l, rule-h, rule-e, rule-a",
                   name);
}
