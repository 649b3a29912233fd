/* See brute.h. */
#include "tests/support/brute.h"

#include "fixland/spins.h"
#include "tests/support/support.h"

size_t brute_points(const fl_network *network, double jd, uint64_t *points) {
    size_t count = 0;
    for (uint64_t spins = 0; spins < UINT64_C(1) << network->n; spins++)
        if (fl_network_is_fixed_point(network, &spins, jd)) {
            if (points)
                points[count] = spins;
            count++;
        }
    return count;
}

census brute_census(const fl_network *network, double jd) {
    size_t n = network->n;
    assert_true(n <= BRUTE_MAX);
    uint64_t *points = malloc(sizeof *points << n);
    size_t count = brute_points(network, jd, points);
    census c = {.count = (double)count};
    for (size_t a = 0; a < count; a++)
        for (size_t b = 0; b < count; b++)
            c.pairs[fl_spins_distance(&points[a], &points[b], n)]++;
    free(points);
    return c;
}

fl_estimate brute_column(const double *values, size_t samples, size_t columns, size_t which) {
    double *column = malloc(samples * sizeof *column);
    for (size_t k = 0; k < samples; k++)
        column[k] = values[k * columns + which];
    fl_estimate e = fl_mean(column, samples);
    free(column);
    return e;
}
