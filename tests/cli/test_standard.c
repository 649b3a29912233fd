/* A tool as a process: standard output that is full or closed, the width of a terminal, progress.
 */
#define _GNU_SOURCE /* posix_openpt */
#include <fcntl.h>
#include <signal.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "tests/support/walk_tool.h"

static void assert_one_sentence(const char *err, const char *fragment) {
    const char *newline = strchr(err, '\n');
    if (strncmp(err, "fl-walk: ", 9) != 0 || !newline || newline[1] || !strstr(err, fragment))
        fail_msg("not one sentence with '%s': %s", fragment, err);
}

static void test_bad_standard_output(void **state) {
    (void)state;
    static const char *const calls[] = {"--tasks 3", "--tasks 2000", "--help", "--version",
                                        "--tasks 3 --format json"};
    int ends[2];
    assert_int_equal(pipe(ends), 0);
    close(ends[0]);
    int full = open("/dev/full", O_WRONLY | O_CLOEXEC), unread = ends[1];
    for (size_t i = 0; i < sizeof calls / sizeof *calls; i++) {
        char *err;
        assert_int_equal(walk_run(calls[i], (walk_setting){.out = full}, &err), 1);
        assert_one_sentence(err, "No space left");
        free(err);
        assert_int_equal(walk_run(calls[i], (walk_setting){.out = unread}, &err), -SIGPIPE);
        assert_string_equal(err, ""); /* as `| head` ends other tools */
        free(err);
        walk_setting ignored = {.out = unread, .ignores_sigpipe = true};
        assert_int_equal(walk_run(calls[i], ignored, &err), 1);
        assert_one_sentence(err, "Broken pipe");
        free(err);
        assert_int_equal(walk_run(calls[i], (walk_setting){.out = -1}, &err), 1);
        assert_one_sentence(err, "standard output is closed");
        free(err);
    }
    close(full);
    close(unread);
}

/* With stdout and stderr closed no file of the run may take their numbers. */
static void test_closed_descriptors(void **state) {
    (void)state;
    char line[700];
    const char *path = test_path("closed.tsv");
    snprintf(line, sizeof line, "--noisy --tasks 20 --output %s", path);
    assert_int_equal(walk_run(line, (walk_setting){.out = -1, .err = -1}, NULL), 0);
    char *rows = walk_rows(path), *reference = walk_reference(20);
    assert_string_equal(rows, reference);
    free(rows);
    free(reference);
    assert_int_equal(walk_run(line, (walk_setting){.out = -1, .err = -1}, NULL), 1); /* it exists */
    assert_int_equal(walk_run("--bad", (walk_setting){.out = -1, .err = -1}, NULL), 2);
    test_scratch_empty();
}

static void test_device_as_output(void **state) {
    (void)state;
    char *err;
    assert_int_equal(walk_run("--tasks 3 --output /dev/full", (walk_setting){0}, &err), 1);
    assert_one_sentence(err, "/dev/full");
    free(err);
    assert_false(test_exists("/dev/full.journal"));
    assert_int_equal(walk_run("--tasks 3 --output /dev/null", (walk_setting){0}, NULL), 0);
    int fd = open(test_path("redirected"), O_WRONLY | O_CREAT | O_CLOEXEC, 0666);
    assert_int_equal(walk_run("--tasks 100000 --ms 5 --time-limit 0.1 --output /dev/stdout",
                              (walk_setting){.out = fd}, &err),
                     3);
    assert_null(strstr(err, "--resume"));
    assert_false(test_exists("/dev/stdout.journal"));
    free(err);
    close(fd);
}

/* What a run writes on a terminal of `columns`, by its stderr or by its stdout; free it. */
static char *drawn(const char *arguments, bool on_stdout, int columns) {
    struct winsize size = {.ws_row = 25, .ws_col = (unsigned short)columns};
    int master = posix_openpt(O_RDWR | O_NOCTTY);
    if (master < 0)
        skip();
    assert_int_equal(grantpt(master) | unlockpt(master), 0);
    int slave = open(ptsname(master), O_RDWR | O_NOCTTY);
    assert_true(slave >= 0 && ioctl(slave, TIOCSWINSZ, &size) == 0);
    walk_setting s = {.out = on_stdout ? slave : 0, .err = on_stdout ? 0 : slave};
    walk_child c = walk_start(arguments, s);
    close(slave);
    char *text = calloc(1, 65536);
    size_t used = 0;
    for (ssize_t got; used < 65535 && (got = read(master, text + used, 65535 - used)) > 0;)
        used += (size_t)got;
    close(master);
    assert_int_equal(walk_finish(&c, NULL), 0);
    return text;
}

static void test_help_fits_the_terminal(void **state) {
    (void)state;
    for (int columns = 45; columns <= 105; columns += 30) {
        char *text = drawn("--help", true, columns);
        int longest = 0;
        for (const char *line = text; *line; line += strcspn(line, "\n") + 1)
            if ((int)strcspn(line, "\r\n") > longest)
                longest = (int)strcspn(line, "\r\n");
        assert_in_range(longest, columns - 15, columns);
        free(text);
    }
}

static void test_progress(void **state) {
    (void)state;
    char *text = drawn("--tasks 80 --ms 10 --threads 1", false, 100);
    const char *line = strstr(text, "walking  [");
    assert_non_null(line);
    assert_non_null(strstr(text, "#."));
    assert_non_null(strstr(text, "/s  "));
    assert_non_null(strstr(text, "s left"));
    assert_int_equal(text[strlen(text) - 1], '\r'); /* the line is cleared at the end */
    assert_null(strchr(text, '\n'));
    free(text);
    text = drawn("--tasks 80 --ms 10 --threads 1", false, 40); /* what does not fit is cut */
    for (const char *at = text; *at; at += strcspn(at, "\r") + 1)
        assert_true(strcspn(at, "\r") < 40);
    free(text);
    text = drawn("--tasks 80 --ms 10 --threads 1 --quiet", false, 100);
    assert_string_equal(text, "");
    free(text);
    char *err;
    assert_int_equal(walk_run("--tasks 80 --ms 10 --threads 1", (walk_setting){0}, &err), 0);
    assert_string_equal(err, ""); /* no terminal, no bar */
    free(err);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_bad_standard_output),
        cmocka_unit_test(test_closed_descriptors),
        cmocka_unit_test(test_device_as_output),
        cmocka_unit_test(test_help_fits_the_terminal),
        cmocka_unit_test(test_progress),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
