/* See shard_sets.h. */
#include "mc/dynamics/shard_sets.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "fixland/cli.h"

/* Shards of one run that are there. */
struct shard_set {
    char key[400]; /* of the run, within what parts_add compares */
    uint64_t shards;
    bool *there; /* shards + 1 */
};

static void write_key(const fl_meta *meta, char key[400]) {
    static const char *const keys[] = {"algorithm", "n", "jd", "samples", "seed"};
    *key = 0;
    for (size_t k = 0; k < sizeof keys / sizeof *keys; k++) {
        size_t used = strlen(key);
        const char *value = fl_meta_get(meta, keys[k]);
        snprintf(key + used, 400 - used, "%s--%s %s", k ? " " : "", keys[k], value ? value : "");
    }
}

static fl_status find_set(shard_sets *sets, const fl_meta *meta, uint64_t shards, shard_set **set) {
    char key[400];
    write_key(meta, key);
    for (*set = sets->all; *set < sets->all + sets->count; ++*set)
        if ((*set)->shards == shards && strcmp((*set)->key, key) == 0)
            return FL_OK;
    shard_set *more = realloc(sets->all, (sets->count + 1) * sizeof *more);
    bool *there = calloc(shards + 1, sizeof *there);
    if (more)
        sets->all = more;
    if (!more || !there) {
        free(there);
        return fl_fail(FL_ENOMEM, "out of memory for %" PRIu64 " shards", shards);
    }
    *set = &sets->all[sets->count++];
    **set = (shard_set){.shards = shards, .there = there};
    strcpy((*set)->key, key);
    return FL_OK;
}

fl_status shard_sets_note(shard_sets *sets, const char *path, const fl_meta *meta) {
    uint64_t shard, shards;
    shard_set *set;
    const char *text = fl_meta_get(meta, "shard");
    if (!text)
        return FL_OK;
    if (fl_parse_shard(text, &shard, &shards) != FL_OK)
        return fl_fail(FL_EFORMAT, "%s: %s", path, fl_message());
    FL_CHECK(find_set(sets, meta, shards, &set));
    if (set->there[shard])
        return fl_fail(FL_EMISMATCH, "%s is shard %s of %s, which is there twice", path, text,
                       set->key);
    set->there[shard] = true;
    return FL_OK;
}

fl_status shard_sets_whole(const shard_sets *sets) {
    for (size_t k = 0; k < sets->count; k++)
        for (uint64_t shard = 1; shard <= sets->all[k].shards; shard++)
            if (!sets->all[k].there[shard])
                return fl_fail(FL_EMISMATCH, "shard %" PRIu64 " of %" PRIu64 " of %s is missing",
                               shard, sets->all[k].shards, sets->all[k].key);
    return FL_OK;
}

void shard_sets_clear(shard_sets *sets) {
    for (size_t k = 0; k < sets->count; k++)
        free(sets->all[k].there);
    free(sets->all);
    *sets = (shard_sets){0};
}
