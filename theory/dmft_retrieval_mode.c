/* fl-dmft retrieval: what becomes of a start near a fixed point, N -> infinity. */
#include <stdlib.h>

#include "theory/dmft_modes.h"

static const fl_column retrieval_columns[] = {
    FL_COLUMN_JD,
    COLUMN_P,
    {"start_overlap", FL_REAL, NULL, "of the start with the fixed point"},
    {"time", FL_INTEGER, NULL, "steps; for p = 0 sweeps"},
    {"overlap", FL_REAL, NULL, "with the fixed point at that time"},
    {"overlap_error", FL_REAL, NULL, "over repetitions"},
    COLUMN_UNSTABLE,
    COLUMN_ERROR,
};

enum { RETRIEVAL_COLUMNS = sizeof retrieval_columns / sizeof *retrieval_columns };

static fl_status pose_retrieval(const dmft_settings *s, const fl_dmft *plan,
                                dmft_problems *problems) {
    for (size_t k = 0; k < s->overlaps.count; k++) {
        dmft_problem problem;
        FL_CHECK(dmft_retrieve_problem(plan, s->overlaps.values[k], (size_t)s->time, &problem));
        FL_CHECK(dmft_add(problems, &problem));
    }
    return FL_OK;
}

/* The four lists of a solution: overlaps, unstable fractions, each with errors. */
static fl_status write_lists(fl_table *table, double jd, const dmft_settings *s,
                             const dmft_problem *problem, const double *lists) {
    size_t times = problem->times, width = times + 1;
    for (size_t t = s->points ? 0 : times; t <= times; t++) {
        const fl_cell row[] = {FL_NUM(jd),
                               FL_NUM(dmft_p(&problem->plan)),
                               FL_NUM(problem->value),
                               FL_INT(t),
                               FL_NUM(lists[t]),
                               FL_NUM(lists[width + t]),
                               FL_NUM(lists[2 * width + t]),
                               FL_NUM(lists[3 * width + t])};
        FL_CHECK(fl_table_row(table, row));
    }
    return FL_OK;
}

static fl_status write_retrieval(fl_table *table, double jd, const dmft_settings *s,
                                 const dmft_problem *problem, const double *numbers) {
    size_t times = problem->times, width = times + 1;
    double *lists = calloc(4 * width, sizeof *lists);
    fl_status status = lists ? FL_OK : fl_fail(FL_ENOMEM, "out of memory for --time %zu", times);
    if (status == FL_OK)
        status = dmft_course(problem, numbers, width, lists, lists + width);
    if (status == FL_OK)
        status = dmft_course(problem, numbers, 0, lists + 2 * width, lists + 3 * width);
    if (status == FL_OK)
        status = write_lists(table, jd, s, problem, lists);
    free(lists);
    return status;
}

static fl_status retrieval(fl_run *run, const void *given) {
    static const dmft_mode mode = {retrieval_columns, RETRIEVAL_COLUMNS, pose_retrieval,
                                   write_retrieval};
    FL_CHECK(dmft_check_order(run, given));
    FL_CHECK(dmft_tell_trajectories(run, given));
    return dmft_write(run, given, &mode);
}

static const fl_option retrieval_options[] = {
    JD_OPTION("0.3,0.6,0.9,1.2"),
    FL_GROUP(fl_margin_options, dmft_settings, margin),
    P_OPTION("1"),
    {"overlap", FL_OPTION_REALS, DMFT_AT(overlaps), "LIST", "0.2:1:0.2", -1, 1,
     .help = "of the start with the fixed point"},
    TIME_OPTION("50", "steps; for p = 0 sweeps"),
    {"course", FL_OPTION_FLAG, DMFT_AT(points), .help = "a row for each time, not the last alone"},
    ORDER_OPTION,
    STEPS_OPTION,
    FORWARD_TRAJECTORIES("16384"),
    REPETITIONS_OPTION,
    FL_SHARD_OPTION(dmft_settings, shard, "the solutions"),
    {.name = NULL},
};

static const char retrieval_details[] =
    "The forward solution from a start that has an overlap with a fixed point, which is picked at "
    "random among the fixed points of all networks: its own fields are then normal numbers cut off "
    "at -J_D, independent from neuron to neuron. An overlap that stays near 1 means that damage heals "
    "for the most part. It does not come back to 1 itself where a finite fraction of the neurons was "
    "turned: near the fixed point fields move by the square root of the damage, and as many neurons "
    "become unstable. The fraction that --overlap leaves is that of `fl-access return --planted`.";

static const fl_mode_table retrieval_tables[] = {
    {NULL, retrieval_columns, RETRIEVAL_COLUMNS},
    {.columns = NULL},
};

const fl_mode dmft_retrieval_mode = {
    .name = "retrieval",
    .summary = "what becomes of a start near a fixed point",
    .details = retrieval_details,
    .example = "fl-dmft retrieval --jd 0.6,0.9 --overlap 0.5:1:0.1 --time 30",
    .options = retrieval_options,
    .settings_size = sizeof(dmft_settings),
    .common = FL_WITH_SEED | FL_WITH_THREADS | FL_WITH_RESUME,
    .run = retrieval,
    .tables = retrieval_tables};
