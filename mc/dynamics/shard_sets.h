/* Whether all shards of the runs are there whose tables are read together. Private to mc/dynamics. */
#ifndef FIXLAND_DYNAMICS_SHARD_SETS_H
#define FIXLAND_DYNAMICS_SHARD_SETS_H

#include "fixland/table.h"

typedef struct shard_set shard_set;

typedef struct shard_sets {
    shard_set *all;
    size_t count;
} shard_sets;

/* Of a table at `path`; those of whole runs have no shard. FL_EMISMATCH for one that has been there. */
fl_status shard_sets_note(shard_sets *sets, const char *path, const fl_meta *meta);

/* FL_EMISMATCH, naming the first that is missing. */
fl_status shard_sets_whole(const shard_sets *sets);

void shard_sets_clear(shard_sets *sets);

#endif
