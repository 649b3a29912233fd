/* What a mode's run function asks of its run: table, checkpoint, files. */
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "src/cli/internal.h"
#include "src/cli/several.h"
#include "src/io/io.h"

size_t fl_run_files(const fl_run *run, const char *const **files) {
    *files = run->files;
    return run->file_count;
}

static bool asked_to_stop(void *context) {
    (void)context; /* signals and the time limit are the process's */
    return fl_stop_requested();
}

static void draw_progress(void *context, double done) {
    (void)context; /* and so is the terminal */
    fl_progress_update(done);
}

fl_effort fl_run_effort(const fl_run *run) {
    return (fl_effort){
        .threads = (int)run->common.threads, .stop = asked_to_stop, .progress = draw_progress};
}

fl_status fl_run_table(fl_run *run, fl_table **table, const fl_column *columns, size_t count) {
    const fl_common *common = &run->common;
    if (run->several)
        return fl_several_table(run, table, columns, count);
    return fl_table_open(table, common->output, common->force, (fl_table_format)common->format,
                         &run->meta, columns, count);
}

/* A pipe, a device or an open descriptor, which has no place beside it for a checkpoint. */
static bool is_special(const char *path) {
    struct stat status;
    if (strncmp(path, "/dev/", 5) == 0 || strncmp(path, "/proc/", 6) == 0)
        return true;
    return stat(path, &status) == 0 && !S_ISREG(status.st_mode);
}

bool fl_cli_resumable(const fl_common *common) {
    return common->output && !is_special(common->output);
}

fl_status fl_run_journal(const fl_run *run, fl_journal **journal) {
    const fl_common *common = &run->common;
    *journal = NULL;
    if (!fl_cli_resumable(common))
        return FL_OK;
    char *path;
    const fl_several *several = run->several;
    FL_CHECK(fl_several_journal(several, common->output, several ? several->point : 0, &path));
    fl_status status =
        fl_journal_open(journal, path, run->fingerprint, common->resume, common->force);
    if (status == FL_OK && several)
        fl_journal_keep(*journal);
    free(path);
    return status;
}
