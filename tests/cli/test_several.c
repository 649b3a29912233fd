/* Lists of --eta, --dilution, --modules, --lambda: one table with the rows that a run for each point writes, whole, in
 * shards, and after a stop. */
#define _GNU_SOURCE /* asprintf */
#include <math.h>
#include <unistd.h>

#include "fixland/store.h"
#include "fixland/tools.h"
#include "tests/support/files.h"
#include "tests/support/support.h"
#include "tests/support/tools.h"

static const char lists[] = "--modules 1,2 --lambda 0,0.3 --dilution 0.75";

static const struct grid {
    test_tool run;
    const char *name, *words; /* with %s for the options of the ensemble */
    const char *merge;        /* of shards: what fl-merge is told; NULL: no shards */
} grids[] = {
    {fl_tool_enumerate, "fl-enumerate", "--n 6,8 --jd 0,0.5 --samples 5 %s", ""},
    {fl_tool_access, "fl-access", "run --n 8 --jd 0.2,0.5 --samples 5 %s", "--summary"},
    {fl_tool_overlap, "fl-overlap", "histogram --n 6 --jd 0.5 --samples 5 %s", ""},
    {fl_tool_count, "fl-count", "--n 10 --jd 0.5 --samples 3 --population 200 --sweeps 1 %s", ""},
    {fl_tool_enumerate, "fl-enumerate", "--n 6,8 --jd 0,0.5 --samples 5 --summary %s", "--summary"},
    {fl_tool_access, "fl-access", "run --n 8 --jd 0.5 --samples 5 --per-sample %s", ""},
    {fl_tool_access, "fl-access", "basins --n 6 --jd 0.5 --samples 4 --starts 50 %s", ""},
    {fl_tool_overlap, "fl-overlap", "clusters --n 6 --jd 0.5 --samples 5 --summary %s", ""},
    {fl_tool_overlap, "fl-overlap", "sizes --n 6 --jd 0.5 --samples 5 %s", ""},
    {fl_tool_overlap, "fl-overlap", "gap --n 6 --jd 0.5 --samples 5 %s", ""},
    {fl_tool_overlap, "fl-overlap", "map --n 5 --jd 0.5 %s", ""},
    {fl_tool_count, "fl-count", "check --n 8 --jd 0.5 --samples 2 --population 200 --sweeps 1 %s",
     NULL},
    {fl_tool_entropy, "fl-entropy", "count --n 6,8 --jd 0,0.5 %s", NULL},
    {fl_tool_message, "fl-message",
     "solve --n 12 --jd 0.8 --restarts 1 --rate 0.05 --samples 3 --per-sample %s", ""},
    {fl_tool_message, "fl-message", "entropy --n 8 --jd 0.5 --samples 3 %s", ""},
    {fl_tool_message, "fl-message", "local --n 12 --jd 0.5 --gamma 0.5 --samples 3 %s", ""},
};
enum { GRIDS = sizeof grids / sizeof *grids };

static char *words_of(const struct grid *g, const char *ensemble) {
    char *words;
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
    assert_true(asprintf(&words, g->words, ensemble) > 0);
#pragma GCC diagnostic pop
    return words;
}

static char *rows_of(const struct grid *g, const char *ensemble) {
    char *words = words_of(g, ensemble), *out = test_output(g->run, g->name, words, 0);
    char *rows = test_data_lines(out);
    free(words);
    free(out);
    return rows;
}

/* The rows of the runs of single points, each behind the two cells of its point. One module has no --lambda. */
static char *rows_one_by_one(const struct grid *g) {
    static const char *const modules[] = {"1", "1", "2", "2"}, *const lambda[] = {"0", "0.3", "0",
                                                                                  "0.3"};
    char *all, ensemble[80];
    size_t size;
    FILE *out = open_memstream(&all, &size);
    for (int k = 0; k < 4; k++) {
        snprintf(ensemble, sizeof ensemble, "--dilution 0.75 --modules %s --lambda %s", modules[k],
                 k < 2 ? "0" : lambda[k]);
        char *rows = rows_of(g, ensemble), *save = NULL;
        for (char *row = strtok_r(rows, "\n", &save); row; row = strtok_r(NULL, "\n", &save))
            fprintf(out, "%s %s %s\n", modules[k], lambda[k], row);
        free(rows);
    }
    assert_int_equal(fclose(out), 0);
    return all;
}

static void merged(const struct grid *g, const char *expected) {
    enum { SHARDS = 3 };
    char *files, *words = words_of(g, lists), *out;
    size_t size;
    FILE *list = open_memstream(&files, &size);
    fputs(g->merge, list);
    for (int k = 1; k <= SHARDS; k++) {
        char *shard;
        assert_true(asprintf(&shard, "%s --shard %d/%d --force --output %s%d", words, k, SHARDS,
                             test_path("part"), k) > 0);
        free(test_output(g->run, g->name, shard, 0));
        fprintf(list, " %s%d", test_path("part"), k);
        free(shard);
    }
    assert_int_equal(fclose(list), 0);
    out = test_output(fl_tool_merge, "fl-merge", files, 0);
    char *rows = test_data_lines(out);
    assert_string_equal(rows, expected);
    free(rows);
    free(out);
    free(files);
    free(words);
}

static void one_table_of_all_points(void **state) {
    (void)state;
    for (int k = 0; k < (test_fast() ? 2 : GRIDS); k++) {
        const struct grid *g = &grids[k];
        char *single = rows_one_by_one(g), *together = rows_of(g, lists);
        if (strcmp(single, together) != 0)
            fail_msg("%s %s: other rows than one by one", g->name, g->words);
        if (g->merge)
            merged(g, single);
        free(single);
        free(together);
    }
}

/* The networks of each point are those of its eta: their mean number of fixed points is the closed form's. */
static void counts_of_points(void **state) {
    (void)state;
    fl_frame f =
        test_table(fl_tool_enumerate, "fl-enumerate",
                   "--n 8 --jd 0.5 --samples 400 --summary --eta -0.4,0,0.6 --dilution 1 --seed 5");
    test_assert_columns(
        &f, "eta n jd samples mean_count std_error exact_mean z fraction_empty "
            "quenched_entropy quenched_error log_variance log_variance_error exact_variance "
            "predicted_log_variance predicted_empty predicted_entropy");
    assert_int_equal(f.rows, 3);
    for (size_t row = 0; row < 3; row++)
        assert_true(fabs(test_cell(&f, row, "z")) < 5);
    assert_true(test_cell(&f, 0, "exact_mean") < test_cell(&f, 1, "exact_mean"));
    assert_true(test_cell(&f, 1, "exact_mean") < test_cell(&f, 2, "exact_mean"));
    fl_frame closed =
        test_table(fl_tool_entropy, "fl-entropy", "count --n 8 --jd 0.5 --eta -0.4,0,0.6");
    for (size_t row = 0; row < 3; row++)
        assert_true(test_cell(&closed, row, "mean_count") == test_cell(&f, row, "exact_mean"));
    fl_frame_clear(&closed);
    test_assert_meta(&f, "eta", "-0.4,0,0.6");
    test_assert_meta(&f, "for_each", "eta");
    fl_frame_clear(&f);
}

/* Stopped in some point, resumed: the same rows, and no checkpoint is left. */
static void stopped_and_resumed(void **state) {
    static const char words[] = "--n 14 --jd 0.5 --samples 150 --eta 0,0.2,0.4";
    char *more, *path = strdup(test_path("r.tsv"));
    (void)state;
    test_stop_within(fl_tool_enumerate, "fl-enumerate", words, path);
    assert_true(asprintf(&more, "%s --output %s --resume", words, path) > 0);
    free(test_output(fl_tool_enumerate, "fl-enumerate", more, 0));
    free(more);
    assert_true(asprintf(&more, "%s --output %s", words, test_path("w.tsv")) > 0);
    free(test_output(fl_tool_enumerate, "fl-enumerate", more, 0));
    free(more);
    test_assert_rows("r.tsv", "w.tsv");
    assert_int_not_equal(access(test_path("r.tsv.journal"), F_OK), 0);
    assert_int_not_equal(access(test_path("r.tsv.journal-2"), F_OK), 0);
    assert_int_not_equal(access(test_path("r.tsv.journal-3"), F_OK), 0);
    free(path);
}

/* The checkpoint of a later point, left by a run that did not finish, is not taken for this one's. */
static void left_checkpoints(void **state) {
    char *words;
    (void)state;
    test_write_text(test_path("o.tsv.journal-2"), "of another run\n");
    /* those of no point of this grid are nobody's business */
    static const char *const others[] = {"o.tsv.journal-3", "o.tsv.journal-02", "o.tsv.journal-2x",
                                         "oo.tsv.journal-2"};
    for (size_t k = 0; k < sizeof others / sizeof *others; k++)
        test_write_text(test_path(others[k]), "of another grid\n");
    test_refused_of(fl_tool_enumerate, "fl-enumerate", 1, "journal-2 exists already",
                    "--n 6 --eta 0,0.5 --output %s", test_path("o.tsv"));
    assert_true(asprintf(&words, "--n 6 --eta 0,0.5 --output %s --force", test_path("o.tsv")) > 0);
    free(test_output(fl_tool_enumerate, "fl-enumerate", words, 0));
    free(words);
    assert_int_not_equal(access(test_path("o.tsv.journal-2"), F_OK), 0);
    for (size_t k = 0; k < sizeof others / sizeof *others; k++)
        assert_int_equal(access(test_path(others[k]), F_OK), 0);
}

static void refused(void **state) {
    (void)state;
    test_refused_of(fl_tool_enumerate, "fl-enumerate", 2, "one value of --eta",
                    "--n 6 --eta 0,0.5 --store %s", test_path("s.h5"));
    test_refused(fl_tool_enumerate, "fl-enumerate", "--n 6 --eta 0,0.5,0", 2, "0 is there twice");
    test_refused(fl_tool_enumerate, "fl-enumerate", "--n 6 --eta 0,1.5", 2, "1.5 is out of range");
    test_refused(fl_tool_enumerate, "fl-enumerate", "--n 6 --lambda 0,0.5", 2, "--modules");
    test_refused(fl_tool_access, "fl-access", "trace --n 6 --eta 0,0.5", 2, "--eta");
    /* what only a later point refuses is told before the first is run */
    test_refused(fl_tool_enumerate, "fl-enumerate", "--n 60 --jd 3 --modules 1,50", 2,
                 "--modules 50");
    test_write_text(test_path("J.txt"), "0 1\n1 0\n");
    test_refused_of(fl_tool_overlap, "fl-overlap", 2, "--eta", "histogram --network %s --eta 0,0.5",
                    test_path("J.txt"));
}

/* Tools that would take rows of several points for those of one. */
static void tables_of_several_points(void **state) {
    char *words, *path = strdup(test_path("a.tsv"));
    (void)state;
    assert_true(
        asprintf(&words,
                 "run --n 8,12 --jd 0.2,0.4 --samples 20 --eta 0,0.5 --per-sample --output %s",
                 path) > 0);
    free(test_output(fl_tool_access, "fl-access", words, 0));
    free(words);
    test_refused_of(fl_tool_access, "fl-access", 1, "several values of eta", "collect %s", path);
    test_refused_of(fl_tool_access, "fl-access", 1, "several values of eta", "threshold %s", path);
    free(path);
}

/* Two configurations for networks that nothing is told of. */
static void write_starts(const char *path) {
    const uint64_t spins[] = {0, 255};
    fl_store *store;
    assert_ok(fl_store_create(&store, path, true, NULL));
    for (uint64_t sample = 0; sample < 2; sample++) {
        assert_ok(fl_store_begin(store, 8, 0.6, sample));
        assert_ok(fl_store_append(store, spins, 2, NULL));
    }
    assert_ok(fl_store_close(store));
}

/* Not while the points are only looked at. */
static void a_warning_for_each_point(void **state) {
    char *words, *out, *err, *path = strdup(test_path("s.h5"));
    int told = 0;
    (void)state;
    write_starts(path);
    assert_true(asprintf(&words, "run --n 8 --jd 0.6 --samples 2 --eta 0,0.5 --start %s", path) >
                0);
    assert_int_equal(test_run_tool(fl_tool_access, "fl-access", words, &out, &err), 0);
    for (const char *at = err; (at = strstr(at, "--replicas")); at++)
        told++;
    assert_int_equal(told, 2);
    free(words);
    free(out);
    free(err);
    free(path);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(one_table_of_all_points, test_empty_scratch),
        cmocka_unit_test(counts_of_points),
        cmocka_unit_test_setup(stopped_and_resumed, test_empty_scratch),
        cmocka_unit_test_setup(left_checkpoints, test_empty_scratch),
        cmocka_unit_test_setup(refused, test_empty_scratch),
        cmocka_unit_test_setup(a_warning_for_each_point, test_empty_scratch),
        cmocka_unit_test_setup(tables_of_several_points, test_empty_scratch),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
