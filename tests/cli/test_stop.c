/* A tool as a process: signals, the time limit, and resuming. */
#include <glob.h>
#include <signal.h>
#include <sys/wait.h>
#include <time.h>

#include "fixland/cli.h"
#include "tests/support/program.h"
#include "tests/support/walk_tool.h"

/* Interrupts a run with `number` and resumes it; the rows must be those of an uninterrupted run. */
static void interrupt_and_resume(int number, const char *name, int code) {
    char line[800], resume[900], sentence[80], *err;
    const char *path = test_path("walk.tsv"), *journal = test_path("walk.tsv.journal");
    snprintf(line, sizeof line, "--tasks 100 --ms 20 --threads 3 --output %s", path);
    walk_child c = walk_start(line, (walk_setting){0});
    walk_wait(&c);
    kill(c.pid, number);
    assert_int_equal(walk_finish(&c, &err), code);
    int done = -1;
    if (name) {
        assert_int_equal(sscanf(err, "fl-walk: stopped after %d of 100 tasks", &done), 1);
        assert_in_range(done, 3, 99);
        snprintf(sentence, sizeof sentence, " tasks, by %s; --resume continues\n", name);
        assert_non_null(strstr(err, sentence));
        assert_ptr_equal(strchr(err, '\n'), err + strlen(err) - 1);
    }
    free(err);
    assert_false(test_exists(path));
    assert_true(test_exists(journal));
    /* Neither going on by accident nor another run from this checkpoint. */
    assert_int_equal(walk_run(line, (walk_setting){0}, NULL), 1);
    snprintf(resume, sizeof resume, "--resume --tasks 101 --output %s", path);
    assert_int_equal(walk_run(resume, (walk_setting){0}, NULL), 1);
    snprintf(resume, sizeof resume, "--resume --tasks 100 --threads 2 --output %s", path);
    assert_int_equal(walk_run(resume, (walk_setting){0}, NULL), 0);
    assert_false(test_exists(journal));
    char *rows = walk_rows(path), *reference = walk_reference(100);
    assert_string_equal(rows, reference);
    free(rows);
    free(reference);
    test_scratch_empty();
}

static void test_sigterm(void **state) {
    (void)state;
    interrupt_and_resume(SIGTERM, "SIGTERM", 3);
}

static void test_sigint(void **state) {
    (void)state;
    interrupt_and_resume(SIGINT, "SIGINT", 3);
}

static void test_sigkill(void **state) {
    (void)state;
    interrupt_and_resume(SIGKILL, NULL, -SIGKILL);
}

static void test_second_sigint_kills(void **state) {
    (void)state;
    walk_child c = walk_start("--stubborn --tasks 3000 --ms 10", (walk_setting){0});
    walk_wait(&c);
    kill(c.pid, SIGINT);
    nanosleep(&(struct timespec){0, 500000000}, NULL);
    assert_int_equal(waitpid(c.pid, NULL, WNOHANG), 0);
    kill(c.pid, SIGTERM); /* only SIGINT does */
    kill(c.pid, SIGINT);
    assert_int_equal(walk_finish(&c, NULL), -SIGINT);
}

/* timeout(1) sends its signal twice, to the process and to its group: one stop. */
static void test_doubled_sigint_stops_politely(void **state) {
    (void)state;
    walk_child c = walk_start("--tasks 3000 --ms 10", (walk_setting){0});
    walk_wait(&c);
    kill(c.pid, SIGINT);
    kill(c.pid, SIGINT);
    assert_int_equal(walk_finish(&c, NULL), 3);
}

static void test_ignored_signals_stay_ignored(void **state) {
    (void)state;
    walk_child c = walk_start("--tasks 50 --ms 2", (walk_setting){.ignores_sigint = true});
    walk_wait(&c);
    kill(c.pid, SIGINT);
    assert_int_equal(walk_finish(&c, NULL), 0);
}

static void test_time_limit(void **state) {
    (void)state;
    char *err;
    assert_int_equal(walk_run("--tasks 100000 --ms 5 --time-limit 0.2", (walk_setting){0}, &err),
                     3);
    int done;
    assert_int_equal(
        sscanf(err, "fl-walk: stopped after %d of 100000 tasks, by the time limit\n", &done), 1);
    assert_null(strstr(err, "resume")); /* there is no --output */
    free(err);
    assert_int_equal(
        walk_run("--wordy --tasks 100000 --ms 5 --time-limit 0.1", (walk_setting){0}, &err), 3);
    assert_string_equal(err, "fl-walk: stopped by the time limit; nothing was written\n");
    free(err);
    assert_int_equal(walk_run("--tasks 3 --time-limit 1h", (walk_setting){0}, NULL), 0);
}

static void test_inner_tool(void **state) {
    (void)state;
    char *err;
    assert_int_equal(walk_run("--nested --tasks 3", (walk_setting){0}, &err), 0);
    assert_non_null(strstr(err, "stopped after "));
    free(err);
}

static bool is_being_written(const char *path) {
    char pattern[400];
    glob_t found;
    snprintf(pattern, sizeof pattern, "%s.tmp-*", path);
    bool is = glob(pattern, 0, NULL, &found) == 0;
    globfree(&found);
    return is;
}

/* One row of many minutes: whoever sends a polite stop does not wait for it. */
static void test_rows_that_last(void **state) {
    (void)state;
    static const int numbers[] = {SIGTERM, SIGUSR1, SIGINT};
    const char *path = test_path("levels.tsv"), *err = test_path("err");
    char arguments[400];
    for (size_t k = 0; k < 3; k++) {
        snprintf(arguments, sizeof arguments, "levels --levels 3 --output %s", path);
        pid_t child = test_start("fl-phase", arguments, err);
        for (int wait = 0; wait < 12000 && !is_being_written(path);
             wait++) /* a minute, if it cannot start */
            nanosleep(&(struct timespec){0, 5000000}, NULL);
        kill(child, numbers[k]);
        assert_int_equal(test_finish(child), 3);
        char *sentence = test_slurp(err);
        assert_non_null(strstr(sentence, "fl-phase: stopped by SIG"));
        free(sentence);
        remove(err);
        test_scratch_empty();
    }
}

/* A task that does not see the stop: a program that is the tool ends, any other goes on. */
static void test_whose_process_it_is(void **state) {
    (void)state;
    static const char line[] = "--busy --stubborn --tasks 1 --ms %d --time-limit 0.05";
    char endless[80], lasting[80], *err;
    snprintf(endless, sizeof endless, line, 600000);
    snprintf(lasting, sizeof lasting, line, 1900);
    walk_child tool = walk_start(endless, (walk_setting){.may_exit = true});
    walk_child other = walk_start(lasting, (walk_setting){0});
    assert_int_equal(walk_finish(&tool, &err), 3);
    assert_string_equal(err, "fl-walk: stopped within a task, by the time limit\n");
    free(err);
    assert_int_equal(walk_finish(&other, &err), 0);
    assert_string_equal(err, "");
    free(err);
}

static void test_handlers_are_restored(void **state) {
    (void)state;
    static const int numbers[] = {SIGINT, SIGTERM, SIGPIPE, SIGXFSZ};
    struct sigaction before[4], after;
    for (int i = 0; i < 4; i++)
        sigaction(numbers[i], NULL, &before[i]);
    assert_int_equal(test_run_tool(walk_main, "fl-walk", "--version", NULL, NULL), 0);
    assert_int_equal(test_run_tool(walk_main, "fl-walk", "--bad", NULL, NULL), 2);
    for (int i = 0; i < 4; i++) {
        sigaction(numbers[i], NULL, &after);
        assert_true(after.sa_handler == before[i].sa_handler);
    }
    assert_false(fl_stop_requested());
    assert_null(fl_stop_reason());
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_sigterm),
        cmocka_unit_test(test_sigint),
        cmocka_unit_test(test_sigkill),
        cmocka_unit_test(test_second_sigint_kills),
        cmocka_unit_test(test_doubled_sigint_stops_politely),
        cmocka_unit_test(test_ignored_signals_stay_ignored),
        cmocka_unit_test(test_time_limit),
        cmocka_unit_test(test_inner_tool),
        cmocka_unit_test(test_rows_that_last),
        cmocka_unit_test(test_whose_process_it_is),
        cmocka_unit_test(test_handlers_are_restored),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
