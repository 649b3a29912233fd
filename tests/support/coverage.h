/* How often intervals hold the truth: for `make calibrate` and its short form in the suite. Data are
 * drawn from models whose truth is known, exactly or from many times as many data. */
#ifndef FIXLAND_TEST_COVERAGE_H
#define FIXLAND_TEST_COVERAGE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef struct coverage {
    const char *interval; /* what is tried */
    size_t trials, inside;
} coverage;

size_t coverage_count(void);

/* Rows that run a tool for each trial take longer. */
bool coverage_runs_tool(size_t which);

/* Some take too long for the suite. */
bool coverage_slow(size_t which);

/* Tries interval number `which` (from 0) about `trials` times. */
coverage coverage_try(size_t which, size_t trials, uint64_t seed);

#endif
