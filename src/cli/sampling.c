/* See sampling.h. */
#include "fixland/sampling.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#define S(member) offsetof(fl_sampling, member)

const fl_option fl_network_options[] = {
    {"network", FL_OPTION_TEXT, 0, "FILE",
     .help =
         "one given matrix instead of random ones: text, .npy, or HDF5 "
         "(FILE.h5:/path/to/dataset, which is read as its writer sees it where it says that "
         "it is of MATLAB or Octave, else as it lies in the file); entry (i, j) acts from j on i"},
    {"transpose", FL_OPTION_FLAG, offsetof(fl_network_settings, transpose),
     .help =
         "the matrix of --network is written the other way round: entry (i, j) acts from i on j"},
    {.name = NULL},
};

const fl_option fl_margin_options[] = {
    {"margin", FL_OPTION_REAL, 0, "K", "0", -30, 30,
     .help = "margin of stability, s_i f_i >= K: as J_D less K; tables tell the J_D asked for"},
    {.name = NULL},
};

const fl_option fl_sampling_options[] = {
    {"n", FL_OPTION_INTEGERS, S(n), "LIST", "20", 1, 1 << 20, .help = "neurons (of each module)"},
    {"jd", FL_OPTION_REALS, S(jd), "LIST", "0",
     .help = "self-coupling J_D; with --network, added to the diagonal of the matrix (0 when not "
             "given)"},
    {.name = "margin", .group = fl_margin_options, .offset = S(margin)},
    {"samples", FL_OPTION_INTEGER, S(samples), "COUNT", "1", 1, 1e9,
     .help = "random networks of each size"},
    {.name = "ensemble", .group = fl_ensemble_options, .offset = S(ensemble)},
    {.name = "network", .group = fl_network_options, .offset = S(network)},
    {"shard", FL_OPTION_TEXT, S(shard), "I/K",
     .help = "do part I of K of the work, over all sizes and samples, in rows that fl-merge joins"},
    {.name = NULL},
};

const fl_option fl_store_options[] = {
    {"store", FL_OPTION_TEXT, offsetof(fl_store_settings, path), "FILE.h5",
     .hidden_from_meta = true, .help = "keep the fixed points in this HDF5 file"},
    {"store-networks", FL_OPTION_FLAG, offsetof(fl_store_settings, networks),
     .hidden_from_meta = true, .help = "keep the matrices in the store too"},
    {.name = NULL},
};

/* Nothing of an ensemble is drawn beside a given matrix. */
static const char *const size_names[] = {"n", "samples", NULL};

fl_status fl_shard_part(const char *text, uint64_t total, uint64_t *from, uint64_t *until) {
    uint64_t shard = 0, shards = 0;
    FL_CHECK(fl_parse_shard(text, &shard, &shards));
    fl_shard_range(total, shard, shards, from, until);
    return FL_OK;
}

fl_status fl_network_settings_check(const fl_network_settings *settings) {
    return settings->transpose && !settings->path
               ? fl_fail(FL_EUSAGE, "--transpose has no effect without --network")
               : FL_OK;
}

fl_status fl_sampling_given(fl_run *run, const fl_network_settings *settings, size_t most,
                            fl_network *given) {
    const char *path = settings->path;
    char why[300];
    snprintf(why, sizeof why, "beside --network %s", path);
    FL_CHECK(fl_run_leave_out(run, size_names, why));
    FL_CHECK(fl_ensemble_settings_leave_out(run, why));
    FL_CHECK(fl_run_network(run, path, settings->transpose, given));
    if (given->n > most)
        return fl_fail(FL_EINVAL, "%s: %zu neurons; allowed: at most %zu", path, given->n, most);
    FL_CHECK(fl_run_record(run, "n", "%zu", given->n));
    return fl_run_given(run, "jd") ? FL_OK : fl_run_record(run, "jd", "0");
}

static fl_status open_given(fl_sampled *w, fl_run *run, const fl_sampling *s, size_t most) {
    FL_CHECK(fl_sampling_given(run, &s->network, most, &w->given));
    w->networks.given = &w->given;
    if (!fl_run_given(run, "jd"))
        w->jd = (fl_reals){1, &w->zero};
    return FL_OK;
}

static fl_status check_sampling_sizes(const fl_sampling *s, size_t most) {
    for (size_t k = 0; k < s->n.count; k++)
        if (s->n.values[k] > (int64_t)most / s->ensemble.modules)
            return fl_fail(FL_EUSAGE,
                           "--n %" PRId64 " --modules %" PRId64
                           ": allowed: at most %zu neurons in all",
                           s->n.values[k], s->ensemble.modules, most);
    return FL_OK;
}

/* Of a given matrix rows of shards tell the size only. */
static fl_status open_again(fl_sampled *w, const fl_sampling *s) {
    if (!s->network.path)
        return FL_OK;
    w->given.n = (size_t)s->n.values[0];
    w->networks.given = &w->given;
    return FL_OK;
}

void fl_network_take_margin(fl_network *network, double margin) {
    for (size_t i = 0; i < network->n && margin != 0; i++)
        network->diagonal[i] -= margin;
}

fl_status fl_sampling_open(fl_sampled *w, fl_run *run, const fl_sampling *s, size_t most) {
    *w = (fl_sampled){.networks = {.ensemble = fl_ensemble_from(&s->ensemble),
                                   .n = s->n.values,
                                   .n_count = s->n.count,
                                   .seed = run->common.seed,
                                   .samples = s->network.path ? 1 : (uint64_t)s->samples},
                      .jd = s->jd};
    w->networks.ensemble.margin = s->margin;
    if (run->rows)
        return open_again(w, s);
    FL_CHECK(fl_parse_shard(s->shard, &w->networks.shard, &w->networks.shards));
    FL_CHECK(fl_network_settings_check(&s->network));
    if (!s->network.path)
        FL_CHECK(fl_ensemble_settings_check(run, &s->ensemble));
    FL_CHECK(s->network.path ? open_given(w, run, s, most) : check_sampling_sizes(s, most));
    fl_network_take_margin(&w->given, s->margin);
    return FL_OK;
}

void fl_sampling_close(fl_sampled *w) {
    fl_network_clear(&w->given);
    free(w->input);
    w->networks.given = NULL;
}
