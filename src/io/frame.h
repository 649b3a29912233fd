/* The two readers of tables, and what they share. */
#ifndef FIXLAND_IO_FRAME_H
#define FIXLAND_IO_FRAME_H

#include <stdio.h>

#include "fixland/table.h"

typedef struct fl_frame_reader {
    FILE *stream;
    const char *path;
    fl_frame *frame;
    size_t line;    /* of a text: where we are */
    size_t room;    /* rows that fit */
    bool has_names; /* the columns are known */
    double told;    /* rows that the table tells of at its end, or -1 */
} fl_frame_reader;

fl_status fl_frame_read_text(fl_frame_reader *reader);
fl_status fl_frame_read_json(fl_frame_reader *reader);

/* Sets the number of columns, names and units NULL; forgets earlier ones. */
fl_status fl_frame_set_columns(fl_frame_reader *reader, size_t columns);

/* Adds a row of empty cells. */
fl_status fl_frame_add_row(fl_frame_reader *reader);

/* Sets a cell of the last row from its text (copied). */
fl_status fl_frame_set_cell(fl_frame_reader *reader, size_t column, const char *text);

/* *copy = a copy of `length` bytes of text. */
fl_status fl_frame_copy(char **copy, const char *text, size_t length);

#endif
