/* Trainings at the points of a grid, several seeds each, in parallel and with a checkpoint; a row a
 * point with means and standard errors over the seeds. Internal. */
#ifndef FIXLAND_LEARN_TRIALS_H
#define FIXLAND_LEARN_TRIALS_H

#include "fixland/effort.h"
#include "mc/learn/grid.h"

enum { TRIALS_COLUMNS = 24 };

typedef struct trials {
    const char *kind; /* what the checkpoint's records are: fl_record */
    const grid *grid;
    /* Patterns at a load; with loads. */
    size_t (*patterns)(const void *context, const fl_training *training, double load);
    fl_reals
        loads; /* one more axis, which varies fastest: patterns a hidden neuron; may be empty */
    fl_reals conditions; /* under which each training is measured, a row each; may be empty */
    uint64_t seeds;
    size_t quantities; /* measured under a condition, the first `with_error` with an error */
    size_t with_error;
    const fl_column *columns; /* load and patterns where there are loads; the condition where there
                               * are some; seeds; the quantities, an error behind each that has one
                               */
    size_t column_count;
    /* Trains with seed number k and measures: conditions x quantities values. Thread-safe, on one
     * thread; `load` 0 without loads. FL_STOPPED when `effort` says so. */
    fl_status (*measure)(const void *context, const fl_training *training, double load, uint64_t k,
                         const fl_effort *effort, double *values);
    const void *context;
} trials;

/* The options of all modes that do so. */
typedef struct trials_settings {
    int64_t seeds;
    bool separate;
} trials_settings;

extern const fl_option trials_options[];

/* The whole run, with `data` and the grid in the provenance. */
fl_status trials_run(fl_run *run, const trials *t, const fl_meta *data);

/* A quantity over the seeds, and its error; and the tables of a mode that has `count` columns after
 * those of the grid. */
#define TRIALS_COLUMNS_MEAN(name, error, help)                                                     \
    {name, FL_REAL, NULL, help}, {                                                                 \
        error, FL_REAL, NULL, "its standard error over the seeds (nan for a single one)"           \
    }
#define TRIALS_TABLES(columns, count)                                                              \
    {"Columns, first (and every other parameter with more than one value)", grid_always, 2},       \
        {"Columns, then", columns, count}, {                                                       \
        .columns = NULL                                                                            \
    }

#endif
