/* Trainings at the points of a grid: every parameter may have a list of values. Internal. */
#ifndef FIXLAND_LEARN_GRID_H
#define FIXLAND_LEARN_GRID_H

#include "mc/learn/train_settings.h"

/* A parameter with more than one value. */
typedef struct axis {
    const fl_field *parameter;
    fl_reals values; /* owned */
} axis;

/* The first axis varies slowest. With `separate` one axis varies at a time, the others at their
 * first value. */
typedef struct grid {
    fl_training base; /* first values */
    axis axes[TRAINING_FIELDS];
    size_t count;
    bool separate;
    uint64_t points;
} grid;

/* FL_EINVAL for a grid of more than 1e6 points, or with a point that fl_training_check refuses.
 * FL_EUSAGE as training_check_effect, and for `separate` with fewer than two lists. Release with grid_clear in any case. */
fl_status grid_from(grid *g, const training_settings *s, bool separate, bool classes);
void grid_clear(grid *g);

/* The training at a point; values[k] (may be NULL) that of axis k. */
void grid_training(const grid *g, uint64_t point, fl_training *training, double *values);

/* The base, and the lists of the axes, into the provenance. */
fl_status grid_describe(const grid *g, fl_meta *meta);

/* Columns of the axes, after jd and lambda, which always come first: `columns` and `names` hold
 * GRID_COLUMNS entries. Returns their number. grid_always: those two, for --help. */
enum { GRID_NAME = 32, GRID_COLUMNS = TRAINING_FIELDS + 2 };
extern const fl_column grid_always[2];
size_t grid_columns(const grid *g, fl_column *columns, char names[][GRID_NAME]);

/* The cells of a point under these columns; texts holds GRID_COLUMNS entries behind them. */
void grid_cells(const grid *g, uint64_t point, fl_cell *cells, char texts[][FL_FIELD_TEXT]);

#endif
