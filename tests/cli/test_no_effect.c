/* Options that would do nothing are refused, by every tool that has them. */
#include "tests/support/all_tools.h"
#include "tests/support/support.h"
#include "tests/support/tools.h"

static const char lambda[] = "--lambda has no effect without --modules 2 or more; leave it out";

static const struct {
    const char *words, *says;
} others[] = {
    {"fl-access basins --points --enumerate 4",
     "--enumerate has no effect with --points; leave it out"},
    {"fl-train sweep --jd 0,0.5 --separate",
     "--separate has no effect with fewer than two lists; leave it out"},
    {"fl-train capacity --load 1,2 --separate",
     "--separate has no effect with fewer than two lists; leave it out"},
};

static const char *const refused[] = {
    "fl-enumerate --n 8 --lambda 0.4",
    "fl-count run --n 8 --lambda 0.4",
    "fl-count check --n 8 --lambda 0.4 --modules 1",
    "fl-overlap histogram --n 8 --lambda 0.4",
    "fl-overlap map --n 8 --lambda 0.4",
    "fl-access run --n 8 --lambda -0.4",
    "fl-access trace --n 8 --lambda 0.4",
    "fl-access basins --n 8 --lambda 0.4",
    "fl-message solve --n 8 --lambda 0.4",
    "fl-message local --n 8 --lambda 0.4",
    "fl-message entropy --n 8 --lambda 0.4",
    "fl-entropy count --n 8 --lambda 0.4",
};

static void options_without_effect(void **state) {
    (void)state;
    for (size_t k = 0; k < sizeof refused / sizeof *refused; k++) {
        const test_named_tool *tool = test_tool_of(refused[k]);
        print_message("%s\n", refused[k]);
        test_refused(tool->run, tool->name, refused[k] + strlen(tool->name), 2, lambda);
    }
    for (size_t k = 0; k < sizeof others / sizeof *others; k++) {
        const test_named_tool *tool = test_tool_of(others[k].words);
        test_refused(tool->run, tool->name, others[k].words + strlen(tool->name), 2,
                     others[k].says);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(options_without_effect)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
