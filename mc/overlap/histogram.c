/* Histograms as tables: see histogram.h. */
#include "mc/overlap/histogram.h"

#include <math.h>
#include <stdlib.h>

#include "fixland/overlap.h"
#include "mc/overlap/modes.h"

static double overlap_of(size_t distance, size_t n) {
    return ((double)n - 2 * (double)distance) / (double)n;
}

static const fl_column columns[] = {
    {"n", FL_INTEGER, NULL},       {"jd", FL_REAL, NULL},         {"distance", FL_INTEGER, NULL},
    {"overlap", FL_REAL, NULL},    {"pairs_mean", FL_REAL, NULL}, {"pairs_error", FL_REAL, NULL},
    {"exact_mean", FL_REAL, NULL}, {"z", FL_REAL, NULL},
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

static fl_status write_bins(fl_table *table, const source *from, const groups *all, bool sampled) {
    for (size_t k = 0; k < all->count; k++)
        for (size_t d = 0; d <= all->all[k].n; d++)
            FL_CHECK(write_bin(table, from, &all->all[k], d, sampled));
    return FL_OK;
}

fl_status histogram_write(fl_run *run, const source *from, const groups *all, bool sampled) {
    fl_table *table;
    FL_CHECK(fl_run_table(run, &table, columns, OVERLAP_COUNT(columns)));
    return overlap_finish(table, write_bins(table, from, all, sampled));
}

static const fl_column test_columns[] = {
    {"n", FL_INTEGER, NULL},    {"jd", FL_REAL, NULL},    {"samples", FL_INTEGER, NULL},
    {"bins", FL_INTEGER, NULL}, {"t2", FL_REAL, NULL},    {"p", FL_REAL, NULL},
    {"max_z", FL_REAL, NULL},   {"max_p", FL_REAL, NULL}, {"unequal", FL_INTEGER, NULL},
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

/* The distances up to n/2 of all samples, and their exact means. */
static fl_status agreement_of(const source *from, const group *g, fl_agreement *a) {
    size_t bins = g->n / 2 + 1;
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

static fl_status write_tests(fl_table *table, const source *from, const groups *all) {
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

fl_status histogram_write_test(fl_run *run, const source *from, const groups *all) {
    fl_table *table;
    FL_CHECK(fl_run_table(run, &table, test_columns, OVERLAP_COUNT(test_columns)));
    return overlap_finish(table, write_tests(table, from, all));
}
