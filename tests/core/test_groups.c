/* Nested option tables, and the columns in --help. */
#include "fixland/cli.h"
#include "tests/support/support.h"

typedef struct inner {
    double first, second;
    int64_t third;
} inner;

typedef struct settings {
    int64_t before;
    struct {
        char other;
        inner numbers;
    } member;
    inner again;
    bool after;
} settings;

static const fl_option deepest[] = {
    {"third", FL_OPTION_INTEGER, 0, "COUNT", "3", 1, 10, .help = "the third"},
    {.name = NULL},
};

static const fl_option inner_options[] = {
    {"first", FL_OPTION_REAL, offsetof(inner, first), "X", "1", .help = "the first"},
    {"second", FL_OPTION_REAL, offsetof(inner, second), "X", "2", .help = "the second"},
    FL_GROUP(deepest, inner, third, .fallback = "third=4"),
    {.name = NULL},
};

static const fl_option options[] = {
    {"before", FL_OPTION_INTEGER, offsetof(settings, before), "COUNT", "7", .help = "before"},
    FL_GROUP(inner_options, settings, member.numbers, .fallback = "first=1.5 third=5 second="),
    {"after", FL_OPTION_FLAG, offsetof(settings, after), .help = "after"},
    {.name = NULL},
};

static const fl_option less_options[] = {
    FL_GROUP(inner_options, settings, again, .fallback = "-second third=6"),
    {.name = NULL},
};

static const fl_option wrong_options[] = {
    FL_GROUP(inner_options, settings, again, .fallback = "fourth=6"),
    {.name = NULL},
};

static const fl_column columns[] = {
    {"jd", FL_REAL, NULL, "self-coupling"},
    {"entropy", FL_REAL, "nats", "what is computed"},
};

static const fl_mode_table tables[] = {
    {NULL, columns, 1},
    {"Columns with --after", columns, 2},
    {.columns = NULL},
};

static settings seen;

static fl_status see_settings(fl_run *run, const void *given) {
    (void)run;
    seen = *(const settings *)given;
    return FL_OK;
}

static const fl_mode group_modes[] = {
    {.name = "all",
     .options = options,
     .settings_size = sizeof(settings),
     .run = see_settings,
     .tables = tables},
    {.name = "less",
     .options = less_options,
     .settings_size = sizeof(settings),
     .run = see_settings},
    {.name = "wrong",
     .options = wrong_options,
     .settings_size = sizeof(settings),
     .run = see_settings},
};
static const fl_tool group_tool = {"fl-groups", "nested tables", group_modes, 3};

static int groups_main(int argc, char **argv) {
    return fl_tool_main(&group_tool, argc, argv);
}

/* Exit code; *err must be freed. */
static int run_groups(const char *arguments, char **out, char **err) {
    seen = (settings){0};
    return test_run_tool(groups_main, "fl-groups", arguments, out, err);
}

static void run_well(const char *arguments) {
    char *out, *err;
    if (run_groups(arguments, &out, &err) != 0)
        fail_msg("%s: %s", arguments, err);
    free(out);
    free(err);
}

static void test_values_lie_in_their_struct(void **state) {
    (void)state;
    run_well("all");
    assert_int_equal(seen.before, 7);
    assert_true(seen.member.numbers.first == 1.5);
    assert_true(seen.member.numbers.second == 0);   /* its default is taken away */
    assert_int_equal(seen.member.numbers.third, 5); /* the outer change goes before the inner one */
    run_well("all --third 9 --second -2 --first 0.25 --after --before 1");
    assert_int_equal(seen.before, 1);
    assert_true(seen.member.numbers.first == 0.25 && seen.member.numbers.second == -2);
    assert_int_equal(seen.member.numbers.third, 9);
    assert_true(seen.after);
}

static void test_an_option_can_be_left_out(void **state) {
    (void)state;
    char *out, *err;
    run_well("less");
    assert_true(seen.again.first == 1 && seen.again.second == 0);
    assert_int_equal(seen.again.third, 6);
    assert_int_equal(run_groups("less --second 3", &out, &err), 2);
    assert_non_null(strstr(err, "--second"));
    free(out);
    free(err);
}

static void test_a_change_of_nothing_is_an_error(void **state) {
    (void)state;
    char *out, *err;
    assert_int_not_equal(run_groups("wrong", &out, &err), 0);
    assert_non_null(strstr(err, "fourth"));
    free(out);
    free(err);
}

static void test_help_tells_columns(void **state) {
    (void)state;
    static const char *const lines[] = {
        "\nColumns:\n  jd                    self-coupling\n\n",
        ("\nColumns with --after:\n  jd                    self-coupling\n"
         "  entropy               what is computed [nats]\n\n"),
        "--first X             the first [default 1.5]\n",
        "--second X            the second\n",
        "--third COUNT         the third [from 1 to 10; default 5]\n",
    };
    char *out, *err;
    assert_int_equal(run_groups("all --help", &out, &err), 0);
    for (size_t i = 0; i < sizeof lines / sizeof *lines; i++)
        if (!strstr(out, lines[i]))
            fail_msg("'%s' is not in:\n%s", lines[i], out);
    free(out);
    free(err);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_values_lie_in_their_struct),
        cmocka_unit_test(test_an_option_can_be_left_out),
        cmocka_unit_test(test_a_change_of_nothing_is_an_error),
        cmocka_unit_test(test_help_tells_columns),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
