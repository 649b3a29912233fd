/* Tools whose memory runs out end with a sentence: one request in the run is refused (tests/torture/inject.c,
 * loaded before the tool's own libraries), at many places of it. */
#include <unistd.h>

#include "tests/support/files.h"
#include "tests/support/program.h"
#include "tests/support/support.h"

/* The exit code of a run with these settings of the injector. */
static int run_starved(const char *tool, const char *words, const char *inject, const char *count) {
    char library[1024];
    snprintf(library, sizeof library, "%s/torture/inject.so", getenv("FL_TEST_BUILD"));
    setenv("LD_PRELOAD", library, 1);
    setenv("FL_INJECT", inject, 1);
    if (count)
        setenv("FL_INJECT_COUNT", count, 1);
    pid_t child = test_start(tool, words, test_path("said"));
    unsetenv("LD_PRELOAD");
    unsetenv("FL_INJECT");
    unsetenv("FL_INJECT_COUNT");
    return test_finish(child);
}

/* How often the tool asks for memory. */
static long count_requests(const char *tool, const char *words) {
    const char *path = test_path("calls");
    assert_int_equal(run_starved(tool, words, "none:1:0", path), 0);
    char *counts = test_slurp(path), *line = counts ? strstr(counts, "malloc ") : NULL;
    assert_non_null(line);
    long count = strtol(line + strlen("malloc "), NULL, 10);
    free(counts);
    assert_true(count > 10);
    return count;
}

/* Refuses one request of `places`, spread over the run; nothing but the output is allowed to be there. */
static void starve(const char *tool, const char *words, long places) {
    char line[512], inject[64];
    snprintf(line, sizeof line, "%s --output %s --force", words, test_path("o.tsv"));
    long count = count_requests(tool, line), told = 0;
    for (long k = 0; k < places; k++) {
        snprintf(inject, sizeof inject, "malloc:%ld:12", 1 + count * k / places);
        unlink(test_path("o.tsv"));
        int code = run_starved(tool, line, inject, NULL);
        char *said = test_slurp(test_path("said"));
        bool told_so = said && *said, there = test_exists(test_path("o.tsv"));
        /* 3: a row of the table is undecided, and nan */
        if (code == 0 ? !there : !told_so || (code != 3 && (code != 1 || there)))
            fail_msg("%s %s, %s: ends with %d: %s", tool, line, inject, code, said ? said : "");
        told += code == 1;
        free(said);
    }
    assert_true(told > 0); /* the injector is at work */
    unlink(test_path("o.tsv"));
    unlink(test_path("o.tsv.journal"));        /* of a run that can be resumed */
    assert_int_equal(test_scratch_count(), 2); /* what was said, and the calls */
}

static void every_request_may_be_refused(void **state) {
    (void)state;
    if (test_fast()) /* the sanitizers bring a malloc of their own */
        skip();
    starve("fl-entropy", "pairs --n 30 --jd 0.1:0.5:0.1", 30);
    starve("fl-entropy", "input --jd 0.5 --strength 0.5,1 --n 12", 30);
    starve("fl-phase", "perceptron --m 2", 40); /* GSL's solver of equations, at its end */
    starve("fl-phase", "curve --jd 0.1 --points 3", 30);
    starve("fl-dmft", "trace --jd 0.5 --p 1 --time 3 --trajectories 100", 40);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(every_request_may_be_refused, test_empty_scratch)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
