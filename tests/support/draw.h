/* Random configurations and networks, and their comparison to the bit. */
#ifndef FIXLAND_TEST_DRAW_H
#define FIXLAND_TEST_DRAW_H

#include "fixland/network.h"
#include "fixland/rng.h"

/* count x fl_spins_words(n) words; free them. */
uint64_t *test_draw_spins(size_t n, size_t count, fl_rng *rng);

/* Gaussian numbers among zeros of both signs, subnormal and huge ones, on the diagonal too. */
void test_draw_network(fl_network *network, size_t n, fl_rng *rng);

void test_assert_same_networks(const fl_network *a, const fl_network *b);

/* The matrix 1 .. 9, row by row, and the assertion that a file holds it. */
extern const double test_one_to_nine[9];
void test_assert_nine(const char *path);

#endif
