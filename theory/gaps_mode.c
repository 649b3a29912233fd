/* fl-phase gaps and fl-phase perceptron: where the m-overlap gap closes, for each m. */
#include <math.h>
#include <stddef.h>

#include "fixland/phase.h"
#include "theory/modes.h"

typedef struct settings {
    fl_reals m;
    int kind;
    double margin;
} settings;

#define M_OPTION                                                                                   \
    {                                                                                              \
        .name = "m", .type = FL_OPTION_REALS, .offset = offsetof(settings, m), .argument = "LIST", \
        .fallback = "2:10", .low = 1.001, .high = 200,                                             \
        .help = "number of replicas, any real number above 1",                                     \
    }

static const fl_option gaps_options[] = {M_OPTION, {.name = NULL}};

static const fl_option perceptron_options[] = {
    M_OPTION,
    {.name = "kind",
     .type = FL_OPTION_CHOICE,
     .offset = offsetof(settings, kind),
     .argument = "WHICH",
     .fallback = "symmetric",
     .choices = "random|symmetric",
     .help = "condition on a pattern: field above the margin, or its size below the margin"},
    {.name = "margin",
     .type = FL_OPTION_REAL,
     .offset = offsetof(settings, margin),
     .argument = "K",
     .fallback = "1",
     .low = -10,
     .high = 10,
     .help = "margin, or half-width (above 0), in units of the standard deviation of the field"},
    {.name = NULL},
};

static fl_status row(fl_table *table, const fl_tuples_model *model, double m,
                     fl_verdicts *verdicts) {
    fl_threshold gap = {NAN, NAN, m, NAN, NAN, NAN};
    fl_status status = fl_phase_gap(model, m, &gap);
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
        FL_CHECK(row(table, model, s->m.values[k], &verdicts));
    return fl_verdicts_end(&verdicts);
}

static fl_status gaps_rows(fl_table *table, const void *chosen) {
    const fl_tuples_model model = {.kind = FL_TUPLES_FIXED_POINTS};
    return rows_of(table, chosen, &model);
}

static fl_status perceptron_rows(fl_table *table, const void *chosen) {
    const settings *s = chosen;
    const fl_tuples_model model = {.kind = s->kind ? FL_TUPLES_SYMMETRIC : FL_TUPLES_PERCEPTRON,
                                   .fixed = s->margin};
    return rows_of(table, s, &model);
}

static const fl_column gaps_columns[] = {
    {"m", FL_REAL, NULL},        {"jd_gap", FL_REAL, NULL}, {"q", FL_REAL, NULL},
    {"distance", FL_REAL, NULL}, {"error", FL_REAL, NULL},  {"flag", FL_INTEGER, NULL},
};

static const fl_column perceptron_columns[] = {
    {"m", FL_REAL, NULL},        {"load_gap", FL_REAL, NULL}, {"q", FL_REAL, NULL},
    {"distance", FL_REAL, NULL}, {"error", FL_REAL, NULL},    {"flag", FL_INTEGER, NULL},
};

static fl_status gaps_run(fl_run *run, const void *chosen) {
    return fl_write_rows(run, chosen, gaps_columns, sizeof gaps_columns / sizeof *gaps_columns,
                         gaps_rows);
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
    FL_CHECK(fl_meta_set(&run->meta, "capacity_bound", "%.17g", capacity));
    return fl_write_rows(run, chosen, perceptron_columns,
                         sizeof perceptron_columns / sizeof *perceptron_columns, perceptron_rows);
}

const fl_mode fl_mode_gaps = {
    .name = "gaps",
    .summary = "the self-coupling at which the m-overlap gap closes, for each m",
    .details =
        "Below jd_gap there are overlaps q at which no m fixed points can be mutually: the entropy "
        "of m-tuples F(m,q) is negative there. It touches 0 at jd_gap, at the q given.\n"
        "Columns: m; jd_gap; q; distance (1 - q)/2; error of jd_gap; flag: 0, 1 where "
        "there is none, 2 where undecided (nan).",
    .example = "fl-phase gaps --m 2:10",
    .options = gaps_options,
    .settings_size = sizeof(settings),
    .run = gaps_run,
};

const fl_mode fl_mode_perceptron = {
    .name = "perceptron",
    .summary = "the load at which the m-overlap gap of a binary perceptron opens, for each m",
    .details =
        "The same entropy of m-tuples for solutions of a binary perceptron with random patterns "
        "(load patterns a weight): above load_gap there are overlaps that no m solutions have. The "
        "line capacity_bound of the header is the load at which their annealed entropy vanishes, "
        "which for --kind symmetric is the capacity.\n"
        "Columns: m; load_gap; q; distance (1 - q)/2; error of load_gap; flag.",
    .example = "fl-phase perceptron --kind symmetric --margin 1 --m 2:6",
    .options = perceptron_options,
    .settings_size = sizeof(settings),
    .run = perceptron_run,
};
