/* fl-phase plane: J_gap of two modules against the coupling lambda between them. */
#include <math.h>
#include <stddef.h>
#include <stdlib.h>

#include "fixland/phase.h"
#include "theory/modes.h"

typedef struct settings {
    fl_reals lambda;
} settings;

static const fl_option options[] = {
    {"lambda", FL_OPTION_REALS, offsetof(settings, lambda), "LIST", "0:0.5:0.05", 0, 2,
     .help = "coupling of the two modules, in increasing order"},
    {.name = NULL},
};

static const fl_column columns[] = {
    {"lambda", FL_REAL, NULL, "coupling of the modules"},
    {"jd_gap", FL_REAL, NULL, "where the gap of equal overlaps closes; nan beyond lambda_gap"},
    FL_COLUMN_NUMERICAL(NULL),
    FL_COLUMN_Q,
    FL_COLUMN_DISTANCE,
    FL_COLUMN_M,
    FL_COLUMN_FLAG,
};

/* Settings, and where the line ends. */
typedef struct plane_plan {
    const settings *settings;
    fl_threshold end;
} plane_plan;

static fl_status plane_rows(fl_table *table, const void *chosen) {
    const plane_plan *plan = chosen;
    const settings *s = plan->settings;
    fl_verdicts verdicts = {0};
    fl_threshold gap = {0};
    double from = -1;
    for (size_t k = 0; k < s->lambda.count; k++) {
        double lambda = s->lambda.values[k];
        if (fl_stop_requested())
            return fl_fail(FL_STOPPED, "stopped by %s; nothing was written", fl_stop_reason());
        fl_status status = lambda > plan->end.control + plan->end.error
                               ? FL_EDOMAIN
                               : fl_phase_plane(lambda, from, &gap);
        int flag = fl_verdict(&verdicts, status);
        if (flag < 0)
            return status;
        fl_threshold shown = {NAN, NAN, NAN, NAN, NAN, NAN};
        if (status == FL_OK)
            shown = gap, from = lambda;
        const fl_cell cells[] = {FL_NUM(lambda),  FL_NUM(shown.control),  FL_NUM(shown.error),
                                 FL_NUM(shown.q), FL_NUM(shown.distance), FL_NUM(shown.m),
                                 FL_INT(flag)};
        FL_CHECK(fl_table_row(table, cells));
    }
    return fl_verdicts_end(&verdicts);
}

static const fl_mode_table tables[] = {{NULL, columns, sizeof columns / sizeof *columns},
                                       {.columns = NULL}};

static fl_status run_plane(fl_run *run, const void *chosen) {
    const settings *s = chosen;
    for (size_t k = 1; k < s->lambda.count; k++)
        if (!(s->lambda.values[k] > s->lambda.values[k - 1]))
            return fl_fail(FL_EUSAGE, "--lambda: %g does not increase on %g before it",
                           s->lambda.values[k], s->lambda.values[k - 1]);
    plane_plan plan = {.settings = s};
    FL_CHECK(fl_phase_lambda_gap(0, &plan.end));
    FL_CHECK(fl_meta_set(&run->meta, "lambda_gap", "%.12g", plan.end.control));
    FL_CHECK(fl_meta_set(&run->meta, "lambda_gap_error", "%.2g", plan.end.error));
    return fl_write_rows(run, &plan, tables, plane_rows);
}

const fl_mode fl_mode_plane = {
    .name = "plane",
    .summary = "J_gap of two modules against the coupling lambda between them",
    .details =
        "Two modules with random couplings of their own; neuron i of each feels lambda times "
        "neuron i of the other. jd_gap is the self-coupling at which the overlap gap closes for "
        "m-tuples with the same overlap q in both modules (overlaps between different modules are "
        "free). It falls with lambda and reaches 0 at lambda_gap, the line of that name in the "
        "header: from there on tuples with equal overlaps are not excluded at any J_D >= 0. It is "
        "a mountain pass: at unequal overlaps the entropy is lower.",
    .example = "fl-phase plane --lambda 0:0.5:0.05",
    .options = options,
    .settings_size = sizeof(settings),
    .run = run_plane,
    .tables = tables,
};
