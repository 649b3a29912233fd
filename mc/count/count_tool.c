/* fl-count: the number of fixed points by Monte Carlo. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "fixland/cli.h"
#include "fixland/sampling.h"
#include "fixland/tools.h"
#include "mc/count/outputs.h"

typedef struct settings {
    fl_sampling sampling;
    fl_store_settings store;
    int64_t population, sweeps, enumerate;
    int method;
    bool summary, diagnostics;
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
    {.name = NULL},
};

static const fl_option run_options[] = {
    {.name = "shared", .group = shared_options},
    {.name = "method",
     .type = FL_OPTION_CHOICE,
     .offset = offsetof(settings, method),
     .argument = "NAME",
     .fallback = "anneal",
     .choices = "anneal|split|both",
     .help = "population annealing in the total violation, multilevel splitting on it, or a row "
             "for each"},
    {.name = "summary",
     .type = FL_OPTION_FLAG,
     .offset = offsetof(settings, summary),
     .help = "one row for each n and jd, per neuron, with error bars and closed forms"},
    {.name = "diagnostics",
     .type = FL_OPTION_FLAG,
     .offset = offsetof(settings, diagnostics),
     .help = "more columns, see above"},
    FL_GROUP(fl_store_options, settings, store, ),
    {.name = NULL},
};

static const fl_option check_options[] = {
    {.name = "shared", .group = shared_options},
    {.name = "enumerate",
     .type = FL_OPTION_INTEGER,
     .offset = offsetof(settings, enumerate),
     .argument = "N",
     .fallback = "30",
     .low = 0,
     .high = 128,
     .help = "enumerate networks of at most so many neurons too (with modules, in all)"},
    {.name = NULL},
};

/* What the option table cannot tell: before anything is written. */
static fl_status check_settings(const settings *s) {
    if (s->store.path && s->method == BOTH)
        return fl_fail(FL_EUSAGE, "--store takes one --method, anneal or split");
    if (s->summary && s->diagnostics)
        return fl_fail(FL_EUSAGE, "--diagnostics goes with rows, without --summary");
    if (s->summary && s->sampling.shard)
        return fl_fail(FL_EUSAGE, "--summary needs all samples; leave out --shard");
    return FL_OK;
}

static fl_status open_outputs(fl_run *run, const settings *s, count_outputs *o) {
    if (o->what == COUNT_CHECK)
        return fl_outputs_open(&o->files, run, &s->store, count_check, COUNT_CHECK_COLUMNS);
    if (o->what == COUNT_ROWS)
        return fl_outputs_open(&o->files, run, &s->store, count_rows,
                               o->diagnostics ? COUNT_DIAGNOSTICS : COUNT_ROW_COLUMNS);
    size_t most = o->plan->jd_count * o->plan->method_count * o->plan->samples;
    o->rows = calloc(most, sizeof *o->rows);
    if (!o->rows)
        return fl_fail(FL_ENOMEM, "out of memory for %zu estimates", most);
    return fl_outputs_open(&o->files, run, &s->store, count_summary, COUNT_SUMMARY_COLUMNS);
}

static fl_status go(fl_run *run, const settings *s, fl_count_samples_plan *plan,
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
        status = fl_count_samples(plan, &o, count_outputs_take);
        fl_progress_end();
    }
    free(o.rows);
    return fl_outputs_close(&o.files, status);
}

static const fl_count_method methods[] = {FL_COUNT_ANNEAL, FL_COUNT_SPLIT};

static fl_status run_mode(fl_run *run, const settings *s, count_output what) {
    fl_network network = {0};
    bool both = s->method == BOTH;
    fl_count_samples_plan plan = {.ensemble = fl_ensemble_from(&s->sampling.ensemble),
                                  .n = s->sampling.n.values,
                                  .n_count = s->sampling.n.count,
                                  .jd = s->sampling.jd.values,
                                  .jd_count = s->sampling.jd.count,
                                  .methods = both ? methods : methods + s->method,
                                  .method_count = both ? 2 : 1,
                                  .count = {.population = (size_t)s->population,
                                            .sweeps = (size_t)s->sweeps,
                                            .seed = run->common.seed,
                                            .keep = s->store.path || what == COUNT_CHECK},
                                  .samples =
                                      s->sampling.network ? 1 : (uint64_t)s->sampling.samples,
                                  .effort = fl_run_effort(run)};
    FL_CHECK(check_settings(s));
    FL_CHECK(fl_sampling_open(run, &s->sampling, FL_COUNT_MAX, &network, &plan.given, &plan.shard,
                              &plan.shards));
    plan.shard -= plan.shards ? 1 : 0;
    fl_status status = go(run, s, &plan, what);
    fl_network_clear(&network);
    return status;
}

static fl_status run_rows(fl_run *run, const void *given) {
    const settings *s = given;
    return run_mode(run, s, s->summary ? COUNT_SUMMARY : COUNT_ROWS);
}

static fl_status run_check(fl_run *run, const void *given) {
    settings s = *(const settings *)given;
    s.method = BOTH;
    return run_mode(run, &s, COUNT_CHECK);
}

static const char run_details[] =
    "Estimates ln of the number of fixed points of networks that are too large to enumerate: 16 "
    "independent populations of replicas descend from all configurations to the fixed points; "
    "their mean has no bias, their spread gives the error. A configuration counts only when it is "
    "a fixed point exactly. doc/count.md tells where this works and where not.\n\n"
    "Columns: n; jd; sample; log_count, ln of the number of fixed points, and log_count_error, its "
    "standard error; equilibrated, 1 when the populations agree with one another and with what "
    "their families predict; method; low and high, a 95 % interval for ln of the number. A run "
    "that has not equilibrated (0) has nan for log_count, inf for high, and a low that holds "
    "nevertheless, with 95 %: raise --population or --sweeps. Where no fixed point was found "
    "log_count is nan, low -inf, and high an upper bound, provided that the replicas sample the "
    "coldest measure fairly; below ln 2 = 0.69 it says that there is none.\n\n"
    "Columns with --diagnostics, also: raw, ln of the mean whatever it is worth; spread, relative "
    "standard deviation of the populations; families, replicas of a population times the sum of "
    "squares of the shares of its first ancestors (1 to replicas); replicas of a population; "
    "excess, variance over what families predict; acceptance of moves and fraction of replicas at "
    "a fixed point, at the end; steps of the schedule; distinct, largest number of different fixed "
    "points that a population ended with; coincidences of fixed points between populations, and "
    "ln of the number of fixed points from them; found, 1 when any was found.\n\n"
    "Columns with --summary: n; jd; samples; undecided, samples that have not equilibrated, left "
    "out of what follows; fraction_empty, of samples without fixed point; entropy, mean of "
    "log_count per neuron over the others (quenched), nats, and its error over samples; annealed, "
    "ln of the mean count per neuron, and its error (from the exact variance of the count where "
    "known); closed_form, ln of the exact mean count per neuron at this n (nan where none is "
    "known); z, annealed against it in errors, nan with undecided samples; limit, ln 2 Phi(jd); "
    "lognormal, what entropy would be if counts were log-normal with their exact mean and "
    "variance; method.\n\n"
    "The store holds each fixed point that the populations ended with once, and how many it stands "
    "for as its weight: weights add to the count. fl-overlap clusters uses them in weighted_*; "
    "fl-overlap histogram counts the stored ones as they are.";

static const char check_details[] =
    "Counts each network by both methods, which share the moves but neither measures nor weights, "
    "and by enumeration where it is small.\n\n"
    "Columns: n; jd; sample; anneal, anneal_error, split, split_error, ln of the number of fixed "
    "points and its standard error, nan where not equilibrated or none found; z, their difference "
    "in errors; exact, ln of the number by enumeration (-inf: none), nan beyond --enumerate; "
    "anneal_covers and split_covers, 1 when the 95 % interval or bound holds the exact number, 0 "
    "when not, -1 when it is not known.";

static const fl_mode modes[] = {
    {.name = "run",
     .summary = "count fixed points by Monte Carlo",
     .details = run_details,
     .example = "fl-count --n 64,128 --jd 0.3 --samples 20 --seed 1 --population 20000",
     .options = run_options,
     .settings_size = sizeof(settings),
     .common = FL_WITH_SEED | FL_WITH_THREADS | FL_WITH_RESUME,
     .run = run_rows},
    {.name = "check",
     .summary = "compare both methods, and enumeration",
     .details = check_details,
     .example = "fl-count check --n 24 --jd 0.2,0.5 --samples 10 --population 5000",
     .options = check_options,
     .settings_size = sizeof(settings),
     .common = FL_WITH_SEED | FL_WITH_THREADS | FL_WITH_RESUME,
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
