/* Rows of fl-access: runs one by one, and summaries of them. Internal. */
#ifndef FIXLAND_DYNAMICS_ROWS_H
#define FIXLAND_DYNAMICS_ROWS_H

#include "fixland/access.h"
#include "fixland/store.h"
#include "fixland/table.h"

enum { ROW_COLUMNS = 10, SUMMARY_COLUMNS = 13 };

extern const fl_column rows_columns[ROW_COLUMNS], rows_summary_columns[SUMMARY_COLUMNS];

/* A growing list of runs. */
typedef struct rows {
    fl_access_row *items;
    size_t count, room;
    bool given; /* all runs are on one given network */
} rows;

fl_status rows_add(rows *r, const fl_access_row *row);
void rows_clear(rows *r);

fl_status rows_write(fl_table *table, const fl_access_row *row);

/* FL_EMISMATCH for a run that is there twice. */
fl_status rows_check_once(const rows *r);

/* One summary for each (algorithm, n, jd), in the order in which they first came. */
fl_status rows_summaries(fl_table *table, const rows *r);

/* Appends the runs of a table written with --per-sample. */
fl_status rows_add_frame(rows *r, const char *path, const fl_frame *frame);

#endif
