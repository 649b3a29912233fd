/* fl-entropy fluctuations: how the number of fixed points varies between networks. */
#include <math.h>
#include <stddef.h>

#include "fixland/moments.h"
#include "theory/modes.h"
#include "theory/sweep.h"

typedef struct settings {
    fl_sweep sweep;
} settings;

static const fl_option options[] = {
    FL_GROUP(fl_sweep_options, settings, sweep,
             .fallback = "jd=0,0.1,0.3,0.5,1 n=28 -ensemble -dilution -modules -lambda"),
    {.name = NULL},
};

static const fl_column columns[] = {
    FL_COLUMN_JD,
    FL_COLUMN_N,
    {"variance", FL_REAL, NULL,
     "V: of the number over the square of its mean, exact at this n; nan where there are none"},
    {"variance_limit", FL_REAL, NULL, "the same for n -> infinity; nan for eta other than 0"},
    {"log_mean", FL_REAL, "nats", "conjectured mean of ln(number), at J_D > 0"},
    {"log_variance", FL_REAL, NULL, "conjectured variance of ln(number), at J_D > 0"},
    {"empty_probability", FL_REAL, NULL,
     "conjectured probability of no fixed point; nan where V is below 2/mean"},
};

enum { COLUMNS = sizeof columns / sizeof *columns };

static fl_status fluctuations_row(fl_table *table, const fl_sweep_point *at, const void *context) {
    (void)context;
    double limit = NAN;
    fl_count_law law;
    fl_status status = fl_count_law_at(&at->ensemble, (size_t)at->n, at->effective, &law);
    if (status == FL_EDOMAIN) /* there are none whose number could vary */
        law = (fl_count_law){.variance = NAN, .log_mean = NAN, .log_variance = NAN, .empty = NAN};
    else
        FL_CHECK(status);
    if (at->ensemble.eta == 0 && at->effective >= 0)
        FL_CHECK(fl_count_variance_limit(at->effective, &limit));
    const fl_cell cells[COLUMNS] = {FL_NUM(at->jd),       FL_INT(at->n),
                                    FL_NUM(law.variance), FL_NUM(limit),
                                    FL_NUM(law.log_mean), FL_NUM(law.log_variance),
                                    FL_NUM(law.empty)};
    return fl_table_row(table, cells);
}

static const fl_mode_table tables[] = {{NULL, columns, COLUMNS}, {.columns = NULL}};

static fl_status run_fluctuations(fl_run *run, const void *chosen) {
    const settings *s = chosen;
    return fl_sweep_write(run, &s->sweep, 1000000, tables, fluctuations_row);
}

const fl_mode fl_mode_fluctuations = {
    .name = "fluctuations",
    .summary = "how the number of fixed points varies between networks",
    .details =
        "The variance is exact at every n (the mean number of pairs), and its limit a closed form: "
        "it is bounded for J_D > 0, so that the logarithm of the number is that of its mean to "
        "leading order. The distribution is a conjecture, tested in the report: ln(number) normal "
        "with mean ln(mean number) - ln(1 + V)/2 and variance ln(1 + V); and half the number "
        "Poisson around a log-normal mean, of which the probability of no fixed point follows.",
    .example = "fl-entropy fluctuations --jd 0,0.3,0.5 --n 28",
    .options = options,
    .settings_size = sizeof(settings),
    .common = FL_WITH_LISTS,
    .run = run_fluctuations,
    .tables = tables,
};
