/* fl-train train: one training run, a row an epoch. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "fixland/output.h"
#include "mc/learn/training_run.h"
#include "mc/learn/modes.h"

typedef struct settings {
    data_settings data;
    training_settings training;
    const char *save;
    double checkpoint_every;
    bool timing;
} settings;

enum { COLUMNS = 12 };

static const fl_column columns[COLUMNS] = {
    {"jd", FL_REAL, NULL},
    {"lambda", FL_REAL, NULL},
    {"seed", FL_INTEGER, NULL}, /* FL_TEXT beyond int64_t */
    {"epoch", FL_INTEGER, NULL},
    {"train_accuracy", FL_REAL, NULL},
    {"test_accuracy", FL_REAL, NULL},
    {"fixed_fraction", FL_REAL, NULL},
    {"flips_per_neuron", FL_REAL, NULL},
    {"hidden_updates", FL_REAL, NULL},
    {"withdrawn_overlap", FL_REAL, NULL},
    {"taught_overlap", FL_REAL, NULL},
    {"seconds", FL_REAL, "s"},
};

/* Where rows go. */
typedef struct rows_out {
    fl_table *table;
    fl_column columns[COLUMNS];
    const fl_training *training;
    uint64_t seed;
    char seed_text[24];
} rows_out;

static void rows_init(rows_out *out, const fl_training *training, uint64_t seed) {
    *out = (rows_out){.training = training, .seed = seed};
    snprintf(out->seed_text, sizeof out->seed_text, "%llu", (unsigned long long)seed);
    memcpy(out->columns, columns, sizeof columns);
    if (seed > INT64_MAX)
        out->columns[2].kind = FL_TEXT;
}

static fl_status emit_epoch(void *context, size_t k, const epoch_row *row) {
    rows_out *out = context;
    const fl_epoch *seen = &row->seen;
    const fl_cell cells[COLUMNS] = {FL_NUM(out->training->jd),
                                    FL_NUM(out->training->lambda),
                                    out->seed > INT64_MAX ? FL_STR(out->seed_text)
                                                          : FL_INT(out->seed),
                                    FL_INT(k + 1),
                                    FL_NUM(seen->accuracy),
                                    FL_NUM(row->test_accuracy),
                                    FL_NUM(seen->fixed_fraction),
                                    FL_NUM(seen->flips_per_neuron),
                                    FL_NUM(seen->hidden_updates),
                                    FL_NUM(seen->withdrawn_overlap),
                                    FL_NUM(seen->taught_overlap),
                                    FL_NUM(row->seconds)};
    return fl_table_row(out->table, cells);
}

/* The model first: a table tells that all is done. */
static fl_status close_all(training_run *c, const settings *s, rows_out *out,
                           const fl_journal *journal, fl_status status) {
    if (status == FL_OK && s->save)
        status = model_write(&c->model, s->save, c->run->common.force, &c->run->meta);
    if (status == FL_OK)
        status = fl_table_close(out->table);
    else
        fl_table_discard(out->table);
    return status == FL_OK ? training_run_end(c, journal) : status;
}

static fl_status train_and_write(training_run *c, const settings *s, fl_journal *journal) {
    rows_out out;
    rows_init(&out, c->training, c->model.seed);
    FL_CHECK(fl_run_table(c->run, &out.table, out.columns, s->timing ? COLUMNS : COLUMNS - 1));
    c->emit = emit_epoch;
    c->context = &out;
    fl_status status = training_run_run(c, journal);
    status = close_all(c, s, &out, journal, status);
    model_clear(&c->model);
    return status;
}

static fl_status train_with_data(fl_run *run, const settings *s, const fl_training *training,
                                 const fl_data_spec *spec, fl_journal *journal) {
    fl_dataset sets[2];
    FL_CHECK(fl_data_load(spec, &sets[0], &sets[1]));
    training_run c = {.run = run,
                      .training = training,
                      .train = &sets[0],
                      .test = &sets[1],
                      .every = s->checkpoint_every,
                      .keep = s->save != NULL,
                      .model = {.data = *spec,
                                .features = sets[0].features,
                                .outputs = sets[0].outputs,
                                .seed = run->common.seed}};
    fl_status status = train_and_write(&c, s, journal);
    fl_dataset_clear(&sets[0]);
    fl_dataset_clear(&sets[1]);
    return status;
}

static fl_status train_with_journal(fl_run *run, const settings *s, const fl_training *training,
                                    const fl_data_spec *spec) {
    fl_journal *journal;
    FL_CHECK(fl_run_journal(run, &journal));
    fl_status status = train_with_data(run, s, training, spec, journal);
    fl_status closed = fl_journal_close(journal, status == FL_OK);
    return status == FL_OK ? closed : status;
}

static fl_status run_train(fl_run *run, const void *given) {
    const settings *s = given;
    fl_training training;
    fl_meta added = {0};
    if (strcmp(s->training.preset, "list") == 0)
        return presets_write(run);
    FL_CHECK(training_from(&s->training, false, &training));
    FL_CHECK(fl_training_check(&training));
    if (s->save)
        FL_CHECK(fl_output_allowed(s->save, run->common.force));
    fl_data_spec spec = data_from(&s->data, NULL, run->common.seed);
    spec.threads = (int)run->common.threads;
    fl_status status = data_describe(&spec, &added);
    if (status == FL_OK)
        status = fl_training_describe(&training, &added);
    if (status == FL_OK)
        status = run_describe(run, &added);
    if (status == FL_OK)
        status = train_with_journal(run, s, &training, &spec);
    fl_meta_clear(&added);
    return status;
}

static const fl_option own[] = {
    {.name = "save",
     .type = FL_OPTION_TEXT,
     .offset = offsetof(settings, save),
     .argument = "MODEL.h5",
     .hidden_from_meta = true,
     .help = "keep the trained network in this HDF5 file, for the other modes"},
    {.name = "checkpoint-every",
     .type = FL_OPTION_DURATION,
     .offset = offsetof(settings, checkpoint_every),
     .argument = "TIME",
     .fallback = "10",
     .hidden_from_meta = true,
     .help = "with --output: at least so long between two states of the network in "
             "FILE.checkpoint.h5, from which --resume continues; 0: every epoch"},
    {.name = "timing",
     .type = FL_OPTION_FLAG,
     .offset = offsetof(settings, timing),
     .hidden_from_meta = true,
     .help = "a last column with the wall-clock seconds of each epoch; such tables are not "
             "reproducible"},
    {.name = NULL},
};

static const char details[] =
    "Trains a recurrent network of binary neurons by a local rule: an input and, for a while, a "
    "feedback that depends on the label push the network; the feedback is withdrawn; neurons whose "
    "own field is too weak learn to hold the state that was reached. No gradient. "
    "doc/learning-rules.md "
    "has the formulas; a switch that the preset sets is taken back by --NAME=no. Without options: "
    "drawn digits, nothing to download, a few seconds.\n\n"
    "Columns: jd; lambda; seed; epoch, 1 for the first; train_accuracy of the readout as training "
    "goes, on the state it learns on; test_accuracy after the epoch; fixed_fraction of training "
    "examples whose last state is a fixed point without feedback; flips_per_neuron an example; "
    "hidden_updates, fraction of (neuron, example) that learned; withdrawn_overlap of the states "
    "before and after the feedback is withdrawn; taught_overlap of the free state and the last "
    "taught one.\n\n"
    "A run is stopped between epochs. With --output FILE, rows are kept in FILE.journal and the "
    "network in FILE.checkpoint.h5 until FILE is written.";

fl_mode train_mode(option_list *list) {
    options_add_data(list, offsetof(settings, data), NULL);
    options_add_training(list, offsetof(settings, training), false, "reference-large");
    options_add(list, own);
    return (fl_mode){.name = "train",
                     .summary = "one training run, a row an epoch",
                     .details = details,
                     .example = "fl-train --train 2000 --test 500 --epochs 3 --jd 0.5",
                     .options = list->entries,
                     .settings_size = sizeof(settings),
                     .common = FL_WITH_SEED | FL_WITH_THREADS | FL_WITH_RESUME,
                     .run = run_train};
}
