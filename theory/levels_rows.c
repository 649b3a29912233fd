/* Rows of thresholds with several levels of overlap: see levels_mode.h. */
#include <math.h>

#include "theory/levels_mode.h"
#include "theory/modes.h"

const fl_column fl_levels_columns[FL_LEVELS_COLUMNS] = {
    {"levels", FL_INTEGER, NULL, "of overlap"},
    {"jd_gap", FL_REAL, NULL, "where the minimum of F/m reaches 0"},
    FL_COLUMN_NUMERICAL(NULL),
    {"m", FL_REAL, NULL, "members of a tuple"},
    {"x1", FL_REAL, NULL, "members of a group"},
    {"x2", FL_REAL, NULL, "members of a group within a group"},
    {"q0", FL_REAL, NULL, "overlap between groups"},
    {"q1", FL_REAL, NULL, "overlap within a group, between its subgroups"},
    {"q2", FL_REAL, NULL, "overlap within a subgroup"},
    {"distance", FL_REAL, NULL, "(1 - q0)/2"},
    {"starts_apart", FL_REAL, NULL,
     "to the next best of several starts of the search; nan with one"},
    {"kind", FL_TEXT, NULL, "theorem: whole numbers; else estimate"},
    {"flag", FL_INTEGER, NULL, "0; 2 undecided (nan)"},
};

enum { COLUMNS = FL_LEVELS_COLUMNS, THRESHOLD = 1 };

static fl_status levels_row(fl_table *table, size_t levels, const char *kind, fl_status status,
                            const fl_levels_threshold *found, fl_verdicts *verdicts) {
    int flag = fl_verdict(verdicts, status);
    if (flag < 0)
        return status;
    fl_levels_threshold t = {.control = NAN, .error = NAN, .spread = NAN};
    double x[3] = {NAN, NAN, NAN}, q[3] = {NAN, NAN, NAN};
    if (status == FL_OK)
        t = *found;
    for (size_t l = 0; l < t.at.levels; l++)
        x[l] = t.at.x[l], q[l] = t.at.q[l];
    const fl_cell cells[COLUMNS] = {FL_INT(levels),   FL_NUM(t.control),
                                    FL_NUM(t.error),  FL_NUM(x[0]),
                                    FL_NUM(x[1]),     FL_NUM(x[2]),
                                    FL_NUM(q[0]),     FL_NUM(q[1]),
                                    FL_NUM(q[2]),     FL_NUM(0.5 * (1 - q[0])),
                                    FL_NUM(t.spread), FL_STR(kind),
                                    FL_INT(flag)};
    return fl_table_row(table, cells);
}

/* Whole numbers of groups, which alone make a proof. */
static bool whole(double m, double x1) {
    double groups = x1 > 0 ? m / x1 : m;
    return floor(m) == m && floor(x1) == x1 && floor(groups) == groups;
}

static fl_status given_rows(fl_table *table, const fl_levels_plan *plan, size_t levels,
                            fl_verdicts *verdicts) {
    double fixed[FL_LEVELS_MAX] = {plan->m, levels > 1 ? plan->x1 : 0};
    bool all = levels == 1 || (levels == 2 && plan->x1 > 0);
    fl_levels_threshold t;
    fl_status status = fl_phase_levels(&plan->model, levels, fixed, &t);
    return levels_row(table, levels, all && whole(plan->m, fixed[1]) ? "theorem" : "estimate",
                      status, &t, verdicts);
}

static fl_status free_rows(fl_table *table, const fl_levels_plan *plan, size_t levels,
                           fl_verdicts *verdicts) {
    fl_levels_threshold t, best;
    fl_status status = fl_phase_levels(&plan->model, levels, NULL, &t);
    FL_CHECK(levels_row(table, levels, "estimate", status, &t, verdicts));
    if (status == FL_OK)
        status = fl_phase_levels_whole(&plan->model, &t, &best);
    return levels_row(table, levels, "theorem", status, &best, verdicts);
}

static fl_status levels_rows(fl_table *table, const void *chosen) {
    const fl_levels_plan *plan = chosen;
    fl_verdicts verdicts = {0};
    for (size_t k = 0; k < plan->levels.count; k++) {
        size_t levels = (size_t)plan->levels.values[k];
        if (fl_stop_requested())
            return fl_fail(FL_STOPPED, "stopped by %s; nothing was written", fl_stop_reason());
        if (plan->m > 0)
            FL_CHECK(given_rows(table, plan, levels, &verdicts));
        else
            FL_CHECK(free_rows(table, plan, levels, &verdicts));
    }
    return fl_verdicts_end(&verdicts);
}

fl_status fl_write_levels(fl_run *run, const fl_levels_plan *plan) {
    fl_column columns[COLUMNS];
    for (int k = 0; k < COLUMNS; k++)
        columns[k] = fl_levels_columns[k];
    if (plan->model.kind != FL_TUPLES_FIXED_POINTS)
        columns[THRESHOLD].name = "load_gap";
    return fl_write_rows(run, plan, &(fl_mode_table){NULL, columns, COLUMNS}, levels_rows);
}
