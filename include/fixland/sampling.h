/* The options that say on which networks a tool works, the same in every tool, and what it writes.
 * Members of a mode's settings, and tables for them (fl_option.group). */
#ifndef FIXLAND_SAMPLING_H
#define FIXLAND_SAMPLING_H

#include "fixland/cli.h"
#include "fixland/network.h"
#include "fixland/store.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef struct fl_ensemble_settings {
    int distribution, variance;
    double eta, dilution, lambda;
    int64_t modules;
} fl_ensemble_settings;

/* fl_ensemble_options is for an fl_ensemble_settings, fl_variance_options for an int of its own. */
extern const fl_option fl_ensemble_options[], fl_variance_options[];
fl_ensemble fl_ensemble_from(const fl_ensemble_settings *settings);

typedef struct fl_sampling {
    fl_integers n;
    fl_reals jd;
    int64_t samples;
    fl_ensemble_settings ensemble;
    const char *network, *shard;
} fl_sampling;

extern const fl_option fl_sampling_options[];

/* --network into *network (*given then points to it, else is NULL) and --shard as part *shard of
 * 1 .. *shards (0, 0: all); FL_EUSAGE for sizes beyond `most` neurons in all. */
fl_status fl_sampling_open(fl_run *run, const fl_sampling *s, size_t most, fl_network *network,
                           const fl_network **given, uint64_t *shard, uint64_t *shards);

/* Columns of the tables of most tools. */
#define FL_COLUMN_N                                                                                \
    { "n", FL_INTEGER, NULL, "neurons (of each module)" }
#define FL_COLUMN_JD                                                                               \
    { "jd", FL_REAL, NULL, "self-coupling J_D" }
#define FL_COLUMN_SAMPLE                                                                           \
    { "sample", FL_INTEGER, NULL, "number of the network, from 0" }
#define FL_COLUMN_SAMPLES                                                                          \
    { "samples", FL_INTEGER, NULL, "networks" }

typedef struct fl_store_settings {
    const char *path;
    bool networks;
} fl_store_settings;

extern const fl_option fl_store_options[];

/* A table, a store where one is asked for, a checkpoint: opened together, closed together. */
typedef struct fl_outputs {
    fl_table *table;
    fl_store *store;     /* or NULL */
    fl_journal *journal; /* or NULL */
    const char *store_path;
} fl_outputs;

/* FL_EEXIST, FL_EIO, FL_EMISMATCH, FL_EFORMAT, FL_ENOMEM as fl_run_table, fl_store_create and
 * fl_run_journal. */
fl_status fl_outputs_open(fl_outputs *o, fl_run *run, const fl_store_settings *store,
                          const fl_column *columns, size_t count);

/* The store first: a table tells that all is done. Without the table no store stays. Returns
 * `status`, or what closing says. FL_EIO, FL_EEXIST as fl_output_commit. */
fl_status fl_outputs_close(fl_outputs *o, fl_status status);

#ifdef __cplusplus
}
#endif
#endif
