/* fl-entropy input: fixed points under an input. */
#include <math.h>
#include <stddef.h>

#include "fixland/driven.h"
#include "theory/modes.h"
#include "theory/sweep.h"

typedef struct settings {
    fl_sweep sweep;
    fl_reals strength;
} settings;

static const fl_option options[] = {
    FL_GROUP(fl_sweep_options, settings, sweep,
             .fallback = "jd=0.5 n=20 -ensemble -eta -dilution -modules -lambda"),
    {"strength", FL_OPTION_REALS, offsetof(settings, strength), "LIST", "0:2:0.1", 0, 20,
     .help = "lambda: neuron i feels lambda xi_i, xi_i = +-1"},
    {.name = NULL},
};

static const fl_column columns[] = {
    FL_COLUMN_JD,
    {"strength", FL_REAL, NULL, "of the input"},
    FL_COLUMN_N,
    {"log_mean_count", FL_REAL, "nats", "of the whole network, exact at this n"},
    {"annealed_limit", FL_REAL, "nats", "entropy of the mean, per neuron"},
    {"quenched_limit", FL_REAL, "nats", "typical entropy, per neuron, replica-symmetric"},
    {"overlap_input", FL_REAL, NULL, "of a fixed point with the input"},
    {"q", FL_REAL, NULL, "overlap of two fixed points"},
    {"replicon", FL_REAL, NULL, "above 0 where the replica-symmetric solution is stable"},
    {"error", FL_REAL, "nats", "of quenched_limit, numerical"},
    {"flag", FL_INTEGER, NULL, "0; 1 where the solution is unstable; 2 undecided (nan)"},
};

enum { COLUMNS = sizeof columns / sizeof *columns };

static fl_status row_at(fl_table *table, const fl_sweep_point *at, double strength,
                        fl_verdicts *verdicts) {
    double log_mean;
    fl_driven d = {.quenched = NAN, .overlap = NAN, .q = NAN, .replicon = NAN, .error = NAN};
    FL_CHECK(fl_log_mean_driven(&at->ensemble, (size_t)at->n, at->effective, strength, &log_mean));
    fl_status status = fl_driven_entropy(at->effective, strength, &d);
    int flag = fl_verdict(verdicts, status);
    if (flag < 0)
        return status;
    if (status == FL_OK && d.replicon < 0)
        flag = 1;
    const fl_cell cells[COLUMNS] = {FL_NUM(at->jd),    FL_NUM(strength),   FL_INT(at->n),
                                    FL_NUM(log_mean),  FL_NUM(d.annealed), FL_NUM(d.quenched),
                                    FL_NUM(d.overlap), FL_NUM(d.q),        FL_NUM(d.replicon),
                                    FL_NUM(d.error),   FL_INT(flag)};
    return fl_table_row(table, cells);
}

typedef struct context {
    const fl_reals *strength;
    fl_verdicts *verdicts;
} context;

static fl_status input_row(fl_table *table, const fl_sweep_point *at, const void *given) {
    const context *c = given;
    for (size_t k = 0; k < c->strength->count; k++)
        FL_CHECK(row_at(table, at, c->strength->values[k], c->verdicts));
    return FL_OK;
}

static fl_status input_rows(fl_table *table, const void *chosen) {
    const settings *s = chosen;
    fl_verdicts verdicts = {0};
    FL_CHECK(fl_sweep_rows(table, &s->sweep, input_row, &(context){&s->strength, &verdicts}));
    return fl_verdicts_end(&verdicts);
}

static const fl_mode_table tables[] = {{NULL, columns, COLUMNS}, {.columns = NULL}};

static fl_status run_input(fl_run *run, const void *chosen) {
    const settings *s = chosen;
    FL_CHECK(fl_sweep_coupled(&s->sweep));
    return fl_write_rows(run, chosen, tables, input_rows);
}

const fl_mode fl_mode_input = {
    .name = "input",
    .summary = "fixed points under an input: number, entropy, overlap",
    .details = "Every neuron feels an input lambda xi_i beside the others. The mean number of "
               "fixed points is exact at every n; its entropy is above that of a typical network, "
               "which is the replica-symmetric quenched one (an ansatz, whose stability against "
               "breaking the symmetry of replicas is told by replicon). Without input both agree.",
    .example = "fl-entropy input --jd 0.5 --strength 0.5,1,2 --n 20",
    .options = options,
    .settings_size = sizeof(settings),
    .run = run_input,
    .tables = tables,
};
