/* fl-enumerate: rows, summaries, stores, given matrices, and what it refuses. */
#include "tests/support/support.h"

#include <inttypes.h>
#include <math.h>

#include "fixland/matrix.h"
#include "fixland/moments.h"
#include "fixland/spins.h"
#include "fixland/store.h"
#include "fixland/tools.h"
#include "tests/support/brute.h"
#include "tests/support/files.h"
#include "tests/support/tools.h"

static const char name[] = "fl-enumerate";

static fl_frame table(const char *arguments) {
    return test_table(fl_tool_enumerate, name, arguments);
}

static void refused(const char *arguments, int code, const char *word) {
    test_refused(fl_tool_enumerate, name, arguments, code, word);
}

#define refused_of(code, word, ...)                                                                \
    test_refused_of(fl_tool_enumerate, name, code, word, __VA_ARGS__)

static fl_network draw(fl_ensemble ensemble, size_t n, uint64_t seed, uint64_t sample) {
    fl_network network;
    assert_ok(fl_network_draw(&network, &ensemble, n, seed, sample));
    return network;
}

/* Row by row: n, then sample, then J_D in the order given, with the direct count. */
static void check_rows(const char *arguments, fl_ensemble e, uint64_t seed) {
    static const int64_t sizes[] = {7, 10};
    static const double jds[] = {0.5, -0.1, 0, 0.5};
    fl_frame f = table(arguments);
    test_assert_columns(&f, "n jd sample count");
    assert_int_equal(f.rows, 2 * 5 * 4);
    for (size_t row = 0; row < f.rows; row++) {
        int64_t n = sizes[row / 20];
        uint64_t sample = row / 4 % 5;
        double jd = jds[row % 4];
        fl_network network = draw(e, (size_t)n / e.modules, seed, sample);
        assert_true(test_cell(&f, row, "n") == (double)((size_t)n / e.modules));
        assert_true(test_cell(&f, row, "jd") == jd);
        assert_true(test_cell(&f, row, "sample") == (double)sample);
        assert_true(test_cell(&f, row, "count") == (double)brute_points(&network, jd, NULL));
        fl_network_clear(&network);
    }
    fl_frame_clear(&f);
}

static void rows(void **state) {
    (void)state;
    fl_ensemble e = FL_ENSEMBLE_DEFAULT, binary = e, sparse = e;
    binary.distribution = FL_BINARY;
    binary.variance = FL_VARIANCE_N_MINUS_1;
    binary.eta = -0.5;
    sparse.dilution = 0.4;
    check_rows("--n 7,10 --jd 0.5,-0.1,0,0.5 --samples 5 --seed 8", e, 8);
    check_rows(
        "--n 7,10 --jd 0.5,-0.1,0,0.5 --samples 5 --ensemble binary --variance n-1 --eta -0.5",
        binary, 1);
    check_rows("--n 7,10 --jd 0.5,-0.1,0,0.5 --samples 5 --dilution 0.4 --format json", sparse, 1);
    fl_ensemble chain = e;
    chain.modules = 2;
    chain.lambda = 0.3;
    fl_network network = draw(chain, 5, 1, 0);
    fl_frame f = table("--n 5 --modules 2 --lambda 0.3 --jd 0.1");
    assert_true(test_cell(&f, 0, "n") == 5);
    assert_true(test_cell(&f, 0, "count") == (double)brute_points(&network, 0.1, NULL));
    fl_network_clear(&network);
    fl_frame_clear(&f);
}

/* The summary is what the rows say. */
static void check_summary(const fl_frame *f, size_t row, const fl_frame *all, double n, double jd,
                          const fl_ensemble *e) {
    double counts[300], logs[300], log_mean;
    size_t samples = 0, some = 0;
    for (size_t k = 0; k < all->rows; k++)
        if (test_cell(all, k, "n") == n && test_cell(all, k, "jd") == jd) {
            double count = test_cell(all, k, "count");
            counts[samples++] = count;
            if (count > 0)
                logs[some++] = log(count) / (n * (double)e->modules);
        }
    fl_estimate mean = fl_mean(counts, samples), quenched = fl_mean(logs, some);
    double empty = (double)(samples - some) / (double)samples;
    assert_true(test_cell(f, row, "n") == n && test_cell(f, row, "jd") == jd);
    assert_true(test_cell(f, row, "samples") == (double)samples);
    assert_true(test_cell(f, row, "mean_count") == mean.mean);
    assert_true(test_cell(f, row, "std_error") == mean.error);
    assert_true(test_cell(f, row, "fraction_empty") == empty);
    assert_true(test_cell(f, row, "quenched_entropy") == quenched.mean);
    assert_true(test_cell(f, row, "quenched_error") == quenched.error);
    double neurons = n * (double)e->modules, squared = neurons * neurons;
    fl_estimate variance = fl_variance_estimate(logs, some);
    assert_relative(test_cell(f, row, "log_variance"), squared * variance.mean, 1e-12);
    assert_relative(test_cell(f, row, "log_variance_error"), squared * variance.error, 1e-12);
    fl_count_law law = {NAN, NAN, NAN, NAN};
    bool known = fl_count_law_at(e, (size_t)n, jd, &law) == FL_OK;
    assert_true(known == (e->modules == 1));
    const double expected[] = {law.variance, law.log_variance, law.empty, law.log_mean / n};
    static const char *const names[] = {"exact_variance", "predicted_log_variance",
                                        "predicted_empty", "predicted_entropy"};
    for (int k = 0; k < 4; k++)
        assert_true(test_cell(f, row, names[k]) == expected[k] ||
                    (isnan(expected[k]) && isnan(test_cell(f, row, names[k]))));
    if (e->eta != 0 && e->modules > 1) { /* no closed form */
        assert_true(isnan(test_cell(f, row, "exact_mean")) && isnan(test_cell(f, row, "z")));
        return;
    }
    assert_ok(fl_log_mean_count(e, (size_t)n, jd, &log_mean));
    assert_true(test_cell(f, row, "exact_mean") == exp(log_mean));
    assert_relative(test_cell(f, row, "z"), (mean.mean - exp(log_mean)) / mean.error, 1e-12);
}

static void summaries(void **state) {
    (void)state;
    static const char *const calls[] = {
        "--n 8,11 --jd 0.4,0,0.2 --samples 100 --seed 3",
        "--n 8,11 --jd 0.4,0,0.2 --samples 100 --eta 1",
        "--n 4,5 --jd 0.4,0,0.2 --samples 100 --modules 2 --lambda 0.5 --dilution 0.7",
        "--n 4,5 --jd 0.4,0,0.2 --samples 100 --modules 2 --lambda 0.5 --dilution 0.7 --eta -1"};
    static const double jds[] = {0.4, 0, 0.2};
    for (int k = 0; k < 4; k++) {
        char arguments[256];
        snprintf(arguments, sizeof arguments, "%s --summary", calls[k]);
        fl_ensemble e = FL_ENSEMBLE_DEFAULT;
        e.eta = k == 1 ? 1 : k == 3 ? -1 : 0;
        e.modules = k >= 2 ? 2 : 1;
        e.lambda = k >= 2 ? 0.5 : 0;
        e.dilution = k >= 2 ? 0.7 : 1;
        fl_frame f = table(arguments), all = table(calls[k]);
        test_assert_columns(&f, "n jd samples mean_count std_error exact_mean z fraction_empty "
                                "quenched_entropy quenched_error log_variance log_variance_error "
                                "exact_variance predicted_log_variance predicted_empty "
                                "predicted_entropy");
        assert_int_equal(f.rows, 6);
        for (size_t row = 0; row < 6; row++)
            check_summary(&f, row, &all, (k >= 2 ? 4 : 8) + (row / 3) * (k >= 2 ? 1 : 3),
                          jds[row % 3], &e);
        fl_frame_clear(&f);
        fl_frame_clear(&all);
    }
}

/* The data lines of a call with 1, 2 and 5 threads are the same bits. */
static void threads(void **state) {
    (void)state;
    static const char *const calls[] = {"--n 6:12:3 --jd 0:0.6:0.2 --samples 40",
                                        "--n 6:12:3 --jd 0:0.6:0.2 --samples 40 --summary",
                                        "--n 21 --jd 0.5,0", "--n 9 --samples 3 --format json"};
    for (int k = 0; k < 4; k++) {
        char *first = NULL;
        for (int t = 0; t < 3; t++) {
            char arguments[256], *out, *err;
            snprintf(arguments, sizeof arguments, "%s --threads %d", calls[k], (int[]){1, 2, 5}[t]);
            assert_int_equal(test_run_tool(fl_tool_enumerate, name, arguments, &out, &err), 0);
            assert_string_equal(err, "");
            char *rows_at = k == 3 ? strdup(strstr(out, "\"rows\"")) : test_data_lines(out);
            assert_true(strlen(rows_at) > 20);
            if (first)
                assert_string_equal(rows_at, first);
            else
                first = strdup(rows_at);
            free(rows_at);
            free(out);
            free(err);
        }
        free(first);
    }
}

/* A matrix in each format: its diagonal counts, and J_D is added to it. */
static void given_matrices(void **state) {
    (void)state;
    static const char *const names[] = {"m.txt", "m.npy", "m.h5"};
    fl_network network = draw(FL_ENSEMBLE_DEFAULT, 11, 4, 0);
    for (size_t i = 0; i < 11; i++)
        network.diagonal[i] = 0.1 * (double)i - 0.2;
    for (int k = 0; k < 3; k++) {
        char arguments[1100];
        const char *path = test_path(names[k]);
        assert_ok(fl_matrix_write(&network, path, false, NULL));
        snprintf(arguments, sizeof arguments, "--network %s%s --jd 0,0.4,-0.1", path,
                 k == 2 ? ":/J" : "");
        fl_frame f = table(arguments);
        assert_int_equal(f.rows, 3);
        for (size_t row = 0; row < 3; row++) {
            double jd = test_cell(&f, row, "jd");
            assert_true(test_cell(&f, row, "n") == 11 && test_cell(&f, row, "sample") == 0);
            assert_true(test_cell(&f, row, "count") == (double)brute_points(&network, jd, NULL));
        }
        fl_frame_clear(&f);
        strcat(arguments, " --summary");
        f = table(arguments);
        assert_true(test_cell(&f, 0, "samples") == 1 && isnan(test_cell(&f, 0, "exact_mean")));
        fl_frame_clear(&f);
    }
    fl_network_clear(&network);
}

/* The store holds each set of fixed points, s beside -s, and the networks. */
static void check_store(const char *path) {
    fl_store_reader *reader;
    const fl_store_set *sets;
    size_t count;
    assert_ok(fl_store_open(&reader, path));
    assert_ok(fl_store_sets(reader, &sets, &count));
    assert_int_equal(count, 2 * 3 * 3);
    for (size_t k = 0; k < count; k++) {
        size_t n = k < 9 ? 6 : 10, all;
        uint64_t points[1 << 10], stored[1 << 10];
        double jd = (double[]){0.6, 0, 0.3}[k % 3];
        fl_network network = draw(FL_ENSEMBLE_DEFAULT, n, 12, k / 3 % 3), kept;
        assert_true(sets[k].n == n && sets[k].jd == jd && sets[k].sample == k / 3 % 3);
        all = brute_points(&network, jd, points);
        assert_int_equal(sets[k].count, all);
        assert_ok(fl_store_read(reader, &sets[k], 0, all, stored));
        /* Ascending in those with the last spin up, each followed by its mirror image. */
        for (size_t p = 0; p < all / 2; p++) {
            uint64_t mirror = stored[2 * p];
            fl_spins_negate(&mirror, n);
            assert_int_equal(stored[2 * p], points[all / 2 + p]);
            assert_int_equal(stored[2 * p + 1], mirror);
        }
        assert_ok(fl_store_read_network(reader, n, sets[k].sample, &kept));
        assert_memory_equal(kept.J, network.J, n * n * sizeof(double));
        fl_network_clear(&kept);
        fl_network_clear(&network);
    }
    fl_store_reader_close(reader);
}

static void stores(void **state) {
    (void)state;
    char arguments[1100], path[512];
    strcpy(path, test_path("all.h5")); /* kept beyond many other paths */
    for (int summary = 0; summary < 2; summary++) {
        snprintf(arguments, sizeof arguments,
                 "--n 6,10 --jd 0.6,0,0.3 --samples 3 --seed 12 --store %s --store-networks%s",
                 path, summary ? " --summary" : "");
        fl_frame f = table(arguments); /* with --force */
        fl_frame_clear(&f);
        check_store(path);
    }
    refused(arguments, 1, "all.h5");
    check_store(path);
    /* The table is refused, so no store is made. */
    test_write_text(test_path("t.tsv"), "mine\n");
    refused_of(1, "t.tsv", "--n 6 --store %s --output %s", test_path("new.h5"), test_path("t.tsv"));
    /* The table cannot be finished: no store without it. */
    refused_of(1, "/dev/full", "--n 6 --store %s --output /dev/full", test_path("new.h5"));
    refused_of(1, "no/such.h5", "--n 6 --store %s", test_path("no/such.h5"));
    /* A refused store leaves no checkpoint of the table. */
    refused_of(1, "all.h5", "--n 6 --store %s --output %s", path, test_path("o.tsv"));
}

static void usage(void **state) {
    (void)state;
    static const char *const bad[][2] = {
        {"--n 129", "--n"},
        {"--n 0", "--n"},
        {"--n 4.5", "--n"},
        {"--jd nan", "--jd"},
        {"--jd inf", "--jd"},
        {"--jd 0:1:0.001", "--jd"},
        {"--samples 0", "--samples"},
        {"--eta 1.5", "--eta"},
        {"--dilution 0", "--dilution"},
        {"--ensemble uniform", "--ensemble"},
        {"--threads 0", "--threads"},
        {"--modules 0", "--modules"},
        {"--n 48 --modules 3", "--modules"},
        {"--n 8 --modules 1000000", "--modules"},
        {"--store-networks", "--store"},
        {"--lambda nan", "--lambda"},
        {"--no-such-option", "--no-such-option"},
        {"--resume", "--output"},
        {"--time-limit -1", "--time-limit"},
        {"stray", "stray"},
    };
    for (size_t k = 0; k < sizeof bad / sizeof *bad; k++) {
        refused(bad[k][0], 2, bad[k][1]);
        char arguments[1100]; /* and nothing is left where a file was to be */
        if (k != 17) {
            snprintf(arguments, sizeof arguments, "%s --output %s", bad[k][0], test_path("o.tsv"));
            refused(arguments, 2, bad[k][1]);
        }
    }
}

static void outputs(void **state) {
    (void)state;
    char arguments[1100];
    const char *there = test_path("there.tsv");
    test_write_text(there, "precious\n");
    refused_of(1, "--force", "--n 6 --output %s", there);
    test_assert_text(there, "precious\n");
    snprintf(arguments, sizeof arguments, "--n 6 --output %s --force", there);
    assert_int_equal(test_run_tool(fl_tool_enumerate, name, arguments, NULL, NULL), 0);
    assert_int_equal(test_scratch_count(), 1);
    refused_of(1, "no/such.tsv", "--n 6 --output %s", test_path("no/such.tsv"));
    refused("--n 6 --output /dev/full", 1, "/dev/full");
    refused("--n 6 --output /dev/full --summary --format json", 1, "/dev/full");
}

static void bad_matrices(void **state) {
    (void)state;
    static const char *const bad[][2] = {{"1 2\n3 nan\n", "nan"},
                                         {"1 2\n3\n", "m.txt"},
                                         {"1 2 3\n4 5 6\n", "m.txt"},
                                         {"1 x\n3 4\n", "m.txt"},
                                         {"0 1e999\n1 0\n", "m.txt"},
                                         {"0 9e307\n1 0\n", "m.txt"},
                                         {"", "m.txt"}};
    char arguments[1100], path[512];
    strcpy(path, test_path("m.txt"));
    for (size_t k = 0; k < sizeof bad / sizeof *bad; k++) {
        test_write_text(path, bad[k][0]);
        snprintf(arguments, sizeof arguments, "--network %s --output %s", path, test_path("o.tsv"));
        refused(arguments, 1, bad[k][1]);
    }
    fl_network large;
    assert_ok(fl_network_new(&large, 129));
    assert_ok(fl_matrix_write(&large, path, true, NULL));
    fl_network_clear(&large);
    refused(arguments, 1, "129");
    refused_of(1, "missing.npy", "--network %s", test_path("missing.npy"));
}

/* --transpose: the matrix as the other way of writing has it. */
static void transposed_matrix(void **state) {
    (void)state;
    static const double matrix[3][3] = {{0, 1, -2}, {0.5, 0, 0.25}, {-3, 0.75, 0}};
    char words[600], *text[3];
    for (int turned = 0; turned < 2; turned++) {
        FILE *file = fopen(test_path(turned ? "t.txt" : "m.txt"), "w");
        for (int i = 0; i < 3; i++)
            for (int j = 0; j < 3; j++)
                fprintf(file, "%g%c", turned ? matrix[j][i] : matrix[i][j], j < 2 ? ' ' : '\n');
        fclose(file);
    }
    for (int k = 0; k < 3; k++) {
        snprintf(words, sizeof words, "--network %s %s --jd 0 --store %s",
                 test_path(k ? "t.txt" : "m.txt"), k == 1 ? "--transpose" : "",
                 test_path(k == 0   ? "a.h5"
                           : k == 1 ? "b.h5"
                                    : "c.h5"));
        assert_int_equal(test_run_tool(fl_tool_enumerate, "fl-enumerate", words, &text[k], NULL),
                         0);
    }
    fl_store_reader *readers[2];
    for (int k = 0; k < 2; k++)
        assert_ok(fl_store_open(&readers[k], test_path(k ? "b.h5" : "a.h5")));
    assert_string_equal(fl_meta_get(fl_store_meta(readers[0]), "network_crc32"),
                        fl_meta_get(fl_store_meta(readers[1]), "network_crc32"));
    for (int k = 0; k < 2; k++)
        fl_store_reader_close(readers[k]);
    for (int k = 0; k < 3; k++)
        free(text[k]);
    test_refused(fl_tool_enumerate, "fl-enumerate", "--n 5 --transpose", 2, "--transpose");
    test_scratch_empty();
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(transposed_matrix),
        cmocka_unit_test(rows),
        cmocka_unit_test(summaries),
        cmocka_unit_test(threads),
        cmocka_unit_test_setup(given_matrices, test_empty_scratch),
        cmocka_unit_test_setup(stores, test_empty_scratch),
        cmocka_unit_test_setup(usage, test_empty_scratch),
        cmocka_unit_test_setup(outputs, test_empty_scratch),
        cmocka_unit_test_setup(bad_matrices, test_empty_scratch),
    };
    return cmocka_run_group_tests_name("tool_enumerate", tests, NULL, NULL);
}
