/* Presets as texts, so that --help can tell the defaults that are used. Internal. */
#ifndef FIXLAND_LEARN_PRESETS_H
#define FIXLAND_LEARN_PRESETS_H

/* The names, in their order. */
#define PRESET_WORDS                                                                               \
    "reference-large|reference-small|two-module|rule-l|rule-h|rule-e|rule-a|hetero-chain|"         \
    "hetero-dense|hierarchy|recall|sequence"

/* The reference implementation's "large" setting, one module: T = 5 sweeps with the teacher, of
 * which the first two are without feedback in effect, and 5 after its withdrawal. Tells every
 * parameter; the others tell what they change of it. */
#define PRESET_REFERENCE_LARGE                                                                            \
    "hidden=400 modules=1 jd=0.5 coupling=1 symmetry=0 chain=identity lambda=0 degree=1 "                 \
    "input-all=no input=dense target=readout feedback-to=last readout-from=last lambda-in=5 "             \
    "lambda-back=0.9 direction=both start=zero update=sync p=1 free-sweeps=2 taught-sweeps=3 "            \
    "withdrawn-sweeps=5 withdrawn-keeps=none inference-sweeps=5 teacher=label "                           \
    "amplitudes=reference strength=1 winner-margin=0 margin=0.9 rule-on=state margin-of=rest softness=0 " \
    "agreement=no grade=0 rate-j=0.005 rate-in=0.03 rate-chain=0 readout=perceptron "                     \
    "readout-free=no margin-out=3 rate-out=0.1 rate-back=0 decay-j=0.005 decay-in=0 "                     \
    "decay-out=0.005 batch=16 input-noise=0 epochs=10 rate-decay=no average=0"

/* Hetero-association in the published layout: the input is a field on the first module of a chain,
 * the target one on the last, only couplings within modules learn. */
#define PRESET_HETERO_CHAIN                                                                        \
    "hidden=64 modules=4 jd=0 coupling=1.5 lambda=2 input=direct target=state lambda-in=3 "        \
    "lambda-back=8 direction=forward start=input update=async free-sweeps=0 taught-sweeps=30 "     \
    "withdrawn-sweeps=0 inference-sweeps=30 margin=1.5 margin-of=field rate-j=0.1 rate-in=0 "      \
    "rate-out=0 decay-j=0 decay-out=0 batch=1 epochs=200"

#endif
