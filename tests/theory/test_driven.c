/* fl-enumerate under an input: every configuration tried, the exact mean, files, stores, refusals.
 */
#include "tests/support/support.h"

#include <math.h>

#include "fixland/driven.h"
#include "fixland/instances.h"
#include "fixland/network.h"
#include "fixland/tools.h"
#include "tests/support/tools.h"

enum { N = 9 };

/* Configurations that are stable with the field `h` on the neurons, by trying all. */
static int stable_ones(const fl_network *network, const double *h, double jd) {
    int found = 0;
    for (uint32_t s = 0; s < 1U << N; s++) {
        bool stable = true;
        for (size_t i = 0; i < N && stable; i++) {
            double sum = h[i], own = s >> i & 1 ? 1 : -1;
            for (size_t j = 0; j < N; j++)
                sum += network->J[i * N + j] * (s >> j & 1 ? 1 : -1);
            stable = own * sum + jd >= 0;
        }
        found += stable;
    }
    return found;
}

/* --input FILE on the networks of a seed. */
static void file_of_fields(void **state) {
    (void)state;
    fl_rng rng = test_stream("driven file");
    double h[N];
    const char *path = test_path("h.txt");
    FILE *file = fopen(path, "w");
    assert_non_null(file);
    fprintf(file, "# one number a neuron\n");
    for (int i = 0; i < N; i++) {
        h[i] = 2 * fl_rng_uniform(&rng) - 1;
        fprintf(file, "%.17g%c", h[i], i % 3 == 2 ? '\n' : ' ');
    }
    fclose(file);
    char arguments[400];
    for (int k = 0; k < 2; k++) {
        snprintf(arguments, sizeof arguments,
                 "--n %d --jd 0.3,0.6 --samples 20 --seed 4 --method %s --input %s", N,
                 k ? "graycode" : "tree", path);
        fl_frame f = test_table(fl_tool_enumerate, "fl-enumerate", arguments);
        assert_int_equal(f.rows, 40);
        for (size_t row = 0; row < f.rows; row++) {
            fl_network network;
            fl_ensemble e = FL_ENSEMBLE_DEFAULT;
            assert_ok(fl_network_draw(&network, &e, N, 4, (uint64_t)test_cell(&f, row, "sample")));
            assert_int_equal(test_cell(&f, row, "count"),
                             stable_ones(&network, h, test_cell(&f, row, "jd")));
            fl_network_clear(&network);
        }
        fl_frame_clear(&f);
    }
    test_refused_of(fl_tool_enumerate, "fl-enumerate", 1, "numbers", "--n 8 --input %s", path);
    test_refused_of(fl_tool_enumerate, "fl-enumerate", 2, "--n", "--n 9,10 --input %s", path);
    test_refused_of(fl_tool_enumerate, "fl-enumerate", 2, "--input-strength",
                    "--n 9 --input-strength 1 --input %s", path);
}

/* The mean over samples meets the closed form; a shard and its complement make the whole. */
static void random_signs(void **state) {
    (void)state;
    fl_frame f = test_table(fl_tool_enumerate, "fl-enumerate",
                            "--n 12 --jd 0.2,0.5 --input-strength 0.7 --samples 1500 --summary");
    for (size_t row = 0; row < 2; row++) {
        assert_true(test_cell(&f, row, "exact_mean") > 0);
        assert_true(fabs(test_cell(&f, row, "z")) < 4.9);
    }
    fl_frame_clear(&f);
    test_refused(fl_tool_enumerate, "fl-enumerate", "--input-strength 1 --limit 4", 2, "--limit");
    /* Shards, joined: the same summary. */
    char call[700];
    const char *whole = "--n 11 --jd 0.4 --input-strength 0.6 --samples 40 --seed 8";
    for (int k = 1; k <= 2; k++) {
        snprintf(call, sizeof call, "%s --shard %d/2 --output %s", whole, k,
                 test_path(k == 1 ? "s1.tsv" : "s2.tsv"));
        assert_int_equal(test_run_tool(fl_tool_enumerate, "fl-enumerate", call, NULL, NULL), 0);
    }
    snprintf(call, sizeof call, "--summary %s %s", test_path("s1.tsv"), test_path("s2.tsv"));
    f = test_table(fl_tool_merge, "fl-merge", call);
    snprintf(call, sizeof call, "%s --summary", whole);
    fl_frame g = test_table(fl_tool_enumerate, "fl-enumerate", call);
    for (size_t k = 0; k < g.columns; k++)
        assert_string_equal(f.text[k], g.text[k]);
    fl_frame_clear(&f);
    fl_frame_clear(&g);
}

/* What the store holds are configurations of N neurons, as many as were counted. */
static void store(void **state) {
    (void)state;
    char arguments[400];
    const char *path = test_path("driven.h5");
    snprintf(arguments, sizeof arguments,
             "--n 12 --jd 0.5 --input-strength 0.5 --samples 6 --store %s", path);
    fl_frame f = test_table(fl_tool_enumerate, "fl-enumerate", arguments);
    double count = 0;
    for (size_t row = 0; row < f.rows; row++)
        count += test_cell(&f, row, "count");
    fl_frame_clear(&f);
    snprintf(arguments, sizeof arguments, "histogram %s", path);
    f = test_table(fl_tool_overlap, "fl-overlap", arguments);
    assert_true(test_cell(&f, 0, "n") == 12 && test_cell(&f, 0, "distance") == 0);
    assert_true(fabs(6 * test_cell(&f, 0, "pairs_mean") - count) < 1e-9);
    fl_frame_clear(&f);
}

/* With J_D far below 0 the replica-symmetric equations have no solution: rows without one, not a search without
 * end. The annealed column, a closed form, is there. */
static void no_solution(void **state) {
    (void)state;
    fl_driven d;
    assert_int_equal(fl_driven_entropy(-0.7, 0.1, &d), FL_UNDECIDED);
    assert_true(fabs(d.annealed - log(0.5 * erfc(0.6 / sqrt(2)) + 0.5 * erfc(0.8 / sqrt(2)))) <
                1e-12);
    assert_int_equal(fl_driven_entropy(-1.7, 2, &d), FL_UNDECIDED);
    assert_int_equal(fl_driven_entropy(0.2, 0.1, &d), FL_OK);
    assert_true(d.quenched <= d.annealed && d.quenched > d.annealed - 0.01 && d.replicon > 0);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(file_of_fields),
        cmocka_unit_test(random_signs),
        cmocka_unit_test(store),
        cmocka_unit_test(no_solution),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
