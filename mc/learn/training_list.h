/* The parameters of a training, once: the table of fields, the options and their places come from
 * here. Each is KIND(member, name as an option, [range or words or text of NAN], help). Internal. */
#ifndef FIXLAND_LEARN_TRAINING_LIST_H
#define FIXLAND_LEARN_TRAINING_LIST_H

enum { MODULES_MAX = 64 };

/* clang-format off */
#define TRAINING_LIST(SIZE, REAL, OPEN, FLAG, CHOICE, BOTH) \
    SIZE(hidden, "hidden", 1, 1e6, "neurons of a module, H") \
    SIZE(modules, "modules", 1, MODULES_MAX, "modules, L") \
    REAL(jd, "jd", -1e6, 1e6, "self-coupling J_D") \
    REAL(coupling, "coupling", 0, 1e6, \
        "couplings within a module are this times N(0,1)/sqrt(H); 0 without learning: none") \
    REAL(symmetry, "symmetry", -1, 1, "correlation of J_ij and J_ji at the start") \
    CHOICE(chain, "chain", "identity|sparse|forward|both|paired", \
        "couplings of neighbouring modules: lambda between equal neurons; " \
        "lambda/sqrt(degree) from random neurons; dense learned blocks to the next module; " \
        "to both neighbours; as sparse, but a neuron of the right drives those that drive it") \
    REAL(lambda, "lambda", -1e6, 1e6, "strength of the couplings between modules") \
    OPEN(lambda_left, "lambda-left", -1e6, 1e6, "chain", \
        "strength of the fixed couplings from the module before; beside learned blocks they " \
        "join equal neurons") \
    OPEN(lambda_right, "lambda-right", -1e6, 1e6, "chain", "the same from the module after") \
    SIZE(degree, "degree", 1, 1e6, \
        "with --chain sparse or paired, neurons that drive each from a neighbour") \
    FLAG(input_all, "input-all", "input to every module, not only to the first") \
    CHOICE(input, "input", "dense|direct", \
        "through weights W_in, or as a field lambda_in x_i on neuron i (D = H)") \
    CHOICE(target, "target", "readout|state", \
        "outputs are a readout W_out h, or the neurons of the last module (C = H), which " \
        "the label reaches as a field lambda_back y_i") \
    BOTH(skips, feedback_to, readout_from, "skips", \
        "feedback to and readout from every module, not only the last: both of the next two") \
    CHOICE(feedback_to, "feedback-to", "last|all", "which modules the feedback reaches") \
    CHOICE(readout_from, "readout-from", "last|all", "which modules are read out") \
    REAL(lambda_in, "lambda-in", 0, 1e6, \
        "input weights are this times N(0,1)/sqrt(D); direct: strength of the field") \
    REAL(lambda_back, "lambda-back", 0, 1e6, \
        "feedback weights are this times N(0,1)/sqrt(C); target state: strength of the " \
        "field") \
    CHOICE(direction, "direction", "both|forward", \
        "forward: what comes from later modules acts only while the feedback does, and the " \
        "rule leaves it out") \
    CHOICE(start, "start", "zero|random|input", \
        "states that an example begins with; input: its signs in every module (D = H)") \
    CHOICE(update, "update", "sync|partial|async", "order of the dynamics") \
    REAL(p, "p", 0, 1, "with --update partial, probability of an update in a sweep") \
    SIZE(free_sweeps, "free-sweeps", 0, 1e6, "sweeps before the feedback, at most") \
    SIZE(taught_sweeps, "taught-sweeps", 0, 1e6, "sweeps with the feedback, at most") \
    SIZE(withdrawn_sweeps, "withdrawn-sweeps", 0, 1e6, "sweeps after its withdrawal, at most") \
    CHOICE(withdrawn_keeps, "withdrawn-keeps", "none|right", \
        "with --direction forward: after the withdrawal, what comes from later modules " \
        "stays off, or on") \
    SIZE(inference_sweeps, "inference-sweeps", 1, 1e6, "sweeps of an inference, at most") \
    CHOICE(teacher, "teacher", "label|scalar|winner|error", \
        "what comes back: the label; the label, updates weighted by a scalar error; label " \
        "minus the best of the others; label minus softmax") \
    CHOICE(amplitudes, "amplitudes", "reference|plain", \
        "of the label: those of the reference implementation, or +1 and -1") \
    REAL(strength, "strength", 0, 1e6, "factor on the feedback") \
    REAL(winner_margin, "winner-margin", -1e6, 1e6, \
        "with --teacher winner, margin of the readout above which nothing comes back") \
    REAL(margin, "margin", -1e6, 1e6, \
        "a hidden neuron learns where its aligned field is at most this") \
    CHOICE(rule_on, "rule-on", "state|step", \
        "what the rule makes stable: the last state; or the step that the last taught sweep " \
        "makes from the state before, for sequences") \
    CHOICE(margin_of, "margin-of", "rest|field", \
        "the margin is on what remains without J_D and what stable neighbours in the chain " \
        "give, or on all but J_D") \
    REAL(softness, "softness", 0, 1e6, \
        "beta > 0: learn with weight 1/(1 + exp(beta (aligned field - margin)))") \
    FLAG(agreement, "agreement", "learn only neurons that agree with their feedback") \
    REAL(grade, "grade", 0, 1e6, \
        "a neuron learns with weight min(|feedback|/grade, 1); 0: with 1") \
    REAL(rate_J, "rate-j", 0, 1e6, "rate of J, times 1/sqrt(H)") \
    REAL(rate_in, "rate-in", 0, 1e6, "rate of the input weights, times lambda_in/sqrt(D)") \
    REAL(rate_chain, "rate-chain", 0, 1e6, \
        "rate of learned blocks between modules, times 1/sqrt(H)") \
    CHOICE(readout, "readout", "perceptron|delta", "rule of the readout") \
    FLAG(readout_free, "readout-free", "the readout learns on the state before the feedback") \
    REAL(margin_out, "margin-out", -1e6, 1e6, "margin of the perceptron readout") \
    REAL(rate_out, "rate-out", 0, 1e6, "rate of the readout, times 1/sqrt(H)") \
    REAL(rate_back, "rate-back", 0, 1e6, \
        "rate at which feedback weights follow the readout's changes; 0: fixed") \
    REAL(decay_J, "decay-j", 0, 1e6, "decay of J and of learned blocks, per rate") \
    REAL(decay_in, "decay-in", 0, 1e6, "decay of the input weights, per rate") \
    REAL(decay_out, "decay-out", 0, 1e6, "decay of the readout and learned feedback, per rate") \
    SIZE(batch, "batch", 1, 65536, "examples a step; what they add is divided by its root") \
    REAL(input_noise, "input-noise", 0, 0.5, \
        "probability that an input bit is flipped in training") \
    SIZE(epochs, "epochs", 0, 1e6, "passes over the examples; 0: the network as it is drawn") \
    FLAG(rate_decay, "rate-decay", "rates fall linearly to 0 over the epochs") \
    SIZE(average, "average", 0, 1e6, \
        "evaluate with weights averaged over the last so many epochs; 0: with the last ones")
/* clang-format on */

#endif
