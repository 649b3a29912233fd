/* Rows that a tool wrote, read back. */
#ifndef FIXLAND_CLI_ROWS_CHECK_H
#define FIXLAND_CLI_ROWS_CHECK_H

#include "fixland/cli.h"
#include "fixland/table.h"

/* The columns of that table of the mode, which the provenance names, that has the columns of these rows; NULL
 * where none has. */
const fl_column *fl_rows_columns(const fl_frame *rows, int (*tool)(int argc, char **argv));

/* FL_EFORMAT, with line and column, for a cell that a tool does not write under these columns: text or a broken
 * number, or a fraction where it counts. NULL: nothing is known, nothing is looked at. */
fl_status fl_rows_check(const fl_frame *rows, const fl_column *columns);

/* FL_EFORMAT, with line and column, for a cell that is no number or none of these, which is not `what`. */
fl_status fl_rows_among(const fl_frame *rows, size_t column, const fl_reals *values, const char *what);

/* FL_EFORMAT, with file, line and column, for a size, J_D, algorithm or method of a shard's rows that its provenance
 * does not tell. Tables of whole runs, which a user may have put together, are not looked at. */
fl_status fl_rows_of_run(const char *path, const fl_frame *rows);

#endif
