/* The short form of `make calibrate`: no interval holds the truth so seldom that chance
 * would do it once in a million where it should be 92 times in a hundred. */
#include <gsl/gsl_cdf.h>

#include "tests/support/all_tools.h"
#include "tests/support/coverage.h"
#include "tests/support/support.h"
#include "tests/support/tools.h"

static void intervals_hold_what_they_say(void **state) {
    (void)state;
    for (size_t k = 0; k < coverage_count(); k++) {
        if (coverage_slow(k))
            continue;
        size_t trials = coverage_runs_tool(k) ? 4 : test_fast() ? 30 : 80;
        coverage c = coverage_try(k, trials, test_seed());
        double few = gsl_cdf_binomial_P((unsigned)c.inside, 0.92, (unsigned)c.trials);
        if (few < 1e-6 || c.trials < trials / 2)
            fail_msg("%s: holds the truth %zu times in %zu", c.interval, c.inside, c.trials);
    }
}

static bool ends_in(const char *name, const char *end) {
    size_t a = strlen(name), b = strlen(end);
    return a >= b && strcmp(name + a - b, end) == 0;
}

static bool tells_an_error(const char *column) {
    return ends_in(column, "error") || strcmp(column, "low") == 0 || strcmp(column, "high") == 0 ||
           ends_in(column, "_low") || ends_in(column, "_high");
}

/* The row of "Every column" that begins with the tool and names the mode, into `cells`: its second cell. */
static const char *listed(const char *table, const char *tool, const char *mode, char cells[1000]) {
    for (const char *line = table; (line = strstr(line, "\n| fl-")); line++) {
        char modes[300];
        if (sscanf(line, "\n| %299[^|]| %999[^|]|", modes, cells) != 2)
            continue;
        size_t length = strlen(tool);
        bool own = strncmp(modes, tool, length) == 0 && (modes[length] == ' ' || !modes[length]);
        for (char *word = own ? modes + length : modes + strlen(modes); *word;) {
            word += strspn(word, ", ");
            size_t end = strcspn(word, ", ");
            if (end == strlen(mode) && strncmp(word, mode, end) == 0)
                return cells;
            word += end;
        }
    }
    return NULL;
}

static bool names_column(const char *cells, const char *column) {
    for (const char *word = cells + strspn(cells, ", "); *word; word += strspn(word, ", ")) {
        size_t end = strcspn(word, ", ");
        if (end == strlen(column) && strncmp(word, column, end) == 0)
            return true;
        word += end;
    }
    return false;
}

static void look_at_mode(void *context, const test_named_tool *tool, const char *mode,
                         const char *options) {
    char words[80], cells[1000], *save = NULL;
    bool columns = false;
    (void)options;
    snprintf(words, sizeof words, "%s --help", mode);
    char *help = test_output(tool->run, tool->name, words, 0);
    for (char *line = strtok_r(help, "\n", &save); line; line = strtok_r(NULL, "\n", &save)) {
        char name[80];
        if (*line != ' ')
            columns = strncmp(line, "Columns", 7) == 0;
        if (!columns || strncmp(line, "  ", 2) != 0 || line[2] == ' ' ||
            sscanf(line, " %79s", name) != 1 || !tells_an_error(name))
            continue;
        const char *row = listed(context, tool->name, mode, cells);
        if (!row || !names_column(row, name))
            fail_msg("doc/calibration.md does not say what %s of %s %s is", name, tool->name, mode);
    }
    free(help);
}

/* What is printed as an error or as an end of an interval is told in the document: tried, the same as one that is, or
 * no interval. */
static void columns_are_told(void **state) {
    (void)state;
    char *document = test_slurp("doc/calibration.md");
    test_each_mode(strstr(document, "## Every column"), look_at_mode);
    free(document);
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(intervals_hold_what_they_say),
                                       cmocka_unit_test(columns_are_told)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
