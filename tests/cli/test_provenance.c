/* What a run records about itself, and the fingerprint of its checkpoint. */
#include <time.h>

#include "tests/support/fake_tool.h"

static void test_provenance(void **state) {
    (void)state;
    setenv("SOURCE_DATE_EPOCH", "1760400000", 1);
    fake_run_quietly(
        "values --jd 0:0.3:0.1 --n 5:7 --summary --note x --seed 11 --threads 2 --quiet");
    unsetenv("SOURCE_DATE_EPOCH");
    static const char *const lines[] = {
        "program: fl-fake\n",
        "mode: values\n",
        "jd: 0,0.1,0.2,0.3\n",
        "n: 5,6,7\n",
        "samples: 10\n",
        "word: 7\n",
        "beta: 0.5\n",
        "summary: yes\n",
        "sampler: slow\n",
        "note: x\n",
        "seed: 11\n",
        "threads: 2\n",
        "date: 2025-10-14T00:00:00Z\n",
        "host: ",
        "kernel: ",
    };
    for (size_t i = 0; i < sizeof lines / sizeof *lines; i++)
        assert_in(fake_saw.meta, lines[i]);
    assert_in(fake_saw.meta, "command: fl-fake values --jd 0:0.3:0.1 --n 5:7 --summary --note x "
                             "--seed 11 --threads 2 --quiet\n");
    static const char *const hidden[] = {"pause", "quiet: ", "output: ", "format: ", "config: "};
    for (size_t i = 0; i < sizeof hidden / sizeof *hidden; i++)
        assert_null(strstr(fake_saw.meta, hidden[i]));
    fake_run_quietly("--jd 0:5:0.01");
    assert_in(fake_saw.meta, "\njd: 0:5:0.01\n");
}

static void test_date(void **state) {
    (void)state;
    time_t before = time(NULL);
    fake_run_quietly("--jd 0");
    struct tm t = {0};
    const char *date = strstr(fake_saw.meta, "\ndate: ");
    assert_non_null(date);
    assert_int_equal(sscanf(date, "\ndate: %d-%d-%dT%d:%d:%dZ\n", &t.tm_year, &t.tm_mon, &t.tm_mday,
                            &t.tm_hour, &t.tm_min, &t.tm_sec),
                     6);
    t.tm_year -= 1900;
    t.tm_mon -= 1;
    assert_true(timegm(&t) >= before && timegm(&t) <= time(NULL));
}

/* The recorded command, given to a shell, yields the words again. */
static void test_command_is_quoted(void **state) {
    (void)state;
    fl_rng rng = test_stream("command is quoted");
    static const char letters[] = "ab '\"\\$`*?~#!&;|<>(){}[]=%\t,.:/-";
    for (int trial = 0; trial < 30; trial++) {
        char word[20] = "--note=", expected[80], shell[600], name[] = "fl-fake", jd[] = "--jd=0";
        size_t length = 1 + fl_rng_below(&rng, 11);
        for (size_t i = 0; i < length; i++)
            word[7 + i] = letters[fl_rng_below(&rng, sizeof letters - 1)];
        char quiet[] = "--output=/dev/null", *argv[] = {name, jd, word, quiet, NULL};
        assert_int_equal(fake_main(4, argv), 0);
        const char *command = strstr(fake_saw.meta, "\ncommand: ") + 10;
        snprintf(shell, sizeof shell, "set -f; printf '%%s\\n' %.*s", (int)strcspn(command, "\n"),
                 command);
        snprintf(expected, sizeof expected, "fl-fake\n--jd=0\n%s\n--output=/dev/null\n", word);
        char *out;
        assert_int_equal(test_run_shell(shell, &out, NULL), 0);
        assert_string_equal(out, expected);
        free(out);
    }
}

static char *fingerprint_of(const char *arguments) {
    fake_run_quietly(arguments);
    return strdup(fake_saw.fingerprint);
}

static void test_fingerprint_is_what_decides(void **state) {
    (void)state;
    char *reference = fingerprint_of("--jd 0:0.2:0.1 --n 8 --seed 3"), line[700];
    static const char *const same[] = {
        "values --seed 3 --n 8 --jd 0,0.1,0.20", "--jd 0:0.2:0.1 --n 8 --seed 3 --threads 2",
        "--jd 0:0.2:0.1 --n 8 --seed 3 --quiet --format json --force --time-limit 1h --pause 3m",
        "--jd 0e0:2e-1:1e-1 --n 8 --seed 3 --beta 0.50 --sampler=slow"};
    static const char *const different[] = {"--jd 0:0.2:0.1 --n 8 --seed 4",
                                            "--jd 0:0.3:0.1 --n 8 --seed 3",
                                            "--jd 0:0.2:0.1 --n 8 --seed 3 --beta 0.51",
                                            "--jd 0:0.2:0.1 --n 8 --seed 3 --summary",
                                            "--jd 0:0.2:0.1 --n 8 --seed 3 --note x",
                                            "--jd 0:0.2:0.1 --n 8 --seed 3 --sampler fast"};
    for (size_t i = 0; i < sizeof same / sizeof *same; i++) {
        fake_run_quietly(same[i]);
        assert_string_equal(fake_saw.fingerprint, reference);
    }
    for (size_t i = 0; i < sizeof different / sizeof *different; i++) {
        fake_run_quietly(different[i]);
        assert_string_not_equal(fake_saw.fingerprint, reference);
    }
    snprintf(line, sizeof line, "--jd 0:0.2:0.1 --n 8 --seed 3 --output %s", test_path("f.tsv"));
    fake_run_quietly(line);
    assert_string_equal(fake_saw.fingerprint, reference);
    free(reference);
    reference = fingerprint_of("files a b");
    fake_run_quietly("files a c");
    assert_string_not_equal(fake_saw.fingerprint, reference);
    assert_in(fake_saw.fingerprint, "files: a c\n");
    free(reference);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_provenance),
        cmocka_unit_test(test_date),
        cmocka_unit_test(test_command_is_quoted),
        cmocka_unit_test(test_fingerprint_is_what_decides),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
