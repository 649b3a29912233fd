/* See groups.h. */
#include "mc/overlap/groups.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static fl_status no_memory(size_t samples) {
    return fl_fail(FL_ENOMEM, "out of memory for the rows of %zu samples", samples);
}

/* Groups are few and come in order: the search starts at the end. */
static fl_status find_groups(groups *g, size_t n, double jd, double extra, size_t width,
                             group **found) {
    for (size_t k = g->count; k-- > 0;)
        if (g->all[k].n == n && g->all[k].jd == jd && g->all[k].extra == extra) {
            *found = &g->all[k];
            return FL_OK;
        }
    group *more = realloc(g->all, (g->count + 1) * sizeof *more);
    if (!more)
        return no_memory(1);
    g->all = more;
    *found = &more[g->count++];
    **found = (group){.n = n, .jd = jd, .extra = extra, .width = width};
    return FL_OK;
}

fl_status groups_add(groups *g, size_t n, double jd, double extra, const double *row,
                     size_t width) {
    group *into = NULL;
    FL_CHECK(find_groups(g, n, jd, extra, width, &into));
    if (into->samples == into->room) {
        size_t room = 2 * into->room + 16;
        double *more = realloc(into->values, room * width * sizeof *more);
        if (!more)
            return no_memory(room);
        into->values = more;
        into->room = room;
    }
    memcpy(into->values + into->samples++ * width, row, width * sizeof *row);
    return FL_OK;
}

void groups_clear(groups *g) {
    for (size_t k = 0; k < g->count; k++)
        free(g->all[k].values);
    free(g->all);
    *g = (groups){0};
}

fl_status group_mean(const group *g, size_t column, fl_estimate *mean) {
    double *values = malloc((g->samples + 1) * sizeof *values);
    size_t some = 0;
    if (!values)
        return no_memory(g->samples);
    for (size_t s = 0; s < g->samples; s++)
        if (!isnan(g->values[s * g->width + column]))
            values[some++] = g->values[s * g->width + column];
    *mean = fl_mean(values, some);
    free(values);
    return FL_OK;
}
