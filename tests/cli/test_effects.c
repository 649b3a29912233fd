/* An option that is given has an effect, or is refused: for every option of every mode of every tool a
 * command line in tests/cli/effects that it changes. The tools are those of fixland/tools.h, modes and
 * options what a tool itself tells; one without a line fails. */
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "tests/support/all_tools.h"
#include "tests/support/files.h"
#include "tests/support/support.h"
#include "tests/support/tools.h"

/* How a tool is run and where it writes, not what it computes; their tests are test_cli, test_sampling
 * and others. */
static const char common[] =
    " threads timing task-times output format force resume time-limit checkpoint-every quiet "
    "config help version ";

/* An option of a mode, and the lines that show it. */
typedef struct shown {
    char mode[40], option[40]; /* "fl-access run", "jd" */
    bool threads;              /* the mode has --threads */
    size_t lines;
} shown;

/* What a command line answered. */
typedef struct answer {
    char words[1024];
    int code;
    char *rows; /* the names of the columns and the rows */
} answer;

enum { OPTIONS = 2000, ANSWERS = 4000 };

typedef struct effects {
    shown *options;
    size_t option_count;
    answer *answers;
    size_t answer_count, lines, failed;
    char heads[20][200]; /* of the section: "fl-train train", "fl-train sweep --seeds 1" */
    size_t head_count;
    bool gnuplot;
} effects;

static bool among_common(const char *word) {
    char wanted[64];
    snprintf(wanted, sizeof wanted, " %s ", word);
    return strstr(common, wanted);
}

static void note_mode(void *context, const test_named_tool *tool, const char *mode,
                      const char *options) {
    effects *e = context;
    char *words = strdup(options);
    for (char *save, *word = strtok_r(words, " ", &save); word; word = strtok_r(NULL, " ", &save)) {
        if (among_common(word + 2))
            continue;
        assert_true(e->option_count < OPTIONS);
        shown *o = &e->options[e->option_count++];
        *o = (shown){.threads = strstr(options, " --threads ")};
        snprintf(o->mode, sizeof o->mode, "%s%s%s", tool->name, *mode ? " " : "", mode);
        snprintf(o->option, sizeof o->option, "%s", word + 2);
    }
    free(words);
}

/* The mode is the first word of `head`, and the second one where that is no option. */
static shown *find_option(effects *e, const char *head, const char *option) {
    size_t length = strcspn(head, " ");
    if (head[length] && head[length + 1] != '-')
        length += 1 + strcspn(head + length + 1, " ");
    for (size_t k = 0; k < e->option_count; k++)
        if (strlen(e->options[k].mode) == length &&
            strncmp(e->options[k].mode, head, length) == 0 &&
            strcmp(e->options[k].option, option) == 0)
            return &e->options[k];
    return NULL;
}

/* What the line wrote to the file of --output, or of --input of an export; free it. */
static char *file_of_output(const char *words) {
    char name[300] = "", *text = NULL;
    const char *at = strstr(words, "--output ");
    if (!at && strncmp(words, "fl-train export", 15) == 0)
        at = strstr(words, "--input ");
    if (at && sscanf(at, "--%*s %299s", name) == 1)
        text = test_slurp(name);
    char *lines = test_data_lines(text ? text : "");
    free(text);
    return lines;
}

static void run_line(const char *words, bool threads, answer *a) {
    char whole[1100], *out, *err;
    const test_named_tool *tool = test_tool_of(words);
    snprintf(whole, sizeof whole, "%s%s", words + strlen(tool->name),
             threads ? " --threads 1" : "");
    a->code = test_run_tool(tool->run, tool->name, whole, &out, &err);
    snprintf(a->words, sizeof a->words, "%s", words);
    const char *head = strstr(out, "# columns:");
    char *lines = test_data_lines(out), *drawn = file_of_output(words);
    size_t length = head ? strcspn(head, "\n") : 0;
    a->rows = calloc(length + strlen(lines) + strlen(drawn) + 1, 1);
    memcpy(a->rows, head ? head : "", length);
    strcat(strcat(a->rows, lines), drawn);
    free(drawn);
    free(lines);
    free(out);
    free(err);
}

/* The answer without the option, of earlier lines where there is one. */
static const answer *answer_before(effects *e, const char *words, bool threads) {
    for (size_t k = 0; k < e->answer_count; k++)
        if (strcmp(e->answers[k].words, words) == 0)
            return &e->answers[k];
    assert_true(e->answer_count < ANSWERS);
    run_line(words, threads, &e->answers[e->answer_count]);
    return &e->answers[e->answer_count++];
}

/* HEAD WORDS, then SIGN --option VALUE. @: the option changes the table, or is refused. ~: it changes how
 * the table is made, and the table is the same. +: the table is the same, and the file VALUE appears. -: it is refused, maybe by the
 * library (exit code 1). `long` in front:
 * with FIXLAND_LONG=1 only. */
static void compare(effects *e, const char *head, const char *words, char sign, const char *option,
                    bool long_one) {
    char before[1024], name[40], after[1200], file[300] = "";
    answer a;
    snprintf(before, sizeof before, "%s %s", head, words);
    sscanf(option, "--%39[^= ]%*1[= ]%299s", name, file);
    shown *o = find_option(e, head, name);
    if (!o) {
        print_error("tests/cli/effects: %s has no --%s\n", head, name);
        e->failed++;
        return;
    }
    o->lines++;
    e->lines++;
    if (long_one ? !getenv("FIXLAND_LONG") : test_fast() && e->lines % 12 != 1)
        return;
    if (strncmp(head, "fl-plot draw", 12) == 0 && !e->gnuplot)
        return;
    const answer *b = answer_before(e, before, o->threads);
    snprintf(after, sizeof after, "%s %s", before, option);
    run_line(after, o->threads, &a);
    bool equal = a.code == b->code && strcmp(a.rows, b->rows) == 0;
    bool refused = a.code == 2 && b->code != 2, ran = a.code == 0 || a.code == 2;
    bool right = sign == '@'   ? !equal && ran && (a.code == 0 || refused)
                 : sign == '-' ? b->code == 0 && (a.code == 1 || a.code == 2)
                               : equal && a.code == 0;
    if (!right || (sign == '+' && remove(file) != 0)) {
        print_error("%s: exit %d after %d, %s rows%s\n", after, a.code, b->code,
                    equal ? "equal" : "other", sign == '+' ? ", or no file" : "");
        e->failed++;
    }
    free(a.rows);
}

static void one_line(effects *e, char *line) {
    bool long_one = strncmp(line, "long ", 5) == 0;
    line += long_one ? 5 : 0;
    char *at = line;
    while (*at && !(strchr("@~+-", *at) && (at == line || at[-1] == ' ') && at[1] == ' '))
        at++;
    if (!*at)
        fail_msg("tests/cli/effects: no @, ~, + or - in '%s'", line);
    const char sign = *at;
    *at = 0;
    while (at > line && at[-1] == ' ')
        *--at = 0;
    const char *option = line + strlen(line) + 1;
    while (*option != '-')
        option++;
    for (size_t k = 0; k < e->head_count; k++)
        compare(e, e->heads[k], line, sign, option, long_one);
}

/* "= HEAD | HEAD ...": the lines that follow are for each of them. */
static void begin_section(effects *e, char *heads) {
    e->head_count = 0;
    for (char *save, *head = strtok_r(heads, "|", &save); head; head = strtok_r(NULL, "|", &save)) {
        while (*head == ' ')
            head++;
        for (size_t length = strlen(head); length && head[length - 1] == ' ';)
            head[--length] = 0;
        assert_true(e->head_count < 20 && strlen(head) < sizeof e->heads[0]);
        strcpy(e->heads[e->head_count++], head);
    }
}

static void write_inputs(void) {
    char field[256] = "", matrix[2][1024] = {"", ""};
    for (int i = 0; i < 8; i++) {
        sprintf(field + strlen(field), "%g\n", (i * 37 % 11 - 5) / 4.);
        for (int j = 0; j < 16; j++)
            sprintf(matrix[j / 8] + strlen(matrix[j / 8]), "%g%c",
                    i == j % 8 ? 0 : ((i * 7 + j * 13) % 17 - 8) / 8., j % 8 == 7 ? '\n' : ' ');
    }
    test_write_text(test_path("x.txt"), field);
    test_write_text(test_path("J.txt"), matrix[0]);
    test_write_text(test_path("K.txt"), matrix[1]);
    test_write_text(test_path("levels.txt"), "0\n0.5\n1\n");
    assert_int_equal(mkdir(test_path("more"), 0777), 0);
}

static void read_effects(effects *e, FILE *file) {
    char line[1024];
    answer a;
    while (fgets(line, sizeof line, file)) {
        line[strcspn(line, "\n")] = 0;
        if (*line == '!') {
            run_line(line + 2, false, &a);
            if (a.code != 0)
                fail_msg("%s: exit %d", line, a.code);
            free(a.rows);
        } else if (*line == '=') {
            begin_section(e, line + 1);
        } else if (*line && *line != '#') {
            one_line(e, line);
        }
    }
}

static void assert_complete(const effects *e) {
    char missing[8000] = "";
    for (size_t k = 0; k < e->option_count; k++) {
        const shown *o = &e->options[k];
        size_t used = strlen(missing);
        if (!o->lines)
            snprintf(missing + used, sizeof missing - used, "\n%s --%s", o->mode, o->option);
    }
    if (*missing)
        fail_msg("no line of tests/cli/effects shows an effect of%s", missing);
}

static void every_option_has_an_effect(void **state) {
    (void)state;
    char before[1024];
    effects e = {.options = calloc(OPTIONS, sizeof *e.options),
                 .answers = calloc(ANSWERS, sizeof *e.answers)};
    test_each_mode(&e, note_mode);
    char *found;
    e.gnuplot = test_run_shell("command -v gnuplot", &found, NULL) == 0;
    free(found);
    FILE *file = fopen("tests/cli/effects", "r");
    assert_non_null(file);
    assert_non_null(getcwd(before, sizeof before));
    assert_int_equal(chdir(test_path("")), 0);
    write_inputs();
    read_effects(&e, file);
    fclose(file);
    assert_int_equal(chdir(before), 0);
    assert_complete(&e);
    assert_int_equal(e.failed, 0);
    assert_true(e.lines > 600);
    for (size_t k = 0; k < e.answer_count; k++)
        free(e.answers[k].rows);
    free(e.answers);
    free(e.options);
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(every_option_has_an_effect)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
