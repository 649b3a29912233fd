/* What the test programs share: seeds, scratch folders, running tools. */
#ifndef FIXLAND_TEST_SUPPORT_H
#define FIXLAND_TEST_SUPPORT_H

/* cmocka wants these before itself. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "fixland/rng.h"
#include "fixland/status.h"

/* The seed of this run: SEED= of make check, else a fixed one. */
uint64_t test_seed(void);

/* A stream for the test called `name`: equal names and seeds give equal streams. */
fl_rng test_stream(const char *name);

/* 1 .. 5, another one at every call with the same stream state: results may not depend on it. */
int test_threads(fl_rng *rng);

/* For fl_effort.stop: an atomic_int as context says how many more times the answer is no; without
 * one it is yes at once. */
bool test_stop_after(void *polls);

/* True in the fast subset, which runs under the sanitizers within `make check`. */
bool test_fast(void);

/* Path of `name` in this program's scratch folder (made at the first call, removed at exit). The
 * text lives until the eighth next call. */
const char *test_path(const char *name);

/* The whole file as text, NULL if it cannot be read; free it. */
char *test_slurp(const char *path);
bool test_exists(const char *path);

/* Number of entries in the scratch folder: nothing half-written may be left. */
int test_scratch_count(void);

/* Empties the scratch folder. */
void test_scratch_empty(void);

typedef int (*test_tool)(int argc, char **argv);

/* Runs a tool in process, with the words of `arguments` (split at blanks) after its name; stdout
 * and stderr are captured (free both; either pointer may be NULL). Returns the exit code. */
int test_run_tool(test_tool tool, const char *name, const char *arguments, char **out, char **err);

/* Runs a shell command with $BIN set to the folder of the tools; the same captures. */
int test_run_shell(const char *command, char **out, char **err);

/* Fails with status name and message unless `call` is FL_OK. */
#define assert_ok(call)                                                                            \
    do {                                                                                           \
        fl_status ok_status_ = (call);                                                             \
        if (ok_status_ != FL_OK)                                                                   \
            fail_msg("%s: %s: %s", #call, fl_status_name(ok_status_), fl_message());               \
    } while (0)

/* Fails unless `call` gives that status and leaves one sentence. */
#define assert_status(expected, call)                                                              \
    do {                                                                                           \
        fl_status as_status_ = (call);                                                             \
        if (as_status_ != (expected))                                                              \
            fail_msg("%s: %s, not %s: %s", #call, fl_status_name(as_status_),                      \
                     fl_status_name(expected), fl_message());                                      \
        assert_true(strlen(fl_message()) > 10 && !strchr(fl_message(), '\n'));                     \
    } while (0)

/* |value - expected| <= tolerance * |expected|, with both printed otherwise. */
#define assert_relative(value, expected, tolerance)                                                \
    test_assert_relative((value), (expected), (tolerance), #value, __FILE__, __LINE__)
void test_assert_relative(double value, double expected, double tolerance, const char *what,
                          const char *file, int line);

#endif
