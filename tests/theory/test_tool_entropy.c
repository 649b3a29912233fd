/* fl-entropy count and pairs: values against 256-bit arithmetic, formats, refusals. */
#include "tests/support/support.h"

#include <math.h>

#include "fixland/tools.h"
#include "tests/support/files.h"
#include "tests/support/reference.h"
#include "tests/support/tools.h"

static const char name[] = "fl-entropy";

static fl_frame table(const char *arguments) {
    return test_table(fl_tool_entropy, name, arguments);
}

static void refused(const char *arguments, int code, const char *word) {
    test_refused(fl_tool_entropy, name, arguments, code, word);
}

#define refused_of(code, word, ...) test_refused_of(fl_tool_entropy, name, code, word, __VA_ARGS__)

/* Rows by J_D, then by n; every number to 1e-12. */
static void check_counts(const char *arguments, fl_variance variance, const double *jd, size_t jds,
                         const size_t *n, size_t ns) {
    fl_frame f = table(arguments);
    fl_ensemble e = FL_ENSEMBLE_DEFAULT;
    e.variance = variance;
    mpfr_t exact, x;
    reference_init(exact);
    reference_init(x);
    test_assert_columns(&f, "jd n entropy_limit log_mean_count mean_count");
    assert_int_equal(f.rows, jds * ns);
    for (size_t row = 0; row < f.rows; row++) {
        double value = jd[row / ns];
        assert_true(test_cell(&f, row, "jd") == value);
        assert_true(test_cell(&f, row, "n") == (double)n[row % ns]);
        mpfr_set_d(x, value, MPFR_RNDN);
        reference_normal_cdf(exact, x);
        mpfr_mul_ui(exact, exact, 2, MPFR_RNDN);
        mpfr_log(exact, exact, MPFR_RNDN);
        assert_true(reference_error(test_cell(&f, row, "entropy_limit"), exact) < 1e-12);
        reference_log_mean_count(exact, &e, n[row % ns], value);
        assert_true(reference_error(test_cell(&f, row, "log_mean_count"), exact) < 1e-12);
        double mean = test_cell(&f, row, "mean_count");
        assert_true(mean == exp(test_cell(&f, row, "log_mean_count")));
    }
    mpfr_clears(exact, x, (mpfr_ptr)0);
    fl_frame_clear(&f);
}

static void counts(void **state) {
    (void)state;
    const double tenths[] = {0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1};
    const double wide[] = {-2, 1e-9, 6};
    const size_t small[] = {20, 50}, large[] = {2, 1000000};
    check_counts("count --jd 0:1:0.1 --n 20,50", FL_VARIANCE_N, tenths, 11, small, 2);
    check_counts("--n 20,50", FL_VARIANCE_N, tenths, 11, small, 2); /* the default mode and range */
    check_counts("count --jd -2,1e-9,6 --n 2,1e6", FL_VARIANCE_N, wide, 3, large, 2);
    check_counts("count --variance n-1 --jd=-2,1e-9,6 --n 2,1e6", FL_VARIANCE_N_MINUS_1, wide, 3,
                 large, 2);
}

static void check_pairs(const char *arguments, fl_variance variance, double jd, size_t n) {
    fl_frame f = table(arguments);
    mpfr_t exact;
    reference_init(exact);
    test_assert_columns(&f, "jd n distance mean_pairs log_mean_pairs");
    assert_int_equal(f.rows, n + 1);
    for (size_t d = 0; d <= n; d++) {
        assert_true(test_cell(&f, d, "jd") == jd && test_cell(&f, d, "n") == (double)n);
        assert_true(test_cell(&f, d, "distance") == (double)d);
        double value = test_cell(&f, d, "log_mean_pairs");
        reference_log_pairs(exact, n, jd, d, variance);
        assert_true(reference_error(value, exact) < 1e-12);
        assert_true(test_cell(&f, d, "mean_pairs") == exp(value));
    }
    mpfr_clear(exact);
    fl_frame_clear(&f);
}

static void pairs(void **state) {
    (void)state;
    check_pairs("pairs --jd 0.5 --n 20", FL_VARIANCE_N, 0.5, 20);
    if (!test_fast())
        check_pairs("pairs --jd=-0.3 --n 13 --variance n-1", FL_VARIANCE_N_MINUS_1, -0.3, 13);
    fl_frame f = table("pairs --n 1 --jd 0.25"); /* one neuron: two fixed points, mirror images */
    assert_int_equal(f.rows, 2);
    assert_true(test_cell(&f, 0, "mean_pairs") == 2 && test_cell(&f, 1, "mean_pairs") == 2);
    fl_frame_clear(&f);
    f = table("pairs --jd 0,0.1 --n 2,3");
    assert_int_equal(f.rows, 14);
    assert_string_equal(f.text[1 * f.columns + 4], "-inf"); /* no pair at distance 1 at J_D = 0 */
    assert_true(test_cell(&f, 1, "mean_pairs") == 0);
    fl_frame_clear(&f);
}

/* Text and JSON hold the same numbers, and the same parameters. */
static void formats(void **state) {
    (void)state;
    static const char *const calls[] = {"count --jd -2:6:0.5 --n 3,1000,1000000",
                                        "pairs --jd 0,0.7 --n 2,9"};
    for (int k = 0; k < 2; k++) {
        char json[256];
        snprintf(json, sizeof json, "%s --format json", calls[k]);
        fl_frame a = table(calls[k]), b = table(json);
        assert_true(a.rows == b.rows && a.columns == b.columns);
        for (size_t i = 0; i < a.rows * a.columns; i++)
            assert_true(a.real[i] == b.real[i]);
        static const char *const keys[] = {"program", "mode", "jd", "n", "variance", "version"};
        for (int key = 0; key < 6; key++)
            assert_string_equal(fl_meta_get(&a.meta, keys[key]), fl_meta_get(&b.meta, keys[key]));
        assert_string_equal(fl_meta_get(&a.meta, "program"), name);
        fl_frame_clear(&a);
        fl_frame_clear(&b);
    }
}

/* On stdout, as a program: comments, then rows that any reader of columns understands. */
static void as_a_program(void **state) {
    (void)state;
    char *out, *err;
    int code = test_run_shell("\"$BIN/fl-entropy\" count --jd 1 --n 10", &out, &err);
    assert_int_equal(code, 0);
    assert_string_equal(err, "");
    char *data = test_data_lines(out), *end;
    assert_non_null(strstr(out, "# columns: jd n entropy_limit[nats] log_mean_count[nats] "
                                "mean_count\n"));
    assert_relative(strtod(data, &end), 1, 0);
    assert_relative(strtod(end, &end), 10, 0);
    assert_relative(strtod(end, &end), 0.52039340153649554, 1e-15);
    free(data);
    free(out);
    free(err);
    static const struct {
        const char *command;
        int code;
    } calls[] = {
        {"\"$BIN/fl-entropy\" --help", 0},     {"\"$BIN/fl-entropy\" pairs --help", 0},
        {"\"$BIN/fl-entropy\" --version", 0},  {"\"$BIN/fl-entropy\" --n 0", 2},
        {"\"$BIN/fl-entropy\" >/dev/full", 1}, {"\"$BIN/fl-entropy\" --output /dev/full", 1}};
    for (size_t k = 0; k < sizeof calls / sizeof *calls; k++) {
        code = test_run_shell(calls[k].command, &out, &err);
        if (code != calls[k].code || (calls[k].code == 0) != (*err == 0) ||
            (calls[k].code == 0) != (*out != 0))
            fail_msg("%s: exit %d, out '%s', err '%s'", calls[k].command, code, out, err);
        free(out);
        free(err);
    }
}

static void usage(void **state) {
    (void)state;
    static const char *const bad[][2] = {
        {"count --jd nan", "--jd"},
        {"count --jd 0,inf", "--jd"},
        {"count --jd 1:2:0", "--jd"},
        {"count --jd x", "--jd"},
        {"count --jd", "--jd"},
        {"count --n 0", "--n"},
        {"count --n 1e10", "--n"},
        {"count --n 2.5", "--n"},
        {"count --n -3", "--n"},
        {"count --variance n+1", "--variance"},
        {"count --format xml", "--format"},
        {"count --nonsense 3", "--nonsense"},
        {"pairs --n 1e9", "--n"},
        {"no-such-mode --n 3", "no-such-mode"},
        {"count --seed 3", "--seed"},
        {"count stray", "stray"},
    };
    for (size_t k = 0; k < sizeof bad / sizeof *bad; k++)
        refused(bad[k][0], 2, bad[k][1]);
}

/* One neuron has no couplings; where there are no fixed points nothing varies, and other rows stand. */
static void smallest(void **state) {
    (void)state;
    refused("cycles --n 1", 2, "at least 2");
    refused("input --n 5,1", 2, "at least 2");
    fl_frame f = table("fluctuations --n 1,5 --jd -0.3,0.2");
    assert_int_equal(f.rows, 4);
    for (size_t row = 0; row < 4; row++)
        assert_int_equal(isnan(test_cell(&f, row, "variance")), row == 0);
    fl_frame_clear(&f);
}

static void outputs(void **state) {
    (void)state;
    const char *path = test_path("there");
    char arguments[600];
    test_write_text(path, "precious\n");
    refused_of(1, "--force", "--n 20 --output %s", path);
    test_assert_text(path, "precious\n");
    snprintf(arguments, sizeof arguments, "--n 20 --output %s --force", path);
    assert_int_equal(test_run_tool(fl_tool_entropy, name, arguments, NULL, NULL), 0);
    fl_frame f;
    assert_ok(fl_frame_read(&f, path));
    assert_int_equal(f.rows, 11);
    fl_frame_clear(&f);
    assert_int_equal(test_scratch_count(), 1);
    refused_of(1, "no-such-folder", "--n 20 --output %s", test_path("no-such-folder/x.tsv"));
    refused("--output /dev/full", 1, "/dev/full");
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(counts),
        cmocka_unit_test(pairs),
        cmocka_unit_test(formats),
        cmocka_unit_test(as_a_program),
        cmocka_unit_test_setup(usage, test_empty_scratch),
        cmocka_unit_test(smallest),
        cmocka_unit_test_setup(outputs, test_empty_scratch),
    };
    return cmocka_run_group_tests_name("tool_entropy", tests, NULL, NULL);
}
