/* --margin K, s_i f_i >= K, in every tool that takes it: the same as J_D less K, and the table tells the
 * J_D asked for; against plain sums, through stores, shards and matrices of one's own. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "fixland/network.h"
#include "fixland/spins.h"
#include "fixland/tools.h"
#include "tests/support/support.h"
#include "tests/support/tools.h"

/* Fails unless both tables agree but for "jd", which is the first less `margin`; `near`: columns may
 * differ by 1e-9, not at all otherwise. */
static void assert_shifted(test_tool tool, const char *name, const char *with, const char *without,
                           double margin, bool near) {
    fl_frame f = test_table(tool, name, with), g = test_table(tool, name, without);
    assert_true(f.rows == g.rows && f.columns == g.columns && f.rows > 0);
    for (size_t row = 0; row < f.rows; row++)
        for (size_t k = 0; k < f.columns; k++) {
            size_t at = row * f.columns + k;
            double a = f.real[at], b = g.real[at];
            if (strcmp(f.names[k], "jd") == 0)
                assert_true(fabs(a - margin - b) < 1e-9);
            else if (near && isfinite(a))
                assert_true(fabs(a - b) <= 1e-9 * (1 + fabs(a)));
            else
                assert_string_equal(f.text[at], g.text[at]);
        }
    fl_frame_clear(&f);
    fl_frame_clear(&g);
}

static void shifts(void **state) {
    (void)state;
    static const struct {
        test_tool tool;
        const char *name, *with, *without;
        bool near;
    } c[] = {
        {fl_tool_enumerate, "fl-enumerate",
         "--n 12 --jd 0.5,0.75 --margin 0.25 --samples 9 --summary",
         "--n 12 --jd 0.25,0.5 --samples 9 --summary", false},
        {fl_tool_access, "fl-access", "run --n 40 --jd 0.75 --margin 0.25 --samples 4",
         "run --n 40 --jd 0.5 --samples 4", false},
        {fl_tool_access, "fl-access", "return --planted --n 60 --jd 0.75 --margin 0.25 --samples 3",
         "return --planted --n 60 --jd 0.5 --samples 3", false},
        {fl_tool_overlap, "fl-overlap", "histogram --n 10 --jd 0.75 --margin 0.25 --samples 9",
         "histogram --n 10 --jd 0.5 --samples 9", false},
        {fl_tool_overlap, "fl-overlap",
         "gap --n 10 --jd 0.75 --margin 0.25 --samples 9 --m 3 --q 0.4",
         "gap --n 10 --jd 0.5 --samples 9 --m 3 --q 0.4", false},
        {fl_tool_message, "fl-message", "entropy --n 10 --jd 0.75 --margin 0.25 --samples 3",
         "entropy --n 10 --jd 0.5 --samples 3", true},
        {fl_tool_entropy, "fl-entropy", "fluctuations --n 20 --jd 0.75 --margin 0.25",
         "fluctuations --n 20 --jd 0.5", false},
        {fl_tool_phase, "fl-phase", "modules --modules 2 --m 3 --lambda 0.3 --margin 0.25",
         "modules --modules 2 --m 3 --lambda 0.3", false},
        {fl_tool_phase, "fl-phase", "modules --modules 2 --m 3 --jd 0.25,0.28125 --margin 0.25",
         "modules --modules 2 --m 3 --jd 0,0.03125", false},
        {fl_tool_phase, "fl-phase",
         "modules --distances 0.02,0.05 --m 3 --jd 0.5 --lambda 0.2 --margin 0.25",
         "modules --distances 0.02,0.05 --m 3 --jd 0.25 --lambda 0.2", false},
    };
    for (size_t k = 0; k < sizeof c / sizeof *c; k++)
        assert_shifted(c[k].tool, c[k].name, c[k].with, c[k].without, 0.25, c[k].near);
}

/* fl-count draws its random numbers by J_D: estimates differ, what is exact does not. */
static void counted(void **state) {
    (void)state;
    static const char *const exact[] = {"lognormal", "limit", "exact_variance"};
    fl_frame f =
        test_table(fl_tool_count, "fl-count",
                   "--n 16 --jd 0.75 --margin 0.25 --samples 4 --population 600 --summary");
    fl_frame g = test_table(fl_tool_count, "fl-count",
                            "--n 16 --jd 0.5 --samples 4 --population 600 --summary");
    for (size_t k = 0; k < 3; k++)
        assert_relative(test_cell(&f, 0, exact[k]), test_cell(&g, 0, exact[k]), 1e-12);
    assert_true(fabs(test_cell(&f, 0, "z")) < 4.9 && test_cell(&f, 0, "jd") == 0.75);
    fl_frame_clear(&f);
    fl_frame_clear(&g);
}

enum { N = 9 };

/* Configurations with s_i f_i >= margin, f the field with J_D, by trying all. */
static int stable_with(const fl_network *network, double jd, double margin) {
    int found = 0;
    for (uint32_t s = 0; s < 1U << N; s++) {
        bool stable = true;
        for (size_t i = 0; i < N && stable; i++) {
            double sum = 0, own = s >> i & 1 ? 1 : -1;
            for (size_t j = 0; j < N; j++)
                sum += network->J[i * N + j] * (s >> j & 1 ? 1 : -1);
            stable = own * sum + jd >= margin;
        }
        found += stable;
    }
    return found;
}

static void plain_sums(void **state) {
    (void)state;
    fl_frame f = test_table(fl_tool_enumerate, "fl-enumerate",
                            "--n 9 --jd 0.3,0.7 --margin 0.17 --samples 40 --seed 6");
    for (size_t row = 0; row < f.rows; row++) {
        fl_network network;
        fl_ensemble e = FL_ENSEMBLE_DEFAULT;
        assert_ok(fl_network_draw(&network, &e, N, 6, (uint64_t)test_cell(&f, row, "sample")));
        assert_int_equal(test_cell(&f, row, "count"),
                         stable_with(&network, test_cell(&f, row, "jd"), 0.17));
        fl_network_clear(&network);
    }
    fl_frame_clear(&f);
}

/* A store tells its margin: exact means, networks drawn again, matrices given again. */
static void stores(void **state) {
    (void)state;
    const char *store = test_path("margin.h5"), *other = test_path("other.h5");
    const char *networks = "--n 11 --jd 0.8 --margin 0.3 --samples 12";
    fl_frame f = test_table_of(fl_tool_enumerate, "fl-enumerate", "%s --store %s", networks, store);
    fl_frame_clear(&f);
    f = test_table_of(fl_tool_overlap, "fl-overlap", "histogram %s", store);
    fl_frame g = test_table_of(fl_tool_overlap, "fl-overlap", "histogram %s", networks);
    assert_true(f.rows == g.rows && f.rows > 0);
    for (size_t k = 0; k < f.rows * f.columns; k++)
        assert_string_equal(f.text[k], g.text[k]);
    assert_true(test_cell(&f, 0, "jd") == 0.8);
    fl_frame_clear(&f);
    fl_frame_clear(&g);
    f = test_table_of(fl_tool_access, "fl-access",
                      "return --start %s --flips 0 --trials 1 --summary", store);
    assert_true(test_cell(&f, 0, "returned") == 1 && test_cell(&f, 0, "jd") == 0.8);
    fl_frame_clear(&f);
    test_refused_of(fl_tool_overlap, "fl-overlap", 2, "--margin", "histogram --margin 0.3 %s",
                    store);
    /* The centres of other margins are those of other networks. */
    test_refused_of(fl_tool_message, "fl-message", 1, "margin",
                    "local --n 11 --jd 0.8 --samples 12 --centre %s", store);
    f = test_table_of(fl_tool_enumerate, "fl-enumerate", "--n 11 --jd 0.8 --samples 1 --store %s",
                      other);
    fl_frame_clear(&f);
}

/* A margin taken from the diagonal of a matrix of one's own. */
static void given(void **state) {
    (void)state;
    const char *matrix = test_path("matrix.txt"), *store = test_path("given.h5");
    fl_network network;
    fl_ensemble e = FL_ENSEMBLE_DEFAULT;
    FILE *file = fopen(matrix, "w");
    assert_non_null(file);
    assert_ok(fl_network_draw(&network, &e, N, 3, 0));
    for (size_t i = 0; i < N; i++)
        for (size_t j = 0; j < N; j++)
            fprintf(file, "%.17g%c", i == j ? 0.9 : network.J[i * N + j], j + 1 < N ? ' ' : '\n');
    fclose(file);
    fl_frame f = test_table_of(fl_tool_enumerate, "fl-enumerate",
                               "--network %s --margin 0.35 --store %s", matrix, store);
    assert_int_equal(test_cell(&f, 0, "count"), stable_with(&network, 0.9, 0.35));
    assert_true(test_cell(&f, 0, "count") > 0 && test_cell(&f, 0, "jd") == 0);
    fl_frame_clear(&f);
    fl_network_clear(&network);
    f = test_table_of(fl_tool_access, "fl-access",
                      "return --start %s --network %s --flips 0 --trials 1 --summary", store,
                      matrix);
    assert_true(test_cell(&f, 0, "returned") == 1);
    fl_frame_clear(&f);
}

/* Shards of one margin, joined with their summary, are one run; those of two do not belong together. */
static void shards(void **state) {
    (void)state;
    const char *words = "--n 10 --jd 0.6 --margin 0.2 --samples 20";
    const char *one = test_path("one.tsv"), *two = test_path("two.tsv");
    fl_frame f = test_table_of(fl_tool_enumerate, "fl-enumerate", "%s --summary", words);
    for (int k = 1; k <= 2; k++) {
        char call[400];
        snprintf(call, sizeof call, "%s --shard %d/2 --output %s", words, k, k == 1 ? one : two);
        assert_int_equal(test_run_tool(fl_tool_enumerate, "fl-enumerate", call, NULL, NULL), 0);
    }
    fl_frame g = test_table_of(fl_tool_merge, "fl-merge", "--summary %s %s", one, two);
    for (size_t k = 0; k < f.columns; k++)
        assert_string_equal(f.text[k], g.text[k]);
    fl_frame_clear(&f);
    fl_frame_clear(&g);
}

static void refused_margins(void **state) {
    (void)state;
    test_refused(fl_tool_phase, "fl-phase", "modules --jd 0.1 --margin 2 --m 3", 2, "--margin");
    test_refused(fl_tool_access, "fl-access", "return --start x.h5 --margin 0.1", 2, "--margin");
    test_refused(fl_tool_phase, "fl-phase", "levels --margin 0.1", 2, "margin");
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(shifts),          cmocka_unit_test(counted), cmocka_unit_test(plain_sums),
        cmocka_unit_test(stores),          cmocka_unit_test(given),   cmocka_unit_test(shards),
        cmocka_unit_test(refused_margins),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
