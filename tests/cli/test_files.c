/* Files that users hand to tools, and those that they ask for: numbers of other programs, inputs that changed
 * between shards, shards that are not there, one file for two outputs. */
#define _GNU_SOURCE /* asprintf */
#include <math.h>
#include <unistd.h>

#include "fixland/sampling.h"
#include "fixland/tools.h"
#include "tests/support/files.h"
#include "tests/support/tools.h"

static void numbers_are(const char *text, const double *expected, size_t count) {
    double *values;
    size_t got;
    test_write_text(test_path("numbers"), text);
    assert_ok(fl_numbers_read(test_path("numbers"), &values, &got));
    assert_int_equal(got, count);
    for (size_t k = 0; k < count; k++)
        assert_true(values[k] == expected[k]);
    free(values);
}

static void numbers_in_other_forms(void **state) {
    static const double expected[] = {0.5, -0.25, 1500};
    (void)state;
    numbers_are("0.5 -0.25 1.5e3\n", expected, 3);
    numbers_are("# of a colleague\n0.5\n-0.25 # here\n\n1500", expected, 3);
    numbers_are("0.5,-0.25,1500\n", expected, 3);
    numbers_are("0.5,\n-0.25,\n1500,\n", expected, 3);
    numbers_are("\xef\xbb\xbfh\r\n0.5\r\n-0.25\r\n1500\r\n", expected, 3);
    numbers_are("0,5;-0,25;1500\n", expected, 3);
    numbers_are("5.0D-01\n-2.5d-1\n1.5D+03\n", expected, 3);
    numbers_are("\"h\"\n0.5\n-0.25\n1.5E3\n", expected, 3);
}

/* Read whole or refused: each names the line. */
static void numbers_that_are_none(void **state) {
    static const struct {
        const char *text, *word;
    } cases[] = {
        {"0.5\n1-2\n", "line 2"},  {"1.5.2\n0.5\n", "line 1"},    {"0.5 1.5.2\n", "1.5.2"},
        {"0.5\n0x10\n", "line 2"}, {"0.5\n1,5,\n,2\n", "line 3"}, {"0.5 nan\n", "nan"},
        {"1e400 0.5\n", "1e400"},  {"0,5\n0,25\n", "decimal"},    {",0\n0,0.1\n1,0.2\n", "line 1"},
        {"", "no numbers"},        {"0.5,,0.5\n", "number 2"},    {"0.5 abc\n", "abc"}};
    (void)state;
    for (size_t k = 0; k < sizeof cases / sizeof *cases; k++) {
        double *values;
        size_t count;
        test_write_text(test_path("numbers"), cases[k].text);
        assert_status(FL_EFORMAT, fl_numbers_read(test_path("numbers"), &values, &count));
        if (!strstr(fl_message(), cases[k].word))
            fail_msg("%s: %s", cases[k].text, fl_message());
    }
    double *values;
    size_t count;
    assert_status(FL_EIO, fl_numbers_read(test_path(""), &values, &count));
}

static void run_enumerate(const char *format, ...) {
    char words[1024], *out, *err;
    va_list list;
    va_start(list, format);
    vsnprintf(words, sizeof words, format, list);
    va_end(list);
    int code = test_run_tool(fl_tool_enumerate, "fl-enumerate", words, &out, &err);
    if (code != 0)
        fail_msg("%s: exit %d: %s", words, code, err);
    free(out);
    free(err);
}

/* Two shards under inputs of one name and other numbers are not of one run. */
static void input_exchanged_between_shards(void **state) {
    (void)state;
    const char *words = "--n 3 --jd 0.5 --samples 4 --input %s --shard %d/2 --output %s";
    test_write_text(test_path("h"), "0.5 0.5 0.5");
    run_enumerate(words, test_path("h"), 1, test_path("1.tsv"));
    run_enumerate(words, test_path("h"), 2, test_path("2.tsv"));
    fl_frame joined =
        test_table_of(fl_tool_merge, "fl-merge", "%s %s", test_path("1.tsv"), test_path("2.tsv"));
    assert_int_equal(joined.rows, 4);
    fl_frame_clear(&joined);
    test_write_text(test_path("h"), "0.5 0.5 -5");
    run_enumerate("--n 3 --jd 0.5 --samples 4 --input %s --shard 2/2 --output %s --force",
                  test_path("h"), test_path("2.tsv"));
    test_refused_of(fl_tool_merge, "fl-merge", 1, "content of", "%s %s", test_path("1.tsv"),
                    test_path("2.tsv"));
}

/* Cells of a shard are what the tool writes there, or the table is refused. */
static void cells_of_shards(void **state) {
    (void)state;
    static const struct {
        const char *from, *to, *word;
    } cases[] = {{"20 0.5 1 ", "20.7 0.5 1 ", "20.7"},
                 {"20 0.5 1 ", "20 0.5x 1 ", "0.5x"},
                 {"20 0.5 1 ", "20 0.5 1.7 ", "1.7"},
                 {"20 0.5 1 ", "20 0.5 nan ", "nan"},
                 {"20 0.5 1 ", "20 0.5 abc ", ", column sample: 'abc' is not a number"},
                 {"20 0.5 1 ", "20 abc 1 ", ", column jd: 'abc' is not a number"},
                 {"20 0.5 1 ", "20 0.25 1 ", ", column jd: '0.25' is not one of the values"},
                 {"20 0.5 1 ", "21 0.5 1 ", ", column n: '21' is not one of the values"},
                 {"async 20", "asinc 20", ", column algorithm: 'asinc' is not one of the values"}};
    for (int k = 1; k <= 2; k++) {
        fl_frame part;
        char words[512];
        snprintf(words, sizeof words,
                 "run --n 20 --jd 0.5 --samples 4 --per-sample --shard %d/2 --output %s%d", k,
                 test_path("p"), k);
        assert_int_equal(test_run_tool(fl_tool_access, "fl-access", words, NULL, NULL), 0);
        snprintf(words, sizeof words, "%s%d", test_path("p"), k);
        assert_ok(fl_frame_read(&part, words));
        fl_frame_clear(&part);
    }
    char first[512];
    snprintf(first, sizeof first, "%s1", test_path("p"));
    for (size_t k = 0; k < sizeof cases / sizeof *cases; k++) {
        char *text = test_slurp(first), *at = strstr(text, cases[k].from), *changed = NULL;
        assert_non_null(at);
        assert_true(asprintf(&changed, "%.*s%s%s", (int)(at - text), text, cases[k].to,
                             at + strlen(cases[k].from)) > 0);
        test_write_text(test_path("changed"), changed);
        test_refused_of(fl_tool_merge, "fl-merge", 1, cases[k].word, "%s %s2", test_path("changed"),
                        test_path("p"));
        test_refused_of(fl_tool_access, "fl-access", 1, "changed: line ", "collect %s %s2",
                        test_path("changed"), test_path("p"));
        free(changed);
        free(text);
    }
}

/* The same runs as text and as JSON are told before anything is printed. */
static void runs_that_are_there_twice(void **state) {
    (void)state;
    for (int k = 0; k < 2; k++) {
        char words[512];
        snprintf(words, sizeof words,
                 "run --n 20 --jd %s0.5 --samples 4 --per-sample --output %s%d --format %s",
                 k ? "" : "0.3,", test_path("r"), k, k ? "json" : "tsv");
        assert_int_equal(test_run_tool(fl_tool_access, "fl-access", words, NULL, NULL), 0);
    }
    char words[1100], *out, *err;
    snprintf(words, sizeof words, "collect %s0 %s1", test_path("r"), test_path("r"));
    assert_int_equal(test_run_tool(fl_tool_access, "fl-access", words, &out, &err), 1);
    assert_non_null(strstr(err, "sample 0 is there twice"));
    assert_string_equal(out, "");
    free(out);
    free(err);
    test_refused_of(fl_tool_access, "fl-access", 1, "hold the same run", "threshold %s0 %s1",
                    test_path("r"), test_path("r"));
}

/* Tables from pipes, which can be read once. */
static void shards_from_pipes(void **state) {
    (void)state;
    char command[2000], *out, *err;
    const char *tools[] = {"fl-enumerate --n 6", "fl-access run --n 12 --per-sample",
                           "fl-overlap histogram --n 6"};
    for (size_t k = 0; k < sizeof tools / sizeof *tools; k++) {
        const char *p = test_path("q");
        snprintf(
            command, sizeof command,
            "for k in 1 2; do $BIN/%s --samples 4 --shard $k/2 --output %s$k --force; done; "
            "$BIN/fl-merge %s1 %s2 | grep -v '^#' >%s; mkfifo %s.one; cat %s1 >%s.one & "
            "$BIN/fl-merge %s.one /dev/stdin <%s2 | grep -v '^#' | cmp - %s && test -s %s; r=$?; rm "
            "%s.one; exit $r",
            tools[k], p, p, p, p, p, p, p, p, p, p, p, p);
        int code = test_run_shell(command, &out, &err);
        if (code != 0 || *err)
            fail_msg("%s: exit %d: %s%s", tools[k], code, out, err);
        free(out);
        free(err);
    }
}

/* Statistics of some shards only would be those of other networks than asked for. */
static void shard_that_is_missing(void **state) {
    (void)state;
    for (int k = 1; k <= 3; k++)
        run_enumerate("--n 8 --jd 0.5 --samples 9 --shard %d/3 --store %s%d.h5 --output %s%d.tsv",
                      k, test_path("s"), k, test_path("s"), k);
    test_refused_of(fl_tool_overlap, "fl-overlap", 1, "shard 2 of 3", "clusters %s1.h5 %s3.h5",
                    test_path("s"), test_path("s"));
    test_refused_of(fl_tool_overlap, "fl-overlap", 1, "twice", "histogram %s1.h5 %s1.h5",
                    test_path("s"), test_path("s"));
    test_refused_of(fl_tool_access, "fl-access", 1, "shard 2 of 3", "near --start %s1.h5 --summary",
                    test_path("s"));
    fl_frame whole = test_table_of(fl_tool_overlap, "fl-overlap", "clusters %s3.h5 %s1.h5 %s2.h5",
                                   test_path("s"), test_path("s"), test_path("s"));
    assert_int_equal(whole.rows, 9);
    fl_frame_clear(&whole);
}

/* Under whatever names: nothing is computed, and nothing lost. */
static void one_file_for_two_outputs(void **state) {
    (void)state;
    const char *o = test_path("x");
    char other[600], folder[500];
    snprintf(folder, sizeof folder, "%s", test_path(""));
    snprintf(other, sizeof other, "%s/./x", folder);
    test_refused_of(fl_tool_enumerate, "fl-enumerate", 2, "two different files",
                    "--n 5 --output %s --store %s", o, other);
    test_refused_of(fl_tool_enumerate, "fl-enumerate", 2, "two different files",
                    "--n 5 --output %s --store %s.journal", o, o);
    test_refused_of(fl_tool_enumerate, "fl-enumerate", 2, "two different files",
                    "--n 5 --output %s --task-times %s", o, other);
    test_refused_of(fl_tool_enumerate, "fl-enumerate", 2, "two different files",
                    "--n 5 --output %s.tsv --store %s --task-times %s", o, o, other);
    test_refused_of(fl_tool_enumerate, "fl-enumerate", 2, "two different files",
                    "--n 5 --task-times /dev/stdout");
    assert_int_equal(symlink("x", test_path("link")), 0); /* to what is not there yet */
    test_refused_of(fl_tool_access, "fl-access", 2, "two different files",
                    "--n 5 --output %s --store %s", o, test_path("link"));
    test_refused_of(
        fl_tool_train, "fl-train", 2, "two different files",
        "train --data parity --features 4 --train 10 --test 10 --hidden 4 --epochs 1 --output "
        "%s --save %s",
        o, other);
    unlink(test_path("link"));
}

/* What is read is not replaced, whatever it is called, also with --force. */
static void outputs_that_are_inputs(void **state) {
    (void)state;
    char m[500], x[500], store[500], link[500], model[500];
    snprintf(m, sizeof m, "%s", test_path("J.txt"));
    snprintf(x, sizeof x, "%s", test_path("x.txt"));
    snprintf(store, sizeof store, "%s", test_path("s.h5"));
    snprintf(link, sizeof link, "%s", test_path("link"));
    snprintf(model, sizeof model, "%s", test_path("m.h5"));
    test_write_text(m, "0 1 0\n1 0 2\n0 1 0\n");
    test_write_text(x, "1\n0\n1\n");
    assert_int_equal(symlink("J.txt", link), 0);
    fl_frame f = test_table_of(fl_tool_enumerate, "fl-enumerate", "--n 3 --jd 2 --store %s", store);
    fl_frame g = test_table_of(fl_tool_train, "fl-train",
                               "train --data parity --features 4 --train 10 --test 10 --hidden 4 "
                               "--epochs 1 --save %s",
                               model);
    fl_frame_clear(&f);
    fl_frame_clear(&g);
    static const char both[] = "two different files";
    test_refused_of(fl_tool_enumerate, "fl-enumerate", 2, both, "--network %s --output %s --force",
                    link, m);
    test_refused_of(fl_tool_enumerate, "fl-enumerate", 2, both, "--network %s --store %s --force",
                    m, link);
    test_refused_of(fl_tool_count, "fl-count", 2, both,
                    "--network %s --input %s --output %s --force", m, x, x);
    test_refused_of(fl_tool_access, "fl-access", 2, both,
                    "run --n 3 --samples 1 --replicas 8 --start %s --store %s --force", store,
                    store);
    test_refused_of(fl_tool_overlap, "fl-overlap", 2, both, "clusters %s --output %s --force",
                    store, store);
    test_refused_of(fl_tool_message, "fl-message", 2, both,
                    "local --n 3 --jd 2 --centre %s --gamma 1 --output %s --force", store, store);
    test_refused_of(fl_tool_merge, "fl-merge", 2, both, "%s --output %s --force", x, x);
    test_refused_of(fl_tool_phase, "fl-phase", 2, both, "critical --jd-file %s --output %s --force",
                    x, x);
    test_refused_of(fl_tool_train, "fl-train", 2, both, "train --from %s --save %s --force", model,
                    model);
    test_refused_of(fl_tool_train, "fl-train", 2, both, "export %s --network %s --force", model,
                    model);
    test_write_text(x, "n = 3\n");
    test_refused_of(fl_tool_enumerate, "fl-enumerate", 2, both, "--config %s --output %s --force",
                    x, x);
    test_refused_of(fl_tool_plot, "fl-plot", 2, both, "draw entropy %s --output %s --force", x, x);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(outputs_that_are_inputs, test_empty_scratch),
        cmocka_unit_test(numbers_in_other_forms),
        cmocka_unit_test(numbers_that_are_none),
        cmocka_unit_test_setup(input_exchanged_between_shards, test_empty_scratch),
        cmocka_unit_test_setup(cells_of_shards, test_empty_scratch),
        cmocka_unit_test_setup(runs_that_are_there_twice, test_empty_scratch),
        cmocka_unit_test_setup(shards_from_pipes, test_empty_scratch),
        cmocka_unit_test_setup(shard_that_is_missing, test_empty_scratch),
        cmocka_unit_test_setup(one_file_for_two_outputs, test_empty_scratch),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
