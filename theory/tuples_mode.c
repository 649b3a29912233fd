/* fl-phase tuples: the entropy F(m, q) of m-tuples at mutual overlap q. */
#include <math.h>
#include <stddef.h>

#include "fixland/tuples.h"
#include "theory/modes.h"

typedef struct settings {
    fl_reals jd, m, distance;
    double lambda;
} settings;

static const fl_option options[] = {
    {.name = "jd",
     .type = FL_OPTION_REALS,
     .offset = offsetof(settings, jd),
     .argument = "LIST",
     .fallback = "0.05",
     .low = -1,
     .high = 20,
     .help = "self-coupling J_D"},
    {.name = "m",
     .type = FL_OPTION_REALS,
     .offset = offsetof(settings, m),
     .argument = "LIST",
     .fallback = "2,3,5",
     .low = 1,
     .high = 1e6,
     .help = "number of replicas, any real number from 1"},
    {.name = "distance",
     .type = FL_OPTION_REALS,
     .offset = offsetof(settings, distance),
     .argument = "LIST",
     .fallback = "0.001:0.01:0.001,0.02:0.5:0.01",
     .low = 1e-8,
     .high = 0.5,
     .help = "mutual distances d = (1 - q)/2"},
    {.name = "lambda",
     .type = FL_OPTION_REAL,
     .offset = offsetof(settings, lambda),
     .argument = "L",
     .fallback = "0",
     .low = 0,
     .high = 20,
     .help = "coupling of two modules; 0: one module"},
    {.name = NULL},
};

static const fl_column columns[] = {
    {"jd", FL_REAL, NULL, "self-coupling J_D"},
    {"m", FL_REAL, NULL, "number of replicas"},
    {"q", FL_REAL, NULL, "mutual overlap"},
    {"distance", FL_REAL, NULL, "(1 - q)/2"},
    {"tuple_entropy", FL_REAL, "nats", "F(m,q), per neuron"},
    {"internal_entropy", FL_REAL, "nats", "dF/dm: of the clusters that F counts"},
    {"complexity", FL_REAL, "nats", "F - m dF/dm"},
    {"conjugate_overlap", FL_REAL, NULL, "the multiplier of q"},
    {"error", FL_REAL, "nats", "numerical: quadrature, rounding, convergence"},
    {"flag", FL_INTEGER, NULL, "0; 1 where no answer exists; 2 undecided (nan)"},
};

static fl_status row(fl_table *table, const fl_tuples_model *model, double m, double distance,
                     fl_verdicts *verdicts) {
    fl_tuples t;
    fl_status status = fl_tuples_entropy(model, m, 1 - 2 * distance, &t);
    int flag = fl_verdict(verdicts, status);
    if (flag < 0)
        return status;
    if (status != FL_OK)
        t = (fl_tuples){.qh = NAN, .value = NAN, .d_m = NAN, .complexity = NAN, .error = NAN};
    const fl_cell cells[] = {
        FL_NUM(model->control), FL_NUM(m),     FL_NUM(1 - 2 * distance), FL_NUM(distance),
        FL_NUM(t.value),        FL_NUM(t.d_m), FL_NUM(t.complexity),     FL_NUM(t.qh),
        FL_NUM(t.error),        FL_INT(flag)};
    return fl_table_row(table, cells);
}

static fl_status rows(fl_table *table, const void *chosen) {
    const settings *s = chosen;
    fl_verdicts verdicts = {0};
    for (size_t k = 0; k < s->jd.count; k++)
        for (size_t j = 0; j < s->m.count; j++)
            for (size_t i = 0; i < s->distance.count; i++) {
                if (fl_stop_requested())
                    return fl_fail(FL_STOPPED, "stopped by %s; nothing was written",
                                   fl_stop_reason());
                fl_tuples_model model = {.kind = s->lambda > 0 ? FL_TUPLES_MODULES
                                                               : FL_TUPLES_FIXED_POINTS,
                                         .control = s->jd.values[k],
                                         .fixed = s->lambda};
                FL_CHECK(row(table, &model, s->m.values[j], s->distance.values[i], &verdicts));
            }
    return fl_verdicts_end(&verdicts);
}

static fl_status run(fl_run *run, const void *chosen) {
    return fl_write_rows(run, chosen, columns, sizeof columns / sizeof *columns, rows);
}

static const fl_mode_table tables[] = {{NULL, columns, sizeof columns / sizeof *columns},
                                       {.columns = NULL}};

const fl_mode fl_mode_tuples = {
    .name = "tuples",
    .summary = "the entropy F(m,q) of m fixed points at mutual overlap q",
    .details =
        "The logarithm of the mean number of m-tuples of fixed points with all overlaps q, per "
        "neuron; an interval of q where it is negative is an m-overlap gap. With --lambda, for two "
        "coupled modules with overlap q in each, per neuron of both.",
    .example = "fl-phase tuples --jd 0.05 --m 3",
    .options = options,
    .settings_size = sizeof(settings),
    .run = run,
    .tables = tables,
};
