/* scripts/slurm/array, without Slurm: its tasks, joined, are the run; a signal to the script stops the
 * tool politely. */
#include <stdlib.h>
#include <sys/stat.h>

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

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(tasks_are_the_run, test_empty_scratch),
        cmocka_unit_test_setup(a_signal_stops_the_tool, test_empty_scratch),
        cmocka_unit_test_setup(bad_calls, test_empty_scratch),
    };
    return cmocka_run_group_tests_name("cluster", tests, NULL, NULL);
}
