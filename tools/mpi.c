/* fl-mpi: any tool on the ranks of an MPI job. The only file that knows MPI.
 *
 *   mpirun -n 64 fl-mpi enumerate --n 64 --jd 0 ...
 *
 * The library asks for little (src/par/ranks.h): bytes to rank 0 and from it, sent and received by the
 * thread that runs the tool. It never waits in a receive, which would take a core. */
#include <fcntl.h>
#include <limits.h>
#include <mpi.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "fixland/cli.h"
#include "fixland/tools.h"
#include "src/io/io.h"
#include "src/par/ranks.h"

static const struct {
    const char *name;
    int (*run)(int, char **);
} tools[] = {
#define TOOL(word) {"fl-" #word, fl_tool_##word},
    FL_TOOLS
#undef TOOL
};

enum { TOOLS = sizeof tools / sizeof *tools };

static void mpi_send(void *context, int to, const void *data, size_t length) {
    (void)context;
    if (length > INT_MAX) {
        fprintf(stderr, "fl-mpi: a message of %zu bytes is longer than MPI takes\n", length);
        MPI_Abort(MPI_COMM_WORLD, 1);
    }
    MPI_Send(data, (int)length, MPI_BYTE, to, 0, MPI_COMM_WORLD);
}

static bool mpi_receive(void *context, int *from, void **data, size_t *length) {
    int there = 0, count = 0;
    MPI_Status status;
    (void)context;
    MPI_Iprobe(MPI_ANY_SOURCE, 0, MPI_COMM_WORLD, &there, &status);
    if (!there)
        return false;
    MPI_Get_count(&status, MPI_BYTE, &count);
    *data = malloc((size_t)count + 1);
    if (!*data) {
        fprintf(stderr, "fl-mpi: out of memory for a message of %d bytes\n", count);
        MPI_Abort(MPI_COMM_WORLD, 1);
    }
    *from = status.MPI_SOURCE;
    *length = (size_t)count;
    MPI_Recv(*data, count, MPI_BYTE, *from, 0, MPI_COMM_WORLD, MPI_STATUS_IGNORE);
    return true;
}

static void stop_tool(void *context) {
    (void)context;
    raise(SIGTERM); /* the tool has its handler installed */
}

/* mpirun sends SIGTERM to all when one of them has died, or somebody wants it to end, and SIGKILL a second
 * later. */
static bool is_last_warning(void) {
    const char *reason = fl_stop_reason();
    return reason && strcmp(reason, "SIGTERM") == 0;
}

static double farewell(void *context) {
    (void)context;
    return is_last_warning() ? 0.4 : 20;
}

/* Tasks that do not see the stop, here or on other ranks, end with their processes, as those of one process do
 * (src/cli/impatience.c). */
static void leave_tasks(void *context, double seconds, bool kept) {
    const char *tool = *(const char *const *)context, *reason = fl_stop_reason();
    if (seconds < (is_last_warning() ? 0.6 : 5) || !reason)
        return;
    fprintf(stderr, "%s: stopped within a task, by %s%s\n", tool, reason,
            kept ? "; --resume continues" : "");
    fflush(NULL);
    fl_temporaries_remove();
    MPI_Abort(MPI_COMM_WORLD, fl_exit_code(FL_STOPPED));
}

/* A signal to mpirun reaches every rank, whatever it is at, also those that still wait for the loop of
 * rank 0, or for MPI to begin or end. Rank 0 alone obeys there, and tells the others. */
static const int stops[] = {SIGINT, SIGTERM, SIGHUP, SIGUSR1, SIGXCPU};
enum { STOPS = sizeof stops / sizeof *stops };
static volatile sig_atomic_t held; /* the first that came */

static void hold_stop(int number) {
    if (!held)
        held = number;
}

static void hold_stops(void) {
    for (size_t k = 0; k < STOPS; k++)
        if (signal(stops[k], hold_stop) == SIG_IGN)
            signal(stops[k], SIG_IGN);
}

static void release_stops(void) {
    for (size_t k = 0; k < STOPS; k++)
        if (signal(stops[k], SIG_DFL) == SIG_IGN)
            signal(stops[k], SIG_IGN);
    if (held)
        raise(held);
}

/* What a tool says goes to `path` until mute_end. */
static int mute(int descriptor) {
    fflush(NULL);
    int before = dup(descriptor), nowhere = open("/dev/null", O_WRONLY);
    if (nowhere >= 0) {
        dup2(nowhere, descriptor);
        close(nowhere);
    }
    return before;
}

static void mute_end(int descriptor, int before) {
    fflush(NULL);
    if (before < 0)
        return;
    dup2(before, descriptor);
    close(before);
}

static int tell_usage(FILE *to) {
    fprintf(to,
            "usage: mpirun -n RANKS fl-mpi TOOL [MODE] [OPTION ...]\n\nRuns a tool on all ranks; "
            "rank 0 writes. TOOL:");
    for (size_t k = 0; k < TOOLS; k++)
        fprintf(to, " %s", tools[k].name + 3);
    fprintf(to, "\n`fl-mpi TOOL --help` tells the tool's options.\n");
    return to == stdout ? 0 : 2;
}

/* "enumerate", or "fl-enumerate"; TOOLS: there is none. */
static size_t find_tool(const char *word) {
    size_t k = 0;
    while (k < TOOLS && strcmp(word, tools[k].name) != 0 && strcmp(word, tools[k].name + 3) != 0)
        k++;
    return k;
}

/* Rank 0; the exit code. */
static int lead_tool(size_t which, int argc, char **argv) {
    fl_tools_may_exit();
    int code = tools[which].run(argc, argv);
    fl_ranks_dismiss();
    return code;
}

/* The others. */
static void serve_tool(size_t which, int argc, char **argv) {
    int out = mute(STDOUT_FILENO), err = mute(STDERR_FILENO);
    while (fl_ranks_await()) {
        int code = tools[which].run(argc, argv);
        fl_ranks_leave(code);
    }
    mute_end(STDOUT_FILENO, out);
    mute_end(STDERR_FILENO, err);
}

static int run_ranks(size_t which, int argc, char **argv) {
    int code = 0, rank, count;
    MPI_Comm_rank(MPI_COMM_WORLD, &rank);
    MPI_Comm_size(MPI_COMM_WORLD, &count);
    const fl_ranks ranks = {.rank = rank,
                            .count = count,
                            .send = mpi_send,
                            .receive = mpi_receive,
                            .stop = stop_tool,
                            .silence = 120,
                            .farewell = farewell,
                            .linger = leave_tasks,
                            .context = (void *)(uintptr_t)&tools[which].name};
    fl_ranks_use(&ranks);
    argv[0] = (char *)(uintptr_t)tools[which].name; /* the command that the tables tell */
    if (rank == 0)
        code = lead_tool(which, argc, argv);
    else
        serve_tool(which, argc, argv);
    bool lost = fl_ranks_lost();
    fl_ranks_use(NULL);
    fflush(NULL);
    if (lost) /* it would be waited for */
        MPI_Abort(MPI_COMM_WORLD, code ? code : 1);
    return code;
}

int main(int argc, char **argv) {
    if (argc < 2 || strcmp(argv[1], "--help") == 0)
        return tell_usage(argc < 2 ? stderr : stdout);
    size_t which = find_tool(argv[1]);
    int provided, rank;
    hold_stops();
    MPI_Init_thread(&argc, &argv, MPI_THREAD_FUNNELED, &provided);
    MPI_Comm_rank(MPI_COMM_WORLD, &rank);
    if (rank == 0)
        release_stops();
    int code = which < TOOLS && provided >= MPI_THREAD_FUNNELED;
    if (code)
        code = run_ranks(which, argc - 1, argv + 1);
    else {
        if (rank == 0 && which == TOOLS)
            fprintf(stderr, "fl-mpi: unknown tool %s; fl-mpi --help names them\n", argv[1]);
        else if (rank == 0)
            fprintf(stderr, "fl-mpi: this MPI library knows no threads\n");
        code = rank == 0 ? (which == TOOLS ? 2 : 1) : 0;
    }
    MPI_Finalize();
    return code;
}
