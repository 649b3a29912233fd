/* --timing and --task-times: how long the tasks of a run took, over all threads and ranks. */
#include <inttypes.h>
#include <time.h>

#include "src/cli/internal.h"
#include "src/par/ranks.h"
#include "src/par/tally.h"

static const fl_column columns[] = {
    {"task", FL_INTEGER, NULL, "number of the task"},
    {"seconds", FL_REAL, "s", "processor time that it took"},
    {"bytes", FL_INTEGER, NULL, "length of its result"},
};

static double wall_seconds(void) {
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

static void put_task(void *context, uint64_t task, double seconds, size_t bytes) {
    fl_cli_timing *timing = context;
    const fl_cell row[] = {FL_INT(task), FL_NUM(seconds), FL_INT(bytes)};
    if (timing->status == FL_OK)
        timing->status = fl_table_row(timing->table, row);
}

fl_status fl_cli_timing_begin(fl_cli_timing *timing, fl_run *run, const fl_cli_basics *basics) {
    *timing = (fl_cli_timing){.said = basics->timing, .begin = wall_seconds()};
    if (basics->task_times && !fl_ranks_serving()) {
        FL_CHECK(fl_run_apart(run, "task-times", basics->task_times));
        FL_CHECK(fl_table_open(&timing->table, basics->task_times, run->common.force, FL_TABLE_TSV,
                               &run->meta, columns, 3));
    }
    fl_tally_start(timing->table ? put_task : NULL, timing);
    return FL_OK;
}

static void say_timing(const fl_cli_timing *timing, const fl_run *run) {
    double seconds;
    uint64_t nodes, tasks = fl_tally_total(&seconds, &nodes);
    int ranks = fl_ranks_count();
    fprintf(stderr, "%s: %" PRIu64 " tasks took %.4g s of processor time (%.4g core hours)",
            run->program, tasks, seconds, seconds / 3600);
    if (nodes)
        fprintf(stderr, ", %" PRIu64 " nodes of search trees", nodes);
    fprintf(stderr, "; this run went on for %.4g s on ", wall_seconds() - timing->begin);
    if (ranks > 1)
        fprintf(stderr, "%d ranks, each of ", ranks);
    fprintf(stderr, "%" PRId64 " thread%s\n", run->common.threads,
            run->common.threads == 1 ? "" : "s");
}

fl_status fl_cli_timing_end(fl_cli_timing *timing, const fl_run *run, fl_status status) {
    fl_status written = timing->status;
    if (timing->said && !fl_ranks_serving() && (status == FL_OK || status == FL_STOPPED))
        say_timing(timing, run);
    fl_tally_start(NULL, NULL);
    if (timing->table && written == FL_OK && status == FL_OK)
        written = fl_table_close(timing->table);
    else
        fl_table_discard(timing->table);
    return status == FL_OK ? written : status;
}
