/* Numbers from a text, or from a .npy file: see fl_numbers_read in sampling.h. Between blanks, commas or semicolons; a line with
 * semicolons may have decimal commas; what follows '#' is a comment; names may stand in the first line. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "fixland/sampling.h"
#include "src/io/io.h"
#include "src/io/matrix_formats.h"

static const char blanks[] = " \t\r\n\v\f";

typedef struct number_list {
    const char *path;
    double *values;
    size_t count, room;
    size_t line;            /* where we are */
    size_t lines, doubtful; /* with numbers; those that look like 0,5 */
    bool named;             /* a line of names was passed over */
} number_list;

static fl_status append_number(number_list *list, double value) {
    if (list->count == list->room) {
        size_t room = 2 * list->room + 64;
        double *more = realloc(list->values, room * sizeof *more);
        if (!more)
            return fl_fail(FL_ENOMEM, "no memory for %zu numbers", room);
        list->values = more;
        list->room = room;
    }
    list->values[list->count++] = value;
    return FL_OK;
}

static size_t word_length(const char *text, bool semicolons) {
    return strcspn(text, semicolons ? " \t\r\n\v\f;" : " \t\r\n\v\f,;");
}

/* Is no word of the line a number, or what was to be one? */
static bool only_names(const char *text, bool semicolons) {
    size_t words = 0;
    for (double value; *text;) {
        size_t length = word_length(text, semicolons);
        if (strchr("0123456789+-.", *text) || fl_read_foreign(text, length, semicolons, &value))
            return false;
        words += length > 0;
        text += length + (text[length] != 0);
    }
    return words > 0;
}

/* "0,5": digits, a comma and digits. */
static bool is_doubtful(const char *text) {
    text += *text == '-' || *text == '+';
    size_t before = strspn(text, "0123456789");
    size_t after = text[before] == ',' ? strspn(text + before + 1, "0123456789") : 0;
    return before && after && !text[before + 1 + after];
}

static fl_status read_word(number_list *list, const char *text, size_t length, bool semicolons) {
    double value;
    if (!fl_read_foreign(text, length, semicolons, &value))
        return fl_fail(FL_EFORMAT, "%s: line %zu, number %zu: '%.*s' is not a number", list->path,
                       list->line, list->count + 1, length < 40 ? (int)length : 40, text);
    if (!isfinite(value))
        return fl_fail(FL_EFORMAT, "%s: line %zu, number %zu is %.*s; numbers must be finite",
                       list->path, list->line, list->count + 1, (int)length, text);
    return append_number(list, value);
}

/* A line without its comment and the blanks at its ends. */
static fl_status read_numbers(number_list *list, const char *text) {
    bool semicolons = strchr(text, ';');
    if (list->count == 0 && !list->named && only_names(text, semicolons)) {
        list->named = true;
        return FL_OK;
    }
    list->lines++;
    list->doubtful += is_doubtful(text);
    while (*text) {
        size_t length = word_length(text, semicolons);
        FL_CHECK(read_word(list, text, length, semicolons));
        text += length;
        text += strspn(text, blanks);
        if (*text && strchr(semicolons ? ";" : ",", *text)) /* one may end a line */
            text += 1 + strspn(text + 1, blanks);
    }
    return FL_OK;
}

static fl_status read_list_line(void *context, size_t number, char *text) {
    number_list *list = context;
    list->line = number;
    text[strcspn(text, "#")] = 0;
    text += strspn(text, blanks);
    for (size_t length = strlen(text); length > 0 && strchr(blanks, text[length - 1]);)
        text[--length] = 0;
    return *text ? read_numbers(list, text) : FL_OK;
}

static fl_status check_numbers(const number_list *list) {
    if (list->count == 0)
        return fl_fail(FL_EFORMAT, "%s: there are no numbers", list->path);
    if (list->lines > 1 && list->doubtful == list->lines)
        return fl_fail(
            FL_EFORMAT,
            "%s: are the commas decimal ones, or is each line two numbers? Write them as "
            "0.5, or with a blank behind the comma",
            list->path);
    return FL_OK;
}

static fl_status read_text_list(FILE *stream, number_list *list) {
    fl_input_skip_mark(stream);
    FL_CHECK(fl_lines_read(stream, list->path, list, read_list_line));
    return check_numbers(list);
}

fl_status fl_numbers_read(const char *path, double **values, size_t *count) {
    number_list list = {.path = path};
    FILE *stream;
    *values = NULL;
    *count = 0;
    FL_CHECK(fl_input_open(&stream, path));
    fl_status status = fl_begins_npy(stream)
                           ? fl_numbers_read_npy(stream, path, &list.values, &list.count)
                           : read_text_list(stream, &list);
    fclose(stream);
    if (status != FL_OK) {
        free(list.values);
        return status;
    }
    *values = list.values;
    *count = list.count;
    return FL_OK;
}
