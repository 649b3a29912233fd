/* Options that would do nothing are refused, by every tool that has them. */
#include "fixland/tools.h"
#include "tests/support/support.h"
#include "tests/support/tools.h"

typedef struct refusal {
    test_tool run;
    const char *name, *words, *sentence;
} refusal;

static const char lambda[] = "--lambda has no effect without --modules 2 or more; leave it out";

static const refusal refusals[] = {
    {fl_tool_enumerate, "fl-enumerate", "--n 8 --lambda 0.4", lambda},
    {fl_tool_count, "fl-count", "run --n 8 --lambda 0.4", lambda},
    {fl_tool_count, "fl-count", "check --n 8 --lambda 0.4 --modules 1", lambda},
    {fl_tool_overlap, "fl-overlap", "histogram --n 8 --lambda 0.4", lambda},
    {fl_tool_overlap, "fl-overlap", "map --n 8 --lambda 0.4", lambda},
    {fl_tool_access, "fl-access", "run --n 8 --lambda -0.4", lambda},
    {fl_tool_access, "fl-access", "trace --n 8 --lambda 0.4", lambda},
    {fl_tool_access, "fl-access", "basins --n 8 --lambda 0.4", lambda},
    {fl_tool_message, "fl-message", "solve --n 8 --lambda 0.4", lambda},
    {fl_tool_message, "fl-message", "local --n 8 --lambda 0.4", lambda},
    {fl_tool_message, "fl-message", "entropy --n 8 --lambda 0.4", lambda},
    {fl_tool_entropy, "fl-entropy", "count --n 8 --lambda 0.4", lambda},
};

static void options_without_effect(void **state) {
    (void)state;
    for (size_t k = 0; k < sizeof refusals / sizeof *refusals; k++) {
        const refusal *r = &refusals[k];
        print_message("%s %s\n", r->name, r->words);
        test_refused(r->run, r->name, r->words, 2, r->sentence);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(options_without_effect)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
