/* What command lines over all tools and modes answer, against what they answered when they were
 * recorded (tests/regression). */
#include <stdlib.h>

#include "tests/support/support.h"

static void test_recorded_answers(void **state) {
    (void)state;
    const char *tools = getenv("FIXLAND_BIN");
    char command[600], *out, *err;
    if (!tools || test_fast())
        skip();
    snprintf(command, sizeof command, "tests/regression/run '%s'", tools);
    int code = test_run_shell(command, &out, &err);
    if (code != 0)
        fail_msg("exit %d: %s%s", code, out, err);
    free(out);
    free(err);
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_recorded_answers)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
