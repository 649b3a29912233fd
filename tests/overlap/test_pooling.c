/* fl-overlap on several stores: no sample counts twice, and visits become sets. */
#include "fixland/spins.h"
#include "fixland/store.h"
#include "fixland/tools.h"
#include "tests/support/files.h"
#include "tests/support/support.h"
#include "tests/support/tools.h"

static const char *at(const char *name) {
    static char path[4][512];
    static int next;
    next = (next + 1) % 4;
    return strcpy(path[next], test_path(name));
}

static void make_store(test_tool tool, const char *name, const char *words, const char *store) {
    char line[1200], *err;
    snprintf(line, sizeof line, "%s --store %s --output %s --force", words, at(store), at("rows"));
    if (test_run_tool(tool, name, line, NULL, &err) != 0)
        fail_msg("%s", err);
    free(err);
}

static void the_same_sample_twice(void **state) {
    (void)state;
    char line[2000];
    const char *base = "--n 10 --jd 0.5 --samples 3";
    make_store(fl_tool_enumerate, "fl-enumerate", base, "a.h5");
    make_store(fl_tool_enumerate, "fl-enumerate", "--n 10 --jd 0.2,0.5 --samples 1", "b.h5");
    make_store(fl_tool_enumerate, "fl-enumerate", "--n 10 --jd 0.5 --samples 3 --seed 2", "c.h5");
    make_store(fl_tool_enumerate, "fl-enumerate", "--n 10 --jd 0.5 --samples 3 --eta 0.5", "d.h5");
    make_store(fl_tool_enumerate, "fl-enumerate", "--n 12 --jd 0.5 --samples 3", "e.h5");
    assert_int_equal(rename(at("b.h5"), at("elsewhere.h5")), 0);
    static const char *const modes[] = {"histogram", "gap", "clusters", "sizes", "map"};
    for (size_t k = 0; k < sizeof modes / sizeof *modes; k++) {
        test_refused_of(fl_tool_overlap, "fl-overlap", 1, "sample 0 of 10 neurons", "%s %s %s",
                        modes[k], at("a.h5"), at("elsewhere.h5"));
        test_refused_of(fl_tool_overlap, "fl-overlap", 1, "both hold", "%s %s %s", modes[k],
                        at("a.h5"), at("a.h5"));
    }
    snprintf(line, sizeof line, "histogram %s %s %s", at("a.h5"), at("c.h5"), at("e.h5"));
    fl_frame f = test_table(fl_tool_overlap, "fl-overlap", line);
    assert_int_equal(f.rows, 11 + 13);
    fl_frame_clear(&f);
    test_refused_of(fl_tool_overlap, "fl-overlap", 1, "eta is 0 and 0.5", "histogram %s %s",
                    at("a.h5"), at("d.h5"));
}

/* Distinct configurations of a set, by brute force. */
static size_t distinct_of(fl_store_reader *reader, const fl_store_set *set) {
    uint64_t spins[1000];
    size_t distinct = 0;
    assert_true(set->n <= 64 && set->count <= 1000);
    assert_ok(fl_store_read(reader, set, 0, set->count, spins));
    for (size_t k = 0; k < set->count; k++) {
        bool new = true;
        for (size_t m = 0; m < k; m++)
            new = new &&spins[m] != spins[k];
        distinct += new;
    }
    return distinct;
}

static void visits_become_sets(void **state) {
    (void)state;
    char line[1200];
    make_store(fl_tool_access, "fl-access", "run --n 12 --jd 0.5 --samples 4 --replicas 150",
               "v.h5");
    snprintf(line, sizeof line, "clusters --radius 1 %s", at("v.h5"));
    fl_frame clusters = test_table(fl_tool_overlap, "fl-overlap", line);
    snprintf(line, sizeof line, "histogram %s", at("v.h5"));
    fl_frame histogram = test_table(fl_tool_overlap, "fl-overlap", line);
    fl_store_reader *reader;
    const fl_store_set *sets;
    size_t count;
    double squares = 0, pairs = 0;
    assert_ok(fl_store_open(&reader, at("v.h5")));
    assert_ok(fl_store_sets(reader, &sets, &count));
    assert_int_equal(count, 4);
    for (size_t k = 0; k < count; k++) {
        double distinct = (double)distinct_of(reader, &sets[k]);
        assert_true(distinct < (double)sets[k].count); /* else the test shows nothing */
        assert_true(test_cell(&clusters, k, "fixed_points") == distinct);
        squares += distinct * distinct;
    }
    for (size_t d = 0; d < histogram.rows; d++)
        pairs += 4 * test_cell(&histogram, d, "pairs_mean");
    assert_float_equal(pairs, squares, 1e-6);
    fl_store_reader_close(reader);
    fl_frame_clear(&clusters);
    fl_frame_clear(&histogram);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(the_same_sample_twice, test_empty_scratch),
        cmocka_unit_test_setup(visits_become_sets, test_empty_scratch),
    };
    return cmocka_run_group_tests_name("pooling", tests, NULL, NULL);
}
