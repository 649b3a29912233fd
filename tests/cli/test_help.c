/* --help and --version. */
#include "tests/support/fake_tool.h"

static char *help_of(test_tool tool, const char *arguments) {
    char *out, *err;
    int calls = fake_saw.calls;
    assert_int_equal(test_run_tool(tool, "fl-fake", arguments, &out, &err), 0);
    assert_string_equal(err, "");
    assert_int_equal(fake_saw.calls, calls);
    free(err);
    return out;
}

/* `words` stand in `text`, however the lines are broken. */
static void assert_words_in(const char *text, const char *words) {
    char *flat = strdup(text), *to = flat;
    for (const char *at = text; *at; at++) {
        char c = *at == '\n' ? ' ' : *at;
        if (c != ' ' || to == flat || to[-1] != ' ')
            *to++ = c;
    }
    *to = 0;
    assert_in(flat, words);
    free(flat);
}

static void assert_narrow(const char *text, size_t width) {
    for (const char *line = text; *line; line += strcspn(line, "\n") + 1)
        if (strcspn(line, "\n") > width)
            fail_msg("too long: %.*s", (int)strcspn(line, "\n"), line);
    assert_null(strstr(text, " \n"));
    assert_int_equal(text[strlen(text) - 1], '\n');
}

static void assert_option_in(const char *help, const fl_option *o) {
    char left[100], fallback[100];
    snprintf(left, sizeof left, "\n  --%s%s%s", o->name, o->argument ? " " : "",
             o->argument ? o->argument : "");
    assert_in(help, left);
    assert_words_in(help, o->help);
    snprintf(fallback, sizeof fallback, "default %s]", o->fallback ? o->fallback : "");
    if (o->fallback)
        assert_words_in(help, fallback);
}

static void test_help(void **state) {
    (void)state;
    static const char *const common[] = {
        "--seed NUMBER", "--threads NUMBER", "--output FILE",     "--format tsv|json",
        "--force",       "--resume",         "--time-limit TIME", "--quiet",
        "--config FILE", "--help",           "--version",         "Exit status"};
    static const char *const calls[] = {"--help", "values --help", "-h", "--jd nonsense --help"};
    for (size_t c = 0; c < 4; c++) {
        char *help = help_of(fake_main, calls[c]);
        for (const fl_option *o = fake_options; o->name; o++)
            assert_option_in(help, o);
        for (size_t i = 0; i < sizeof common / sizeof *common; i++)
            assert_in(help, common[i]);
        assert_words_in(help, "[in standard deviations of the field; from -2 to 6; required]");
        assert_words_in(help, "[slow|fast; default slow]");
        assert_words_in(help, "[of at least 1; default 10]");
        assert_words_in(help, "of the origin [default: the sampler's]");
        assert_in(help, "\n  jd   the self-coupling, a line that is kept as it is\n");
        assert_in(help, "\n  fl-fake values --jd 0:1:0.1\n");
        assert_narrow(help, 80);
        bool whole = c != 1;
        assert_true((strstr(help, "takes files") != NULL) == whole);
        assert_true((strstr(help, "a tool for tests") != NULL) == whole);
        free(help);
    }
}

static void test_help_of_other_modes(void **state) {
    (void)state;
    char *help = help_of(fake_main, "files --help");
    assert_in(help, "Usage: fl-fake files [OPTION ...] FILE ...\n");
    assert_option_in(help, &fake_file_options[0]);
    assert_null(strstr(help, "--jd"));
    assert_null(strstr(help, "--threads"));
    assert_null(strstr(help, "--resume"));
    free(help);
    help = help_of(single_main, "--help");
    assert_in(help, "Usage: fl-single [OPTION ...]\n");
    assert_in(help, "--seed");
    assert_null(strstr(help, "Modes"));
    assert_null(strstr(help, "null"));
    assert_narrow(help, 80);
    free(help);
}

static void test_version(void **state) {
    (void)state;
    char *text = help_of(fake_main, "--version"), version[40], commit[80];
    assert_int_equal(sscanf(text, "fl-fake %39s (fixland, commit %79[^)])", version, commit), 2);
    free(text);
    fake_run_quietly("--jd 0");
    char line[200];
    snprintf(line, sizeof line, "version: %s\ncommit: %s\n", version, commit);
    assert_in(fake_saw.meta, line);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_help),
        cmocka_unit_test(test_help_of_other_modes),
        cmocka_unit_test(test_version),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
