/* fl-phase critical: the critical self-couplings J_gap and J_mono, of one level of overlap and of two. */
#include <math.h>
#include <stddef.h>

#include "fixland/levels.h"
#include "fixland/phase.h"
#include "theory/modes.h"

typedef struct settings {
    int64_t levels;
    fl_self_settings self;
} settings;

static const fl_option options[] = {
    {"levels", FL_OPTION_INTEGER, offsetof(settings, levels), "S", "1", 1, 2,
     .help = "levels of overlap: 1, all pairs alike; 2, groups"},
    FL_GROUP(fl_self_options, settings, self, ),
    {.name = NULL},
};

static const fl_column columns[] = {
    {"name", FL_TEXT, NULL, "J_gap or J_mono"},
    FL_COLUMN_JD,
    FL_COLUMN_NUMERICAL(NULL),
    {"q", FL_REAL, NULL, "overlap at which it happens"},
    FL_COLUMN_DISTANCE,
    {"m", FL_REAL, NULL, "number of replicas at which it happens"},
    FL_COLUMN_FLAG,
};

static fl_status critical_row(fl_table *table, const char *name, fl_status status,
                              const fl_threshold *t, fl_verdicts *verdicts) {
    int flag = fl_verdict(verdicts, status);
    if (flag < 0)
        return status;
    const fl_cell cells[] = {FL_STR(name), FL_NUM(t->control),  FL_NUM(t->error),
                             FL_NUM(t->q), FL_NUM(t->distance), FL_NUM(t->m),
                             FL_INT(flag)};
    return fl_table_row(table, cells);
}

static fl_status critical_rows(fl_table *table, const void *chosen) {
    const fl_tuples_model model = {.kind = FL_TUPLES_FIXED_POINTS, .self = chosen};
    const fl_threshold unknown = {NAN, NAN, NAN, NAN, NAN, NAN};
    fl_verdicts verdicts = {0};
    fl_threshold gap = unknown, mono = unknown;
    fl_status status = fl_phase_critical_gap(&model, NULL, &gap);
    FL_CHECK(critical_row(table, "J_gap", status, &gap, &verdicts));
    status = fl_phase_critical_mono(&model, &mono);
    FL_CHECK(critical_row(table, "J_mono", status, &mono, &verdicts));
    return fl_verdicts_end(&verdicts);
}

static const fl_column group_columns[] = {
    {"name", FL_TEXT, NULL, "J_gap, J_mono or J_end"},
    FL_COLUMN_JD,
    FL_COLUMN_NUMERICAL(NULL),
    {"m", FL_REAL, NULL, "members at which it happens"},
    {"x1", FL_REAL, NULL, "members of a group"},
    {"q0", FL_REAL, NULL, "overlap between groups"},
    {"q1", FL_REAL, NULL, "overlap within a group"},
    {"distance", FL_REAL, NULL, "(1 - q0)/2"},
    FL_COLUMN_FLAG,
};

static fl_status group_row(fl_table *table, const char *name, fl_status status,
                           const fl_levels_threshold *found, fl_verdicts *verdicts) {
    int flag = fl_verdict(verdicts, status);
    if (flag < 0)
        return status;
    fl_levels_threshold t = {
        .control = NAN, .error = NAN, .at = {.x = {NAN, NAN}, .q = {NAN, NAN}}};
    if (status == FL_OK)
        t = *found;
    const fl_cell cells[] = {
        FL_STR(name),      FL_NUM(t.control), FL_NUM(t.error),   FL_NUM(t.at.x[0]),
        FL_NUM(t.at.x[1]), FL_NUM(t.at.q[0]), FL_NUM(t.at.q[1]), FL_NUM(0.5 * (1 - t.at.q[0])),
        FL_INT(flag)};
    return fl_table_row(table, cells);
}

static fl_status group_rows(fl_table *table, const void *chosen) {
    (void)chosen;
    const fl_tuples_model model = {.kind = FL_TUPLES_FIXED_POINTS};
    fl_verdicts verdicts = {0};
    fl_levels_threshold t;
    fl_status status = fl_phase_levels(&model, 2, NULL, &t);
    FL_CHECK(group_row(table, "J_gap", status, &t, &verdicts));
    status = fl_phase_levels_mono(&t);
    FL_CHECK(group_row(table, "J_mono", status, &t, &verdicts));
    status = fl_phase_levels_end(&t);
    FL_CHECK(group_row(table, "J_end", status, &t, &verdicts));
    return fl_verdicts_end(&verdicts);
}

enum { GROUP_COLUMNS = sizeof group_columns / sizeof *group_columns };

static const fl_mode_table tables[] = {{NULL, columns, sizeof columns / sizeof *columns},
                                       {"Columns with --levels 2", group_columns, GROUP_COLUMNS},
                                       {.columns = NULL}};

static fl_status run_critical(fl_run *run, const void *chosen) {
    const settings *s = chosen;
    fl_self_couplings self;
    if (s->levels == 2 && (s->self.path || s->self.fraction < 1))
        return fl_fail(FL_EUSAGE, "--levels 2 is for neurons that are all alike; fl-phase levels "
                                  "--levels 2 has J_gap of those that differ, J_mono and J_end of "
                                  "them are not computed");
    if (s->levels == 2)
        return fl_write_rows(run, chosen, &tables[1], group_rows);
    FL_CHECK(fl_self_open(run, &s->self, &self, NULL));
    return fl_write_rows(run, &self, tables, critical_rows);
}

const fl_mode fl_mode_critical = {
    .name = "critical",
    .summary = "the critical self-couplings J_gap and J_mono",
    .details =
        "Without --levels both numbers are of one level: all pairs of an m-tuple of fixed points have one overlap "
        "q. J_gap: the minimum over q and real m of their entropy F(m,q) reaches 0; below it "
        "tuples of the m and q given are excluded (a proof where m is a whole number). J_mono: the "
        "annealed estimate phi*(d) = min over m of F/m of the local entropy becomes monotone in "
        "the distance d. fl-phase levels shows that tuples made of groups exclude more: with two "
        "levels of overlap J_gap is above this J_mono. That clusters exist above either number is "
        "not shown by them.\n"
        "With --levels 2 (some 15 s): J_gap as in fl-phase levels; J_mono of fl-phase curve --levels 2, "
        "a local minimum of F/m; and J_end, above which that minimum exists at no distance. J_mono "
        "and J_end are estimates; what a third level does to them is not known. They are of neurons "
        "that are all alike: J_gap of those that differ (--jd-fraction, --jd-file) has fl-phase levels.",
    .example = "fl-phase critical",
    .options = options,
    .settings_size = sizeof(settings),
    .run = run_critical,
    .tables = tables,
};
