/* Runs without a checkpoint ask whether to stop where it is convenient: between rows. A row may
 * take minutes (fl-phase levels), and whoever sends a polite stop kills soon after. So a thread
 * waits for the stop and, where the run has not ended of itself a while later, ends the process as
 * the run would have: one sentence, no temporary file, exit code of a stop. Nothing is lost, since
 * such a run has nothing to show before its end; what it wrote to standard output ends with a whole
 * write. */
#include "src/cli/internal.h"

#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <unistd.h>

#include "src/io/io.h"

enum { PATIENCE = 1500 /* ms */, TICK = 20, STDOUT_TRIES = 25 };

static void leave(const char *program) {
    char sentence[200];
    int length =
        snprintf(sentence, sizeof sentence, "%s: stopped by %s\n", program, fl_stop_reason());
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

static void *wait_for_stop(void *given) {
    fl_cli_impatience *w = given;
    char signalled;
    while (read(ends[0], &signalled, 1) == 1 && !atomic_load(&w->over)) {
        for (int waited = 0; waited < PATIENCE && !atomic_load(&w->over); waited += TICK)
            poll(NULL, 0, TICK);
        if (!atomic_load(&w->over) && fl_stop_requested())
            leave(w->program);
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

void fl_cli_impatience_begin(fl_cli_impatience *w, const char *program) {
    *w = (fl_cli_impatience){.program = program};
    if (!fl_cli_stop_outermost() || !pipe_is_there())
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
