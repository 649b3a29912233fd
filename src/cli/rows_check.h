/* Rows that a tool wrote, read back. */
#ifndef FIXLAND_CLI_ROWS_CHECK_H
#define FIXLAND_CLI_ROWS_CHECK_H

#include "fixland/table.h"

/* FL_EFORMAT, with row and column, for a cell that the tool does not write there: text or a broken number, or a
 * fraction where it counts. Tables with other columns than the mode's that their provenance names are not looked at. */
fl_status fl_rows_check(const fl_frame *rows, int (*tool)(int argc, char **argv));

#endif
