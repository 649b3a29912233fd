/* The smoothed density of overlaps, for fl-overlap histogram --smooth: see histogram.h.
 *
 * density(q) = sum_d G(q - q_d) M_d / T, M_d and T = sum_d M_d means over samples. Its error is
 * that of a ratio of means: the standard error of the mean over samples of sum_d G(q - q_d) (m_d -
 * M_d t / T) / T, t the pairs of the sample. */
#include <math.h>
#include <stdlib.h>

#include "mc/overlap/histogram.h"
#include "mc/overlap/modes.h"

const fl_column density_columns[DENSITY_COLUMNS] = {
    FL_COLUMNS_SIZE(FL_COLUMN_NEURONS),
    {"overlap", FL_REAL, NULL, "of a pair"},
    FL_COLUMNS_MEAN(
        "density", "density_error", NULL,
        "of the overlap of a pair: mean histogram over mean number of pairs, convolved with the "
        "Gaussian"),
    {"exact_density", FL_REAL, NULL, "the same from the closed form; nan where there is none"},
};

typedef struct density {
    const group *g;
    fl_smoother *smoother;
    size_t points;
    double first, step;
    double *mean, *exact, *weights;       /* n + 1; the first two normalised */
    double *smooth, *smooth_exact, *work; /* points */
    double *squares;                      /* points: of the samples' deviations */
} density;

static void density_free(density *d) {
    fl_smoother_free(d->smoother);
    free(d->mean);
    free(d->smooth);
}

/* Grid steps of an eighth of the width, over six widths beyond -1 and 1. */
static fl_status density_new(density *d, const group *g, double width) {
    double edge = 1 + 6 * width;
    *d = (density){.g = g, .points = 256, .first = -edge};
    while ((double)d->points < 2 * edge / (width / 8))
        d->points *= 2;
    d->step = 2 * edge / (double)(d->points - 1);
    d->mean = calloc(3 * (g->n + 1), sizeof *d->mean);
    d->smooth = calloc(4 * d->points, sizeof *d->smooth);
    fl_status status = fl_smoother_new(&d->smoother, g->n, width, -edge, edge, d->points);
    if (status == FL_OK && (!d->mean || !d->smooth))
        status = fl_fail(FL_ENOMEM, "out of memory for a density on %zu points", d->points);
    if (status != FL_OK) {
        density_free(d);
        return status;
    }
    d->exact = d->mean + g->n + 1;
    d->weights = d->exact + g->n + 1;
    d->smooth_exact = d->smooth + d->points;
    d->work = d->smooth_exact + d->points;
    d->squares = d->work + d->points;
    return FL_OK;
}

/* Sums to 1; nan when there is nothing. Returns the sum before. */
static double normalise(double *histogram, size_t n) {
    double sum = 0;
    for (size_t d = 0; d <= n; d++)
        sum += histogram[d];
    for (size_t d = 0; d <= n; d++)
        histogram[d] /= sum;
    return sum;
}

static void deviations(density *d, double total) {
    const group *g = d->g;
    for (size_t s = 0; s < g->samples; s++) {
        const double *row = g->values + s * g->width;
        double pairs = 0;
        for (size_t k = 0; k <= g->n; k++)
            pairs += row[k];
        for (size_t k = 0; k <= g->n; k++)
            d->weights[k] = (row[k] - d->mean[k] * pairs) / total;
        fl_smoother_run(d->smoother, d->weights, d->work);
        for (size_t k = 0; k < d->points; k++)
            d->squares[k] += d->work[k] * d->work[k];
    }
}

static fl_status compute(density *d, const source *from) {
    const group *g = d->g;
    for (size_t k = 0; k <= g->n; k++) {
        fl_estimate mean;
        FL_CHECK(group_mean(g, k, &mean));
        d->mean[k] = mean.mean;
        d->exact[k] = exp(source_log_mean_pairs(from, g->n, g->jd, k));
    }
    double total = normalise(d->mean, g->n);
    normalise(d->exact, g->n);
    fl_smoother_run(d->smoother, d->mean, d->smooth);
    fl_smoother_run(d->smoother, d->exact, d->smooth_exact);
    deviations(d, total);
    return FL_OK;
}

static fl_status write_density_points(fl_table *table, const density *d, double width) {
    double samples = (double)d->g->samples;
    for (size_t k = 0; k < d->points; k++) {
        double q = d->first + (double)k * d->step;
        double error = samples > 1 ? sqrt(d->squares[k] / (samples - 1) / samples) : NAN;
        if (fabs(q) > 1 + 3 * width)
            continue;
        const fl_cell row[] = {FL_INT(d->g->n),      FL_NUM(d->g->jd), FL_NUM(q),
                               FL_NUM(d->smooth[k]), FL_NUM(error),    FL_NUM(d->smooth_exact[k])};
        FL_CHECK(fl_table_row(table, row));
    }
    return FL_OK;
}

static fl_status write_group(fl_table *table, const source *from, const group *g, double width) {
    density d;
    FL_CHECK(density_new(&d, g, width));
    fl_status status = compute(&d, from);
    if (status == FL_OK)
        status = write_density_points(table, &d, width);
    density_free(&d);
    return status;
}

fl_status histogram_write_density(fl_table *table, const source *from, const groups *all,
                                  double width) {
    for (size_t k = 0; k < all->count; k++)
        FL_CHECK(write_group(table, from, &all->all[k], width));
    return FL_OK;
}
