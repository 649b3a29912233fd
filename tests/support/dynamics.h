/* Random networks and plans for the tests of the dynamics. */
#ifndef FIXLAND_TEST_DYNAMICS_H
#define FIXLAND_TEST_DYNAMICS_H

#include "fixland/dynamics.h"

/* Words of a configuration that has room for each of these networks. */
enum { TEST_WORDS = 32 };

/* Of any ensemble, 1 .. `most` neurons a module (up to four modules where `most` is small), now and
 * then with a diagonal or an input. */
fl_network test_network(fl_rng *rng, size_t most);

/* Any algorithm, with parameters in their ranges and up to 40 sweeps. */
fl_dynamics test_plan(fl_rng *rng);

void test_assert_outcome(const fl_outcome *a, const fl_outcome *b);

#endif
