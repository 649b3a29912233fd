/* Kernel: standard normals from random words, by inversion.
 *
 * The lowest bit of a word is the sign, the other 63 are the tail probability q = (bits + 1/2)
 * 2^-64 in (0, 1/2); the value is the upper quantile of q, by algorithm AS 241 (PPND16) of M. J.
 * Wichura, Appl. Statist. 37, 477 (1988), doi:10.2307/2347330: three rational functions of degree
 * 7, relative accuracy 1e-16. Products and sums are rounded apart, and all kernels take the
 * logarithm of the C library: the same bits for every kernel. */
#ifndef FIXLAND_GAUSS_H
#define FIXLAND_GAUSS_H

#include <stddef.h>
#include <stdint.h>

/* values[k] from words[k], k < n <= FL_GAUSS_MOST. Kernels work on the words up to the next
 * multiple of 8, which must be there in both arrays. */
enum { FL_GAUSS_MOST = 256 };
typedef void fl_gauss(const uint64_t *words, size_t n, double *values);

fl_gauss fl_gauss_scalar, fl_gauss_avx2, fl_gauss_avx512;

/* The kernel of the level in use (kernel.h). */
fl_gauss *fl_gauss_choose(void);

/* The normal of one word. */
double fl_gauss_of(uint64_t word);

/* Upper quantile of a tail probability below 0.075: |normal|, given r = sqrt(-ln q). */
double fl_gauss_far(double r);

/* Numerator and denominator of a quotient of polynomials, lowest power first. */
typedef struct fl_gauss_ratio {
    double above[8], below[8];
} fl_gauss_ratio;

/* For |q - 1/2| <= FL_GAUSS_CENTRE; for r <= 5; beyond. */
extern const fl_gauss_ratio fl_gauss_centre, fl_gauss_flank, fl_gauss_end;
#define FL_GAUSS_CENTRE 0.425
#define FL_GAUSS_CENTRE2 0.180625 /* its square */

#endif
