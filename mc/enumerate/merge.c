/* Do the parts belong together, and what run are they of: see merge.h. */
#include "mc/enumerate/merge.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "fixland/cli.h"
#include "src/cli/rows_check.h"
#include "src/cli/runs.h"

static fl_status read_shard(merge_part *part) {
    const char *text = fl_meta_get(part->meta, "shard");
    if (!fl_meta_get(part->meta, "program"))
        return fl_fail(FL_EMISMATCH, "%s does not tell its program", part->path);
    if (!text)
        return fl_fail(FL_EMISMATCH, "%s is not the output of a run with --shard", part->path);
    return fl_parse_shard(text, &part->shard, &part->shards);
}

static int by_shard(const void *a, const void *b) {
    const merge_part *x = a, *y = b;
    return (x->shard > y->shard) - (x->shard < y->shard);
}

bool merge_is_enumeration(const fl_meta *meta) {
    const char *program = fl_meta_get(meta, "program");
    return program && strcmp(program, "fl-enumerate") == 0;
}

/* In order, of one run, and none twice. */
static fl_status put_in_order(merge_part *parts, size_t count) {
    const runs_rule the_same = {.may = NULL};
    for (size_t k = 0; k < count; k++) {
        FL_CHECK(read_shard(&parts[k]));
        FL_CHECK(runs_alike(parts[0].path, parts[0].meta, parts[k].path, parts[k].meta, &the_same));
        if (parts[k].shards != parts[0].shards)
            return fl_fail(FL_EMISMATCH, "%s is one of %" PRIu64 " shards and %s one of %" PRIu64,
                           parts[0].path, parts[0].shards, parts[k].path, parts[k].shards);
    }
    qsort(parts, count, sizeof *parts, by_shard);
    for (size_t k = 1; k < count; k++)
        if (parts[k].shard == parts[k - 1].shard)
            return fl_fail(FL_EMISMATCH, "%s and %s are both shard %" PRIu64 " of %" PRIu64,
                           parts[k - 1].path, parts[k].path, parts[k].shard, parts[k].shards);
    return FL_OK;
}

fl_status merge_missing(merge_part *parts, size_t count, uint64_t **missing,
                        size_t *missing_count) {
    FL_CHECK(put_in_order(parts, count));
    *missing_count = 0;
    *missing = calloc((size_t)(parts[0].shards - count) + 1, sizeof **missing);
    if (!*missing)
        return fl_fail(FL_ENOMEM, "out of memory for %" PRIu64 " shards", parts[0].shards);
    for (uint64_t shard = 1, k = 0; shard <= parts[0].shards; shard++)
        if (k < count && parts[k].shard == shard)
            k++;
        else
            (*missing)[(*missing_count)++] = shard;
    return FL_OK;
}

fl_status merge_order(merge_part *parts, size_t count) {
    uint64_t *missing;
    size_t missing_count;
    FL_CHECK(merge_missing(parts, count, &missing, &missing_count));
    fl_status status =
        missing_count == 0
            ? FL_OK
            : fl_fail(FL_EMISMATCH, "shard %" PRIu64 " of %" PRIu64 " is missing%s", missing[0],
                      parts[0].shards, missing_count > 1 ? ", and more; --missing lists them" : "");
    free(missing);
    return status;
}

/* The text of a key, FL_EMISMATCH without it. */
static fl_status text_of(const merge_part *part, const char *key, const char **text) {
    *text = fl_meta_get(part->meta, key);
    return *text ? FL_OK : fl_fail(FL_EMISMATCH, "%s does not tell its %s", part->path, key);
}

static fl_status real_of(const merge_part *part, const char *key, double *value) {
    const char *text;
    FL_CHECK(text_of(part, key, &text));
    return fl_parse_real(key, text, -INFINITY, INFINITY, value);
}

static fl_status read_lists(merge_plan *m, const merge_part *part) {
    const char *n, *jd;
    fl_integers sizes = {0};
    fl_reals couplings = {0};
    FL_CHECK(text_of(part, "n", &n));
    FL_CHECK(text_of(part, "jd", &jd));
    FL_CHECK(fl_parse_integers("n", n, 1, 1 << 20, &sizes));
    m->plan.networks.n = m->n = sizes.values;
    m->plan.networks.n_count = sizes.count;
    FL_CHECK(fl_parse_reals("jd", jd, -INFINITY, INFINITY, &couplings));
    m->plan.jd = m->jd = couplings.values;
    m->plan.jd_count = couplings.count;
    for (size_t a = 0; a < sizes.count; a++)
        for (size_t b = 0; b < a; b++)
            if (m->n[a] == m->n[b])
                return fl_fail(FL_EMISMATCH,
                               "%s: --n holds %" PRId64 " twice, so its samples "
                               "cannot be told apart",
                               part->path, m->n[a]);
    return FL_OK;
}

fl_status merge_plan_read(merge_plan *m, const merge_part *part) {
    bool given = fl_meta_get(part->meta, "network") != NULL;
    double samples = 1;
    *m = (merge_plan){.plan.networks.ensemble = FL_ENSEMBLE_DEFAULT};
    fl_status status = given ? FL_OK : real_of(part, "samples", &samples);
    if (status == FL_OK && !given &&
        fl_ensemble_from_meta(&m->plan.networks.ensemble, part->meta) != FL_OK)
        status = fl_fail(FL_EMISMATCH, "%s: %s", part->path, fl_message());
    if (status == FL_OK)
        status = read_lists(m, part);
    m->plan.networks.samples = (uint64_t)samples;
    if (status == FL_OK && fl_meta_get(part->meta, "input-strength"))
        status = real_of(part, "input-strength", &m->plan.networks.input_strength);
    if (fl_meta_get(part->meta, "input"))
        m->plan.networks.input_strength = NAN; /* the file is not at hand: no exact mean */
    if (status != FL_OK)
        merge_plan_clear(m);
    return status;
}

void merge_plan_clear(merge_plan *m) {
    free(m->n);
    free(m->jd);
    *m = (merge_plan){0};
}

fl_status merge_provenance(const merge_part *parts, size_t count, fl_meta *meta) {
    const fl_meta *first = parts[0].meta;
    for (size_t k = 0; k < first->count; k++)
        if (!runs_how(first->keys[k]) && strcmp(first->keys[k], "shard") != 0 &&
            !fl_meta_get(meta, first->keys[k]))
            FL_CHECK(fl_meta_set(meta, first->keys[k], "%s", first->values[k]));
    FL_CHECK(fl_meta_set(meta, "source", "%s", fl_meta_get(first, "program")));
    return fl_meta_set(meta, "shards", "%zu", count);
}

fl_status merge_frames_read(fl_frame **frames, const char *const *paths, size_t count) {
    *frames = calloc(count, sizeof **frames);
    if (!*frames)
        return fl_fail(FL_ENOMEM, "out of memory for %zu tables", count);
    for (size_t k = 0; k < count; k++) {
        FL_CHECK(fl_frame_read(&(*frames)[k], paths[k]));
        FL_CHECK(fl_rows_of_run(paths[k], &(*frames)[k]));
    }
    return FL_OK;
}

void merge_frames_clear(fl_frame *frames, size_t count) {
    for (size_t k = 0; frames && k < count; k++)
        fl_frame_clear(&frames[k]);
    free(frames);
}
