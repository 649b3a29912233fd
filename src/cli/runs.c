/* See runs.h. */
#include "src/cli/runs.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

/* A run of a pool: what the first of its files tells, and which of its shards are there. */
typedef struct runs_told {
    char *path;
    fl_meta told;
    uint64_t shards; /* 0: whole */
    bool *there;     /* shards + 1 */
} runs_told;

static bool is_among(const char *key, const char *const *names) {
    for (; names && *names; names++) {
        size_t length = strlen(*names);
        bool all = length && (*names)[length - 1] == ' ';
        if (all ? strncmp(key, *names, length) == 0 : strcmp(key, *names) == 0)
            return true;
    }
    return false;
}

bool runs_how(const char *key) {
    static const char *const keys[] = {"host",    "command",        "threads", "ranks",  "kernel",
                                       "date",    "commit",         "format",  "source", "shards",
                                       "missing", "format_version", NULL};
    return is_among(key, keys);
}

static bool is_option(const fl_option *table, const char *key) {
    for (; table && table->name; table++)
        if (table->group ? is_option(table->group, key) : strcmp(table->name, key) == 0)
            return true;
    return false;
}

const char *runs_value(const fl_meta *meta, const char *key) {
    const char *source = strcmp(key, "program") == 0 ? fl_meta_get(meta, "source") : NULL;
    return source ? source : fl_meta_get(meta, key);
}

static bool is_joined(const fl_meta *meta) {
    return fl_meta_get(meta, "source") != NULL;
}

static bool differs(const fl_meta *a, const fl_meta *b, const char *key, const runs_rule *rule) {
    const char *x = runs_value(a, key), *y = runs_value(b, key);
    if (runs_how(key) || strcmp(key, "shard") == 0 || is_among(key, rule->may) ||
        (strcmp(key, "files") == 0 && (is_joined(a) || is_joined(b))))
        return false;
    return x && y ? strcmp(x, y) != 0 : !is_option(rule->some, key);
}

/* Options stand in front of what a run found by them, which differs too. */
const char *runs_difference(const fl_meta *a, const fl_meta *b, const runs_rule *rule) {
    for (size_t k = 0; k < a->count || k < b->count; k++) {
        if (k < a->count && differs(a, b, a->keys[k], rule))
            return a->keys[k];
        if (k < b->count && differs(a, b, b->keys[k], rule))
            return b->keys[k];
    }
    return NULL;
}

static const char *told(const fl_meta *meta, const char *key) {
    const char *value = runs_value(meta, key);
    return value ? value : "not given";
}

static fl_status refuse_difference(const char *one, const fl_meta *a, const char *other,
                                   const fl_meta *b, const char *key) {
    return fl_fail(FL_EMISMATCH, "%s and %s do not belong together: %s is %s and %s", one, other,
                   key, told(a, key), told(b, key));
}

fl_status runs_alike(const char *one, const fl_meta *a, const char *other, const fl_meta *b,
                     const runs_rule *rule) {
    const char *key = runs_difference(a, b, rule);
    return key ? refuse_difference(one, a, other, b, key) : FL_OK;
}

/* No margin is one of 0. */
static const char *told_of(const fl_meta *meta, const char *key) {
    const char *text = fl_meta_get(meta, key);
    return text || strcmp(key, "margin") != 0 ? text : "0";
}

fl_status runs_same_networks(const char *path, const fl_meta *theirs, const fl_meta *ours,
                             bool margin) {
    static const char *const keys[] = {"network_crc32", "margin",   "seed",
                                       "ensemble",      "variance", "eta",
                                       "dilution",      "modules",  "lambda"};
    bool given = fl_meta_get(theirs, keys[0]) || fl_meta_get(ours, keys[0]);
    if (!fl_meta_get(theirs, "seed") && !fl_meta_get(theirs, keys[0]))
        return FL_OK;
    for (size_t k = given ? 0 : 1; k < (given ? 2 : sizeof keys / sizeof *keys); k++) {
        const char *a = told_of(theirs, keys[k]), *b = told_of(ours, keys[k]);
        bool same = a && b ? strcmp(a, b) == 0 : !a && !b;
        if (!same && (k != 1 || margin))
            return fl_fail(FL_EMISMATCH, "%s: it is of other networks: %s %s there, %s here", path,
                           keys[k], a ? a : "none", b ? b : "none");
    }
    return FL_OK;
}

/* Which table was asked for; shards write rows in any case. */
static const char *const forms[] = {"per-sample", "summary", NULL};
static const runs_rule of_one_run = {forms, NULL};

static fl_status add_run(runs_pool *p, const char *path, const fl_meta *meta, uint64_t shards) {
    runs_told *more = realloc(p->all, (p->count + 1) * sizeof *more);
    if (!more)
        return fl_fail(FL_ENOMEM, "out of memory for %zu runs", p->count + 1);
    p->all = more;
    runs_told *r = &p->all[p->count++];
    *r = (runs_told){
        .path = strdup(path), .shards = shards, .there = calloc(shards + 1, sizeof *r->there)};
    if (!r->path || !r->there)
        return fl_fail(FL_ENOMEM, "out of memory for %" PRIu64 " shards", shards);
    return fl_meta_copy(&r->told, meta);
}

static fl_status read_shard(const char *path, const fl_meta *meta, uint64_t *shard,
                            uint64_t *shards) {
    *shard = *shards = 0;
    return fl_parse_shard(fl_meta_get(meta, "shard"), shard, shards) == FL_OK
               ? FL_OK
               : fl_fail(FL_EFORMAT, "%s: %s", path, fl_message());
}

fl_status runs_pool_add(runs_pool *p, const char *path, const fl_meta *meta) {
    uint64_t shard, shards;
    runs_told *run = NULL;
    FL_CHECK(read_shard(path, meta, &shard, &shards));
    for (runs_told *r = p->all; r < p->all + p->count; r++) {
        if (p->rule)
            FL_CHECK(runs_alike(r->path, &r->told, path, meta, p->rule));
        if (r->shards == shards && !runs_difference(&r->told, meta, &of_one_run))
            run = r;
    }
    if (!run) {
        FL_CHECK(add_run(p, path, meta, shards));
        run = &p->all[p->count - 1];
    }
    if (shards && run->there[shard])
        return fl_fail(FL_EMISMATCH,
                       "%s: shard %" PRIu64 " of %" PRIu64 " of the run of %s is there twice", path,
                       shard, shards, run->path);
    run->there[shard] = true;
    return FL_OK;
}

/* Of another run that has that shard the difference is told: it was meant to be the same. */
static fl_status refuse_gap(const runs_pool *p, const runs_told *run, uint64_t shard) {
    for (const runs_told *r = p->all; r < p->all + p->count; r++)
        if (r->shards == run->shards && r->there[shard])
            return refuse_difference(run->path, &run->told, r->path, &r->told,
                                     runs_difference(&run->told, &r->told, &of_one_run));
    return fl_fail(FL_EMISMATCH, "shard %" PRIu64 " of %" PRIu64 " of the run of %s is missing",
                   shard, run->shards, run->path);
}

fl_status runs_pool_whole(const runs_pool *p) {
    for (const runs_told *r = p->all; r < p->all + p->count; r++)
        for (uint64_t shard = 1; shard <= r->shards; shard++)
            if (!r->there[shard])
                return refuse_gap(p, r, shard);
    return FL_OK;
}

fl_status runs_pool_note(const runs_pool *p, fl_meta *meta) {
    const fl_meta *first = p->count ? &p->all[0].told : meta;
    for (size_t k = 0; k < first->count; k++) {
        const char *key = first->keys[k];
        bool common = !runs_how(key) && strcmp(key, "shard") != 0 && strcmp(key, "files") != 0 &&
                      !(p->rule && is_among(key, p->rule->may));
        if (common && !fl_meta_get(meta, key))
            FL_CHECK(fl_meta_set(meta, key, "%s", first->values[k]));
    }
    return FL_OK;
}

void runs_pool_clear(runs_pool *p) {
    for (size_t k = 0; k < p->count; k++) {
        free(p->all[k].path);
        free(p->all[k].there);
        fl_meta_clear(&p->all[k].told);
    }
    free(p->all);
    *p = (runs_pool){.rule = NULL};
}
