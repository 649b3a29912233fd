/* fl-phase curve: the local entropy phi*(d) of the densest fixed points. */
#include <math.h>
#include <stddef.h>

#include "fixland/phase.h"
#include "theory/modes.h"

typedef struct settings {
    fl_reals jd;
    int64_t points;
    double from, to;
} settings;

static const fl_option options[] = {
    {.name = "jd",
     .type = FL_OPTION_REALS,
     .offset = offsetof(settings, jd),
     .argument = "LIST",
     .fallback = "0.05,0.0731,0.1",
     .low = 0,
     .high = 20,
     .help = "self-coupling J_D"},
    {.name = "points",
     .type = FL_OPTION_INTEGER,
     .offset = offsetof(settings, points),
     .argument = "N",
     .fallback = "60",
     .low = 2,
     .high = 100000,
     .help = "distances, evenly spaced in their logarithm"},
    {.name = "from",
     .type = FL_OPTION_REAL,
     .offset = offsetof(settings, from),
     .argument = "D",
     .fallback = "1e-4",
     .low = 1e-8,
     .high = 0.5,
     .help = "smallest distance"},
    {.name = "to",
     .type = FL_OPTION_REAL,
     .offset = offsetof(settings, to),
     .argument = "D",
     .fallback = "0.5",
     .low = 1e-8,
     .high = 0.5,
     .help = "largest distance"},
    {.name = NULL},
};

static const fl_column columns[] = {
    {"jd", FL_REAL, NULL, "self-coupling J_D"},
    {"distance", FL_REAL, NULL, "(1 - q)/2"},
    {"q", FL_REAL, NULL, "mutual overlap"},
    {"m", FL_REAL, NULL, "at the minimum; inf at distance 1/2"},
    {"local_entropy", FL_REAL, "nats", "phi*, annealed, one level"},
    {"complexity_free_entropy", FL_REAL, "nats", "F(m,q) = m phi*"},
    {"error", FL_REAL, "nats", "numerical: quadrature, rounding, convergence"},
    {"flag", FL_INTEGER, NULL, "0; 2 undecided (nan): m beyond 1e6, say"},
};

/* `point` is the solution before this one, or zeros. */
static fl_status row(fl_table *table, double jd, double distance, fl_local_entropy *point,
                     fl_verdicts *verdicts) {
    const fl_tuples_model model = {.kind = FL_TUPLES_FIXED_POINTS, .control = jd};
    fl_status status = fl_phase_local_entropy(&model, distance, point);
    int flag = fl_verdict(verdicts, status);
    if (flag < 0)
        return status;
    if (status != FL_OK)
        *point = (fl_local_entropy){.m = NAN, .value = NAN, .error = NAN};
    const fl_cell cells[] = {
        FL_NUM(jd),           FL_NUM(distance),     FL_NUM(1 - 2 * distance),
        FL_NUM(point->m),     FL_NUM(point->value), FL_NUM(point->m * point->value),
        FL_NUM(point->error), FL_INT(flag)};
    return fl_table_row(table, cells);
}

static fl_status rows(fl_table *table, const void *chosen) {
    const settings *s = chosen;
    fl_verdicts verdicts = {0};
    for (size_t k = 0; k < s->jd.count; k++) {
        fl_local_entropy point = {0};
        for (int64_t i = 0; i < s->points; i++) {
            if (fl_stop_requested())
                return fl_fail(FL_STOPPED, "stopped by %s; nothing was written", fl_stop_reason());
            double part = (double)i / (double)(s->points - 1);
            double distance = i == s->points - 1 ? s->to : s->from * pow(s->to / s->from, part);
            FL_CHECK(row(table, s->jd.values[k], distance, &point, &verdicts));
        }
    }
    return fl_verdicts_end(&verdicts);
}

static fl_status run(fl_run *run, const void *chosen) {
    const settings *s = chosen;
    if (!(s->from < s->to))
        return fl_fail(FL_EUSAGE, "--from %g is not below --to %g", s->from, s->to);
    return fl_write_rows(run, chosen, columns, sizeof columns / sizeof *columns, rows);
}

static const fl_mode_table tables[] = {{NULL, columns, sizeof columns / sizeof *columns},
                                       {.columns = NULL}};

const fl_mode fl_mode_curve = {
    .name = "curve",
    .summary = "the local entropy phi*(d) of the densest fixed points",
    .details =
        "phi*(d) estimates the largest entropy of fixed points at distance d from each other in "
        "one "
        "cluster: the minimum over the number of replicas m of F(m,q)/m, where the complexity of "
        "such clusters vanishes. It is annealed and of one level (members all at the same "
        "distance); where "
        "F(m,q) is negative at a whole m such tuples are excluded. Below J_mono it has a bump, "
        "below J_gap "
        "it is negative on an interval of distances, the overlap gap.",
    .example = "fl-phase curve --jd 0.05,0.0731,0.1 --points 60",
    .options = options,
    .settings_size = sizeof(settings),
    .run = run,
    .tables = tables,
};
