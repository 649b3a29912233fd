/* Correlations and spectra of spin histories. */
#ifndef FIXLAND_SERIES_H
#define FIXLAND_SERIES_H

#include <stddef.h>
#include <stdint.h>

#include "fixland/status.h"

#ifdef __cplusplus
extern "C" {
#endif

/* For configurations spins[t * fl_spins_words(n) ...], t = 0 .. count - 1, of n neurons:
 *   correlation[lag] = mean over neurons and times t of s_i(t) s_i(t + lag), lag = 0 .. count - 1;
 *   spectrum[k] = mean over neurons of |sum_t s_i(t) exp(-2 pi i k t / count)|^2 / count,
 *                 k = 0 .. count / 2: the power at frequency k / count per sweep; by Parseval the
 *                 mean over all `count` frequencies is 1.
 * By FFT (Wiener and Khinchin). Either output may be NULL. FL_ENOMEM. */
fl_status fl_spin_series(const uint64_t *spins, size_t count, size_t n, double *correlation,
                         double *spectrum);

#ifdef __cplusplus
}
#endif
#endif
