/* A window of stationary time: see dmft_window.h. */
#include "theory/dmft_window.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static fl_status allocate(dmft_window *w) {
    size_t n = w->length;
    w->correlation = fftw_alloc_real(n);
    w->spectrum = fftw_alloc_real(n);
    w->power = fftw_alloc_real(n);
    w->paths = malloc(2 * w->pairs * n * sizeof *w->paths);
    w->trace = malloc(2 * n);
    w->buffer = fftw_alloc_complex(n);
    bool enough = w->correlation && w->spectrum && w->power && w->paths && w->trace && w->buffer;
#pragma omp critical(fl_fftw_planner)
    if (enough) {
        w->forward = fftw_plan_dft_1d((int)n, w->buffer, w->buffer, FFTW_FORWARD, FFTW_ESTIMATE);
        w->backward = fftw_plan_dft_1d((int)n, w->buffer, w->buffer, FFTW_BACKWARD, FFTW_ESTIMATE);
    }
    if (enough && w->forward && w->backward)
        return FL_OK;
    dmft_window_close(w);
    return fl_fail(FL_ENOMEM, "out of memory for a window of %zu steps", n);
}

void dmft_window_close(dmft_window *w) {
#pragma omp critical(fl_fftw_planner)
    {
        if (w->forward)
            fftw_destroy_plan(w->forward);
        if (w->backward)
            fftw_destroy_plan(w->backward);
    }
    fftw_free(w->correlation);
    fftw_free(w->spectrum);
    fftw_free(w->power);
    fftw_free(w->buffer);
    free(w->paths);
    free(w->trace);
    memset(w, 0, sizeof *w);
}

fl_status dmft_window_open(dmft_window *w, size_t length, size_t paths, double scale, fl_rng rng) {
    *w = (dmft_window){.length = length, .pairs = (paths + 1) / 2, .rng = rng};
    FL_CHECK(allocate(w));
    for (size_t k = 0; k < length; k++)
        w->correlation[k] = exp(-(double)(k < length - k ? k : length - k) / scale);
    return FL_OK;
}

fl_status dmft_window_double(dmft_window *w) {
    dmft_window wide = {.length = 2 * w->length,
                        .pairs = w->pairs,
                        .rng = w->rng,
                        .trigger = w->trigger,
                        .drive = w->drive,
                        .drives = w->drives,
                        .drive_count = w->drive_count};
    size_t half = w->length / 2;
    FL_CHECK(allocate(&wide));
    double end = fmax(w->correlation[half], 0);
    for (size_t k = 0; k < wide.length; k++) {
        size_t lag = k < wide.length - k ? k : wide.length - k;
        double beyond = lag > half ? end * exp(-(double)(lag - half) / (double)half) : 0;
        wide.correlation[k] = lag <= half ? w->correlation[lag] : beyond;
    }
    dmft_window_close(w);
    *w = wide;
    return FL_OK;
}

static void read_spectrum(dmft_window *w) {
    for (size_t k = 0; k < w->length; k++)
        w->buffer[k] = w->correlation[k];
    fftw_execute(w->forward);
    double sum = 0; /* cutting S at 0 adds to the variance: scaled back to 1 */
    for (size_t k = 0; k < w->length; k++)
        sum += w->spectrum[k] = fmax(creal(w->buffer[k]), 0);
    w->increment = 0;
    for (size_t k = 0; k < w->length; k++) {
        w->increment +=
            2 * w->spectrum[k] / sum * (1 - cos(2 * M_PI * (double)k / (double)w->length));
        w->spectrum[k] *= (double)w->length / sum;
    }
}

void dmft_window_draw(dmft_window *w) {
    double scale = 1 / (double)w->length;
    read_spectrum(w);
    for (size_t pair = 0; pair < w->pairs; pair++) {
        float *first = w->paths + 2 * pair * w->length, *second = first + w->length;
        fl_rng_gauss_fill(&w->rng, 2 * w->length, (double *)w->buffer); /* real, imaginary, ... */
        for (size_t k = 0; k < w->length; k++) {
            double amplitude = sqrt(w->spectrum[k] * scale);
            w->buffer[k] *= amplitude;
        }
        fftw_execute(w->backward);
        for (size_t k = 0; k < w->length; k++) {
            first[k] = (float)creal(w->buffer[k]);
            second[k] = (float)cimag(w->buffer[k]);
        }
    }
}

/* One pass; spins into `trace` where it is not NULL. Returns the number of unstable steps. */
static size_t pass(const float *eta, size_t length, float jd, float drive, double p, fl_rng *rng,
                   int8_t *spin, int8_t *trace) {
    size_t unstable = 0;
    float s = *spin;
    for (size_t t = 0; t < length; t++) {
        if (trace)
            trace[t] = (int8_t)s;
        if (s * (eta[t] + drive) + jd < 0) {
            unstable++;
            if (p >= 1 || fl_rng_uniform(rng) < p)
                s = -s;
        }
    }
    *spin = (int8_t)s;
    return unstable;
}

/* The same in continuous time: a spin flips when s eta reaches -jd, at a point of the grid or between
 * two, where a bridge from a to b above the level reaches it with probability exp(-2 a b /
 * increment). Two flips in a step are not looked for. */
static size_t pass_trigger(const float *eta, size_t from, size_t length, double jd,
                           double increment, fl_rng *rng, int8_t *spin, int8_t *trace) {
    const double negligible = 20; /* an exponent: e^-20 in a step */
    size_t flips = 0;
    double s = *spin;
    for (size_t t = from; t < length; t++) {
        double here = s * (double)eta[t] + jd;
        double next = s * (double)eta[t + 1 < length ? t + 1 : 0] + jd;
        if (trace)
            trace[t] = (int8_t)s;
        bool beyond = here <= 0 || next <= 0;
        double exponent = 2 * here * next / increment;
        if (beyond || (exponent < negligible && fl_rng_uniform(rng) < exp(-exponent))) {
            flips++;
            s = -s;
        }
    }
    *spin = (int8_t)s;
    return flips;
}

/* The steps from `from` on. */
static size_t pass_path(const dmft_window *w, const float *eta, size_t from, double jd,
                        double drive, double p, fl_rng *rng, int8_t *spin, int8_t *trace) {
    size_t n = w->length;
    return w->trigger ? pass_trigger(eta, from, n, jd, w->increment, rng, spin, trace)
                      : pass(eta + from, n - from, (float)jd, (float)drive, p, rng, spin, trace);
}

static double drive_of(const dmft_window *w, fl_rng *rng) {
    return w->drives ? fabs(w->drives[fl_rng_below(rng, w->drive_count)]) : w->drive;
}

/* The mean power over paths becomes C; the power of two real signals packed into one complex one is
 * (|Z_k|^2 + |Z_-k|^2) / 2. */
static void take_correlation(dmft_window *w) {
    size_t n = w->length;
    for (size_t k = 0; k < n; k++)
        w->buffer[k] = (w->power[k] + w->power[(n - k) % n]) / 2;
    fftw_execute(w->backward);
    double zero = creal(w->buffer[0]);
    for (size_t k = 0; k < n; k++)
        w->correlation[k] = creal(w->buffer[k]) / zero;
}

static void add_power(dmft_window *w, const int8_t *first, const int8_t *second) {
    for (size_t k = 0; k < w->length; k++)
        w->buffer[k] = first[k] + second[k] * I;
    fftw_execute(w->forward);
    for (size_t k = 0; k < w->length; k++)
        w->power[k] +=
            creal(w->buffer[k]) * creal(w->buffer[k]) + cimag(w->buffer[k]) * cimag(w->buffer[k]);
}

double dmft_window_run(dmft_window *w, double jd, double p, fl_rng rng, bool measure) {
    size_t n = w->length, unstable = 0;
    int8_t *trace = w->trace;
    memset(w->power, 0, n * sizeof *w->power);
    for (size_t path = 0; path < 2 * w->pairs; path++) {
        const float *eta = w->paths + path * n;
        double drive = drive_of(w, &rng);
        size_t from = w->trigger ? n - n / 4 : 0; /* a trigger forgets with its next flip */
        int8_t spin = eta[from] + (float)drive > 0 ? 1 : -1;
        pass_path(w, eta, from, jd, drive, p, &rng, &spin, NULL);
        unstable +=
            pass_path(w, eta, 0, jd, drive, p, &rng, &spin, measure ? trace + path % 2 * n : NULL);
        if (measure && path % 2)
            add_power(w, trace, trace + n);
    }
    if (measure)
        take_correlation(w);
    return (double)unstable / (double)n / (double)(2 * w->pairs);
}
