/* Whether all shards of the runs are there whose tables or stores are read together. */
#ifndef FIXLAND_CLI_SHARD_SETS_H
#define FIXLAND_CLI_SHARD_SETS_H

#include <stddef.h>

#include "fixland/meta.h"
#include "fixland/status.h"

typedef struct fl_shard_set fl_shard_set;

typedef struct fl_shard_sets {
    fl_shard_set *all;
    size_t count;
} fl_shard_sets;

/* Of a table or store at `path`; those of whole runs have no shard. FL_EMISMATCH for one that has been
 * there. */
fl_status fl_shard_sets_note(fl_shard_sets *sets, const char *path, const fl_meta *meta);

/* FL_EMISMATCH, naming the first that is missing. */
fl_status fl_shard_sets_whole(const fl_shard_sets *sets);

void fl_shard_sets_clear(fl_shard_sets *sets);

#endif
