/* fl-count: rows, summaries, comparisons, stores, and what it refuses. */
#include "tests/support/support.h"

#include <math.h>
#include <unistd.h>

#include "fixland/chain.h"
#include "fixland/count.h"
#include "fixland/gaussian.h"
#include "fixland/matrix.h"
#include "fixland/moments.h"
#include "fixland/stats.h"
#include "fixland/store.h"
#include "fixland/tools.h"
#include "tests/support/brute.h"
#include "tests/support/chance.h"
#include "tests/support/files.h"
#include "tests/support/tools.h"

static const char name[] = "fl-count";

static fl_frame table(const char *arguments) {
    return test_table(fl_tool_count, name, arguments);
}

static void refused(const char *arguments, int code, const char *word) {
    test_refused(fl_tool_count, name, arguments, code, word);
}

#define refused_of(code, word, ...) test_refused_of(fl_tool_count, name, code, word, __VA_ARGS__)

static fl_network draw(size_t n, uint64_t seed, uint64_t sample) {
    fl_network network;
    fl_ensemble e = FL_ENSEMBLE_DEFAULT;
    assert_ok(fl_network_draw(&network, &e, n, seed, sample));
    return network;
}

#define COLUMNS "n jd sample log_count log_count_error equilibrated method low high"

/* Rows are what the library says, in the order sizes, samples, self-couplings, methods. */
static void rows(void **state) {
    (void)state;
    static const double jds[] = {0.4, 0.1};
    fl_frame f = table("--n 8,11 --jd 0.4,0.1 --samples 3 --seed 5 --population 700 --sweeps 3 "
                       "--method both");
    test_assert_columns(&f, COLUMNS);
    assert_int_equal(f.rows, 24);
    for (size_t row = 0; row < f.rows; row++) {
        fl_network network = draw(row < 12 ? 8 : 11, 5, row / 4 % 3);
        fl_count_plan plan = {.method = row % 2 ? FL_COUNT_SPLIT : FL_COUNT_ANNEAL,
                              .jd = jds[row / 2 % 2],
                              .population = 700,
                              .sweeps = 3,
                              .seed = 5,
                              .sample = row / 4 % 3};
        fl_count_estimate e;
        assert_ok(fl_count(&network, &plan, &e, NULL));
        assert_true(test_cell(&f, row, "n") == (double)network.n);
        assert_true(test_cell(&f, row, "jd") == plan.jd);
        assert_true(test_cell(&f, row, "sample") == (double)plan.sample);
        assert_true(test_cell(&f, row, "equilibrated") == e.equilibrated);
        assert_true(e.log_count == test_cell(&f, row, "log_count") ||
                    (isnan(e.log_count) && isnan(test_cell(&f, row, "log_count"))));
        assert_true(test_cell(&f, row, "low") == e.low && test_cell(&f, row, "high") == e.high);
        assert_string_equal(f.text[row * f.columns + 6], row % 2 ? "split" : "anneal");
        fl_network_clear(&network);
    }
    fl_frame_clear(&f);
    f = table("--n 9 --jd 0.5 --population 600 --diagnostics");
    assert_string_equal(fl_meta_get(&f.meta, "population"), "1024"); /* those that are taken */
    test_assert_columns(&f,
                        COLUMNS " raw spread families replicas excess acceptance fraction steps "
                                "distinct coincidences log_count_coincidences found");
    assert_true(test_cell(&f, 0, "replicas") == 64 && test_cell(&f, 0, "found") == 1);
    assert_true(test_cell(&f, 0, "raw") == test_cell(&f, 0, "log_count"));
    fl_frame_clear(&f);
}

/* The data lines for 1, 2 and 5 threads, and for each kernel, are the same bits; so are those of
 * shards, one after the other. */
static void same_bits(void **state) {
    (void)state;
    int large = test_fast() ? 17 : 33;
    char call[128];
    snprintf(call, sizeof call, "--n 12,%d --jd 0.3,0 --samples 2 --population 600 --sweeps 2",
             large);
    static const char *const kernels[] = {"scalar", "avx2", "avx512"};
    char *before = getenv("FIXLAND_KERNEL"), *kept = before ? strdup(before) : NULL, *first = NULL;
    for (int k = 0; k < 6; k++) {
        char arguments[256], *out, *err;
        if (k < 3)
            setenv("FIXLAND_KERNEL", kernels[k], 1);
        snprintf(arguments, sizeof arguments, "%s --threads %d", call,
                 (int[]){2, 1, 2, 1, 2, 5}[k]);
        assert_int_equal(test_run_tool(fl_tool_count, name, arguments, &out, &err), 0);
        assert_string_equal(err, "");
        char *lines = test_data_lines(out);
        if (first)
            assert_string_equal(lines, first);
        else
            first = strdup(lines);
        free(lines);
        free(out);
        free(err);
        if (k == 2 && kept)
            setenv("FIXLAND_KERNEL", kept, 1);
        else if (k == 2)
            unsetenv("FIXLAND_KERNEL");
    }
    free(kept);
    char part[2][256], *one = NULL;
    for (int k = 0; k < 2; k++) {
        snprintf(part[k], sizeof part[k], "%s --shard %d/2 --n %d", call, k + 1, large);
        char *out, *err;
        assert_int_equal(test_run_tool(fl_tool_count, name, part[k], &out, &err), 0);
        one = test_data_lines(out);
        assert_true(strlen(one) > 20 && strstr(first, one));
        free(one);
        free(out);
        free(err);
    }
    free(first);
}

static void summaries(void **state) {
    (void)state;
    fl_frame all = table("--n 10 --jd 0.5,0.2 --samples 6 --seed 3 --population 2000");
    fl_frame f = table("--n 10 --jd 0.5,0.2 --samples 6 --seed 3 --population 2000 --summary");
    test_assert_columns(&f, "n jd samples undecided fraction_empty entropy entropy_error annealed "
                            "annealed_error closed_form z limit lognormal method log_variance "
                            "log_variance_error exact_variance predicted_log_variance "
                            "predicted_empty");
    assert_int_equal(f.rows, 2);
    for (size_t row = 0; row < 2; row++) {
        double logs[6], noise = 0, mean = 0, closed, limit, jd = row ? 0.2 : 0.5;
        fl_ensemble e = FL_ENSEMBLE_DEFAULT;
        size_t some = 0;
        for (size_t s = 0; s < 6; s++) {
            double x = test_cell(&all, 2 * s + row, "log_count");
            assert_true(test_cell(&all, 2 * s + row, "equilibrated") == 1);
            if (!isnan(x)) {
                logs[some++] = x / 10;
                noise += pow(test_cell(&all, 2 * s + row, "log_count_error"), 2);
                mean += exp(x) / 6;
            }
        }
        fl_estimate quenched = fl_mean(logs, some);
        assert_true(test_cell(&f, row, "samples") == 6 && test_cell(&f, row, "undecided") == 0);
        assert_relative(test_cell(&f, row, "fraction_empty"), (6 - (double)some) / 6, 1e-15);
        assert_relative(test_cell(&f, row, "entropy"), quenched.mean, 1e-13);
        assert_relative(test_cell(&f, row, "entropy_error"), quenched.error, 1e-9);
        assert_relative(test_cell(&f, row, "annealed"), log(mean) / 10, 1e-12);
        assert_ok(fl_log_mean_count(&e, 10, jd, &closed));
        assert_relative(test_cell(&f, row, "closed_form"), closed / 10, 1e-14);
        fl_estimate variance = fl_variance_estimate(logs, some);
        assert_relative(test_cell(&f, row, "log_variance"),
                        100 * variance.mean - noise / (double)some, 1e-9);
        assert_relative(test_cell(&f, row, "log_variance_error"), 100 * variance.error, 1e-9);
        fl_count_law law;
        assert_ok(fl_count_law_at(&e, 10, jd, &law));
        assert_true(test_cell(&f, row, "exact_variance") == law.variance);
        assert_true(test_cell(&f, row, "predicted_log_variance") == law.log_variance);
        assert_true(test_cell(&f, row, "predicted_empty") == law.empty);
        assert_ok(fl_entropy_limit(jd, &limit));
        assert_true(test_cell(&f, row, "limit") == limit);
        assert_relative(test_cell(&f, row, "z"),
                        (log(mean) / 10 - closed / 10) / test_cell(&f, row, "annealed_error"),
                        1e-9);
    }
    fl_frame_clear(&f);
    fl_frame_clear(&all);
    /* No closed form of the variance, none at all. */
    f = table("--n 5 --modules 2 --lambda 0.3 --jd 0.5 --samples 3 --population 600 --summary");
    fl_ensemble e = FL_ENSEMBLE_DEFAULT;
    double limit;
    assert_ok(fl_chain_entropy(0.5, 0.3, 2, 0, &limit));
    assert_relative(test_cell(&f, 0, "limit"), limit, 1e-12);
    assert_true(isnan(test_cell(&f, 0, "lognormal")) && !isnan(test_cell(&f, 0, "closed_form")));
    assert_true(isnan(test_cell(&f, 0, "exact_variance")));
    fl_frame_clear(&f);
    f = table("--n 9 --eta 1 --jd 0.5 --samples 3 --population 600 --summary");
    assert_ok(fl_entropy_limit_eta(0.5, 1, &limit));
    assert_true(test_cell(&f, 0, "limit") == limit);
    fl_frame_clear(&f);
    f = table("--n 9 --jd 0.5 --samples 3 --population 600 --summary --input-strength 0.7");
    assert_relative(test_cell(&f, 0, "limit"), log(fl_normal_cdf(1.2) + fl_normal_cdf(-0.2)),
                    1e-13);
    assert_true(isnan(test_cell(&f, 0, "predicted_log_variance")));
    assert_ok(fl_count_variance_input(&e, 9, 0.5, &(fl_input_field){.strength = 0.7}, &limit));
    assert_relative(test_cell(&f, 0, "exact_variance"), limit, 1e-12);
    fl_frame_clear(&f);
    f = table("--n 9 --eta 1 --dilution 0.5 --jd 0.5 --samples 3 --population 600 --summary");
    assert_true(isnan(test_cell(&f, 0, "z")) && isnan(test_cell(&f, 0, "closed_form")));
    fl_frame_clear(&f);
}

/* Both methods against enumeration. */
static void check_mode(void **state) {
    (void)state;
    fl_frame f =
        table(test_fast() ? "check --n 12 --jd 0.5,0 --samples 4 --seed 2 --population 1000"
                          : "check --n 12 --jd 0.5,0 --samples 4 --seed 2 --population 3000");
    test_assert_columns(&f, "n jd sample anneal anneal_error split split_error z exact "
                            "anneal_covers split_covers");
    assert_int_equal(f.rows, 8);
    for (size_t row = 0; row < 8; row++) {
        fl_network network = draw(12, 2, row / 2);
        double jd = row % 2 ? 0 : 0.5, exact = log((double)brute_points(&network, jd, NULL));
        double a = test_cell(&f, row, "anneal"), error = test_cell(&f, row, "anneal_error");
        if (isinf(exact))
            assert_true(isnan(a) && test_cell(&f, row, "anneal_covers") == 1);
        else
            assert_z(a, exact, error);
        assert_true(exact == test_cell(&f, row, "exact") ||
                    fabs(exact - test_cell(&f, row, "exact")) < 1e-12);
        fl_network_clear(&network);
    }
    fl_frame_clear(&f);
    f = table("check --n 12 --jd 0.5 --population 600 --enumerate 11");
    assert_true(isnan(test_cell(&f, 0, "exact")) && test_cell(&f, 0, "anneal_covers") == -1);
    fl_frame_clear(&f);
}

/* No fixed point: no number, but a bound. */
static void none(void **state) {
    (void)state;
    fl_frame f = table("--n 16 --jd -4 --population 2000");
    assert_true(isnan(test_cell(&f, 0, "log_count")) && isnan(test_cell(&f, 0, "log_count_error")));
    assert_true(test_cell(&f, 0, "low") == -INFINITY);
    assert_true(test_cell(&f, 0, "high") < log(2) || test_cell(&f, 0, "equilibrated") == 0);
    fl_frame_clear(&f);
}

static void given_matrix(void **state) {
    (void)state;
    char arguments[1200];
    const char *path = test_path("m.npy");
    fl_network network = draw(11, 4, 0);
    for (size_t i = 0; i < 11; i++)
        network.diagonal[i] = 0.1 * (double)i - 0.2;
    assert_ok(fl_matrix_write(&network, path, false, NULL));
    snprintf(arguments, sizeof arguments, "--network %s --jd 0.3 --population 3000", path);
    fl_frame f = table(arguments);
    assert_int_equal(f.rows, 1);
    assert_true(test_cell(&f, 0, "n") == 11 && test_cell(&f, 0, "sample") == 0);
    assert_z(test_cell(&f, 0, "log_count"), log((double)brute_points(&network, 0.3, NULL)),
             test_cell(&f, 0, "log_count_error"));
    fl_frame_clear(&f);
    fl_network_clear(&network);
}

static void stores(void **state) {
    (void)state;
    char arguments[1200], path[512];
    fl_store_reader *reader;
    const fl_store_set *sets;
    size_t count;
    strcpy(path, test_path("points.h5"));
    snprintf(arguments, sizeof arguments,
             "--n 13 --jd 0.4,0.2 --samples 2 --seed 6 --population 1500 --store %s "
             "--store-networks",
             path);
    fl_frame f = table(arguments);
    assert_ok(fl_store_open(&reader, path));
    assert_ok(fl_store_sets(reader, &sets, &count));
    assert_int_equal(count, 4);
    for (size_t k = 0; k < count; k++) {
        fl_network network = draw(13, 6, k / 2), kept;
        uint64_t spins[1 << 13];
        double weights[1 << 13], sum = 0;
        assert_true(sets[k].jd == (k % 2 ? 0.2 : 0.4) && sets[k].sample == k / 2);
        assert_ok(fl_store_read(reader, &sets[k], 0, sets[k].count, spins));
        assert_ok(fl_store_weights(reader, &sets[k], 0, sets[k].count, weights));
        for (size_t p = 0; p < sets[k].count; p++) {
            assert_true(fl_network_is_fixed_point(&network, &spins[p], sets[k].jd));
            assert_true(p == 0 || spins[p] > spins[p - 1]);
            sum += weights[p];
        }
        if (sets[k].count)
            assert_relative(log(sum), test_cell(&f, k, "log_count"), 1e-9);
        assert_ok(fl_store_read_network(reader, 13, k / 2, &kept));
        assert_memory_equal(kept.J, network.J, 169 * sizeof(double));
        fl_network_clear(&kept);
        fl_network_clear(&network);
    }
    fl_store_reader_close(reader);
    fl_frame_clear(&f);
    /* fl-overlap reads it. */
    char overlap[600];
    snprintf(overlap, sizeof overlap, "clusters --radius 2 %s", path);
    f = test_table(fl_tool_overlap, "fl-overlap", overlap);
    assert_true(f.rows > 0);
    fl_frame_clear(&f);
    refused(arguments, 1, "points.h5");
    refused_of(1, "/dev/full", "--n 6 --store %s --output /dev/full", test_path("new.h5"));
}

/* Out of time, then continued without a limit: the output of one run. */
static void resumed(void **state) {
    (void)state;
    char call[128], arguments[1200], path[512], *out, *err;
    snprintf(call, sizeof call, "--n 20 --jd 0.3,0.5 --samples 4 --population %d --threads 2",
             test_fast() ? 500 : 3000);
    int code = 3, tries = 0;
    strcpy(path, test_path("o.tsv"));
    assert_int_equal(test_run_tool(fl_tool_count, name, call, &out, &err), 0);
    free(err);
    for (; code == 3; tries++) {
        snprintf(arguments, sizeof arguments, "%s --output %s --time-limit %g%s", call, path,
                 0.03 * (tries + 1), tries ? " --resume" : "");
        code = test_run_tool(fl_tool_count, name, arguments, NULL, &err);
        assert_true(code == 0 || (code == 3 && !test_exists(path)));
        free(err);
        assert_true(tries < 2000);
    }
    assert_true(tries > 1);
    /* A checkpoint without configurations cannot fill a store. */
    char other[512];
    strcpy(other, test_path("p.tsv"));
    for (double limit = 0.03; !test_exists(other); limit *= 1.5) {
        snprintf(arguments, sizeof arguments, "%s --output %s --force --time-limit %g", call, other,
                 limit);
        test_run_tool(fl_tool_count, name, arguments, NULL, NULL);
        snprintf(arguments, sizeof arguments, "%s.journal", other);
        if (!test_exists(arguments))
            continue; /* no population was ready */
        snprintf(arguments, sizeof arguments, "%s --output %s --resume --store %s", call, other,
                 test_path("p.h5"));
        assert_int_equal(test_run_tool(fl_tool_count, name, arguments, NULL, &err), 1);
        assert_non_null(strstr(err, "kept no configurations"));
        free(err);
        snprintf(arguments, sizeof arguments, "%s.journal", other);
        assert_int_equal(remove(arguments), 0);
        break;
    }
    remove(other);
    char *text = test_slurp(path), *got = test_data_lines(text), *whole = test_data_lines(out);
    assert_string_equal(got, whole);
    assert_int_equal(test_scratch_count(), 1);
    free(whole);
    free(got);
    free(text);
    free(out);
}

static void usage(void **state) {
    (void)state;
    static const char *const bad[][2] = {
        {"--n 1001", "--n"},
        {"--n 0", "--n"},
        {"--n 600 --modules 2", "--modules"},
        {"--jd nan", "--jd"},
        {"--samples 0", "--samples"},
        {"--population 0", "--population"},
        {"--sweeps 0", "--sweeps"},
        {"--method best", "--method"},
        {"--method both --store x.h5", "--method"},
        {"--store-networks", "--store"},
        {"--summary --diagnostics", "--diagnostics"},
        {"--network x.txt --samples 5", "--samples"},
        {"--network x.txt --eta 0.5", "--eta"},
        {"--shard 3/2", "--shard"},
        {"--samples 9 --shard 0/2", "--shard"},
        {"--samples 9 --shard 2", "--shard"},
        {"--samples 9 --shard -1/2", "--shard"},
        {"--eta 2", "--eta"},
        {"check --enumerate 129", "--enumerate"},
        {"check --method split", "--method"},
        {"stray", "stray"},
    };
    for (size_t k = 0; k < sizeof bad / sizeof *bad; k++)
        refused(bad[k][0], 2, bad[k][1]);
    char path[512];
    strcpy(path, test_path("m.txt"));
    test_write_text(path, "1 2\n3 nan\n");
    refused_of(1, "nan", "--network %s", path);
    fl_network large;
    assert_ok(fl_network_new(&large, 1001));
    assert_ok(fl_matrix_write(&large, path, true, NULL));
    fl_network_clear(&large);
    refused_of(1, "1001", "--network %s", path);
    test_write_text(test_path("there.tsv"), "mine\n");
    refused_of(1, "--force", "--n 6 --output %s", test_path("there.tsv"));
    refused("--n 6 --population 100 --output /dev/full", 1, "/dev/full");
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(rows),
        cmocka_unit_test_setup(same_bits, test_empty_scratch),
        cmocka_unit_test(summaries),
        cmocka_unit_test(check_mode),
        cmocka_unit_test(none),
        cmocka_unit_test_setup(given_matrix, test_empty_scratch),
        cmocka_unit_test_setup(stores, test_empty_scratch),
        cmocka_unit_test_setup(resumed, test_empty_scratch),
        cmocka_unit_test_setup(usage, test_empty_scratch),
    };
    return cmocka_run_group_tests_name("tool_count", tests, NULL, NULL);
}
