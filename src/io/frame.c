/* Tables read back into memory: see table.h. */
#include "src/io/frame.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "src/io/io.h"

static fl_status no_frame_memory(const char *path) {
    return fl_fail(FL_ENOMEM, "out of memory for the table %s", path);
}

fl_status fl_frame_copy(char **copy, const char *text, size_t length) {
    *copy = strndup(text, length);
    return *copy ? FL_OK : fl_fail(FL_ENOMEM, "out of memory for the text of a table");
}

static void clear_columns(fl_frame *frame) {
    for (size_t c = 0; c < frame->columns; c++) {
        free(frame->names[c]);
        free(frame->units[c]);
    }
    free(frame->names);
    free(frame->units);
    frame->names = frame->units = NULL;
    frame->columns = 0;
}

fl_status fl_frame_set_columns(fl_frame_reader *reader, size_t columns) {
    fl_frame *frame = reader->frame;
    clear_columns(frame);
    if (columns == 0)
        return fl_fail(FL_EFORMAT, "%s: the table has no columns", reader->path);
    frame->names = calloc(columns, sizeof *frame->names);
    frame->units = calloc(columns, sizeof *frame->units);
    if (!frame->names || !frame->units)
        return no_frame_memory(
            reader->path); /* columns is still 0: both are freed with the frame */
    frame->columns = columns;
    reader->has_names = true;
    return FL_OK;
}

static fl_status grow_frame(fl_frame_reader *reader) {
    fl_frame *frame = reader->frame;
    size_t room = reader->room ? 2 * reader->room : 64;
    double *real = realloc(frame->real, room * frame->columns * sizeof *real);
    if (real)
        frame->real = real;
    char **text = realloc(frame->text, room * frame->columns * sizeof *text);
    if (text)
        frame->text = text;
    size_t *line = realloc(frame->line, room * sizeof *line);
    if (line)
        frame->line = line;
    if (!real || !text || !line)
        return no_frame_memory(reader->path);
    reader->room = room;
    return FL_OK;
}

fl_status fl_frame_add_row(fl_frame_reader *reader) {
    fl_frame *frame = reader->frame;
    if (frame->rows == reader->room)
        FL_CHECK(grow_frame(reader));
    for (size_t k = frame->rows * frame->columns, c = 0; c < frame->columns; c++) {
        frame->real[k + c] = NAN;
        frame->text[k + c] = NULL;
    }
    frame->line[frame->rows++] = reader->line;
    return FL_OK;
}

fl_status fl_frame_set_cell(fl_frame_reader *reader, size_t column, const char *text) {
    fl_frame *frame = reader->frame;
    size_t k = (frame->rows - 1) * frame->columns + column;
    frame->real[k] = fl_read_real(text);
    return fl_frame_copy(&frame->text[k], text, strlen(text));
}

/* JSON begins with a brace, a text table never does. */
static fl_status read_either(fl_frame_reader *reader) {
    fl_input_skip_mark(reader->stream);
    int first = getc(reader->stream);
    if (first != EOF)
        ungetc(first, reader->stream);
    return first == '{' ? fl_frame_read_json(reader) : fl_frame_read_text(reader);
}

/* A shard tells at its end how many rows it has. */
static fl_status check_rows_told(const fl_frame_reader *reader) {
    const fl_frame *f = reader->frame;
    if (!fl_meta_get(&f->meta, "shard") || reader->told == (double)f->rows)
        return FL_OK;
    return reader->told >= 0
               ? fl_fail(FL_EFORMAT, "%s: %zu rows, and its end tells of %.17g: it was cut",
                         reader->path, f->rows, reader->told)
               : fl_fail(
                     FL_EFORMAT,
                     "%s: the end of a shard, which tells its number of rows ('# rows: %zu', or "
                     "\"row_count\" in JSON), is missing: it was cut",
                     reader->path, f->rows);
}

fl_status fl_frame_read(fl_frame *frame, const char *path) {
    fl_frame_reader reader = {.path = path, .frame = frame, .told = -1};
    memset(frame, 0, sizeof *frame);
    FL_CHECK(fl_input_open(&reader.stream, path));
    fl_status status = read_either(&reader);
    fclose(reader.stream);
    if (status == FL_OK)
        status = check_rows_told(&reader);
    if (status != FL_OK)
        fl_frame_clear(frame);
    return status;
}

void fl_frame_clear(fl_frame *frame) {
    for (size_t k = 0; k < frame->rows * frame->columns; k++)
        free(frame->text[k]);
    free(frame->text);
    free(frame->real);
    free(frame->line);
    clear_columns(frame);
    fl_meta_clear(&frame->meta);
    memset(frame, 0, sizeof *frame);
}

fl_status fl_frame_column(const fl_frame *frame, const char *name, size_t *column) {
    for (size_t c = 0; c < frame->columns; c++)
        if (strcmp(frame->names[c], name) == 0) {
            *column = c;
            return FL_OK;
        }
    return fl_fail(FL_EFORMAT, "the table has no column named '%s'", name);
}

fl_status fl_frame_fail(const fl_frame *frame, size_t row, size_t column, const char *what) {
    bool lines = frame->line && frame->line[row];
    return fl_fail(FL_EFORMAT, "%s %zu, column %s: '%.40s' is not %s", lines ? "line" : "row",
                   lines ? frame->line[row] : row + 1, frame->names[column],
                   frame->text[row * frame->columns + column], what);
}

static fl_status not_whole(const fl_frame *frame, size_t row, size_t column) {
    return fl_frame_fail(frame, row, column, "a whole number of 0 to 2^64 - 1");
}

fl_status fl_frame_whole(const fl_frame *frame, size_t row, size_t column, uint64_t *value) {
    const char *text = frame->text[row * frame->columns + column];
    char *end;
    size_t length = strlen(text);
    if (length == 0 || strspn(text, "0123456789") != length) {
        double real = frame->real[row * frame->columns + column];
        /* As other programs write them: 1.4e+01. Beyond 2^53 a double is no exact number. */
        if (!(real >= 0 && real <= 0x1p53 && real == floor(real)))
            return not_whole(frame, row, column);
        *value = (uint64_t)real;
        return FL_OK;
    }
    errno = 0;
    *value = strtoull(text, &end, 10);
    return errno ? not_whole(frame, row, column) : FL_OK;
}

fl_status fl_frame_number(const fl_frame *frame, size_t row, size_t column, double *value) {
    const char *text = frame->text[row * frame->columns + column];
    *value = frame->real[row * frame->columns + column];
    if (isnan(*value) && strcmp(text, "nan") != 0)
        return fl_frame_fail(frame, row, column, "a number");
    return FL_OK;
}
