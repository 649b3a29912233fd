/* A tool's table from the rows of its shards: see fl_run_again in cli.h. The tool is called as ever;
 * what it is to do waits here, for the one thread that runs tools. */
#include <stdlib.h>
#include <string.h>

#include "src/cli/internal.h"
#include "src/cli/rows_check.h"

typedef struct request {
    fl_run *run; /* NULL: only `tables` are asked for */
    const fl_frame *rows;
    bool summary;
    const fl_mode_table *tables;
    fl_status status;
} request;

static request *waiting;

static fl_status find_mode(const fl_tool *tool, const fl_meta *told, const fl_mode **mode) {
    const char *name = fl_meta_get(told, "mode");
    for (size_t k = 0; k < tool->mode_count; k++) {
        *mode = &tool->modes[k];
        if (!(*mode)->name || (name && strcmp((*mode)->name, name) == 0))
            return (*mode)->again ? FL_OK
                                  : fl_fail(FL_EUSAGE, "%s %s has no summary of rows", tool->name,
                                            name ? name : "");
    }
    return fl_fail(FL_EUSAGE, "%s %s has no summary of rows", tool->name, name ? name : "");
}

/* Of an option whose key the mode itself tells, a text that is no value says that it was not given.
 */
static fl_status set_slot(fl_cli_slot *slot, const char *text) {
    char what[80];
    snprintf(what, sizeof what, "%s of the tables", slot->option.name);
    if (fl_cli_slot_set(slot, what, text) == FL_OK)
        return FL_OK;
    if (!slot->option.hidden_from_meta)
        return fl_fail(FL_EMISMATCH, "%s", fl_message());
    slot->set = slot->told = false;
    if (slot->given)
        *slot->given = false;
    return FL_OK;
}

/* The values that the provenance tells; where rows come from shards is the caller's affair. */
static fl_status set_slots(fl_cli_options *o, const fl_meta *told) {
    for (fl_cli_slot *slot = o->slots; slot < o->slots + o->count; slot++) {
        const char *text = fl_meta_get(told, slot->option.name);
        bool seed = strcmp(slot->option.name, "seed") == 0;
        if (text && *text && (!slot->common || seed) && strcmp(slot->option.name, "shard") != 0)
            FL_CHECK(set_slot(slot, text));
    }
    return FL_OK;
}

static fl_status ask_for_summary(fl_cli_options *o) {
    static const char *const names[] = {"summary", "per-sample"}, *const values[] = {"yes", "no"};
    for (size_t k = 0; k < 2; k++)
        for (fl_cli_slot *slot = o->slots; slot < o->slots + o->count; slot++)
            if (strcmp(slot->option.name, names[k]) == 0)
                return fl_cli_slot_set(slot, names[k], values[k]);
    return FL_OK;
}

static fl_status run_mode(fl_cli_options *o, const request *r) {
    fl_run run = *r->run;
    FL_CHECK(fl_cli_options_defaults(o));
    FL_CHECK(set_slots(o, &r->rows->meta));
    if (r->summary)
        FL_CHECK(ask_for_summary(o));
    run.common.seed = o->basics.common.seed;
    run.common.threads = 1;
    run.common.resume = false;
    run.program = o->tool->name;
    run.mode = o->mode->name ? o->mode->name : "";
    run.files = NULL;
    run.file_count = 0;
    run.options = o;
    run.rows = r->rows;
    fl_status status = o->mode->run(&run, o->settings);
    r->run->meta = run.meta; /* may have grown */
    r->run->fingerprint = run.fingerprint;
    return status;
}

static fl_status serve(const fl_tool *tool, const request *r) {
    const fl_mode *mode = NULL;
    fl_cli_options options = {0};
    FL_CHECK(find_mode(tool, &r->rows->meta, &mode));
    fl_status status = fl_cli_options_init(&options, tool, mode);
    if (status == FL_OK)
        status = run_mode(&options, r);
    fl_cli_options_clear(&options);
    return status;
}

static const fl_mode_table *tables_of(const fl_tool *tool, const fl_meta *told) {
    const char *name = fl_meta_get(told, "mode");
    for (size_t k = 0; k < tool->mode_count; k++)
        if (!tool->modes[k].name || (name && strcmp(tool->modes[k].name, name) == 0))
            return tool->modes[k].tables;
    return NULL;
}

bool fl_cli_again(const fl_tool *tool) {
    request *r = waiting;
    if (!r)
        return false;
    waiting = NULL;
    if (r->run)
        r->status = serve(tool, r);
    else
        r->tables = tables_of(tool, &r->rows->meta);
    return true;
}

fl_status fl_run_again(fl_run *run, int (*tool)(int argc, char **argv), const fl_frame *rows,
                       bool summary) {
    request r = {.run = run, .rows = rows, .summary = summary};
    waiting = &r;
    tool(0, NULL);
    waiting = NULL;
    return r.status;
}

/* The table of that mode which has the columns of the frame, or NULL. */
static const fl_mode_table *table_like(const fl_mode_table *tables, const fl_frame *f) {
    for (const fl_mode_table *t = tables; t && t->columns; t++) {
        bool same = t->count == f->columns;
        for (size_t c = 0; same && c < t->count; c++)
            same = strcmp(t->columns[c].name, f->names[c]) == 0;
        if (same)
            return t;
    }
    return NULL;
}

const fl_column *fl_rows_columns(const fl_frame *f, int (*tool)(int argc, char **argv)) {
    request r = {.rows = f};
    waiting = &r;
    tool(0, NULL);
    waiting = NULL;
    const fl_mode_table *t = table_like(r.tables, f);
    return t ? t->columns : NULL;
}
