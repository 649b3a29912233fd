/* The scripts of scripts/slurm under a real Slurm of one node (tests/cluster/one-node-slurm). With
 * FIXLAND_LONG=1 only, as daemons are started; skipped in a sentence where they cannot start. */
#include <stdlib.h>

#include "tests/support/files.h"
#include "tests/support/support.h"
#include "tests/support/tools.h"

/* Within Slurm, in the scratch folder, with the tools on the path; $scripts is scripts/slurm. */
static void under_slurm(const char *words) {
    char here[512], folder[512], command[4000];
    assert_non_null(realpath(".", here));
    if (!getenv("FIXLAND_LONG")) {
        print_message("a real Slurm is tried with FIXLAND_LONG=1 only, as it starts daemons\n");
        skip();
    }
    assert_non_null(realpath(test_path(""), folder));
    snprintf(command, sizeof command,
             "cd '%s' && OMPI_ALLOW_RUN_AS_ROOT=1 OMPI_ALLOW_RUN_AS_ROOT_CONFIRM=1 "
             "PATH=\"$BIN:$PATH\" scripts='%s/scripts/slurm' '%s/tests/cluster/one-node-slurm' "
             "'set -e; %s'",
             folder, here, here, words);
    char *out, *err;
    int code = test_run_shell(command, &out, &err);
    if (code == 77)
        print_message("%s", out);
    else if (code != 0)
        print_error("exit %d: %s%s", code, out, err);
    free(out);
    free(err);
    if (code == 77)
        skip();
    assert_int_equal(code, 0);
}

/* Its tasks, joined, are the run; FIXLAND_TASKS=1000 for more of them. A lost one is named. */
static void an_array(void **state) {
    (void)state;
    char words[1500];
    const char *tasks = getenv("FIXLAND_TASKS");
    snprintf(
        words, sizeof words,
        "k=%d; run=\"enumerate --n 14 --jd 0.3 --samples 1200\"; fl-$run --output one.tsv; "
        "SHARDS=$k sbatch --wait --array=1-$k --time=30 --output=/dev/null $scripts/array $run; "
        "fl-merge part.*.tsv --output all.tsv; rm part.2.tsv; "
        "fl-merge part.*.tsv --missing --output missing.tsv; ! fl-merge part.*.tsv",
        tasks ? atoi(tasks) : 6);
    under_slurm(words);
    test_assert_rows("one.tsv", "all.tsv");
    char *missing = test_rows_of("missing.tsv");
    char expected[40];
    snprintf(expected, sizeof expected, "2 %d\n", tasks ? atoi(tasks) : 6);
    assert_string_equal(missing, expected);
    free(missing);
}

/* Its time is up after a minute: checkpoint, status 3, back into the queue; then it is continued
 * here, without waiting for the queue. */
static void a_job_that_goes_back(void **state) {
    (void)state;
    under_slurm(
        "run=\"enumerate --n 22 --jd 0.3 --samples 1000000000 --output big.tsv\"; "
        "job=$(sbatch --parsable --time=1 --output=log.txt $scripts/requeue $run); "
        "for i in $(seq 240); do sleep 0.5; "
        "! squeue -h -j $job -o %r | grep -q BeginTime || break; done; "
        "squeue -h -j $job -o %T | grep -x PENDING; scontrol show job $job | grep Restarts=1; "
        "scancel $job; test -s big.tsv.journal; grep \"by the time limit; --resume continues\" log.txt");
    assert_false(test_exists(test_path("big.tsv")));
}

static void ranks_of_a_job(void **state) {
    (void)state;
    under_slurm(
        "test -x \"$(command -v fl-mpi)\" || exit 77; "
        "run=\"enumerate --n 20 --jd 0.3 --samples 100\"; fl-$run --output one.tsv; "
        "sbatch --wait --ntasks=2 --time=5 --output=log.txt $scripts/mpi $run --output all.tsv");
    test_assert_rows("one.tsv", "all.tsv");
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(an_array, test_empty_scratch),
        cmocka_unit_test_setup(ranks_of_a_job, test_empty_scratch),
        cmocka_unit_test_setup(a_job_that_goes_back, test_empty_scratch),
    };
    return cmocka_run_group_tests_name("slurm", tests, NULL, NULL);
}
