/* Tools run in process: their tables, and their refusals. */
#ifndef FIXLAND_TEST_TOOLS_H
#define FIXLAND_TEST_TOOLS_H

#include "fixland/table.h"
#include "tests/support/support.h"

/* The table that the tool writes with these arguments, through a file in the scratch folder that is
 * removed again. Fails unless it exits with 0 and is silent on stderr. Release with
 * fl_frame_clear. */
fl_frame test_table(test_tool tool, const char *name, const char *arguments);

/* Fails unless the columns are these, separated by one blank. */
void test_assert_columns(const fl_frame *frame, const char *names);

/* The number in a row under a name. */
double test_cell(const fl_frame *frame, size_t row, const char *column);

/* Fails unless the tool exits with `code`, says one sentence on stderr that starts with its name
 * and holds `word`, writes no row of data to stdout, and leaves the scratch folder as it was. */
void test_refused(test_tool tool, const char *name, const char *arguments, int code,
                  const char *word);

/* The lines of a table that do not start with '#'; free the text. */
char *test_data_lines(const char *text);

#endif
