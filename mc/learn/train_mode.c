/* fl-train train: one training run, a row an epoch. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "fixland/output.h"
#include "fixland/sampling.h"
#include "mc/learn/modes.h"
#include "mc/learn/saved_model.h"
#include "mc/learn/training_run.h"

typedef struct settings {
    fl_data_settings data;
    training_settings training;
    const char *save, *from;
    double checkpoint_every;
    bool timing;
} settings;

enum { COLUMNS = 12 };

static const fl_column columns[COLUMNS] = {
    {"jd", FL_REAL, NULL, "self-coupling J_D"},
    {"lambda", FL_REAL, NULL, "strength of the couplings between modules"},
    {"seed", FL_INTEGER, NULL, "of network, data and order"}, /* FL_TEXT beyond int64_t */
    {"epoch", FL_INTEGER, NULL, "1 for the first; 0, alone, with --epochs 0"},
    {"train_accuracy", FL_REAL, NULL, "of the readout as training goes, on the state it learns on"},
    {"test_accuracy", FL_REAL, NULL,
     "after the epoch (of associations: fraction with every bit right)"},
    {"fixed_fraction", FL_REAL, NULL,
     "of training examples whose last state is a fixed point without feedback"},
    {"flips_per_neuron", FL_REAL, NULL, "of an example"},
    {"hidden_updates", FL_REAL, NULL, "fraction of (neuron, example) that learned"},
    {"withdrawn_overlap", FL_REAL, NULL, "of the states before and after the withdrawal"},
    {"taught_overlap", FL_REAL, NULL, "of the free state and the last taught one"},
    {"seconds", FL_REAL, "s", "with --timing: wall-clock time of the epoch"},
};

static const fl_mode_table tables[] = {{NULL, columns, COLUMNS}, {.columns = NULL}};

/* Where rows go. */
typedef struct rows_out {
    fl_outputs files;
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
                                    FL_INT(out->training->epochs ? k + 1 : 0),
                                    FL_NUM(seen->accuracy),
                                    FL_NUM(row->test_accuracy),
                                    FL_NUM(seen->fixed_fraction),
                                    FL_NUM(seen->flips_per_neuron),
                                    FL_NUM(seen->hidden_updates),
                                    FL_NUM(seen->withdrawn_overlap),
                                    FL_NUM(seen->taught_overlap),
                                    FL_NUM(row->seconds)};
    return fl_table_row(out->files.table, cells);
}

static fl_status save_trained(void *context, const char *path, bool force) {
    const training_run *c = context;
    return fl_model_write(&c->model, path, force, &c->run->meta);
}

static fl_status train_and_write(training_run *c, const settings *s) {
    rows_out out;
    rows_init(&out, c->training, c->model.seed);
    c->emit = emit_epoch;
    c->context = &out;
    fl_status status =
        fl_outputs_open(&out.files, c->run, NULL, out.columns, s->timing ? COLUMNS : COLUMNS - 1);
    bool resumable = out.files.journal != NULL;
    if (status == FL_OK && s->save)
        status = fl_outputs_companion(&out.files, c->run, "save",
                                      &(fl_companion){s->save, save_trained, c});
    if (status == FL_OK)
        status = training_run_run(c, out.files.journal);
    status = fl_outputs_close(&out.files, status);
    if (status == FL_OK && resumable)
        status = training_run_end(c);
    fl_model_clear(&c->model);
    return status;
}

/* What a run starts from and works on. */
typedef struct train_inputs {
    const settings *s;
    fl_training training;
    fl_data_spec spec;
    fl_dataset sets[2];
    fl_model from; /* without --from: empty */
    unsigned long crc32;
} train_inputs;

static fl_status train_on_inputs(fl_run *run, train_inputs *in) {
    training_run c = {.run = run,
                      .training = &in->training,
                      .train = &in->sets[0],
                      .test = &in->sets[1],
                      .every = in->s->checkpoint_every,
                      .keep = in->s->save != NULL,
                      .from = in->from.learner,
                      .model = {.data = in->spec,
                                .features = in->sets[0].features,
                                .outputs = in->sets[0].outputs,
                                .data_known = true,
                                .data_crc32 = in->crc32,
                                .seed = run->common.seed}};
    return train_and_write(&c, in->s);
}

static fl_status describe_inputs(fl_run *run, const train_inputs *in) {
    fl_meta added = {0};
    fl_status status = fl_data_describe(&in->spec, &added);
    if (status == FL_OK)
        status = fl_meta_set(&added, "data_crc32", "%08lx", in->crc32);
    if (status == FL_OK)
        status = fl_training_describe(&in->training, &added);
    if (status == FL_OK)
        status = fl_run_record_all(run, &added);
    if (status == FL_OK && in->s->from)
        status = fl_run_inputs(run, &in->s->from, 1);
    fl_meta_clear(&added);
    return status;
}

/* The training and the data: those of a model, or of a preset and a source, and what was given. */
static fl_status choose_inputs(fl_run *run, train_inputs *in) {
    const settings *s = in->s;
    const fl_data_spec *data = NULL;
    size_t count;
    const fl_field *fields = fl_training_fields(&count);
    if (s->from && s->training.preset_given)
        return fl_fail(FL_EUSAGE, "--preset with --from: the model has its settings");
    if (s->from) {
        FL_CHECK(fl_model_read(&in->from, s->from));
        in->training = *fl_learner_training(in->from.learner);
        data = &in->from.data;
        FL_CHECK(training_check_effect(&s->training, &in->training, false));
        FL_CHECK(fl_fields_given(&in->training, fields, count, s->training.values,
                                 s->training.given, false));
    } else {
        FL_CHECK(training_from(&s->training, false, &in->training));
        FL_CHECK(training_check_effect(&s->training, NULL, false));
    }
    FL_CHECK(fl_training_check(&in->training));
    FL_CHECK(fl_data_from(&s->data, data, run->common.seed, &in->spec));
    in->spec.threads = (int)run->common.threads;
    return FL_OK;
}

static fl_status train_inputs_run(fl_run *run, train_inputs *in) {
    FL_CHECK(choose_inputs(run, in));
    FL_CHECK(fl_data_load(&in->spec, &in->sets[0], &in->sets[1]));
    in->crc32 = fl_dataset_crc32(&in->sets[1], fl_dataset_crc32(&in->sets[0], 0));
    if (in->s->from && !fl_data_given(&in->s->data))
        FL_CHECK(saved_model_check_data(&in->from, in->s->from, in->sets));
    FL_CHECK(describe_inputs(run, in));
    return train_on_inputs(run, in);
}

static fl_status run_train(fl_run *run, const void *given) {
    train_inputs in = {.s = given};
    if (strcmp(in.s->training.preset, "list") == 0)
        return presets_write(run);
    FL_CHECK(fl_run_apart(run, "save", in.s->save));
    if (in.s->save && !run->common.resume) /* before the data are read; again after it */
        FL_CHECK(fl_output_allowed(in.s->save, run->common.force));
    fl_status status = train_inputs_run(run, &in);
    fl_dataset_clear(&in.sets[0]);
    fl_dataset_clear(&in.sets[1]);
    fl_model_clear(&in.from);
    return status;
}

static const fl_option options[] = {
    FL_GROUP(fl_data_options, settings, data, ),
    FL_GROUP(training_options, settings, training, .fallback = TRAINING_REFERENCE),
    {"from", FL_OPTION_TEXT, offsetof(settings, from), "MODEL.h5",
     .help = "start with the weights of a model that --save kept, and with its settings and data "
             "in place of the defaults: to go on, or to learn other data; epochs and schedules "
             "begin anew"},
    {"save", FL_OPTION_TEXT, offsetof(settings, save), "FILE.h5", .hidden_from_meta = true,
     .help = "keep the trained network in this HDF5 file, for the other modes"},
    {"checkpoint-every", FL_OPTION_DURATION, offsetof(settings, checkpoint_every), "TIME", "10",
     .hidden_from_meta = true,
     .help = "with --output: at least so long between two states of the network in "
             "FILE.checkpoint.h5, from which --resume continues; 0: every epoch"},
    {"timing", FL_OPTION_FLAG, offsetof(settings, timing), .hidden_from_meta = true,
     .help = "a last column with the wall-clock seconds of each epoch; such tables are not "
             "reproducible"},
    {.name = NULL},
};

static const char details[] =
    "Trains a recurrent network of binary neurons by a local rule: an input and, for a while, a "
    "feedback that depends on the label push the network; the feedback is withdrawn; neurons whose "
    "own field is too weak learn to hold the state that was reached. No gradient. "
    "doc/learning-rules.md has the formulas; a switch that the preset sets is taken back by "
    "--NAME=no. Without options: drawn digits, nothing to download, a few "
    "seconds.\n\n" TRAINING_DEFAULTS "\n\n"
    "A run is stopped between epochs, or a second after it was asked to. With --output FILE, rows "
    "are kept in FILE.journal and the network in FILE.checkpoint.h5 until FILE is written.";

const fl_mode train_mode = {.name = "train",
                            .summary = "one training run, a row an epoch",
                            .details = details,
                            .example = "fl-train --train 2000 --test 500 --epochs 3 --jd 0.5",
                            .options = options,
                            .settings_size = sizeof(settings),
                            .common = FL_WITH_SEED | FL_WITH_THREADS | FL_WITH_RESUME,
                            .run = run_train,
                            .tables = tables};
