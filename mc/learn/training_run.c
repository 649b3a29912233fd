/* See training_run.h. */
#include "mc/learn/training_run.h"

#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "mc/learn/patience.h"
#include "src/par/record.h"

/* An epoch each, or one without epochs. */
static size_t rows_of(const fl_training *t) {
    return t->epochs ? t->epochs : 1;
}

_Static_assert(sizeof(epoch_row) == FL_MODEL_ROW * sizeof(double), "the rows of a checkpoint");

/* Rows of finished epochs. */
typedef struct recorded {
    epoch_row *rows;
    size_t count;
} recorded;

/* FILE.checkpoint.h5 of --output FILE; free it. */
static char *state_path(const training_run *c) {
    size_t size = strlen(c->run->common.output) + sizeof ".checkpoint.h5";
    char *path = malloc(size);
    if (path)
        snprintf(path, size, "%s.checkpoint.h5", c->run->common.output);
    return path;
}

static size_t epoch_length(uint64_t task, void *context, bool kept) {
    (void)task, (void)context, (void)kept;
    return sizeof(epoch_row);
}

/* What the records of the journal are. */
static fl_replicas epoch_records(const training_run *c, fl_journal *journal) {
    return (fl_replicas){.tasks = rows_of(c->training),
                         .record = {.kind = "epochs of a training", .length = epoch_length},
                         .journal = journal};
}

static fl_status append_epoch(const training_run *c, fl_journal *journal, size_t k,
                              epoch_row *row) {
    const fl_replicas records = epoch_records(c, journal);
    const fl_result result = {.data = row, .length = sizeof *row};
    return fl_record_append(&records, k, &result, row->seconds);
}

static fl_status no_checkpoint_memory(void) {
    return fl_fail(FL_ENOMEM, "out of memory for the checkpoint");
}

static fl_status read_recorded(const training_run *c, fl_journal *journal, recorded *r) {
    const fl_replicas records = epoch_records(c, journal);
    bool found = journal != NULL;
    if (!(r->rows = calloc(records.tasks, sizeof *r->rows)))
        return no_checkpoint_memory();
    while (found) {
        uint64_t task;
        const void *payload;
        size_t length;
        double seconds;
        FL_CHECK(fl_journal_next(journal, &found, &task, &payload, &length));
        if (!found)
            break;
        FL_CHECK(fl_record_open(&records, task, &payload, &length, &seconds));
        if (task != r->count || task >= records.tasks)
            return fl_fail(FL_EFORMAT, "the checkpoint's record %zu is not that of an epoch",
                           r->count);
        memcpy(&r->rows[r->count++], payload, length);
    }
    return FL_OK;
}

/* Takes the state, if it is that of this run. Rows that the journal has lost are in the state. */
static fl_status take_state(training_run *c, fl_journal *journal, fl_model *m, const char *path,
                            recorded *r) {
    if (strcmp(m->state, c->run->fingerprint) != 0)
        return fl_fail(FL_EMISMATCH, "%s: the state of another run; --force starts afresh", path);
    if (m->epoch > r->count && (!m->rows || m->epoch > rows_of(c->training)))
        return FL_OK;
    for (; r->count < m->epoch; r->count++) {
        epoch_row *row = &r->rows[r->count];
        memcpy(row, m->rows + r->count * FL_MODEL_ROW, sizeof *row);
        FL_CHECK(append_epoch(c, journal, r->count, row));
    }
    c->model.learner = m->learner;
    c->model.epoch = m->epoch;
    m->learner = NULL;
    return FL_OK;
}

/* The state, when there is one. */
static fl_status read_state(training_run *c, fl_journal *journal, recorded *r) {
    char *path = state_path(c);
    fl_model m;
    if (!path)
        return no_checkpoint_memory();
    if (access(path, F_OK) != 0) {
        free(path);
        return FL_OK;
    }
    fl_status status = fl_model_read(&m, path);
    if (status == FL_OK) {
        status = take_state(c, journal, &m, path, r);
        fl_model_clear(&m);
    }
    free(path);
    return status;
}

static fl_status write_state(training_run *c, const recorded *r) {
    char *path = state_path(c);
    if (!path)
        return no_checkpoint_memory();
    c->model.state = c->run->fingerprint;
    c->model.rows = (double *)r->rows;
    fl_status status = fl_model_write(&c->model, path, true, &c->run->meta);
    c->model.state = NULL;
    c->model.rows = NULL;
    free(path);
    return status;
}

/* All arrays of a learner, one behind the other; free them. */
static fl_status keep_weights(const fl_learner *learner, float **values) {
    char name[32];
    size_t rows, columns, size = 0, at = 0;
    for (int pass = 0; pass < 2; pass++) {
        for (size_t k = 0; k < fl_learner_arrays(learner); k++) {
            FL_CHECK(fl_learner_array(learner, k, name, &rows, &columns));
            if (pass)
                fl_learner_get(learner, k, *values + at);
            at += pass ? rows * columns : 0;
            size += pass ? 0 : rows * columns;
        }
        if (!pass && !(*values = malloc(size * sizeof **values)))
            return no_checkpoint_memory();
    }
    return FL_OK;
}

static void put_weights_back(fl_learner *learner, const float *values) {
    char name[32];
    size_t rows, columns;
    for (size_t k = 0; k < fl_learner_arrays(learner); k++) {
        fl_learner_array(learner, k, name, &rows, &columns);
        fl_learner_set(learner, k, values);
        values += rows * columns;
    }
}

static fl_status training_begin(training_run *c, fl_journal *journal, recorded *r) {
    FL_CHECK(read_recorded(c, journal, r));
    if (journal && c->run->common.resume)
        FL_CHECK(read_state(c, journal, r));
    if (c->model.learner)
        return FL_OK;
    FL_CHECK(fl_learner_new(&c->model.learner, c->training, c->model.features, c->model.outputs,
                            c->model.seed));
    fl_status status = c->from ? fl_learner_copy(c->model.learner, c->from) : FL_OK;
    return status == FL_EMISMATCH ? fl_fail(status, "--from: %s", fl_message()) : status;
}

/* What training epoch k sees, and what the test examples show then. */
static fl_status compute_epoch(training_run *c, size_t k, epoch_row *row) {
    const fl_effort effort = patient_effort((int)c->run->common.threads);
    double start = monotonic_seconds();
    fl_epoch test;
    *row = (epoch_row){.seen = {NAN, NAN, NAN, NAN, NAN, NAN}};
    if (k < c->training->epochs)
        FL_CHECK(fl_learner_epoch(c->model.learner, c->train, k, &effort, &row->seen));
    FL_CHECK(fl_learner_evaluate(c->model.learner, c->test, &effort, &test, NULL, NULL));
    row->test_accuracy = test.accuracy;
    row->seconds = monotonic_seconds() - start;
    return FL_OK;
}

/* The same, after which the learner has made the whole epoch or, stopped, none of it. */
static fl_status compute_whole_epoch(training_run *c, size_t k, epoch_row *row) {
    float *before;
    FL_CHECK(keep_weights(c->model.learner, &before));
    fl_status status = compute_epoch(c, k, row);
    if (status == FL_STOPPED)
        put_weights_back(c->model.learner, before);
    free(before);
    return status;
}

/* All but the time. */
static bool same_row(const epoch_row *a, const epoch_row *b) {
    return memcmp(&a->seen, &b->seen, sizeof a->seen) == 0 &&
           memcmp(&a->test_accuracy, &b->test_accuracy, sizeof a->test_accuracy) == 0;
}

/* Epoch k, whose row is recorded already or is now. */
static fl_status advance_epoch(training_run *c, fl_journal *journal, recorded *r, size_t k) {
    epoch_row row;
    FL_CHECK(compute_whole_epoch(c, k, &row));
    c->model.epoch = k + 1;
    if (k < r->count)
        return same_row(&row, &r->rows[k])
                   ? FL_OK
                   : fl_fail(FL_EMISMATCH,
                             "epoch %zu, computed again, is not what the checkpoint recorded: it "
                             "comes from another program or machine; --force starts afresh",
                             k + 1);
    if (journal)
        FL_CHECK(append_epoch(c, journal, k, &row));
    r->rows[r->count++] = row;
    return c->emit(c->context, k, &row);
}

/* From the epoch that the state has reached. */
static fl_status train_on(training_run *c, fl_journal *journal, recorded *r) {
    size_t epochs = rows_of(c->training);
    double written = monotonic_seconds();
    for (size_t k = c->model.epoch; k < epochs; k++) {
        fl_status status = advance_epoch(c, journal, r, k);
        if (status != FL_OK && status != FL_STOPPED)
            return status;
        bool last = c->model.epoch == epochs;
        bool stop = !last && (status == FL_STOPPED || fl_stop_requested());
        if (journal && (stop || (!last && monotonic_seconds() - written >= c->every))) {
            FL_CHECK(write_state(c, r));
            written = monotonic_seconds();
        }
        fl_progress_update((double)c->model.epoch);
        if (stop)
            return fl_fail(FL_STOPPED, "stopped after %zu of %zu epochs", c->model.epoch, epochs);
    }
    return FL_OK;
}

fl_status training_run_run(training_run *c, fl_journal *journal) {
    recorded r = {0};
    fl_status status = training_begin(c, journal, &r);
    for (size_t k = 0; status == FL_OK && k < r.count; k++)
        status = c->emit(c->context, k, &r.rows[k]);
    fl_progress_start(c->run, "epochs", (double)rows_of(c->training));
    if (status == FL_OK && (c->keep || r.count < rows_of(c->training)))
        status = train_on(c, journal, &r);
    fl_progress_end();
    free(r.rows);
    return status;
}

fl_status training_run_end(const training_run *c) {
    char *path = state_path(c);
    if (!path)
        return no_checkpoint_memory();
    fl_status status = FL_OK;
    if (unlink(path) != 0 && errno != ENOENT)
        status = fl_fail(FL_EIO, "%s: cannot be removed: %s", path, strerror(errno));
    free(path);
    return status;
}
