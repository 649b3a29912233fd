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
        unsigned bits;     /* 2^bits parts a sample */
        uint64_t first;    /* task number */
        double cost, done; /* expected cost of a sample, of all sizes before */
    } * size;              /* and one after the last */
    uint64_t from, until;
} tasks;

typedef struct task {
    size_t n_index;
    uint64_t sample, part;
    bool first, last; /* of this sample in this shard */
    bool whole;       /* all of the sample is in this shard */
} task;

/* jd: the largest self-coupling. */
fl_status tasks_make(tasks *t, const fl_sample_plan *plan, double jd);
void tasks_clear(tasks *t);

/* Task from + k. */
task tasks_get(const tasks *t, uint64_t k);

/* Samples done when the tasks before from + k are, weighted by cost; relative to the shard. */
double tasks_done(const tasks *t, uint64_t k);

#endif
