/* See sampling.h: the choices stand in the order of the enumerations. */
#include "fixland/sampling.h"

#include <inttypes.h>
#include <stdio.h>

#define E(member) offsetof(fl_ensemble_settings, member)
#define S(member) offsetof(fl_sampling, member)
#define LIST FL_OPTION_INTEGERS

const fl_option fl_variance_options[] = {
    {"variance", FL_OPTION_CHOICE, 0, "WHICH", "n", .choices = "n|n-1",
     .help = "variance of the couplings: 1/n, the convention of the papers, or 1/(n-1)"},
    {.name = NULL},
};

const fl_option fl_ensemble_options[] = {
    {"ensemble", FL_OPTION_CHOICE, E(distribution), "WHICH", "gaussian",
     .choices = "gaussian|binary", .help = "distribution of the couplings"},
    {.name = "variance", .group = fl_variance_options, .offset = E(variance)},
    {"eta", FL_OPTION_REAL, E(eta), "ETA", "0", -1, 1,
     .help = "symmetry: correlation of J_ij and J_ji"},
    {"dilution", FL_OPTION_REAL, E(dilution), "C", "1", 1e-9, 1,
     .help = "fraction of the couplings that are kept; their variance grows by 1/C"},
    {"modules", FL_OPTION_INTEGER, E(modules), "L", "1", 1, 1e6,
     .help = "modules in an open chain, n neurons each"},
    {"lambda", FL_OPTION_REAL, E(lambda), "LAMBDA", "0",
     .help = "excitatory coupling between equal neurons of neighbouring modules"},
    {.name = NULL},
};

const fl_option fl_sampling_options[] = {
    {"n", FL_OPTION_INTEGERS, S(n), "LIST", "20", 1, 1 << 20, .help = "neurons (of each module)"},
    {"jd", FL_OPTION_REALS, S(jd), "LIST", "0",
     .help = "self-coupling J_D; with --network, added to the diagonal of the matrix"},
    {"samples", FL_OPTION_INTEGER, S(samples), "COUNT", "1", 1, 1e9,
     .help = "random networks of each size"},
    {.name = "ensemble", .group = fl_ensemble_options, .offset = S(ensemble)},
    {"network", FL_OPTION_TEXT, S(network), "FILE",
     .help = "one given matrix instead of random ones: text, .npy, or HDF5 "
             "(FILE.h5:/path/to/dataset); entry (i, j) acts from j on i"},
    {"shard", FL_OPTION_TEXT, S(shard), "I/K", .help = "do part I of K of the work"},
    {.name = NULL},
};

const fl_option fl_store_options[] = {
    {"store", FL_OPTION_TEXT, offsetof(fl_store_settings, path), "FILE.h5",
     .hidden_from_meta = true, .help = "keep the fixed points in this HDF5 file"},
    {"store-networks", FL_OPTION_FLAG, offsetof(fl_store_settings, networks),
     .hidden_from_meta = true, .help = "keep the matrices in the store too"},
    {.name = NULL},
};

fl_ensemble fl_ensemble_from(const fl_ensemble_settings *settings) {
    return (fl_ensemble){.distribution = (fl_distribution)settings->distribution,
                         .variance = (fl_variance)settings->variance,
                         .eta = settings->eta,
                         .dilution = settings->dilution,
                         .modules = (size_t)settings->modules,
                         .lambda = settings->lambda};
}

static fl_status check_sizes(const fl_sampling *s, const fl_network *given, size_t most) {
    if (given && given->n > most)
        return fl_fail(FL_EINVAL, "%s: %zu neurons; allowed: at most %zu", s->network, given->n,
                       most);
    for (size_t k = 0; !given && k < s->n.count; k++)
        if (s->n.values[k] > (int64_t)most / s->ensemble.modules)
            return fl_fail(FL_EUSAGE,
                           "--n %" PRId64 " --modules %" PRId64
                           ": allowed: at most %zu neurons in all",
                           s->n.values[k], s->ensemble.modules, most);
    return FL_OK;
}

fl_status fl_sampling_open(fl_run *run, const fl_sampling *s, size_t most, fl_network *network,
                           const fl_network **given, uint64_t *shard, uint64_t *shards) {
    *given = NULL;
    FL_CHECK(fl_parse_shard(s->shard, 1000000, shard, shards));
    if (s->network) {
        FL_CHECK(fl_run_network(run, s->network, network));
        *given = network;
    }
    fl_status status = check_sizes(s, *given, most);
    if (status != FL_OK && *given)
        fl_network_clear(network);
    return status;
}

fl_status fl_outputs_open(fl_outputs *o, fl_run *run, const fl_store_settings *store,
                          const fl_column *columns, size_t count) {
    if (store->networks && !store->path)
        return fl_fail(FL_EUSAGE, "--store-networks needs --store FILE.h5");
    o->store_path = store->path;
    if (store->path)
        FL_CHECK(fl_store_create(&o->store, store->path, run->common.force, &run->meta));
    FL_CHECK(fl_run_table(run, &o->table, columns, count));
    return fl_run_journal(run, &o->journal);
}

fl_status fl_outputs_close(fl_outputs *o, fl_status status) {
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
        remove(o->store_path);
    fl_status closed = fl_journal_close(o->journal, status == FL_OK);
    return status == FL_OK ? closed : status;
}
