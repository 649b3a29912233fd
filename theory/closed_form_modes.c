/* fl-entropy count and fl-entropy pairs: closed forms at finite size. */
#include <inttypes.h>
#include <math.h>
#include <stddef.h>

#include "fixland/moments.h"
#include "theory/modes.h"
#include "theory/sweep.h"

typedef struct settings {
    fl_sweep sweep;
    fl_self_settings self;
} settings;

static const fl_option count_options[] = {
    FL_GROUP(fl_sweep_options, settings, sweep),
    FL_GROUP(fl_self_options, settings, self, ),
    {.name = NULL},
};

static const fl_column count_columns[] = {
    FL_COLUMN_JD,
    FL_COLUMN_N,
    {"entropy_limit", FL_REAL, "nats",
     "of the mean, per neuron, n -> infinity; nan where it is not known (eta other than 0 with "
     "modules)"},
    {"log_mean_count", FL_REAL, "nats", "of the whole network"},
    {"mean_count", FL_REAL, NULL, "inf where it exceeds the range of a double"},
};

/* nan where it is not known. */
static fl_status limit_of(const fl_ensemble *e, double jd, double *limit) {
    *limit = NAN;
    fl_status status = fl_ensemble_entropy_limit(e, jd, limit);
    return status == FL_EDOMAIN ? FL_OK : status;
}

/* Settings with what their files say. */
typedef struct opened {
    const settings *settings;
    fl_self_couplings self;
} opened;

/* Every neuron has a factor of its own in the mean (eta = 0). Shares become whole numbers of neurons:
 * those of all but the last are rounded. */
static fl_status mixed_count(const fl_sweep_point *at, const fl_self_couplings *self, double *limit,
                             double *log_mean) {
    double left = 1, n = (double)at->n;
    *limit = *log_mean = 0;
    for (size_t k = 0; k < self->count; k++) {
        double jd = self->relative[k] * at->jd - at->margin, one_limit, one;
        double part = k + 1 < self->count ? round(self->share[k] * n) / n : left;
        FL_CHECK(limit_of(&at->ensemble, jd, &one_limit));
        FL_CHECK(fl_log_mean_count(&at->ensemble, (size_t)at->n, jd, &one));
        *limit += self->share[k] * one_limit;
        *log_mean += part * one;
        left -= part;
    }
    return FL_OK;
}

static fl_status count_row(fl_table *table, const fl_sweep_point *at, const void *context) {
    const fl_self_couplings *self = context;
    double limit, log_mean;
    if (self->count) {
        FL_CHECK(mixed_count(at, self, &limit, &log_mean));
    } else {
        FL_CHECK(limit_of(&at->ensemble, at->effective, &limit));
        FL_CHECK(fl_log_mean_count(&at->ensemble, (size_t)at->n, at->effective, &log_mean));
    }
    const fl_cell row[] = {FL_NUM(at->jd), FL_INT(at->n), FL_NUM(limit), FL_NUM(log_mean),
                           FL_NUM(exp(log_mean))};
    return fl_table_row(table, row);
}

static fl_status count_rows(fl_table *table, const void *chosen) {
    const opened *o = chosen;
    return fl_sweep_rows(table, &o->settings->sweep, count_row, &o->self);
}

static const fl_column pairs_columns[] = {
    FL_COLUMN_JD,
    FL_COLUMN_N,
    {"distance", FL_INTEGER, NULL, "Hamming distance, 0 .. n; overlap 1 - 2 distance / n"},
    {"mean_pairs", FL_REAL, NULL, "ordered pairs of fixed points; nan where undecided"},
    {"log_mean_pairs", FL_REAL, "nats", "-inf where there are none"},
};

static fl_status pairs_row(fl_table *table, const fl_sweep_point *at, const void *context) {
    fl_verdicts *verdicts = *(fl_verdicts *const *)context;
    for (int64_t d = 0; d <= at->n; d++) {
        double log_mean = NAN;
        fl_status status =
            fl_log_mean_pairs(&at->ensemble, (size_t)at->n, at->effective, (size_t)d, &log_mean);
        if (fl_verdict(verdicts, status) == 2)
            log_mean = NAN;
        else
            FL_CHECK(status);
        const fl_cell row[] = {FL_NUM(at->jd), FL_INT(at->n), FL_INT(d), FL_NUM(exp(log_mean)),
                               FL_NUM(log_mean)};
        if (fl_stop_requested())
            return fl_fail(FL_STOPPED, "stopped by %s; nothing was written", fl_stop_reason());
        FL_CHECK(fl_table_row(table, row));
    }
    return FL_OK;
}

static fl_status pairs_rows(fl_table *table, const void *chosen) {
    const settings *s = chosen;
    fl_verdicts verdicts = {0}, *counted = &verdicts;
    FL_CHECK(fl_sweep_rows(table, &s->sweep, pairs_row, &counted));
    return fl_verdicts_end(&verdicts);
}

static const fl_mode_table count_tables[] = {
    {NULL, count_columns, sizeof count_columns / sizeof *count_columns}, {.columns = NULL}};
static const fl_mode_table pairs_tables[] = {
    {NULL, pairs_columns, sizeof pairs_columns / sizeof *pairs_columns}, {.columns = NULL}};

static fl_status count_run(fl_run *run, const void *chosen) {
    opened o = {.settings = chosen};
    const fl_sweep *sweep = &o.settings->sweep;
    size_t numbers;
    FL_CHECK(fl_self_open(run, &o.settings->self, &o.self, &numbers));
    if (o.self.count && (sweep->ensemble.eta != 0 || sweep->ensemble.modules > 1))
        return fl_fail(FL_EUSAGE, "--jd-fraction and --jd-file go with --eta 0 and one module");
    for (size_t k = 0; k < sweep->n.count; k++)
        if ((uint64_t)sweep->n.values[k] % numbers)
            return fl_fail(FL_EUSAGE,
                           "--n %" PRId64 ": allowed: multiples of %zu, the numbers in "
                           "%s",
                           sweep->n.values[k], numbers, o.settings->self.path);
    FL_CHECK(fl_ensemble_settings_check(run, &sweep->ensemble));
    return fl_write_rows(run, &o, count_tables, count_rows);
}

static fl_status pairs_run(fl_run *run, const void *chosen) {
    const settings *s = chosen;
    FL_CHECK(fl_sweep_check(&s->sweep, 100000000));
    return fl_write_rows(run, s, pairs_tables, pairs_rows);
}

static const fl_option pairs_options[] = {
    FL_GROUP(fl_sweep_options, settings, sweep,
             .fallback = "jd=0.5 n=20 -ensemble -dilution -modules -lambda"),
    {.name = NULL},
};

static const char count_details[] =
    "The mean number of fixed points of a network of n neurons with independent Gaussian couplings "
    "is exactly (2 Phi(J_D / sigma))^n, with sigma^2 the variance of the field of the other "
    "neurons ((n-1)/n, or 1 with --variance n-1). Its growth per neuron for large n is the "
    "annealed entropy ln(2 Phi(J_D)). With --eta the fields have a common part, and the mean is an "
    "integral over it; its growth is ln 2 + extr over x of -x^2/(2 eta) + ln Phi(J_D + x). Binary "
    "and diluted couplings and chains of modules have closed forms at eta = 0; at other eta there "
    "is none (refused).\n\n"
    "Relative accuracy of the logs: 1e-12. arXiv:2510.11984.";

static const char pairs_details[] =
    "The exact mean number of ordered pairs of fixed points at each Hamming distance, 0 to n: the "
    "mean overlap histogram at finite n, for Gaussian couplings with any --eta. Distance 0 is the "
    "mean number of fixed points itself. With --eta to an absolute error of 1e-9 in the log; near "
    "eta = -1 a row may take a second, and is undecided where two resolutions differ by more.";

const fl_mode fl_mode_count = {
    .name = "count",
    .summary = "mean number of fixed points, and its entropy",
    .details = count_details,
    .example = "fl-entropy count --jd 0:1:0.1 --n 20,50",
    .options = count_options,
    .settings_size = sizeof(settings),
    .common = FL_WITH_LISTS,
    .run = count_run,
    .tables = count_tables,
};

const fl_mode fl_mode_pairs = {
    .name = "pairs",
    .summary = "mean number of pairs of fixed points at each distance",
    .details = pairs_details,
    .example = "fl-entropy pairs --jd 0.5 --n 20",
    .options = pairs_options,
    .settings_size = sizeof(settings),
    .common = FL_WITH_LISTS,
    .run = pairs_run,
    .tables = pairs_tables,
};
