/* Presets: the settings of the papers' reference implementation, rules that go further with more in
 * the feedback, and those in which depth and recurrent couplings show (doc/learning-rules.md). */
#include "mc/learn/presets.h"

#include <math.h>
#include <string.h>

#include "fixland/learn.h"

/* What L, H and E share: a free phase on which the readout learns, then the feedback, to which the
 * neurons must agree; J is not learned. Rates, noise and strengths are tuned on MNIST (D = 200, H =
 * 400, 10 000 images, 10 epochs). */
#define FURTHER                                                                                    \
    "free-sweeps=4 inference-sweeps=4 taught-sweeps=3 withdrawn-sweeps=0 lambda-back=1 "           \
    "amplitudes=plain agreement=yes readout=delta readout-free=yes margin=10 rate-j=0 decay-j=0 "  \
    "decay-out=0 rate-decay=yes "

#define RULE_E                                                                                     \
    FURTHER "teacher=error strength=25 grade=6 rate-in=0.6 rate-out=0.15 input-noise=0.045"

static const struct {
    const char *name, *changes;
} presets[] = {
    {"reference-large", ""},
    {"reference-small", "hidden=200 taught-sweeps=5 withdrawn-sweeps=7 inference-sweeps=7"},
    /* A chain of two, the input to both (a module without it ends in states that know nothing of
     * it). */
    {"two-module", "modules=2 lambda=0.5 input-all=yes free-sweeps=3 taught-sweeps=4 "
                   "withdrawn-sweeps=7 inference-sweeps=7"},
    {"rule-l", FURTHER "teacher=scalar amplitudes=reference lambda-back=8 margin=4 rate-in=0.45 "
                       "rate-out=0.6 input-noise=0.03"},
    {"rule-h", FURTHER "teacher=winner winner-margin=2 strength=20 grade=6 readout=perceptron "
                       "margin-out=1 rate-in=0.3 rate-out=0.3 input-noise=0.04"},
    {"rule-e", RULE_E},
    /* E with feedback weights that follow the readout's by the same local product. */
    {"rule-a", RULE_E " rate-back=0.03"},
    {"hetero-chain", PRESET_HETERO_CHAIN},
    /* The same with dense blocks that learn, from the input and from module to module; the label
     * comes back through the couplings of equal neurons. */
    {"hetero-dense",
     "hidden=64 modules=2 jd=0 coupling=0.5 chain=forward lambda-left=3 lambda-right=3 "
     "target=state lambda-in=0.3 lambda-back=50 direction=forward free-sweeps=0 taught-sweeps=12 "
     "withdrawn-sweeps=0 inference-sweeps=12 margin=0.7 margin-of=field rate-j=0 rate-in=1 "
     "rate-chain=0.1 rate-out=0 decay-j=0 decay-out=0 batch=1 epochs=200"},
    /* Three modules whose states come to tell the classes apart better and better. */
    {"hierarchy",
     "hidden=200 modules=3 jd=0 coupling=0.5 chain=forward lambda=1 feedback-to=all "
     "readout-from=all lambda-in=1 lambda-back=3 free-sweeps=4 taught-sweeps=6 withdrawn-sweeps=0 "
     "inference-sweeps=8 margin=0.7 rate-j=0 rate-in=0.1 rate-chain=0.1"},
    /* Patterns from damaged cues, by couplings that learn. */
    {"recall", "hidden=200 jd=0 coupling=0.5 lambda-in=0.3 lambda-back=30 free-sweeps=4 "
               "taught-sweeps=8 withdrawn-sweeps=0 inference-sweeps=20 margin=60 rate-j=0.2 "
               "rate-in=1 input-noise=0.1 epochs=500"},
    /* From each state of a sequence to the next, by the couplings alone. */
    {"sequence",
     "hidden=64 jd=0 coupling=0 input=direct target=state lambda-in=0 lambda-back=50 start=input "
     "free-sweeps=0 taught-sweeps=1 withdrawn-sweeps=0 inference-sweeps=1 amplitudes=plain "
     "margin=1 rule-on=step margin-of=field rate-j=0.1 rate-in=0 rate-out=0 decay-j=0 decay-out=0 "
     "batch=1 epochs=200"},
};

enum { PRESETS = sizeof presets / sizeof *presets };

const char *fl_preset_name(size_t k) {
    return k < PRESETS ? presets[k].name : NULL;
}

fl_status fl_training_preset(fl_training *training, const char *name) {
    size_t count, k = 0;
    const fl_field *fields = fl_training_fields(&count);
    while (k < PRESETS && strcmp(name, presets[k].name) != 0)
        k++;
    if (k == PRESETS)
        return fl_fail(FL_EUSAGE, "preset %s; allowed: " PRESET_WORDS, name);
    memset(training, 0, sizeof *training);
    training->lambda_left = training->lambda_right = NAN;
    FL_CHECK(fl_fields_apply(training, fields, count, PRESET_REFERENCE_LARGE));
    return fl_fields_apply(training, fields, count, presets[k].changes);
}
