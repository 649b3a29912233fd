/* Trainings at the points of a grid, several seeds each, in parallel and with a checkpoint; a row a
 * point with means and standard errors over the seeds. Internal. */
#ifndef FIXLAND_LEARN_TRIALS_H
#define FIXLAND_LEARN_TRIALS_H

#include "mc/learn/grid.h"

enum { TRIALS_QUANTITIES = 8, TRIALS_COLUMNS = 24 };

typedef struct trials {
    const grid *grid;
    fl_reals
        loads; /* one more axis, which varies fastest: patterns a hidden neuron; may be empty */
    uint64_t seeds;
    size_t quantities; /* measured by a training, the first `with_error` with an error */
    size_t with_error;
    const fl_column *columns; /* load and patterns where there are loads; seeds; the quantities, an
                               * error behind each that has one */
    size_t column_count;
    /* Trains with seed number k and measures. Thread-safe, on one thread; `load` 0 without loads.
     */
    fl_status (*measure)(const void *context, const fl_training *training, double load, uint64_t k,
                         double *values);
    const void *context;
} trials;

/* Patterns at a load: round(load * hidden), at least 1. */
size_t trials_patterns(const fl_training *training, double load);

/* The whole run, with `data` and the grid in the provenance. `prepare` (may be NULL) runs once,
 * after the checkpoint was opened and before the first training. */
fl_status trials_run(fl_run *run, const trials *t, const fl_meta *data,
                     fl_status (*prepare)(fl_run *run, void *preparation), void *preparation);

#endif
