/* What the files of src/io share among themselves. */
#ifndef FIXLAND_IO_IO_H
#define FIXLAND_IO_IO_H

#include <stdbool.h>
#include <stdio.h>

#include "fixland/journal.h"
#include "fixland/output.h"
#include "fixland/status.h"
#include "fixland/table.h"

/* Opens `path` for reading; a directory is refused (fopen would take it). FL_EIO. */
fl_status fl_input_open(FILE **stream, const char *path);

/* Passes over the UTF-8 byte order mark that spreadsheets put before a text; at its beginning. */
void fl_input_skip_mark(FILE *stream);

/* Calls `take` with each line, counted from 1, without its end and to be changed at will, until it fails. FL_EFORMAT
 * for a zero byte, FL_EIO; `label` names the file in sentences. */
fl_status fl_lines_read(FILE *stream, const char *label, void *context,
                        fl_status (*take)(void *context, size_t line, char *text));

/* FL_EIO: "<path>: cannot be read: <reason>" or "... written: ...", `error` an errno. */
fl_status fl_fail_read(const char *path, int error);
fl_status fl_fail_write(const char *path, int error);

/* The name an output has in sentences. */
const char *fl_output_name(const fl_output *output);

/* One name for all ways to say `path`, a file that need not be there: its folder as the system has it, links
 * followed; /dev/stdout for standard output, also with NULL. Free it; NULL when memory is out. */
char *fl_output_canonical(const char *path);

/* A new name for a temporary file beside `path`; free it, NULL when memory is out. And the removal of
 * those that processes left which were killed. */
char *fl_temporary_name(const char *path);
void fl_remove_leftovers(const char *path);

/* Calls `take` with each entry of the folder of `path`, with the name of `path` in it and the folder itself. Not at all
 * where the folder cannot be read. */
void fl_entries_beside(const char *path, void *context,
                       void (*take)(void *context, int folder, const char *entry,
                                    const char *name));

/* Temporary files that are there, so that a process which ends in the middle can remove them all:
 * a name is kept (not copied) until it is forgotten. From any thread. */
void fl_temporary_keep(char *name);
void fl_temporary_forget(const char *name);
void fl_temporaries_remove(void);

/* Makes a new, renamed or removed entry of the directory of `path` survive a power cut, where the
 * file system can. Returns 0 or an errno. */
int fl_sync_directory(const char *path);

/* A table whose rows are rows of `whole`, behind the `count` cells `lead`, which belong to its first columns. It
 * is to be closed before `whole`, and closing brings nothing to the disk. FL_ENOMEM. */
fl_status fl_table_open_part(fl_table **part, fl_table *whole, const fl_cell *lead, size_t count);

/* Has a journal stay when it is closed as finished; whoever asks for that removes it. */
void fl_journal_keep(fl_journal *journal);

/* The number that the whole of `text` denotes, as tables write numbers; nan if it is none. */
double fl_read_real(const char *text);

/* The number that all `length` bytes denote as other programs write them: with Fortran's exponents (1.5D+03),
 * with a decimal comma where `commas` are allowed; it may be infinite or nan. False if they are none. */
bool fl_read_foreign(const char *text, size_t length, bool commas, double *value);

#endif
