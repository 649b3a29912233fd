/* The command line that all tools share: values of options, modes, errors, output. */
#include <omp.h>
#include <unistd.h>

#include "tests/support/fake_tool.h"

static void test_defaults(void **state) {
    (void)state;
    fake_run_quietly("--jd 0.5");
    assert_string_equal(fake_saw.mode, "values");
    assert_string_equal(fake_saw.program, "fl-fake");
    assert_int_equal(fake_saw.s.reals.count, 1);
    assert_true(fake_saw.jd[0] == 0.5 && fake_saw.s.real == 0.5 && fake_saw.s.duration == 60);
    assert_int_equal(fake_saw.s.integers.count, 2);
    assert_int_equal(fake_saw.n[1], 50);
    assert_int_equal(fake_saw.s.integer, 10);
    assert_true(fake_saw.s.word == 7 && !fake_saw.s.flag && fake_saw.s.choice == 0);
    assert_string_equal(fake_saw.note, "(none)");
    assert_null(fake_saw.common.output);
    assert_true(fake_saw.common.format == FL_TABLE_TSV && !fake_saw.common.force &&
                !fake_saw.common.quiet);
    assert_true(fake_saw.common.seed == 1 && !fake_saw.common.resume &&
                fake_saw.common.time_limit == 0);
    assert_int_equal(fake_saw.common.threads, omp_get_max_threads());
}

static void test_every_type(void **state) {
    (void)state;
    fake_run_quietly(
        "values --jd -2:6:0.5 --n 8:12:2,100 --samples 1e3 --word 18446744073709551615 "
        "--beta=0.25 --summary --sampler fast --note=--x --pause 2h --seed 9 --threads 3 "
        "--time-limit 15m --quiet --output -");
    assert_int_equal(fake_saw.s.reals.count, 17);
    assert_true(fake_saw.jd[0] == -2 && fake_saw.jd[3] == -0.5 && fake_saw.jd[16] == 6);
    assert_int_equal(fake_saw.s.integers.count, 4);
    assert_true(fake_saw.n[0] == 8 && fake_saw.n[2] == 12 && fake_saw.n[3] == 100);
    assert_true(fake_saw.s.integer == 1000 && fake_saw.s.word == UINT64_MAX &&
                fake_saw.s.real == 0.25);
    assert_true(fake_saw.s.flag && fake_saw.s.choice == 1 && fake_saw.s.duration == 7200);
    assert_string_equal(fake_saw.note, "--x");
    assert_true(fake_saw.common.seed == 9 && fake_saw.common.threads == 3 && fake_saw.common.quiet);
    assert_true(fake_saw.common.time_limit == 900 && !fake_saw.common.output);
}

static void test_ways_to_write(void **state) {
    (void)state;
    fake_run_quietly("--jd=-2:6:0.5");
    assert_true(fake_saw.s.reals.count == 17 && fake_saw.jd[0] == -2);
    fake_run_quietly("--jd 1 --no x --summ");
    assert_true(fake_saw.s.flag);
    assert_string_equal(fake_saw.note, "x");
    fake_run_quietly("--jd 1 --jd 2,3 --summary --summary=no --format=json --form tsv");
    assert_true(fake_saw.s.reals.count == 2 && fake_saw.jd[0] == 2 && !fake_saw.s.flag);
    assert_true(fake_saw.common.format == FL_TABLE_TSV);
    fake_run_quietly("values --jd 1 --note -x");
    assert_string_equal(fake_saw.note, "-x");
}

/* Zero is told from nothing. */
static void test_given(void **state) {
    (void)state;
    fake_run_quietly("--jd 0");
    assert_true(!fake_saw.s.shift_given && fake_saw.s.shift == 0);
    assert_null(strstr(fake_saw.meta, "shift"));
    fake_run_quietly("--jd 0 --shift 0");
    assert_true(fake_saw.s.shift_given && fake_saw.s.shift == 0);
    assert_in(fake_saw.meta, "shift: 0\n");
    assert_in(fake_saw.fingerprint, "shift: 0\n");
}

static void test_modes(void **state) {
    (void)state;
    fake_run_quietly("files a b --weight 2 c -- --d -");
    assert_string_equal(fake_saw.mode, "files");
    assert_string_equal(fake_saw.files, "a;b;c;--d;-;");
    assert_int_equal(fake_saw.common.threads, 1);
    free(fake_run(single_main, ""));
    assert_string_equal(fake_saw.mode, "");
    assert_string_equal(fake_saw.program, "fl-single");
    assert_string_equal(fake_saw.files, "");
    free(fake_run(merge_main, "x --weight 3 y"));
    assert_string_equal(fake_saw.files, "x;y;");
    fake_run_bad(single_main, 2, "values", "values|unexpected");
}

static void test_usage_errors(void **state) {
    (void)state;
    static const struct {
        const char *arguments, *fragments;
    } bad[] = {
        {"", "--jd|missing|from -2 to 6"},
        {"values --n 3", "--jd|missing"},
        {"nothing", "nothing|mode|values, files"},
        {"--jd 0 files", "mode|files|first"},
        {"values values --jd 0", "mode|values|first"},
        {"--jd 0 extra", "unexpected|extra"},
        {"--jd 0 -5", "-5"},
        {"--jd 0 --colour", "--colour|unknown|--jd, --n, --samples|--version"},
        {"--jd 0 --colour=red --n 3", "--colour=red|unknown"},
        {"--jd 0 -x", "-x|unknown"},
        {"--jd 0 --samp 3", "--samp|ambiguous|--samples, --sampler"},
        {"--jd", "--jd needs an argument|list of numbers|from -2 to 6"},
        {"--jd --n 3", "--jd needs an argument"},
        {"--jd 0 --sampler", "--sampler needs an argument|slow|fast"},
        {"--jd 0 --output", "--output needs an argument|FILE"},
        {"--jd=", "--jd ''|empty"},
        {"--jd 0:1:0", "--jd 0:1:0|zero"},
        {"--jd 0:7", "--jd 0:7: 7 is out of range|from -2 to 6"},
        {"--jd 0:6.1:0.1", "6.1 is out of range|from -2 to 6"},
        {"--jd 0,nan", "--jd 0,nan|nan"},
        {"--jd 0:6:1e-7", "10000000"},
        {"--jd 0 --n 0", "--n 0|from 1 to 1000000"},
        {"--jd 0 --n 2.5", "--n 2.5|whole"},
        {"--jd 0 --samples 0", "--samples 0|at least 1"},
        {"--jd 0 --samples 3x", "--samples 3x"},
        {"--jd 0 --samples inf", "--samples inf"},
        {"--jd 0 --word -1", "--word -1|18446744073709551615"},
        {"--jd 0 --beta 1.0001", "--beta 1.0001|out of range|from 0 to 1"},
        {"--jd 0 --beta nan", "--beta nan|from 0 to 1"},
        {"--jd 0 --summary=perhaps", "--summary perhaps|yes, no"},
        {"--jd 0 --sampler quick", "--sampler quick|slow|fast"},
        {"--jd 0 --note=", "--note ''"},
        {"--jd 0 --pause -3", "--pause -3|duration"},
        {"--jd 0 --time-limit 1w", "--time-limit 1w|2h"},
        {"--jd 0 --threads 0", "--threads 0|from 1"},
        {"--jd 0 --threads 1.5", "--threads 1.5"},
        {"--jd 0 --format xml", "--format xml|tsv|json"},
        {"--jd 0 --resume", "--resume|--output"},
        {"--jd 0 --resume --output -", "--resume|--output"},
        {"--jd 0 --resume --output /dev/null", "--resume|--output|regular"},
        {"files --jd 0", "--jd|unknown|--weight"},
        {"files --threads 2", "--threads|unknown"},
        {"--help=maybe", "--help maybe|yes, no"},
    };
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        fake_run_bad(fake_main, 2, bad[i].arguments, bad[i].fragments);
}

/* Words with control characters and enormous words still give one line. */
static void test_strange_words(void **state) {
    (void)state;
    static char program[] = "fl-fake", newline[] = "--jd=1\n2", cursor[] = "\033[2J";
    char *huge = calloc(1, 100001);
    memset(huge, 'z', 100000);
    char *words[][3] = {{program, newline, NULL}, {program, cursor, NULL}, {program, huge, NULL}};
    for (size_t i = 0; i < 3; i++) {
        FILE *file = tmpfile();
        int saved = dup(2);
        dup2(fileno(file), 2);
        int code = fake_main(2, words[i]);
        fflush(stderr);
        dup2(saved, 2);
        close(saved);
        char line[2000] = "";
        rewind(file);
        assert_non_null(fgets(line, sizeof line, file));
        assert_int_equal(fgetc(file), EOF);
        assert_int_equal(code, 2);
        assert_true(strchr(line, '\n') && !strchr(line, '\033') && strlen(line) < 600);
        fclose(file);
    }
    free(huge);
}

static void test_exit_codes(void **state) {
    (void)state;
    char *err;
    assert_int_equal(test_run_tool(fake_main, "fl-fake", "files --weight -1", NULL, &err), 3);
    assert_string_equal(err, "fl-fake: no convergence in 3 steps\n");
    free(err);
}

static void test_output(void **state) {
    (void)state;
    char arguments[700];
    const char *path = test_path("out.tsv");
    snprintf(arguments, sizeof arguments, "--jd 0.1,0.2 --output %s", path);
    free(fake_run(fake_main, arguments));
    assert_string_equal(fake_saw.output, path);
    char *text = test_slurp(path);
    assert_non_null(strstr(text, "# jd: 0.1,0.2\n"));
    assert_non_null(strstr(text, "# columns: jd\n0.1\n0.2\n"));
    free(text);
    fake_run_bad(fake_main, 1, arguments, "exists|--force"); /* and the mode was not run */
    strcat(arguments, " --force");
    free(fake_run(fake_main, arguments));
    snprintf(arguments, sizeof arguments, "--jd 0 --output %s/no/such", path);
    fake_run_bad(fake_main, 1, arguments, "no/such");
    char *out = fake_run(fake_main, "--jd 0.1 --format json");
    assert_true(*out == '{' && strstr(out, "\"seed\": \"1\""));
    free(out);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_defaults),      cmocka_unit_test(test_every_type),
        cmocka_unit_test(test_ways_to_write), cmocka_unit_test(test_given),
        cmocka_unit_test(test_modes),         cmocka_unit_test(test_usage_errors),
        cmocka_unit_test(test_strange_words), cmocka_unit_test(test_exit_codes),
        cmocka_unit_test(test_output),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
