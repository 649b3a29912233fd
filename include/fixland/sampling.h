/* What tools that sample networks share: the options that say which networks, and what a run
 * writes. The settings are members of a mode's settings; the tables take their place in its option
 * table (FL_GROUP in cli.h), with other defaults where a tool has its own. */
#ifndef FIXLAND_SAMPLING_H
#define FIXLAND_SAMPLING_H

#include "fixland/cli.h"
#include "fixland/instances.h"
#include "fixland/network.h"
#include "fixland/replicas.h"
#include "fixland/store.h"

#ifdef __cplusplus
extern "C" {
#endif

/* ---- which networks ---- */

/* --network and --transpose; path NULL: random networks. */
typedef struct fl_network_settings {
    const char *path;
    bool transpose;
} fl_network_settings;

typedef struct fl_ensemble_settings {
    int distribution, variance;
    double eta, dilution, lambda;
    int64_t modules;
} fl_ensemble_settings;

/* fl_ensemble_options is for an fl_ensemble_settings, fl_variance_options for an int of its own. */
extern const fl_option fl_ensemble_options[], fl_variance_options[];
fl_ensemble fl_ensemble_from(const fl_ensemble_settings *settings);

/* FL_EUSAGE for --lambda where there is one module only. */
fl_status fl_ensemble_settings_check(const fl_run *run, const fl_ensemble_settings *settings);

/* For a run that draws no networks, which `why` says ("beside --network J.txt"): FL_EUSAGE when one
 * of fl_ensemble_options was given; the provenance tells none of them. FL_ENOMEM. */
fl_status fl_ensemble_settings_leave_out(fl_run *run, const char *why);

typedef struct fl_sampling {
    fl_integers n;
    fl_reals jd;
    int64_t samples;
    fl_ensemble_settings ensemble;
    double margin; /* of stability, s_i f_i >= margin: as J_D less margin */
    fl_network_settings network;
    const char *shard;
} fl_sampling;

/* --margin alone, for a double. */
extern const fl_option fl_margin_options[];

/* Takes a margin of stability from the diagonal of a given matrix, as fl_network_draw does. */
void fl_network_take_margin(fl_network *network, double margin);

/* --n --jd --margin --samples, the ensemble, --network, --shard. */
extern const fl_option fl_sampling_options[];

/* The same, checked, with the matrix of --network read. */
typedef struct fl_sampled {
    fl_instances networks;
    fl_reals jd;      /* as asked for; 0 with --network and without --jd: nothing is added to it */
    fl_network given; /* with the margin taken from its diagonal */
    double zero;
    double *input; /* of fl_drive_open */
} fl_sampled;

/* FL_EUSAGE for more than `most` neurons in all, for a shard that is none, and for options that do
 * nothing beside --network. With --network the provenance tells its size, and nothing of an
 * ensemble. FL_EIO, FL_EFORMAT for a matrix that cannot be read; FL_ENOMEM. *sampled points into
 * itself: leave it where it is, and release it in any case. */
fl_status fl_sampling_open(fl_sampled *sampled, fl_run *run, const fl_sampling *settings,
                           size_t most);
void fl_sampling_close(fl_sampled *sampled);

/* --input, --input-strength: a field on every neuron. */
typedef struct fl_drive {
    const char *path;
    double strength;
} fl_drive;

extern const fl_option fl_drive_options[];

/* All numbers of a text, between blanks or commas, '#' comments, or of a .npy file of one dimension: *count of
 * them, to be freed. FL_EIO, FL_EFORMAT for none or for something else, FL_ENOMEM. */
fl_status fl_numbers_read(const char *path, double **values, size_t *count);

/* Gives the networks of *sampled their input; from a file: one number a neuron, text, '#' comments.
 * FL_EUSAGE for two kinds of input or several sizes, FL_EFORMAT for a file of another length,
 * FL_EIO. */
fl_status fl_drive_open(fl_sampled *sampled, fl_run *run, const fl_drive *drive);

/* FL_EUSAGE for --store-networks with an input, which a store does not keep. */
fl_status fl_drive_check(const fl_drive *drive, bool store_networks);

/* The part of it that is about --network, for tools with fewer options (fl_network_options is for an
 * fl_network_settings): reads the matrix, which is to be released also after a failure. FL_EUSAGE,
 * FL_EIO, FL_EFORMAT as fl_run_network. */
extern const fl_option fl_network_options[];

/* FL_EUSAGE for --transpose without --network. */
fl_status fl_network_settings_check(const fl_network_settings *settings);
fl_status fl_sampling_given(fl_run *run, const fl_network_settings *settings, size_t most,
                            fl_network *given);

/* ---- what is written ---- */

typedef struct fl_store_settings {
    const char *path;
    bool networks;
} fl_store_settings;

/* --store --store-networks. */
extern const fl_option fl_store_options[];

/* One more file beside the table, whole or not at all: a trained network. */
typedef struct fl_companion {
    const char *path; /* NULL: none */
    fl_status (*write)(void *context, const char *path, bool force);
    void *context;
} fl_companion;

/* A table, a store where one is asked for, a checkpoint: opened together, closed together. */
typedef struct fl_outputs {
    fl_table *table;
    fl_store *store;     /* or NULL */
    fl_journal *journal; /* or NULL */
    const char *store_path;
    fl_companion companion;
    bool companion_force;
} fl_outputs;

/* `store` may be NULL. The checkpoint knows all that fl_run_record, fl_run_network and
 * fl_run_inputs have been told before. FL_EUSAGE for a store that is the table's file; FL_EEXIST,
 * FL_EIO, FL_EMISMATCH, FL_EFORMAT, FL_ENOMEM as fl_run_table, fl_store_create and fl_run_journal.
 * Close it in any case. */
fl_status fl_outputs_open(fl_outputs *outputs, fl_run *run, const fl_store_settings *store,
                          const fl_column *columns, size_t count);

/* Adds a file, between opening and closing. One that is there already is replaced with --force, and
 * when it is an HDF5 file that a killed run of the same provenance left without its table, with
 * --resume. FL_EUSAGE for the file of --output (`option` is what named this one), FL_EEXIST, FL_EIO
 * as fl_output_allowed. */
fl_status fl_outputs_companion(fl_outputs *outputs, const fl_run *run, const char *option,
                               const fl_companion *companion);

/* Runs a loop with the checkpoint of `outputs` and, where it tells none, the threads and the polite stop of the
 * run, under a bar that counts its tasks as `unit` ("networks"). What fl_replicas_run returns: FL_STOPPED, or
 * the failure of a task. */
fl_status fl_outputs_run(const fl_outputs *outputs, const fl_run *run, fl_replicas *loop,
                         const char *unit);

/* With FL_OK all of it appears, the table last: when it is there, all is done. Otherwise, and when
 * something cannot be written, neither table nor store nor companion appears, and the checkpoint
 * stays. Returns `status`, or what closing says: FL_EIO, FL_EEXIST as fl_output_commit; what
 * writing the companion says. */
fl_status fl_outputs_close(fl_outputs *outputs, fl_status status);

/* Columns of the tables of most tools. */
#define FL_COLUMN_N                                                                                \
    { "n", FL_INTEGER, NULL, "neurons (of each module)" }
#define FL_COLUMN_NEURONS                                                                          \
    { "n", FL_INTEGER, NULL, "neurons (of all modules)" }
#define FL_COLUMN_JD                                                                               \
    { "jd", FL_REAL, NULL, "self-coupling J_D" }
#define FL_COLUMN_SAMPLE                                                                           \
    { "sample", FL_INTEGER, NULL, "number of the network, from 0" }
#define FL_COLUMN_SAMPLES                                                                          \
    { "samples", FL_INTEGER, NULL, "networks" }
/* What a row is about: `size` is one of the two columns "n" above, or one like them. */
#define FL_COLUMNS_SIZE(size) size, FL_COLUMN_JD
#define FL_COLUMNS_SAMPLE(size) size, FL_COLUMN_JD, FL_COLUMN_SAMPLE
#define FL_COLUMNS_SAMPLES(size) size, FL_COLUMN_JD, FL_COLUMN_SAMPLES
/* Two columns: a quantity and its standard error, which is called `error`; and a mean with its own
 * over samples. */
#define FL_COLUMNS_ESTIMATE(name, error, unit, help)                                               \
    {name, FL_REAL, unit, help}, {                                                                 \
        error, FL_REAL, unit, "its standard error"                                                 \
    }
#define FL_COLUMNS_MEAN(name, error, unit, help)                                                   \
    {name, FL_REAL, unit, help}, {                                                                 \
        error, FL_REAL, unit, "its standard error over samples"                                    \
    }
/* What is known and conjectured of the number of fixed points, an fl_count_law. */
#define FL_COLUMNS_LAW                                                                             \
    {"exact_variance", FL_REAL, NULL,                                                              \
     "V: variance of the number over the square of its mean, exact at this n; nan where not "      \
     "known"},                                                                                     \
        {"predicted_log_variance", FL_REAL, NULL,                                                  \
         "conjectured, at J_D > 0 without input: ln(1 + V), the logarithm being normal"},          \
    {                                                                                              \
        "predicted_empty", FL_REAL, NULL,                                                          \
            "conjectured probability of no fixed point: half the number Poisson, its mean "        \
            "log-normal"                                                                           \
    }
#define FL_CELLS_LAW(law) FL_NUM((law).variance), FL_NUM((law).log_variance), FL_NUM((law).empty)

/* The same with what the error is over. */
#define FL_COLUMNS_OVER(name, error, unit, help, what)                                             \
    {name, FL_REAL, unit, help}, {                                                                 \
        error, FL_REAL, unit, "its standard error, over " what                                     \
    }

/* The list of a mode that writes one of two tables, the second with what `title` says. */
#define FL_TWO_TABLES(columns_, count_, title, others_, other_count_)                              \
    {                                                                                              \
        {NULL, columns_, count_}, {title, others_, other_count_}, {                                \
            .columns = NULL                                                                        \
        }                                                                                          \
    }

/* Of `total` tasks those from *from to *until - 1 are those of the shard that `text` tells, I/K; all of
 * them for NULL. FL_EUSAGE for another text. */
fl_status fl_shard_part(const char *text, uint64_t total, uint64_t *from, uint64_t *until);

/* --shard, for a text, in modes that have no fl_sampling: fl_shard_part reads it. `what` is shared
 * out. */
#define FL_SHARD_OPTION(settings_type, member, what)                                               \
    {                                                                                              \
        .name = "shard", .type = FL_OPTION_TEXT, .offset = offsetof(settings_type, member),        \
        .argument = "I/K",                                                                         \
        .help = "do part I of K of " what "; fl-merge makes of the parts what one run writes"      \
    }

/* --enumerate, for an int64_t (FL_ENUMERATE_MAX is of enumerate.h). */
#define FL_ENUMERATE_OPTION(settings_type, member)                                                 \
    {                                                                                              \
        .name = "enumerate", .type = FL_OPTION_INTEGER, .offset = offsetof(settings_type, member), \
        .argument = "N", .fallback = "30", .low = 0, .high = FL_ENUMERATE_MAX,                     \
        .help = "enumerate networks of at most so many neurons (of all modules), too"              \
    }

#ifdef __cplusplus
}
#endif
#endif
