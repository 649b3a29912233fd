/* Networks that are hard on rounding. */
#ifndef FIXLAND_TEST_TIES_H
#define FIXLAND_TEST_TIES_H

#include <stdint.h>

#include "fixland/network.h"
#include "fixland/rng.h"

/* A network of n >= 2 neurons, a configuration (fl_spins_words(n) words) and a self-coupling for
 * which every alignment is zero or next to it: one coupling of each row is set so that sums in
 * double arithmetic give -jd, give or take a bit. */
fl_network ties_network(fl_rng *rng, size_t n, uint64_t *spins, double *jd);

#endif
