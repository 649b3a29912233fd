/* fl-enumerate: every fixed point of random networks, or of a given one. */
#include <stddef.h>
#include <stdlib.h>

#include "fixland/cli.h"
#include "fixland/enumerate.h"
#include "fixland/sampling.h"
#include "fixland/tools.h"
#include "mc/enumerate/estimate_tool.h"
#include "mc/enumerate/outputs.h"

typedef struct settings {
    fl_sampling sampling;
    fl_store_settings store;
    bool summary, count_only;
    int method;
    uint64_t limit, estimate;
    fl_drive drive;
} settings;

static const fl_option options[] = {
    FL_GROUP(fl_sampling_options, settings, sampling, .fallback = "n=20 jd=0"),
    {"summary", FL_OPTION_FLAG, offsetof(settings, summary),
     .help = "one row for each n and jd, with error bars, instead of one for each sample"},
    {"method", FL_OPTION_CHOICE, offsetof(settings, method), "NAME", "auto",
     .choices = "auto|tree|graycode|check",
     .help = "how to search: branch and bound, every configuration (at most 48 neurons), or both "
             "with comparison; the answer is the same"},
    {"limit", FL_OPTION_UINT64, offsetof(settings, limit), "COUNT", "0",
     .help = "stop the search of a network when it has so many fixed points at the largest J_D; "
             "0: find all. Adds the column exact"},
    {"estimate", FL_OPTION_UINT64, offsetof(settings, estimate), "PARTS", "0",
     .help =
         "do not search, but tell what it would take, from so many of the parts of each search, "
         "drawn at random (32, say); 0: search"},
    {"count-only", FL_OPTION_FLAG, offsetof(settings, count_only), .hidden_from_meta = true,
     .help = "keep no configurations (so it is without --store)"},
    FL_GROUP(fl_drive_options, settings, drive, ),
    FL_GROUP(fl_store_options, settings, store),
    {.name = NULL},
};

/* What the option table cannot tell: before anything is written. */
static fl_status check_settings(const settings *s) {
    if (s->sampling.jd.count > FL_ENUMERATE_JD_MAX)
        return fl_fail(FL_EUSAGE, "--jd: %zu values; allowed: at most %d in one run",
                       s->sampling.jd.count, FL_ENUMERATE_JD_MAX);
    if (s->count_only && s->store.path)
        return fl_fail(FL_EUSAGE, "--count-only keeps nothing for --store");
    if (s->summary && s->limit)
        return fl_fail(FL_EUSAGE, "--summary needs all fixed points; leave out --limit");
    if (s->estimate == 1)
        return fl_fail(FL_EUSAGE, "--estimate 1: allowed: 0, or at least 2 parts");
    if (s->estimate && (s->store.path || s->summary || s->limit || s->sampling.shard))
        return fl_fail(FL_EUSAGE,
                       "--estimate goes without --store, --summary, --limit and --shard");
    if (s->limit && s->sampling.shard)
        return fl_fail(FL_EUSAGE, "--limit and --shard do not go together");
    bool driven = s->drive.path || s->drive.strength != 0;
    if (driven && (s->limit || s->estimate))
        return fl_fail(FL_EUSAGE, "an input goes without --limit and --estimate");
    return fl_drive_check(&s->drive, s->store.networks);
}

static fl_status open_outputs(fl_run *run, const settings *s, outputs *o) {
    if (!o->summary)
        return fl_outputs_open(&o->files, run, &s->store, outputs_rows, outputs_columns(o));
    size_t samples = (size_t)fl_instances_samples(&o->plan->networks);
    o->counts = calloc(o->plan->jd_count * samples, sizeof *o->counts);
    if (!o->counts)
        return fl_fail(FL_ENOMEM, "out of memory for --samples %zu", samples);
    return fl_outputs_open(&o->files, run, &s->store, outputs_summary, OUTPUTS_SUMMARY_COLUMNS);
}

static fl_status search_all(fl_run *run, const settings *s, fl_sample_plan *plan) {
    const fl_instances *networks = &plan->networks;
    outputs o = {.plan = plan,
                 .summary = s->summary && !s->sampling.shard,
                 .store_networks = s->store.networks,
                 .labelled = s->limit || s->sampling.shard};
    fl_status status = open_outputs(run, s, &o);
    plan->journal = o.files.journal;
    if (status == FL_OK) {
        fl_progress_start(run, "samples",
                          (double)fl_instances_sizes(networks) *
                              (double)fl_instances_samples(networks));
        status = fl_enumerate_samples(plan, &o, outputs_take);
        fl_progress_end();
    }
    spool_clear(&o.spool);
    free(o.counts);
    return fl_outputs_close(&o.files, status);
}

static fl_status enumerate_sampled(fl_run *run, const settings *s, const fl_sampled *sampled) {
    fl_sample_plan plan = {.networks = sampled->networks,
                           .jd = sampled->jd.values,
                           .jd_count = sampled->jd.count,
                           .method = (fl_method)s->method,
                           .limit = s->limit,
                           .effort = fl_run_effort(run),
                           .keep = s->store.path != NULL,
                           .part = outputs_part};
    return s->estimate ? estimate_rows(run, &plan, s->estimate) : search_all(run, s, &plan);
}

static fl_status run_enumerate(fl_run *run, const void *given) {
    const settings *s = given;
    bool tree = s->method == FL_METHOD_AUTO || s->method == FL_METHOD_TREE;
    fl_sampled sampled;
    FL_CHECK(check_settings(s));
    fl_status status =
        fl_sampling_open(&sampled, run, &s->sampling, tree ? FL_ENUMERATE_MAX : FL_GRAYCODE_MAX);
    if (status == FL_OK)
        status = fl_drive_open(&sampled, run, &s->drive);
    if (status == FL_OK)
        status = enumerate_sampled(run, s, &sampled);
    fl_sampling_close(&sampled);
    return status;
}

static const char details[] =
    "Finds all fixed points, by branch and bound or by exhaustion: exact, rounding neither loses "
    "nor invents any. All values of --jd are found in one pass over the same networks. Sample k of "
    "a seed is the same network in every run, for every J_D and number of threads.\n\n"
    "The store holds packed configurations, s followed by -s: h5py reads them "
    "(numpy.unpackbits(..., bitorder=\"little\")). Under an input s and -s are not fixed points "
    "together, and the store holds each by itself.";

static const fl_mode_table tables[] = {
    {NULL, outputs_rows, 5},
    {"Columns with --summary", outputs_summary, OUTPUTS_SUMMARY_COLUMNS},
    {"Columns with --estimate", estimate_columns, ESTIMATE_COLUMNS},
    {.columns = NULL},
};

static const fl_mode modes[] = {
    {.summary = "all fixed points, exactly",
     .details = details,
     .tables = tables,
     .example = "fl-enumerate --n 20 --jd 0:0.5:0.1 --samples 200 --seed 1 --summary",
     .options = options,
     .settings_size = sizeof(settings),
     .common = FL_WITH_SEED | FL_WITH_THREADS | FL_WITH_RESUME | FL_WITH_LISTS,
     .run = run_enumerate},
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
