/* Runs ask whether to stop where it is convenient: between rows or tasks. A row may take minutes (fl-phase
 * levels), a network of 20000 neurons as long to be drawn, and whoever sends a polite stop kills soon after. So a
 * thread waits for the stop and, where the run has not ended of itself a while later, ends the process as
 * the run would have: one sentence, no temporary file, exit code of a stop. What it wrote to standard output
 * ends with a whole write.
 *
 * Runs without a checkpoint have nothing to show before their end, so that nothing is lost. Those with one are
 * ended so only where nobody has heard of the stop meanwhile; else they are on their way out, and may be writing
 * what --resume goes on from. The checkpoint holds the tasks that were finished, as after a kill.
 *
 * Only programs that are one tool and nothing else end so: they say it by fl_tools_may_exit. */
#include "src/cli/internal.h"

#include <fcntl.h>
#include <limits.h>
#include <math.h>
#include <poll.h>
#include <stdio.h>
#include <time.h>
#include <unistd.h>

#include "fixland/tools.h"
#include "src/io/io.h"

enum { PATIENCE = 1200, WORK = 300, LONGEST = 15000, TICK = 20, GLANCE = 250 }; /* ms */
enum { STDOUT_TRIES = 25 };

static atomic_bool may_exit;

void fl_tools_may_exit(void) {
    atomic_store(&may_exit, true);
}

static void leave(const fl_cli_impatience *w) {
    char sentence[200];
    int length = snprintf(sentence, sizeof sentence, "%s: stopped %sby %s%s\n", w->program,
                          w->keeps ? "within a task, " : "", fl_stop_reason(),
                          w->resumes ? "; --resume continues" : "");
    /* Somebody may be writing, perhaps to a reader that does not read. */
    for (int k = 0; k < STDOUT_TRIES; k++) {
        if (ftrylockfile(stdout) == 0) {
            fflush(stdout);
            break;
        }
        poll(NULL, 0, TICK);
    }
    fl_temporaries_remove();
    if (write(STDERR_FILENO, sentence, (size_t)length) < 0)
        _exit(fl_exit_code(FL_EIO));
    _exit(fl_exit_code(FL_STOPPED));
}

/* The pipe that wakes the thread: never closed, since a handler may be about to write to it. */
static int ends[2] = {-1, -1};

/* The end of the run, or so many milliseconds. */
static bool is_over_within(fl_cli_impatience *w, int most) {
    for (int waited = 0; waited < most && !atomic_load(&w->over); waited += TICK)
        poll(NULL, 0, TICK);
    return atomic_load(&w->over);
}

/* Processor time of the process, in milliseconds. */
static double worked(void) {
    struct timespec t;
    return clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t) == 0
               ? 1e3 * (double)t.tv_sec + 1e-6 * (double)t.tv_nsec
               : INFINITY;
}

/* Long enough, and not only because others have the processors. */
static bool ends_of_itself(fl_cli_impatience *w) {
    double before = worked();
    if (is_over_within(w, PATIENCE))
        return true;
    for (int waited = PATIENCE; w->keeps && waited < LONGEST && worked() - before < WORK;
         waited += GLANCE)
        if (is_over_within(w, GLANCE))
            return true;
    return false;
}

/* A signal writes into the pipe; a time limit passes in silence. */
static void *wait_for_stop(void *given) {
    fl_cli_impatience *w = given;
    struct pollfd told = {.fd = ends[0], .events = POLLIN};
    char signalled;
    while (!atomic_load(&w->over)) {
        if (poll(&told, 1, GLANCE) == 1 && read(ends[0], &signalled, 1) != 1)
            break;
        if (!fl_cli_stop_due() || ends_of_itself(w))
            continue;
        if (!w->keeps || !fl_cli_stop_heard())
            leave(w);
        is_over_within(w, INT_MAX);
    }
    return NULL;
}

static bool pipe_is_there(void) {
    if (ends[0] >= 0)
        return true;
    if (pipe(ends) != 0)
        return false;
    return fcntl(ends[0], F_SETFD, FD_CLOEXEC) == 0 && fcntl(ends[1], F_SETFD, FD_CLOEXEC) == 0;
}

void fl_cli_impatience_begin(fl_cli_impatience *w, const fl_run *run, bool keeps) {
    *w = (fl_cli_impatience){.program = run->program,
                             .keeps = keeps,
                             .resumes = keeps && fl_cli_resumable(&run->common)};
    if (!atomic_load(&may_exit) || !fl_cli_stop_outermost() || !pipe_is_there())
        return;
    w->watching = pthread_create(&w->thread, NULL, wait_for_stop, w) == 0;
    if (w->watching)
        fl_cli_stop_tell(ends[1]);
}

void fl_cli_impatience_end(fl_cli_impatience *w) {
    if (!w->watching)
        return;
    fl_cli_stop_tell(-1);
    atomic_store(&w->over, true);
    if (write(ends[1], "", 1) == 1)
        pthread_join(w->thread, NULL);
}
