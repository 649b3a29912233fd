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
    {"module", FL_INTEGER, NULL, "0 for the first"},
    {"neurons", FL_INTEGER, NULL, "of the module"},
    {"jd", FL_REAL, NULL, "self-coupling J_D"},
    {"mean", FL_REAL, NULL, "of the couplings within the module, without the diagonal"},
    {"variance", FL_REAL, NULL, "of them, in units of 1/neurons"},
    {"symmetry", FL_REAL, NULL, "of them, correlation of J_ij and J_ji"}};

static const fl_mode_table tables[] = {{NULL, columns, COLUMNS}, {.columns = NULL}};

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

static fl_status export_model(fl_run *run, const settings *s, const fl_model *m) {
    const fl_training *t = fl_learner_training(m->learner);
    fl_network network;
    FL_CHECK(fl_training_describe(t, &run->meta));
    FL_CHECK(fl_learner_network(m->learner, s->last, &network));
    fl_status status = fl_matrix_write(&network, s->network, run->common.force, &run->meta);
    if (status == FL_OK)
        status = write_modules(run, &network, t);
    fl_network_clear(&network);
    return status;
}

static fl_status run_export(fl_run *run, const void *given) {
    const settings *s = given;
    fl_model m;
    FL_CHECK(fl_run_apart(run, "network", s->network));
    FL_CHECK(fl_output_allowed(s->network, run->common.force));
    FL_CHECK(saved_model_open(run, &m));
    fl_status status = export_model(run, s, &m);
    fl_model_clear(&m);
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
    "module, as they act at inference: the learned couplings of each module, the couplings of the "
    "chain (with --direction forward those to later modules alone), and J_D on the diagonal; entry "
    "(i, j) acts from j on i. `fl-enumerate --network` and `fl-access --network` study it.";

const fl_mode export_mode = {.name = "export",
                             .summary = "couplings of a saved model as a matrix",
                             .details = details,
                             .example = "fl-train export MODEL.h5 --network J.npy",
                             .options = options,
                             .settings_size = sizeof(settings),
                             .run = run_export,
                             .tables = tables,
                             .takes_files = true};
