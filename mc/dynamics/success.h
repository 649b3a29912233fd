/* Successes by size, self-coupling and network, from the tables of fl-access run. Internal. */
#ifndef FIXLAND_DYNAMICS_SUCCESS_H
#define FIXLAND_DYNAMICS_SUCCESS_H

#include "fixland/access.h"
#include "mc/dynamics/parts.h"

/* One algorithm at one size. */
typedef struct success_set {
    fl_algorithm algorithm;
    int64_t n;
    size_t jd_count,
        networks;       /* networks 0: the tables were summaries, which hold no single ones */
    fl_success *totals; /* jd_count, ascending */
    double *medians;    /* jd_count: sweeps of all runs */
    double *successes, *trials; /* networks x jd_count */
} success_set;

/* Ordered by algorithm, then size. Start from a zeroed struct. */
typedef struct success_sets {
    success_set *all;
    size_t count;
    runs_pool runs; /* that the tables are of */
} success_sets;

/* The name of an algorithm of a set: of fl_algorithm, or, FL_ALGORITHMS and more, of an
 * fl_message_method. */
const char *success_name(fl_algorithm algorithm);

/* Reads tables of `fl-access run` or `fl-message solve`, all of --per-sample or all summaries. Networks are told apart by
 * seed and sample; in runs on one given matrix each replica stands for a network. FL_EMISMATCH for
 * runs that are there twice, in whatever file, and for tables that do not belong together. */
fl_status success_read(success_sets *sets, const char *const *files, size_t count);
void success_clear(success_sets *sets);

#endif
