/* See estimate_tool.h. */
#include "mc/enumerate/estimate_tool.h"

#include <stdlib.h>
#include <string.h>

#include "fixland/sampling.h"

const fl_column estimate_columns[ESTIMATE_COLUMNS] = {
    FL_COLUMN_N,
    {"jd", FL_REAL, NULL, "the largest self-coupling J_D of the list"},
    FL_COLUMN_SAMPLE,
    {"parts", FL_INTEGER, NULL, "parts of the whole search"},
    {"tried", FL_INTEGER, NULL, "those that were drawn and searched"},
    {"nodes", FL_REAL, NULL, "of the whole search, estimated"},
    {"nodes_error", FL_REAL, NULL,
     "its standard error, as the others from the parts tried: these are skew, so that no interval of 95 % is "
     "claimed"},
    FL_COLUMNS_ESTIMATE("seconds", "seconds_error", "s", "of one core, for the whole search"),
    FL_COLUMNS_ESTIMATE("count", "count_error", NULL, "fixed points, estimated"),
};

static fl_status estimate_row(fl_table *table, const fl_sample_plan *plan, size_t n_index,
                              uint64_t sample, double jd, uint64_t tries) {
    fl_network network;
    fl_work_estimate w;
    const fl_instance instance = {n_index, sample};
    FL_CHECK(fl_instances_draw(&plan->networks, &instance, &network));
    fl_status status = fl_enumerate_estimate(&network, plan->method, &jd, 1, plan->networks.seed,
                                             tries, &plan->effort, &w);
    fl_network_clear(&network);
    FL_CHECK(status);
    const fl_cell cells[] = {FL_INT(fl_instances_n(&plan->networks, n_index)),
                             FL_NUM(jd),
                             FL_INT(sample),
                             FL_INT(w.parts),
                             FL_INT(w.tried),
                             FL_NUM(w.nodes),
                             FL_NUM(w.nodes_error),
                             FL_NUM(w.seconds),
                             FL_NUM(w.seconds_error),
                             FL_NUM(w.count),
                             FL_NUM(w.count_error)};
    return fl_table_row(table, cells);
}

static fl_status all_rows(fl_table *table, const fl_sample_plan *plan, uint64_t tries) {
    double jd = plan->jd[0]; /* the search is made at the largest */
    for (size_t k = 1; k < plan->jd_count; k++)
        jd = plan->jd[k] > jd ? plan->jd[k] : jd;
    for (size_t n_index = 0; n_index < fl_instances_sizes(&plan->networks); n_index++)
        for (uint64_t sample = 0; sample < fl_instances_samples(&plan->networks); sample++)
            FL_CHECK(estimate_row(table, plan, n_index, sample, jd, tries));
    return FL_OK;
}

fl_status estimate_rows(fl_run *run, const fl_sample_plan *plan, uint64_t tries) {
    fl_table *table;
    FL_CHECK(fl_run_table(run, &table, estimate_columns, ESTIMATE_COLUMNS));
    fl_status status = all_rows(table, plan, tries);
    if (status == FL_OK)
        return fl_table_close(table);
    fl_table_discard(table);
    return status;
}
