/* fl-entropy count and fl-entropy pairs: closed forms at finite size. */
#include <math.h>
#include <stddef.h>

#include "fixland/cli.h"
#include "fixland/sampling.h"
#include "fixland/moments.h"
#include "theory/modes.h"

typedef struct settings {
    fl_reals jd;
    fl_integers n;
    int variance;
} settings;

static fl_ensemble ensemble_of(const settings *s) {
    fl_ensemble ensemble = FL_ENSEMBLE_DEFAULT;
    ensemble.variance = (fl_variance)s->variance;
    return ensemble;
}

static const fl_option count_options[] = {
    {.name = "jd",
     .type = FL_OPTION_REALS,
     .offset = offsetof(settings, jd),
     .argument = "LIST",
     .fallback = "0:1:0.1",
     .help = "self-coupling J_D"},
    {.name = "n",
     .type = FL_OPTION_INTEGERS,
     .offset = offsetof(settings, n),
     .argument = "LIST",
     .fallback = "100",
     .low = 1,
     .high = 1e9,
     .help = "neurons"},
    FL_GROUP(fl_variance_options, settings, variance),
    {.name = NULL},
};

static const fl_column count_columns[] = {
    {"jd", FL_REAL, NULL},
    {"n", FL_INTEGER, NULL},
    {"entropy_limit", FL_REAL, "nats"},
    {"log_mean_count", FL_REAL, "nats"},
    {"mean_count", FL_REAL, NULL},
};

static fl_status count_row(fl_table *table, const fl_ensemble *ensemble, double jd, int64_t n) {
    double limit, log_mean;
    FL_CHECK(fl_entropy_limit(jd, &limit));
    FL_CHECK(fl_log_mean_count(ensemble, (size_t)n, jd, &log_mean));
    const fl_cell row[] = {FL_NUM(jd), FL_INT(n), FL_NUM(limit), FL_NUM(log_mean),
                           FL_NUM(exp(log_mean))};
    return fl_table_row(table, row);
}

static fl_status count_rows(fl_table *table, const void *chosen) {
    const settings *s = chosen;
    fl_ensemble ensemble = ensemble_of(s);
    for (size_t k = 0; k < s->jd.count; k++)
        for (size_t i = 0; i < s->n.count; i++)
            FL_CHECK(count_row(table, &ensemble, s->jd.values[k], s->n.values[i]));
    return FL_OK;
}

static const fl_column pairs_columns[] = {
    {"jd", FL_REAL, NULL},
    {"n", FL_INTEGER, NULL},
    {"distance", FL_INTEGER, NULL},
    {"mean_pairs", FL_REAL, NULL},
    {"log_mean_pairs", FL_REAL, "nats"},
};

static fl_status pairs_row(fl_table *table, const fl_ensemble *ensemble, double jd, int64_t n,
                           int64_t distance) {
    double log_mean;
    FL_CHECK(fl_log_mean_pairs(ensemble, (size_t)n, jd, (size_t)distance, &log_mean));
    const fl_cell row[] = {FL_NUM(jd), FL_INT(n), FL_INT(distance), FL_NUM(exp(log_mean)),
                           FL_NUM(log_mean)};
    return fl_table_row(table, row);
}

static fl_status pairs_rows(fl_table *table, const void *chosen) {
    const settings *s = chosen;
    fl_ensemble ensemble = ensemble_of(s);
    for (size_t k = 0; k < s->jd.count; k++)
        for (size_t i = 0; i < s->n.count; i++)
            for (int64_t d = 0; d <= s->n.values[i]; d++) {
                if (fl_stop_requested())
                    return fl_fail(FL_STOPPED, "stopped by %s; nothing was written",
                                   fl_stop_reason());
                FL_CHECK(pairs_row(table, &ensemble, s->jd.values[k], s->n.values[i], d));
            }
    return FL_OK;
}

static fl_status count_run(fl_run *run, const void *s) {
    return fl_write_rows(run, s, count_columns, sizeof count_columns / sizeof *count_columns,
                         count_rows);
}

static fl_status pairs_run(fl_run *run, const void *s) {
    return fl_write_rows(run, s, pairs_columns, sizeof pairs_columns / sizeof *pairs_columns,
                         pairs_rows);
}

static const fl_option pairs_options[] = {
    {.name = "jd",
     .type = FL_OPTION_REALS,
     .offset = offsetof(settings, jd),
     .argument = "LIST",
     .fallback = "0.5",
     .help = "self-coupling J_D"},
    {.name = "n",
     .type = FL_OPTION_INTEGERS,
     .offset = offsetof(settings, n),
     .argument = "LIST",
     .fallback = "20",
     .low = 1,
     .high = 1e8,
     .help = "neurons"},
    FL_GROUP(fl_variance_options, settings, variance),
    {.name = NULL},
};

static const char count_details[] =
    "The mean number of fixed points of a network of n neurons with independent Gaussian couplings "
    "is exactly (2 Phi(J_D / sigma))^n, with sigma^2 the variance of the field of the other "
    "neurons "
    "((n-1)/n, or 1 with --variance n-1). Its growth per neuron for large n is the annealed "
    "entropy "
    "ln(2 Phi(J_D)).\n\n"
    "Columns: jd; n; entropy_limit, nats per neuron, n -> infinity; log_mean_count, nats, of the "
    "whole network; mean_count, inf where it exceeds the range of a double. Relative accuracy of "
    "the "
    "logs: 1e-12. arXiv:2510.11984.";

static const char pairs_details[] =
    "The exact mean number of ordered pairs of fixed points at each Hamming distance, 0 to n: the "
    "mean overlap histogram at finite n, with overlap 1 - 2 distance / n. Distance 0 is the mean "
    "number of fixed points itself.\n\n"
    "Columns: jd; n; distance; mean_pairs; log_mean_pairs, nats, -inf where there are none.";

const fl_mode fl_mode_count = {
    .name = "count",
    .summary = "mean number of fixed points, and its entropy",
    .details = count_details,
    .example = "fl-entropy count --jd 0:1:0.1 --n 20,50",
    .options = count_options,
    .settings_size = sizeof(settings),
    .run = count_run,
};

const fl_mode fl_mode_pairs = {
    .name = "pairs",
    .summary = "mean number of pairs of fixed points at each distance",
    .details = pairs_details,
    .example = "fl-entropy pairs --jd 0.5 --n 20",
    .options = pairs_options,
    .settings_size = sizeof(settings),
    .run = pairs_run,
};
