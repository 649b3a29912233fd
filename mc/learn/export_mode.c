/* fl-train export: the couplings of a trained network as a matrix, for the other tools. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "fixland/matrix.h"
#include "fixland/output.h"
#include "fixland/spins.h"
#include "fixland/store.h"
#include "mc/learn/modes.h"
#include "mc/learn/saved_model.h"
#include "src/io/matrix_formats.h"

typedef struct settings {
    shown_settings shown;
    const char *network, *input, *state;
    int64_t example;
    bool last, example_given;
} settings;

enum { COLUMNS = 7 };

static const fl_column columns[COLUMNS] = {
    {"module", FL_INTEGER, NULL, "0 for the first"},
    {"neurons", FL_INTEGER, NULL, "of the module"},
    {"jd", FL_REAL, NULL, "self-coupling J_D"},
    {"mean", FL_REAL, NULL, "of the couplings within the module, without the diagonal"},
    {"variance", FL_REAL, NULL, "of them, in units of 1/neurons"},
    {"symmetry", FL_REAL, NULL, "of them, correlation of J_ij and J_ji"},
    {"unstable", FL_INTEGER, NULL,
     "with --input or --state: neurons of the module that would turn in the state that the example "
     "ends in; 0 in all modules: a fixed point under its input"}};

static const fl_mode_table tables[] = {{NULL, columns, COLUMNS}, {.columns = NULL}};

/* What is exported: the network, and an example with the state it ends in (or none). */
typedef struct exported {
    fl_network network;
    bool shown;
    double *field; /* that the example's input lays on the neurons */
    uint64_t *spins;
} exported;

static fl_status write_module(fl_table *table, const exported *x, const fl_training *t, size_t m) {
    size_t h = t->hidden;
    const fl_module_couplings of = fl_network_module(&x->network, h, m);
    size_t unstable = x->shown ? fl_module_unstable(&x->network, h, m, x->spins, x->field) : 0;
    const fl_cell row[COLUMNS] = {FL_INT(m),       FL_INT(h),           FL_NUM(t->jd),
                                  FL_NUM(of.mean), FL_NUM(of.variance), FL_NUM(of.symmetry),
                                  FL_INT(unstable)};
    return fl_table_row(table, row);
}

static fl_status write_modules(fl_run *run, const exported *x, const fl_training *t) {
    fl_table *table;
    fl_status status = FL_OK;
    FL_CHECK(fl_run_table(run, &table, columns, x->shown ? COLUMNS : COLUMNS - 1));
    for (size_t m = 0; m < t->modules && status == FL_OK; m++)
        status = write_module(table, x, t, m);
    if (status == FL_OK)
        return fl_table_close(table);
    fl_table_discard(table);
    return status;
}

static void write_field_text(FILE *stream, const fl_meta *meta, const exported *x) {
    for (size_t k = 0; k < meta->count; k++)
        fprintf(stream, "# %s: %s\n", meta->keys[k], meta->values[k]);
    for (size_t i = 0; i < x->network.n; i++)
        fprintf(stream, "%.17g\n", x->field[i]);
}

/* The field as a list, a number a line or .npy, as --input of other tools reads it: on the disk, not yet under its name. */
static fl_status prepare_field(const fl_run *run, const char *path, const exported *x,
                               fl_output *output) {
    FL_CHECK(fl_output_open(output, path, run->common.force));
    if (fl_named_npy(path))
        fl_numbers_write_npy(output->stream, x->field, x->network.n);
    else
        write_field_text(output->stream, &run->meta, x);
    return fl_output_flush(output);
}

/* A set of one, at J_D = 0: beside the matrix, whose diagonal has it. */
static fl_status prepare_state(const fl_run *run, const char *path, const exported *x,
                               fl_store **store) {
    FL_CHECK(fl_store_create(store, path, run->common.force, &run->meta));
    FL_CHECK(fl_store_begin(*store, x->network.n, 0, 0));
    return fl_store_append(*store, x->spins, 1, NULL);
}

/* The field of the example's input, and the state that inference ends in. */
static fl_status show_example(fl_run *run, const settings *s, const fl_model *m,
                              const fl_dataset *data, exported *x) {
    const fl_effort effort = fl_run_effort(run);
    size_t k = (size_t)s->example;
    if (k >= data->count)
        return fl_fail(FL_EUSAGE, "--example %zu of %zu examples; allowed: 0 to %zu", k,
                       data->count, data->count - 1);
    const fl_dataset one = {.count = 1,
                            .features = data->features,
                            .outputs = data->outputs,
                            .x = data->x + k * data->features,
                            .z = data->z + k * data->outputs,
                            .label = data->label ? data->label + k : NULL};
    fl_epoch seen;
    x->shown = true;
    x->field = malloc(x->network.n * sizeof *x->field);
    x->spins = calloc(fl_spins_words(x->network.n), sizeof *x->spins);
    if (!x->field || !x->spins)
        return fl_fail(FL_ENOMEM, "out of memory for %zu neurons", x->network.n);
    FL_CHECK(fl_learner_input(m->learner, s->last, one.x, x->field));
    return fl_learner_evaluate(m->learner, &one, &effort, &seen, x->spins, NULL);
}

/* A failure leaves none of the files, unless only the last bytes of the state find no room. */
static fl_status write_files(fl_run *run, const settings *s, const exported *x) {
    fl_output field = {.stream = NULL};
    fl_store *state = NULL;
    fl_status status = s->input ? prepare_field(run, s->input, x, &field) : FL_OK;
    if (status == FL_OK && s->state)
        status = prepare_state(run, s->state, x, &state);
    if (status == FL_OK)
        status = fl_matrix_write(&x->network, s->network, run->common.force, &run->meta);
    if (status == FL_OK && s->input)
        status = fl_output_commit(&field);
    if (status == FL_OK && state)
        return fl_store_close(state);
    fl_output_discard(&field);
    if (state)
        fl_store_discard(state);
    return status;
}

/* The table last: it tells that all is done. */
static fl_status write_exported(fl_run *run, const settings *s, const fl_training *t,
                                const exported *x) {
    FL_CHECK(write_files(run, s, x));
    return write_modules(run, x, t);
}

/* data: NULL without an example. */
static fl_status export_model(fl_run *run, const settings *s, const fl_model *m,
                              const fl_dataset *data) {
    const fl_training *t = fl_learner_training(m->learner);
    exported x = {.shown = false};
    if (s->last && !t->average)
        return fl_fail(FL_EUSAGE, "--last has no effect where a model has no averaged weights; "
                                  "leave it out");
    FL_CHECK(fl_learner_network(m->learner, s->last, &x.network));
    fl_status status = data ? show_example(run, s, m, data, &x) : FL_OK;
    if (status == FL_OK)
        status = write_exported(run, s, t, &x);
    fl_network_clear(&x.network);
    free(x.field);
    free(x.spins);
    return status;
}

static fl_status export_with_example(fl_run *run, const void *given, const fl_model *m,
                                     fl_dataset *data) {
    const settings *s = given;
    if (s->last && fl_learner_training(m->learner)->average)
        return fl_fail(FL_EUSAGE, "--last with --input or --state: examples are shown to the "
                                  "averaged weights");
    return export_model(run, s, m, data);
}

static fl_status export_alone(fl_run *run, const settings *s) {
    fl_model m;
    FL_CHECK(fl_run_forget(run, "example"));
    FL_CHECK(fl_run_forget(run, "part"));
    FL_CHECK(saved_model_open(run, &m));
    fl_status status = fl_training_describe(fl_learner_training(m.learner), &run->meta);
    if (status == FL_OK)
        status = export_model(run, s, &m, NULL);
    fl_model_clear(&m);
    return status;
}

/* The files differ from one another and from the table's, and may be written. */
static fl_status check_export_files(fl_run *run, const settings *s) {
    const char *const names[] = {"network", "input", "state"};
    const char *const files[] = {s->network, s->input, s->state};
    for (int k = 0; k < 3; k++) {
        if (!files[k])
            continue;
        FL_CHECK(fl_run_apart(run, names[k], files[k]));
        FL_CHECK(fl_output_allowed(files[k], run->common.force));
    }
    return FL_OK;
}

static fl_status run_export(fl_run *run, const void *given) {
    const settings *s = given;
    FL_CHECK(check_export_files(run, s));
    if (s->input || s->state)
        return saved_model_show(run, &s->shown, s, export_with_example);
    if (s->example_given || s->shown.part_given || fl_data_given(&s->shown.data))
        return fl_fail(FL_EUSAGE, "an example without --input or --state, which would write its "
                                  "field or its state");
    return export_alone(run, s);
}

static const fl_option options[] = {
    {"network", FL_OPTION_TEXT, offsetof(settings, network), "FILE", .required = true,
     .hidden_from_meta = true, .help = "where the matrix goes: .npy, .h5 (dataset /J), else text"},
    {"input", FL_OPTION_TEXT, offsetof(settings, input), "FILE", .hidden_from_meta = true,
     .help =
         "where the field goes that an example's input lays on the neurons, .npy, else a number a "
         "line: for --input of other tools"},
    {"state", FL_OPTION_TEXT, offsetof(settings, state), "FILE.h5", .hidden_from_meta = true,
     .help = "keep the state that the example ends in in a store (with J_D 0: that of the network "
             "is in the matrix), for fl-access return and fl-message local"},
    {"example", FL_OPTION_INTEGER, offsetof(settings, example), "NUMBER", "0", 0, 1e9,
     .given = offsetof(settings, example_given),
     .help = "with --input or --state: which example of its part, 0 for the first"},
    FL_GROUP(shown_options, settings, shown, ),
    {"last", FL_OPTION_FLAG, offsetof(settings, last),
     .help = "the last weights even where the model evaluates with averaged ones"},
    {.name = NULL},
};

static const char details[] =
    "Writes the couplings among all neurons of a network that `fl-train --save` kept, module after "
    "module, as they act at inference: the learned couplings of each module, the couplings of the "
    "chain (with --direction forward those to later modules alone), and J_D on the diagonal; entry "
    "(i, j) acts from j on i. `fl-enumerate --network` and `fl-access --network` study it. With --input "
    "the field that an example (by default the first test example of its own training) lays on "
    "these neurons, with --state the state it ends in.";

const fl_mode export_mode = {.name = "export",
                             .summary = "couplings of a saved model as a matrix",
                             .details = details,
                             .example = "fl-train export MODEL.h5 --network J.npy",
                             .options = options,
                             .settings_size = sizeof(settings),
                             .run = run_export,
                             .tables = tables,
                             .takes_files = true};
