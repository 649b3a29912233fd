/* The tasks of fl_enumerate_samples: parts of samples of sizes, numbered in this order, and the
 * range of them that a shard has. */
#ifndef FIXLAND_ENUMERATE_TASKS_H
#define FIXLAND_ENUMERATE_TASKS_H

#include "fixland/enumerate.h"

typedef struct tasks {
    const fl_sample_plan *plan;
    size_t sizes;
    struct tasks_size {
        size_t neurons;
        unsigned bits;     /* 2^bits parts a sample, or, where the search is long: */
        uint64_t *begin;   /* samples + 1: the first part of each, counted from `first`; or NULL */
        uint64_t first;    /* task number */
        double cost, done; /* expected cost of a sample, of all sizes before */
    } * size;              /* and one after the last */
    uint64_t from, until;
} tasks;

typedef struct task {
    size_t n_index;
    uint64_t sample, part;
    unsigned bits;    /* it is a part of 2^bits */
    bool first, last; /* of this sample in this shard */
    bool whole;       /* all of the sample is in this shard */
} task;

/* jd: the plan's self-couplings, ascending. Searches of more than some core hours are cut by what a few
 * parts of them cost (probe.h), where samples are few. */
fl_status tasks_make(tasks *t, const fl_sample_plan *plan, const double *jd);
void tasks_clear(tasks *t);

/* Draws a network, extended by its input if it has one. */
fl_status tasks_draw(const fl_sample_plan *plan, const fl_instance *instance, fl_network *network);

/* Task from + k. */
task tasks_get(const tasks *t, uint64_t k);

/* Samples done when the tasks before from + k are, weighted by cost; relative to the shard. */
double tasks_done(const tasks *t, uint64_t k);

#endif
