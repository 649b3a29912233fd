/* Rows that a tool wrote, read back. */
#ifndef FIXLAND_CLI_ROWS_CHECK_H
#define FIXLAND_CLI_ROWS_CHECK_H

#include "fixland/table.h"

/* The columns of that table of the mode, which the provenance names, that has the columns of these rows; NULL
 * where none has. */
const fl_column *fl_rows_columns(const fl_frame *rows, int (*tool)(int argc, char **argv));

/* FL_EFORMAT, with row and column, for a cell that a tool does not write under these columns: text or a broken
 * number, or a fraction where it counts. NULL: nothing is known, nothing is looked at. */
fl_status fl_rows_check(const fl_frame *rows, const fl_column *columns);

#endif
