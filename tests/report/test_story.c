/* Texts of the report that are written from its tables: numbers follow the tables, sentences their
 * checks. */
#include "tests/support/support.h"

#include <ctype.h>
#include <unistd.h>

#include "fixland/tools.h"
#include "tests/support/files.h"
#include "verify/front.h"
#include "verify/report.h"
#include "verify/story.h"

static const char table[] = "# program: fl-x\n"
                            "# columns: name n jd[nats] error\n"
                            "a 10 0.8155 0.0015\n"
                            "a 20 0.5 0.25\n"
                            "b inf 0.0158644 nan\n";

static const char *folders[2];

static char *fill(const char *text) {
    char *filled;
    folders[0] = test_path("");
    assert_ok(story_fill(text, folders, &filled));
    return filled;
}

static void assert_fill(const char *text, const char *expected) {
    char *filled = fill(text);
    assert_string_equal(filled, expected);
    free(filled);
}

static void numbers(void **state) {
    (void)state;
    test_write_text(test_path("t.tsv"), table);
    assert_fill("no number", "no number");
    assert_fill("J = {t jd name=a n=10 error=error %.4f}.", "J = 0.8155(15).");
    assert_fill("{t jd n=20.0 %.1f} and {t jd name=b %.2e}", "0.5 and 1.59e-02");
    assert_fill("{t jd n=inf}", "0.01586");
    assert_fill("one in {t 1/jd name=b %.0f}", "one in 64");
}

/* Change a number in the table, and the sentence changes. */
static void follows_the_table(void **state) {
    (void)state;
    test_write_text(test_path("t.tsv"), table);
    char *before = fill("at {t jd name=a n=20 %.2f}");
    test_write_text(test_path("t.tsv"), "# columns: name n jd error\na 20 0.75 0.25\n");
    char *after = fill("at {t jd name=a n=20 %.2f}");
    assert_string_equal(before, "at 0.50");
    assert_string_equal(after, "at 0.75");
    free(before);
    free(after);
}

static void refusals(void **state) {
    (void)state;
    static const char *const wrong[] = {"{t}",
                                        "{none jd}",
                                        "{t none}",
                                        "{t jd name=c}",
                                        "{t error name=b}",
                                        "{t jd %.3d}",
                                        "{t jd %.33333f}",
                                        "{t jd %n}",
                                        "{t jd name}",
                                        "{t jd no=1}",
                                        "{t jd %s}",
                                        "{t jd 1=1 2=2}",
                                        "{t jd error=none}",
                                        "{t name name=a}",
                                        "{t jd %.2f%s}"};
    test_write_text(test_path("t.tsv"), table);
    folders[0] = test_path("");
    for (size_t k = 0; k < sizeof wrong / sizeof *wrong; k++) {
        char *filled;
        if (story_fill(wrong[k], folders, &filled) != FL_EFORMAT || filled)
            fail_msg("%s was filled", wrong[k]);
        assert_non_null(strstr(fl_message(), wrong[k]));
    }
}

static void records(void **state) {
    (void)state;
    story s;
    const char *path = test_path("story.txt");
    test_write_text(path,
                    "# a remark\nclaim: S1\nsays: one\n two\n   three\n\n\n# more\nfigure: f\n");
    assert_ok(story_read(&s, path));
    assert_int_equal(s.count, 2);
    assert_string_equal(story_value(&s.records[0], "says"), "one two three");
    assert_string_equal(story_value(&s.records[1], "figure"), "f");
    assert_string_equal(story_value(&s.records[1], "says"), "");
    story_clear(&s);
    test_write_text(path, "claim: S1\nno colon\n");
    assert_int_equal(story_read(&s, path), FL_EFORMAT);
    assert_non_null(strstr(fl_message(), "line 2"));
    assert_int_equal(story_read(&s, test_path("none")), FL_EIO);
}

/* A report in which one check passes and one fails: its paragraph, and its ledger as a file. */
static char *opening(const char *value, char **ledger) {
    report *r;
    story s;
    char *page, text[200];
    size_t size;
    test_write_text(test_path("story.txt"),
                    "sentence: Good {t jd %.2f}.\nchecks: fine\n\n"
                    "sentence: Bad.\nchecks: fine; broken\n\n"
                    "sentence: Nobody knows.\nchecks: never made\n\n"
                    "claim: S1\nsays: it is so\ncommand: fl-x\nnumber: J = {t jd %.3f}\n"
                    "verdict: reproduced\noverturned: -\nchecks: fine\n\n"
                    "claim: S2\nsays: so too\ncommand: fl-y\nnumber: -\n"
                    "verdict: reproduced\noverturned: -\nchecks: broken\n");
    assert_ok(report_open(&r, test_path("report"), 1, false));
    snprintf(text, sizeof text, "# columns: jd\n%s\n", value);
    test_write_text(test_path("report/data/t.tsv"), text);
    report_check_close(r, "it is fine", 1, 1, 0);
    report_check(r, "it is broken", 9, 1, 1, 4.5);
    assert_ok(story_read(&s, test_path("story.txt")));
    FILE *out = open_memstream(&page, &size);
    assert_ok(front_write(r, out, &s, NULL, 0));
    fclose(out);
    unlink(test_path("claims.md"));
    assert_ok(front_claims(r, &s, test_path("claims.md")));
    *ledger = test_slurp(test_path("claims.md"));
    story_clear(&s);
    int null = dup(1);
    assert_non_null(freopen("/dev/null", "w", stdout));
    size_t failed;
    assert_ok(report_close(r, &failed));
    fflush(stdout);
    dup2(null, 1);
    close(null);
    assert_int_equal(failed, 1);
    return page;
}

static void red_sentences(void **state) {
    (void)state;
    char *ledger, *changed;
    char *page = opening("0.5", &ledger), *other = opening("0.7", &changed);
    assert_non_null(strstr(page, "<span class=\"pass\">Good 0.50.</span>"));
    assert_non_null(strstr(page, "<span class=\"fail\">Bad.</span>"));
    assert_non_null(strstr(page, "<span class=\"unknown\">Nobody knows.</span>"));
    assert_non_null(strstr(other, "Good 0.70."));
    /* the ledger, on the page and as a file: its number, and what a failed check makes of a verdict */
    assert_non_null(strstr(page, "<td>J = 0.500</td><td>reproduced</td>"));
    assert_non_null(strstr(other, "<td>J = 0.700</td><td>reproduced</td>"));
    assert_non_null(strstr(ledger, "| `fl-x` | J = 0.500 | reproduced |"));
    assert_non_null(strstr(changed, "| `fl-x` | J = 0.700 | reproduced |"));
    assert_non_null(strstr(page, "its check FAILED in this run"));
    assert_non_null(strstr(ledger, "| `fl-y` | - | its check FAILED in this run |"));
    free(page);
    free(other);
    free(ledger);
    free(changed);
}

/* TABLE.tsv with one row that meets the conditions of the words; its number, and its error, are `value`. */
static void write_table_of(const char *words, const char *value) {
    char copy[256], file[128], columns[256] = "# columns:", row[256] = "";
    char *save = NULL, *name, *column;
    snprintf(copy, sizeof copy, "%s", words);
    name = strtok_r(copy, " ", &save);
    column = strtok_r(NULL, " ", &save);
    assert_non_null(column);
    column += strncmp(column, "1/", 2) == 0 ? 2 : 0;
    for (char *word; column; column = word) {
        char *equal = strchr(column, '=');
        bool error = strncmp(column, "error=", 6) == 0;
        if (equal)
            *equal = 0;
        if (*column != '%') {
            snprintf(columns + strlen(columns), sizeof columns - strlen(columns), " %s",
                     error ? equal + 1 : column);
            snprintf(row + strlen(row), sizeof row - strlen(row), "%s%s", *row ? " " : "",
                     equal && !error ? equal + 1 : value);
        }
        word = strtok_r(NULL, " ", &save);
    }
    snprintf(file, sizeof file, "%s.tsv", name);
    strncat(columns, "\n", sizeof columns - strlen(columns) - 1);
    strncat(columns, row, sizeof columns - strlen(columns) - 1);
    strncat(columns, "\n", sizeof columns - strlen(columns) - 1);
    test_write_text(test_path(file), columns);
}

/* Every number in a text of the report follows its table: with another value in the cell it reads otherwise. */
static size_t assert_numbers_follow(const char *text) {
    size_t count = 0;
    for (const char *open = strchr(text, '{'); open; open = strchr(open + 1, '{'), count++) {
        char number[256], words[256];
        size_t length = strcspn(open, "}");
        snprintf(number, sizeof number, "%.*s}", (int)length, open);
        snprintf(words, sizeof words, "%.*s", (int)length - 1, open + 1);
        write_table_of(words, "0.125");
        char *before = fill(number);
        write_table_of(words, "0.75");
        char *after = fill(number);
        if (strcmp(before, after) == 0)
            fail_msg("%s does not follow its table", number);
        free(before);
        free(after);
    }
    return count;
}

/* The opening paragraph, the captions and the ledger of the report itself. */
static void own_numbers(void **state) {
    (void)state;
    story s;
    size_t numbers[3] = {0};
    static const char *const kinds[][2] = {
        {"sentence", "sentence"}, {"figure", "caption"}, {"claim", "number"}};
    assert_ok(story_read(&s, "verify/story.txt"));
    for (size_t k = 0; k < s.count; k++)
        for (size_t i = 0; i < 3; i++)
            if (strcmp(s.records[k].keys[0], kinds[i][0]) == 0)
                numbers[i] += assert_numbers_follow(story_value(&s.records[k], kinds[i][1]));
    story_clear(&s);
    assert_true(numbers[0] >= 15 && numbers[1] >= 15 && numbers[2] >= 25);
}

/* The map, drawn from tables with these numbers. */
static char *map_of(const char *asynchronous, const char *greedy, const char *two_levels,
                    const char *three_levels) {
    char words[600], text[400], *out, *err;
    snprintf(text, sizeof text,
             "# columns: algorithm n jd_half error low high\n"
             "async 100 %s 0.01 0.2 0.3\nsync 100 0.4 0.01 0.38 0.42\n",
             asynchronous);
    test_write_text(test_path("access-threshold.tsv"), text);
    test_write_text(test_path("message-threshold.tsv"),
                    "# columns: algorithm n jd_half error low high\n"
                    "reinforced 100 0.13 0.01 0.12 0.14\n");
    snprintf(text, sizeof text,
             "# columns: algorithm sweeps n jd_half low high\n"
             "async 1000 200 0.38 0.37 0.39\nasync 10000 200 0.32 0.31 0.33\n"
             "sync 1000 200 0.47 0.46 0.48\nmessage 0 200 0.12 0.11 0.13\n"
             "greedy 100 200 %s 0.28 0.31\n",
             greedy);
    test_write_text(test_path("thresholds.tsv"), text);
    test_write_text(test_path("dmft-threshold.tsv"), "# columns: p jd error\n1 0.8155 0.0015\n");
    test_write_text(test_path("critical.tsv"), "# columns: name jd\nJ_gap 0.0601\nJ_mono 0.0731\n");
    test_write_text(test_path("gaps.tsv"), "# columns: m jd_gap\n2 0.0427\n5 0.0600\n");
    snprintf(text, sizeof text, "# columns: levels jd_gap\n1 0.0601\n2 %s\n", two_levels);
    test_write_text(test_path("levels.tsv"), text);
    snprintf(text, sizeof text, "# columns: levels jd_gap\n3 %s\n", three_levels);
    test_write_text(test_path("levels-three.tsv"), text);
    char *folder = strdup(test_path("levels.tsv"));
    *strrchr(folder, '/') = 0;
    snprintf(words, sizeof words, "thresholds --data %s --output %s/map.svg --force", folder,
             folder);
    free(folder);
    if (test_run_tool(fl_tool_plot, "fl-plot", words, &out, &err) != 0)
        fail_msg("fl-plot %s: %s", words, err);
    free(out);
    free(err);
    return test_slurp(test_path("map.svg"));
}

/* A number of either panel moves the map. Needs gnuplot, as the figures do. */
static void map_follows(void **state) {
    (void)state;
    char *out;
    bool there = test_run_shell("command -v gnuplot", &out, NULL) == 0;
    free(out);
    if (!there)
        skip();
    char *first = map_of("0.255", "0.30", "0.0741", "0.0796"),
         *again = map_of("0.255", "0.30", "0.0741", "0.0796"),
         *changed[] = {map_of("0.355", "0.30", "0.0741", "0.0796"),
                       map_of("0.255", "0.29", "0.0741", "0.0796"),
                       map_of("0.255", "0.30", "0.0751", "0.0796"),
                       map_of("0.255", "0.30", "0.0741", "0.0801")};
    assert_string_equal(first, again);
    for (size_t k = 0; k < 4; k++)
        assert_string_not_equal(first, changed[k]);
    assert_non_null(strstr(changed[2], "two levels 0.0751"));
    assert_non_null(strstr(changed[3], "three levels 0.0801"));
    free(first);
    free(again);
    for (size_t k = 0; k < 4; k++)
        free(changed[k]);
}

static bool is_verdict(const char *text) {
    static const char *const words[] = {"reproduced", "partly", "not", "cannot be decided"};
    for (size_t k = 0; k < 4; k++) {
        size_t length = strlen(words[k]);
        if (strncmp(text, words[k], length) == 0 && !isalpha((unsigned char)text[length]))
            return true;
    }
    return false;
}

/* The texts of the report themselves: whole, with a figure for each script, and the same ledger as
 * in doc. */
static void own_texts(void **state) {
    (void)state;
    story s;
    size_t claims = 0;
    char path[512], *ledger = test_slurp("doc/claims.md");
    assert_ok(story_read(&s, "verify/story.txt"));
    for (size_t k = 0; k < s.count; k++) {
        const story_record *record = &s.records[k];
        const char *kind = record->keys[0];
        if (strcmp(kind, "figure") == 0) {
            snprintf(path, sizeof path, "plots/%s.gp", record->values[0]);
            if (access(path, R_OK) != 0 || !*story_value(record, "question"))
                fail_msg("figure %s: no script or no question", record->values[0]);
        } else if (strcmp(kind, "claim") == 0) {
            claims++;
            if (!is_verdict(story_value(record, "verdict")) || !*story_value(record, "command"))
                fail_msg("claim %s: no verdict or no command", record->values[0]);
            snprintf(path, sizeof path, "| %s | %s |", record->values[0],
                     story_value(record, "says"));
            if (!strstr(ledger, path))
                fail_msg("claim %s is not in doc/claims.md as it is in verify/story.txt", path);
        } else {
            assert_string_equal(kind, "sentence");
        }
    }
    assert_true(claims >= 27);
    story_clear(&s);
    free(ledger);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(numbers, test_empty_scratch),
        cmocka_unit_test_setup(follows_the_table, test_empty_scratch),
        cmocka_unit_test_setup(refusals, test_empty_scratch),
        cmocka_unit_test_setup(records, test_empty_scratch),
        cmocka_unit_test_setup(red_sentences, test_empty_scratch),
        cmocka_unit_test_setup(own_numbers, test_empty_scratch),
        cmocka_unit_test_setup(map_follows, test_empty_scratch),
        cmocka_unit_test(own_texts),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
