/* A window of stationary time: eta synthesised by FFT, trajectories run through it, their
 * correlation measured. Internal to the stationary solvers.
 *
 * The window is periodic. eta of covariance C has independent Fourier amplitudes of variance
 * S(w) = FFT of C (circulant embedding; S < 0, which sampling noise brings, counts as 0); real and
 * imaginary part of one complex transform are two independent paths. A path is run through twice:
 * the first pass forgets the start, the second is measured. */
#ifndef FIXLAND_DMFT_WINDOW_H
#define FIXLAND_DMFT_WINDOW_H

#include <complex.h>
#include <fftw3.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "fixland/rng.h"
#include "fixland/status.h"

typedef struct dmft_window {
    size_t length;        /* a power of two */
    size_t pairs;         /* of paths */
    double *correlation;  /* length: C of lags 0 .. length - 1, even around length / 2 */
    double *spectrum;     /* length: S >= 0 */
    double *power;        /* length: measured, sum over paths */
    float *paths;         /* 2 pairs rows of length: eta */
    int8_t *trace;        /* 2 rows of length: spins of a pair */
    fftw_complex *buffer; /* length */
    fftw_plan forward, backward;
    fl_rng rng;       /* of eta */
    double increment; /* variance of eta's steps */
    bool trigger;     /* spins flip when eta crosses the level, between two points too */
    double drive;     /* added to eta; or for each path one of: */
    const double *drives;
    size_t drive_count;
} dmft_window;

/* C starts as an exponential of time scale `scale` steps. */
fl_status dmft_window_open(dmft_window *w, size_t length, size_t paths, double scale, fl_rng rng);
void dmft_window_close(dmft_window *w);

/* The same with twice the length, C continued by an exponential. */
fl_status dmft_window_double(dmft_window *w);

/* New paths of covariance C. */
void dmft_window_draw(dmft_window *w);

/* Runs the paths at self-coupling jd with flip probability p, random numbers from the stream `rng`;
 * returns the unstable fraction (trigger: flips a step). With `measure` C becomes the correlation of the spins. */
double dmft_window_run(dmft_window *w, double jd, double p, fl_rng rng, bool measure);

#endif
