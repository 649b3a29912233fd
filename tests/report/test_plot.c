/* fl-plot: every figure tells its tables, one is drawn, and what is missing is named. */
#include <unistd.h>

#include "tests/support/support.h"

#include "fixland/table.h"
#include "fixland/tools.h"

__attribute__((noinline)) static char *plot(const char *arguments, int code, const char *word) {
    char *out, *err;
    int got = test_run_tool(fl_tool_plot, "fl-plot", arguments, &out, &err);
    if (got != code || (word && !strstr(err, word)))
        fail_msg("fl-plot %s: exit %d: %s", arguments, got, err);
    free(err);
    return out;
}

static void write_text(const char *path, const char *text) {
    FILE *file = fopen(path, "w");
    assert_non_null(file);
    fputs(text, file);
    fclose(file);
}

/* Each script of the source tree is there, and no table is without the ending of one. */
static void figures(void **state) {
    (void)state;
    char words[300];
    snprintf(words, sizeof words, "list --output %s", test_path("list.tsv"));
    free(plot(words, 0, NULL));
    fl_frame f;
    assert_ok(fl_frame_read(&f, test_path("list.tsv")));
    bool access_figure = false, threshold = false, star = false, style = false;
    for (size_t k = 0; k < f.rows; k++) {
        const char *figure = f.text[k * 2], *table = f.text[k * 2 + 1], *end = strrchr(table, '.');
        assert_true(end && strcmp(end, ".tsv") == 0);
        access_figure |= strcmp(figure, "access") == 0 && strcmp(table, "access.tsv") == 0;
        threshold |= strcmp(figure, "access") == 0 && strcmp(table, "access-threshold.tsv") == 0;
        star |= strcmp(table, "trace-sync-*.tsv") == 0;
        style |= strcmp(figure, "style") == 0;
    }
    assert_true(access_figure && threshold && star && !style);
    fl_frame_clear(&f);
    char *rows = plot("--list", 0, NULL);
    assert_non_null(strstr(rows, "\naccess access.tsv\n"));
    free(rows);
    test_scratch_empty();
}

/* Needs gnuplot, as the figures do. */
static void drawn(void **state) {
    (void)state;
    char words[600], *out;
    if (test_run_shell("command -v gnuplot", &out, NULL) != 0) {
        free(out);
        skip();
    }
    free(out);
    write_text(test_path("a.tsv"), "# columns: x y\n1 2\n2 3\n");
    write_text(test_path("style.gp"), "set terminal svg\nset output output\n");
    write_text(test_path("line.gp"), "load plots.\"/style.gp\"\nplot data.\"/a.tsv\" using 1:2\n");
    write_text(test_path("bad.gp"), "plot nothing\n");
    char *folder = strdup(test_path("a.tsv"));
    *strrchr(folder, '/') = 0;
    setenv("FIXLAND_PLOTS", folder, 1);
    snprintf(words, sizeof words, "line --data %s --output %s/line.svg", folder, folder);
    free(plot(words, 0, NULL));
    char *svg = test_slurp(test_path("line.svg"));
    assert_true(svg && strstr(svg, "<svg") && strstr(svg, "</svg>"));
    free(svg);
    free(plot(words, 1, "exists"));
    snprintf(words, sizeof words, "line --data %s --output %s/line.svg --force", folder, folder);
    free(plot(words, 0, NULL));
    snprintf(words, sizeof words, "bad --data %s --output %s/bad.png", folder, folder);
    free(plot(words, 1, "gnuplot failed"));
    int before = test_scratch_count();
    assert_false(test_exists(test_path("bad.png")));
    assert_int_equal(before, 5);
    char *path = strdup(getenv("PATH"));
    setenv("PATH", "/nonexistent", 1);
    snprintf(words, sizeof words, "line --data %s --output %s/other.svg", folder, folder);
    free(plot(words, 1, "gnuplot is not found"));
    setenv("PATH", path, 1);
    unsetenv("FIXLAND_PLOTS");
    assert_int_equal(test_scratch_count(), before);
    free(path);
    free(folder);
    test_scratch_empty();
}

/* The figure as SVG, made of tables in the scratch folder; free it. */
static char *drawn_svg(const char *figure, const char *more) {
    char words[900];
    char *folder = strdup(test_path("x"));
    *strrchr(folder, '/') = 0;
    snprintf(words, sizeof words, "%s --data %s --output %s/f.svg --force %s", figure, folder,
             folder, more);
    free(plot(words, 0, NULL));
    free(folder);
    char *svg = test_slurp(test_path("f.svg"));
    assert_true(svg && strstr(svg, "</svg>"));
    return svg;
}

static void assert_shows(const char *svg, const char *word) {
    if (!strstr(svg, word))
        fail_msg("the figure does not show '%s'", word);
}

static bool have_gnuplot(void) {
    char *out;
    int code = test_run_shell("command -v gnuplot", &out, NULL);
    free(out);
    return code == 0;
}

/* Sizes, self-couplings and ranges are those of the tables. */
static void own_tables(void **state) {
    (void)state;
    if (!have_gnuplot())
        skip();
    FILE *file = fopen(test_path("overlap.tsv"), "w");
    fputs("# columns: n jd distance overlap pairs_mean pairs_error exact_mean z\n", file);
    for (int j = 1; j <= 3; j++)
        for (int d = 0; d <= 26; d++)
            fprintf(file, "26 %g %d %g %d 0.1 %d 0\n", j * 0.17, d, 1 - d / 13.0, 9 * j + d % 3,
                    9 * j);
    fclose(file);
    char *svg = drawn_svg("overlap", "");
    assert_shows(svg, "N = 26");
    assert_shows(svg, " = 0.17");
    assert_shows(svg, " = 0.34");
    assert_shows(svg, " = 0.51");
    free(svg);
    write_text(
        test_path("curve.tsv"),
        "# columns: jd distance q m local_entropy complexity_free_entropy error flag\n"
        "0.033 0.001 1 1 0.001 0 0 0\n0.033 0.01 1 1 -0.002 0 0 0\n0.033 0.1 1 1 0.01 0 0 0\n"
        "0.21 0.001 1 1 0.001 0 0 0\n0.21 0.01 1 1 0.002 0 0 0\n0.21 0.1 1 1 0.02 0 0 0\n");
    svg = drawn_svg("local_entropy", "");
    assert_shows(svg, "overlap gap");
    assert_shows(svg, "0.033");
    assert_shows(svg, "0.21");
    assert_shows(svg, "\xcf\x86"); /* phi, as Unicode */
    assert_null(strstr(svg, "Symbol"));
    free(svg);
    write_text(
        test_path("access.tsv"),
        "# columns: algorithm n jd samples success success_low success_high unstable_fraction "
        "unstable_error median_sweeps flips_per_neuron cycles median_period\n"
        "async 37 0.1 9 0.1 0 0.3 0 0 inf 0 0 nan\nasync 37 0.4 9 0.9 0.7 1 0 0 7 0 0 nan\n"
        "async 74 0.1 9 0 0 0.3 0 0 inf 0 0 nan\nasync 74 0.4 9 0.7 0.5 1 0 0 9 0 0 nan\n");
    write_text(
        test_path("access-threshold.tsv"),
        "# columns: algorithm n jd_half error low high width time_jd median_sweeps exponent chi2 "
        "freedom\nasync 37 0.25 0.1 0 1 0.05 0.4 7 nan nan nan\n");
    svg = drawn_svg("access", "");
    assert_shows(svg, "N = 37");
    assert_shows(svg, "N = 74");
    free(svg);
    free(drawn_svg("time-to-solution", "--size 400x300 --range :,1:100"));
    test_scratch_empty();
}

/* Points of a figure, those of its key among them. */
static int points_of(const char *figure) {
    char *svg = drawn_svg(figure, "");
    int count = 0;
    for (const char *at = svg; (at = strstr(at, "xlink:href='#gpPt")); at++)
        count++;
    free(svg);
    return count;
}

static void print_row(FILE *file, const char *row, int digit, const char *error) {
    for (; *row; row++)
        if (*row == '@')
            fprintf(file, "%d", digit);
        else
            *row == '~' ? fputs(error, file) : putc(*row, file);
}

/* The error of one network or one training is nan: it is a point all the same, like those with an error, also where
 * few pairs are expected. */
static void points_without_errors(void **state) {
    (void)state;
    static const struct {
        const char *figure, *table, *columns,
            *row; /* the error for ~, two rows with a digit for @ */
        int least;
    } figures[] = {
        {"overlap", "overlap.tsv", "n jd distance overlap pairs_mean pairs_error exact_mean z",
         "9 0.02 1 0.@ 0.06 ~ 0.05 nan\n", 2},
        {"clusters", "clusters.tsv",
         "n jd radius samples fixed_points fixed_points_error clusters clusters_error largest_fraction "
         "largest_error isolated_fraction isolated_error",
         "9 0.@ 2 1 8 nan 3 nan 0.5 ~ 0.25 ~\n", 4},
        {"count-ratio", "count.tsv", "n jd samples mean_count std_error exact_mean",
         "9 0.@ 1 8 ~ 7\n", 2},
        {"gap", "gap.tsv",
         "n jd m q distance_low distance_high samples tuples_mean tuples_error exact_mean z "
         "fraction_with entropy exact_entropy limit_entropy",
         "9 0.3 2 0.@ 1 2 1 8 ~ 7 nan 1 0.2 0.2 0.3\n", 2},
    };
    if (!have_gnuplot())
        skip();
    for (size_t k = 0; k < sizeof figures / sizeof *figures; k++) {
        int points[2];
        for (int without = 0; without < 2; without++) {
            FILE *file = fopen(test_path(figures[k].table), "w");
            fprintf(file, "# columns: %s\n", figures[k].columns);
            for (int row = 2; row < 4; row++)
                print_row(file, figures[k].row, row, without ? "nan" : "0.01");
            fclose(file);
            points[without] = points_of(figures[k].figure);
        }
        if (points[0] != points[1] || points[0] < figures[k].least)
            fail_msg("%s: %d points with errors, %d without", figures[k].figure, points[0],
                     points[1]);
    }
    test_scratch_empty();
}

#define SOLVED                                                                                     \
    "# columns: method n jd samples success success_low success_high restarts_used iterations "    \
    "unstable overlap repaired\n"
#define AROUND                                                                                     \
    "# columns: n jd centre distance samples used entropy entropy_error mutual_distance "          \
    "mutual_error potential bound\n"
#define RETURNED                                                                                   \
    "# columns: n jd flips start_overlap networks points returned returned_error reached overlap " \
    "overlap_error\n"

/* The figures of message passing show what is in their tables, and curves where there are some. */
static void message_figures(void **state) {
    (void)state;
    if (!have_gnuplot())
        skip();
    write_text(test_path("message.tsv"), SOLVED "reinforced 53 0.1 9 0.2 0.1 0.3 1 9 1 0.5 0\n"
                                                "reinforced 53 0.2 9 0.9 0.8 1 1 9 1 0.5 0\n");
    write_text(test_path("access.tsv"),
               "# columns: algorithm n jd samples success success_low success_high "
               "unstable_fraction unstable_error median_sweeps flips_per_neuron cycles "
               "median_period\ngreedy 53 0.1 9 0.1 0 0.3 0 0 inf 0 0 nan\n"
               "greedy 53 0.4 9 0.9 0.7 1 0 0 7 0 0 nan\n");
    char *svg = drawn_svg("message-success", "");
    assert_shows(svg, "N = 53");
    assert_shows(svg, "reinforced");
    assert_shows(svg, "greedy");
    free(svg);
    write_text(test_path("thresholds.tsv"),
               "# columns: algorithm sweeps n jd_half low high\ngreedy 100 100 0.17 0.16 0.18\n"
               "message 0 200 0.12 0.11 0.13\n");
    svg = drawn_svg("message-thresholds", "");
    assert_shows(svg, "greedy");
    assert_shows(svg, "repaired");
    free(svg);
    write_text(test_path("message-local-typical.tsv"),
               AROUND "61 0.3 store 0.1 4 4 0.06 0.01 0.15 0.01 0.08 nan\n");
    write_text(test_path("message-local-async.tsv"),
               AROUND "61 0.3 async 0.1 4 4 0.1 0.01 0.16 0.01 0.08 nan\n");
    write_text(test_path("local-curve.tsv"),
               "# columns: jd distance q m local_entropy\n0.3 0.1 1 1 0.1\n"
               "0.3 0.3 1 1 0.2\n");
    write_text(test_path("local-potential.tsv"), "# columns: jd q distance pair_entropy potential\n"
                                                 "0.3 0 0.1 0.3 0.08\n0.3 0 0.2 0.3 0.14\n");
    svg = drawn_svg("message-local", "");
    assert_shows(svg, "N = 61, ");
    assert_shows(svg, ">typical<");
    assert_shows(svg, "asynchronous");
    assert_shows(svg, "V, typical");
    free(svg);
    write_text(test_path("return-typical.tsv"),
               RETURNED "47 0.4 1 0.95 3 90 0.2 0.02 1 0.4 0.05\n"
                        "47 0.4 4 0.8 3 90 0.01 0.01 1 0.3 0.05\n");
    svg = drawn_svg("message-return", "");
    assert_shows(svg, "N = 47, ");
    assert_shows(svg, "typical");
    assert_null(strstr(svg, "mean field"));
    free(svg);
    test_scratch_empty();
}

/* Settings of the user do not reach a figure. */
static void settings_of_the_user(void **state) {
    (void)state;
    if (!have_gnuplot())
        skip();
    char *home = getenv("HOME") ? strdup(getenv("HOME")) : NULL;
    write_text(test_path("curve.tsv"),
               "# columns: jd distance q m local_entropy\n0.1 0.01 1 1 0.01\n"
               "0.1 0.1 1 1 0.02\n");
    char *before = drawn_svg("local_entropy", "");
    write_text(test_path(".gnuplot"), "set label 'mine' at graph 0.5, 0.5\nset xrange [3:4]\n");
    char *folder = strdup(test_path("x"));
    *strrchr(folder, '/') = 0;
    setenv("HOME", folder, 1);
    setenv("GNUTERM", "dumb", 1);
    char *after = drawn_svg("local_entropy", "");
    assert_string_equal(before, after);
    unsetenv("GNUTERM");
    if (home)
        setenv("HOME", home, 1);
    unlink(test_path(".gnuplot"));
    free(home), free(before), free(after), free(folder);
    test_scratch_empty();
}

/* What is no table that can be drawn is told in a sentence. */
static void tables_that_are_refused(void **state) {
    (void)state;
    static const struct {
        const char *text, *says;
    } cases[] = {
        {"", "columns"},
        {"# only comments\n", "columns"},
        {"# columns: jd distance q m local_entropy\n", "no rows"},
        {"{\"columns\": [\"jd\"], \"rows\": []}", "JSON"},
        {"jd,distance,local_entropy\n0.1,0.2,0.3\n", "columns"},
        {"# columns: n jd samples\n1 2 3\n", "another table"},
        {"# columns: jd distance\n1 2\n", "not there"},
        {"# columns: jd distance q m local_entropy\n0.1 0 1 1 0\n0.1x 0.1 0.8 1 0.1\n", "0.1x"}};
    char words[900], *folder = strdup(test_path("x"));
    *strrchr(folder, '/') = 0;
    for (size_t k = 0; k < sizeof cases / sizeof *cases; k++) {
        write_text(test_path("curve.tsv"), cases[k].text);
        snprintf(words, sizeof words, "local_entropy --data %s --output %s/f.svg", folder, folder);
        free(plot(words, 1, cases[k].says));
        assert_false(test_exists(test_path("f.svg")));
    }
    free(folder);
    test_scratch_empty();
}

static void refusals(void **state) {
    (void)state;
    free(plot("access --output x.png --size 12", 2, "WIDTHxHEIGHT"));
    free(plot("access --output x.pdf --size 1000x800", 2, "centimetres"));
    free(plot("access --output x.png --range 0-1", 2, "X1:X2"));
    free(plot("access --output x.png --range 0:1,0:1,0:1", 2, "X1:X2"));
    free(plot("access --output x.png --range 0:1,5:5", 2, "different"));
    free(plot("access --output x.png --range 0:1e", 2, "X1:X2"));
    free(plot("access --output x.eps", 2, "x.eps"));
    free(plot("", 2, "one figure"));
    free(plot("access plateau --output x.png", 2, "one figure"));
    free(plot("asccess --output x.png", 2, "asccess"));
    free(plot("style --output x.png", 2, "style"));
    free(plot("../plots/access --output x.png", 2, "no figure"));
    free(plot("access", 2, "--output"));
    free(plot("access --output x'y.png", 2, "quotes"));
    free(plot("access --data /nonexistent --output /tmp/x.png", 1, "/nonexistent/access.tsv"));
    setenv("FIXLAND_PLOTS", "/nonexistent", 1);
    free(plot("list", 1, "FIXLAND_PLOTS"));
    unsetenv("FIXLAND_PLOTS");
    assert_int_equal(test_scratch_count(), 0);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(figures),
        cmocka_unit_test(drawn),
        cmocka_unit_test(own_tables),
        cmocka_unit_test(points_without_errors),
        cmocka_unit_test(message_figures),
        cmocka_unit_test(settings_of_the_user),
        cmocka_unit_test(tables_that_are_refused),
        cmocka_unit_test(refusals),
    };
    return cmocka_run_group_tests_name("plot", tests, NULL, NULL);
}
