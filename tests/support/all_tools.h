/* Every tool, for tests of what all of them have. */
#ifndef FIXLAND_TEST_ALL_TOOLS_H
#define FIXLAND_TEST_ALL_TOOLS_H

#include "tests/support/support.h"

typedef struct test_named_tool {
    test_tool run;
    const char *name; /* "fl-access" */
} test_named_tool;

enum { TEST_TOOLS = 11 };
extern const test_named_tool test_all_tools[TEST_TOOLS];

/* The tool that a command line begins with. */
const test_named_tool *test_tool_of(const char *line);

/* What `fl-tool --print bash` tells of each mode: its name ("" where it has none) and its options,
 * " --n --jd ... ". Fails unless the tools above are those of fixland/tools.h. */
void test_each_mode(void *context, void (*take)(void *context, const test_named_tool *tool,
                                                const char *mode, const char *options));

#endif
