/* Overlaps between configurations. */
#ifndef FIXLAND_OVERLAP_H
#define FIXLAND_OVERLAP_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* Number of ordered pairs of a set at each Hamming distance, a configuration paired with itself
 * included: pairs[d] for d = 0..n, summing to count^2. `spins`: count x fl_spins_words(n) words. */
void fl_pair_histogram(const uint64_t *spins, size_t count, size_t n, uint64_t *pairs);

#ifdef __cplusplus
}
#endif
#endif
