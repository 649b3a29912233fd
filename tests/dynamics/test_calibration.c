/* The short form of `make calibrate`: no interval holds the truth so seldom that chance
 * would do it once in a million where it should be 92 times in a hundred. */
#include <gsl/gsl_cdf.h>

#include "tests/support/coverage.h"
#include "tests/support/support.h"

static void intervals_hold_what_they_say(void **state) {
    (void)state;
    for (size_t k = 0; k < coverage_count(); k++) {
        size_t trials = coverage_runs_tool(k) ? 8 : test_fast() ? 30 : 80;
        coverage c = coverage_try(k, trials, test_seed());
        double few = gsl_cdf_binomial_P((unsigned)c.inside, 0.92, (unsigned)c.trials);
        if (few < 1e-6 || c.trials < trials / 2)
            fail_msg("%s: holds the truth %zu times in %zu", c.interval, c.inside, c.trials);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(intervals_hold_what_they_say)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
