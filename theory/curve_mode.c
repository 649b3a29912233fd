/* fl-phase curve: the local entropy phi*(d) of the densest fixed points. */
#include <math.h>
#include <stddef.h>
#include <stdlib.h>

#include "fixland/levels.h"
#include "fixland/phase.h"
#include "fixland/sampling.h"
#include "theory/modes.h"

typedef struct settings {
    fl_reals jd;
    int64_t points, levels;
    double from, to, margin;
} settings;

static const fl_option options[] = {
    FL_JD_OPTION(settings, jd, "0.05,0.0731,0.1", 0, 20),
    {"points", FL_OPTION_INTEGER, offsetof(settings, points), "N", "60", 2, 100000,
     .help = "distances, evenly spaced in their logarithm"},
    {"from", FL_OPTION_REAL, offsetof(settings, from), "D", "1e-4", 1e-8, 0.5,
     .help = "smallest distance"},
    {"to", FL_OPTION_REAL, offsetof(settings, to), "D", "0.5", 1e-8, 0.5,
     .help = "largest distance"},
    FL_GROUP(fl_margin_options, settings, margin),
    FL_LEVELS_OPTION(settings, levels, "--from and --to being distances "),
    {.name = NULL},
};

static const fl_column columns[] = {
    FL_COLUMN_JD,
    FL_COLUMN_DISTANCE,
    FL_COLUMN_Q,
    {"m", FL_REAL, NULL, "at the minimum; inf at distance 1/2"},
    {"local_entropy", FL_REAL, "nats", "phi*, annealed, one level"},
    {"complexity_free_entropy", FL_REAL, "nats", "F(m,q) = m phi*"},
    FL_COLUMN_NUMERICAL("nats"),
    {"flag", FL_INTEGER, NULL, "0; 2 undecided (nan): m beyond 1e6, say"},
};

/* `point` is the solution before this one, or zeros. */
static fl_status curve_row(fl_table *table, double jd, double margin, double distance,
                           fl_local_entropy *point, fl_verdicts *verdicts) {
    const fl_tuples_model model = {.kind = FL_TUPLES_FIXED_POINTS, .control = jd - margin};
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

static double distance_at(const settings *s, int64_t i) {
    double part = (double)i / (double)(s->points - 1);
    return i == s->points - 1 ? s->to : s->from * pow(s->to / s->from, part);
}

static fl_status stopped(void) {
    return fl_fail(FL_STOPPED, "stopped by %s; nothing was written", fl_stop_reason());
}

static fl_status curve_rows(fl_table *table, const void *chosen) {
    const settings *s = chosen;
    fl_verdicts verdicts = {0};
    for (size_t k = 0; k < s->jd.count; k++) {
        fl_local_entropy point = {0};
        for (int64_t i = 0; i < s->points; i++) {
            if (fl_stop_requested())
                return stopped();
            FL_CHECK(
                curve_row(table, s->jd.values[k], s->margin, distance_at(s, i), &point, &verdicts));
        }
    }
    return fl_verdicts_end(&verdicts);
}

static const fl_column group_columns[] = {
    FL_COLUMN_JD,
    {"distance", FL_REAL, NULL, "(1 - q0)/2, between members of different groups"},
    {"q0", FL_REAL, NULL, "overlap between groups"},
    {"m", FL_REAL, NULL, "members, at the minimum; inf at distance 1/2"},
    {"x1", FL_REAL, NULL, "members of a group, at the minimum"},
    {"q1", FL_REAL, NULL, "overlap within a group, at the minimum"},
    {"local_entropy", FL_REAL, "nats", "min F/m, annealed, two levels"},
    {"slope", FL_REAL, "nats", "its derivative by q0: positive where it falls with distance"},
    {"error", FL_REAL, "nats", "numerical: quadrature"},
    {"flag", FL_INTEGER, NULL, "0; 1 past the end of the branch (nan); 2 undecided (nan)"},
};

static fl_status group_row(fl_table *table, double jd, double distance, const fl_levels_point *p,
                           fl_verdicts *verdicts) {
    bool known = p->status == FL_OK;
    const fl_cell cells[] = {FL_NUM(jd),
                             FL_NUM(distance),
                             FL_NUM(1 - 2 * distance),
                             FL_NUM(known ? p->at.x[0] : NAN),
                             FL_NUM(known ? p->at.x[1] : NAN),
                             FL_NUM(known ? p->at.q[1] : NAN),
                             FL_NUM(p->value),
                             FL_NUM(p->slope),
                             FL_NUM(p->error),
                             FL_INT(fl_verdict(verdicts, p->status))};
    return fl_table_row(table, cells);
}

/* All rows of one J_D; both arrays are of s->points. */
static fl_status group_curve(fl_table *table, const settings *s, double jd, double *distances,
                             fl_levels_point *points, fl_verdicts *verdicts) {
    const fl_tuples_model model = {.kind = FL_TUPLES_FIXED_POINTS, .control = jd - s->margin};
    for (int64_t i = 0; i < s->points; i++)
        distances[i] = distance_at(s, i);
    FL_CHECK(fl_levels_local_curve(&model, distances, (size_t)s->points, points));
    for (int64_t i = 0; i < s->points; i++)
        FL_CHECK(group_row(table, jd, distances[i], &points[i], verdicts));
    return FL_OK;
}

static fl_status group_rows(fl_table *table, const void *chosen) {
    const settings *s = chosen;
    fl_verdicts verdicts = {0};
    double *distances = calloc((size_t)s->points, sizeof *distances);
    fl_levels_point *points = calloc((size_t)s->points, sizeof *points);
    fl_status status = FL_OK;
    if (!distances || !points)
        status = fl_fail(FL_ENOMEM, "no memory for %lld distances", (long long)s->points);
    for (size_t k = 0; status == FL_OK && k < s->jd.count; k++)
        status = fl_stop_requested()
                     ? stopped()
                     : group_curve(table, s, s->jd.values[k], distances, points, &verdicts);
    free(distances);
    free(points);
    return status == FL_OK ? fl_verdicts_end(&verdicts) : status;
}

enum { GROUP_COLUMNS = sizeof group_columns / sizeof *group_columns };

static const fl_mode_table tables[] = {{NULL, columns, sizeof columns / sizeof *columns},
                                       {"Columns with --levels 2", group_columns, GROUP_COLUMNS},
                                       {.columns = NULL}};

static fl_status run_curve(fl_run *run, const void *chosen) {
    const settings *s = chosen;
    if (!(s->from < s->to))
        return fl_fail(FL_EUSAGE, "--from %g is not below --to %g", s->from, s->to);
    FL_CHECK(fl_check_margin(&s->jd, s->margin, 0));
    if (s->levels == 2)
        return fl_write_rows(run, chosen, &tables[1], group_rows);
    return fl_write_rows(run, chosen, tables, curve_rows);
}

const fl_mode fl_mode_curve = {
    .name = "curve",
    .summary = "the local entropy phi*(d) of the densest fixed points",
    .details =
        "phi*(d) estimates the largest entropy of fixed points at distance d from each other in "
        "one cluster: the minimum over the number of replicas m of F(m,q)/m, where the complexity "
        "of such clusters vanishes. It is annealed and of one level (members all at the same "
        "distance); where F(m,q) is negative at a whole m such tuples are excluded. Below J_mono "
        "it has a bump, below J_gap it is negative on an interval of distances, the overlap gap.\n"
        "With --levels 2 the cluster consists of groups: the distance is that between members of "
        "different groups, the largest in it, and F/m is minimised over both sizes and the overlap "
        "within groups too. The minimum is followed by small steps from the one at J_gap of two "
        "levels (fl-phase levels), to both sides in distance. It is a minimum, perhaps not the "
        "lowest, and it ends where it meets a saddle: rows past that end have flag 1. The largest "
        "J_D at which there is one is J_end of fl-phase critical --levels 2.",
    .example = "fl-phase curve --jd 0.05,0.0731,0.1 --points 60",
    .options = options,
    .settings_size = sizeof(settings),
    .run = run_curve,
    .tables = tables,
};
