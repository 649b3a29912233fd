/* fl-merge: the outputs of --shard 1/K ... K/K become what one run writes. Shards of fl-enumerate
 * cut within the search of a network; those of other tools are whole rows. */
#ifndef FIXLAND_ENUMERATE_MERGE_H
#define FIXLAND_ENUMERATE_MERGE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "fixland/enumerate.h"
#include "fixland/meta.h"
#include "fixland/table.h"
#include "fixland/status.h"

/* A part: its file and its provenance (owned by whoever read it). */
typedef struct merge_part {
    const char *path;
    const fl_meta *meta;
    uint64_t shard, shards;
    size_t index; /* in the order of the command line */
} merge_part;

/* Puts the parts in order. FL_EMISMATCH, naming files and shards, unless they are all the shards,
 * each once, of one and the same run. */
fl_status merge_order(merge_part *parts, size_t count);

/* The same without looking for missing ones: *missing (free it) gets the numbers that are not there.
 */
fl_status merge_missing(merge_part *parts, size_t count, uint64_t **missing, size_t *missing_count);

/* Was it written by fl-enumerate? */
bool merge_is_enumeration(const fl_meta *meta);

/* The plan that the provenance tells, as far as results depend on it. */
typedef struct merge_plan {
    fl_sample_plan plan;
    int64_t *n;
    double *jd;
} merge_plan;

fl_status merge_plan_read(merge_plan *m, const merge_part *part);
void merge_plan_clear(merge_plan *m);

/* Adds to `meta` what all parts share and how many there were. */
fl_status merge_provenance(const merge_part *parts, size_t count, fl_meta *meta);

/* All tables, each read once: it may be a pipe. *frames is to be cleared, also after a failure. */
fl_status merge_frames_read(fl_frame **frames, const char *const *paths, size_t count);
void merge_frames_clear(fl_frame *frames, size_t count);

/* Joins tables of one ensemble, or those of each ensemble of several one after the other, by `join`, which gets
 * the rows of one. */
struct fl_run;
typedef fl_status merge_join(struct fl_run *run, void *context, fl_frame *frames, size_t count);
fl_status merge_points(struct fl_run *run, const char *const *paths, fl_frame *frames, size_t count,
                       merge_join *join, void *context);

/* Hands over the samples of the tables `paths`, whose `frames` are the caller's (opened to tell the plan): rows of samples that lie
 * in several parts are added up. */
typedef struct merge_tables merge_tables;
fl_status merge_tables_open(merge_tables **tables, const char *const *paths, fl_frame *frames,
                            size_t count);
const fl_sample_plan *merge_tables_plan(const merge_tables *tables);
bool merge_tables_summary(const merge_tables *tables); /* whether the shards were run with it */
fl_status merge_tables_provenance(const merge_tables *tables, fl_meta *meta);
fl_status merge_tables_run(const merge_tables *tables, void *context,
                           fl_status (*emit)(void *, const fl_sample_result *));
void merge_tables_close(merge_tables *tables);

/* Rows of any other tool, one part after the other; or what the tool makes of them, its table with
 * --summary; or the shards that are missing, a row each. Parts that are no rows of a run (key
 * table_holds) become what one run writes in any case. `run` opens the table. */
typedef enum merge_into { MERGE_ROWS, MERGE_SUMMARY, MERGE_MISSING } merge_into;
fl_status merge_rows(struct fl_run *run, const char *const *paths, fl_frame *frames, size_t count,
                     merge_into into);
extern const fl_column merge_missing_columns[2];

/* The same for stores, into the store `output`; `meta` gets the shared provenance first. */
fl_status merge_stores(const char *const *paths, size_t count, const char *output, bool force,
                       fl_meta *meta);

#endif
