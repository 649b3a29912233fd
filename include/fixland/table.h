/* Tables, the face that all tools share.
 *
 * Text: lines "# key: value" carry the provenance, one line "# columns: jd n entropy_limit[nats]"
 * names each column (with its unit in brackets where it has one), then one row a line, values
 * separated by one blank, reals in the shortest form that reads back to the same double, "nan",
 * "inf", "-inf" where needed. gnuplot reads it as it is.
 * JSON: {"meta": {...}, "columns": [...], "units": [...], "rows": [[...]]}, with the same numbers
 * (reals always with a point or an exponent); nan is null and the infinities are the strings "inf"
 * and "-inf". A shard's table ends with the number of its rows: a line "# rows: N", or the key
 * "row_count" behind "rows". Text that is not UTF-8 gets '?' for its bytes beyond ASCII.
 * Numbers are written and read in the locale "C" (LC_NUMERIC as a program starts with).
 *
 * Rows are written as they come; the file appears under its name only when the table is closed. */
#ifndef FIXLAND_TABLE_H
#define FIXLAND_TABLE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "fixland/meta.h"
#include "fixland/status.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef enum fl_kind { FL_INTEGER, FL_REAL, FL_TEXT } fl_kind;

typedef struct fl_column {
    const char *name; /* no blanks, no brackets */
    fl_kind kind;
    const char *unit; /* the same; NULL or "" where there is none */
    const char *help; /* for --help: what it says, a sentence fragment; may be NULL */
} fl_column;

typedef struct fl_cell {
    fl_kind kind;
    union {
        int64_t integer;
        double real;
        const char *text; /* no blanks, no '#' in front; "" and NULL are written as "-" */
    } as;
} fl_cell;

#define FL_INT(value) ((fl_cell){.kind = FL_INTEGER, .as.integer = (int64_t)(value)})
#define FL_NUM(value) ((fl_cell){.kind = FL_REAL, .as.real = (value)})
#define FL_STR(value) ((fl_cell){.kind = FL_TEXT, .as.text = (value)})

typedef enum fl_table_format { FL_TABLE_TSV, FL_TABLE_JSON } fl_table_format;

typedef struct fl_table fl_table;

/* Starts a table on `path` (NULL or "-": standard output). `meta` may be NULL; it is written at
 * once. `columns` (length `count`) must outlive the table. FL_EINVAL for names with blanks,
 * FL_ENOMEM; FL_EEXIST, FL_EIO as in output.h. */
fl_status fl_table_open(fl_table **table, const char *path, bool force, fl_table_format format,
                        const fl_meta *meta, const fl_column *columns, size_t count);

/* Appends a row: `cells` holds as many cells as there are columns, of the columns' kinds
 * (FL_EINVAL otherwise, and the table is as before). FL_EIO as soon as a write fails. */
fl_status fl_table_row(fl_table *table, const fl_cell *cells);

/* Brings all rows to the disk, after the last one; FL_EIO (a full disk, for example). Between it
 * and fl_table_close other files can be made to appear: little is left that may fail. */
fl_status fl_table_flush(fl_table *table);

/* Finishes the table, makes it appear, frees it. FL_EIO (a full disk, for example) leaves no file.
 * Frees the table in any case. */
fl_status fl_table_close(fl_table *table);

/* Drops the table and its temporary file. NULL is allowed. */
void fl_table_discard(fl_table *table);

/* The shortest decimal text that reads back to `value`; `text` holds at least 32 bytes. */
void fl_format_real(char *text, double value);

/* A table read back, text or JSON (told apart by its first character). */
typedef struct fl_frame {
    size_t rows, columns;
    char **names; /* columns */
    char **units; /* columns; NULL entries where there is none */
    double *real; /* rows x columns, row by row; nan where the cell is no number */
    char **text;  /* rows x columns, the cells as written */
    size_t *line; /* rows: where each stands in a text; NULL: not known (JSON) */
    fl_meta meta;
} fl_frame;

/* FL_EIO, or FL_EFORMAT with file, line and reason (ragged rows, no columns line, a shard with more
 * or fewer rows than it tells of, ...). */
fl_status fl_frame_read(fl_frame *frame, const char *path);
void fl_frame_clear(fl_frame *frame);

/* The cell as a whole number, exactly: digits, or a real that is whole and not beyond 2^53
 * (1.4e+01, as other programs write 14). FL_EFORMAT with line, column and cell for anything else. */
fl_status fl_frame_whole(const fl_frame *frame, size_t row, size_t column, uint64_t *value);

/* The cell as a number, nan and inf among them; FL_EFORMAT with line, column and cell for what is
 * none. */
fl_status fl_frame_number(const fl_frame *frame, size_t row, size_t column, double *value);

/* FL_EFORMAT, "line 12, column jd: 'x' is not " and what it is not; "row 3" where lines are not known. */
fl_status fl_frame_fail(const fl_frame *frame, size_t row, size_t column, const char *what);

/* Index of the column of that name into *column; FL_EFORMAT with a sentence if there is none. */
fl_status fl_frame_column(const fl_frame *frame, const char *name, size_t *column);

#ifdef __cplusplus
}
#endif
#endif
