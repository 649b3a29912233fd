/* Smoothed density of overlaps: see fl_smoother in overlap.h. The weights go onto the grid, each to
 * its two neighbours so that mass and mean are kept, and are multiplied with the transform of the
 * Gaussian, exp(-(width w)^2 / 2), between two transforms (FFTW). */
#include <fftw3.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "fixland/overlap.h"

struct fl_smoother {
    size_t n, points;
    double first, step;
    double *grid;
    fftw_complex *spectrum;
    double *factor; /* of each frequency, normalisation included */
    fftw_plan there, back;
};

void fl_smoother_free(fl_smoother *s) {
    if (!s)
        return;
    if (s->there)
        fftw_destroy_plan(s->there);
    if (s->back)
        fftw_destroy_plan(s->back);
    fftw_free(s->grid);
    fftw_free(s->spectrum);
    free(s->factor);
    free(s);
}

/* FFTW_ESTIMATE: plans that are measured differ from run to run, and with them the last bits. */
static bool prepare_smooth(fl_smoother *s, double width) {
    size_t half = s->points / 2 + 1;
    s->grid = fftw_alloc_real(s->points);
    s->spectrum = fftw_alloc_complex(half);
    s->factor = malloc(half * sizeof *s->factor);
    if (!s->grid || !s->spectrum || !s->factor)
        return false;
    s->there = fftw_plan_dft_r2c_1d((int)s->points, s->grid, s->spectrum, FFTW_ESTIMATE);
    s->back = fftw_plan_dft_c2r_1d((int)s->points, s->spectrum, s->grid, FFTW_ESTIMATE);
    double length = (double)s->points * s->step;
    for (size_t k = 0; k < half; k++) {
        double w = 2 * M_PI * (double)k / length;
        s->factor[k] = exp(-0.5 * width * width * w * w) / length;
    }
    return s->there && s->back;
}

fl_status fl_smoother_new(fl_smoother **result, size_t n, double width, double first, double last,
                          size_t points) {
    if (!(width > 0) || !(first < -1) || !(last > 1) || points < 4 || points > 1 << 24 || !n)
        return fl_fail(FL_EINVAL,
                       "a density of width %g on %zu points from %g to %g; the width is positive "
                       "and the range goes beyond -1 and 1",
                       width, points, first, last);
    fl_smoother *s = calloc(1, sizeof *s);
    if (s) {
        *s = (fl_smoother){.n = n,
                           .points = points,
                           .first = first,
                           .step = (last - first) / (double)(points - 1)};
        if (prepare_smooth(s, width)) {
            *result = s;
            return FL_OK;
        }
    }
    fl_smoother_free(s);
    return fl_fail(FL_ENOMEM, "out of memory for a density on %zu points", points);
}

void fl_smoother_run(fl_smoother *s, const double *weights, double *out) {
    memset(s->grid, 0, s->points * sizeof *s->grid);
    for (size_t d = 0; d <= s->n; d++) {
        double q = 1 - 2 * (double)d / (double)s->n, place = (q - s->first) / s->step;
        size_t k = (size_t)place;
        k = k < s->points - 1 ? k : s->points - 2;
        s->grid[k] += weights[d] * (1 - (place - (double)k));
        s->grid[k + 1] += weights[d] * (place - (double)k);
    }
    fftw_execute(s->there);
    for (size_t k = 0; k < s->points / 2 + 1; k++) {
        s->spectrum[k][0] *= s->factor[k];
        s->spectrum[k][1] *= s->factor[k];
    }
    fftw_execute(s->back);
    memcpy(out, s->grid, s->points * sizeof *out);
}
