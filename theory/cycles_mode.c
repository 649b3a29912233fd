/* fl-entropy cycles: two-cycles of the synchronous dynamics. */
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
             .fallback = "jd=0,0.1,0.3 n=10,20,40 -ensemble -eta -dilution -modules -lambda"),
    {.name = NULL},
};

static const fl_column columns[] = {
    FL_COLUMN_JD,
    FL_COLUMN_N,
    {"mean_cycles", FL_REAL, NULL, "two-cycles s -> s' -> s, exact at this n"},
    {"distance_mode", FL_INTEGER, NULL, "Hamming distance of s and s' in most of them"},
    {"cycles_limit", FL_REAL, NULL, "of mean_cycles for n -> infinity: 0, finite, or inf"},
    {"entropy_limit", FL_REAL, "nats", "growth of ln(mean_cycles) per neuron, n -> infinity"},
};

enum { COLUMNS = sizeof columns / sizeof *columns };

/* At J_D = 0 cycles are as pairs of fixed points, of which there are 1 + V, those at distance 0 not
 * counted; elsewhere the rate decides. */
static fl_status limit_of(double jd, double entropy, double *limit) {
    *limit = entropy > 0 ? INFINITY : 0;
    if (jd != 0)
        return FL_OK;
    FL_CHECK(fl_count_variance_limit(0, limit));
    *limit *= 0.5;
    return FL_OK;
}

static fl_status cycles_row(fl_table *table, const fl_sweep_point *at, const void *context) {
    (void)context;
    double mean, limit, entropy;
    size_t mode;
    FL_CHECK(fl_two_cycles_entropy(at->effective, &entropy));
    FL_CHECK(limit_of(at->effective, entropy, &limit));
    FL_CHECK(fl_mean_two_cycles(&at->ensemble, (size_t)at->n, at->effective, &mean, &mode));
    const fl_cell cells[COLUMNS] = {FL_NUM(at->jd), FL_INT(at->n), FL_NUM(mean),
                                    FL_INT(mode),   FL_NUM(limit), FL_NUM(entropy)};
    return fl_table_row(table, cells);
}

static const fl_mode_table tables[] = {{NULL, columns, COLUMNS}, {.columns = NULL}};

static fl_status run_cycles(fl_run *run, const void *chosen) {
    const settings *s = chosen;
    FL_CHECK(fl_sweep_coupled(&s->sweep));
    return fl_sweep_write(run, &s->sweep, 1000000, tables, cycles_row);
}

const fl_mode fl_mode_cycles = {
    .name = "cycles",
    .summary = "mean number of two-cycles of the synchronous dynamics",
    .details =
        "Configurations s and s' that the synchronous dynamics leads into one another: neurons on "
        "which they agree are stable in both, the others unstable in both. The mean over networks "
        "of independent Gaussian couplings is exact at every n. For J_D > 0 there are "
        "exponentially many, at small distances, until entropy_limit falls below 0 near J_D = 1. "
        "fl-access counts the runs that end in a cycle, which is something else: each counts with "
        "its basin.",
    .example = "fl-entropy cycles --jd 0,0.3 --n 10",
    .options = options,
    .settings_size = sizeof(settings),
    .run = run_cycles,
    .tables = tables,
};
