/* fl-merge: the shards of fl-enumerate, joined. */
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "fixland/cli.h"
#include "fixland/tools.h"
#include "mc/enumerate/merge.h"
#include "mc/enumerate/outputs.h"

typedef struct settings {
    bool summary, missing;
} settings;

static const fl_option options[] = {
    {"summary", FL_OPTION_FLAG, offsetof(settings, summary),
     .help = "the table that the tool itself writes with --summary, or without --per-sample, also "
             "where the shards were run without it"},
    {"missing", FL_OPTION_FLAG, offsetof(settings, missing),
     .help = "join nothing, but list the shards that are not among these tables"},
    {.name = NULL},
};

/* HDF5 files begin with these bytes. A pipe, which could be looked at only once, is a table. */
static fl_status is_store(const char *path, bool *store) {
    static const char signature[8] = "\x89HDF\r\n\x1a\n";
    char start[8] = "";
    struct stat status;
    *store = false;
    if (stat(path, &status) == 0 && !S_ISREG(status.st_mode))
        return FL_OK;
    FILE *file = fopen(path, "rb");
    if (!file)
        return fl_fail(FL_EIO, "%s cannot be read", path);
    *store = fread(start, 1, 8, file) == 8 && memcmp(start, signature, 8) == 0;
    fclose(file);
    return FL_OK;
}

static fl_status all_stores(const char *const *paths, size_t count, bool *stores) {
    FL_CHECK(is_store(paths[0], stores));
    for (size_t k = 1; k < count; k++) {
        bool store = false;
        FL_CHECK(is_store(paths[k], &store));
        if (store != *stores)
            return fl_fail(FL_EMISMATCH, "%s and %s: one is a store, the other is not", paths[0],
                           paths[k]);
    }
    return FL_OK;
}

static fl_status take_nothing(void *context, const fl_sample_result *result) {
    (void)context, (void)result;
    return FL_OK;
}

/* Nothing is printed of tables that do not belong together: they are gone through first. */
static fl_status write_table(fl_run *run, const merge_tables *tables, outputs *o) {
    FL_CHECK(merge_tables_run(tables, NULL, take_nothing));
    const fl_sample_plan *plan = o->plan;
    size_t samples = (size_t)fl_instances_samples(&plan->networks);
    o->counts = o->summary ? calloc(plan->jd_count * samples, sizeof *o->counts) : NULL;
    if (o->summary && !o->counts)
        return fl_fail(FL_ENOMEM, "out of memory for %zu samples", samples);
    FL_CHECK(fl_run_table(run, &o->files.table, o->summary ? outputs_summary : outputs_rows,
                          o->summary ? OUTPUTS_SUMMARY_COLUMNS : outputs_columns(o)));
    return merge_tables_run(tables, o, outputs_take);
}

static fl_status join_tables(fl_run *run, const settings *s, const char *const *paths,
                             fl_frame *frames, size_t count) {
    merge_tables *tables;
    FL_CHECK(merge_tables_open(&tables, paths, frames, count));
    outputs o = {.plan = merge_tables_plan(tables),
                 .summary = s->summary || merge_tables_summary(tables)};
    fl_status status = fl_meta_set(&run->meta, "summary", o.summary ? "yes" : "no");
    if (status == FL_OK)
        status = merge_tables_provenance(tables, &run->meta);
    if (status == FL_OK)
        status = write_table(run, tables, &o);
    if (status == FL_OK)
        status = fl_table_close(o.files.table);
    else
        fl_table_discard(o.files.table);
    free(o.counts);
    merge_tables_close(tables);
    return status;
}

/* What merge_points hands on. */
typedef struct joining {
    const settings *s;
    const char *const *paths;
} joining;

static fl_status join_frames(fl_run *run, void *context, fl_frame *frames, size_t count) {
    const joining *j = context;
    const settings *s = j->s;
    const char *const *paths = j->paths;
    if (merge_is_enumeration(&frames[0].meta))
        return join_tables(run, s, paths, frames, count);
    FL_CHECK(fl_run_forget(run, "summary"));
    return merge_rows(run, paths, frames, count, s->summary ? MERGE_SUMMARY : MERGE_ROWS);
}

static fl_status join_any_tables(fl_run *run, const settings *s, const char *const *paths,
                                 size_t count) {
    fl_frame *frames;
    fl_status status = merge_frames_read(&frames, paths, count);
    if (status == FL_OK)
        status = s->missing
                     ? merge_rows(run, paths, frames, count, MERGE_MISSING)
                     : merge_points(run, paths, frames, count, join_frames, &(joining){s, paths});
    merge_frames_clear(frames, count);
    return status;
}

static fl_status run_merge(fl_run *run, const void *given) {
    const settings *s = given;
    const char *const *paths;
    size_t count = fl_run_files(run, &paths);
    bool stores = false;
    if (count == 0)
        return fl_fail(FL_EUSAGE, "the files to join are missing");
    FL_CHECK(all_stores(paths, count, &stores));
    if (s->missing && (stores || s->summary))
        return fl_fail(FL_EUSAGE, "--missing is for tables, without --summary");
    if (!stores)
        return join_any_tables(run, s, paths, count);
    if (s->summary)
        return fl_fail(FL_EUSAGE, "--summary is for tables; %s is a store", paths[0]);
    if (!run->common.output)
        return fl_fail(FL_EUSAGE, "stores are joined into a file: pass --output FILE.h5");
    return merge_stores(paths, count, run->common.output, run->common.force, &run->meta);
}

static const char details[] =
    "Joins the tables, or the stores, that a tool with --shard 1/K to K/K has written into what one "
    "run without --shard writes: same rows, or the same summary; same sets in the same order. Files in "
    "any order. Refuses parts of different runs, missing ones and repeated ones.\n\n"
    "Tools whose shards write what a summary is made from (fl-overlap, fl-train sweep and capacity) have "
    "their own table made of it in any case.";

static const fl_mode_table tables[] = {
    {"Columns with --missing (else those of the tool)", merge_missing_columns, 2},
    {.columns = NULL},
};

static const fl_mode modes[] = {
    {.summary = "join the outputs of shards",
     .details = details,
     .example = "fl-merge --output all.tsv part1.tsv part2.tsv",
     .options = options,
     .settings_size = sizeof(settings),
     .tables = tables,
     .run = run_merge,
     .takes_files = true},
};

static const fl_tool tool = {
    .name = "fl-merge",
    .summary = "Join the outputs of shards",
    .modes = modes,
    .mode_count = 1,
};

int fl_tool_merge(int argc, char **argv) {
    return fl_tool_main(&tool, argc, argv);
}
