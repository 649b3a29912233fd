/* fl-phase critical: the two critical self-couplings, J_gap and J_mono. */
#include <math.h>
#include <stddef.h>

#include "fixland/phase.h"
#include "theory/modes.h"

typedef struct settings {
    fl_self_settings self;
} settings;

static const fl_option options[] = {FL_GROUP(fl_self_options, settings, self, ), {.name = NULL}};

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

static const fl_mode_table tables[] = {{NULL, columns, sizeof columns / sizeof *columns},
                                       {.columns = NULL}};

static fl_status run_critical(fl_run *run, const void *chosen) {
    const settings *s = chosen;
    fl_self_couplings self;
    FL_CHECK(fl_self_open(run, &s->self, &self, NULL));
    return fl_write_rows(run, &self, tables, critical_rows);
}

const fl_mode fl_mode_critical = {
    .name = "critical",
    .summary = "the one-level critical self-couplings J_gap and J_mono",
    .details =
        "Both numbers are of one level: all pairs of an m-tuple of fixed points have one overlap "
        "q. J_gap: the minimum over q and real m of their entropy F(m,q) reaches 0; below it "
        "tuples of the m and q given are excluded (a proof where m is a whole number). J_mono: the "
        "annealed estimate phi*(d) = min over m of F/m of the local entropy becomes monotone in "
        "the distance d. fl-phase levels shows that tuples made of groups exclude more: with two "
        "levels of overlap J_gap is above this J_mono. That clusters exist above either number is "
        "not shown by them.",
    .example = "fl-phase critical",
    .options = options,
    .settings_size = sizeof(settings),
    .run = run_critical,
    .tables = tables,
};
