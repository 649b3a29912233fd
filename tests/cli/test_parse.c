/* Numbers, lists, ranges and durations from text. */
#include <inttypes.h>
#include <math.h>

#include "fixland/cli.h"
#include "src/cli/internal.h"
#include "tests/support/support.h"

static void check_reals(const char *text, size_t count, const double *expected) {
    fl_reals list;
    assert_ok(fl_parse_reals("--x", text, 0, 0, &list));
    if (list.count != count)
        fail_msg("%s: %zu values, not %zu", text, list.count, count);
    for (size_t i = 0; i < count; i++)
        if (list.values[i] != expected[i] || signbit(list.values[i]) != signbit(expected[i]))
            fail_msg("%s: value %zu is %.17g, not %.17g", text, i, list.values[i], expected[i]);
    free(list.values);
}

#define CHECK_REALS(text, ...)                                                                     \
    check_reals(text, sizeof((double[]){__VA_ARGS__}) / sizeof(double), (double[]){__VA_ARGS__})

static void test_lists(void **state) {
    (void)state;
    CHECK_REALS("0.1,0.2,0.5", 0.1, 0.2, 0.5);
    CHECK_REALS("7", 7);
    CHECK_REALS("-1e-3", -1e-3);
    CHECK_REALS("+.5,5.", 0.5, 5);
    CHECK_REALS("1,2,5:20:5", 1, 2, 5, 10, 15, 20);
    CHECK_REALS(" 1 , 2 ,\t3 : 4 ", 1, 2, 3, 4);
    CHECK_REALS("-0", 0);
    CHECK_REALS("1e300,4.9e-324", 1e300, 4.9e-324);
    CHECK_REALS("0.1000000000000000055511151231257827", 0.1);
}

static void test_ranges(void **state) {
    (void)state;
    CHECK_REALS("0:1:0.1", 0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1);
    CHECK_REALS("1:0:-0.25", 1, 0.75, 0.5, 0.25, 0);
    CHECK_REALS("-0.3:0.3:0.1", -0.3, -0.2, -0.1, 0, 0.1, 0.2, 0.3);
    CHECK_REALS("2:5", 2, 3, 4, 5);
    CHECK_REALS("0:1:0.3", 0, 0.3, 0.6, 0.9);
    CHECK_REALS("0:0.95", 0);
    CHECK_REALS("3:3", 3);
    CHECK_REALS("3:3:-7", 3);
    CHECK_REALS("1e-3:3e-3:1e-3", 1e-3, 2e-3, 3e-3);
    CHECK_REALS("1e300:3e300:1e300", 1e300, 2e300, 3e300);
    CHECK_REALS("0.05:0.07:1e-2", 0.05, 0.06, 0.07);
    /* Steps that miss the end by less than 1e-9 of a step, on either side, and by more. */
    CHECK_REALS("0:1:0.3333333333", 0, 0.3333333333, 0.6666666666, 1);
    CHECK_REALS("0:1:0.3333333334", 0, 0.3333333334, 0.6666666668, 1);
    CHECK_REALS("0:1:0.33333333", 0, 0.33333333, 0.66666666, 0.99999999);
    CHECK_REALS("0:1:0.33333334", 0, 0.33333334, 0.66666668);
    /* More digits than 64 bits hold: to rounding. */
    CHECK_REALS("0.1234567890123456789012:1.2:1", 0.12345678901234568, 1.1234567890123457);
}

/* A + k B in units of 10^-digits, typed as a decimal fraction. */
static void type_decimal(char *text, size_t size, int64_t units, int digits) {
    int64_t scale = 1;
    for (int i = 0; i < digits; i++)
        scale *= 10;
    uint64_t whole = (uint64_t)(units < 0 ? -units : units);
    int used = snprintf(text, size, "%s%" PRIu64, units < 0 ? "-" : "", whole / (uint64_t)scale);
    if (digits)
        snprintf(text + used, size - (size_t)used, ".%0*" PRIu64, digits, whole % (uint64_t)scale);
}

/* The values of a random range are the doubles that one gets by typing them one by one. */
static void test_ranges_are_typed_decimals(void **state) {
    (void)state;
    fl_rng rng = test_stream("ranges are typed decimals");
    for (int trial = 0; trial < 3000; trial++) {
        int digits = (int)fl_rng_below(&rng, 10);
        int64_t start = (int64_t)fl_rng_below(&rng, 20001) - 10000;
        int64_t step = (int64_t)fl_rng_below(&rng, 501) - 250,
                steps = (int64_t)fl_rng_below(&rng, 60);
        char a[64], b[64], c[64], text[256];
        step += step == 0;
        type_decimal(a, sizeof a, start, digits);
        type_decimal(b, sizeof b, start + steps * step, digits);
        type_decimal(c, sizeof c, step, digits);
        snprintf(text, sizeof text, "%s:%s:%s", a, b, c);
        fl_reals list;
        assert_ok(fl_parse_reals("--x", text, 0, 0, &list));
        assert_int_equal(list.count, steps + 1);
        for (int64_t k = 0; k <= steps; k++) {
            type_decimal(a, sizeof a, start + k * step, digits);
            if (list.values[k] != strtod(a, NULL))
                fail_msg("%s: value %" PRId64 " is %.17g, not %s", text, k, list.values[k], a);
        }
        free(list.values);
    }
}

static void test_integers(void **state) {
    (void)state;
    fl_integers list;
    assert_ok(fl_parse_integers("--n", "12,16:24:4,1e6,-3:-5:-1,9007199254740993", 0, 0, &list));
    const int64_t expected[] = {12, 16, 20, 24, 1000000, -3, -4, -5, INT64_C(9007199254740993)};
    assert_int_equal(list.count, sizeof expected / sizeof *expected);
    assert_memory_equal(list.values, expected, sizeof expected);
    free(list.values);
    int64_t value;
    assert_ok(fl_parse_integer("--n", "9223372036854775807", 0, 0, &value));
    assert_true(value == INT64_MAX);
    assert_ok(fl_parse_integer("--n", "2.50e1", 1, 25, &value));
    assert_true(value == 25);
    assert_ok(fl_parse_integer("--n", "0e5", 0, 0, &value));
    assert_true(value == 0);
}

static void test_uint64(void **state) {
    (void)state;
    uint64_t value;
    assert_ok(fl_parse_uint64("--seed", "18446744073709551615", &value));
    assert_true(value == UINT64_MAX);
    assert_ok(fl_parse_uint64("--seed", "0", &value));
    assert_true(value == 0);
    static const char *const bad[] = {"",   "-1", "+1",  "1e3",
                                      " 1", "1 ", "0x1", "18446744073709551616"};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        assert_status(FL_EUSAGE, fl_parse_uint64("--seed", bad[i], &value));
}

static void test_durations(void **state) {
    (void)state;
    static const struct {
        const char *text;
        double seconds;
    } good[] = {{"90", 90},  {"15m", 900}, {"2h", 7200}, {"1d", 86400}, {"1.5h", 5400},
                {"30s", 30}, {"0", 0},     {"1e2", 100}, {"0.25", 0.25}};
    double value;
    for (size_t i = 0; i < sizeof good / sizeof *good; i++) {
        assert_ok(fl_parse_duration("--time-limit", good[i].text, 0, 0, &value));
        assert_true(value == good[i].seconds);
    }
    static const char *const bad[] = {"",    "m",   "-1",  "5x",    "1h30m",
                                      "1 h", "inf", "nan", "1e400", "2H"};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        assert_status(FL_EUSAGE, fl_parse_duration("--time-limit", bad[i], 0, 0, &value));
    assert_status(FL_EUSAGE, fl_parse_duration("--time-limit", "2m", 1, 60, &value));
    assert_ok(fl_parse_duration("--time-limit", "1m", 1, 60, &value));
}

static void test_flags_and_choices(void **state) {
    (void)state;
    bool flag = false;
    int choice = -1;
    assert_ok(fl_cli_parse_flag("--f", "yes", &flag));
    assert_true(flag);
    assert_ok(fl_cli_parse_flag("--f", "false", &flag));
    assert_false(flag);
    assert_status(FL_EUSAGE, fl_cli_parse_flag("--f", "maybe", &flag));
    assert_status(FL_EUSAGE, fl_cli_parse_flag("--f", "", &flag));
    assert_ok(fl_cli_parse_choice("--c", "json", "tsv|json|js", &choice));
    assert_int_equal(choice, 1);
    assert_ok(fl_cli_parse_choice("--c", "js", "tsv|json|js", &choice));
    assert_int_equal(choice, 2);
    assert_status(FL_EUSAGE, fl_cli_parse_choice("--c", "jso", "tsv|json|js", &choice));
    assert_status(FL_EUSAGE, fl_cli_parse_choice("--c", "", "tsv|json|js", &choice));
    assert_status(FL_EUSAGE, fl_cli_parse_choice("--c", "tsv|json", "tsv|json|js", &choice));
}

/* Each bad list and what the sentence must say besides the option and the text. */
static const struct {
    const char *text, *reason;
    bool whole;
} bad_lists[] = {
    {"", "empty", false},
    {"  ", "empty", false},
    {",", "empty entry", false},
    {"1,,2", "empty entry", false},
    {"1,2,", "empty entry", false},
    {"1, ,2", "empty entry", false},
    {"abc", "neither", false},
    {"1,abc,2", "abc", false},
    {"nan", "neither", false},
    {"1,inf", "inf", false},
    {"-infinity", "neither", false},
    {"0x10", "neither", false},
    {"1e", "neither", false},
    {"1.2.3", "neither", false},
    {"1 2", "neither", false},
    {"0.5x", "neither", false},
    {"--1", "neither", false},
    {".", "neither", false},
    {"0:", "neither", false},
    {":1", "neither", false},
    {"0:1:", "neither", false},
    {"0::1", "neither", false},
    {"0:1:0.1:2", "neither", false},
    {"0:1:0", "zero", false},
    {"0:1:-0.1", "away", false},
    {"5:2", "away", false},
    {"0:1:1e-9", "10000000", false},
    {"0:1e300", "10000000", false},
    {"1:10000001", "10000000", false},
    {"1e400", "too large", false},
    {"0:1e400", "too large", false},
    {"1e-400", "too close to zero", false},
    {"0:1:1e-400", "too close to zero", false},
    {"-3", "out of range", false},
    {"1,2,1e8", "out of range", false},
    {"0:1e8:5e7", "out of range", false},
    {"1.5", "whole", true},
    {"1:2:0.5", "whole", true},
    {"0.123456789012345678901234567890", "whole", true},
};

static void test_bad_lists(void **state) {
    (void)state;
    for (size_t i = 0; i < sizeof bad_lists / sizeof *bad_lists; i++) {
        fl_reals reals = {.count = 77};
        fl_integers integers = {.count = 77};
        const char *text = bad_lists[i].text, *low = "-2", *high = "20000000";
        fl_status status = bad_lists[i].whole ? fl_parse_integers("--list", text, strtod(low, NULL),
                                                                  strtod(high, NULL), &integers)
                                              : fl_parse_reals("--list", text, strtod(low, NULL),
                                                               strtod(high, NULL), &reals);
        assert_status(FL_EUSAGE, status);
        const char *message = fl_message();
        if (strncmp(message, "--list ", 7) != 0 || !strstr(message, *text ? text : "''") ||
            !strstr(message, bad_lists[i].reason) || !strstr(message, "each from -2 to 20000000"))
            fail_msg("'%s': %s", text, message);
        assert_int_equal(reals.count + integers.count, 2 * 77); /* untouched */
    }
}

static void test_bad_numbers(void **state) {
    (void)state;
    static const char *const bad[] = {"",    "x",  "nan", "inf",   "1,2",    "1:2", "1 ", " 1",
                                      "0x1", "1e", "e1",  "1e999", "1e-999", "7.1", "-1", "1..2"};
    double value = 3;
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        assert_status(FL_EUSAGE, fl_parse_real("--x", bad[i], 0, 7, &value));
        assert_non_null(strstr(fl_message(), "from 0 to 7"));
    }
    assert_true(value == 3);
    assert_ok(fl_parse_real("--x", "7", 0, 7, &value));
    assert_status(FL_EUSAGE, fl_parse_real("--x", "-0.1", 0, INFINITY, &value));
    assert_non_null(strstr(fl_message(), "at least 0"));
    assert_status(FL_EUSAGE, fl_parse_real("--x", "2", -INFINITY, 1, &value));
    assert_non_null(strstr(fl_message(), "at most 1"));
    int64_t integer;
    static const char *const not_whole[] = {"1.5", "2e-1", "9223372036854775808", "1e19"};
    for (size_t i = 0; i < sizeof not_whole / sizeof *not_whole; i++)
        assert_status(FL_EUSAGE, fl_parse_integer("--n", not_whole[i], 0, 0, &integer));
}

/* Sentences stay one short line whatever was typed. */
static void test_strange_texts(void **state) {
    (void)state;
    char text[5000];
    double value;
    memset(text, 'x', sizeof text);
    text[sizeof text - 1] = 0;
    assert_status(FL_EUSAGE, fl_parse_real("--x", text, 0, 0, &value));
    assert_true(strlen(fl_message()) < 300);
    assert_status(FL_EUSAGE, fl_parse_real("--x", "1\n2\r\033[1m", 0, 0, &value));
    fl_reals list;
    assert_status(FL_EUSAGE, fl_parse_reals("--x", "1,\n2\n", 0, 0, &list));
}

/* strtod, but only decimal numbers and to the end. */
static bool plain_number(const char *text, double *value) {
    char *end;
    if (!*text || text[strspn(text, "0123456789.+-eE")])
        return false;
    *value = strtod(text, &end);
    return !*end;
}

/* Random texts: a single number is taken exactly when strtod takes all of it. */
static void test_random_texts(void **state) {
    (void)state;
    fl_rng rng = test_stream("random texts");
    static const char letters[] = "0123456789.+-e:,n ";
    int taken = 0;
    for (int trial = 0; trial < 200000; trial++) {
        char text[10] = "";
        size_t length = 1 + fl_rng_below(&rng, 6);
        for (size_t i = 0; i < length; i++)
            text[i] = letters[fl_rng_below(&rng, sizeof letters - 1)];
        double value, expected;
        bool good = plain_number(text, &expected) && fabs(expected) <= 9;
        fl_status status = fl_parse_real("--x", text, -9, 9, &value);
        if ((status == FL_OK) != good && !strstr(fl_message(), "too close to zero"))
            fail_msg("'%s': %s", text, status == FL_OK ? "taken" : fl_message());
        if (status == FL_OK)
            assert_true(value == expected);
        fl_reals list;
        status = fl_parse_reals("--x", text, -9, 9, &list);
        assert_true(status == FL_OK || status == FL_EUSAGE);
        for (size_t i = 0; status == FL_OK && i < list.count; i++)
            assert_true(list.values[i] >= -9 && list.values[i] <= 9);
        if (status == FL_OK)
            free(list.values);
        taken += status == FL_OK;
    }
    assert_true(taken > 1000);
}

static void test_longest_list(void **state) {
    (void)state;
    if (test_fast())
        skip();
    fl_reals list;
    assert_ok(fl_parse_reals("--x", "0.001:10000:0.001", 0, 0, &list));
    assert_int_equal(list.count, 10000000);
    assert_true(list.values[9999998] == 9999.999);
    free(list.values);
    assert_status(FL_EUSAGE, fl_parse_reals("--x", "1:6000000,1:6000000", 0, 0, &list));
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_lists),
        cmocka_unit_test(test_ranges),
        cmocka_unit_test(test_ranges_are_typed_decimals),
        cmocka_unit_test(test_integers),
        cmocka_unit_test(test_uint64),
        cmocka_unit_test(test_durations),
        cmocka_unit_test(test_flags_and_choices),
        cmocka_unit_test(test_bad_lists),
        cmocka_unit_test(test_bad_numbers),
        cmocka_unit_test(test_strange_texts),
        cmocka_unit_test(test_random_texts),
        cmocka_unit_test(test_longest_list),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
