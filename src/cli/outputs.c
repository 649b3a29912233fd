/* What a run writes: see fl_outputs in sampling.h. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "fixland/output.h"
#include "fixland/sampling.h"
#include "src/cli/internal.h"
#include "src/cli/runs.h"
#include "src/cli/several.h"
#include "src/io/h5.h"
#include "src/io/io.h"
#include "src/par/ranks.h"

static bool is_same_provenance(const fl_run *run, const fl_meta *left) {
    bool same = true;
    for (size_t i = 0; same && i < run->meta.count; i++) {
        const char *value = fl_meta_get(left, run->meta.keys[i]);
        same =
            runs_how(run->meta.keys[i]) || (value && strcmp(value, run->meta.values[i]) == 0);
    }
    return same;
}

/* A file that a killed run of the same provenance published, without getting to its table. */
static bool is_left_behind(const fl_run *run, const char *path) {
    FL_H5_ENTER;
    struct stat status;
    hid_t opened;
    fl_meta left = {0};
    if (!run->common.resume || stat(path, &status) != 0 || fl_h5_open(&opened, path) != FL_OK)
        return false;
    fl_h5_id file = opened;
    bool same =
        fl_h5_get_meta(file, path, NULL, 0, &left) == FL_OK && is_same_provenance(run, &left);
    fl_meta_clear(&left);
    return same;
}

/* Rank 0 writes; the others have a store that never gets its name. */
static fl_status open_nowhere(fl_outputs *o, fl_run *run) {
    char path[300];
    const char *folder = getenv("TMPDIR");
    snprintf(path, sizeof path, "%.200s/fixland-rank-%ld.h5", folder ? folder : "/tmp",
             (long)getpid());
    return fl_store_create(&o->store, path, true, &run->meta);
}

static fl_status open_store(fl_outputs *o, fl_run *run, const fl_store_settings *store) {
    if (!store)
        return FL_OK;
    if (store->networks && !store->path)
        return fl_fail(FL_EUSAGE, "--store-networks needs --store FILE.h5");
    o->store_path = store->path;
    if (!store->path)
        return FL_OK;
    if (fl_ranks_serving())
        return open_nowhere(o, run);
    FL_CHECK(fl_run_apart(run, "store", store->path));
    bool force = run->common.force || is_left_behind(run, store->path);
    return fl_store_create(&o->store, store->path, force, &run->meta);
}

fl_status fl_outputs_open(fl_outputs *o, fl_run *run, const fl_store_settings *store,
                          const fl_column *columns, size_t count) {
    *o = (fl_outputs){0};
    if (!run->rows)
        FL_CHECK(open_store(o, run, store));
    FL_CHECK(fl_run_table(run, &o->table, columns, count));
    return run->rows ? FL_OK : fl_run_journal(run, &o->journal);
}

fl_status fl_outputs_companion(fl_outputs *o, const fl_run *run, const char *option,
                               const fl_companion *companion) {
    if (fl_ranks_serving())
        return FL_OK;
    FL_CHECK(fl_run_apart(run, option, companion->path));
    bool force = run->common.force || is_left_behind(run, companion->path);
    FL_CHECK(fl_output_allowed(companion->path, force));
    o->companion = *companion;
    o->companion_force = force;
    return FL_OK;
}

/* What appears before the table. */
static fl_status publish_files(fl_outputs *o, bool *stored, bool *written) {
    if (o->store) {
        fl_status status = fl_store_close(o->store);
        o->store = NULL;
        FL_CHECK(status);
        *stored = true;
    }
    if (o->companion.path) {
        FL_CHECK(o->companion.write(o->companion.context, o->companion.path, o->companion_force));
        *written = true;
    }
    return FL_OK;
}

fl_status fl_outputs_close(fl_outputs *o, fl_status status) {
    bool stored = false, written = false;
    fl_cli_stop_hear(); /* what is finished now is not to be cut off */
    if (status == FL_OK && fl_ranks_serving())
        status = fl_fail(FL_STOPPED, "rank 0 writes");
    if (status == FL_OK) /* all of the table is on the disk before anything takes its place */
        status = fl_table_flush(o->table);
    if (status == FL_OK)
        status = publish_files(o, &stored, &written);
    if (status == FL_OK)
        status = fl_table_close(o->table);
    else
        fl_table_discard(o->table);
    fl_store_discard(o->store);
    if (status != FL_OK && stored)
        remove(o->store_path);
    if (status != FL_OK && written)
        remove(o->companion.path);
    fl_status closed = fl_journal_close(o->journal, status == FL_OK);
    *o = (fl_outputs){0};
    return status == FL_OK ? closed : status;
}

fl_status fl_outputs_run(const fl_outputs *o, const fl_run *run, fl_replicas *loop,
                         const char *unit) {
    if (!loop->effort.threads)
        loop->effort = fl_run_effort(run);
    loop->journal = o->journal;
    fl_progress_start(run, unit, (double)loop->tasks);
    fl_status status = fl_replicas_run(loop);
    fl_progress_end();
    return status;
}
