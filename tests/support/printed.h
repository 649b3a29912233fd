/* Intervals and errors as tools print them, tried by running the tool: more rows of coverage.h. */
#ifndef FIXLAND_TEST_PRINTED_H
#define FIXLAND_TEST_PRINTED_H

#include "tests/support/coverage.h"

size_t printed_count(void);
bool printed_slowly(size_t which);

/* Runs the tool `trials` times, each time with another seed. */
coverage printed_try(size_t which, size_t trials, uint64_t seed);

#endif
