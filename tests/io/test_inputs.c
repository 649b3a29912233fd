/* A checkpoint knows its input files by what they hold: --resume refuses another matrix, or another
 * store, under the same name, and goes on with the right one. */
#include "tests/support/support.h"

#include "fixland/matrix.h"
#include "fixland/tools.h"
#include "tests/support/files.h"
#include "tests/support/tools.h"

/* Where a file is, as a text that stays. */
static const char *at(char path[512], const char *name) {
    return strcpy(path, test_path(name));
}

static int call(test_tool tool, const char *name, const char *arguments, const char *more,
                char **err) {
    char line[2048], table[512];
    snprintf(line, sizeof line, "%s --output %s %s", arguments, at(table, "out.tsv"), more);
    return test_run_tool(tool, name, line, NULL, err);
}

/* `input` is what the arguments name; `other` takes its place for a while. */
static void replaced(test_tool tool, const char *name, const char *arguments, const char *input,
                     const char *other) {
    char from[512], to[512], away[512], *err;
    at(to, input);
    at(from, other);
    at(away, "away");
    test_stop_within(tool, name, arguments, test_path("out.tsv"));
    assert_int_equal(rename(to, away), 0);
    assert_int_equal(rename(from, to), 0);
    assert_int_equal(call(tool, name, arguments, "--resume", &err), 1);
    if ((!strstr(err, "crc32") && !strstr(err, "content of")) || !strstr(err, "out.tsv.journal"))
        fail_msg("%s", err);
    free(err);
    assert_false(test_exists(test_path("out.tsv")));
    assert_int_equal(rename(to, from), 0);
    assert_int_equal(rename(away, to), 0);
    assert_int_equal(call(tool, name, arguments, "--resume", NULL), 0);
    assert_true(test_exists(test_path("out.tsv")));
    assert_false(test_exists(test_path("out.tsv.journal")));
}

/* Network `sample` of n neurons. */
static void write_matrix(const char *name, size_t n, uint64_t sample) {
    fl_ensemble e = FL_ENSEMBLE_DEFAULT;
    fl_network network;
    assert_ok(fl_network_draw(&network, &e, n, test_seed(), sample));
    assert_ok(fl_matrix_write(&network, test_path(name), false, NULL));
    fl_network_clear(&network);
}

static void another_matrix_to_enumerate(void **state) {
    (void)state;
    char arguments[1024], path[512];
    size_t n = test_fast() ? 33 : 36;
    write_matrix("one.npy", n, 0);
    write_matrix("two.npy", n, 1);
    snprintf(arguments, sizeof arguments, "--network %s --jd 0.6 --method tree",
             at(path, "one.npy"));
    replaced(fl_tool_enumerate, "fl-enumerate", arguments, "one.npy", "two.npy");
}

/* fl-access does a given matrix in one piece, without checkpoint; its provenance tells the same. */
static void told_in_the_provenance(void **state) {
    (void)state;
    char line[1024], path[512], sums[3][16];
    write_matrix("one.txt", 10, 0);
    write_matrix("two.txt", 10, 1);
    for (int k = 0; k < 3; k++) {
        bool access = k == 0;
        snprintf(line, sizeof line, "%s --network %s --jd 0.5", access ? "run" : "",
                 at(path, k < 2 ? "one.txt" : "two.txt"));
        fl_frame f = test_table(access ? fl_tool_access : fl_tool_enumerate,
                                access ? "fl-access" : "fl-enumerate", line);
        snprintf(sums[k], sizeof sums[k], "%s", fl_meta_get(&f.meta, "network_crc32"));
        assert_int_equal(strlen(sums[k]), 8);
        fl_frame_clear(&f);
    }
    assert_string_equal(sums[0], sums[1]);
    assert_string_not_equal(sums[1], sums[2]);
}

static void another_store(void **state) {
    (void)state;
    char line[2048], path[512], *err;
    for (int seed = 1; seed <= 2; seed++) {
        snprintf(line, sizeof line, "--n 12 --jd 0.5 --samples %d --seed %d --store %s",
                 test_fast() ? 300 : 1000, seed, at(path, seed == 1 ? "one.h5" : "two.h5"));
        int code = test_run_tool(fl_tool_enumerate, "fl-enumerate", line, NULL, &err);
        if (code)
            fail_msg("%s", err);
        free(err);
    }
    snprintf(line, sizeof line, "clusters --radius 1,2 %s", at(path, "one.h5"));
    replaced(fl_tool_overlap, "fl-overlap", line, "one.h5", "two.h5");
}

/* What cannot be read is named, with a checkpoint and without. */
static void missing(void **state) {
    (void)state;
    char table[512];
    test_refused_of(fl_tool_overlap, "fl-overlap", 1, "no-such.h5",
                    "histogram no-such.h5 --output %s", at(table, "out.tsv"));
    test_refused(fl_tool_overlap, "fl-overlap", "histogram no-such.h5", 1, "no-such.h5");
    test_refused_of(fl_tool_enumerate, "fl-enumerate", 1, "no-such.npy",
                    "--network no-such.npy --output %s", at(table, "out.tsv"));
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(another_matrix_to_enumerate, test_empty_scratch),
        cmocka_unit_test_setup(told_in_the_provenance, test_empty_scratch),
        cmocka_unit_test_setup(another_store, test_empty_scratch),
        cmocka_unit_test_setup(missing, test_empty_scratch),
    };
    return cmocka_run_group_tests_name("inputs", tests, NULL, NULL);
}
