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
    FL_SHARD_OPTION(source_settings, shard, "the sets"),
    {.name = NULL},
};

const fl_option source_options[] = {
    {.name = "selection", .group = source_selection_options},
    FL_GROUP(fl_margin_options, source_settings, margin),
    FL_GROUP(fl_ensemble_options, source_settings, ensemble),
    FL_GROUP(fl_network_options, source_settings, network),
    FL_GROUP(fl_drive_options, source_settings, drive, ),
    {.name = NULL},
};

const fl_column source_parts[SOURCE_PARTS] = {
    FL_COLUMNS_SAMPLE(FL_COLUMN_NEURONS),
    {"configurations", FL_INTEGER, NULL, "of the set"},
    {"others", FL_INTEGER, NULL, "of the set that it is compared with; 0: none"},
    {"place", FL_INTEGER, NULL, "of the number, from 0; -1: the set has none"},
    {"number", FL_REAL, NULL, "what the mode finds of the set: pairs at each distance, say"},
};

struct source {
    fl_run *run;
    char kind[32]; /* of the records */
    fl_outputs files;
    drawn *networks; /* or */
    stored *stores;
    fl_ensemble ensemble;
    fl_input_field input;
    uint64_t shard, shards;
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
    uint64_t from; /* the first task of the shard */
    void *context, *analyse_context;
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
    fl_status status = j->l->analyse(j->l->analyse_context, set, &j->l->effort, &row);
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
                           ? drawn_sets(l->s->networks, l->from + task, &l->effort, &j, analyse_set)
                           : stored_sets(l->s->stores, l->from + task, &j, analyse_set);
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

/* For a shard, in place of a mode's own. */
static fl_status write_part(void *context, const overlap_set *set, const double *row,
                            size_t count) {
    const source *s = context;
    fl_cell cells[SOURCE_PARTS] = {
        FL_INT(set->n),     FL_NUM(set->jd),          FL_INT(set->sample),
        FL_INT(set->count), FL_INT(set->other_count), FL_INT(-1),
        FL_NUM(0)};
    if (!count)
        return fl_table_row(s->files.table, cells);
    for (size_t k = 0; k < count; k++) {
        cells[5] = FL_INT(k);
        cells[6] = FL_NUM(row[k]);
        FL_CHECK(fl_table_row(s->files.table, cells));
    }
    return FL_OK;
}

/* The set that begins at *row, which moves behind it. */
static fl_status read_part(const fl_frame *f, size_t *row, overlap_set *set, numbers *values) {
    double v[SOURCE_PARTS];
    values->count = 0;
    for (bool first = true; *row < f->rows; first = false, ++*row) {
        for (size_t k = 0; k < SOURCE_PARTS; k++)
            FL_CHECK(fl_frame_number(f, *row, k, &v[k]));
        if (!first && v[5] <= 0)
            return FL_OK;
        if (v[5] >= 0 && v[5] != (double)values->count)
            return fl_fail(FL_EMISMATCH, "row %zu: a number of the set is missing", *row + 1);
        *set = (overlap_set){.n = (size_t)v[0],
                             .jd = v[1],
                             .sample = (uint64_t)v[2],
                             .count = (size_t)v[3],
                             .other_count = (size_t)v[4]};
        if (v[5] >= 0)
            FL_CHECK(numbers_add(values, &v[6], 1));
    }
    return FL_OK;
}

/* The sets of all shards, in order. */
static fl_status take_again(const fl_frame *f, void *context, source_take *take) {
    numbers values = {0};
    fl_status status = f->columns == SOURCE_PARTS
                           ? FL_OK
                           : fl_fail(FL_EFORMAT, "these are no rows of a shard of fl-overlap");
    for (size_t row = 0; status == FL_OK && row < f->rows;) {
        overlap_set set;
        status = read_part(f, &row, &set, &values);
        if (status == FL_OK)
            status = take(context, &set, values.values, values.count);
    }
    free(values.values);
    return status;
}

static fl_status take_sets(uint64_t task, void *context, const void *data, size_t length) {
    const char *at = data, *end = at + length;
    (void)task;
    while (at < end)
        FL_CHECK(take_set(context, &at, end));
    return FL_OK;
}

fl_status source_table(source *s, const fl_column *columns, size_t count, fl_table **table) {
    if (s->shards) {
        FL_CHECK(fl_meta_set(&s->run->meta, "table_holds", "parts"));
        columns = source_parts;
        count = SOURCE_PARTS;
    }
    FL_CHECK(fl_outputs_open(&s->files, s->run, NULL, columns, count));
    *table = s->files.table;
    return FL_OK;
}

/* Tasks of the shard, which begin at *from of all. */
static uint64_t source_tasks(const source *s, uint64_t *from) {
    uint64_t until, all = s->networks ? drawn_tasks(s->networks) : stored_tasks(s->stores);
    fl_shard_range(all, s->shard, s->shards, from, &until);
    return until - *from;
}

fl_status source_run(source *s, void *context, source_analyse *analyse, source_take *take) {
    if (s->run->rows)
        return take_again(s->run->rows, context, take);
    uint64_t from, tasks = source_tasks(s, &from);
    const fl_effort effort = fl_run_effort(s->run);
    bool within = tasks < (uint64_t)effort.threads;
    loop l = {.s = s,
              .from = from,
              .context = context,
              .analyse_context = context,
              .analyse = analyse,
              .take = s->shards ? write_part : take,
              .effort = fl_effort_within(&effort, within ? effort.threads : 1)};
    if (s->shards)
        l.context = s;
    fl_replicas replicas = {.tasks = tasks,
                            .effort = effort,
                            .context = &l,
                            .work = analyse_task,
                            .emit = take_sets,
                            .record = {.kind = s->kind}};
    if (within)
        replicas.effort.threads = 1;
    return fl_outputs_run(&s->files, s->run, &replicas, "sets");
}

/* What a set is drawn from. */
static fl_ensemble ensemble_asked(const source_settings *settings) {
    fl_ensemble e = fl_ensemble_from(&settings->ensemble);
    e.margin = settings->margin;
    return e;
}

/* Beside stores nothing is drawn but pairs (--pairs). */
static fl_status leave_out_beside_stores(fl_run *run) {
    static const char *const names[] = {"input",     "input-strength", "network",
                                        "transpose", "margin",         NULL};
    static const char *const seed[] = {"seed", NULL};
    static const char why[] = "beside stores";
    FL_CHECK(fl_ensemble_settings_leave_out(run, why));
    FL_CHECK(fl_run_leave_out(run, names, why));
    return fl_run_given(run, "pairs") ? FL_OK : fl_run_leave_out(run, seed, why);
}

/* The provenance tells of the ensemble that all stores are of, if they are of one. */
static fl_status open_stores(source *s, fl_run *run, const source_settings *settings) {
    FL_CHECK(leave_out_beside_stores(run));
    FL_CHECK(fl_run_inputs(run, run->files, run->file_count));
    FL_CHECK(stored_open(&s->stores, run, settings));
    s->complete = stored_ensemble(s->stores, &s->ensemble, &s->input);
    s->driven = s->input.strength != 0;
    if (!s->complete)
        return FL_OK;
    fl_meta told = {0};
    fl_status status = fl_ensemble_describe(&s->ensemble, &told);
    if (status == FL_OK)
        status = fl_meta_set_real(&told, "input-strength", s->input.strength);
    if (status == FL_OK)
        status = fl_run_record_all(run, &told);
    fl_meta_clear(&told);
    return status;
}

static fl_status open_drawn(source *s, fl_run *run, const source_settings *settings) {
    s->ensemble = ensemble_asked(settings);
    s->complete = !settings->network.path;
    FL_CHECK(drawn_new(&s->networks, run, settings));
    const fl_instances *w = drawn_networks(s->networks);
    s->driven = fl_instances_driven(w);
    if (s->driven)
        s->input = (fl_input_field){w->input, w->input_strength};
    return FL_OK;
}

static const char complete_key[] = "sets_complete", strength_key[] = "sets_input_strength";

/* What fl-merge cannot know of a shard without its stores or matrix. */
static fl_status tell_shard(const source *s, fl_run *run) {
    if (!s->shards)
        return FL_OK;
    bool known = s->complete && !s->input.each;
    fl_meta told = {0};
    fl_status status = fl_meta_set(&told, complete_key, known ? "yes" : "no");
    if (status == FL_OK && s->driven)
        status = fl_meta_set_real(&told, strength_key, s->input.strength);
    if (status == FL_OK)
        status = fl_run_record_all(run, &told);
    fl_meta_clear(&told);
    return status;
}

static fl_status open_again(source *s, fl_run *run, const source_settings *settings) {
    const fl_meta *told = &run->rows->meta;
    const char *complete = fl_meta_get(told, complete_key);
    const char *strength = fl_meta_get(told, strength_key);
    s->ensemble = ensemble_asked(settings);
    s->complete = complete && strcmp(complete, "yes") == 0;
    s->driven = strength != NULL;
    if (strength)
        FL_CHECK(fl_parse_real(strength_key, strength, -INFINITY, INFINITY, &s->input.strength));
    FL_CHECK(fl_run_forget(run, complete_key));
    return fl_run_forget(run, strength_key);
}

static fl_status open_source(source **result, fl_run *run, const source_settings *settings) {
    source *s = *result = calloc(1, sizeof *s);
    if (!s)
        return fl_fail(FL_ENOMEM, "out of memory for the source of configurations");
    s->run = run;
    snprintf(s->kind, sizeof s->kind, "sets for %s", run->mode);
    fl_status status = fl_parse_shard(settings->shard, &s->shard, &s->shards);
    if (status == FL_OK)
        status = run->rows         ? open_again(s, run, settings)
                 : run->file_count ? open_stores(s, run, settings)
                                   : open_drawn(s, run, settings);
    return status == FL_OK ? FL_OK : source_close(s, status);
}

fl_status source_open(source **result, fl_run *run, const source_settings *settings) {
    FL_CHECK(open_source(result, run, settings));
    fl_status status = (*result)->stores ? stored_pool((*result)->stores, run) : FL_OK;
    if (status == FL_OK)
        status = tell_shard(*result, run);
    return status == FL_OK ? FL_OK : source_close(*result, status);
}

fl_status source_open_pair(source **result, fl_run *run, const source_settings *settings,
                           bool same_jd) {
    if (run->file_count != 2 && !run->rows)
        return fl_fail(FL_EUSAGE, "%zu files; two stores are compared", run->file_count);
    FL_CHECK(open_source(result, run, settings));
    (*result)->complete = false;
    fl_status status = (*result)->stores ? stored_pair((*result)->stores, same_jd) : FL_OK;
    if (status == FL_OK)
        status = tell_shard(*result, run);
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
