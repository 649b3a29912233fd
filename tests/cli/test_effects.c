/* An option that is given has an effect, or is refused: for every option of the modes in
 * tests/cli/effects, a command line that it changes. The list of such a mode is complete: an option
 * without a line fails. */
#include <stdlib.h>
#include <unistd.h>

#include "fixland/tools.h"
#include "tests/support/files.h"
#include "tests/support/support.h"
#include "tests/support/tools.h"

/* How a tool is run and where it writes, not what it computes; their tests are test_cli, test_sampling
 * and others. */
static const char common[] =
    " threads timing task-times output format force resume time-limit quiet "
    "config help version store ";

static const struct {
    test_tool run;
    const char *name;
} tools[] = {
    {fl_tool_enumerate, "fl-enumerate"}, {fl_tool_count, "fl-count"},
    {fl_tool_access, "fl-access"},       {fl_tool_overlap, "fl-overlap"},
    {fl_tool_entropy, "fl-entropy"},     {fl_tool_phase, "fl-phase"},
};
enum { TOOLS = sizeof tools / sizeof *tools };

static size_t tool_of(const char *words) {
    size_t k = 0;
    while (k < TOOLS && (strncmp(words, tools[k].name, strlen(tools[k].name)) != 0 ||
                         words[strlen(tools[k].name)] != ' '))
        k++;
    assert_true(k < TOOLS);
    return k;
}

/* The exit code, and the names of the columns and the rows; free *rows. */
static int answer(const char *words, char **rows) {
    size_t k = tool_of(words);
    char *out, *err;
    int code =
        test_run_tool(tools[k].run, tools[k].name, words + strlen(tools[k].name), &out, &err);
    const char *head = strstr(out, "# columns:");
    char *lines = test_data_lines(out);
    size_t length = head ? strcspn(head, "\n") : 0;
    *rows = calloc(length + strlen(lines) + 1, 1);
    memcpy(*rows, head ? head : "", length);
    strcat(*rows, lines);
    free(lines);
    free(out);
    free(err);
    return code;
}

typedef struct effects {
    char mode[64];     /* "fl-access run" */
    char listed[8192]; /* " n jd samples ": the options with a line, of that mode */
    char base[600];    /* the last command line without its option */
    char *rows;        /* what it answered */
    int code;
    size_t lines;
} effects;

/* All options of the mode that completion offers have a line. */
static void assert_complete(effects *e) {
    char what[32], *out;
    if (!*e->mode)
        return;
    size_t k = tool_of(e->mode);
    const char *mode = e->mode + strlen(tools[k].name) + 1;
    assert_int_equal(test_run_tool(tools[k].run, tools[k].name, "--print bash", &out, NULL), 0);
    snprintf(what, sizeof what, "\n    %s:*)\n", mode);
    char *list = strstr(out, what);
    assert_non_null(list);
    list = strstr(list, "words='") + strlen("words='");
    *strchr(list, '\'') = 0;
    for (char *word = strtok(list, " "); word; word = strtok(NULL, " ")) {
        char wanted[64];
        snprintf(wanted, sizeof wanted, " %s ", word + 2);
        if (!strstr(common, wanted) && !strstr(e->listed, wanted))
            fail_msg("%s: no line in tests/cli/effects shows an effect of %s", e->mode, word);
    }
    free(out);
    strcpy(e->listed, " ");
}

/* "WORDS @ --option VALUE": the option changes the table, or is refused. "WORDS ~ ...": it changes
 * how the table is made, and the table is the same. */
static void one_line(effects *e, char *line) {
    char words[1024], *rows, *at = strpbrk(line, "@~");
    assert_non_null(at);
    bool same = *at == '~';
    at[-1] = 0;
    const char *option = at + 2;
    snprintf(words, sizeof words, "%s %s", e->mode, line);
    if (strcmp(words, e->base) != 0) {
        free(e->rows);
        e->code = answer(words, &e->rows);
        strcpy(e->base, words);
    }
    snprintf(words, sizeof words, "%s %s", e->base, option);
    int code = answer(words, &rows);
    bool equal = code == e->code && strcmp(rows, e->rows) == 0;
    if ((code != 0 && code != 2) || (code == 2 && e->code == 2) || equal != same)
        fail_msg("%s: exit %d after %d, %s rows", words, code, e->code, equal ? "equal" : "other");
    free(rows);
    strcat(e->listed, " ");
    strncat(e->listed, option + 2, strcspn(option + 2, " \n"));
    strcat(e->listed, " ");
    e->lines++;
}

static void prepare(const char *words) {
    char *rows;
    assert_int_equal(answer(words, &rows), 0);
    free(rows);
}

static void write_inputs(void) {
    char field[256] = "", matrix[1024] = "";
    for (int i = 0; i < 8; i++) {
        sprintf(field + strlen(field), "%g\n", (i * 37 % 11 - 5) / 4.);
        for (int j = 0; j < 8; j++)
            sprintf(matrix + strlen(matrix), "%g%c", i == j ? 0 : ((i * 7 + j * 13) % 17 - 8) / 8.,
                    j == 7 ? '\n' : ' ');
    }
    test_write_text(test_path("x.txt"), field);
    test_write_text(test_path("J.txt"), matrix);
    test_write_text(test_path("levels.txt"), "0\n0.5\n1\n");
}

static void every_option_has_an_effect(void **state) {
    (void)state;
    char line[512], before[1024];
    FILE *file = fopen("tests/cli/effects", "r");
    effects e = {.listed = " "};
    assert_non_null(file);
    if (test_fast()) {
        fclose(file);
        skip();
    }
    assert_non_null(getcwd(before, sizeof before));
    assert_int_equal(chdir(test_path("")), 0);
    write_inputs();
    while (fgets(line, sizeof line, file)) {
        line[strcspn(line, "\n")] = 0;
        if (*line == '!') {
            prepare(line + 2);
        } else if (*line == '=') {
            assert_complete(&e);
            assert_true(strlen(line) < sizeof e.mode);
            strcpy(e.mode, line + 2);
            strcat(e.mode, strchr(e.mode, ' ') ? "" : " ");
        } else if (*line && *line != '#') {
            one_line(&e, line);
        }
    }
    assert_complete(&e);
    assert_true(e.lines > 200);
    free(e.rows);
    fclose(file);
    assert_int_equal(chdir(before), 0);
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(every_option_has_an_effect)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
