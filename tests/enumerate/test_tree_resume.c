/* One large network, killed at random times and continued, writes what an uninterrupted run writes:
 * table and store. Three kills; FIXLAND_LONG=1: thirty. */
#include "tests/support/support.h"

#include <signal.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "fixland/spins.h"
#include "fixland/store.h"
#include "tests/support/files.h"
#include "tests/support/program.h"
#include "tests/support/tools.h"

static const char *run(void) {
    if (getenv("FIXLAND_LONG"))
        return "--n 46,38 --jd 0,0.1 --method tree --seed 5";
    return test_fast() ? "--n 33,30 --jd 0,0.1 --method tree --seed 5"
                       : "--n 40,36 --jd 0,0.1 --method tree --seed 5";
}

/* Starts the program with its outputs `name`.tsv and `name`.h5. */
static pid_t start(const char *name, const char *more) {
    char words[2048];
    snprintf(words, sizeof words, "%s %s --quiet --output %s.tsv --store %s.h5", run(), more,
             test_path(name), test_path(name));
    return test_start("fl-enumerate", words, NULL);
}

static double seconds(void) {
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

static void wait_for(double time) {
    struct timespec t = {(time_t)time, (long)(1e9 * (time - (double)(time_t)time))};
    nanosleep(&t, NULL);
}

static void assert_same_rows(void) {
    char *a = test_rows_of("whole.tsv"), *b = test_rows_of("part.tsv");
    assert_string_equal(a, b);
    free(a);
    free(b);
}

static void assert_same_sets(void) {
    fl_store_reader *one, *two;
    const fl_store_set *sets, *others;
    size_t count, count2;
    assert_ok(fl_store_open(&one, test_path("whole.h5")));
    assert_ok(fl_store_open(&two, test_path("part.h5")));
    assert_ok(fl_store_sets(one, &sets, &count));
    assert_ok(fl_store_sets(two, &others, &count2));
    assert_int_equal(count, count2);
    for (size_t k = 0; k < count; k++) {
        assert_int_equal(sets[k].count, others[k].count);
        size_t bytes = (sets[k].count + 1) * fl_spins_words(sets[k].n) * sizeof(uint64_t);
        uint64_t *x = calloc(1, bytes), *y = calloc(1, bytes);
        assert_ok(fl_store_read(one, &sets[k], 0, sets[k].count, x));
        assert_ok(fl_store_read(two, &others[k], 0, others[k].count, y));
        assert_memory_equal(x, y, bytes);
        free(x);
        free(y);
    }
    fl_store_reader_close(one);
    fl_store_reader_close(two);
}

static void killed_at_random_times(void **state) {
    (void)state;
    fl_rng rng = test_stream("kills");
    int rounds = getenv("FIXLAND_LONG") ? 30 : 3, kills = 0;
    double begin = seconds();
    assert_int_equal(test_finish(start("whole", "--threads 2")), 0);
    double span = seconds() - begin;
    for (int round = 0; kills < rounds && round < 10 * rounds; round++) {
        char more[64];
        snprintf(more, sizeof more, "--resume --threads %d", test_threads(&rng));
        pid_t child = start("part", more);
        wait_for(span * fl_rng_uniform(&rng) / 2);
        kill(child, SIGKILL);
        if (test_finish(child) != 0) {
            kills++;
            bool late = test_exists(test_path("part.tsv")); /* done, but for the checkpoint's end */
            if (!late && kills % 3 && kills < rounds)
                continue; /* several kills in one run */
            if (late)
                remove(test_path("part.tsv.journal"));
            else
                assert_int_equal(test_finish(start("part", "--resume")), 0);
        }
        assert_same_rows();
        assert_same_sets();
        assert_false(test_exists(test_path("part.tsv.journal")));
        remove(test_path("part.tsv"));
        remove(test_path("part.h5"));
    }
    print_message("%d kills\n", kills);
    assert_int_equal(kills, rounds);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(killed_at_random_times, test_empty_scratch),
    };
    return cmocka_run_group_tests_name("tree_resume", tests, NULL, NULL);
}
