/* Doubles for tests of reading and writing. */
#ifndef FIXLAND_TEST_REALS_H
#define FIXLAND_TEST_REALS_H

#include "fixland/rng.h"

uint64_t test_bits_of(double value);

/* Doubles of all kinds: any bits, round decimals, small integers, powers of two, subnormals. */
double test_draw_real(fl_rng *rng);

#endif
