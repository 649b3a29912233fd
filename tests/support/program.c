/* See program.h. */
#include "tests/support/program.h"

#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tests/support/support.h"

pid_t test_start(const char *tool, const char *arguments, const char *err) {
    const char *bin = getenv("FIXLAND_BIN");
    char text[4096], *argv[80], *save = NULL;
    int argc = 0, length = snprintf(text, sizeof text, "%s/%s %s", bin && *bin ? bin : "build/bin",
                                    tool, arguments);
    assert_true(length > 0 && (size_t)length < sizeof text);
    for (char *word = strtok_r(text, " ", &save); word; word = strtok_r(NULL, " ", &save)) {
        assert_true(argc < 79);
        argv[argc++] = word;
    }
    argv[argc] = NULL;
    pid_t child = fork();
    assert_true(child >= 0);
    if (child == 0) {
        signal(SIGINT, SIG_DFL); /* a script in the background ignores it */
        if (err && !freopen(err, "w", stderr))
            _exit(126);
        execv(argv[0], argv);
        _exit(127);
    }
    return child;
}

int test_finish(pid_t child) {
    int status;
    assert_int_equal(waitpid(child, &status, 0), child);
    return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}
