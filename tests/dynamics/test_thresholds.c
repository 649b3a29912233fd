/* Thresholds of success and their limits at large n: fits to made data, and fl-access threshold. */
#include "tests/support/support.h"

#include <math.h>

#include "fixland/access.h"
#include "fixland/table.h"
#include "fixland/tools.h"
#include "tests/support/chance.h"
#include "tests/support/tools.h"

static char *access_tool(const char *arguments, int code) {
    return test_output(fl_tool_access, "fl-access", arguments, code);
}

/* Data drawn from a known sigmoid: the interval covers the truth as often as it says, within the
 * binomial range at 1e-6 of an interval of 90 % or more. */
static void threshold_coverage(void **state) {
    (void)state;
    fl_rng rng = test_stream("coverage");
    enum { TRIALS = 300, POINTS = 9 };
    for (int link = 0; link < 2; link++) {
        int inside = 0;
        for (int trial = 0; trial < TRIALS; trial++) {
            double truth = 0.4 + 0.2 * fl_rng_uniform(&rng), width = 0.05;
            fl_success data[POINTS];
            for (int k = 0; k < POINTS; k++) {
                double jd = 0.1 + 0.1 * k, y = (jd - truth) / width;
                double p = link ? 0.5 * erfc(-y * M_SQRT1_2) : 1 / (1 + exp(-y));
                data[k] = (fl_success){jd, 0, 40};
                for (int m = 0; m < 40; m++)
                    data[k].successes += fl_rng_uniform(&rng) < p;
            }
            fl_success_threshold t;
            assert_ok(
                fl_threshold_fit(data, POINTS, link ? FL_PROBIT : FL_LOGISTIC, 100, &rng, &t));
            inside += t.interval.low <= truth && truth <= t.interval.high;
            assert_true(t.bracketed && fabs(t.jd - truth) < 0.1);
        }
        assert_true(inside > 265); /* 285 of 300 expected; below with probability 1e-6 */
    }
}

/* The fit is the maximum: no better likelihood next to it. Logistic, two points: exact. */
static void threshold_exact(void **state) {
    (void)state;
    fl_rng rng = test_stream("exact");
    fl_success data[2] = {{0.2, 10, 40}, {0.6, 32, 40}};
    fl_success_threshold t;
    assert_ok(fl_threshold_fit(data, 2, FL_LOGISTIC, 50, &rng, &t));
    double low = log(10. / 30), high = log(32. / 8); /* log-odds on a line through both */
    assert_relative(t.jd, 0.2 + 0.4 * -low / (high - low), 1e-6);
    assert_relative(t.width, 0.4 / (high - low), 1e-6);
    assert_false(t.coarse);
    fl_success jump[4] = {{0.1, 0, 20}, {0.2, 0, 20}, {0.3, 20, 20}, {0.4, 20, 20}};
    assert_ok(fl_threshold_fit(jump, 4, FL_PROBIT, 200, &rng, &t));
    assert_true(t.jd > 0.2 && t.jd < 0.3 && t.error > 0.005 && t.interval.low < t.jd);
    assert_true(t.coarse);
    fl_success none[3] = {{0.1, 0, 9}, {0.2, 0, 9}, {0.3, 0, 9}};
    assert_status(FL_EDOMAIN, fl_threshold_fit(none, 3, FL_LOGISTIC, 50, &rng, &t));
    fl_success falling[3] = {{0.1, 9, 9}, {0.2, 5, 9}, {0.3, 0, 9}};
    assert_status(FL_EDOMAIN, fl_threshold_fit(falling, 3, FL_LOGISTIC, 50, &rng, &t));
    assert_status(FL_EDOMAIN, fl_threshold_fit(data, 1, FL_LOGISTIC, 50, &rng, &t));
    assert_status(FL_EINVAL, fl_threshold_fit(data, 2, FL_LOGISTIC, 1, &rng, &t));
}

/* Points on a power with noise: the interval covers the limit; a warning where they tell little. */
/* Runs of some networks never end well: success tends to an upper level, which the fit does not know. That is told, and
 * not where it tends to 1. */
static void success_that_levels_off(void **state) {
    (void)state;
    fl_rng rng = test_stream("levels off");
    enum { TRIALS = 60, POINTS = 9, NETWORKS = 100 };
    int told[2] = {0, 0};
    for (int trial = 0; trial < TRIALS; trial++)
        for (int level = 0; level < 2; level++) {
            fl_success data[POINTS];
            for (int k = 0; k < POINTS; k++) {
                double jd = 0.1 * k, p = (level ? 0.85 : 1) / (1 + exp(-(jd - 0.4) / 0.05));
                data[k] = (fl_success){jd, 0, NETWORKS};
                for (int m = 0; m < NETWORKS; m++)
                    data[k].successes += fl_rng_uniform(&rng) < p;
            }
            fl_success_threshold t;
            assert_ok(fl_threshold_fit(data, POINTS, FL_LOGISTIC, 0, &rng, &t));
            told[level] += t.levels_off;
        }
    assert_true(told[0] == 0);         /* expected far less than 60 times 1e-3 */
    assert_true(told[1] > TRIALS / 2); /* of 15(3.6) networks that fail some 9 are enough */
}

static void extrapolation(void **state) {
    (void)state;
    fl_rng rng = test_stream("extrapolation");
    int inside = 0;
    fl_extrapolation e;
    for (int trial = 0; trial < 200; trial++) {
        fl_point points[6];
        double exponent = 0.3 + 0.7 * fl_rng_uniform(&rng);
        for (int k = 0; k < 6; k++) {
            double n = 100 << k;
            points[k] =
                (fl_point){n, 0.8 - 3 * pow(n, -exponent) + 0.003 * fl_rng_gauss(&rng), 0.003};
        }
        assert_ok(fl_extrapolate(points, 6, FL_POWER, &e));
        inside += e.interval.low <= 0.8 && 0.8 <= e.interval.high;
    }
    assert_true(inside > 170);
    fl_point few[3] = {{100, 0.3, 0.01}, {200, 0.4, 0.01}, {400, 0.45, 0.01}};
    assert_ok(fl_extrapolate(few, 3, FL_POWER, &e));
    assert_non_null(e.warning);
    fl_point crooked[4] = {
        {100, 0.3, 0.001}, {200, 0.5, 0.001}, {400, 0.4, 0.001}, {800, 0.6, 0.001}};
    assert_ok(fl_extrapolate(crooked, 4, FL_POWER, &e));
    assert_non_null(strstr(e.warning, "form"));
    assert_status(FL_EDOMAIN, fl_extrapolate(few, 2, FL_POWER, &e));
    few[0].error = 0;
    assert_status(FL_EINVAL, fl_extrapolate(few, 3, FL_POWER, &e));
}

/* The form of extinction: the interval covers the limit; a power fitted to the same points does not
 * (its chi^2 or its interval tells). Too few points, a form that is another: warnings. */
static void extinction(void **state) {
    (void)state;
    fl_rng rng = test_stream("extinction");
    int inside = 0;
    fl_extrapolation e;
    fl_point points[6];
    for (int trial = 0; trial < 200; trial++) {
        double a = 10 * fl_rng_uniform(&rng), b = 2 + 6 * fl_rng_uniform(&rng);
        for (int k = 0; k < 6; k++) {
            double n = 200 << k, error = 0.002;
            points[k] =
                (fl_point){n, 0.8 - sqrt((a + b * log(n)) / n) + error * fl_rng_gauss(&rng), error};
        }
        assert_ok(fl_extrapolate(points, 6, FL_EXTINCTION, &e));
        inside += e.interval.low <= 0.8 && 0.8 <= e.interval.high;
        assert_true(fabs(e.limit - 0.8) < 7 * e.error);
    }
    assert_true(inside > 170);    /* 190 expected */
    for (int k = 0; k < 6; k++) { /* without noise: exact, and its parameters */
        double n = 200 << k;
        points[k] = (fl_point){n, 0.8 - sqrt((5 + 4 * log(n)) / n), 1e-4};
    }
    assert_ok(fl_extrapolate(points, 6, FL_EXTINCTION, &e));
    assert_true(fabs(e.limit - 0.8) < 1e-3 && e.chi2 < 1 && !e.warning);
    assert_true(fabs(e.amplitude - 5) < 0.5 && fabs(e.growth - 4) < 0.1);
    assert_ok(fl_extrapolate(points, 6, FL_POWER, &e));
    assert_non_null(strstr(e.warning, "form"));
    assert_ok(fl_extrapolate(points, 3, FL_EXTINCTION, &e));
    assert_non_null(e.warning);
    points[0].value = 0.75;
    assert_ok(fl_extrapolate(points, 6, FL_EXTINCTION, &e));
    assert_non_null(strstr(e.warning, "form"));
    for (int k = 0; k < 6; k++)
        points[k].value = 0.5;
    assert_status(FL_EDOMAIN, fl_extrapolate(points, 6, FL_EXTINCTION, &e));
}

/* Runs of networks with thresholds of their own, 0.8 - n^(-1/2) + 0.03 logit(u) with u evenly spread:
 * the success of all is a sigmoid of width 0.03, and the thresholds tell the error. */
static void write_runs(const char *path, int networks, bool summary, int seed) {
    FILE *file = fopen(path, "w");
    fprintf(file, "# seed: %d\n# columns: algorithm n jd %s\n", seed,
            summary ? "samples success median_sweeps"
                    : "sample replica ending sweeps flips_per_neuron unstable_fraction period");
    for (int n = 100; n <= 1600; n *= 2)
        for (int k = 1; k <= 20; k++) {
            int reached = 0;
            for (int m = 0; m < networks; m++) {
                double u = (m + 0.5) / networks, own = 0.8 - pow(n, -0.5) + 0.03 * log(u / (1 - u));
                reached += 0.05 * k > own;
                if (!summary)
                    fprintf(file, "async %d %.2f %d 0 %s %d 1 0 0\n", n, 0.05 * k, m,
                            0.05 * k > own ? "fixed" : "wanders", n + k);
            }
            if (summary)
                fprintf(file, "async %d %.2f %d %.17g %d\n", n, 0.05 * k, networks,
                        (double)reached / networks, n + k);
        }
    fclose(file);
}

static void threshold_tool(void **state) {
    (void)state;
    enum { NETWORKS = 200 };
    const char *path = test_path("made.tsv");
    char words[600];
    fl_frame f;
    write_runs(path, NETWORKS, false, 1);
    snprintf(words, sizeof words, "threshold %s --resamples 400 --quiet --output %s", path,
             test_path("fit.tsv"));
    free(access_tool(words, 0));
    assert_ok(fl_frame_read(&f, test_path("fit.tsv")));
    assert_int_equal(f.rows, 6);
    /* The variance of a logistic distribution is pi^2/3 of its width squared. */
    double error = 0.03 * M_PI / sqrt(3 * NETWORKS);
    for (size_t k = 0; k < 5; k++) {
        const double *row = f.real + k * f.columns;
        assert_true(fabs(row[2] - 0.8 + pow(row[1], -0.5)) < 2e-3);
        assert_relative(row[3], error, 0.25);
        assert_true(row[4] < row[2] && row[2] < row[5]);
        assert_true(row[7] == 0.8 || row[7] == 0.85);
        assert_true(row[8] == row[1] + 20 * row[7]);
    }
    const double *limit = f.real + 5 * f.columns;
    assert_true(isinf(limit[1]) && limit[4] < 0.8 && 0.8 < limit[5]);
    fl_frame_clear(&f);
    free(access_tool("threshold", 2));
    snprintf(words, sizeof words, "threshold %s", test_path("fit.tsv"));
    free(access_tool(words, 1));
    test_scratch_empty();
}

/* Summaries hold no single networks: the same fits, and no errors. */
static void thresholds_of_summaries(void **state) {
    (void)state;
    char words[600], *out, *err;
    fl_frame f;
    write_runs(test_path("sums.tsv"), 100, true, 1);
    snprintf(words, sizeof words, "threshold %s --output %s", test_path("sums.tsv"),
             test_path("fit.tsv"));
    assert_int_equal(test_run_tool(fl_tool_access, "fl-access", words, &out, &err), 0);
    assert_non_null(strstr(err, "holds no single networks"));
    free(out);
    free(err);
    assert_ok(fl_frame_read(&f, test_path("fit.tsv")));
    assert_int_equal(f.rows, 5);
    for (size_t k = 0; k < 5; k++) {
        const double *row = f.real + k * f.columns;
        assert_true(fabs(row[2] - 0.8 + pow(row[1], -0.5)) < 3e-3);
        assert_true(isnan(row[3]) && isnan(row[4]) && isnan(row[5]));
    }
    fl_frame_clear(&f);
    test_scratch_empty();
}

/* The same runs twice, under whatever name, are refused; those of another seed count. */
static void thresholds_of_repeats(void **state) {
    (void)state;
    char words[900], *out, *err;
    static const char *const names[] = {"a.tsv", "copy.tsv", "other.tsv", "sum.tsv"};
    write_runs(test_path(names[0]), 20, false, 1);
    write_runs(test_path(names[1]), 20, false, 1);
    write_runs(test_path(names[2]), 20, false, 2);
    write_runs(test_path(names[3]), 20, true, 1);
    static const struct {
        int first, second, code;
        const char *says;
    } cases[] = {{0, 0, 1, "hold the same run"},
                 {0, 1, 1, "hold the same run"},
                 {0, 2, 0, ""},
                 {3, 3, 1, "hold the same runs"},
                 {0, 3, 1, "--per-sample"}};
    for (size_t k = 0; k < sizeof cases / sizeof *cases; k++) {
        snprintf(words, sizeof words, "threshold %s %s --resamples 20",
                 test_path(names[cases[k].first]), test_path(names[cases[k].second]));
        assert_int_equal(test_run_tool(fl_tool_access, "fl-access", words, &out, &err),
                         cases[k].code);
        assert_non_null(strstr(err, cases[k].says));
        free(out);
        free(err);
    }
    test_scratch_empty();
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(threshold_coverage),
        cmocka_unit_test(threshold_exact),
        cmocka_unit_test(success_that_levels_off),
        cmocka_unit_test(extrapolation),
        cmocka_unit_test(extinction),
        cmocka_unit_test(threshold_tool),
        cmocka_unit_test(thresholds_of_summaries),
        cmocka_unit_test(thresholds_of_repeats),
    };
    return cmocka_run_group_tests_name("thresholds", tests, NULL, NULL);
}
