/* See shard_sets.h. */
#include "src/cli/shard_sets.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "fixland/cli.h"

/* Shards of one run that are there. */
struct fl_shard_set {
    char *key; /* of the run, as options */
    uint64_t shards;
    bool *there; /* shards + 1 */
};

/* What tells one run from another, as options; free it. */
static fl_status make_key(const fl_meta *meta, char **key) {
    static const char *const names[] = {
        "algorithm", "n",       "jd",     "samples",  "seed",   "ensemble", "eta",
        "dilution",  "modules", "lambda", "variance", "margin", "input",    "input-strength"};
    size_t size;
    FILE *text = open_memstream(key, &size);
    for (size_t k = 0; text && k < sizeof names / sizeof *names; k++) {
        const char *value = fl_meta_get(meta, names[k]);
        if (value)
            fprintf(text, "%s--%s %s", ftell(text) > 0 ? " " : "", names[k], value);
    }
    if (!text || fclose(text) != 0 || !*key)
        return fl_fail(FL_ENOMEM, "out of memory for the name of a run");
    return FL_OK;
}

static fl_status add_set(fl_shard_sets *sets, char *key, uint64_t shards) {
    fl_shard_set *more = realloc(sets->all, (sets->count + 1) * sizeof *more);
    bool *there = calloc(shards + 1, sizeof *there);
    if (more)
        sets->all = more;
    if (!more || !there) {
        free(there);
        return fl_fail(FL_ENOMEM, "out of memory for %" PRIu64 " shards", shards);
    }
    sets->all[sets->count++] = (fl_shard_set){.key = key, .shards = shards, .there = there};
    return FL_OK;
}

static fl_status find_set(fl_shard_sets *sets, const fl_meta *meta, uint64_t shards,
                          fl_shard_set **set) {
    char *key = NULL;
    FL_CHECK(make_key(meta, &key));
    for (*set = sets->all; *set < sets->all + sets->count; ++*set)
        if ((*set)->shards == shards && strcmp((*set)->key, key) == 0) {
            free(key);
            return FL_OK;
        }
    fl_status status = add_set(sets, key, shards);
    if (status != FL_OK)
        free(key);
    else
        *set = &sets->all[sets->count - 1];
    return status;
}

/* As much of it as a sentence takes: without the ensemble. */
static int shown_length(const fl_shard_set *set) {
    enum { MOST = 300 };
    const char *rest = strstr(set->key, " --ensemble");
    size_t length = rest ? (size_t)(rest - set->key) : strlen(set->key);
    return length < MOST ? (int)length : MOST;
}

fl_status fl_shard_sets_note(fl_shard_sets *sets, const char *path, const fl_meta *meta) {
    uint64_t shard, shards;
    fl_shard_set *set;
    const char *text = fl_meta_get(meta, "shard");
    if (!text)
        return FL_OK;
    if (fl_parse_shard(text, &shard, &shards) != FL_OK)
        return fl_fail(FL_EFORMAT, "%s: %s", path, fl_message());
    FL_CHECK(find_set(sets, meta, shards, &set));
    if (set->there[shard])
        return fl_fail(FL_EMISMATCH, "%s is shard %s of %.*s, which is there twice", path, text,
                       shown_length(set), set->key);
    set->there[shard] = true;
    return FL_OK;
}

fl_status fl_shard_sets_whole(const fl_shard_sets *sets) {
    for (size_t k = 0; k < sets->count; k++)
        for (uint64_t shard = 1; shard <= sets->all[k].shards; shard++)
            if (!sets->all[k].there[shard])
                return fl_fail(FL_EMISMATCH, "shard %" PRIu64 " of %" PRIu64 " of %.*s is missing",
                               shard, sets->all[k].shards, shown_length(&sets->all[k]),
                               sets->all[k].key);
    return FL_OK;
}

void fl_shard_sets_clear(fl_shard_sets *sets) {
    for (size_t k = 0; k < sets->count; k++)
        free(sets->all[k].there), free(sets->all[k].key);
    free(sets->all);
    *sets = (fl_shard_sets){0};
}
