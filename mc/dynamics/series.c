/* Correlations and spectra of spin histories: see series.h. */
#include "fixland/series.h"

#include <complex.h>
#include <fftw3.h>
#include <math.h>

#include "fixland/spins.h"

/* Sum over neurons of |FFT of length `length` of the zero-padded history|^2. */
static fl_status power(const uint64_t *spins, size_t count, size_t n, size_t length, double *sum) {
    size_t words = fl_spins_words(n), half = length / 2 + 1;
    double *in = fftw_alloc_real(length);
    fftw_complex *out = fftw_alloc_complex(half);
    fftw_plan plan = in && out ? fftw_plan_dft_r2c_1d((int)length, in, out, FFTW_ESTIMATE) : NULL;
    for (size_t k = 0; k < half; k++)
        sum[k] = 0;
    for (size_t i = 0; plan && i < n; i++) {
        for (size_t t = 0; t < length; t++)
            in[t] = t < count ? fl_spins_get(spins + t * words, i) : 0;
        fftw_execute(plan);
        for (size_t k = 0; k < half; k++)
            sum[k] += creal(out[k]) * creal(out[k]) + cimag(out[k]) * cimag(out[k]);
    }
    fl_status status = plan ? FL_OK : fl_fail(FL_ENOMEM, "out of memory for a Fourier transform");
    if (plan)
        fftw_destroy_plan(plan);
    fftw_free(in);
    fftw_free(out);
    return status;
}

static fl_status correlate(const uint64_t *spins, size_t count, size_t n, double *correlation) {
    size_t length = 2 * count;
    double *sum = fftw_alloc_real(length / 2 + 1), *back = fftw_alloc_real(length);
    fl_status status = sum && back ? power(spins, count, n, length, sum)
                                   : fl_fail(FL_ENOMEM, "out of memory for a correlation");
    if (status == FL_OK) {
        /* The power is even in the frequency: its transform back is a cosine transform. */
        fftw_plan plan =
            fftw_plan_r2r_1d((int)(length / 2 + 1), sum, back, FFTW_REDFT00, FFTW_ESTIMATE);
        fftw_execute(plan);
        fftw_destroy_plan(plan);
        for (size_t lag = 0; lag < count; lag++) {
            double mean = back[lag] / (double)length / (double)n / (double)(count - lag);
            correlation[lag] = mean;
        }
    }
    fftw_free(sum);
    fftw_free(back);
    return status;
}

fl_status fl_spin_series(const uint64_t *spins, size_t count, size_t n, double *correlation,
                         double *spectrum) {
    if (count < 2 || n == 0)
        return fl_fail(FL_EINVAL, "a history of %zu times and %zu neurons has no correlation",
                       count, n);
    if (correlation)
        FL_CHECK(correlate(spins, count, n, correlation));
    if (spectrum)
        FL_CHECK(power(spins, count, n, count, spectrum));
    for (size_t k = 0; spectrum && k < count / 2 + 1; k++)
        spectrum[k] /= (double)n * (double)count;
    return FL_OK;
}
