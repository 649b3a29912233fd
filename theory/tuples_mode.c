/* fl-phase tuples: the entropy F(m, q) of m-tuples at mutual overlap q. */
#include <math.h>
#include <stddef.h>

#include "fixland/levels.h"
#include "fixland/tuples.h"
#include "fixland/sampling.h"
#include "theory/modes.h"

typedef struct settings {
    fl_reals jd, m, distance;
    double lambda, margin, x1, inner;
    int64_t levels;
    bool lambda_given, x1_given, inner_given;
} settings;

static const fl_option options[] = {
    FL_JD_OPTION(settings, jd, "0.05", -1, 20),
    {"m", FL_OPTION_REALS, offsetof(settings, m), "LIST", "2,3,5", 1, 1e6,
     .help = "number of replicas, any real number from 1"},
    {"distance", FL_OPTION_REALS, offsetof(settings, distance), "LIST",
     "0.001:0.01:0.001,0.02:0.5:0.01", 1e-8, 0.5, .help = "mutual distances d = (1 - q)/2"},
    {"lambda", FL_OPTION_REAL, offsetof(settings, lambda), "L", "0", 0, 20,
     .given = offsetof(settings, lambda_given), .help = "coupling of two modules; 0: one module"},
    FL_GROUP(fl_margin_options, settings, margin),
    FL_LEVELS_OPTION(settings, levels, "--distance being that "),
    {"x1", FL_OPTION_REAL, offsetof(settings, x1), "X", .low = 1.001, .high = 1e6,
     .given = offsetof(settings, x1_given), .otherwise = "none, which --levels 2 needs",
     .help = "members of a group, below every --m"},
    {"inner", FL_OPTION_REAL, offsetof(settings, inner), "R", .low = 1e-6, .high = 0.999,
     .given = offsetof(settings, inner_given), .otherwise = "none, which --levels 2 needs",
     .help = "distance within a group, as a part of --distance"},
    {.name = NULL},
};

static const fl_column columns[] = {
    FL_COLUMN_JD,
    FL_COLUMN_M,
    FL_COLUMN_Q,
    FL_COLUMN_DISTANCE,
    {"tuple_entropy", FL_REAL, "nats", "F(m,q), per neuron"},
    {"internal_entropy", FL_REAL, "nats", "dF/dm: of the clusters that F counts"},
    {"complexity", FL_REAL, "nats", "F - m dF/dm"},
    {"conjugate_overlap", FL_REAL, NULL, "the multiplier of q"},
    FL_COLUMN_NUMERICAL("nats"),
    FL_COLUMN_FLAG,
};

static fl_status tuples_row(fl_table *table, double jd, const fl_tuples_model *model, double m,
                            double distance, fl_verdicts *verdicts) {
    fl_tuples t;
    fl_status status = fl_tuples_entropy(model, m, 1 - 2 * distance, &t);
    int flag = fl_verdict(verdicts, status);
    if (flag < 0)
        return status;
    if (status != FL_OK)
        t = (fl_tuples){.qh = NAN, .value = NAN, .d_m = NAN, .complexity = NAN, .error = NAN};
    const fl_cell cells[] = {FL_NUM(jd),           FL_NUM(m),       FL_NUM(1 - 2 * distance),
                             FL_NUM(distance),     FL_NUM(t.value), FL_NUM(t.d_m),
                             FL_NUM(t.complexity), FL_NUM(t.qh),    FL_NUM(t.error),
                             FL_INT(flag)};
    return fl_table_row(table, cells);
}

static const fl_column group_columns[] = {
    FL_COLUMN_JD,
    FL_COLUMN_M,
    {"x1", FL_REAL, NULL, "of them in a group"},
    {"q0", FL_REAL, NULL, "overlap between groups"},
    {"q1", FL_REAL, NULL, "overlap within a group"},
    {"distance", FL_REAL, NULL, "(1 - q0)/2"},
    {"inner_distance", FL_REAL, NULL, "(1 - q1)/2"},
    {"tuple_entropy", FL_REAL, "nats", "F, per neuron"},
    {"error", FL_REAL, "nats", "numerical: quadrature"},
    FL_COLUMN_FLAG,
};

enum { GROUP_COLUMNS = sizeof group_columns / sizeof *group_columns };

static fl_status group_row(fl_table *table, double jd, const settings *s,
                           const fl_tuples_model *model, double m, double distance,
                           fl_verdicts *verdicts) {
    double inner = s->inner * distance;
    fl_hierarchy at = {.levels = 2, .x = {m, s->x1, 1}, .q = {1 - 2 * distance, 1 - 2 * inner}};
    fl_levels f;
    fl_status status = fl_levels_entropy(model, &at, &f);
    int flag = fl_verdict(verdicts, status);
    if (flag < 0)
        return status;
    if (status != FL_OK)
        f.value = f.error = NAN;
    const fl_cell cells[] = {FL_NUM(jd),      FL_NUM(m),        FL_NUM(s->x1), FL_NUM(at.q[0]),
                             FL_NUM(at.q[1]), FL_NUM(distance), FL_NUM(inner), FL_NUM(f.value),
                             FL_NUM(f.error), FL_INT(flag)};
    return fl_table_row(table, cells);
}

static fl_status tuples_rows(fl_table *table, const void *chosen) {
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
                                         .control = s->jd.values[k] - s->margin,
                                         .fixed = s->lambda};
                double jd = s->jd.values[k], m = s->m.values[j], distance = s->distance.values[i];
                FL_CHECK(s->levels == 2 ? group_row(table, jd, s, &model, m, distance, &verdicts)
                                        : tuples_row(table, jd, &model, m, distance, &verdicts));
            }
    return fl_verdicts_end(&verdicts);
}

/* An option that no row would heed is a mistake. */
static fl_status check_groups(const settings *s) {
    if (s->levels == 1 && (s->x1_given || s->inner_given))
        return fl_fail(FL_EUSAGE, "--%s goes with --levels 2", s->x1_given ? "x1" : "inner");
    if (s->levels == 2 && !(s->x1_given && s->inner_given))
        return fl_fail(FL_EUSAGE, "--levels 2 needs --x1 and --inner");
    if (s->levels == 2 && s->lambda_given)
        return fl_fail(FL_EUSAGE, "--lambda goes with one level of overlap, not with --levels 2");
    for (size_t j = 0; s->levels == 2 && j < s->m.count; j++)
        if (!(s->x1 < s->m.values[j]))
            return fl_fail(FL_EUSAGE, "--x1 %g is not below --m %g", s->x1, s->m.values[j]);
    for (size_t i = 0; s->levels == 2 && i < s->distance.count; i++)
        if (!(s->distance.values[i] < 0.5))
            return fl_fail(FL_EUSAGE, "--distance %g: with --levels 2 distances are below 0.5",
                           s->distance.values[i]);
    return FL_OK;
}

static const fl_mode_table tables[] = {{NULL, columns, sizeof columns / sizeof *columns},
                                       {"Columns with --levels 2", group_columns, GROUP_COLUMNS},
                                       {.columns = NULL}};

static fl_status run_tuples(fl_run *run, const void *chosen) {
    const settings *s = chosen;
    FL_CHECK(check_groups(s));
    FL_CHECK(fl_check_margin(&s->jd, s->margin, -1));
    if (s->levels == 2)
        return fl_write_rows(run, chosen, &tables[1], tuples_rows);
    return fl_write_rows(run, chosen, tables, tuples_rows);
}

const fl_mode fl_mode_tuples = {
    .name = "tuples",
    .summary = "the entropy F(m,q) of m fixed points at mutual overlap q",
    .details =
        "The logarithm of the mean number of m-tuples of fixed points with all overlaps q, per "
        "neuron; an interval of q where it is negative is an m-overlap gap. With --lambda, for two "
        "coupled modules with overlap q in each, per neuron of both.\n"
        "With --levels 2 the m consist of groups of --x1: the distance is that between members of "
        "different groups, and the one within groups is --inner times it. A negative value is a "
        "proof where m, x1 and m/x1 are whole numbers.",
    .example = "fl-phase tuples --jd 0.05 --m 3",
    .options = options,
    .settings_size = sizeof(settings),
    .run = run_tuples,
    .tables = tables,
};
