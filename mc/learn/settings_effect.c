/* Which options of a training would do nothing: see training_check_effect in train_settings.h. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "mc/learn/train_settings.h"

/* An option, and the choice (with the words, of which one has to be among those given) that it needs
 * to do anything. zero: 0 asks for nothing and is so anyway. */
static const struct {
    const char *option, *choice, *words;
    bool zero;
} needs[] = {
    {"degree", "chain", "sparse|paired", false}, {"rate-chain", "chain", "forward|both", true},
    {"p", "update", "partial", false},           {"winner-margin", "teacher", "winner", false},
    {"margin-out", "target", "readout", false},  {"margin-out", "readout", "perceptron", false},
    {"readout", "target", "readout", false},     {"readout-free", "target", "readout", false},
    {"rate-out", "target", "readout", true},     {"rate-back", "target", "readout", true},
    {"decay-out", "target", "readout", true},    {"rate-in", "input", "dense", true},
    {"decay-in", "input", "dense", true}};

/* An option, and the numbers of which one has to be above zero for it to do anything. */
static const struct {
    const char *option, *numbers[2];
} feeds[] = {{"decay-j", {"rate-j", "rate-chain"}},
             {"decay-in", {"rate-in", NULL}},
             {"decay-out", {"rate-out", "rate-back"}},
             {"symmetry", {"coupling", NULL}},
             {"withdrawn-keeps", {"withdrawn-sweeps", NULL}}};

/* What is between modules. */
static const char *const of_chains[] = {"chain",        "lambda", "lambda-left",
                                        "lambda-right", "degree", "rate-chain"};

/* What only new weights are drawn with, or cannot change with the weights that there are. The last
 * is a strength of its own without feedback weights. */
static const char *const of_new_weights[] = {"coupling", "symmetry", "chain", "degree",
                                             "lambda-back"};

typedef struct asked {
    const training_settings *s;
    const fl_training *base;
    const fl_field *fields;
    size_t count;
    bool lists;
} asked;

static const fl_field *asked_field(const asked *a, const char *name) {
    return fl_field_find(a->fields, a->count, name);
}

static bool asked_given(const asked *a, const char *name) {
    return a->s->given[asked_field(a, name) - a->fields];
}

/* The values of the field, as given, else the base's; free them. */
static fl_status asked_values(const asked *a, const fl_field *f, fl_reals *list) {
    *list = (fl_reals){0};
    if (a->s->given[f - a->fields])
        return fl_field_values(f, &a->s->values[f - a->fields], a->lists, list);
    list->values = malloc(sizeof *list->values);
    if (!list->values)
        return fl_fail(FL_ENOMEM, "out of memory for a value of --%s", f->name);
    list->values[list->count++] = fl_field_get(a->base, f);
    return FL_OK;
}

/* Is any value given for the field another than the base's (and, with `zero`, not 0)? */
static fl_status asked_other(const asked *a, const char *name, bool zero, bool *other) {
    const fl_field *f = asked_field(a, name);
    fl_reals list;
    *other = false;
    if (!a->s->given[f - a->fields])
        return FL_OK;
    FL_CHECK(asked_values(a, f, &list));
    for (size_t k = 0; k < list.count; k++)
        *other |= list.values[k] != fl_field_get(a->base, f) && !(zero && list.values[k] == 0);
    free(list.values);
    return FL_OK;
}

/* Has the choice, as given or in the base, one of the words? */
static fl_status asked_has(const asked *a, const char *choice, const char *words, bool *has) {
    const fl_field *f = asked_field(a, choice);
    char word[FL_FIELD_TEXT];
    fl_reals list;
    *has = false;
    FL_CHECK(asked_values(a, f, &list));
    for (size_t k = 0; k < list.count; k++) {
        fl_field_format(f, list.values[k], word);
        *has |= fl_word_among(word, words);
    }
    free(list.values);
    return FL_OK;
}

/* Is a number, as given or in the base, there and not zero? */
static fl_status asked_nonzero(const asked *a, const char *name, bool *nonzero) {
    fl_reals list;
    *nonzero = false;
    FL_CHECK(asked_values(a, asked_field(a, name), &list));
    for (size_t k = 0; k < list.count; k++)
        *nonzero |= fabs(list.values[k]) > 0;
    free(list.values);
    return FL_OK;
}

static fl_status check_choices(const asked *a) {
    for (size_t k = 0; k < sizeof needs / sizeof *needs; k++) {
        bool other, has;
        FL_CHECK(asked_other(a, needs[k].option, needs[k].zero, &other));
        FL_CHECK(asked_has(a, needs[k].choice, needs[k].words, &has));
        if (other && !has)
            return fl_fail(FL_EUSAGE, "--%s has no effect without --%s %s; leave it out",
                           needs[k].option, needs[k].choice, needs[k].words);
    }
    return FL_OK;
}

static fl_status check_feeds(const asked *a) {
    for (size_t k = 0; k < sizeof feeds / sizeof *feeds; k++) {
        bool other, one, two = false;
        const char *const *numbers = feeds[k].numbers;
        FL_CHECK(asked_other(a, feeds[k].option, true, &other));
        FL_CHECK(asked_nonzero(a, numbers[0], &one));
        if (numbers[1])
            FL_CHECK(asked_nonzero(a, numbers[1], &two));
        if (other && !one && !two)
            return fl_fail(FL_EUSAGE, "--%s has no effect without --%s%s%s above 0; leave it out",
                           feeds[k].option, numbers[0], numbers[1] ? " or --" : "",
                           numbers[1] ? numbers[1] : "");
    }
    return FL_OK;
}

/* Amplitudes are those of a class in the label and in the perceptron of the readout. */
static fl_status check_amplitudes(const asked *a, bool classes) {
    bool other, taught, read;
    FL_CHECK(asked_other(a, "amplitudes", false, &other));
    FL_CHECK(asked_has(a, "teacher", "label|scalar", &taught));
    FL_CHECK(asked_has(a, "readout", "perceptron", &read));
    if (other && !classes)
        return fl_fail(FL_EUSAGE,
                       "--amplitudes has no effect where targets are no classes; leave it "
                       "out");
    if (other && !taught && !read)
        return fl_fail(FL_EUSAGE, "--amplitudes has no effect without --teacher label|scalar or "
                                  "--readout perceptron; leave it out");
    return FL_OK;
}

static bool asked_chain(const asked *a) {
    return a->base->modules > 1 || asked_given(a, "modules");
}

static fl_status check_chain_of_one(const asked *a) {
    bool other;
    if (asked_chain(a))
        return FL_OK;
    for (size_t k = 0; k < sizeof of_chains / sizeof *of_chains; k++) {
        FL_CHECK(asked_other(a, of_chains[k], false, &other));
        if (other)
            return fl_fail(FL_EUSAGE,
                           "--%s has no effect without --modules 2 or more; leave it out",
                           of_chains[k]);
    }
    return FL_OK;
}

/* Is the strength of fixed couplings between modules, in the one direction ("lambda-left") or the other, there and not
 * zero? Where it is not told it is lambda in chains of fixed couplings; nan stands for that. */
static fl_status asked_link(const asked *a, const char *side, bool *there) {
    bool fixed, lambda;
    bool told = asked_given(a, side) || !isnan(fl_field_get(a->base, asked_field(a, side)));
    FL_CHECK(asked_has(a, "chain", "identity|sparse|paired", &fixed));
    FL_CHECK(asked_nonzero(a, "lambda", &lambda));
    FL_CHECK(asked_nonzero(a, side, there));
    *there = *there || (!told && fixed && lambda);
    return FL_OK;
}

/* The rest of a field is what its neighbours in a chain leave of it. That a rule on steps wants the field is
 * said elsewhere. */
static fl_status check_margin_of(const asked *a) {
    bool other, step, left, right;
    FL_CHECK(asked_other(a, "margin-of", false, &other));
    FL_CHECK(asked_has(a, "rule-on", "step", &step));
    FL_CHECK(asked_link(a, "lambda-left", &left));
    FL_CHECK(asked_link(a, "lambda-right", &right));
    return other && !step && !((left || right) && asked_chain(a))
               ? fl_fail(FL_EUSAGE, "--margin-of has no effect without --modules 2 or more and "
                                    "--lambda (of fixed couplings), --lambda-left or "
                                    "--lambda-right; leave it out")
               : FL_OK;
}

/* Of what comes from later modules. */
static fl_status check_direction(const asked *a) {
    bool other, right, both;
    FL_CHECK(asked_other(a, "direction", false, &other));
    FL_CHECK(asked_link(a, "lambda-right", &right));
    FL_CHECK(asked_has(a, "chain", "both", &both));
    return other && !((both || right) && asked_chain(a))
               ? fl_fail(FL_EUSAGE,
                         "--direction has no effect where nothing comes from later modules: "
                         "without --modules 2 or more and --lambda, --lambda-right or "
                         "--chain both; leave it out")
               : FL_OK;
}

static fl_status check_new_weights(const asked *a) {
    bool other;
    for (size_t k = 0; k < sizeof of_new_weights / sizeof *of_new_weights; k++) {
        FL_CHECK(asked_other(a, of_new_weights[k], false, &other));
        if (strcmp(of_new_weights[k], "lambda-back") == 0)
            other &= a->base->target == FL_TARGET_READOUT;
        if (other)
            return fl_fail(FL_EUSAGE,
                           "--%s has no effect with --from, whose model has its couplings; leave "
                           "it out",
                           of_new_weights[k]);
    }
    return FL_OK;
}

fl_status training_check_effect(const training_settings *s, const fl_training *model, bool lists,
                                bool classes) {
    fl_training preset;
    asked a = {.s = s, .base = model ? model : &preset, .lists = lists};
    a.fields = fl_training_fields(&a.count);
    if (model)
        FL_CHECK(check_new_weights(&a));
    else
        FL_CHECK(fl_training_preset(&preset, s->preset));
    FL_CHECK(check_choices(&a));
    FL_CHECK(check_feeds(&a));
    FL_CHECK(check_amplitudes(&a, classes));
    FL_CHECK(check_margin_of(&a));
    FL_CHECK(check_direction(&a));
    return check_chain_of_one(&a);
}
