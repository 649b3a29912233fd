/* A tool for tests that walks through tasks which take a while, run as a process of its own. */
#ifndef FIXLAND_TEST_WALK_TOOL_H
#define FIXLAND_TEST_WALK_TOOL_H

#include <sys/types.h>

#include "tests/support/support.h"

/* fl-walk: options --tasks, --ms (a task takes), --busy, --stubborn, --nested, --noisy, --wordy, and the
 * common ones; columns task, value. */
int walk_main(int argc, char **argv);

typedef struct walk_child {
    pid_t pid;
    int begun; /* yields a byte once work goes on */
    FILE *err;
} walk_child;

/* How a child differs from its parent. */
typedef struct walk_setting {
    int out; /* its standard output; 0: nowhere; -1: closed */
    int err; /* its stderr; 0: a file that walk_finish reads; -1: closed */
    bool ignores_sigint, ignores_sigpipe;
    bool may_exit; /* is this tool and nothing else */
} walk_setting;

/* Starts fl-walk with the words of `arguments`. */
walk_child walk_start(const char *arguments, walk_setting setting);

/* Until it has begun with its fourth task. */
void walk_wait(const walk_child *child);

/* Waits for the end: exit code, or minus the signal that killed it. *err: what it said, to be
 * freed; may be NULL. */
int walk_finish(walk_child *child, char **err);

/* Both in one. */
int walk_run(const char *arguments, walk_setting setting, char **err);

/* The lines of a table that are not comments; free it. */
char *walk_rows(const char *path);

/* The rows of an uninterrupted run of that many tasks; free it. */
char *walk_reference(int tasks);

#endif
