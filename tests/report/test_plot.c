/* fl-plot: every figure tells its tables, one is drawn, and what is missing is named. */
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

static void refusals(void **state) {
    (void)state;
    free(plot("", 2, "one figure"));
    free(plot("access plateau --output x.png", 2, "one figure"));
    free(plot("asccess --output x.png", 2, "asccess"));
    free(plot("style --output x.png", 2, "style"));
    free(plot("../plots/access --output x.png", 2, "no figure"));
    free(plot("access", 2, "--output"));
    free(plot("access --output x.pdf", 2, "x.pdf"));
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
        cmocka_unit_test(refusals),
    };
    return cmocka_run_group_tests_name("plot", tests, NULL, NULL);
}
