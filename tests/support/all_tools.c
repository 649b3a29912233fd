/* See all_tools.h. */
#include "tests/support/all_tools.h"

#include "fixland/tools.h"
#include "tests/support/tools.h"

const test_named_tool test_all_tools[TEST_TOOLS] = {
    {fl_tool_access, "fl-access"},       {fl_tool_count, "fl-count"},
    {fl_tool_dmft, "fl-dmft"},           {fl_tool_entropy, "fl-entropy"},
    {fl_tool_enumerate, "fl-enumerate"}, {fl_tool_merge, "fl-merge"},
    {fl_tool_message, "fl-message"},     {fl_tool_overlap, "fl-overlap"},
    {fl_tool_phase, "fl-phase"},         {fl_tool_plot, "fl-plot"},
    {fl_tool_train, "fl-train"},
};

static void assert_all_are_there(void) {
    char *text = test_slurp("include/fixland/tools.h");
    int count = 0;
    assert_non_null(text);
    for (const char *at = text; (at = strstr(at, "int fl_tool_")); at++)
        count++;
    assert_int_equal(count, TEST_TOOLS + 1); /* fl_tool_train_trials is a part of fl-train */
    free(text);
}

const test_named_tool *test_tool_of(const char *line) {
    size_t k = 0, length = strcspn(line, " ");
    while (k < TEST_TOOLS && (strlen(test_all_tools[k].name) != length ||
                              strncmp(line, test_all_tools[k].name, length) != 0))
        k++;
    if (k == TEST_TOOLS)
        fail_msg("no tool in '%s'", line);
    return &test_all_tools[k];
}

void test_each_mode(void *context, void (*take)(void *context, const test_named_tool *tool,
                                                const char *mode, const char *options)) {
    assert_all_are_there();
    for (size_t k = 0; k < TEST_TOOLS; k++) {
        char *out = test_output(test_all_tools[k].run, test_all_tools[k].name, "--print bash", 0);
        for (char *at = out; (at = strstr(at, ":*)\n"));) {
            char *mode = at, *words = strstr(at, "words='") + strlen("words='") - 1;
            while (mode[-1] != ' ')
                mode--;
            *at = 0;
            *words = ' ';
            at = strchr(words, '\'');
            *at++ = 0;
            take(context, &test_all_tools[k], mode, words);
        }
        free(out);
    }
}
