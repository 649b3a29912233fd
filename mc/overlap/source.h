/* Where sets of configurations come from: stores named on the command line, or fixed points
 * enumerated on the spot; and the loop over them.
 *
 * A set is all configurations of one (n, jd, sample). Each is analysed by a pure function that
 * leaves a row of numbers (any length); rows are taken in the order of the source (sizes, then
 * samples, then self-couplings, or as the stores have them) and kept in the checkpoint. Sets run in
 * parallel, or, when there are fewer than threads, one after another with all threads within. */
#ifndef FIXLAND_OVERLAP_SOURCE_H
#define FIXLAND_OVERLAP_SOURCE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "fixland/cli.h"
#include "fixland/sampling.h"
#include "fixland/overlap.h"

typedef struct overlap_set {
    size_t n; /* neurons, all modules together */
    double jd;
    uint64_t sample;
    size_t count;
    const uint64_t *spins; /* NULL when rows are taken */
    const double *weights; /* NULL: 1 each */
    size_t other_count;    /* the matching set of the second store of source_open_pair */
    const uint64_t *other;
} overlap_set;

/* A row while it grows. */
typedef struct numbers {
    double *values;
    size_t count, room;
} numbers;

fl_status numbers_add(numbers *row, const double *values, size_t count);

/* A member of a mode's settings. */
typedef struct source_settings {
    fl_integers n;
    fl_reals jd;
    int64_t samples; /* 0: not given */
    double margin;
    fl_ensemble_settings ensemble;
    fl_network_settings network;
    fl_drive drive;
    const char *shard;
} source_settings;

typedef struct source source;

typedef fl_status source_analyse(void *context, const overlap_set *set, const fl_effort *effort,
                                 numbers *row);
typedef fl_status source_take(void *context, const overlap_set *set, const double *row,
                              size_t count);

/* The run's files, or networks drawn as the settings say. */
fl_status source_open(source **s, fl_run *run, const source_settings *settings);

/* Exactly two files: sets of the first that have a partner in the second, of the same n and sample
 * and, with `same_jd`, the same self-coupling. */
fl_status source_open_pair(source **s, fl_run *run, const source_settings *settings, bool same_jd);

/* Opens the run's table and checkpoint, before source_run; the table stays the source's. With --shard
 * it is one of source_parts: then source_run calls no `take`, and there is nothing to add to it. */
fl_status source_table(source *s, const fl_column *columns, size_t count, fl_table **table);

/* Makes the table appear and ends the checkpoint when `status` is FL_OK, else drops the table and
 * keeps the checkpoint; frees the source. Returns `status`, or what closing says. */
fl_status source_close(source *s, fl_status status);

/* After source_table. FL_STOPPED, or the failure of the first set that failed. `analyse` must be
 * thread-safe. */
fl_status source_run(source *s, void *context, source_analyse *analyse, source_take *take);

/* ln of the mean number of ordered pairs at a distance, when the sets are all fixed points of
 * Gaussian networks, under the input where there is one; nan otherwise. */
double source_log_mean_pairs(const source *s, size_t n, double jd, size_t distance);

/* Are the sets under an input, so that s and -s are no fixed points together? */
bool source_driven(const source *s);

/* The ensemble, when the sets are all fixed points of random networks without input; else NULL. */
const fl_ensemble *source_ensemble(const source *s);

/* The columns of a shard: the numbers that `analyse` leaves, which fl-merge makes the table of. */
enum { SOURCE_PARTS = 7 };
extern const fl_column source_parts[SOURCE_PARTS];
#define SOURCE_PARTS_TABLE                                                                         \
    { "Columns with --shard", source_parts, SOURCE_PARTS }

/* Tables for source_settings; the selection goes without the ensemble. */
extern const fl_option source_selection_options[], source_options[];

#endif
