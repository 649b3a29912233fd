/* How often a dynamics reached each fixed point of a set: see fl_reached in clusters.h. Both are sorted and
 * merged. */
#include "fixland/clusters.h"

#include <stdlib.h>
#include <string.h>

#include "fixland/spins.h"

/* A configuration and where it stood. */
typedef struct entry {
    const uint64_t *spins;
    size_t place, n;
} entry;

static int entries_in_order(const void *a, const void *b) {
    const entry *x = a, *y = b;
    return fl_spins_compare(x->spins, y->spins, x->n);
}

static entry *sorted(const uint64_t *spins, size_t count, size_t n) {
    entry *list = malloc((count + 1) * sizeof *list);
    if (!list)
        return NULL;
    for (size_t k = 0; k < count; k++)
        list[k] = (entry){spins + k * fl_spins_words(n), k, n};
    qsort(list, count, sizeof *list, entries_in_order);
    return list;
}

static void merge_reached(const entry *all, size_t count, const entry *ends, size_t end_count,
                          double *hits) {
    for (size_t a = 0, e = 0; a < count && e < end_count;) {
        int order = entries_in_order(&all[a], &ends[e]);
        if (order == 0)
            hits[all[a].place]++;
        a += order < 0;
        e += order >= 0;
    }
}

fl_status fl_reached(const uint64_t *spins, size_t count, const uint64_t *others,
                     size_t other_count, size_t n, double *hits) {
    entry *all = sorted(spins, count, n), *ends = sorted(others, other_count, n);
    fl_status status = FL_OK;
    for (size_t k = 0; k < count; k++)
        hits[k] = 0;
    if (all && ends)
        merge_reached(all, count, ends, other_count, hits);
    else
        status = fl_fail(FL_ENOMEM, "out of memory for %zu configurations", count);
    free(all);
    free(ends);
    return status;
}
