/* fl-dmft threshold: where activity dies out, by two methods. */
#include <math.h>
#include <stdlib.h>

#include "theory/dmft_modes.h"

enum { SERIES, TRIGGER }; /* --method */

static const char *const methods[] = {"series", "trigger"};

static const fl_column threshold_columns[] = {
    {"p", FL_REAL, NULL, "flip probability; nan for the trigger, which has none"},
    FL_COLUMN_JD,
    {"error", FL_REAL, NULL,
     "statistical, by errors or scatter, with what a fit of one order more would change"},
    {"low", FL_REAL, NULL, "of an interval that holds J_c in at least 95 of 100 cases: from"},
    {"high", FL_REAL, NULL, "to"},
    {"slope", FL_REAL, NULL, "of sqrt(u); nan for the trigger, which has no such term"},
    {"curvature", FL_REAL, NULL, "of u; of the trigger, of the square of the flips in a step"},
    {"chi2", FL_REAL, NULL, "of the fit"},
    {"freedom", FL_REAL, NULL, "degrees of freedom of the fit"},
    {"method", FL_TEXT, NULL, "series or trigger"},
};

static const fl_column point_columns[] = {
    {"p", FL_REAL, NULL, "flip probability; nan for the trigger, which has none"},
    {"unstable_fraction", FL_REAL, NULL, "of neurons with s f < 0; of the trigger flips a step"},
    FL_COLUMN_JD,
    COLUMN_ERROR,
    {"method", FL_TEXT, NULL, "series or trigger"},
};

enum {
    THRESHOLD_COLUMNS = sizeof threshold_columns / sizeof *threshold_columns,
    POINT_COLUMNS = sizeof point_columns / sizeof *point_columns
};

static const fl_reals *activities(const dmft_settings *s) {
    return s->method == TRIGGER ? &s->crossings : &s->unstable;
}

static double told_p(const dmft_settings *s) {
    return s->method == TRIGGER ? NAN : s->flip;
}

typedef struct points {
    const dmft_settings *s;
    uint64_t from, until; /* activities of the shard */
    double *jd, *error;   /* of all activities */
} points;

static fl_status pose_points(const fl_run *run, const points *x, dmft_problems *problems) {
    const dmft_settings *s = x->s;
    for (uint64_t k = x->from; k < x->until; k++) {
        double u = activities(s)->values[k];
        /* A guess good to 0.1 is enough. */
        double guess = s->method == TRIGGER ? 0.8 : fmax(0.85 - 1.2 * sqrt(u), 0);
        fl_dmft plan = dmft_plan(run, s, guess, s->flip);
        dmft_problem problem;
        if (s->method == TRIGGER)
            plan.rule = FL_DMFT_TRIGGER;
        fl_status status = dmft_inverse_problem(&plan, u, &problem);
        if (status == FL_EINVAL)
            return fl_fail(FL_EUSAGE, "--%s: %s", s->method == TRIGGER ? "crossings" : "unstable",
                           fl_message());
        FL_CHECK(status);
        FL_CHECK(dmft_add(problems, &problem));
    }
    return FL_OK;
}

static fl_status take_point(void *context, size_t which, const dmft_problem *problem,
                            const double *numbers) {
    points *x = context;
    fl_estimate estimate;
    FL_CHECK(dmft_mean(problem, numbers, 0, 0, &estimate));
    x->jd[x->from + which] = estimate.mean;
    x->error[x->from + which] = estimate.error;
    return FL_OK;
}

/* The same from the rows of shards, all of them in order. */
static fl_status points_again(const points *x, const fl_frame *rows) {
    size_t count = activities(x->s)->count;
    if (rows->rows != count)
        return fl_fail(FL_EMISMATCH, "%zu rows where the run has %zu", rows->rows, count);
    for (size_t k = 0; k < count; k++) {
        FL_CHECK(fl_frame_number(rows, k, 2, &x->jd[k]));
        FL_CHECK(fl_frame_number(rows, k, 3, &x->error[k]));
    }
    return FL_OK;
}

static fl_status write_threshold(const points *x, fl_table *table) {
    const dmft_settings *s = x->s;
    fl_dmft_threshold t;
    double slope = s->flip >= 1 ? FL_DMFT_SLOPE : NAN;
    if (s->method == TRIGGER)
        FL_CHECK(fl_dmft_grid_limit(s->crossings.values, x->jd, x->error, s->crossings.count, &t));
    else
        FL_CHECK(
            fl_dmft_vanishing(s->unstable.values, x->jd, x->error, s->unstable.count, slope, &t));
    const fl_cell row[] = {FL_NUM(told_p(s)),       FL_NUM(t.jd),
                           FL_NUM(t.error),         FL_NUM(t.interval.low),
                           FL_NUM(t.interval.high), FL_NUM(t.slope),
                           FL_NUM(t.curvature),     FL_NUM(t.chi2),
                           FL_NUM(t.freedom),       FL_STR(methods[s->method])};
    return fl_table_row(table, row);
}

static fl_status write_points(const points *x, fl_table *table) {
    const dmft_settings *s = x->s;
    for (uint64_t k = x->from; k < x->until; k++) {
        const fl_cell row[] = {FL_NUM(told_p(s)), FL_NUM(activities(s)->values[k]),
                               FL_NUM(x->jd[k]), FL_NUM(x->error[k]), FL_STR(methods[s->method])};
        FL_CHECK(fl_table_row(table, row));
    }
    return FL_OK;
}

/* Options of the other method are refused, and not told. */
static fl_status check_threshold(fl_run *run, const dmft_settings *s) {
    static const char *const of_series[] = {"p", "unstable", NULL};
    static const char *const of_trigger[] = {"crossings", NULL};
    const char *const *names = s->method == TRIGGER ? of_series : of_trigger;
    FL_CHECK(fl_run_leave_out(
        run, names, s->method == TRIGGER ? "with --method trigger" : "without --method trigger"));
    FL_CHECK(dmft_check_trajectories(s));
    if (s->method == SERIES && s->unstable.count < 5 && !s->points)
        return fl_fail(FL_EUSAGE, "--unstable: %zu fractions; the threshold needs at least five",
                       s->unstable.count);
    if (s->method == TRIGGER && s->crossings.count < 3 && !s->points)
        return fl_fail(FL_EUSAGE,
                       "--crossings: %zu grids; the limit of a fine grid needs at least three",
                       s->crossings.count);
    return FL_OK;
}

static fl_status threshold_table(fl_run *run, points *x, const dmft_problems *problems) {
    const dmft_settings *s = x->s;
    bool single = s->points || s->shard;
    fl_outputs files;
    if (s->shard && !s->points)
        FL_CHECK(fl_meta_set(&run->meta, "table_holds", "parts"));
    fl_status status =
        fl_outputs_open(&files, run, NULL, single ? point_columns : threshold_columns,
                        single ? (size_t)POINT_COLUMNS : (size_t)THRESHOLD_COLUMNS);
    if (status == FL_OK)
        status = run->rows ? points_again(x, run->rows)
                           : dmft_solve_all(run, files.journal, problems, take_point, x);
    if (status == FL_OK)
        status = single ? write_points(x, files.table) : write_threshold(x, files.table);
    return fl_outputs_close(&files, status);
}

static fl_status threshold(fl_run *run, const void *given) {
    points x = {.s = given};
    dmft_problems problems = {0};
    size_t count = activities(x.s)->count;
    FL_CHECK(check_threshold(run, x.s));
    FL_CHECK(fl_shard_part(x.s->shard, count, &x.from, &x.until));
    x.jd = calloc(2 * count + 1, sizeof *x.jd);
    x.error = x.jd + count;
    if (!x.jd)
        return fl_fail(FL_ENOMEM, "out of memory for %zu points", count);
    fl_status status = pose_points(run, &x, &problems);
    if (status == FL_OK)
        status = threshold_table(run, &x, &problems);
    free(problems.all);
    free(x.jd);
    return status;
}

static const fl_option threshold_options[] = {
    {"method", FL_OPTION_CHOICE, DMFT_AT(method), "NAME", "series", .choices = "series|trigger",
     .help = "extrapolation of J_D in the activity, or the limit of continuous time itself"},
    {"p", FL_OPTION_REAL, DMFT_AT(flip), "P", "1", 0.01, 1,
     .help = "series: probability that an unstable neuron flips in a step; the threshold is the "
             "same"},
    {"unstable", FL_OPTION_REALS, DMFT_AT(unstable), "LIST",
     "0.004,0.006,0.009,0.014,0.02,0.03,0.045", 1e-6, 0.49,
     .help = "series: unstable fractions at which J_D is found"},
    {"crossings", FL_OPTION_REALS, DMFT_AT(crossings), "LIST", "0.012,0.016,0.02", 1e-3, 0.2,
     .help =
         "trigger: flips of a neuron in a step of the grid: how fine it is. Above 0.02 a step is "
         "no longer short"},
    {"points", FL_OPTION_FLAG, DMFT_AT(points),
     .help = "write the J_D of each activity instead of the threshold"},
    TRAJECTORIES_OPTION("64", "of 1024 steps each, in each round; 16 at least"),
    REPETITIONS_OPTION,
    FL_SHARD_OPTION(dmft_settings, shard, "the solutions"),
    {.name = NULL},
};

static const char threshold_details[] =
    "series: finds the J_D at which the plateau has given small values (with the time scale held "
    "fixed, so without slowing down), and extrapolates J_D = jd - slope sqrt(u) - curvature u to u "
    "= 0, where activity dies out for N -> infinity. This J_D is the same for all p and for "
    "asynchronous dynamics: next to it neurons react at once on the time scale of the field. That "
    "the plateau vanishes as the square of J_c - J_D, with corrections of order u, and that the "
    "stationary solution is unique, are scaling arguments, not proofs.\n\n"
    "trigger: that limit itself, without a series in u. A spin goes up when its field reaches J_D "
    "and down at -J_D, in continuous time; the field is Gaussian with the correlation of the spins. "
    "These equations have no time scale, and a solution is expected at one J_D only. On a grid of "
    "time that has --crossings flips in a step, crossings between two points are drawn from Brownian "
    "bridges. A coarse grid gives too small a J_D (by .002 at 0.05 flips a step): jd is the limit of a "
    "fine grid by a parabola, J_D = jd - curvature h^2, h the flips in a step, for h up to 0.05; the "
    "power is an argument (doc/dynamics.md), and the error adds what a term in h^3 would change.";

static const fl_mode_table threshold_tables[] =
    FL_TWO_TABLES(threshold_columns, THRESHOLD_COLUMNS, "Columns with --points, or --shard",
                  point_columns, POINT_COLUMNS);

const fl_mode dmft_threshold_mode = {.name = "threshold",
                                     .summary = "the self-coupling at which activity dies out",
                                     .details = threshold_details,
                                     .example = "fl-dmft threshold --method trigger",
                                     .options = threshold_options,
                                     .settings_size = sizeof(dmft_settings),
                                     .common = FL_WITH_SEED | FL_WITH_THREADS | FL_WITH_RESUME,
                                     .run = threshold,
                                     .again = true,
                                     .tables = threshold_tables};
