/* See training_run.h. */
#include "mc/learn/training_run.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

/* Rows that an interrupted run left. */
typedef struct recorded {
    epoch_row *rows;
    size_t count;
} recorded;

static double monotonic_seconds(void) {
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

/* FILE.checkpoint.h5 of --output FILE; free it. */
static char *state_path(const training_run *c) {
    size_t size = strlen(c->run->common.output) + sizeof ".checkpoint.h5";
    char *path = malloc(size);
    if (path)
        snprintf(path, size, "%s.checkpoint.h5", c->run->common.output);
    return path;
}

static fl_status no_checkpoint_memory(void) {
    return fl_fail(FL_ENOMEM, "out of memory for the checkpoint");
}

static fl_status read_rows(fl_journal *journal, size_t epochs, recorded *r) {
    bool found = journal != NULL;
    if (found && !(r->rows = calloc(epochs, sizeof *r->rows)))
        return no_checkpoint_memory();
    while (found) {
        uint64_t task;
        const void *payload;
        size_t length;
        FL_CHECK(fl_journal_next(journal, &found, &task, &payload, &length));
        if (!found)
            break;
        if (task != r->count || task >= epochs || length != sizeof *r->rows)
            return fl_fail(FL_EFORMAT, "the checkpoint's record %zu is not that of an epoch",
                           r->count);
        memcpy(&r->rows[r->count++], payload, length);
    }
    return FL_OK;
}

/* The recorded rows are those of this state's run. */
static fl_status check_state(const training_run *c, const model *m, const char *path, size_t rows) {
    if (strcmp(m->state, c->run->fingerprint) != 0)
        return fl_fail(FL_EMISMATCH, "%s: the state of another run; --force starts afresh", path);
    if (m->epoch > rows)
        return fl_fail(FL_EMISMATCH,
                       "%s: the state after epoch %zu, but only %zu epochs are recorded; --force "
                       "starts afresh",
                       path, m->epoch, rows);
    return FL_OK;
}

/* The state, when there is one. */
static fl_status read_state(training_run *c, size_t rows) {
    char *path = state_path(c);
    model m;
    if (!path)
        return no_checkpoint_memory();
    if (access(path, F_OK) != 0) {
        free(path);
        return FL_OK;
    }
    fl_status status = model_read(&m, path);
    if (status == FL_OK) {
        status = check_state(c, &m, path, rows);
        if (status == FL_OK) {
            c->model.learner = m.learner;
            c->model.epoch = m.epoch;
            m.learner = NULL;
        }
        model_clear(&m);
    }
    free(path);
    return status;
}

static fl_status write_state(training_run *c) {
    char *path = state_path(c);
    if (!path)
        return no_checkpoint_memory();
    c->model.state = c->run->fingerprint;
    fl_status status = model_write(&c->model, path, true, &c->run->meta);
    c->model.state = NULL;
    free(path);
    return status;
}

static fl_status training_begin(training_run *c, fl_journal *journal, recorded *r) {
    FL_CHECK(read_rows(journal, c->training->epochs, r));
    if (r->count)
        FL_CHECK(read_state(c, r->count));
    if (c->model.learner)
        return FL_OK;
    return fl_learner_new(&c->model.learner, c->training, c->model.features, c->model.outputs,
                          c->model.seed);
}

static fl_status compute_epoch(training_run *c, size_t k, epoch_row *row) {
    int threads = (int)c->run->common.threads;
    double start = monotonic_seconds();
    fl_epoch test;
    *row = (epoch_row){0};
    FL_CHECK(fl_learner_epoch(c->model.learner, c->train, k, threads, &row->seen));
    FL_CHECK(fl_learner_evaluate(c->model.learner, c->test, threads, &test, NULL, NULL));
    row->test_accuracy = test.accuracy;
    row->seconds = monotonic_seconds() - start;
    return FL_OK;
}

/* All but the time. */
static bool same_row(const epoch_row *a, const epoch_row *b) {
    return memcmp(&a->seen, &b->seen, sizeof a->seen) == 0 &&
           memcmp(&a->test_accuracy, &b->test_accuracy, sizeof a->test_accuracy) == 0;
}

/* Epoch k, whose row is recorded already or is now. */
static fl_status advance_epoch(training_run *c, fl_journal *journal, const recorded *r, size_t k) {
    epoch_row row;
    FL_CHECK(compute_epoch(c, k, &row));
    c->model.epoch = k + 1;
    if (k < r->count)
        return same_row(&row, &r->rows[k])
                   ? FL_OK
                   : fl_fail(FL_EMISMATCH,
                             "epoch %zu, computed again, is not what the checkpoint recorded: it "
                             "comes from another program or machine; --force starts afresh",
                             k + 1);
    if (journal)
        FL_CHECK(fl_journal_append(journal, k, &row, sizeof row));
    return c->emit(c->context, k, &row);
}

/* From the epoch that the state has reached. */
static fl_status train_on(training_run *c, fl_journal *journal, const recorded *r) {
    size_t epochs = c->training->epochs;
    double written = monotonic_seconds();
    for (size_t k = c->model.epoch; k < epochs; k++) {
        FL_CHECK(advance_epoch(c, journal, r, k));
        bool stop = fl_stop_requested() && k + 1 < epochs;
        if (journal && (stop || (k + 1 < epochs && monotonic_seconds() - written >= c->every))) {
            FL_CHECK(write_state(c));
            written = monotonic_seconds();
        }
        fl_progress_update((double)(k + 1));
        if (stop)
            return fl_fail(FL_STOPPED, "stopped after %zu of %zu epochs", k + 1, epochs);
    }
    return FL_OK;
}

fl_status training_run_run(training_run *c, fl_journal *journal) {
    recorded r = {0};
    fl_status status = training_begin(c, journal, &r);
    for (size_t k = 0; status == FL_OK && k < r.count; k++)
        status = c->emit(c->context, k, &r.rows[k]);
    fl_progress_start(c->run, "epochs", (double)c->training->epochs);
    if (status == FL_OK && (c->keep || r.count < c->training->epochs))
        status = train_on(c, journal, &r);
    fl_progress_end();
    free(r.rows);
    return status;
}

fl_status training_run_end(const training_run *c, const fl_journal *journal) {
    if (!journal)
        return FL_OK;
    char *path = state_path(c);
    if (!path)
        return no_checkpoint_memory();
    fl_status status = FL_OK;
    if (unlink(path) != 0 && errno != ENOENT)
        status = fl_fail(FL_EIO, "%s: cannot be removed: %s", path, strerror(errno));
    free(path);
    return status;
}
