/* fl-count: the number of fixed points by Monte Carlo. */
#include <stdlib.h>

#include "fixland/cli.h"
#include "fixland/enumerate.h"
#include "fixland/sampling.h"
#include "fixland/tools.h"
#include "mc/count/outputs.h"

typedef struct settings {
    fl_sampling sampling;
    fl_store_settings store;
    int64_t population, sweeps, enumerate;
    int method;
    bool summary, diagnostics;
    fl_drive drive;
} settings;

enum { BOTH = 2 }; /* --method */

/* What both modes understand. */
static const fl_option shared_options[] = {
    FL_GROUP(fl_sampling_options, settings, sampling, .fallback = "n=64 jd=0.5"),
    {"population", FL_OPTION_INTEGER, offsetof(settings, population), "COUNT", "20000", 1, 1 << 30,
     .help = "replicas, of all 16 independent populations together; rounded up to a multiple "
             "of 512"},
    {"sweeps", FL_OPTION_INTEGER, offsetof(settings, sweeps), "COUNT", "10", 1, 1e9,
     .help = "sweeps after each step of the schedule"},
    FL_GROUP(fl_drive_options, settings, drive, ),
    {.name = NULL},
};

static const fl_option run_options[] = {
    {.name = "shared", .group = shared_options},
    {"method", FL_OPTION_CHOICE, offsetof(settings, method), "NAME", "anneal",
     .choices = "anneal|split|both",
     .help = "population annealing in the total violation, multilevel splitting on it, or a row "
             "for each"},
    {"summary", FL_OPTION_FLAG, offsetof(settings, summary),
     .help = "one row for each n and jd, per neuron, with error bars and closed forms"},
    {"diagnostics", FL_OPTION_FLAG, offsetof(settings, diagnostics),
     .help = "more columns, see above"},
    FL_GROUP(fl_store_options, settings, store),
    {.name = NULL},
};

static const fl_option check_options[] = {
    {.name = "shared", .group = shared_options},
    FL_ENUMERATE_OPTION(settings, enumerate),
    {.name = NULL},
};

/* What the option table cannot tell: before anything is written. */
static fl_status check_settings(const settings *s) {
    if (s->store.path && s->method == BOTH)
        return fl_fail(FL_EUSAGE, "--store takes one --method, anneal or split");
    if (s->summary && s->diagnostics)
        return fl_fail(FL_EUSAGE, "--diagnostics goes with rows, without --summary");
    return fl_drive_check(&s->drive, s->store.networks);
}

static fl_status open_outputs(fl_run *run, const settings *s, count_outputs *o) {
    if (o->what == COUNT_CHECK)
        return fl_outputs_open(&o->files, run, &s->store, count_check, COUNT_CHECK_COLUMNS);
    if (o->what == COUNT_ROWS)
        return fl_outputs_open(&o->files, run, &s->store, count_rows,
                               o->diagnostics ? COUNT_DIAGNOSTICS : COUNT_ROW_COLUMNS);
    size_t most =
        o->plan->jd_count * o->plan->method_count * fl_instances_samples(&o->plan->networks);
    o->rows = calloc(most, sizeof *o->rows);
    if (!o->rows)
        return fl_fail(FL_ENOMEM, "out of memory for %zu estimates", most);
    return fl_outputs_open(&o->files, run, &s->store, count_summary, COUNT_SUMMARY_COLUMNS);
}

static fl_status count_all(fl_run *run, const settings *s, fl_count_samples_plan *plan,
                           count_output what) {
    count_outputs o = {.plan = plan,
                       .what = what,
                       .diagnostics = s->diagnostics,
                       .store_networks = s->store.networks,
                       .enumerate = s->enumerate};
    fl_status status = open_outputs(run, s, &o);
    plan->journal = o.files.journal;
    if (status == FL_OK) {
        fl_progress_start(run, "populations", (double)fl_count_tasks(plan));
        status = run->rows ? count_outputs_again(&o, run->rows)
                           : fl_count_samples(plan, &o, count_outputs_take);
        fl_progress_end();
    }
    free(o.rows);
    return fl_outputs_close(&o.files, status);
}

static const fl_count_method methods[] = {FL_COUNT_ANNEAL, FL_COUNT_SPLIT};

static fl_status count_sampled(fl_run *run, const settings *s, const fl_sampled *sampled,
                               count_output what) {
    bool both = s->method == BOTH;
    fl_count_samples_plan plan = {.networks = sampled->networks,
                                  .jd = sampled->jd.values,
                                  .jd_count = sampled->jd.count,
                                  .methods = both ? methods : methods + s->method,
                                  .method_count = both ? 2 : 1,
                                  .count = {.population = (size_t)s->population,
                                            .sweeps = (size_t)s->sweeps,
                                            .keep = s->store.path || what == COUNT_CHECK},
                                  .effort = fl_run_effort(run)};
    return count_all(run, s, &plan, what);
}

static fl_status run_count(fl_run *run, const settings *s, count_output what) {
    fl_sampled sampled;
    size_t replicas = fl_count_replicas((size_t)s->population) * FL_COUNT_POPULATIONS;
    FL_CHECK(check_settings(s));
    FL_CHECK(fl_run_record(run, "population", "%zu", replicas)); /* those that are taken */
    fl_status status = fl_sampling_open(&sampled, run, &s->sampling, FL_COUNT_MAX);
    if (status == FL_OK)
        status = fl_drive_open(&sampled, run, &s->drive);
    if (status == FL_OK)
        status = count_sampled(run, s, &sampled, what);
    fl_sampling_close(&sampled);
    return status;
}

static fl_status run_rows(fl_run *run, const void *given) {
    const settings *s = given;
    return run_count(run, s, s->summary && !s->sampling.shard ? COUNT_SUMMARY : COUNT_ROWS);
}

static fl_status run_check(fl_run *run, const void *given) {
    settings s = *(const settings *)given;
    s.method = BOTH;
    return run_count(run, &s, COUNT_CHECK);
}

static const char run_details[] =
    "Estimates ln of the number of fixed points of networks that are too large to enumerate: 16 "
    "independent populations of replicas descend from all configurations to the fixed points; "
    "their mean has no bias, their spread gives the error. A configuration counts only when it is "
    "a fixed point exactly. doc/count.md tells where this works and where not.\n\n"
    "The store holds each fixed point that the populations ended with once, and how many it stands "
    "for as its weight: weights add to the count. fl-overlap clusters uses them in weighted_*; "
    "fl-overlap histogram counts the stored ones as they are.";

static const char check_details[] =
    "Counts each network by both methods, which share the moves but neither measures nor weights, "
    "and by enumeration where it is small.";

static const fl_mode_table run_tables[] = FL_TWO_TABLES(
    count_rows, COUNT_DIAGNOSTICS, "Columns with --summary", count_summary, COUNT_SUMMARY_COLUMNS);

static const fl_mode_table check_tables[] = {
    {NULL, count_check, COUNT_CHECK_COLUMNS},
    {.columns = NULL},
};

static const fl_mode modes[] = {
    {.name = "run",
     .summary = "count fixed points by Monte Carlo",
     .details = run_details,
     .tables = run_tables,
     .example = "fl-count --n 64,128 --jd 0.3 --samples 20 --seed 1 --population 20000",
     .options = run_options,
     .settings_size = sizeof(settings),
     .common = FL_WITH_SEED | FL_WITH_THREADS | FL_WITH_RESUME | FL_WITH_LISTS,
     .run = run_rows,
     .again = true},
    {.name = "check",
     .summary = "compare both methods, and enumeration",
     .details = check_details,
     .tables = check_tables,
     .example = "fl-count check --n 24 --jd 0.2,0.5 --samples 10 --population 5000",
     .options = check_options,
     .settings_size = sizeof(settings),
     .common = FL_WITH_SEED | FL_WITH_THREADS | FL_WITH_RESUME | FL_WITH_LISTS,
     .run = run_check},
};

static const fl_tool tool = {
    .name = "fl-count",
    .summary = "The number of fixed points of large networks, by Monte Carlo",
    .modes = modes,
    .mode_count = 2,
};

int fl_tool_count(int argc, char **argv) {
    return fl_tool_main(&tool, argc, argv);
}
