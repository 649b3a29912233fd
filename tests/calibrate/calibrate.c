/* How often the intervals that the tools print hold the truth: a table for doc/calibration.md.
 * Arguments: trials a row (600 unless given), seed (1), the first row (0) and the one behind the last. */
#include <math.h>

#include "fixland/stats.h"
#include "tests/support/coverage.h"
#include "tests/support/support.h"

int main(int argc, char **argv) {
    size_t trials = argc > 1 ? strtoul(argv[1], NULL, 10) : 600, bad = 0;
    uint64_t seed = argc > 2 ? strtoul(argv[2], NULL, 10) : 1;
    size_t first = argc > 3 ? strtoul(argv[3], NULL, 10) : 0;
    size_t end = argc > 4 ? strtoul(argv[4], NULL, 10) : coverage_count();
    printf("| interval of 95 %% | trials | holds the truth | 95 %% of that |\n|---|---|---|---|\n");
    for (size_t k = first; k < end && k < coverage_count(); k++) {
        coverage c = coverage_try(k, trials, seed);
        fl_interval i = fl_wilson(c.inside, c.trials, 1.959963984540054);
        double share = (double)c.inside / (double)c.trials;
        printf("| %s | %zu | %.1f %% | %.1f to %.1f |\n", c.interval, c.trials, 100 * share,
               100 * i.low, 100 * i.high);
        fflush(stdout);
        bad += !(share >= 0.92 && share <= 0.98);
    }
    fprintf(stderr, "%zu of %zu rows outside 92 to 98 %%\n", bad, end - first);
    return bad > 0;
}
