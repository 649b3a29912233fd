/* fl-dmft: the dynamical mean-field theory of the dynamics. */
#include <math.h>
#include <stdlib.h>

#include "fixland/tools.h"
#include "theory/dmft_modes.h"

fl_dmft dmft_plan(const fl_run *run, const dmft_settings *s, double jd, double p) {
    fl_effort effort = fl_run_effort(run);
    fl_dmft plan = {.jd = jd,
                    .rule = FL_DMFT_PARTIAL,
                    .p = p,
                    .steps = (size_t)s->steps,
                    .trajectories = (size_t)s->trajectories,
                    .repetitions = (size_t)s->repetitions,
                    .seed = run->common.seed,
                    .effort = fl_effort_within(&effort, 1),
                    .input = s->drive.strength};
    if (p == 0)
        plan.rule = s->order ? FL_DMFT_PERMUTATION : FL_DMFT_SITE;
    return plan;
}

fl_status dmft_check_order(fl_run *run, const dmft_settings *s) {
    static const char *const names[] = {"order", "steps", NULL};
    for (size_t k = 0; k < s->p.count; k++)
        if (s->p.values[k] == 0)
            return FL_OK;
    return fl_run_leave_out(run, names, "without --p 0");
}

fl_status dmft_check_trajectories(const dmft_settings *s) {
    return s->trajectories >= DMFT_LEAST_PATHS
               ? FL_OK
               : fl_fail(FL_EUSAGE, "--trajectories %lld; allowed: at least %d (in each round)",
                         (long long)s->trajectories, DMFT_LEAST_PATHS);
}

fl_status dmft_tell_trajectories(fl_run *run, const dmft_settings *s) {
    long long taken = (s->trajectories + 63) / 64 * 64;
    return taken == s->trajectories ? FL_OK : fl_run_record(run, "trajectories", "%lld", taken);
}

static const fl_column trace_columns[] = {
    FL_COLUMN_JD,    COLUMN_P,     {"time", FL_INTEGER, NULL, "steps; for p = 0 sweeps"},
    COLUMN_UNSTABLE, COLUMN_ERROR,
};

double dmft_p(const fl_dmft *plan) {
    return plan->rule == FL_DMFT_PARTIAL ? plan->p : 0;
}

static fl_status pose_trace(const dmft_settings *s, const fl_dmft *plan, dmft_problems *problems) {
    dmft_problem problem;
    FL_CHECK(dmft_forward_problem(plan, (size_t)s->time, &problem));
    return dmft_add(problems, &problem);
}

static fl_status write_trace(fl_table *table, double jd, const dmft_settings *s,
                             const dmft_problem *problem, const double *numbers) {
    size_t times = problem->times;
    (void)s;
    double *unstable = calloc(2 * (times + 1), sizeof *unstable), *error = unstable + times + 1;
    if (!unstable)
        return fl_fail(FL_ENOMEM, "out of memory for --time %zu", times);
    fl_status status = dmft_course(problem, numbers, 0, unstable, error);
    for (size_t t = 0; status == FL_OK && t <= times; t++) {
        const fl_cell row[] = {FL_NUM(jd), FL_NUM(dmft_p(&problem->plan)), FL_INT(t),
                               FL_NUM(unstable[t]), FL_NUM(error[t])};
        status = fl_table_row(table, row);
    }
    free(unstable);
    return status;
}

static fl_status trace(fl_run *run, const void *given) {
    static const dmft_mode mode = {trace_columns, 5, pose_trace, write_trace};
    FL_CHECK(dmft_check_order(run, given));
    FL_CHECK(dmft_tell_trajectories(run, given));
    return dmft_write(run, given, &mode);
}

static const fl_column plateau_columns[] = {
    FL_COLUMN_JD,
    COLUMN_P,
    COLUMN_UNSTABLE,
    COLUMN_ERROR,
};

/* Forward in time fields at all times are drawn from their covariance, so there must be more
 * trajectories than times; those of the stationary method are of 1024 steps each. */
static const char forward_trajectories[] = "4096";

static fl_status pose_plateau(const dmft_settings *s, const fl_dmft *plan,
                              dmft_problems *problems) {
    dmft_problem problem;
    fl_dmft forward = *plan;
    if (!s->trajectories_given)
        forward.trajectories = (size_t)strtoull(forward_trajectories, NULL, 10);
    if (plan->rule == FL_DMFT_PERMUTATION)
        FL_CHECK(dmft_forward_problem(&forward, (size_t)s->time, &problem));
    else
        FL_CHECK(dmft_plateau_problem(plan, &problem));
    return dmft_add(problems, &problem);
}

static fl_status write_plateau(fl_table *table, double jd, const dmft_settings *s,
                               const dmft_problem *problem, const double *numbers) {
    fl_dmft_state state;
    (void)s;
    if (problem->plan.rule == FL_DMFT_PERMUTATION)
        FL_CHECK(dmft_late_state(problem, numbers, &state));
    else
        FL_CHECK(dmft_plateau_state(problem, numbers, &state));
    /* An error as large as the number itself says that there is no answer. */
    bool answer = !state.resolved || state.error < state.unstable / 2 || state.unstable == 0;
    const fl_cell row[] = {FL_NUM(jd), FL_NUM(dmft_p(&problem->plan)),
                           FL_NUM(answer ? state.unstable : NAN), FL_NUM(state.error)};
    return fl_table_row(table, row);
}

/* What the defaults are depends on the method: the provenance tells those that are used. */
static fl_status check_plateau(fl_run *run, const dmft_settings *s) {
    static const char *const names[] = {"time", NULL};
    size_t forward = 0;
    for (size_t k = 0; k < s->p.count; k++)
        forward += s->p.values[k] == 0 && s->order;
    FL_CHECK(dmft_check_order(run, s));
    if (forward < s->p.count)
        FL_CHECK(dmft_check_trajectories(s));
    if (!forward)
        return fl_run_leave_out(run, names, "without --p 0 --order permutation");
    if (s->trajectories_given)
        return forward == s->p.count ? dmft_tell_trajectories(run, s) : FL_OK;
    return forward == s->p.count
               ? fl_run_record(run, "trajectories", "%s", forward_trajectories)
               : fl_run_record(run, "trajectories", "64, with p = 0 %s", forward_trajectories);
}

static fl_status plateau(fl_run *run, const void *given) {
    static const dmft_mode mode = {plateau_columns, 4, pose_plateau, write_plateau};
    FL_CHECK(check_plateau(run, given));
    return dmft_write(run, given, &mode);
}

static const fl_option trace_options[] = {
    JD_OPTION("0.5"),
    FL_GROUP(fl_margin_options, dmft_settings, margin),
    FL_GROUP(fl_drive_options, dmft_settings, drive, ),
    P_OPTION("1"),
    TIME_OPTION("300", "steps; for p = 0 sweeps"),
    ORDER_OPTION,
    STEPS_OPTION,
    FORWARD_TRAJECTORIES("16384"),
    REPETITIONS_OPTION,
    FL_SHARD_OPTION(dmft_settings, shard, "the solutions"),
    {.name = NULL},
};

static const fl_option plateau_options[] = {
    JD_OPTION("0.1:0.7:0.1"),
    FL_GROUP(fl_margin_options, dmft_settings, margin),
    FL_GROUP(fl_drive_options, dmft_settings, drive, ),
    P_OPTION("1,0.25"),
    ORDER_OPTION,
    TIME_OPTION("100", "with --order permutation: sweeps; the second half of them is averaged"),
    STEPS_OPTION,
    {"trajectories", FL_OPTION_INTEGER, DMFT_AT(trajectories), "COUNT", "64", 1, 1 << 28,
     .given = DMFT_AT(trajectories_given),
     .help =
         "trajectories of each solution (16 at least), of 1024 steps each, in each round; with p = 0 and "
         "--order permutation of --time sweeps, rounded up to a multiple of 64, and 4096 when not given"},
    REPETITIONS_OPTION,
    FL_SHARD_OPTION(dmft_settings, shard, "the solutions"),
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

static const fl_mode_table trace_tables[] = {{NULL, trace_columns, 5}, {.columns = NULL}};
static const fl_mode_table plateau_tables[] = {{NULL, plateau_columns, 4}, {.columns = NULL}};
enum { COMMON = FL_WITH_SEED | FL_WITH_THREADS | FL_WITH_RESUME };

static const fl_mode trace_mode = {.name = "trace",
                                   .summary = "unstable fraction against time",
                                   .details = trace_details,
                                   .example = "fl-dmft trace --jd 0.5 --p 1 --time 300",
                                   .options = trace_options,
                                   .settings_size = sizeof(dmft_settings),
                                   .common = COMMON,
                                   .run = trace,
                                   .tables = trace_tables};

static const fl_mode plateau_mode = {.name = "plateau",
                                     .summary = "unstable fraction in the stationary state",
                                     .details = plateau_details,
                                     .example = "fl-dmft plateau --jd 0.1:0.7:0.1 --p 1,0.25",
                                     .options = plateau_options,
                                     .settings_size = sizeof(dmft_settings),
                                     .common = COMMON,
                                     .run = plateau,
                                     .tables = plateau_tables};

int fl_tool_dmft(int argc, char **argv) {
    const fl_mode modes[] = {trace_mode, plateau_mode, dmft_threshold_mode, dmft_retrieval_mode};
    return fl_tool_main(&(fl_tool){"fl-dmft", "Dynamical mean-field theory of the dynamics", modes,
                                   sizeof modes / sizeof *modes},
                        argc, argv);
}
