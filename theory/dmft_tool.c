/* fl-dmft: the dynamical mean-field theory of the dynamics. */
#include <math.h>
#include <stdlib.h>

#include "fixland/cli.h"
#include "fixland/dmft.h"
#include "fixland/sampling.h"
#include "fixland/tools.h"

typedef struct settings {
    fl_reals jd, p, unstable;
    double flip, margin;
    int order;
    int64_t time, steps, trajectories, repetitions;
    bool points;
} settings;

/* The plan of one J_D and p; p = 0 is the asynchronous limit. */
static fl_dmft plan_of(const fl_run *run, const settings *s, double jd, double p) {
    fl_dmft plan = {.jd = jd,
                    .rule = FL_DMFT_PARTIAL,
                    .p = p,
                    .steps = (size_t)s->steps,
                    .trajectories = (size_t)s->trajectories,
                    .repetitions = (size_t)s->repetitions,
                    .seed = run->common.seed,
                    .effort = fl_run_effort(run)};
    plan.effort.progress = NULL;
    if (p == 0)
        plan.rule = s->order ? FL_DMFT_PERMUTATION : FL_DMFT_SITE;
    return plan;
}

static fl_status finish(fl_table *table, fl_status status) {
    if (status == FL_OK)
        return fl_table_close(table);
    fl_table_discard(table);
    return status;
}

/* Calls row for all of both lists, with the self-coupling asked for and the plan, which has it less
 * the margin. */
static fl_status for_all(fl_run *run, const settings *s, fl_table *table,
                         fl_status (*row)(fl_table *, double, const fl_dmft *, const settings *)) {
    fl_status status = FL_OK;
    double total = (double)(s->jd.count * s->p.count), done = 0;
    fl_progress_start(run, "solutions", total);
    for (size_t j = 0; status == FL_OK && j < s->jd.count; j++)
        for (size_t k = 0; status == FL_OK && k < s->p.count; k++) {
            double jd = s->jd.values[j];
            fl_dmft plan = plan_of(run, s, jd - s->margin, s->p.values[k]);
            status = row(table, jd, &plan, s);
            fl_progress_update(++done);
        }
    fl_progress_end();
    return status;
}

#define COLUMN_P                                                                                   \
    { "p", FL_REAL, NULL, "flip probability; 0: asynchronous" }
#define COLUMN_UNSTABLE                                                                            \
    { "unstable_fraction", FL_REAL, NULL, "of neurons with s f < margin" }
#define COLUMN_ERROR                                                                               \
    { "error", FL_REAL, NULL, "over repetitions" }

static const fl_column trace_columns[] = {
    FL_COLUMN_JD,    COLUMN_P,     {"time", FL_INTEGER, NULL, "steps; for p = 0 sweeps"},
    COLUMN_UNSTABLE, COLUMN_ERROR,
};

static double p_of(const fl_dmft *plan) {
    return plan->rule == FL_DMFT_PARTIAL ? plan->p : 0;
}

static fl_status trace_rows(fl_table *table, double jd, const fl_dmft *plan, const settings *s) {
    size_t times = (size_t)s->time;
    double *unstable = calloc(2 * (times + 1), sizeof *unstable), *error = unstable + times + 1;
    if (!unstable)
        return fl_fail(FL_ENOMEM, "out of memory for --time %zu", times);
    fl_status status = fl_dmft_forward(plan, times, unstable, error);
    for (size_t t = 0; status == FL_OK && t <= times; t++) {
        const fl_cell row[] = {FL_NUM(jd), FL_NUM(p_of(plan)), FL_INT(t), FL_NUM(unstable[t]),
                               FL_NUM(error[t])};
        status = fl_table_row(table, row);
    }
    free(unstable);
    return status;
}

static fl_status trace(fl_run *run, const void *given) {
    fl_table *table;
    FL_CHECK(fl_run_table(run, &table, trace_columns, 5));
    return finish(table, for_all(run, given, table, trace_rows));
}

static const fl_column plateau_columns[] = {
    FL_COLUMN_JD,
    COLUMN_P,
    COLUMN_UNSTABLE,
    COLUMN_ERROR,
};

static fl_status plateau_row(fl_table *table, double jd, const fl_dmft *plan, const settings *s) {
    fl_dmft_state state;
    if (plan->rule == FL_DMFT_PERMUTATION)
        FL_CHECK(fl_dmft_late(plan, (size_t)s->time, &state));
    else
        FL_CHECK(fl_dmft_plateau(plan, &state));
    const fl_cell row[] = {FL_NUM(jd), FL_NUM(p_of(plan)), FL_NUM(state.unstable),
                           FL_NUM(state.error)};
    return fl_table_row(table, row);
}

static fl_status plateau(fl_run *run, const void *given) {
    fl_table *table;
    FL_CHECK(fl_run_table(run, &table, plateau_columns, 4));
    return finish(table, for_all(run, given, table, plateau_row));
}

static const fl_column threshold_columns[] = {
    COLUMN_P,
    FL_COLUMN_JD,
    {"error", FL_REAL, NULL, "statistical, and from a fit of one order more"},
    {"low", FL_REAL, NULL, "of the 95 % interval"},
    {"high", FL_REAL, NULL, "of the 95 % interval"},
    {"slope", FL_REAL, NULL, "of sqrt(u)"},
    {"curvature", FL_REAL, NULL, "of u"},
    {"chi2", FL_REAL, NULL, "of the fit"},
    {"freedom", FL_REAL, NULL, "degrees of freedom of the fit"},
};

static const fl_column point_columns[] = {
    COLUMN_P,
    {"unstable_fraction", FL_REAL, NULL, "of neurons with s f < 0"},
    FL_COLUMN_JD,
    COLUMN_ERROR,
};

/* jd[k], error[k] for the k-th unstable fraction. */
static fl_status find_points(fl_run *run, const settings *s, double *jd, double *error) {
    fl_status status = FL_OK;
    fl_progress_start(run, "points", (double)s->unstable.count);
    for (size_t k = 0; status == FL_OK && k < s->unstable.count; k++) {
        /* A guess good to 0.1 is enough. */
        fl_dmft plan = plan_of(run, s, fmax(0.85 - 1.2 * sqrt(s->unstable.values[k]), 0), s->flip);
        status = fl_dmft_inverse(&plan, s->unstable.values[k], &jd[k], &error[k]);
        if (status == FL_EINVAL)
            status = fl_fail(FL_EUSAGE, "--unstable: %s", fl_message());
        fl_progress_update((double)(k + 1));
    }
    fl_progress_end();
    return status;
}

static fl_status write_threshold(fl_run *run, const settings *s, const double *jd,
                                 const double *error) {
    fl_dmft_threshold t;
    fl_table *table;
    double slope = s->flip >= 1 ? FL_DMFT_SLOPE : NAN;
    FL_CHECK(fl_dmft_vanishing(s->unstable.values, jd, error, s->unstable.count, slope, &t));
    FL_CHECK(fl_run_table(run, &table, threshold_columns, 9));
    const fl_cell row[] = {
        FL_NUM(s->flip),         FL_NUM(t.jd),    FL_NUM(t.error),     FL_NUM(t.interval.low),
        FL_NUM(t.interval.high), FL_NUM(t.slope), FL_NUM(t.curvature), FL_NUM(t.chi2),
        FL_NUM(t.freedom)};
    return finish(table, fl_table_row(table, row));
}

static fl_status write_points(fl_run *run, const settings *s, const double *jd,
                              const double *error) {
    fl_table *table;
    fl_status status = fl_run_table(run, &table, point_columns, 4);
    if (status != FL_OK)
        return status;
    for (size_t k = 0; status == FL_OK && k < s->unstable.count; k++) {
        const fl_cell row[] = {FL_NUM(s->flip), FL_NUM(s->unstable.values[k]), FL_NUM(jd[k]),
                               FL_NUM(error[k])};
        status = fl_table_row(table, row);
    }
    return finish(table, status);
}

static fl_status threshold(fl_run *run, const void *given) {
    const settings *s = given;
    size_t count = s->unstable.count;
    if (count < 5 && !s->points)
        return fl_fail(FL_EUSAGE, "--unstable: %zu fractions; the threshold needs at least five",
                       count);
    double *jd = calloc(2 * count + 1, sizeof *jd), *error = jd + count;
    if (!jd)
        return fl_fail(FL_ENOMEM, "out of memory for --unstable");
    fl_status status = find_points(run, s, jd, error);
    if (status == FL_OK)
        status = s->points ? write_points(run, s, jd, error) : write_threshold(run, s, jd, error);
    free(jd);
    return status;
}

#define JD_OPTION(list)                                                                            \
    {                                                                                              \
        .name = "jd", .type = FL_OPTION_REALS, .offset = offsetof(settings, jd),                   \
        .argument = "LIST", .fallback = list, .help = "self-coupling J_D"                          \
    }
#define P_OPTION(list)                                                                             \
    {                                                                                              \
        .name = "p", .type = FL_OPTION_REALS, .offset = offsetof(settings, p), .argument = "LIST", \
        .fallback = list, .low = 0, .high = 1,                                                     \
        .help = "probability that an unstable neuron flips in a step: 1 synchronous, 0 the "       \
                "asynchronous limit, with time in sweeps"                                          \
    }
#define ORDER_OPTION                                                                               \
    {                                                                                              \
        .name = "order", .type = FL_OPTION_CHOICE, .offset = offsetof(settings, order),            \
        .argument = "WHICH", .fallback = "site", .choices = "site|permutation",                    \
        .help =                                                                                    \
            "with p = 0: visits at random moments (fl-access --algorithm site), or one in each "   \
            "sweep (--algorithm async)"                                                            \
    }
#define TIME_OPTION(value, text)                                                                   \
    {                                                                                              \
        .name = "time", .type = FL_OPTION_INTEGER, .offset = offsetof(settings, time),             \
        .argument = "COUNT", .fallback = value, .low = 1, .high = 1e5, .help = text                \
    }
#define STEPS_OPTION                                                                               \
    {                                                                                              \
        .name = "steps", .type = FL_OPTION_INTEGER, .offset = offsetof(settings, steps),           \
        .argument = "COUNT", .fallback = "16", .low = 2, .high = 1024,                             \
        .help = "with p = 0: steps a sweep; solved with half as many too, and extrapolated"        \
    }
#define TRAJECTORIES_OPTION(value)                                                                 \
    {                                                                                              \
        .name = "trajectories", .type = FL_OPTION_INTEGER,                                         \
        .offset = offsetof(settings, trajectories), .argument = "COUNT", .fallback = value,        \
        .low = 1, .high = 1 << 28,                                                                 \
        .help = "trajectories of each solution (plateau, threshold: of 1024 steps each, in each "  \
                "round)"                                                                           \
    }
#define REPETITIONS_OPTION                                                                         \
    {                                                                                              \
        .name = "repetitions", .type = FL_OPTION_INTEGER,                                          \
        .offset = offsetof(settings, repetitions), .argument = "COUNT", .fallback = "8", .low = 2, \
        .high = 1e6, .help = "independent solutions, for the error"                                \
    }

static const fl_option trace_options[] = {
    JD_OPTION("0.5"),
    FL_GROUP(fl_margin_options, settings, margin),
    P_OPTION("1"),
    TIME_OPTION("300", "steps; for p = 0 sweeps"),
    ORDER_OPTION,
    STEPS_OPTION,
    TRAJECTORIES_OPTION("16384"),
    REPETITIONS_OPTION,
    {.name = NULL},
};

static const fl_option plateau_options[] = {
    JD_OPTION("0.1:0.7:0.1"),
    FL_GROUP(fl_margin_options, settings, margin),
    P_OPTION("1,0.25"),
    ORDER_OPTION,
    TIME_OPTION("100", "with --order permutation: sweeps; the second half of them is averaged"),
    STEPS_OPTION,
    TRAJECTORIES_OPTION("64"),
    REPETITIONS_OPTION,
    {.name = NULL},
};

static const fl_option threshold_options[] = {
    {.name = "p",
     .type = FL_OPTION_REAL,
     .offset = offsetof(settings, flip),
     .argument = "P",
     .fallback = "1",
     .low = 0.01,
     .high = 1,
     .help = "probability that an unstable neuron flips in a step; the threshold is the same"},
    {.name = "unstable",
     .type = FL_OPTION_REALS,
     .offset = offsetof(settings, unstable),
     .argument = "LIST",
     .fallback = "0.004,0.006,0.009,0.014,0.02,0.03,0.045",
     .low = 1e-6,
     .high = 0.49,
     .help = "unstable fractions at which J_D is found"},
    {.name = "points",
     .type = FL_OPTION_FLAG,
     .offset = offsetof(settings, points),
     .help = "write these J_D instead of the threshold"},
    TRAJECTORIES_OPTION("64"),
    REPETITIONS_OPTION,
    {.name = NULL},
};

static const char trace_details[] =
    "Solves the two-time equations forward from a random start: a neuron feels eta(t) + J_D s(t), "
    "eta Gaussian with the covariance of the spins themselves, drawn in time from a growing "
    "Cholesky factor. The unstable fraction at a time is what fl-access measures after so many "
    "sweeps. With --margin a neuron whose s f is below the margin counts as unstable and may flip. "
    "The work grows as the square of the number of steps. The model of arXiv:2510.11984, N "
    "-> infinity.";

static const char plateau_details[] =
    "The stationary state, by iteration: eta is synthesised by FFT from the correlation of the "
    "spins; that there is one stationary state, which every start leads to, is assumed. Beyond the "
    "threshold the unstable fraction is 0, and the error is the largest value that the longest "
    "window leaves open. With p = 0 and --order permutation: mean over the second half of --time "
    "sweeps of the forward solution, after whole sweeps.";

static const char threshold_details[] =
    "Finds the J_D at which the plateau has given small values (with the time scale held fixed, so "
    "without slowing down), and extrapolates J_D = jd - slope sqrt(u) - curvature u to u = 0, "
    "where activity dies out for N -> infinity. This J_D is the same for all p and for "
    "asynchronous dynamics: next to it neurons react at once on the time scale of the field. That "
    "the plateau vanishes as the square of J_c - J_D, with corrections of order u, and that the "
    "stationary solution is unique, are scaling arguments, not proofs";

static const fl_mode_table trace_tables[] = {{NULL, trace_columns, 5}, {.columns = NULL}};
static const fl_mode_table plateau_tables[] = {{NULL, plateau_columns, 4}, {.columns = NULL}};
static const fl_mode_table threshold_tables[] = {
    {NULL, threshold_columns, sizeof threshold_columns / sizeof *threshold_columns},
    {"Columns with --points", point_columns, sizeof point_columns / sizeof *point_columns},
    {.columns = NULL}};

enum { COMMON = FL_WITH_SEED | FL_WITH_THREADS };

static const fl_mode modes[] = {
    {.name = "trace",
     .summary = "unstable fraction against time",
     .details = trace_details,
     .example = "fl-dmft trace --jd 0.5 --p 1 --time 300",
     .options = trace_options,
     .settings_size = sizeof(settings),
     .common = COMMON,
     .run = trace,
     .tables = trace_tables},
    {.name = "plateau",
     .summary = "unstable fraction in the stationary state",
     .details = plateau_details,
     .example = "fl-dmft plateau --jd 0.1:0.7:0.1 --p 1,0.25",
     .options = plateau_options,
     .settings_size = sizeof(settings),
     .common = COMMON,
     .run = plateau,
     .tables = plateau_tables},
    {.name = "threshold",
     .summary = "the self-coupling at which activity dies out",
     .details = threshold_details,
     .example = "fl-dmft threshold",
     .options = threshold_options,
     .settings_size = sizeof(settings),
     .common = COMMON,
     .run = threshold,
     .tables = threshold_tables},
};

static const fl_tool tool = {.name = "fl-dmft",
                             .summary = "Dynamical mean-field theory of the dynamics",
                             .modes = modes,
                             .mode_count = sizeof modes / sizeof *modes};

int fl_tool_dmft(int argc, char **argv) {
    return fl_tool_main(&tool, argc, argv);
}
