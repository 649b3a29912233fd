/* fl-phase levels: the overlap gap with clusters of clusters. */
#include "theory/levels_mode.h"

#include <stddef.h>

#include "theory/modes.h"

typedef struct settings {
    fl_integers levels;
    double m, x1;
    fl_self_settings self;
} settings;

static const fl_option options[] = {
    {"levels", FL_OPTION_INTEGERS, offsetof(settings, levels), "LIST", "1,2", 1, FL_LEVELS_MAX,
     .help = "levels of overlap: 1, all pairs alike; 2, groups; 3, groups of groups (minutes)"},
    {"m", FL_OPTION_REAL, offsetof(settings, m), "M", .low = 1.001, .high = 200,
     .otherwise = "the best real number", .help = "members of a tuple"},
    {"x1", FL_OPTION_REAL, offsetof(settings, x1), "X", .low = 1.001, .high = 200,
     .otherwise = "the best real number", .help = "members of a group, with --m"},
    FL_GROUP(fl_self_options, settings, self, ),
    {.name = NULL},
};

/* An option that no row would heed is a mistake. */
static fl_status check_groups(const settings *s) {
    if (s->x1 == 0)
        return FL_OK;
    if (s->m == 0)
        return fl_fail(FL_EUSAGE, "--x1 %g needs --m", s->x1);
    if (!(s->x1 < s->m))
        return fl_fail(FL_EUSAGE, "--x1 %g is not below --m %g", s->x1, s->m);
    for (size_t k = 0; k < s->levels.count; k++)
        if (s->levels.values[k] < 2)
            return fl_fail(FL_EUSAGE, "--x1 has no meaning with one level of overlap");
    return FL_OK;
}

static fl_status run_levels(fl_run *run, const void *chosen) {
    const settings *s = chosen;
    FL_CHECK(check_groups(s));
    fl_self_couplings self;
    FL_CHECK(fl_self_open(run, &s->self, &self, NULL));
    fl_levels_plan plan = {.model = {.kind = FL_TUPLES_FIXED_POINTS, .self = &self},
                           .levels = s->levels,
                           .m = s->m,
                           .x1 = s->x1};
    return fl_write_levels(run, &plan);
}

static const fl_mode_table tables[] = {{NULL, fl_levels_columns, FL_LEVELS_COLUMNS},
                                       {.columns = NULL}};

const fl_mode fl_mode_levels = {
    .name = "levels",
    .summary = "J_gap with one, two and three levels of overlap",
    .details =
        "J_gap of fl-phase critical is the first of a series. It lets all pairs of an m-tuple of "
        "fixed points have one overlap; with two levels the tuple consists of groups, with overlap "
        "q1 within and q0 between them, with three levels of groups of groups. Each row is the "
        "self-coupling at which the minimum of F/m over all sizes and overlaps reaches 0. More "
        "levels exclude more: the numbers grow.\n"
        "Rows of kind \"theorem\" have whole numbers of members in whole numbers of groups. There "
        "F < 0 is a bound (Markov): below jd_gap and for large networks almost surely no fixed "
        "points are arranged so. Rows of kind \"estimate\" have real numbers of members, and are "
        "the usual continuation, not a proof. Neither says that clusters exist above.",
    .example = "fl-phase levels --levels 1,2",
    .options = options,
    .settings_size = sizeof(settings),
    .run = run_levels,
    .tables = tables,
};
