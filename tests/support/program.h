/* Tools run as programs, that is in children that can be killed. */
#ifndef FIXLAND_TEST_PROGRAM_H
#define FIXLAND_TEST_PROGRAM_H

#include <sys/types.h>

/* Starts a tool of the folder $FIXLAND_BIN (build/bin) with the words of `arguments`, split at
 * blanks; stderr into the file `err`, or as it is with NULL. */
pid_t test_start(const char *tool, const char *arguments, const char *err);

/* Waits for its end: the exit code, or 128 and the signal. */
int test_finish(pid_t child);

#endif
