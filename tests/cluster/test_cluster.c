/* scripts/slurm/array, without Slurm: its tasks, joined, are the run; a signal to the script stops the
 * tool politely. The end of a job, by which --time-limit auto stops; --timing. */
#include <math.h>
#include <stdlib.h>
#include <sys/stat.h>

#include "fixland/enumerate.h"
#include "src/cli/internal.h"
#include "tests/support/files.h"
#include "tests/support/support.h"
#include "tests/support/tools.h"

/* In the scratch folder, with the tools on the path. */
static int shell(const char *words, char **err) {
    char command[2000], here[512];
    const char *bin = getenv("FIXLAND_BIN");
    assert_non_null(bin);
    assert_non_null(realpath(".", here));
    snprintf(command, sizeof command,
             "cd '%s' && PATH='%s':$PATH script='%s/scripts/slurm/array' && %s", test_path(""), bin,
             here, words);
    return test_run_shell(command, NULL, err);
}

static void tasks_are_the_run(void **state) {
    (void)state;
    static const char words[] =
        "run='count --n 12,16 --jd 0.5 --samples 3 --population 600 --sweeps 2' && "
        "fl-$run --output whole.tsv && "
        "for i in 4 1 3 2; do SHARDS=4 SLURM_ARRAY_TASK_ID=$i $script $run || exit 9; done && "
        "SHARDS=4 SLURM_ARRAY_TASK_ID=1 $script $run && " /* done already */
        "fl-merge part.*.tsv --output all.tsv && rm part.3.tsv && "
        "fl-merge part.*.tsv --missing --output missing.tsv && ! fl-merge part.*.tsv";
    char *err;
    int code = shell(words, &err);
    if (code != 0)
        fail_msg("exit %d: %s", code, err);
    assert_non_null(strstr(err, "shard 3 of 4 is missing"));
    char *whole = test_rows_of("whole.tsv"), *all = test_rows_of("all.tsv"),
         *missing = test_rows_of("missing.tsv");
    assert_string_equal(whole, all);
    assert_string_equal(missing, "3 4\n");
    free(whole);
    free(all);
    free(missing);
    free(err);
}

static void a_signal_stops_the_tool(void **state) {
    (void)state;
    static const char words[] =
        "{ SHARDS=1 SLURM_ARRAY_TASK_ID=1 $script enumerate --n 26 --jd 0.6 --samples 100000 & } && "
        "sleep 1 && kill -USR1 $! && wait $!";
    char *err;
    assert_int_equal(shell(words, &err), 3);
    assert_non_null(strstr(err, "SIGUSR1"));
    assert_true(test_exists(test_path("part.1.tsv.journal")));
    assert_false(test_exists(test_path("part.1.tsv")));
    free(err);
}

static void bad_calls(void **state) {
    (void)state;
    assert_int_not_equal(shell("$script enumerate --n 8", NULL), 0);
    assert_int_not_equal(shell("SLURM_ARRAY_TASK_ID=1 $script enumerate --n 8", NULL), 0);
    assert_int_equal(shell("SHARDS=2 SLURM_ARRAY_TASK_ID=1 $script", NULL), 2);
    assert_int_equal(shell("SHARDS=2 SLURM_ARRAY_TASK_ID=3 $script enumerate --n 8", NULL), 2);
}

static void what_is_left(void **state) {
    (void)state;
    static const struct {
        const char *text;
        double seconds;
    } good[] = {{"0:00", 0},
                {"12", 12},
                {"5:07", 307},
                {"2:00:01", 7201},
                {"1-00:00:05", 86405},
                {"10-03:04:05", 875045},
                {"UNLIMITED", INFINITY}};
    static const char *const bad[] = {
        "", "INVALID", "1-", "5:", ":5", "1-2-3", "5 minutes", "1:00-3"};
    double seconds = -1;
    for (size_t k = 0; k < sizeof good / sizeof *good; k++) {
        assert_ok(fl_cli_job_left(good[k].text, &seconds));
        assert_true(seconds == good[k].seconds);
    }
    for (size_t k = 0; k < sizeof bad / sizeof *bad; k++)
        assert_status(FL_EUSAGE, fl_cli_job_left(bad[k], &seconds));
    assert_true(fl_cli_job_share(INFINITY) == 0);
    assert_true(fl_cli_job_share(86400) == 86280);
    assert_true(fl_cli_job_share(1000) == 950);
    assert_true(fl_cli_job_share(20) == 15);
    assert_true(fl_cli_job_share(2) > 0 && fl_cli_job_share(2) < 0.1);
}

/* By the environment of a job, and by squeue, here a script. */
static void by_the_end_of_the_job(void **state) {
    (void)state;
    char *err;
    static const char *const jobs[] = {
        "SLURM_JOB_ID=7 SLURM_JOB_END_TIME=$(($(date +%s) + 6))",
        "printf '#!/bin/sh\\n[ \"$*\" = \"-h -j 7 -o %%L\" ] && echo 0:06\\n' >squeue && "
        "chmod +x squeue && PATH=\"$PWD:$PATH\" SLURM_JOB_ID=7"};
    for (size_t k = 0; k < 2; k++) {
        char words[600];
        snprintf(words, sizeof words,
                 "%s timeout 60 fl-enumerate --n 26 --jd 0.5 --samples 100000 --time-limit auto "
                 "--output long.tsv --resume",
                 jobs[k]);
        assert_int_equal(shell(words, &err), 3);
        assert_non_null(strstr(err, "by the time limit; --resume continues"));
        free(err);
    }
    assert_int_equal(shell("unset SLURM_JOB_ID; fl-enumerate --time-limit auto", &err), 2);
    assert_non_null(strstr(err, "--time-limit auto: this is no job of Slurm"));
    free(err);
    assert_int_equal(shell("printf '#!/bin/sh\\necho INVALID\\n' >squeue && "
                           "PATH=\"$PWD:$PATH\" SLURM_JOB_ID=7 fl-enumerate --time-limit auto",
                           &err),
                     2);
    assert_non_null(strstr(err, "INVALID"));
    free(err);
}

/* Of the search trees of these networks, one by one, as parts of a whole. */
static uint64_t nodes_of(size_t n, uint64_t samples, double jd) {
    const fl_ensemble ensemble = FL_ENSEMBLE_DEFAULT;
    uint64_t all = 0, count;
    for (uint64_t sample = 0; sample < samples; sample++) {
        fl_network network;
        uint64_t nodes = 0;
        const fl_enumeration plan = {
            .jd = &jd, .jd_count = 1, .effort.threads = 1, .nodes = &nodes};
        assert_ok(fl_network_draw(&network, &ensemble, n, 1, sample));
        assert_ok(fl_enumerate_tree(&network, &plan, &count));
        fl_network_clear(&network);
        all += nodes;
    }
    return all;
}

/* Rows and the sum of the times and nodes, also of what was done before --resume. */
static void times_of_tasks(void **state) {
    (void)state;
    char *err;
    static const char run[] =
        "fl-enumerate --n 20 --jd 0.5 --samples 200 --method tree --output a.tsv --resume "
        "--timing --task-times t.tsv";
    char words[600];
    snprintf(words, sizeof words, "%s --time-limit 0.01; %s", run, run);
    assert_int_equal(shell(words, &err), 0);
    unsigned long tasks = 0, nodes = 0;
    double told = -1, sum = 0;
    const char *last = strstr(err, "200 tasks took");
    assert_non_null(last);
    assert_int_equal(sscanf(last,
                            "%lu tasks took %lf s of processor time (%*g core hours), %lu nodes",
                            &tasks, &told, &nodes),
                     3);
    free(err);
    assert_true(nodes > 1000);
    assert_int_equal(nodes, nodes_of(20, 200, 0.5));
    fl_frame times;
    assert_ok(fl_frame_read(&times, test_path("t.tsv")));
    assert_int_equal(times.rows, 200);
    for (size_t k = 0; k < 200; k++) {
        assert_true(test_cell(&times, k, "task") == (double)k);
        sum += test_cell(&times, k, "seconds");
    }
    assert_true(sum > 0 && fabs(told - sum) <= 1e-3 * sum);
    fl_frame_clear(&times);
}

/* Ten tasks of three seconds, without costs, and with an answer of rank 0 that takes a second. */
static void ranks_simulated(void **state) {
    (void)state;
    static const char words[] =
        "{ python3 -c 'import argparse' || exit 77; }; "
        "for i in 1 2 3 4 5 6 7 8 9 10; do echo $i 3 16; done >times.tsv && "
        "run=\"$(dirname $script)/../simulate-ranks times.tsv --scan 0 --latency 0\" && "
        "{ $run --ranks 1,4,10 --message 0; $run --ranks 10 --message 1; } >all.tsv";
    int code = shell(words, NULL);
    if (code == 77) {
        print_message("no python3 here: the simulation of ranks is not tried\n");
        skip();
    }
    assert_int_equal(code, 0);
    char *rows = test_rows_of("all.tsv");
    assert_non_null(strstr(rows, "1 30 1.000 0.000"));
    assert_non_null(strstr(rows, "\n4 9 0.833 0.167")); /* three rounds */
    assert_non_null(strstr(rows, "\n10 3 1.000 0.000"));
    assert_non_null(strstr(rows, "\n10 13 0.231 0.769 1.000")); /* the last begins after 10 s */
    free(rows);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(tasks_are_the_run, test_empty_scratch),
        cmocka_unit_test_setup(a_signal_stops_the_tool, test_empty_scratch),
        cmocka_unit_test_setup(bad_calls, test_empty_scratch),
        cmocka_unit_test(what_is_left),
        cmocka_unit_test_setup(by_the_end_of_the_job, test_empty_scratch),
        cmocka_unit_test_setup(times_of_tasks, test_empty_scratch),
        cmocka_unit_test_setup(ranks_simulated, test_empty_scratch),
    };
    return cmocka_run_group_tests_name("cluster", tests, NULL, NULL);
}
