/* fl-access run and collect. */
#include <gsl/gsl_sort.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "fixland/access.h"
#include "fixland/sampling.h"
#include "fixland/spins.h"
#include "mc/dynamics/modes.h"
#include "mc/dynamics/rows.h"
#include "mc/dynamics/parts.h"
#include "src/cli/rows_check.h"

typedef struct settings {
    const char *algorithms;
    fl_sampling sampling;
    fl_store_settings store;
    int64_t replicas;
    dynamics_settings dynamics;
    bool per_sample;
    fl_drive drive;
} settings;

typedef struct outputs {
    const fl_access_plan *plan;
    bool per_sample, store_networks;
    fl_outputs files;
    rows rows; /* summaries: of the size at hand */
    uint64_t done;
} outputs;

/* Run number `run` of a result, as a row. */
static fl_access_row outcome_row(const fl_access_plan *plan, const fl_access_result *result,
                                 size_t run) {
    const fl_outcome *o = &result->outcomes[run];
    size_t cell = run / plan->replicas;
    double neurons = (double)fl_instances_neurons(&plan->networks, result->n_index);
    return (fl_access_row){.algorithm = plan->algorithms[cell / plan->jd_count],
                           .n = fl_instances_n(&plan->networks, result->n_index),
                           .jd = plan->jd[cell % plan->jd_count],
                           .sample = result->sample,
                           .replica = run % plan->replicas,
                           .ending = o->ending,
                           .sweeps = (double)o->sweeps,
                           .flips_per_neuron = (double)o->flips / neurons,
                           .activity = o->activity,
                           .period = o->period};
}

/* The fixed points that were reached: one set for each J_D, over algorithms and replicas. */
static fl_status store_result(outputs *o, const fl_access_result *result) {
    const fl_access_plan *plan = o->plan;
    size_t words = fl_spins_words(result->network->n), per_algorithm = plan->jd_count;
    for (size_t j = 0; j < plan->jd_count; j++) {
        FL_CHECK(fl_store_begin(o->files.store, result->network->n, plan->jd[j], result->sample));
        for (size_t a = 0; a < plan->algorithm_count; a++)
            for (size_t r = 0; r < plan->replicas; r++) {
                size_t run = (a * per_algorithm + j) * plan->replicas + r;
                if (result->outcomes[run].ending == FL_REACHED)
                    FL_CHECK(fl_store_append(o->files.store, result->spins + run * words, 1, NULL));
            }
    }
    if (o->store_networks)
        return fl_store_network(o->files.store, result->sample, result->network);
    return FL_OK;
}

static fl_status take_runs(void *context, const fl_access_result *result) {
    outputs *o = context;
    const fl_access_plan *plan = o->plan;
    size_t runs = plan->algorithm_count * plan->jd_count * plan->replicas;
    for (size_t run = 0; run < runs; run++) {
        fl_access_row row = outcome_row(plan, result, run);
        FL_CHECK(o->per_sample ? rows_write(o->files.table, &row) : rows_add(&o->rows, &row));
    }
    if (o->files.store)
        FL_CHECK(store_result(o, result));
    if (fl_instances_end_of_size(&plan->networks, o->done++) && !o->per_sample) {
        FL_CHECK(rows_summaries(o->files.table, &o->rows));
        o->rows.count = 0;
    }
    return FL_OK;
}

static fl_status run_plan(fl_run *run, const settings *s, fl_access_plan *plan) {
    outputs o = {.plan = plan,
                 .per_sample = s->per_sample || s->sampling.shard,
                 .store_networks = s->store.networks};
    if (s->store.path) /* repeats, where several runs reach one fixed point */
        FL_CHECK(fl_meta_set(&run->meta, "store_holds", "visits"));
    fl_status status =
        o.per_sample
            ? fl_outputs_open(&o.files, run, &s->store, rows_columns, ROW_COLUMNS)
            : fl_outputs_open(&o.files, run, &s->store, rows_summary_columns, SUMMARY_COLUMNS);
    plan->journal = o.files.journal;
    o.rows.given = plan->networks.given != NULL;
    if (status == FL_OK) {
        fl_progress_start(run, "samples", (double)fl_instances_count(&plan->networks));
        status = fl_access_samples(plan, &o, take_runs);
        fl_progress_end();
    }
    rows_clear(&o.rows);
    return fl_outputs_close(&o.files, status);
}

static fl_status parse_algorithms(const char *text, fl_algorithm *list, size_t *count) {
    char words[256], *save = NULL;
    snprintf(words, sizeof words, "%s", text);
    *count = 0;
    for (char *w = strtok_r(words, ",", &save); w; w = strtok_r(NULL, ",", &save)) {
        if (*count == FL_ALGORITHMS)
            return fl_fail(FL_EUSAGE, "--algorithm %s: an algorithm is named twice", text);
        if (fl_algorithm_parse(w, &list[*count]) != FL_OK)
            return fl_fail(FL_EUSAGE, "--algorithm %s: %s", text, fl_message());
        for (size_t k = 0; k < *count; k++)
            if (list[k] == list[*count])
                return fl_fail(FL_EUSAGE, "--algorithm %s: an algorithm is named twice", text);
        ++*count;
    }
    if (*count == 0)
        return fl_fail(FL_EUSAGE, "--algorithm names no algorithm");
    return FL_OK;
}

/* Rows are told apart by size and self-coupling, so none may be there twice. Sorts `values`. */
static fl_status refuse_twice(const char *option, double *values, size_t count) {
    gsl_sort(values, 1, count);
    for (size_t k = 1; k < count; k++)
        if (values[k] == values[k - 1])
            return fl_fail(FL_EUSAGE, "--%s: %g is there twice", option, values[k]);
    return FL_OK;
}

static fl_status check_lists(const fl_sampling *s) {
    size_t most = s->n.count > s->jd.count ? s->n.count : s->jd.count;
    double *values = malloc((most + 1) * sizeof *values);
    if (!values)
        return fl_fail(FL_ENOMEM, "out of memory for %zu values", most);
    for (size_t k = 0; k < s->n.count; k++)
        values[k] = (double)s->n.values[k];
    fl_status status = refuse_twice("n", values, s->n.count);
    if (status == FL_OK) {
        memcpy(values, s->jd.values, s->jd.count * sizeof *values);
        status = refuse_twice("jd", values, s->jd.count);
    }
    free(values);
    return status;
}

/* Do all runs together leave out some of the configurations? */
static void warn_of_rest(const fl_run *run, const fl_starts *starts, size_t count) {
    uint64_t most = 0, taken = 0;
    for (size_t k = 0; k < count; k++)
        if (starts[k].all > most) {
            most = starts[k].all;
            taken = starts[k].count;
        }
    if (taken < most)
        fl_run_warn(run,
                    "--start: of up to %llu configurations a network runs start from the first "
                    "%llu; --replicas %llu takes all",
                    (unsigned long long)most, (unsigned long long)taken, (unsigned long long)most);
}

static fl_status run_from_starts(fl_run *run, const settings *s, fl_access_plan *plan) {
    fl_starts *starts;
    size_t count;
    FL_CHECK(dynamics_know_start(run, &s->dynamics));
    FL_CHECK(fl_access_starts(plan, s->dynamics.start, &starts, &count));
    warn_of_rest(run, starts, count);
    plan->starts = starts;
    plan->overlap = s->dynamics.overlap;
    fl_status status = run_plan(run, s, plan);
    fl_starts_free(starts, count);
    return status;
}

static fl_status run_sampled(fl_run *run, const settings *s, const fl_sampled *sampled) {
    fl_algorithm algorithms[FL_ALGORITHMS];
    fl_access_plan plan = {.networks = sampled->networks,
                           .algorithms = algorithms,
                           .jd = sampled->jd.values,
                           .jd_count = sampled->jd.count,
                           .replicas = (uint64_t)s->replicas,
                           .effort = fl_run_effort(run),
                           .keep = s->store.path != NULL};
    dynamics_from(&s->dynamics, &plan.dynamics);
    FL_CHECK(parse_algorithms(s->algorithms, algorithms, &plan.algorithm_count));
    FL_CHECK(check_lists(&s->sampling));
    FL_CHECK(dynamics_check(run, &s->dynamics, algorithms, plan.algorithm_count));
    return s->dynamics.start ? run_from_starts(run, s, &plan) : run_plan(run, s, &plan);
}

/* Releases them; `status` is of what they come from. */
static fl_status write_collected(fl_run *run, rows *all, fl_status status) {
    fl_table *table;
    if (status == FL_OK)
        status = rows_check_once(all);
    if (status == FL_OK)
        status = fl_run_table(run, &table, rows_summary_columns, SUMMARY_COLUMNS);
    if (status == FL_OK) {
        status = rows_summaries(table, all);
        if (status == FL_OK)
            status = fl_table_close(table);
        else
            fl_table_discard(table);
    }
    rows_clear(all);
    return status;
}

/* From the rows of shards, which are whole as fl-merge has found. */
static fl_status run_again(fl_run *run, bool given) {
    rows all = {.given = given};
    fl_status status = rows_add_frame(&all, "the rows", run->rows);
    return write_collected(run, &all, status);
}

static fl_status run_access(fl_run *run, const void *given) {
    const settings *s = given;
    fl_sampled sampled;
    if (run->rows)
        return run_again(run, s->sampling.network.path != NULL);
    FL_CHECK(fl_drive_check(&s->drive, s->store.networks));
    fl_status status = fl_sampling_open(&sampled, run, &s->sampling, 1 << 20);
    if (status == FL_OK)
        status = fl_drive_open(&sampled, run, &s->drive);
    if (status == FL_OK)
        status = run_sampled(run, s, &sampled);
    fl_sampling_close(&sampled);
    return status;
}

/* All runs of the tables; without a shard that belongs to them that is an error. */
static fl_status read_tables(rows *all, runs_pool *runs, const char *const *files, size_t count) {
    fl_status status = FL_OK;
    for (size_t k = 0; status == FL_OK && k < count; k++) {
        fl_frame frame;
        status = fl_frame_read(&frame, files[k]);
        if (status != FL_OK)
            break;
        status = runs_pool_add(runs, files[k], &frame.meta);
        if (status == FL_OK)
            status = fl_rows_of_run(files[k], &frame);
        if (status == FL_OK)
            status = rows_add_frame(all, files[k], &frame);
        fl_frame_clear(&frame);
    }
    return status == FL_OK ? runs_pool_whole(runs) : status;
}

static fl_status collect_tables(fl_run *run, const void *given) {
    const char *const *files;
    size_t count = fl_run_files(run, &files);
    rows all = {0};
    runs_pool runs = {.rule = &parts_collected};
    (void)given;
    if (count == 0)
        return fl_fail(FL_EUSAGE, "collect needs tables of fl-access run --per-sample");
    fl_status status = read_tables(&all, &runs, files, count);
    if (status == FL_OK)
        status = runs_pool_note(&runs, &run->meta);
    runs_pool_clear(&runs);
    return write_collected(run, &all, status);
}

static const fl_option options[] = {
    {"algorithm", FL_OPTION_TEXT, offsetof(settings, algorithms), "LIST", "async",
     .choices = ALGORITHM_WORDS,
     .help = "how neurons are visited; several with commas between, no blanks"},
    FL_GROUP(fl_sampling_options, settings, sampling, .fallback = "n=100 jd=0.1:1:0.1 samples=100"),
    {"replicas", FL_OPTION_INTEGER, offsetof(settings, replicas), "COUNT", "1", 1, 1e6,
     .help = "starts on each network; cheap beyond the cache, where they share the couplings"},
    FL_GROUP(dynamics_options, settings, dynamics),
    FL_GROUP(fl_drive_options, settings, drive, ),
    {"per-sample", FL_OPTION_FLAG, offsetof(settings, per_sample),
     .help = "one row a run instead of one for each algorithm, n and jd"},
    FL_GROUP(fl_store_options, settings, store),
    {.name = NULL},
};

static const char run_details[] =
    "Runs dynamics at zero temperature (or annealed to it) on random networks until a fixed point, "
    "a cycle, or the end of the sweeps. async: each sweep visits all neurons in a new random order "
    "and flips the unstable ones; sequential: in the order 0, 1, 2, ...; site: n visits drawn "
    "uniformly; sync: all unstable neurons flip together; partial: each with probability p; "
    "anneal: async with a temperature that falls to zero; greedy and reluctant: n flips of the "
    "neuron that is violated most, or least; cool: n proposals, accepted by what they do to the "
    "cost of all unstable neurons (--energy) at a temperature that falls from --hot to --cold; "
    "focused: the same, each for the sake of an unstable neuron. Decisions are exact; a fixed "
    "point is verified on the couplings. sync, sequential, greedy and reluctant are deterministic: "
    "their cycles are recognised.";

static const fl_mode_table run_tables[] =
    FL_TWO_TABLES(rows_summary_columns, SUMMARY_COLUMNS, "Columns with --per-sample or --shard",
                  rows_columns, ROW_COLUMNS);

static const fl_mode_table collected_tables[] = {
    {NULL, rows_summary_columns, SUMMARY_COLUMNS},
    {.columns = NULL},
};

static const char collect_details[] =
    "Reads tables of `fl-access run --per-sample`, for example the shards of one run, and writes "
    "the summary that the whole run would have written. A sample that is there twice is an error, "
    "and so are tables of runs with other settings (sweeps, seed, ensemble, ...); algorithms, "
    "sizes and self-couplings may differ.";

static const fl_option no_options[] = {{.name = NULL}};

const fl_mode access_run_mode = {
    .name = "run",
    .summary = "run algorithms on random networks",
    .details = run_details,
    .tables = run_tables,
    .example = "fl-access run --algorithm async,sync --n 100,200 --jd 0.1:0.5:0.1 --samples 50",
    .options = options,
    .settings_size = sizeof(settings),
    .common = FL_WITH_SEED | FL_WITH_THREADS | FL_WITH_RESUME | FL_WITH_LISTS,
    .run = run_access,
    .again = true};

const fl_mode access_collect_mode = {.name = "collect",
                                     .summary = "summary of runs from several tables (shards)",
                                     .details = collect_details,
                                     .tables = collected_tables,
                                     .options = no_options,
                                     .settings_size = 1,
                                     .run = collect_tables,
                                     .takes_files = true};
