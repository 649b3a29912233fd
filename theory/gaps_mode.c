/* fl-phase gaps and fl-phase perceptron: where the m-overlap gap closes, for each m. */
#include <math.h>
#include <stddef.h>

#include "fixland/phase.h"
#include "theory/levels_mode.h"
#include "theory/modes.h"

typedef struct settings {
    fl_reals m;
    int kind;
    double margin;
    fl_self_settings self;
    fl_integers levels;
    bool levels_given, m_given, infinite;
} settings;

#define M_OPTION                                                                                   \
    {                                                                                              \
        .name = "m", .type = FL_OPTION_REALS, .offset = offsetof(settings, m), .argument = "LIST", \
        .fallback = "2:10", .low = 1.001, .high = 1e6, .given = offsetof(settings, m_given),       \
        .help = "number of replicas, any real number above 1",                                     \
    }

static const fl_option gaps_options[] = {
    M_OPTION, FL_GROUP(fl_self_options, settings, self, ), {.name = NULL}};

static const fl_option perceptron_options[] = {
    M_OPTION,
    {"kind", FL_OPTION_CHOICE, offsetof(settings, kind), "WHICH", "symmetric",
     .choices = "random|symmetric",
     .help = "condition on a pattern: field above the margin, or its size below the margin"},
    {"margin", FL_OPTION_REAL, offsetof(settings, margin), "K", "1", -10, 10,
     .help = "margin, or half-width (above 0), in units of the standard deviation of the field"},
    {"levels", FL_OPTION_INTEGERS, offsetof(settings, levels), "LIST", .low = 1,
     .high = FL_LEVELS_MAX, .given = offsetof(settings, levels_given),
     .otherwise = "none, the table of --m",
     .help = "in place of --m: the least load over real m with so many levels of overlap"},
    {"infinite", FL_OPTION_FLAG, offsetof(settings, infinite),
     .help = "of --kind symmetric: add the limit of infinitely many replicas, m = inf"},
    {.name = NULL},
};

static fl_status gaps_row(fl_table *table, const fl_tuples_model *model, double m,
                          fl_verdicts *verdicts) {
    fl_threshold gap = {NAN, NAN, m, NAN, NAN, NAN};
    fl_status status = isinf(m) ? fl_phase_gap_infinite(model, &gap) : fl_phase_gap(model, m, &gap);
    int flag = fl_verdict(verdicts, status);
    if (flag < 0)
        return status;
    const fl_cell cells[] = {FL_NUM(m),         FL_NUM(gap.control),
                             FL_NUM(gap.q),     FL_NUM(gap.distance),
                             FL_NUM(gap.error), FL_INT(flag)};
    return fl_table_row(table, cells);
}

static fl_status rows_of(fl_table *table, const settings *s, const fl_tuples_model *model) {
    fl_verdicts verdicts = {0};
    for (size_t k = 0; k < s->m.count; k++)
        FL_CHECK(gaps_row(table, model, s->m.values[k], &verdicts));
    if (s->infinite)
        FL_CHECK(gaps_row(table, model, INFINITY, &verdicts));
    return fl_verdicts_end(&verdicts);
}

/* Settings with what their files say. */
typedef struct opened {
    const settings *settings;
    fl_self_couplings self;
} opened;

static fl_status gaps_rows(fl_table *table, const void *chosen) {
    const opened *o = chosen;
    const fl_tuples_model model = {.kind = FL_TUPLES_FIXED_POINTS, .self = &o->self};
    return rows_of(table, o->settings, &model);
}

static fl_status perceptron_rows(fl_table *table, const void *chosen) {
    const settings *s = chosen;
    const fl_tuples_model model = {.kind = s->kind ? FL_TUPLES_SYMMETRIC : FL_TUPLES_PERCEPTRON,
                                   .fixed = s->margin};
    return rows_of(table, s, &model);
}

static const fl_column gaps_columns[] = {
    FL_COLUMN_M_OR_INFINITE,
    {"jd_gap", FL_REAL, NULL, "self-coupling at which the gap closes"},
    FL_COLUMN_Q,
    FL_COLUMN_DISTANCE,
    FL_COLUMN_NUMERICAL(NULL),
    FL_COLUMN_FLAG,
};

static const fl_column perceptron_columns[] = {
    FL_COLUMN_M_OR_INFINITE,
    {"load_gap", FL_REAL, NULL, "load at which the gap opens"},
    FL_COLUMN_Q,
    FL_COLUMN_DISTANCE,
    FL_COLUMN_NUMERICAL(NULL),
    FL_COLUMN_FLAG,
};

static const fl_mode_table gaps_tables[] = {
    {NULL, gaps_columns, sizeof gaps_columns / sizeof *gaps_columns}, {.columns = NULL}};
static const fl_mode_table perceptron_tables[] = {
    {NULL, perceptron_columns, sizeof perceptron_columns / sizeof *perceptron_columns},
    {"Columns with --levels (load_gap for jd_gap)", fl_levels_columns, FL_LEVELS_COLUMNS},
    {.columns = NULL}};

static fl_status gaps_run(fl_run *run, const void *chosen) {
    opened o = {.settings = chosen};
    FL_CHECK(fl_self_open(run, &o.settings->self, &o.self, NULL));
    return fl_write_rows(run, &o, gaps_tables, gaps_rows);
}

static fl_status perceptron_run(fl_run *run, const void *chosen) {
    const settings *s = chosen;
    fl_tuples_model model = {.kind = s->kind ? FL_TUPLES_SYMMETRIC : FL_TUPLES_PERCEPTRON,
                             .fixed = s->margin};
    double capacity;
    if (s->kind && !(s->margin >= 1e-3))
        return fl_fail(FL_EUSAGE,
                       "--margin %g: the half-width of --kind symmetric is in [0.001, 10]",
                       s->margin);
    FL_CHECK(fl_tuples_capacity(&model, &capacity));
    FL_CHECK(fl_meta_set_real(&run->meta, "capacity_bound", capacity));
    if (s->infinite && (!s->kind || s->levels_given))
        return fl_fail(FL_EUSAGE, "--infinite goes with --kind symmetric and without --levels");
    if (s->levels_given && s->m_given)
        return fl_fail(FL_EUSAGE, "--levels takes the best m; it does not go with --m");
    if (s->levels_given)
        return fl_write_levels(run, &(fl_levels_plan){.model = model, .levels = s->levels});
    return fl_write_rows(run, chosen, perceptron_tables, perceptron_rows);
}

const fl_mode fl_mode_gaps = {
    .name = "gaps",
    .summary = "the self-coupling at which the m-overlap gap closes, for each m",
    .details =
        "Below jd_gap there is an interval of overlaps q such that no m fixed points have mutual "
        "overlaps in it: the entropy of m-tuples F(m,q) is negative there, which for whole m is a "
        "proof (Markov; large networks, with a probability that tends to 1). F touches 0 at "
        "jd_gap, at the q given.",
    .example = "fl-phase gaps --m 2:10",
    .options = gaps_options,
    .settings_size = sizeof(settings),
    .run = gaps_run,
    .tables = gaps_tables,
};

const fl_mode fl_mode_perceptron = {
    .name = "perceptron",
    .summary = "the load at which the m-overlap gap of a binary perceptron opens, for each m",
    .details =
        "The same entropy of m-tuples for solutions of a binary perceptron with random patterns "
        "(load patterns a weight): above load_gap there are overlaps that no m solutions have (a "
        "proof for whole m). The line capacity_bound of the header is the load at which their "
        "annealed entropy vanishes, which for --kind symmetric is the capacity.",
    .example = "fl-phase perceptron --kind symmetric --margin 1 --m 2:6",
    .options = perceptron_options,
    .settings_size = sizeof(settings),
    .run = perceptron_run,
    .tables = perceptron_tables,
};
