/* fl-train export: the couplings of a trained network as a matrix, for the other tools. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "fixland/matrix.h"
#include "fixland/output.h"
#include "mc/learn/modes.h"
#include "mc/learn/saved_model.h"

typedef struct settings {
    const char *network;
    bool last;
} settings;

enum { COLUMNS = 6 };

static const fl_column columns[COLUMNS] = {
    {"module", FL_INTEGER, NULL}, {"neurons", FL_INTEGER, NULL}, {"jd", FL_REAL, NULL},
    {"mean", FL_REAL, NULL},      {"variance", FL_REAL, NULL},   {"symmetry", FL_REAL, NULL}};

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

/* Adds fixed couplings: neuron i of `to` is driven by neurons values[i * width ...] of `from`. */
static fl_status add_links(fl_network *network, const fl_learner *learner, const char *kind,
                           size_t to, size_t from) {
    const fl_training *t = fl_learner_training(learner);
    size_t h = t->hidden, width = 1;
    float *values;
    FL_CHECK(read_averaged(learner, true, kind, from, &values, &width));
    double strength = t->lambda / sqrt((double)width);
    for (size_t e = 0; values && e < h * width; e++)
        network->J[(to * h + e / width) * network->n + from * h + (size_t)values[e]] += strength;
    free(values);
    return FL_OK;
}

/* What neighbouring modules m and m + 1 exert on each other; what an architecture has not, the
 * learner has no array of. */
static fl_status add_chain(fl_network *network, const fl_learner *learner, bool last, size_t m) {
    FL_CHECK(add_links(network, learner, "up", m + 1, m));
    FL_CHECK(add_links(network, learner, "down", m, m + 1));
    FL_CHECK(add_block(network, learner, last, "F", m + 1, m));
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

/* Moments of the couplings within module m; variance in units of 1/H. */
static fl_status write_module(fl_table *table, const fl_network *network, const fl_training *t,
                              size_t m) {
    size_t h = t->hidden;
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
    const fl_cell row[COLUMNS] = {FL_INT(m),
                                  FL_INT(h),
                                  FL_NUM(t->jd),
                                  FL_NUM(mean),
                                  FL_NUM(square / pairs * (double)h),
                                  FL_NUM(product / square)};
    return fl_table_row(table, row);
}

static fl_status write_modules(fl_run *run, const fl_network *network, const fl_training *t) {
    fl_table *table;
    fl_status status = FL_OK;
    FL_CHECK(fl_run_table(run, &table, columns, COLUMNS));
    for (size_t m = 0; m < t->modules && status == FL_OK; m++)
        status = write_module(table, network, t, m);
    if (status == FL_OK)
        return fl_table_close(table);
    fl_table_discard(table);
    return status;
}

static fl_status export_model(fl_run *run, const settings *s, const model *m) {
    const fl_training *t = fl_learner_training(m->learner);
    fl_network network;
    FL_CHECK(fl_training_describe(t, &run->meta));
    FL_CHECK(fl_network_new(&network, t->hidden * t->modules));
    fl_status status = fill_network(&network, m->learner, s->last);
    if (status == FL_OK)
        status = fl_matrix_write(&network, s->network, run->common.force, &run->meta);
    if (status == FL_OK)
        status = write_modules(run, &network, t);
    fl_network_clear(&network);
    return status;
}

static fl_status run_export(fl_run *run, const void *given) {
    const settings *s = given;
    model m;
    FL_CHECK(fl_output_allowed(s->network, run->common.force));
    FL_CHECK(saved_model_open(run, &m));
    fl_status status = export_model(run, s, &m);
    model_clear(&m);
    return status;
}

static const fl_option options[] = {
    {.name = "network",
     .type = FL_OPTION_TEXT,
     .offset = offsetof(settings, network),
     .argument = "FILE",
     .required = true,
     .hidden_from_meta = true,
     .help = "where the matrix goes: .npy, .h5 (dataset /J), else text"},
    {.name = "last",
     .type = FL_OPTION_FLAG,
     .offset = offsetof(settings, last),
     .help = "the last weights even where the model evaluates with averaged ones"},
    {.name = NULL},
};

static const char details[] =
    "Writes the couplings among all neurons of a network that `fl-train --save` kept, module after "
    "module: the learned couplings of each module, the couplings of the chain, and J_D on the "
    "diagonal; entry (i, j) acts from j on i. `fl-enumerate --network`, `fl-access --network` and "
    "`fl-overlap` study it with --jd 0 (they add their own J_D to the diagonal).\n\n"
    "Columns: module, 0 for the first; neurons; jd; of the couplings within it, without the "
    "diagonal: mean; variance, in units of 1/neurons; symmetry, correlation of J_ij and J_ji.";

const fl_mode export_mode = {.name = "export",
                             .summary = "couplings of a saved model as a matrix",
                             .details = details,
                             .example = "fl-train export MODEL.h5 --network J.npy",
                             .options = options,
                             .settings_size = sizeof(settings),
                             .run = run_export,
                             .takes_files = true};
