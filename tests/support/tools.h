/* Tools run in process: their tables, and their refusals. */
#ifndef FIXLAND_TEST_TOOLS_H
#define FIXLAND_TEST_TOOLS_H

#include "fixland/table.h"
#include "tests/support/support.h"

/* The table that the tool writes with these arguments, through a file in the scratch folder that is
 * removed again. Fails unless it exits with 0 and is silent on stderr. Release with
 * fl_frame_clear. */
fl_frame test_table(test_tool tool, const char *name, const char *arguments);

/* The same, the arguments as a printf format. */
fl_frame test_table_of(test_tool tool, const char *name, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/* What the tool writes to stdout; fails unless it exits with `code`. Free it. */
char *test_output(test_tool tool, const char *name, const char *arguments, int code);

/* Fails unless the columns are these, separated by one blank. */
void test_assert_columns(const fl_frame *frame, const char *names);

/* The number in a row under a name. */
double test_cell(const fl_frame *frame, size_t row, const char *column);

/* Fails unless the provenance holds that. */
void test_assert_meta(const fl_frame *frame, const char *key, const char *value);

/* Fails unless the tool exits with `code`, says one sentence on stderr that starts with its name
 * and holds `word`, writes no row of data to stdout, and leaves the scratch folder as it was. */
void test_refused(test_tool tool, const char *name, const char *arguments, int code,
                  const char *word);

/* The same, the arguments as a printf format. */
void test_refused_of(test_tool tool, const char *name, int code, const char *word,
                     const char *format, ...) __attribute__((format(printf, 5, 6)));

/* The lines of a table that do not start with '#'; free the text. */
char *test_data_lines(const char *text);

/* The same of a file in the scratch folder. */
char *test_rows_of(const char *file);

/* Fails unless both files of the scratch folder have rows, and the same. */
void test_assert_rows(const char *file, const char *other);

/* Runs the tool with --output `path`, and for so short a time that it leaves the checkpoint of a run that was
 * stopped within; how short is tried. Fails when none is left. */
void test_stop_within(test_tool tool, const char *name, const char *arguments, const char *path);

/* Fails unless `work` returns 0 and says nothing to stdout or stderr. */
void test_silent(test_tool work);

#endif
