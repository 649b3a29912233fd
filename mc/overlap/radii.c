/* See radii.h. */
#include "mc/overlap/radii.h"

#include <stdlib.h>
#include <string.h>

static int by_radius(const void *a, const void *b) {
    int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;
    return (x > y) - (x < y);
}

static fl_status each(const overlap_set *set, const int64_t *sorted, size_t count,
                      const fl_effort *effort, void *context,
                      fl_status (*take)(void *, size_t, fl_clusters *)) {
    fl_clusters finer = {0};
    fl_status status = FL_OK;
    for (size_t k = 0; status == FL_OK && k < count; k++) {
        fl_clusters c;
        size_t radius = (size_t)sorted[k];
        status = fl_clusters_find(set->spins, set->count, set->n, radius, FL_SEARCH_AUTO,
                                  k ? &finer : NULL, effort, &c);
        if (status == FL_OK)
            status = take(context, radius, &c);
        fl_clusters_clear(&finer);
        finer = c;
    }
    fl_clusters_clear(&finer);
    return status;
}

fl_status radii_each(const overlap_set *set, const fl_integers *radii, const fl_effort *effort,
                     void *context, fl_status (*take)(void *, size_t, fl_clusters *)) {
    int64_t *sorted = malloc(radii->count * sizeof *sorted);
    if (!sorted)
        return fl_fail(FL_ENOMEM, "out of memory for %zu radii", radii->count);
    memcpy(sorted, radii->values, radii->count * sizeof *sorted);
    qsort(sorted, radii->count, sizeof *sorted, by_radius);
    fl_status status = each(set, sorted, radii->count, effort, context, take);
    free(sorted);
    return status;
}
