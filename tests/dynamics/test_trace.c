/* Courses of a single run: correlation and spectrum, and fl-access trace. */
#include "tests/support/support.h"

#include <math.h>

#include "fixland/series.h"
#include "fixland/spins.h"
#include "fixland/table.h"
#include "fixland/tools.h"
#include "tests/support/tools.h"

static char *access_tool(const char *arguments, int code) {
    return test_output(fl_tool_access, "fl-access", arguments, code);
}

/* Correlation and spectrum by FFT against the sums that define them. */
static void series(void **state) {
    (void)state;
    fl_rng rng = test_stream("series");
    for (int trial = 0; trial < 10; trial++) {
        size_t count = 2 + fl_rng_below(&rng, 40), n = 1 + fl_rng_below(&rng, 70),
               words = (n + 63) / 64;
        uint64_t spins[2 * 42];
        double correlation[42], spectrum[42];
        for (size_t t = 0; t < count; t++)
            fl_spins_random(spins + t * words, n, &rng);
        assert_ok(fl_spin_series(spins, count, n, correlation, spectrum));
        for (size_t lag = 0; lag < count; lag++) {
            double sum = 0;
            for (size_t t = 0; t + lag < count; t++)
                sum += fl_spins_overlap(spins + t * words, spins + (t + lag) * words, n);
            assert_true(fabs(correlation[lag] - sum / (double)(count - lag)) < 1e-12);
        }
        double all = 0;
        for (size_t k = 0; k < count; k++)
            all += spectrum[k <= count / 2 ? k : count - k];
        assert_relative(all, (double)count, 1e-12);
        double zero = 0;
        for (size_t i = 0; i < n; i++) {
            double sum = 0;
            for (size_t t = 0; t < count; t++)
                sum += fl_spins_get(spins + t * words, i);
            zero += sum * sum;
        }
        assert_relative(spectrum[0], zero / (double)n / (double)count, 1e-12);
    }
}

static void trace_tool(void **state) {
    (void)state;
    char words[300];
    snprintf(words, sizeof words, "trace --algorithm sync --n 200 --jd 0.3 --sweeps 50 --output %s",
             test_path("trace.tsv"));
    free(access_tool(words, 0));
    fl_frame f;
    assert_ok(fl_frame_read(&f, test_path("trace.tsv")));
    assert_int_equal(f.rows, 51);
    assert_true(f.real[1 * f.columns + 2] ==
                f.real[0 * f.columns + 1]);                     /* all unstable ones flip */
    assert_true(f.real[3] == 1 && fabs(f.real[4] - 1) < 1e-12); /* overlap and correlation at 0 */
    fl_frame_clear(&f);
    /* A margin is so much less self-coupling. */
    char *with = access_tool("trace --n 60 --jd 0.75 --margin 0.25 --sweeps 20", 0);
    char *less = access_tool("trace --n 60 --jd 0.5 --sweeps 20", 0);
    char *rows_with = test_data_lines(with), *rows_less = test_data_lines(less);
    assert_string_equal(rows_with, rows_less);
    free(with), free(less), free(rows_with), free(rows_less);
    test_scratch_empty();
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(series),
        cmocka_unit_test(trace_tool),
    };
    return cmocka_run_group_tests_name("trace", tests, NULL, NULL);
}
