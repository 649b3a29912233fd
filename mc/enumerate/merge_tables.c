/* Joining tables: see merge.h. Rows come in blocks, one a sample, with a row for each
 * self-coupling; a block that a shard's end cuts is continued by the first block of the next
 * shards. */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "fixland/table.h"
#include "mc/enumerate/merge.h"

struct merge_tables {
    size_t count;
    fl_frame *frames;  /* as on the command line; the caller's */
    merge_part *parts; /* in order */
    merge_plan plan;
    fl_network given; /* only its size, where the run was of a given matrix */
};

enum { N_COLUMN, JD_COLUMN, SAMPLE_COLUMN, COUNT_COLUMN, EXACT_COLUMN, COLUMNS };

static fl_status check_merge_tables_columns(const fl_frame *f, const char *path) {
    static const char *const names[] = {"n", "jd", "sample", "count", "exact"};
    bool same = f->columns == COLUMNS;
    for (size_t k = 0; same && k < COLUMNS; k++)
        same = strcmp(f->names[k], names[k]) == 0;
    return same ? FL_OK
                : fl_fail(FL_EMISMATCH, "%s has other columns than n jd sample count exact", path);
}

static fl_status read_parts(merge_tables *t, const char *const *paths) {
    for (size_t k = 0; k < t->count; k++)
        t->parts[k] = (merge_part){.path = paths[k], .meta = &t->frames[k].meta, .index = k};
    FL_CHECK(merge_order(t->parts, t->count));
    for (size_t k = 0; k < t->count; k++)
        FL_CHECK(check_merge_tables_columns(&t->frames[k], paths[k]));
    FL_CHECK(merge_plan_read(&t->plan, &t->parts[0]));
    if (fl_meta_get(t->parts[0].meta, "network"))
        t->plan.plan.networks.given = &t->given;
    t->given.n = (size_t)t->plan.n[0];
    return FL_OK;
}

fl_status merge_tables_open(merge_tables **tables, const char *const *paths, fl_frame *frames,
                            size_t count) {
    merge_tables *t = *tables = calloc(1, sizeof *t);
    if (t) {
        t->count = count;
        t->frames = frames;
        t->parts = calloc(count, sizeof *t->parts);
    }
    fl_status status = t && t->parts ? read_parts(t, paths)
                                     : fl_fail(FL_ENOMEM, "out of memory for %zu tables", count);
    if (status != FL_OK) {
        merge_tables_close(t);
        *tables = NULL;
    }
    return status;
}

void merge_tables_close(merge_tables *t) {
    if (!t)
        return;
    merge_plan_clear(&t->plan);
    free(t->parts);
    free(t);
}

const fl_sample_plan *merge_tables_plan(const merge_tables *t) {
    return &t->plan.plan;
}

bool merge_tables_summary(const merge_tables *t) {
    const char *text = fl_meta_get(t->parts[0].meta, "summary");
    return text && strcmp(text, "yes") == 0;
}

fl_status merge_tables_provenance(const merge_tables *t, fl_meta *meta) {
    return merge_provenance(t->parts, t->count, meta);
}

/* Where the merge is: the samples expected, one after the other. */
typedef struct cursor {
    const merge_tables *t;
    uint64_t next; /* sample, over all sizes, that comes next */
    bool open;     /* the one before may be continued */
    uint64_t counts[FL_ENUMERATE_JD_MAX];
    void *context;
    fl_status (*emit)(void *, const fl_sample_result *);
} cursor;

static uint64_t merge_tables_samples_of(const fl_sample_plan *plan) {
    return fl_instances_samples(&plan->networks);
}

static int64_t merge_tables_size_of(const fl_sample_plan *plan, uint64_t number) {
    return fl_instances_n(&plan->networks, (size_t)(number / merge_tables_samples_of(plan)));
}

static fl_status finish_merge_tables(cursor *c) {
    const fl_sample_plan *plan = &c->t->plan.plan;
    uint64_t number = c->next - 1;
    if (!c->open)
        return FL_OK;
    c->open = false;
    fl_sample_result result = {.n_index = (size_t)(number / merge_tables_samples_of(plan)),
                               .sample = number % merge_tables_samples_of(plan),
                               .counts = c->counts,
                               .exact = true};
    return c->emit(c->context, &result);
}

/* Whether the block at `row` is of sample `number`. */
static bool is_sample(const cursor *c, const fl_frame *f, size_t row, uint64_t number) {
    const fl_sample_plan *plan = &c->t->plan.plan;
    uint64_t sizes = fl_instances_sizes(&plan->networks);
    if (number >= sizes * merge_tables_samples_of(plan))
        return false;
    for (size_t k = 0; k < plan->jd_count; k++) {
        const double *cell = f->real + (row + k) * COLUMNS;
        if (cell[N_COLUMN] != (double)merge_tables_size_of(plan, number) ||
            cell[JD_COLUMN] != plan->jd[k] ||
            cell[SAMPLE_COLUMN] != (double)(number % merge_tables_samples_of(plan)))
            return false;
    }
    return true;
}

static fl_status take_block(cursor *c, const merge_part *part, const fl_frame *f, size_t row) {
    const fl_sample_plan *plan = &c->t->plan.plan;
    uint64_t exact;
    if (fl_frame_whole(f, row, EXACT_COLUMN, &exact) != FL_OK || exact > 1)
        return fl_fail(FL_EFORMAT, "%s: row %zu: the column exact holds neither 0 nor 1",
                       part->path, row + 1);
    bool whole = exact == 1;
    bool continued = row == 0 && !whole && c->open && is_sample(c, f, row, c->next - 1);
    if (!continued) {
        FL_CHECK(finish_merge_tables(c));
        if (!is_sample(c, f, row, c->next))
            return fl_fail(FL_EMISMATCH, "%s: row %zu is not of the sample that comes next",
                           part->path, row + 1);
        c->next++;
        c->open = true;
        memset(c->counts, 0, sizeof c->counts);
    }
    for (size_t k = 0; k < plan->jd_count; k++) {
        uint64_t count;
        if (fl_frame_whole(f, row + k, COUNT_COLUMN, &count) != FL_OK)
            return fl_fail(FL_EFORMAT, "%s: %s", part->path, fl_message());
        c->counts[k] += count;
    }
    return whole ? finish_merge_tables(c) : FL_OK;
}

fl_status merge_tables_run(const merge_tables *t, void *context,
                           fl_status (*emit)(void *, const fl_sample_result *)) {
    const fl_sample_plan *plan = &t->plan.plan;
    cursor c = {.t = t, .context = context, .emit = emit};
    for (size_t k = 0; k < t->count; k++) {
        const merge_part *part = &t->parts[k];
        const fl_frame *f = &t->frames[part->index];
        if (f->rows % plan->jd_count)
            return fl_fail(FL_EMISMATCH, "%s: %zu rows are not whole samples of %zu rows",
                           part->path, f->rows, plan->jd_count);
        for (size_t row = 0; row < f->rows; row += plan->jd_count)
            FL_CHECK(take_block(&c, part, f, row));
    }
    FL_CHECK(finish_merge_tables(&c));
    uint64_t all = fl_instances_sizes(&plan->networks) * merge_tables_samples_of(plan);
    if (c.next != all)
        return fl_fail(FL_EMISMATCH, "the shards hold %" PRIu64 " of %" PRIu64 " samples", c.next,
                       all);
    return FL_OK;
}
