/* fl-enumerate: every fixed point of random networks, or of a given one. */
#include <stddef.h>
#include <stdlib.h>

#include "fixland/cli.h"
#include "fixland/ensemble_options.h"
#include "fixland/enumerate.h"
#include "fixland/journal.h"
#include "fixland/matrix.h"
#include "fixland/tools.h"
#include "mc/enumerate/outputs.h"

typedef struct settings {
    fl_integers n;
    fl_reals jd;
    int64_t samples;
    fl_ensemble_settings ensemble;
    const char *network, *store;
    bool summary, store_networks;
} settings;

static const fl_option options[] = {
    {.name = "n",
     .type = FL_OPTION_INTEGERS,
     .offset = offsetof(settings, n),
     .argument = "LIST",
     .fallback = "20",
     .low = 1,
     .high = FL_GRAYCODE_MAX,
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
    {.name = "network",
     .type = FL_OPTION_TEXT,
     .offset = offsetof(settings, network),
     .argument = "FILE",
     .help = "one given matrix instead of random ones: text, .npy, or HDF5 "
             "(FILE.h5:/path/to/dataset); entry (i, j) acts from j on i"},
    {.name = "summary",
     .type = FL_OPTION_FLAG,
     .offset = offsetof(settings, summary),
     .help = "one row for each n and jd, with error bars, instead of one for each sample"},
    {.name = "store",
     .type = FL_OPTION_TEXT,
     .offset = offsetof(settings, store),
     .argument = "FILE.h5",
     .hidden_from_meta = true,
     .help = "keep every fixed point in this HDF5 file"},
    {.name = "store-networks",
     .type = FL_OPTION_FLAG,
     .offset = offsetof(settings, store_networks),
     .hidden_from_meta = true,
     .help = "keep the matrices in the store too"},
    {.name = NULL},
};

static fl_status store_open(const fl_run *run, const settings *s, outputs *o) {
    if (s->store)
        return fl_store_create(&o->store, s->store, run->common.force, &run->meta);
    if (s->store_networks)
        return fl_fail(FL_EUSAGE, "--store-networks needs --store FILE.h5");
    return FL_OK;
}

static fl_status open_outputs(fl_run *run, const settings *s, outputs *o) {
    FL_CHECK(store_open(run, s, o));
    if (o->summary) {
        size_t samples = o->plan->given ? 1 : (size_t)o->plan->samples;
        o->counts = calloc(o->plan->jd_count * samples, sizeof *o->counts);
        if (!o->counts)
            return fl_fail(FL_ENOMEM, "out of memory for --samples %zu", samples);
        return fl_run_table(run, &o->table, outputs_summary, 10);
    }
    return fl_run_table(run, &o->table, outputs_rows, 4);
}

/* The store first: a table tells that all is done. */
static fl_status close_outputs(outputs *o, fl_status status) {
    if (status == FL_OK && o->store) {
        status = fl_store_close(o->store);
        o->store = NULL;
    }
    if (status == FL_OK)
        status = fl_table_close(o->table);
    else
        fl_table_discard(o->table);
    fl_store_discard(o->store);
    free(o->counts);
    return status;
}

static fl_status search(fl_run *run, const settings *s, fl_sample_plan *plan) {
    outputs o = {.plan = plan, .summary = s->summary, .store_networks = s->store_networks};
    FL_CHECK(fl_run_journal(run, &plan->journal));
    fl_progress_start(run, "samples",
                      plan->given ? 1 : (double)plan->n_count * (double)plan->samples);
    fl_status status = open_outputs(run, s, &o);
    if (status == FL_OK)
        status = fl_enumerate_samples(plan, &o, outputs_take);
    fl_progress_end();
    status = close_outputs(&o, status);
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
                           .threads = (int)run->common.threads,
                           .keep = s->store != NULL,
                           .stop = fl_stop_requested,
                           .progress = fl_progress_update};
    if (s->network) {
        FL_CHECK(fl_matrix_read(&network, s->network));
        plan.given = &network;
        plan.samples = 1;
    }
    fl_status status = search(run, s, &plan);
    fl_network_clear(&network);
    return status;
}

static const char details[] =
    "Finds all fixed points by exhaustion: exact, rounding neither loses nor invents any. All "
    "values "
    "of --jd are found in one pass over the same networks. Sample k of a seed is the same network "
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
