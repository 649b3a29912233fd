/* fl-overlap: histograms against the exact mean, stores against enumeration on the spot, clusters
 * and tuples against the library, checkpoints, refusals. */
#include "tests/support/support.h"

#include <math.h>

#include "fixland/clusters.h"
#include "fixland/spins.h"
#include "fixland/store.h"
#include "fixland/tools.h"
#include "tests/support/chance.h"
#include "tests/support/files.h"
#include "tests/support/tools.h"

static const char name[] = "fl-overlap";

#define table(...) test_table_of(fl_tool_overlap, name, __VA_ARGS__)

static void refused(const char *arguments, int code, const char *word) {
    test_refused(fl_tool_overlap, name, arguments, code, word);
}

#define refused_of(code, word, ...) test_refused_of(fl_tool_overlap, name, code, word, __VA_ARGS__)

static void enumerate(const char *arguments) {
    char *out, *err;
    if (test_run_tool(fl_tool_enumerate, "fl-enumerate", arguments, &out, &err) != 0)
        fail_msg("fl-enumerate %s: %s", arguments, err);
    free(out);
    free(err);
}

static void assert_same_numbers(const fl_frame *a, const fl_frame *b) {
    assert_int_equal(a->rows, b->rows);
    assert_int_equal(a->columns, b->columns);
    for (size_t k = 0; k < a->rows * a->columns; k++)
        assert_string_equal(a->text[k], b->text[k]);
}

/* Every bin within statistics of the exact mean, at one level for all together. */
static void histogram_meets_the_exact_mean(void **state) {
    (void)state;
    unsigned long long seed = test_seed();
    int many = test_fast() ? 600 : 4000, few = test_fast() ? 0 : 900;
    for (int n = 16; n <= (few ? 24 : 20); n += 4) {
        fl_frame f = table("histogram --test --n %d --jd 0.1,0.2,0.35 --samples %d --seed %llu "
                           "--threads 2",
                           n, n == 24 ? few : many, seed);
        test_assert_columns(&f, "n jd samples bins t2 p max_z max_p unequal");
        assert_int_equal(f.rows, 3);
        for (size_t row = 0; row < f.rows; row++) {
            assert_true(test_cell(&f, row, "bins") >= 3);
            assert_p(test_cell(&f, row, "p"));
            assert_p(test_cell(&f, row, "max_p"));
            assert_true(test_cell(&f, row, "unequal") == 0);
        }
        fl_frame_clear(&f);
    }
}

/* A path that stays valid. */
static const char *lasting(char buffer[512], const char *file) {
    snprintf(buffer, 512, "%s", test_path(file));
    return buffer;
}

/* Copies a store, with everything it says of itself, under another self-coupling. */
static void mislabel(const char *from, const char *to, double jd) {
    fl_store_reader *reader;
    fl_store *store;
    const fl_store_set *sets;
    size_t count;
    assert_ok(fl_store_open(&reader, from));
    assert_ok(fl_store_sets(reader, &sets, &count));
    assert_ok(fl_store_create(&store, to, true, fl_store_meta(reader)));
    for (size_t k = 0; k < count; k++) {
        uint64_t *spins = malloc((sets[k].count + 1) * sizeof *spins);
        assert_ok(fl_store_read(reader, &sets[k], 0, sets[k].count, spins));
        assert_ok(fl_store_begin(store, sets[k].n, jd, sets[k].sample));
        assert_ok(fl_store_append(store, spins, sets[k].count, NULL));
        free(spins);
    }
    assert_ok(fl_store_close(store));
    fl_store_reader_close(reader);
}

/* The same test finds a mean that is wrong, and gives no verdict where none is known. */
static void histogram_test_has_power(void **state) {
    (void)state;
    char arguments[1024], right[512], wrong[512];
    snprintf(arguments, sizeof arguments, "--n 12 --jd 0.25 --samples 1500 --seed 1 --store %s",
             lasting(right, "right.h5"));
    enumerate(arguments);
    mislabel(right, lasting(wrong, "wrong.h5"), 0.2);
    fl_frame f = table("histogram --test %s", right), g = table("histogram --test %s", wrong);
    assert_p(test_cell(&f, 0, "p"));
    assert_true(test_cell(&g, 0, "p") < 1e-6 && test_cell(&g, 0, "max_p") < 1e-6);
    fl_frame_clear(&f);
    fl_frame_clear(&g);
    f = table("histogram --test --n 12 --jd 0.2 --samples 100 --ensemble binary --seed 1");
    assert_true(isnan(test_cell(&f, 0, "p")) && test_cell(&f, 0, "bins") == 0);
    fl_frame_clear(&f);
    test_scratch_empty();
}

static void stores_equal_enumeration(void **state) {
    (void)state;
    static const char *const modes[] = {
        "histogram",          "histogram --pairs 500",      "histogram --smooth 0.1",
        "histogram --test",   "clusters --radius 2,1",      "clusters --radius 1:3 --summary",
        "sizes --radius 1,2", "gap --q 0,0.4 --window 0.2", "map --radius 2 --steps 20"};
    fl_rng rng = test_stream("stores");
    char arguments[1024], path[512];
    lasting(path, "points.h5");
    snprintf(arguments, sizeof arguments, "--n 10,13 --jd 0.3,0.1 --samples 30 --seed 5 --store %s",
             path);
    enumerate(arguments);
    for (size_t k = 0; k < sizeof modes / sizeof *modes; k++) {
        fl_frame a = table("%s --n 10,13 --jd 0.3,0.1 --samples 30 --seed 5 --threads %d", modes[k],
                           test_threads(&rng));
        fl_frame b = table("%s %s %s --threads %d", modes[k], path,
                           strstr(modes[k], "--pairs") ? "--seed 5" : "", test_threads(&rng));
        if (strncmp(modes[k], "clusters", 8) != 0 && strncmp(modes[k], "map", 3) != 0) {
            assert_same_numbers(&a, &b); /* grouped: by size and self-coupling in both */
        } else {
            assert_int_equal(a.rows, b.rows);
            assert_true(a.rows > 0);
        }
        fl_frame_clear(&a);
        fl_frame_clear(&b);
    }
    test_scratch_empty();
}

/* A small store of our own: (n, sample) sets with weights. */
typedef struct planted {
    size_t count;
    uint64_t spins[64];
    double weights[64];
} planted;

static void write_planted(const char *path, const planted *sets, size_t count, bool weighted) {
    fl_store *store;
    assert_ok(fl_store_create(&store, path, true, NULL));
    for (size_t k = 0; k < count; k++) {
        assert_ok(fl_store_begin(store, 30, 0.5, k));
        assert_ok(fl_store_append(store, sets[k].spins, sets[k].count,
                                  weighted ? sets[k].weights : NULL));
    }
    assert_ok(fl_store_close(store));
}

static void clusters_of_a_weighted_store(void **state) {
    (void)state;
    fl_rng rng = test_stream("weighted");
    char buffer[512];
    const char *path = lasting(buffer, "weighted.h5");
    planted p = {.count = 7, .spins = {0, 1, 3, 0x3FF00000, 0x3FF00001, 0xFF000, 0x3FF00003}};
    fl_effort effort = {.threads = 1};
    double all = 0;
    for (size_t k = 0; k < p.count; k++)
        all += p.weights[k] = 1 + fl_rng_uniform(&rng);
    write_planted(path, &p, 1, true);
    fl_frame f = table("clusters %s --radius 1", path);
    test_assert_columns(&f, "n jd sample radius fixed_points clusters largest_fraction "
                            "isolated_fraction mean_diameter nearest_distance mean_size "
                            "weighted_largest weighted_isolated weighted_size bounded_diameters "
                            "nearest_points");
    assert_int_equal(f.rows, 1);
    assert_true(test_cell(&f, 0, "fixed_points") == 7 && test_cell(&f, 0, "clusters") == 3);
    assert_relative(test_cell(&f, 0, "largest_fraction"), 3.0 / 7, 1e-12);
    assert_relative(test_cell(&f, 0, "isolated_fraction"), 1.0 / 7, 1e-12);
    assert_true(test_cell(&f, 0, "mean_diameter") == 2);
    assert_relative(test_cell(&f, 0, "mean_size"), (3 * 3 + 3 * 3 + 1) / 7.0, 1e-12);
    assert_relative(test_cell(&f, 0, "weighted_isolated"), p.weights[5] / all, 1e-12);
    double a = p.weights[0] + p.weights[1] + p.weights[2];
    double b = p.weights[3] + p.weights[4] + p.weights[6];
    assert_relative(test_cell(&f, 0, "weighted_largest"), fmax(a, b) / all, 1e-12);
    assert_relative(test_cell(&f, 0, "weighted_size"), (3 * (a + b) + p.weights[5]) / all, 1e-12);
    double mean;
    size_t used;
    assert_ok(fl_nearest_distance(p.spins, 7, 30, 1e9, &effort, &mean, &used));
    assert_relative(test_cell(&f, 0, "nearest_distance"), mean, 1e-12);
    fl_frame_clear(&f);
    test_scratch_empty();
}

/* End points of a dynamics weigh the fixed points that they reached. */
static void reached_points_weigh(void **state) {
    (void)state;
    char buffers[2][512];
    const char *all = lasting(buffers[0], "all.h5"), *ends = lasting(buffers[1], "ends.h5");
    const planted p = {.count = 5, .spins = {0, 1, 3, 0x3FF00000, 0xFF000}};
    const planted e = {.count = 6, .spins = {0xFF000, 1, 0x55, 1, 0xFF000, 0}};
    write_planted(all, &p, 1, false);
    write_planted(ends, &e, 1, false);
    fl_frame f = table("clusters %s %s --reached --radius 1", all, ends);
    assert_relative(test_cell(&f, 0, "weighted_isolated"), 2 / 5.0, 1e-12);
    assert_relative(test_cell(&f, 0, "weighted_largest"), 3 / 5.0, 1e-12);
    assert_relative(test_cell(&f, 0, "weighted_size"), (3 * 3 + 2) / 5.0, 1e-12);
    assert_relative(test_cell(&f, 0, "mean_size"), (3 * 3 + 2) / 5.0, 1e-12);
    fl_frame_clear(&f);
    test_scratch_empty();
}

static void between_two_stores(void **state) {
    (void)state;
    fl_rng rng = test_stream("between");
    char buffers[2][512];
    const char *one = lasting(buffers[0], "one.h5"), *other = lasting(buffers[1], "other.h5");
    planted a[3], b[3];
    double expected[31] = {0}, paired[31] = {0}, total = 0;
    for (size_t s = 0; s < 3; s++) {
        a[s].count = b[s].count = 3 + s;
        for (size_t k = 0; k < a[s].count; k++) {
            fl_spins_random(&a[s].spins[k], 30, &rng);
            fl_spins_random(&b[s].spins[k], 30, &rng);
        }
        for (size_t k = 0; k < a[s].count; k++)
            for (size_t j = 0; j < a[s].count; j++) {
                size_t d = fl_spins_distance(&a[s].spins[k], &b[s].spins[j], 30);
                expected[d] += 1 / 3.0;
                total += 1 / 3.0;
                paired[d] += k == j ? 1 / 3.0 : 0;
            }
    }
    write_planted(one, a, 3, false);
    write_planted(other, b, 3, false);
    fl_frame f = table("between %s %s", one, other),
             g = table("between %s %s --paired", one, other);
    test_assert_columns(&f, "n jd distance overlap pairs_mean pairs_error fraction");
    for (size_t d = 0; d <= 30; d++) {
        assert_true(fabs(test_cell(&f, d, "pairs_mean") - expected[d]) < 1e-12);
        assert_true(fabs(test_cell(&f, d, "fraction") - expected[d] / total) < 1e-12);
        assert_true(fabs(test_cell(&g, d, "pairs_mean") - paired[d]) < 1e-12);
    }
    fl_frame_clear(&f);
    fl_frame_clear(&g);
    f = table("between %s %s --matrix --samples 1", one, other);
    assert_int_equal(f.rows, 9);
    for (size_t k = 0; k < 9; k++)
        assert_true(test_cell(&f, k, "overlap") ==
                    fl_spins_overlap(&a[0].spins[k / 3], &b[0].spins[k % 3], 30));
    fl_frame_clear(&f);
    b[1].count--;
    write_planted(other, b, 3, false);
    refused_of(1, "--paired", "between %s %s --paired", one, other);
    test_scratch_empty();
}

/* What the sizes say together is what the clusters say. */
static void sizes_sum_to_the_clusters(void **state) {
    (void)state;
    static const char source[] = "--n 14 --jd 0.4 --samples 20 --seed 9 --radius 1,2";
    fl_frame sizes = table("sizes %s", source), clusters = table("clusters %s --summary", source);
    test_assert_columns(&sizes, "n jd radius size clusters_mean clusters_error fraction "
                                "fraction_from");
    for (size_t r = 0; r < 2; r++) {
        double count = 0, points = 0, isolated = NAN, fraction = 0;
        for (size_t k = 0; k < sizes.rows; k++) {
            if (test_cell(&sizes, k, "radius") != (double)(r + 1))
                continue;
            double size = test_cell(&sizes, k, "size"),
                   mean = test_cell(&sizes, k, "clusters_mean");
            count += mean;
            points += size * mean;
            isolated = size == 1 ? mean : isolated;
            assert_true(fabs(test_cell(&sizes, k, "fraction_from") + fraction - 1) < 1e-9);
            fraction += test_cell(&sizes, k, "fraction");
        }
        assert_relative(count, test_cell(&clusters, r, "clusters"), 1e-12);
        assert_relative(points, test_cell(&clusters, r, "fixed_points"), 1e-12);
        assert_relative(fraction, 1, 1e-12);
        assert_true(isolated > 0);
    }
    fl_frame_clear(&sizes);
    fl_frame_clear(&clusters);
}

/* Pairs and triples meet their exact means; quadruples of a window are counted by the library. */
static void tuples_meet_their_moments(void **state) {
    (void)state;
    const char *theory = test_path("theory.tsv");
    FILE *file = fopen(theory, "w");
    fprintf(file, "# columns: jd m q tuple_entropy[nats]\n0.3 3 0.2 0.125\n");
    assert_int_equal(fclose(file), 0);
    fl_frame f = table("gap --n 9 --jd 0.3 --samples %d --seed %llu --q=-0.6:0.6:0.2 --window 0.35 "
                       "--theory %s",
                       test_fast() ? 1500 : 15000, (unsigned long long)test_seed(), theory);
    assert_int_equal(f.rows, 7 * 3);
    for (size_t k = 0; k < f.rows; k++) {
        double m = test_cell(&f, k, "m"), mean = test_cell(&f, k, "tuples_mean");
        double exact = test_cell(&f, k, "exact_mean"), q = test_cell(&f, k, "q");
        assert_true(isnan(test_cell(&f, k, "limit_entropy")) == !(m == 3 && fabs(q - 0.2) < 1e-9));
        assert_relative(test_cell(&f, k, "entropy"), log(mean) / 9, 1e-12);
        assert_true(isnan(exact) == (m == 4));
        if (m < 4 && exact > 0.5)
            assert_z(mean, exact, test_cell(&f, k, "tuples_error"));
        if (m == 4 && fabs(q) < 0.1)
            assert_true(mean > 0);
    }
    fl_frame_clear(&f);
    test_scratch_empty();
}

/* Links have their ends on points of their cluster. */
static void maps_are_consistent(void **state) {
    (void)state;
    fl_frame f = table("map --n 12 --jd 0.5 --seed 3 --radius 1 --steps 50");
    test_assert_columns(&f, "n jd sample link cluster size x y dx dy");
    size_t links = 0, points = 0;
    for (size_t k = 0; k < f.rows; k++) {
        size_t ends = 0;
        if (test_cell(&f, k, "link") == 0) {
            points++;
            continue;
        }
        links++;
        for (size_t j = 0; j < f.rows; j++) {
            double x = test_cell(&f, j, "x"), y = test_cell(&f, j, "y");
            double bx = test_cell(&f, k, "x"), by = test_cell(&f, k, "y");
            double ex = bx + test_cell(&f, k, "dx"), ey = by + test_cell(&f, k, "dy");
            if (test_cell(&f, j, "link") != 0 ||
                test_cell(&f, j, "cluster") != test_cell(&f, k, "cluster"))
                continue;
            ends += (x == bx && y == by) || (fabs(x - ex) < 1e-9 && fabs(y - ey) < 1e-9);
        }
        assert_int_equal(ends, 2);
    }
    assert_true(links > 0 && points > links / 20);
    fl_frame_clear(&f);
}

/* Stopped in the middle, then resumed: the same bits. */
static void resume_gives_the_same_bits(void **state) {
    (void)state;
    static const char arguments[] =
        "clusters --n 18 --jd 0.1,0.4 --samples 150 --radius 1,2 --seed 2";
    char line[1024], whole[512], parts[512];
    snprintf(line, sizeof line, "%s --output %s", arguments, lasting(whole, "whole.tsv"));
    assert_int_equal(test_run_tool(fl_tool_overlap, name, line, NULL, NULL), 0);
    lasting(parts, "parts.tsv");
    int runs = 0, code = 3;
    for (double limit = 0.02; code == 3; limit *= 1.5, runs++) { /* a slow machine gets on too */
        assert_true(runs < 100 && !test_exists(parts));
        snprintf(line, sizeof line, "%s --output %s --time-limit %g%s", arguments, parts, limit,
                 runs ? " --resume" : "");
        code = test_run_tool(fl_tool_overlap, name, line, NULL, NULL);
    }
    assert_int_equal(code, 0);
    fl_frame a, b;
    assert_ok(fl_frame_read(&a, whole));
    assert_ok(fl_frame_read(&b, parts));
    assert_same_numbers(&a, &b);
    fl_frame_clear(&a);
    fl_frame_clear(&b);
    assert_int_equal(test_scratch_count(), 2);
    test_scratch_empty();
}

/* A table of stores tells of the networks that the stores are of, and takes no option about others. */
static void stores_tell_their_ensemble(void **state) {
    (void)state;
    static const char *const idle[] = {"--ensemble gaussian", "--eta 0.3",          "--dilution 1",
                                       "--modules 1",         "--seed 3",           "--transpose",
                                       "--variance n",        "--input-strength 0", "--lambda 0"};
    char arguments[1024], path[512], other[512];
    lasting(path, "binary.h5");
    lasting(other, "gaussian.h5");
    snprintf(arguments, sizeof arguments,
             "--n 8 --jd 0.4 --ensemble binary --eta 0.3 --seed 3 --store %s", path);
    enumerate(arguments);
    snprintf(arguments, sizeof arguments, "--n 8 --jd 0.4 --seed 3 --store %s", other);
    enumerate(arguments);
    fl_frame f = table("clusters %s", path);
    assert_string_equal(fl_meta_get(&f.meta, "ensemble"), "binary");
    assert_string_equal(fl_meta_get(&f.meta, "eta"), "0.3");
    assert_null(fl_meta_get(&f.meta, "seed"));
    fl_frame_clear(&f);
    refused_of(1, "ensemble is binary and gaussian", "histogram %s %s", path, other);
    f = table("histogram %s --pairs 10 --seed 3", path);
    assert_string_equal(fl_meta_get(&f.meta, "seed"), "3");
    fl_frame_clear(&f);
    for (size_t k = 0; k < sizeof idle / sizeof *idle; k++)
        refused_of(2, "no effect beside stores", "histogram %s %s", path, idle[k]);
    test_scratch_empty();
}

static void refusals(void **state) {
    (void)state;
    refused("clusters --radius 1.5", 2, "--radius");
    refused("clusters --reached", 2, "two stores");
    refused("between one.h5", 2, "two stores");
    refused("histogram no-such-store.h5", 1, "no-such-store.h5");
    refused("histogram --test --smooth 0.1 --n 5", 2, "--smooth");
    refused("histogram --n 0", 2, "--n");
    refused("gap --m 5", 2, "--m");
    refused("gap --n 6 --theory no-such-table.tsv", 1, "no-such-table.tsv");
    const planted p = {.count = 1, .spins = {5}};
    write_planted(test_path("five.h5"), &p, 1, false);
    refused_of(2, "--n", "histogram %s --n 31", test_path("five.h5"));
    test_scratch_empty();
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(histogram_meets_the_exact_mean),
        cmocka_unit_test(histogram_test_has_power),
        cmocka_unit_test(stores_equal_enumeration),
        cmocka_unit_test(clusters_of_a_weighted_store),
        cmocka_unit_test(reached_points_weigh),
        cmocka_unit_test(between_two_stores),
        cmocka_unit_test(sizes_sum_to_the_clusters),
        cmocka_unit_test(tuples_meet_their_moments),
        cmocka_unit_test(maps_are_consistent),
        cmocka_unit_test(resume_gives_the_same_bits),
        cmocka_unit_test(stores_tell_their_ensemble),
        cmocka_unit_test(refusals),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
