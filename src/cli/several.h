/* Options of the ensemble with several values: a mode is run at each point of their grid, and one table holds
 * the rows of all, with a column in front for each such option.
 *
 * The points go one after the other, the last option fastest. All of them are looked at, up to where their
 * table would be opened, before the first is run: what a point refuses is told at once. */
#ifndef FIXLAND_CLI_SEVERAL_H
#define FIXLAND_CLI_SEVERAL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "fixland/cli.h"
#include "fixland/table.h"

enum { FL_SEVERAL_MOST = 4 };

typedef struct fl_several {
    size_t count; /* options with several values */
    fl_column axes[FL_SEVERAL_MOST];
    fl_reals values[FL_SEVERAL_MOST]; /* the caller's */
    uint64_t points, point;
    bool ahead;         /* only looking at the points */
    bool reached;       /* a point has got to its table */
    fl_table *table;    /* of all points */
    fl_column *columns; /* its columns */
    size_t width;       /* their number */
} fl_several;

/* The value of option `axis` at the present point. */
double fl_several_value(const fl_several *several, size_t axis);

/* Does the run go through several values of this option? */
bool fl_run_several(const fl_run *run, const char *option);

/* Runs `point` at each point; run->several is set meanwhile. FL_EUSAGE for a grid of more than a million points;
 * what `point` returns. */
fl_status fl_several_run(fl_several *several, fl_run *run,
                         fl_status (*point)(fl_run *run, void *context), void *context);

/* What tells of it in the provenance: "lambda,eta". And the same read back, with lists to be freed by
 * fl_several_clear; none (count 0) in other tables. FL_EFORMAT. */
extern const char fl_several_key[];
fl_status fl_several_read(fl_several *several, const fl_meta *meta);
void fl_several_clear(fl_several *several);

/* FL_EMISMATCH for a table with rows of several points, for readers that would take them for one. */
fl_status fl_several_refuse(const char *path, const fl_frame *frame);

#endif
