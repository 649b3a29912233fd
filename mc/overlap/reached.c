/* See reached.h. Both sets are sorted and merged. */
#include "mc/overlap/reached.h"

#include <stdlib.h>
#include <string.h>

#include "fixland/spins.h"

/* A configuration and where it stood. */
typedef struct entry {
    const uint64_t *spins;
    size_t place, n;
} entry;

static int by_spins(const void *a, const void *b) {
    const entry *x = a, *y = b;
    return fl_spins_compare(x->spins, y->spins, x->n);
}

static entry *sorted(const uint64_t *spins, size_t count, size_t n) {
    entry *list = malloc((count + 1) * sizeof *list);
    if (!list)
        return NULL;
    for (size_t k = 0; k < count; k++)
        list[k] = (entry){spins + k * fl_spins_words(n), k, n};
    qsort(list, count, sizeof *list, by_spins);
    return list;
}

static void merge_reached(const entry *all, size_t count, const entry *ends, size_t end_count,
                          double *hits) {
    for (size_t a = 0, e = 0; a < count && e < end_count;) {
        int order = by_spins(&all[a], &ends[e]);
        if (order == 0)
            hits[all[a].place]++;
        a += order < 0;
        e += order >= 0;
    }
}

fl_status reached_count(const overlap_set *set, double **hits) {
    entry *all = sorted(set->spins, set->count, set->n);
    entry *ends = sorted(set->other, set->other_count, set->n);
    *hits = calloc(set->count + 1, sizeof **hits);
    fl_status status = FL_OK;
    if (all && ends && *hits)
        merge_reached(all, set->count, ends, set->other_count, *hits);
    else
        status = fl_fail(FL_ENOMEM, "out of memory for %zu configurations", set->count);
    free(all);
    free(ends);
    if (status != FL_OK) {
        free(*hits);
        *hits = NULL;
    }
    return status;
}
