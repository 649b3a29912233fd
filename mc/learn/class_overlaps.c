/* Representations of examples of the same and of different classes: see fl_learner_overlaps in
 * learn.h.
 *
 * With S_c the sum of the states of class c, T that of all, h one state of H neurons: the sum of
 * its overlaps with its own class is h.S_c / H (its own included), with the others h.(T - S_c) / H.
 * All of them are integers until the division, so that the order does not matter. Errors are
 * jackknifed over examples, which are shared among pairs. */
#include <math.h>
#include <stdlib.h>

#include "fixland/learn.h"
#include "fixland/spins.h"

/* The states of all examples, and their sums over classes. */
typedef struct states {
    const fl_dataset *data;
    size_t hidden, modules, neurons, words;
    const uint64_t *spins; /* count x words */
    int64_t *sums;         /* (outputs + 1) x neurons, all classes at the end */
    size_t *sizes;         /* of the classes */
    int8_t *one;           /* a state */
    double *terms;         /* count, pair sums of an example in a module */
    double *pairs;         /* count, its number of pairs */
} states;

static fl_status states_new(states *x, const fl_training *training, const fl_dataset *data,
                            const uint64_t *spins) {
    *x = (states){
        .data = data, .hidden = training->hidden, .modules = training->modules, .spins = spins};
    x->neurons = x->hidden * x->modules;
    x->words = fl_spins_words(x->neurons);
    x->sums = calloc((data->outputs + 1) * x->neurons, sizeof *x->sums);
    x->sizes = calloc(data->outputs, sizeof *x->sizes);
    x->one = malloc(x->neurons);
    x->terms = malloc(data->count * sizeof *x->terms);
    x->pairs = malloc(data->count * sizeof *x->pairs);
    if (x->sums && x->sizes && x->one && x->terms && x->pairs)
        return FL_OK;
    return fl_fail(FL_ENOMEM, "out of memory for %zu states of %zu neurons", data->count,
                   x->neurons);
}

static void states_clear(states *x) {
    free(x->sums);
    free(x->sizes);
    free(x->one);
    free(x->terms);
    free(x->pairs);
}

static void states_sum(states *x) {
    const fl_dataset *data = x->data;
    int64_t *all = x->sums + data->outputs * x->neurons;
    for (size_t e = 0; e < data->count; e++) {
        int64_t *sum = x->sums + data->label[e] * x->neurons;
        fl_spins_unpack(x->spins + e * x->words, x->neurons, x->one);
        for (size_t i = 0; i < x->neurons; i++) {
            sum[i] += x->one[i];
            all[i] += x->one[i];
        }
        x->sizes[data->label[e]]++;
    }
}

/* For every example its pairs in module m, within its class or with the others. */
static void states_pairs(states *x, size_t m, bool within) {
    const fl_dataset *data = x->data;
    size_t first = m * x->hidden;
    const int64_t *all = x->sums + data->outputs * x->neurons;
    for (size_t e = 0; e < data->count; e++) {
        const int64_t *sum = x->sums + data->label[e] * x->neurons;
        double size = (double)x->sizes[data->label[e]];
        int64_t own = 0, total = 0;
        fl_spins_unpack(x->spins + e * x->words, x->neurons, x->one);
        for (size_t i = first; i < first + x->hidden; i++) {
            own += x->one[i] * sum[i];
            total += x->one[i] * all[i];
        }
        double h = (double)x->hidden;
        x->terms[e] = within ? (double)own / h - 1 : (double)(total - own) / h;
        x->pairs[e] = within ? size - 1 : (double)data->count - size;
    }
}

/* Mean over pairs, and its error from leaving out one example after the other; nan where no pair is
 * left. */
static fl_class_overlap overlap_jackknife(const states *x) {
    size_t n = x->data->count;
    double sum = 0, total = 0, first = 0, second = 0;
    for (size_t e = 0; e < n; e++) {
        sum += x->terms[e];
        total += x->pairs[e];
    }
    double mean = sum / total;
    for (size_t e = 0; e < n; e++) {
        double left = (sum - 2 * x->terms[e]) / (total - 2 * x->pairs[e]) - mean;
        first += left;
        second += left * left;
    }
    double count = (double)n;
    double spread = second - first * first / count;
    double error = isnan(spread) ? NAN : sqrt((count - 1) / count * fmax(spread, 0));
    return (fl_class_overlap){mean, error, total / 2};
}

fl_status fl_learner_overlaps(const fl_learner *learner, const fl_dataset *data,
                              const uint64_t *spins, fl_class_overlap *overlaps) {
    const fl_training *training = fl_learner_training(learner);
    states x;
    if (!data->label)
        return fl_fail(
            FL_EDOMAIN,
            "associations and sequences have no classes that overlaps could be within or "
            "between");
    fl_status status = states_new(&x, training, data, spins);
    if (status == FL_OK)
        states_sum(&x);
    for (size_t m = 0; status == FL_OK && m < training->modules; m++)
        for (int between = 0; between < 2; between++) {
            states_pairs(&x, m, !between);
            overlaps[2 * m + (size_t)between] = overlap_jackknife(&x);
        }
    states_clear(&x);
    return status;
}
