/* fl-enumerate: every fixed point of random networks, or of a given one. */
#include <inttypes.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "fixland/cli.h"
#include "fixland/ensemble_options.h"
#include "fixland/enumerate.h"
#include "fixland/journal.h"
#include "fixland/tools.h"
#include "mc/enumerate/estimate_tool.h"
#include "mc/enumerate/outputs.h"

typedef struct settings {
    fl_integers n;
    fl_reals jd;
    int64_t samples;
    fl_ensemble_settings ensemble;
    const char *network, *store;
    bool summary, store_networks, count_only;
    int method;
    uint64_t limit, estimate;
    const char *shard;
} settings;

static const fl_option options[] = {
    {.name = "n",
     .type = FL_OPTION_INTEGERS,
     .offset = offsetof(settings, n),
     .argument = "LIST",
     .fallback = "20",
     .low = 1,
     .high = FL_ENUMERATE_MAX,
     .help = "neurons (of each module)"},
    {.name = "jd",
     .type = FL_OPTION_REALS,
     .offset = offsetof(settings, jd),
     .argument = "LIST",
     .fallback = "0",
     .help = "self-coupling J_D; with --network, added to the diagonal of the matrix"},
    {.name = "samples",
     .type = FL_OPTION_INTEGER,
     .offset = offsetof(settings, samples),
     .argument = "COUNT",
     .fallback = "1",
     .low = 1,
     .high = 1e9,
     .help = "random networks of each size"},
    FL_ENSEMBLE_OPTIONS(settings),
    FL_NETWORK_OPTION(settings, network),
    {.name = "summary",
     .type = FL_OPTION_FLAG,
     .offset = offsetof(settings, summary),
     .help = "one row for each n and jd, with error bars, instead of one for each sample"},
    {.name = "method",
     .type = FL_OPTION_CHOICE,
     .offset = offsetof(settings, method),
     .argument = "NAME",
     .fallback = "auto",
     .choices = "auto|tree|graycode|check",
     .help = "how to search: branch and bound, every configuration (at most 48 neurons), or both "
             "with comparison; the answer is the same"},
    {.name = "limit",
     .type = FL_OPTION_UINT64,
     .offset = offsetof(settings, limit),
     .argument = "COUNT",
     .fallback = "0",
     .help = "stop the search of a network when it has so many fixed points at the largest J_D; "
             "0: find all. Adds the column exact"},
    {.name = "shard",
     .type = FL_OPTION_TEXT,
     .offset = offsetof(settings, shard),
     .argument = "I/K",
     .help = "do part I of K of the work, of samples or of one network alike; fl-merge joins the "
             "outputs. Adds the column exact; with --summary too, rows are those of samples, which "
             "fl-merge sums up"},
    {.name = "estimate",
     .type = FL_OPTION_UINT64,
     .offset = offsetof(settings, estimate),
     .argument = "PARTS",
     .fallback = "0",
     .help =
         "do not search, but tell what it would take, from so many of the parts of each search, "
         "drawn at random (32, say); 0: search. Columns: n; jd, the largest; sample; parts, "
         "tried; nodes, seconds of one core, count of fixed points, each with its error"},
    {.name = "count-only",
     .type = FL_OPTION_FLAG,
     .offset = offsetof(settings, count_only),
     .hidden_from_meta = true,
     .help = "keep no configurations (so it is without --store)"},
    {.name = "store",
     .type = FL_OPTION_TEXT,
     .offset = offsetof(settings, store),
     .argument = "FILE.h5",
     .hidden_from_meta = true,
     .help = "keep every fixed point in this HDF5 file"},
    FL_STORE_NETWORKS_OPTION(settings, store_networks),
    {.name = NULL},
};

/* "2/5": the second of five. */
/* What the option table cannot tell: before anything is written. */
static fl_status check(const settings *s, const fl_network *given) {
    if (s->store_networks && !s->store)
        return fl_fail(FL_EUSAGE, "--store-networks needs --store FILE.h5");
    if (s->jd.count > FL_ENUMERATE_JD_MAX)
        return fl_fail(FL_EUSAGE, "--jd: %zu values; allowed: at most %d in one run", s->jd.count,
                       FL_ENUMERATE_JD_MAX);
    if (s->count_only && s->store)
        return fl_fail(FL_EUSAGE, "--count-only keeps nothing for --store");
    if (s->summary && s->limit)
        return fl_fail(FL_EUSAGE, "--summary needs all fixed points; leave out --limit");
    if (s->estimate == 1)
        return fl_fail(FL_EUSAGE, "--estimate 1: allowed: 0, or at least 2 parts");
    if (s->estimate && (s->store || s->summary || s->limit || s->shard))
        return fl_fail(FL_EUSAGE,
                       "--estimate goes without --store, --summary, --limit and --shard");
    if (s->limit && s->shard)
        return fl_fail(FL_EUSAGE, "--limit and --shard do not go together");
    bool tree = s->method == FL_METHOD_AUTO || s->method == FL_METHOD_TREE;
    int64_t most = tree ? FL_ENUMERATE_MAX : FL_GRAYCODE_MAX;
    if (given && given->n > (size_t)most)
        return fl_fail(FL_EINVAL, "%s: %zu neurons; allowed: at most %" PRId64, s->network,
                       given->n, most);
    for (size_t k = 0; !given && k < s->n.count; k++)
        if (s->n.values[k] > most / s->ensemble.modules)
            return fl_fail(FL_EUSAGE,
                           "--n %" PRId64 " --modules %" PRId64 ": allowed: at most %" PRId64
                           " neurons in all",
                           s->n.values[k], s->ensemble.modules, most);
    return FL_OK;
}

static fl_status open_outputs(fl_run *run, const settings *s, outputs *o) {
    if (s->store)
        FL_CHECK(fl_store_create(&o->store, s->store, run->common.force, &run->meta));
    if (o->summary) {
        size_t samples = o->plan->given ? 1 : (size_t)o->plan->samples;
        o->counts = calloc(o->plan->jd_count * samples, sizeof *o->counts);
        if (!o->counts)
            return fl_fail(FL_ENOMEM, "out of memory for --samples %zu", samples);
        return fl_run_table(run, &o->table, outputs_summary, 10);
    }
    return fl_run_table(run, &o->table, outputs_rows, outputs_columns(o));
}

/* The store first: a table tells that all is done. Without the table no store stays. */
static fl_status close_outputs(const settings *s, outputs *o, fl_status status) {
    bool stored = false;
    if (status == FL_OK && o->store) {
        status = fl_store_close(o->store);
        stored = status == FL_OK;
        o->store = NULL;
    }
    if (status == FL_OK)
        status = fl_table_close(o->table);
    else
        fl_table_discard(o->table);
    fl_store_discard(o->store);
    if (status != FL_OK && stored)
        remove(s->store);
    spool_clear(&o->spool);
    free(o->counts);
    return status;
}

static fl_status search(fl_run *run, const settings *s, fl_sample_plan *plan) {
    outputs o = {.plan = plan,
                 .summary = s->summary && !s->shard,
                 .store_networks = s->store_networks,
                 .labelled = s->limit || s->shard};
    fl_status status = open_outputs(run, s, &o);
    if (status == FL_OK)
        status = fl_run_journal(run, &plan->journal);
    if (status == FL_OK) {
        fl_progress_start(run, "samples",
                          plan->given ? 1 : (double)plan->n_count * (double)plan->samples);
        status = fl_enumerate_samples(plan, &o, outputs_take);
        fl_progress_end();
    }
    status = close_outputs(s, &o, status);
    fl_status closed = fl_journal_close(plan->journal, status == FL_OK);
    return status == FL_OK ? closed : status;
}

static fl_status run(fl_run *run, const void *given) {
    const settings *s = given;
    fl_network network = {0};
    fl_sample_plan plan = {.ensemble = fl_ensemble_from(&s->ensemble),
                           .n = s->n.values,
                           .n_count = s->n.count,
                           .jd = s->jd.values,
                           .jd_count = s->jd.count,
                           .seed = run->common.seed,
                           .samples = (uint64_t)s->samples,
                           .method = (fl_method)s->method,
                           .limit = s->limit,
                           .effort = fl_run_effort(run),
                           .keep = s->store != NULL,
                           .part = outputs_part};
    if (s->network) {
        FL_CHECK(fl_run_network(run, s->network, &network));
        plan.given = &network;
        plan.samples = 1;
    }
    fl_status status = check(s, plan.given);
    if (status == FL_OK)
        status = fl_parse_shard(s->shard, 1000000, &plan.shard, &plan.shards);
    if (status == FL_OK)
        status = s->estimate ? estimate_rows(run, &plan, s->estimate) : search(run, s, &plan);
    fl_network_clear(&network);
    return status;
}

static const char details[] =
    "Finds all fixed points, by branch and bound or by exhaustion: exact, rounding neither loses "
    "nor invents any. All values of --jd are found in one pass over the same networks. Sample k of "
    "a seed is the same network "
    "in "
    "every run, for every J_D and number of threads.\n\n"
    "Columns: n; jd; sample; count, of fixed points, both of each mirror pair s and -s.\n\n"
    "Columns with --summary: n; jd; samples; mean_count and its std_error over samples; "
    "exact_mean, "
    "the closed form at this n (nan where none is known: eta not 0, --network); z, their distance "
    "in "
    "standard errors; fraction_empty, of samples without fixed point; quenched_entropy, mean of "
    "ln(count) per neuron over the other samples, nats, and quenched_error.\n\n"
    "The store holds packed configurations, s followed by -s: h5py reads them "
    "(numpy.unpackbits(..., bitorder=\"little\")).";

static const fl_mode modes[] = {
    {.summary = "all fixed points, exactly",
     .details = details,
     .example = "fl-enumerate --n 20 --jd 0:0.5:0.1 --samples 200 --seed 1 --summary",
     .options = options,
     .settings_size = sizeof(settings),
     .common = FL_WITH_SEED | FL_WITH_THREADS | FL_WITH_RESUME,
     .run = run},
};

static const fl_tool tool = {
    .name = "fl-enumerate",
    .summary = "All fixed points of a network, exactly",
    .modes = modes,
    .mode_count = 1,
};

int fl_tool_enumerate(int argc, char **argv) {
    return fl_tool_main(&tool, argc, argv);
}
