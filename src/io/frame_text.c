/* Text tables: comment lines with the provenance and the columns, then rows. */
#include <stdlib.h>
#include <string.h>

#include "src/io/frame.h"
#include "src/io/io.h"

static const char blanks[] = " \t";

/* The next word of a line in *start (its length is returned), 0 at the end. */
static size_t next_word(const char **start, const char *from) {
    *start = from + strspn(from, blanks);
    return strcspn(*start, blanks);
}

static size_t count_words(const char *text) {
    const char *word = text;
    size_t count = 0;
    for (size_t length; (length = next_word(&word, word)) > 0; word += length)
        count++;
    return count;
}

/* "entropy[nats]" or "jd". */
static fl_status set_column(fl_frame_reader *reader, size_t line, size_t column, const char *word,
                            size_t length) {
    const char *open = memchr(word, '[', length);
    size_t name = open ? (size_t)(open - word) : length;
    if (name == 0 || (open && (word[length - 1] != ']' || name + 2 >= length)))
        return fl_fail(FL_EFORMAT, "%s: line %zu: '%.*s' is not a column name or name[unit]",
                       reader->path, line, (int)length, word);
    fl_frame *frame = reader->frame;
    FL_CHECK(fl_frame_copy(&frame->names[column], word, name));
    return open ? fl_frame_copy(&frame->units[column], open + 1, length - name - 2) : FL_OK;
}

static fl_status read_columns(fl_frame_reader *reader, size_t line, const char *text) {
    const char *word = text;
    FL_CHECK(fl_frame_set_columns(reader, count_words(text)));
    for (size_t c = 0; c < reader->frame->columns; c++) {
        size_t length = next_word(&word, word);
        FL_CHECK(set_column(reader, line, c, word, length));
        word += length;
    }
    return FL_OK;
}

/* A line after its '#'. Comments between the rows, and those without a colon, are passed over. */
static fl_status read_comment(fl_frame_reader *reader, size_t line, char *text) {
    static const char columns[] = "columns:", rows[] = "rows: ";
    text += strspn(text, blanks);
    if (reader->has_names && strncmp(text, rows, strlen(rows)) == 0) {
        reader->told = fl_read_real(text + strlen(rows));
        return FL_OK;
    }
    if (reader->frame->rows > 0)
        return FL_OK;
    if (strncmp(text, columns, strlen(columns)) == 0)
        return read_columns(reader, line, text + strlen(columns));
    char *colon = strstr(text, ": ");
    if (!colon || colon == text)
        return FL_OK;
    *colon = 0;
    return fl_meta_set(&reader->frame->meta, text, "%s", colon + 2);
}

static fl_status read_row(fl_frame_reader *reader, size_t line, char *text) {
    if (!reader->has_names)
        return fl_fail(FL_EFORMAT, "%s: line %zu: a row before any '# columns:' line", reader->path,
                       line);
    size_t columns = reader->frame->columns, words = count_words(text);
    if (words != columns)
        return fl_fail(FL_EFORMAT, "%s: line %zu: %zu values where %zu columns are named",
                       reader->path, line, words, columns);
    FL_CHECK(fl_frame_add_row(reader));
    char *save = NULL;
    for (size_t c = 0; c < columns; c++)
        FL_CHECK(fl_frame_set_cell(reader, c, strtok_r(c ? NULL : text, blanks, &save)));
    return FL_OK;
}

static fl_status read_line(void *context, size_t line, char *text) {
    fl_frame_reader *reader = context;
    reader->line = line;
    text += strspn(text, blanks);
    if (!*text)
        return FL_OK;
    return *text == '#' ? read_comment(reader, line, text + 1) : read_row(reader, line, text);
}

fl_status fl_frame_read_text(fl_frame_reader *reader) {
    FL_CHECK(fl_lines_read(reader->stream, reader->path, reader, read_line));
    if (!reader->has_names)
        return fl_fail(FL_EFORMAT, "%s: line %zu: the file ends without a '# columns:' line",
                       reader->path, reader->line);
    return FL_OK;
}
