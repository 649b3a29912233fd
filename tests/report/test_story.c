/* Texts of the report that are written from its tables: numbers follow the tables, sentences their
 * checks. */
#include "tests/support/support.h"

#include <ctype.h>
#include <unistd.h>

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

/* The paragraph of a report in which one check passes and one fails. */
static char *opening(const char *value) {
    report *r;
    story s;
    char *page, text[200];
    size_t size;
    test_write_text(test_path("story.txt"), "sentence: Good {t jd %.2f}.\nchecks: fine\n\n"
                                            "sentence: Bad.\nchecks: fine; broken\n\n"
                                            "sentence: Nobody knows.\nchecks: never made\n");
    assert_ok(report_open(&r, test_path("report"), 1, false));
    snprintf(text, sizeof text, "# columns: jd\n%s\n", value);
    test_write_text(test_path("report/data/t.tsv"), text);
    report_check_close(r, "it is fine", 1, 1, 0);
    report_check(r, "it is broken", 9, 1, 1, 4.5);
    assert_ok(story_read(&s, test_path("story.txt")));
    FILE *out = open_memstream(&page, &size);
    assert_ok(front_write(r, out, &s, NULL, 0));
    fclose(out);
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
    char *page = opening("0.5"), *other = opening("0.7");
    assert_non_null(strstr(page, "<span class=\"pass\">Good 0.50.</span>"));
    assert_non_null(strstr(page, "<span class=\"fail\">Bad.</span>"));
    assert_non_null(strstr(page, "<span class=\"unknown\">Nobody knows.</span>"));
    assert_non_null(strstr(other, "Good 0.70."));
    free(page);
    free(other);
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
        cmocka_unit_test(own_texts),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
