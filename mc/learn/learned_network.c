/* The couplings of a trained network as a matrix, an input as a field, and what a module is like: see
 * fl_learner_network in learn.h and what follows it. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "fixland/learn.h"
#include "fixland/network.h"
#include "fixland/spins.h"

/* The array "<kind><module>" of the learner into *values (to be freed), which stays NULL when there
 * is none; averaged if the model evaluates with averages of it, unless `last`. */
static fl_status read_averaged(const fl_learner *learner, bool last, const char *kind,
                               size_t module, float **values, size_t *width) {
    char names[2][32], found[32];
    size_t rows, columns_of, chosen = SIZE_MAX;
    snprintf(names[0], sizeof names[0], "%s%zu", kind, module);
    snprintf(names[1], sizeof names[1], "average/%s%zu", kind, module);
    *values = NULL;
    for (size_t k = 0; k < fl_learner_arrays(learner); k++) {
        FL_CHECK(fl_learner_array(learner, k, found, &rows, &columns_of));
        bool averaged = !last && strcmp(found, names[1]) == 0;
        if (!averaged && (chosen != SIZE_MAX || strcmp(found, names[0]) != 0))
            continue;
        chosen = k;
        *width = columns_of;
        free(*values);
        *values = malloc(rows * columns_of * sizeof **values);
        if (!*values)
            return fl_fail(FL_ENOMEM, "out of memory for %s", found);
    }
    if (*values)
        fl_learner_get(learner, chosen, *values);
    return FL_OK;
}

/* Adds a dense block that acts from module `from` on module `to`. The diagonal of J is the
 * network's own and kept apart. */
static fl_status add_block(fl_network *network, const fl_learner *learner, bool last,
                           const char *kind, size_t to, size_t from) {
    size_t h = fl_learner_training(learner)->hidden, width;
    float *values;
    FL_CHECK(read_averaged(learner, last, kind, to, &values, &width));
    for (size_t i = 0; values && i < h; i++)
        for (size_t j = 0; j < h; j++)
            if (to != from || i != j)
                network->J[(to * h + i) * network->n + from * h + j] += (double)values[i * h + j];
    free(values);
    return FL_OK;
}

/* Adds fixed couplings: neuron i of `to` is driven by neurons values[i * width ...] of `from`, or, in
 * what comes back in paired chains, these by neuron i. */
static fl_status add_links(fl_network *network, const fl_learner *learner, const char *kind,
                           double chain, size_t to, size_t from) {
    const fl_training *t = fl_learner_training(learner);
    size_t h = t->hidden, width = 1;
    float *values;
    FL_CHECK(read_averaged(learner, true, kind, from, &values, &width));
    double strength = chain / sqrt((double)width);
    bool reversed = t->chain == FL_CHAIN_PAIRED && to < from;
    for (size_t e = 0; values && e < h * width; e++) {
        size_t one = e / width, other = (size_t)values[e];
        size_t i = reversed ? other : one, j = reversed ? one : other;
        network->J[(to * h + i) * network->n + from * h + j] += strength;
    }
    free(values);
    return FL_OK;
}

/* What neighbouring modules m and m + 1 exert on each other at inference; what an architecture has
 * not, the learner has no array of. */
static fl_status add_chain(fl_network *network, const fl_learner *learner, bool last, size_t m) {
    const fl_training *t = fl_learner_training(learner);
    FL_CHECK(add_links(network, learner, "up", fl_training_left(t), m + 1, m));
    FL_CHECK(add_block(network, learner, last, "F", m + 1, m));
    if (t->direction == FL_DIRECTION_FORWARD)
        return FL_OK;
    FL_CHECK(add_links(network, learner, "down", fl_training_right(t), m, m + 1));
    return add_block(network, learner, last, "G", m, m + 1);
}

static fl_status fill_network(fl_network *network, const fl_learner *learner, bool last) {
    const fl_training *t = fl_learner_training(learner);
    for (size_t i = 0; i < network->n; i++)
        network->diagonal[i] = t->jd;
    for (size_t m = 0; m < t->modules; m++) {
        FL_CHECK(add_block(network, learner, last, "J", m, m));
        if (m + 1 < t->modules)
            FL_CHECK(add_chain(network, learner, last, m));
    }
    return FL_OK;
}

fl_status fl_learner_network(const fl_learner *learner, bool last, fl_network *network) {
    const fl_training *t = fl_learner_training(learner);
    FL_CHECK(fl_network_new(network, t->hidden * t->modules));
    fl_status status = fill_network(network, learner, last);
    if (status != FL_OK)
        fl_network_clear(network);
    return status;
}

/* What W_in, or the input laid on the neurons themselves, gives to the neurons of a module. */
static fl_status input_of_module(const fl_learner *learner, bool last, size_t module,
                                 const float *x, double *field) {
    const fl_training *t = fl_learner_training(learner);
    size_t features;
    float *values;
    if (t->input == FL_INPUT_DIRECT) {
        for (size_t i = 0; i < t->hidden; i++)
            field[i] = t->lambda_in * (double)x[i];
        return FL_OK;
    }
    FL_CHECK(read_averaged(learner, last, "W_in", module, &values, &features));
    for (size_t i = 0; values && i < t->hidden; i++) {
        field[i] = 0;
        for (size_t k = 0; k < features; k++)
            field[i] += (double)values[i * features + k] * (double)x[k];
    }
    free(values);
    return FL_OK;
}

fl_status fl_learner_input(const fl_learner *learner, bool last, const float *x, double *field) {
    const fl_training *t = fl_learner_training(learner);
    for (size_t m = 0; m < t->modules; m++) {
        double *of_module = field + m * t->hidden;
        for (size_t i = 0; i < t->hidden; i++)
            of_module[i] = 0;
        if (m == 0 || t->input_all)
            FL_CHECK(input_of_module(learner, last, m, x, of_module));
    }
    return FL_OK;
}

fl_module_couplings fl_network_module(const fl_network *network, size_t h, size_t m) {
    double pairs = (double)h * (double)(h - 1), mean = 0, square = 0, product = 0;
    for (size_t i = m * h; i < (m + 1) * h; i++)
        for (size_t j = m * h; j < (m + 1) * h; j++)
            mean += network->J[i * network->n + j] / pairs;
    for (size_t i = m * h; i < (m + 1) * h; i++)
        for (size_t j = m * h; j < (m + 1) * h; j++)
            if (i != j) {
                double a = network->J[i * network->n + j] - mean;
                square += a * a;
                product += a * (network->J[j * network->n + i] - mean);
            }
    return (fl_module_couplings){mean, square / pairs * (double)h, product / square};
}

size_t fl_module_unstable(const fl_network *network, size_t h, size_t m, const uint64_t *spins,
                          const double *field) {
    size_t n = network->n, unstable = 0;
    for (size_t i = m * h; i < (m + 1) * h; i++) {
        double spin = fl_spins_get(spins, i), sum = field[i] + network->diagonal[i] * spin;
        for (size_t j = 0; j < n; j++)
            sum += network->J[i * n + j] * fl_spins_get(spins, j);
        unstable += sum * spin < 0;
    }
    return unstable;
}
