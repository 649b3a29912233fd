/* --config files: values, precedence, errors. */
#include "tests/support/fake_tool.h"

static void run_config(const char *text, const char *arguments) {
    char line[700];
    const char *path = test_path("run.conf");
    fake_write(path, text);
    snprintf(line, sizeof line, "%s --config %s", arguments, path);
    fake_run_quietly(line);
}

static void test_config(void **state) {
    (void)state;
    static const char text[] =
        "# a comment\n\n  jd = 0, 0.1 : 0.3 : 0.1   # blanks and comments\n"
        "n=30\nsummary = yes\r\n\tnote = a b#c = d\nsampler = fast\nseed = 5\n"
        "time-limit = 2h\nforce = no";
    run_config(text, "");
    assert_int_equal(fake_saw.s.reals.count, 4);
    assert_true(fake_saw.jd[3] == 0.3 && fake_saw.n[0] == 30 && fake_saw.s.integers.count == 1);
    assert_true(fake_saw.s.flag && fake_saw.s.choice == 1 && fake_saw.common.seed == 5);
    assert_true(fake_saw.common.time_limit == 7200 && !fake_saw.common.force);
    assert_string_equal(fake_saw.note, "a b#c = d");
    assert_true(fake_saw.s.integer == 10); /* from the defaults */
    run_config(text, "values --jd 2 --summary=no --seed 6 --note x");
    assert_true(fake_saw.s.reals.count == 1 && fake_saw.jd[0] == 2 && !fake_saw.s.flag);
    assert_true(fake_saw.common.seed == 6 && fake_saw.s.choice == 1);
    assert_string_equal(fake_saw.note, "x");
    run_config("shift = 0", "--jd 1");
    assert_true(fake_saw.s.shift_given && fake_saw.s.shift == 0);
    run_config("", "--jd 1");
    assert_false(fake_saw.s.shift_given);
    run_config("\xef\xbb\xbfjd = 3\nn = 5", ""); /* a byte order mark */
    assert_true(fake_saw.jd[0] == 3 && fake_saw.n[0] == 5);
    run_config("jd = 1", "--jd 2 --config /dev/zero"); /* the last file counts */
}

static void test_config_errors(void **state) {
    (void)state;
    static const struct {
        const char *text, *fragments;
    } bad[] = {
        {"jd = 1\ncolour = red\n", "run.conf, line 2|colour|jd, n, samples"},
        {"jd = 0:1:0\n", "run.conf, line 1|jd = 0:1:0|zero|from -2 to 6"},
        {"\n\n\njd 1\n", "run.conf, line 4|jd 1|name = value"},
        {"jd = 1\njd = 2\n", "run.conf, line 2|jd|second"},
        {"jd =\n", "run.conf, line 1|jd|empty"},
        {"= 3\n", "run.conf, line 1"},
        {"jd = 1\nconfig = other\n", "run.conf, line 2|config"},
        {"jd = 1\nhelp = yes\n", "run.conf, line 2|help"},
        {"--jd = 1\n", "run.conf, line 1|--jd"},
        {"sam = 1\n", "run.conf, line 1|sam"},
        {"jd = 1\nbeta = 2\n", "run.conf, line 2|beta = 2|from 0 to 1"},
        {"summary\n", "run.conf, line 1|summary"},
        {"jd = 1\nthreads = 0\n", "run.conf, line 2|threads = 0"},
    };
    char line[700];
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        const char *path = test_path("run.conf");
        fake_write(path, bad[i].text);
        /* Values of the file are checked even where the command line overrides them. */
        snprintf(line, sizeof line, "--jd 1 --config %s --beta 0.5", path);
        fake_run_bad(fake_main, 2, line, bad[i].fragments);
    }
    snprintf(line, sizeof line, "--jd 1 --config %s", test_path("missing.conf"));
    fake_run_bad(fake_main, 1, line, "missing.conf|No such file");
    fake_run_bad(fake_main, 1, "--jd 1 --config /", "--config /|directory");
    FILE *file = fopen(test_path("zero.conf"), "w");
    fwrite("jd\0= 1\n", 1, 7, file);
    fclose(file);
    snprintf(line, sizeof line, "--jd 1 --config %s", test_path("zero.conf"));
    fake_run_bad(fake_main, 1, line, "zero.conf|zero byte");
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_config),
        cmocka_unit_test(test_config_errors),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
