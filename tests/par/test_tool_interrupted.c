/* fl-enumerate as a program: stopped, killed and out of time, then continued, it writes what an
 * uninterrupted run writes. */
#include "tests/support/support.h"

#include <signal.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "fixland/store.h"
#include "tests/support/files.h"
#include "tests/support/program.h"
#include "tests/support/tools.h"

/* Long enough to be interrupted: a quarter of a second or so. */
static const char *run(void) {
    return test_fast() ? "--n 12,16 --jd 0.3,0.5 --samples 1000 --seed 4"
                       : "--n 12,20 --jd 0.3,0.5 --samples 500 --seed 4";
}

/* Starts the program, stderr into the file "err". */
static pid_t start(const char *arguments) {
    char words[2048], err[512];
    snprintf(words, sizeof words, "%s %s", run(), arguments);
    strcpy(err, test_path("err"));
    return test_start("fl-enumerate", words, err);
}

/* Until the checkpoint holds some samples, or the child has ended. */
static void wait_for_checkpoint(pid_t child) {
    char journal[512];
    strcpy(journal, test_path("o.tsv.journal"));
    for (int k = 0; k < 20000; k++) {
        struct stat status;
        siginfo_t info = {0};
        if (stat(journal, &status) == 0 && status.st_size >= 4096)
            return;
        waitid(P_PID, (id_t)child, &info, WEXITED | WNOHANG | WNOWAIT);
        if (info.si_pid == child)
            return;
        nanosleep(&(struct timespec){.tv_nsec = 2000000}, NULL);
    }
    fail_msg("no checkpoint after 40 seconds");
}

/* Starts the program and sends it a signal in the middle; it must end with `code`. On a busy
 * machine the signal may come too late: then once more. */
static void interrupt(const char *arguments, int signal_number, int code) {
    for (int attempt = 0; attempt < 20; attempt++) {
        pid_t child = start(arguments);
        wait_for_checkpoint(child);
        kill(child, signal_number);
        int got = test_finish(child);
        if (got != 0) {
            assert_int_equal(got, code);
            return;
        }
        remove(test_path("o.tsv"));
        remove(test_path("part.h5"));
    }
    fail_msg("the run always ends before the signal");
}

static void run_to_the_end(const char *arguments) {
    int code = test_finish(start(arguments));
    char *err = test_slurp(test_path("err"));
    if (code != 0 || *err)
        fail_msg("%s: exit %d: %s", arguments, code, err);
    free(err);
}

static char *uninterrupted(void) {
    char arguments[600];
    snprintf(arguments, sizeof arguments, "--threads 2 --output %s", test_path("whole.tsv"));
    run_to_the_end(arguments);
    assert_false(test_exists(test_path("whole.tsv.journal")));
    return test_rows_of("whole.tsv");
}

/* After an interruption: a checkpoint, no output; a new run is refused; the right one continues. */
static void continue_and_compare(const char *whole, bool killed) {
    char arguments[600], path[512];
    strcpy(path, test_path("o.tsv"));
    assert_false(test_exists(path));
    assert_true(test_exists(test_path("o.tsv.journal")));
    snprintf(arguments, sizeof arguments, "--output %s", path);
    assert_int_equal(test_finish(start(arguments)), 1);
    snprintf(arguments, sizeof arguments, "--output %s --resume --seed 5", path);
    assert_int_equal(test_finish(start(arguments)), 1); /* another run's checkpoint */
    char *err = test_slurp(test_path("err"));
    assert_non_null(strstr(err, "seed"));
    free(err);
    snprintf(arguments, sizeof arguments, "--output %s --resume --threads 3", path);
    run_to_the_end(arguments);
    char *data = test_rows_of("o.tsv");
    assert_string_equal(data, whole);
    free(data);
    assert_false(test_exists(test_path("o.tsv.journal")));
    /* whole.tsv, o.tsv, err; a killed process cannot take its temporary file away. */
    assert_true(test_scratch_count() == 3 || killed);
}

static void interrupted_by(int signal_number, int code) {
    char *whole = uninterrupted(), arguments[600];
    snprintf(arguments, sizeof arguments, "--threads 2 --output %s", test_path("o.tsv"));
    interrupt(arguments, signal_number, code);
    if (signal_number != SIGKILL) {
        char *err = test_slurp(test_path("err"));
        assert_non_null(strstr(err, signal_number == SIGINT ? "SIGINT" : "SIGTERM"));
        assert_ptr_equal(strchr(err, '\n') + 1, err + strlen(err)); /* one sentence */
        free(err);
    }
    continue_and_compare(whole, signal_number == SIGKILL);
    free(whole);
}

static void by_sigint(void **state) {
    (void)state;
    interrupted_by(SIGINT, 3);
}

static void by_sigterm(void **state) {
    (void)state;
    interrupted_by(SIGTERM, 3);
}

static void by_sigkill(void **state) {
    (void)state;
    interrupted_by(SIGKILL, 128 + SIGKILL);
}

/* Out of time again and again; each attempt has more, so that a busy machine gets there too. */
static void by_the_time_limit(void **state) {
    (void)state;
    char *whole = uninterrupted(), arguments[600];
    int code = 3;
    for (int attempt = 1; code == 3 && attempt <= 200; attempt++) {
        snprintf(arguments, sizeof arguments, "--threads 2 --output %s --resume --time-limit %g",
                 test_path("o.tsv"), 0.05 * attempt);
        code = test_finish(start(arguments));
    }
    assert_int_equal(code, 0);
    char *data = test_rows_of("o.tsv");
    assert_string_equal(data, whole);
    free(data);
    free(whole);
    assert_int_equal(test_scratch_count(), 3);
}

/* A store takes part: the continued one holds the bytes of an uninterrupted one. */
static void with_a_store(void **state) {
    (void)state;
    char arguments[1600], whole[512], part[512];
    strcpy(whole, test_path("whole.h5"));
    strcpy(part, test_path("part.h5"));
    snprintf(arguments, sizeof arguments, "--n 12 --store %s --output %s", whole,
             test_path("whole.tsv"));
    run_to_the_end(arguments);
    snprintf(arguments, sizeof arguments, "--n 12 --store %s --output %s", part,
             test_path("o.tsv"));
    interrupt(arguments, SIGINT, 3);
    assert_false(test_exists(part) || test_exists(test_path("o.tsv")));
    strcat(arguments, " --resume");
    run_to_the_end(arguments);
    char *a = test_rows_of("whole.tsv"), *b = test_rows_of("o.tsv");
    assert_string_equal(a, b);
    free(a);
    free(b);
    fl_store_reader *one, *two;
    const fl_store_set *sets, *others;
    size_t count, count2;
    assert_ok(fl_store_open(&one, whole));
    assert_ok(fl_store_open(&two, part));
    assert_ok(fl_store_sets(one, &sets, &count));
    assert_ok(fl_store_sets(two, &others, &count2));
    assert_true(count == count2 && count > 0);
    assert_memory_equal(sets, others, count * sizeof *sets);
    for (size_t k = 0; k < count; k += 7) {
        uint64_t x[1 << 12], y[1 << 12];
        assert_true(sets[k].count <= 1 << 12);
        assert_ok(fl_store_read(one, &sets[k], 0, sets[k].count, x));
        assert_ok(fl_store_read(two, &others[k], 0, sets[k].count, y));
        assert_memory_equal(x, y, sets[k].count * sizeof *x);
    }
    fl_store_reader_close(one);
    fl_store_reader_close(two);
}

/* A checkpoint without configurations does not serve a run with a store. */
static void a_store_too_late(void **state) {
    (void)state;
    char arguments[1600];
    snprintf(arguments, sizeof arguments, "--output %s", test_path("o.tsv"));
    interrupt(arguments, SIGINT, 3);
    snprintf(arguments, sizeof arguments, "--output %s --resume --store %s", test_path("o.tsv"),
             test_path("late.h5"));
    assert_int_equal(test_finish(start(arguments)), 1);
    assert_false(test_exists(test_path("late.h5")) || test_exists(test_path("o.tsv")));
    char *err = test_slurp(test_path("err"));
    assert_non_null(strstr(err, "checkpoint"));
    free(err);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(by_sigint, test_empty_scratch),
        cmocka_unit_test_setup(by_sigterm, test_empty_scratch),
        cmocka_unit_test_setup(by_sigkill, test_empty_scratch),
        cmocka_unit_test_setup(by_the_time_limit, test_empty_scratch),
        cmocka_unit_test_setup(with_a_store, test_empty_scratch),
        cmocka_unit_test_setup(a_store_too_late, test_empty_scratch),
    };
    return cmocka_run_group_tests_name("tool_interrupted", tests, NULL, NULL);
}
