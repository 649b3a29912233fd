/* The loop over sets: see source.h. A task is one network with all its self-couplings, or one set
 * of a store. Its record, also in the checkpoint: for each set a head, then the row. */
#include "mc/overlap/source.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "fixland/moments.h"
#include "fixland/replicas.h"
#include "mc/overlap/drawn.h"
#include "mc/overlap/stored.h"

#define AT(member) offsetof(source_settings, member)

const fl_option source_selection_options[] = {
    {"n", FL_OPTION_INTEGERS, AT(n), "LIST", .low = 1, .high = 1e6,
     .help = "neurons (of each module), 20 without files; with files: only these sizes"},
    {"jd", FL_OPTION_REALS, AT(jd), "LIST",
     .help = "self-coupling J_D, 0.3 without files; with files: only these values"},
    {"samples", FL_OPTION_INTEGER, AT(samples), "COUNT", .low = 1, .high = 1e9,
     .help = "random networks of each size, 1 without files; with files: only samples below COUNT"},
    {.name = NULL},
};

const fl_option source_options[] = {
    {.name = "selection", .group = source_selection_options},
    FL_GROUP(fl_ensemble_options, source_settings, ensemble),
    FL_GROUP(fl_network_options, source_settings, network),
    FL_GROUP(fl_drive_options, source_settings, drive, ),
    {.name = NULL},
};

struct source {
    fl_run *run;
    char kind[32]; /* of the records */
    fl_outputs files;
    drawn *networks; /* or */
    stored *stores;
    fl_ensemble ensemble;
    fl_input_field input;
    bool complete, driven; /* all fixed points of that ensemble, under that input */
};

typedef struct head {
    uint64_t n, sample, count, other_count, values;
    double jd;
} head;

/* Bytes of a record while they grow. */
typedef struct record {
    char *data;
    size_t length, room;
} record;

typedef struct loop {
    source *s;
    void *context;
    source_analyse *analyse;
    source_take *take;
    fl_effort effort;
} loop;

/* One task at work: the loop and its record. */
typedef struct job {
    loop *l;
    record record;
} job;

fl_status numbers_add(numbers *row, const double *values, size_t count) {
    if (row->count + count > row->room) {
        size_t room = 2 * (row->count + count);
        double *more = realloc(row->values, room * sizeof *more);
        if (!more)
            return fl_fail(FL_ENOMEM, "out of memory for %zu numbers of a set", room);
        row->values = more;
        row->room = room;
    }
    if (count)
        memcpy(row->values + row->count, values, count * sizeof *values);
    row->count += count;
    return FL_OK;
}

static fl_status append(record *r, const void *data, size_t length) {
    if (r->length + length > r->room) {
        size_t room = 2 * (r->length + length);
        char *more = realloc(r->data, room);
        if (!more)
            return fl_fail(FL_ENOMEM, "out of memory for a record of %zu bytes", room);
        r->data = more;
        r->room = room;
    }
    if (length)
        memcpy(r->data + r->length, data, length);
    r->length += length;
    return FL_OK;
}

/* Gets each set of a task, from drawn.c or stored.c. */
static fl_status analyse_set(void *context, const overlap_set *set) {
    job *j = context;
    numbers row = {0};
    fl_status status = j->l->analyse(j->l->context, set, &j->l->effort, &row);
    const head h = {set->n, set->sample, set->count, set->other_count, row.count, set->jd};
    if (status == FL_OK)
        status = append(&j->record, &h, sizeof h);
    if (status == FL_OK)
        status = append(&j->record, row.values, row.count * sizeof *row.values);
    free(row.values);
    return status;
}

static fl_status analyse_task(uint64_t task, void *context, fl_result *result) {
    loop *l = context;
    job j = {.l = l};
    fl_status status = l->s->networks
                           ? drawn_sets(l->s->networks, task, &l->effort, &j, analyse_set)
                           : stored_sets(l->s->stores, task, &j, analyse_set);
    *result = (fl_result){j.record.data, j.record.length};
    return status;
}

/* The next set of a record; *at moves behind it. */
static fl_status take_set(const loop *l, const char **at, const char *end) {
    head h;
    size_t left = (size_t)(end - *at);
    if (left < sizeof h)
        return fl_fail(FL_EMISMATCH, "a record ends within a set");
    memcpy(&h, *at, sizeof h);
    *at += sizeof h;
    if (h.values > (left - sizeof h) / sizeof(double))
        return fl_fail(FL_EMISMATCH, "a record ends within the numbers of a set");
    const overlap_set set = {.n = (size_t)h.n,
                             .jd = h.jd,
                             .sample = h.sample,
                             .count = (size_t)h.count,
                             .other_count = (size_t)h.other_count};
    FL_CHECK(l->take(l->context, &set, (const void *)*at, (size_t)h.values));
    *at += h.values * sizeof(double);
    return FL_OK;
}

static fl_status take_sets(uint64_t task, void *context, const void *data, size_t length) {
    const char *at = data, *end = at + length;
    (void)task;
    while (at < end)
        FL_CHECK(take_set(context, &at, end));
    return FL_OK;
}

fl_status source_table(source *s, const fl_column *columns, size_t count, fl_table **table) {
    FL_CHECK(fl_outputs_open(&s->files, s->run, NULL, columns, count));
    *table = s->files.table;
    return FL_OK;
}

fl_status source_run(source *s, void *context, source_analyse *analyse, source_take *take) {
    uint64_t tasks = s->networks ? drawn_tasks(s->networks) : stored_tasks(s->stores);
    const fl_effort effort = fl_run_effort(s->run);
    bool within = tasks < (uint64_t)effort.threads;
    loop l = {.s = s,
              .context = context,
              .analyse = analyse,
              .take = take,
              .effort = fl_effort_within(&effort, within ? effort.threads : 1)};
    fl_replicas replicas = {.tasks = tasks,
                            .effort = effort,
                            .context = &l,
                            .work = analyse_task,
                            .emit = take_sets,
                            .record = {.kind = s->kind},
                            .journal = s->files.journal};
    if (within)
        replicas.effort.threads = 1;
    fl_progress_start(s->run, "sets", (double)tasks);
    fl_status status = fl_replicas_run(&replicas);
    fl_progress_end();
    return status;
}

static fl_status open_source(source **result, fl_run *run, const source_settings *settings) {
    source *s = calloc(1, sizeof *s);
    if (!s)
        return fl_fail(FL_ENOMEM, "out of memory for the source of configurations");
    s->run = run;
    snprintf(s->kind, sizeof s->kind, "sets for %s", run->mode);
    fl_status status;
    bool driven = settings->drive.path || settings->drive.strength != 0;
    if (run->file_count && driven)
        status = fl_fail(FL_EUSAGE, "an input has no effect beside stores; leave one out");
    else if (run->file_count && settings->network.path)
        status = fl_fail(FL_EUSAGE, "--network %s has no effect beside stores; leave one out",
                         settings->network.path);
    else if (run->file_count) {
        status = fl_run_inputs(run, run->files, run->file_count);
        if (status == FL_OK)
            status = stored_open(&s->stores, run, settings);
        s->complete = status == FL_OK && stored_ensemble(s->stores, &s->ensemble, &s->input);
        s->driven = s->input.strength != 0;
    } else {
        s->ensemble = fl_ensemble_from(&settings->ensemble);
        s->complete = !settings->network.path;
        status = drawn_new(&s->networks, run, settings);
        if (status == FL_OK && driven) {
            const fl_instances *w = drawn_networks(s->networks);
            s->input = (fl_input_field){w->input, w->input_strength};
            s->driven = true;
        }
    }
    if (status != FL_OK)
        return source_close(s, status);
    *result = s;
    return FL_OK;
}

fl_status source_open(source **result, fl_run *run, const source_settings *settings) {
    FL_CHECK(open_source(result, run, settings));
    fl_status status = (*result)->stores ? stored_pool((*result)->stores, run) : FL_OK;
    return status == FL_OK ? FL_OK : source_close(*result, status);
}

fl_status source_open_pair(source **result, fl_run *run, const source_settings *settings,
                           bool same_jd) {
    if (run->file_count != 2)
        return fl_fail(FL_EUSAGE, "%zu files; two stores are compared", run->file_count);
    FL_CHECK(open_source(result, run, settings));
    (*result)->complete = false;
    fl_status status = stored_pair((*result)->stores, same_jd);
    return status == FL_OK ? FL_OK : source_close(*result, status);
}

fl_status source_close(source *s, fl_status status) {
    status = fl_outputs_close(&s->files, status);
    drawn_free(s->networks);
    stored_close(s->stores);
    free(s);
    return status;
}

bool source_driven(const source *s) {
    return s->driven;
}

const fl_ensemble *source_ensemble(const source *s) {
    return s->complete && !s->driven ? &s->ensemble : NULL;
}

double source_log_mean_pairs(const source *s, size_t n, double jd, size_t distance) {
    double log_mean;
    if (!s->complete)
        return NAN;
    fl_status status =
        s->driven ? fl_log_mean_pairs_input(&s->ensemble, n, jd, &s->input, distance, &log_mean)
                  : fl_log_mean_pairs(&s->ensemble, n, jd, distance, &log_mean);
    return status == FL_OK ? log_mean : NAN;
}
