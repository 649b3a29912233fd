/* One network, from schedule to estimate: see count.h. */
#include "fixland/count.h"

#include <stdlib.h>

#include "mc/count/points.h"

static fl_status populations(const fl_network *network, const fl_count_plan *plan,
                             fl_count_run *runs, fl_count_points *sets) {
    fl_count_schedule schedule;
    FL_CHECK(fl_count_schedule_make(&schedule, network, plan));
    fl_status status = FL_OK;
    for (uint64_t k = 0; status == FL_OK && k < FL_COUNT_POPULATIONS; k++)
        status = fl_count_population(network, plan, &schedule, k, &runs[k], &sets[k]);
    fl_count_schedule_clear(&schedule);
    return status;
}

fl_status fl_count(const fl_network *network, const fl_count_plan *plan,
                   fl_count_estimate *estimate, fl_count_points *points) {
    fl_count_points sets[FL_COUNT_POPULATIONS] = {{0}};
    fl_count_plan each = *plan;
    fl_count_run *runs = calloc(FL_COUNT_POPULATIONS, sizeof *runs);
    if (!runs)
        return fl_fail(FL_ENOMEM, "out of memory for %d populations", FL_COUNT_POPULATIONS);
    each.keep = points != NULL;
    fl_status status = populations(network, &each, runs, sets);
    if (status == FL_OK)
        status = fl_count_combine(plan->method, runs, FL_COUNT_POPULATIONS, estimate);
    if (status == FL_OK && points)
        status = point_set_union(sets, FL_COUNT_POPULATIONS, 1.0 / FL_COUNT_POPULATIONS, points);
    if (status == FL_OK && points)
        point_set_fit(points, estimate);
    for (size_t k = 0; k < FL_COUNT_POPULATIONS; k++)
        fl_count_points_clear(&sets[k]);
    free(runs);
    return status;
}
