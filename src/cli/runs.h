/* Are two tables, or stores, of the same run, or of such that may be taken together? One rule for all who ask:
 * runs are the same when all that their provenance tells is, but for how they were made. Internal. */
#ifndef FIXLAND_CLI_RUNS_H
#define FIXLAND_CLI_RUNS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "fixland/cli.h"
#include "fixland/meta.h"
#include "fixland/status.h"

/* Does the key tell how a run was made (host, threads, date ...), and nothing of what it computed? */
bool runs_how(const char *key);

/* What the provenance of a run tells under a key; of what fl-merge has joined, "program" is the one that wrote it. NULL:
 * nothing. */
const char *runs_value(const fl_meta *meta, const char *key);

/* What may differ besides that and the shard. */
typedef struct runs_rule {
    /* Keys, ended by NULL; "content of " stands for all that begin so. NULL: nothing. */
    const char *const *may;
    const fl_option *some; /* options that not every run looks at, and tells; NULL: none */
} runs_rule;

/* The first key in which two runs differ; NULL: none. What fl-merge has joined is as the run that it is of. */
const char *runs_difference(const fl_meta *a, const fl_meta *b, const runs_rule *rule);

/* FL_EMISMATCH, naming both files and that key, where there is one. */
fl_status runs_alike(const char *one, const fl_meta *a, const char *other, const fl_meta *b,
                     const runs_rule *rule);

/* Is the store at `path`, which tells `theirs`, of the networks that a run has, which tells `ours`? FL_EMISMATCH for
 * another matrix, seed or ensemble; with `margin` for another margin, too. Where neither a seed nor a matrix is told
 * nobody knows. */
fl_status runs_same_networks(const char *path, const fl_meta *theirs, const fl_meta *ours,
                             bool margin);

/* Files that are taken together. Start from {.rule = ...}. */
typedef struct runs_pool {
    const runs_rule *rule; /* NULL: they may differ in anything */
    struct runs_told *all; /* the different runs */
    size_t count;
} runs_pool;

/* Of a table or store at `path`. FL_EMISMATCH where it does not belong to those before it, and for a shard that
 * has been there. */
fl_status runs_pool_add(runs_pool *pool, const char *path, const fl_meta *meta);

/* FL_EMISMATCH, naming the first shard that is missing. Those of whole runs have no shards. */
fl_status runs_pool_whole(const runs_pool *pool);

/* Notes in `meta` what they have in common, where it does not tell that key yet. */
fl_status runs_pool_note(const runs_pool *pool, fl_meta *meta);

void runs_pool_clear(runs_pool *pool);

#endif
