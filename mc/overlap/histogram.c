/* Histograms as tables: see histogram.h. */
#include "mc/overlap/histogram.h"

#include <math.h>
#include <stdlib.h>

#include "fixland/overlap.h"
#include "mc/overlap/modes.h"

static double overlap_of(size_t distance, size_t n) {
    return ((double)n - 2 * (double)distance) / (double)n;
}

const fl_column histogram_columns[HISTOGRAM_COLUMNS] = {
    FL_COLUMNS_SIZE(FL_COLUMN_NEURONS),
    {"distance", FL_INTEGER, NULL, "Hamming distance"},
    {"overlap", FL_REAL, NULL, "1 - 2 distance / n"},
    {"pairs_mean", FL_REAL, NULL, "ordered pairs at this distance, mean over samples"},
    {"pairs_error", FL_REAL, NULL,
     "its standard error over samples (with --pairs and one sample: of the drawing); numbers are skew where "
     "few networks have many pairs, then two errors hold the truth less often than 95 times in 100"},
    {"exact_mean", FL_REAL, NULL,
     "the closed form at this n (nan unless all fixed points of independent Gaussian networks are "
     "there)"},
    {"z", FL_REAL, NULL,
     "their distance in standard errors. Bins are correlated: use --test for a verdict"},
};

static fl_status write_bin(fl_table *table, const source *from, const group *g, size_t d,
                           bool sampled) {
    fl_estimate mean;
    FL_CHECK(group_mean(g, d, &mean));
    double exact = exp(source_log_mean_pairs(from, g->n, g->jd, d));
    double z = fl_z(mean.mean, exact, mean.error);
    /* One sample has no error over samples; that of the drawing says nothing about the mean. */
    if (g->samples == 1 && sampled)
        mean.error = sqrt(g->values[g->n + 1 + d]);
    const fl_cell row[] = {
        FL_INT(g->n),      FL_NUM(g->jd),      FL_INT(d),     FL_NUM(overlap_of(d, g->n)),
        FL_NUM(mean.mean), FL_NUM(mean.error), FL_NUM(exact), FL_NUM(z)};
    return fl_table_row(table, row);
}

fl_status histogram_write(fl_table *table, const source *from, const groups *all, bool sampled) {
    for (size_t k = 0; k < all->count; k++)
        for (size_t d = 0; d <= all->all[k].n; d++)
            FL_CHECK(write_bin(table, from, &all->all[k], d, sampled));
    return FL_OK;
}

const fl_column agreement_columns[AGREEMENT_COLUMNS] = {
    FL_COLUMNS_SAMPLES(FL_COLUMN_NEURONS),
    {"bins", FL_INTEGER, NULL,
     "distances 0 to n/2 (the others are their mirror images; all under an input), neighbouring ones "
     "merged until 1000 pairs are expected"},
    {"t2", FL_REAL, NULL, "Hotelling's statistic from the covariance over samples"},
    {"p", FL_REAL, NULL, "its p-value"},
    {"max_z", FL_REAL, NULL, "largest distance of a bin in standard errors"},
    {"max_p", FL_REAL, NULL, "its p-value (Bonferroni)"},
    {"unequal", FL_INTEGER, NULL, "samples whose pairs do not sum to the square of their count"},
};

/* Pairs expected in a bin over all samples, for a normal mean. */
static const double enough = 1000;

static size_t unequal_sums(const group *g) {
    size_t unequal = 0;
    for (size_t s = 0; s < g->samples; s++) {
        const double *row = g->values + s * g->width;
        double sum = 0, count = row[g->width - 1];
        for (size_t d = 0; d <= g->n; d++)
            sum += row[d];
        unequal += sum != count * count;
    }
    return unequal;
}

/* The distances up to n/2 of all samples (all under an input), and their exact means. */
static fl_status agreement_of(const source *from, const group *g, fl_agreement *a) {
    size_t bins = (source_driven(from) ? g->n : g->n / 2) + 1;
    double *values = malloc(g->samples * bins * sizeof *values);
    double *expected = malloc(bins * sizeof *expected);
    fl_status status = FL_OK;
    *a = (fl_agreement){0, NAN, NAN, NAN, NAN};
    if (!values || !expected)
        status = fl_fail(FL_ENOMEM, "out of memory for the test of %zu samples", g->samples);
    for (size_t d = 0; status == FL_OK && d < bins; d++) {
        expected[d] = exp(source_log_mean_pairs(from, g->n, g->jd, d));
        for (size_t s = 0; s < g->samples; s++)
            values[s * bins + d] = g->values[s * g->width + d];
    }
    if (status == FL_OK && !isnan(expected[0])) {
        status = fl_agreement_test(values, g->samples, bins, expected, enough, a);
        status = status == FL_EINVAL ? FL_OK : status; /* too few samples: the row says nan */
    }
    free(values);
    free(expected);
    return status;
}

fl_status histogram_write_test(fl_table *table, const source *from, const groups *all) {
    for (size_t k = 0; k < all->count; k++) {
        const group *g = &all->all[k];
        fl_agreement a;
        FL_CHECK(agreement_of(from, g, &a));
        const fl_cell row[] = {FL_INT(g->n),    FL_NUM(g->jd),   FL_INT(g->samples),
                               FL_INT(a.bins),  FL_NUM(a.t2),    FL_NUM(a.p),
                               FL_NUM(a.max_z), FL_NUM(a.max_p), FL_INT(unequal_sums(g))};
        FL_CHECK(fl_table_row(table, row));
    }
    return FL_OK;
}
