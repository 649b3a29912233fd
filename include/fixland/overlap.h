/* Overlaps of configurations: pair histograms, exact or sampled, their test against a closed form,
 * and their smoothed density.
 *
 * A set of `count` configurations of n neurons is count x fl_spins_words(n) words (spins.h), at
 * most 2^32 - 1 of them. Pairs are ordered, and a configuration is paired with itself too: a
 * histogram pairs[0..n] over Hamming distances sums to count^2. Overlap q = 1 - 2 distance / n. */
#ifndef FIXLAND_OVERLAP_H
#define FIXLAND_OVERLAP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "fixland/effort.h"
#include "fixland/rng.h"
#include "fixland/status.h"

#ifdef __cplusplus
extern "C" {
#endif

/* Neurons of the largest configurations: distances are counted in 16 bits. */
enum { FL_OVERLAP_NEURONS = 64 * 1023 };

/* The histogram of a set, on one thread. */
void fl_pair_histogram(const uint64_t *spins, size_t count, size_t n, uint64_t *pairs);

/* The same, chosen by size among the routes below; when the set is one of mirror pairs (every
 * second configuration the negative of the one before it), from half of it. FL_EINVAL for n = 0 or
 * above FL_OVERLAP_NEURONS, FL_ENOMEM, FL_STOPPED. */
fl_status fl_pairs(const uint64_t *spins, size_t count, size_t n, const fl_effort *effort,
                   uint64_t *pairs);

/* Every pair is counted, by the kernels of src/kernel/popcount_*.h. Fails as fl_pairs does:
 * FL_EINVAL, FL_ENOMEM, FL_STOPPED. */
fl_status fl_pairs_popcount(const uint64_t *spins, size_t count, size_t n, const fl_effort *effort,
                            uint64_t *pairs);

/* Without pairs, in n 2^n operations and 2^n x 4 bytes, n <= FL_WALSH_NEURONS: the histogram is the
 * transform (Krawtchouk polynomials) of the power of the set's Walsh-Hadamard spectrum at each
 * order, in exact integers. MacWilliams, doi:10.1002/j.1538-7305.1963.tb04003.x. FL_EINVAL for
 * another n, FL_ENOMEM. */
enum { FL_WALSH_NEURONS = 28 };
fl_status fl_pairs_walsh(const uint64_t *spins, size_t count, size_t n, uint64_t *pairs);

/* Pairs (one of a, one of b) at each distance; sums to a_count b_count. Fails as fl_pairs does:
 * FL_EINVAL, FL_ENOMEM, FL_STOPPED. */
fl_status fl_pairs_between(const uint64_t *a, size_t a_count, const uint64_t *b, size_t b_count,
                           size_t n, const fl_effort *effort, uint64_t *pairs);

/* Pairs of configuration k of a and configuration k of b alone, at each distance. */
void fl_pairs_paired(const uint64_t *a, const uint64_t *b, size_t count, size_t n, uint64_t *pairs);

/* Draws `draws` ordered pairs of different members, uniformly and with replacement; pairs[d] is
 * the unbiased estimate of the histogram, errors[d] its standard error (of the drawing, not of the
 * disorder). Every member paired with itself is counted, not drawn. FL_EINVAL for no draws,
 * FL_ENOMEM. */
fl_status fl_pairs_sampled(const uint64_t *spins, size_t count, size_t n, uint64_t draws,
                           fl_rng *rng, double *pairs, double *errors);

/* Are the means of `bins` correlated quantities over samples what they should be?
 * values: samples x bins; expected: bins. Neighbouring bins are added together until `least` is
 * expected in each over all samples, so that means are normal; what is left joins the last. Then
 * Hotelling's T^2 = (mean - expected)' C^-1 (mean - expected), C the covariance of the means, is
 * compared with its F distribution, which allows for every correlation between the bins, and the
 * largest |z| with the normal one at `bins` trials (Bonferroni). Linearly dependent bins (mirror
 * images) must not be handed over twice. */
typedef struct fl_agreement {
    size_t bins; /* after merging */
    double t2;   /* Hotelling's statistic; nan where it cannot be formed */
    double p;    /* of T^2 */
    double max_z, max_p;
} fl_agreement;

/* FL_EINVAL for samples <= bins + 1 after merging or no bins, FL_ENOMEM. */
fl_status fl_agreement_test(const double *values, size_t samples, size_t bins,
                            const double *expected, double least, fl_agreement *agreement);

/* Density of overlaps, smoothed: out[k] = sum over d of weights[d] G(grid_k - q_d), G the normal
 * density of standard deviation `width`, on `points` equidistant overlaps from `first` to `last`
 * (which should reach several widths beyond -1 and 1); by two transforms of length `points`.
 * The grid is finer than the overlaps' spacing or the nearest two grid points share a weight
 * linearly. FL_EINVAL for a width that is not positive, or a grid that does not reach;
 * FL_ENOMEM. */
typedef struct fl_smoother fl_smoother;
fl_status fl_smoother_new(fl_smoother **smoother, size_t n, double width, double first, double last,
                          size_t points);
void fl_smoother_run(fl_smoother *smoother, const double *weights, double *out);
void fl_smoother_free(fl_smoother *smoother);

#ifdef __cplusplus
}
#endif
#endif
