/* Matrices as text: one row a line; numbers separated by blanks or by single commas, or all by
 * semicolons (then a comma inside a number is its decimal point, as spreadsheets of some countries
 * write it); a comment runs from '#' to the end of its line. Names may stand around the numbers, as
 * spreadsheets, pandas and R put them: a first line of names, and a name before each row. Written
 * with the shortest decimals that read back to the same bits. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "fixland/table.h"
#include "src/io/io.h"
#include "src/io/matrix_formats.h"

static const char blanks[] = " \t\r\n\v\f";

typedef struct text_matrix {
    const char *label;
    double *values;
    size_t count, room;     /* numbers */
    size_t rows, columns;   /* columns: 0 until a row was read */
    size_t line, first_row; /* where we are, and where the first row is */
    char separator;         /* ';', ',', '\t' or ' ', from the first line; 0 before */
    size_t names, header;   /* names in the first line and its number; 0: none */
    bool corner;            /* the first of these names is empty: one stands before each row */
    bool named;             /* a name stands before each row */
} text_matrix;

typedef struct cell {
    const char *text;
    size_t length;
} cell;

static fl_status append(text_matrix *matrix, double value) {
    if (matrix->count == matrix->room) {
        size_t room = matrix->room ? 2 * matrix->room : 1024;
        double *values = realloc(matrix->values, room * sizeof *values);
        if (!values)
            return fl_fail(FL_ENOMEM, "%s: out of memory for the matrix", matrix->label);
        matrix->values = values;
        matrix->room = room;
    }
    matrix->values[matrix->count++] = value;
    return FL_OK;
}

static const char *skip_blanks(const char *text) {
    return text + strspn(text, blanks);
}

/* Length of a cell without the blanks at its end. */
static size_t trimmed(const char *text, size_t length) {
    while (length > 0 && strchr(blanks, text[length - 1]))
        length--;
    return length;
}

static bool parse_number(const text_matrix *matrix, cell c, double *value) {
    return fl_read_foreign(c.text, c.length, matrix->separator == ';', value);
}

/* The cell at *text, which moves behind it and the separator that follows; *more: whether there was
 * one. Loosely, blanks separate and so does a comma; strictly only the file's separator does, and
 * quotes protect it. */
static cell next_cell(const text_matrix *matrix, const char **text, bool strict, bool *more) {
    const char separators[] = {matrix->separator, 0};
    const char *start = skip_blanks(*text), *end;
    bool blank = matrix->separator == ' ';
    if (matrix->separator == '\t' && strict) {
        start = *text + strspn(*text, " ");
        end = start + strcspn(start, "\t");
    } else if (strict && *start == '"' && strchr(start + 1, '"')) {
        end = strchr(start + 1, '"') + 1;
        end += blank ? 0 : strcspn(end, separators);
    } else if (matrix->separator == ';' || (strict && !blank)) {
        end = start + strcspn(start, separators);
    } else {
        end = start + strcspn(start, blank && strict ? blanks : " \t\r\n\v\f,");
    }
    const char *after = strict && matrix->separator == '\t' ? end : skip_blanks(end);
    bool separated = *after && strchr(matrix->separator == ';' ? ";"
                                      : strict                 ? separators
                                                               : ",",
                                      *after);
    *more = separated;
    *text = separated ? skip_blanks(after + 1) : after;
    if (separated && strict && matrix->separator == '\t')
        *text = after + 1;
    return (cell){start, trimmed(start, (size_t)(end - start))};
}

static fl_status not_a_number(const text_matrix *matrix, size_t column, cell c) {
    int shown = c.length < 40 ? (int)c.length : 40;
    return fl_fail(FL_EFORMAT, "%s: line %zu, number %zu: '%.*s' is not a number%s", matrix->label,
                   matrix->line, column, shown, c.text,
                   *c.text == '"' ? "; numbers stand without quotes" : "");
}

/* Reads a line of numbers only. */
static fl_status read_matrix_text_numbers(text_matrix *matrix, const char *text, size_t *columns) {
    bool more = false;
    *columns = 0;
    for (text = skip_blanks(text); *text;) {
        double value;
        cell c = next_cell(matrix, &text, false, &more);
        if (!parse_number(matrix, c, &value))
            return not_a_number(matrix, *columns + 1, c);
        ++*columns;
        if (!isfinite(value))
            return fl_fail(FL_EFORMAT, "%s: line %zu, number %zu is %.*s; couplings must be finite",
                           matrix->label, matrix->line, *columns, (int)c.length, c.text);
        FL_CHECK(append(matrix, value));
    }
    return more ? fl_fail(FL_EFORMAT, "%s: line %zu ends with a %s", matrix->label, matrix->line,
                          matrix->separator == ';' ? "semicolon" : "comma")
                : FL_OK;
}

/* Checks a finished row against the first one. */
static fl_status check_row(text_matrix *matrix, size_t columns) {
    if (matrix->rows == 0) {
        size_t names = matrix->names - (matrix->named && matrix->names > columns);
        if (matrix->names && names != columns)
            return fl_fail(FL_EFORMAT, "%s: line %zu holds %zu numbers, but line %zu %zu names",
                           matrix->label, matrix->line, columns, matrix->header, names);
        matrix->columns = columns;
        matrix->first_row = matrix->line;
    }
    if (columns != matrix->columns)
        return fl_fail(FL_EFORMAT, "%s: line %zu holds %zu numbers, but line %zu holds %zu",
                       matrix->label, matrix->line, columns, matrix->first_row, matrix->columns);
    if (matrix->rows == matrix->columns)
        return fl_fail(FL_EFORMAT, "%s: line %zu is row %zu of a matrix of %zu columns: not square",
                       matrix->label, matrix->line, matrix->rows + 1, matrix->columns);
    matrix->rows++;
    return FL_OK;
}

/* Counts the cells of a line, and those of the numbers and empty ones among them. */
static size_t count_cells(const text_matrix *matrix, const char *text, size_t *numbers,
                          bool *first_is_number, bool *first_is_empty) {
    size_t count = 0;
    bool more = true;
    *numbers = 0;
    *first_is_number = *first_is_empty = false;
    if (matrix->separator == '\t')
        text += strspn(text, " ");
    while (more || *text) {
        double value;
        cell c = next_cell(matrix, &text, true, &more);
        bool number = parse_number(matrix, c, &value);
        *numbers += number;
        if (count++ == 0) {
            *first_is_number = number;
            *first_is_empty = c.length == 0 || (c.length == 2 && memcmp(c.text, "\"\"", 2) == 0);
        }
        if (!more && matrix->separator != ' ')
            break;
    }
    return count;
}

static char told_separator(const char *line) {
    return strchr(line, ';') ? ';' : strchr(line, ',') ? ',' : strchr(line, '\t') ? '\t' : ' ';
}

/* What stands before and above the numbers is told from the first line and the first row. *text
 * moves behind the name of a row. True when the line is the line of names. */
static bool tell_names(text_matrix *matrix, const char **text) {
    size_t numbers;
    bool first_is_number, first_is_empty, more;
    if (matrix->rows == 0) {
        size_t cells = count_cells(matrix, *text, &numbers, &first_is_number, &first_is_empty);
        bool only_names = numbers == 0 && !first_is_empty;
        if (!matrix->header && cells > 0 && (only_names || first_is_empty)) {
            matrix->header = matrix->line;
            matrix->names = cells;
            matrix->corner = first_is_empty;
            return true;
        }
        bool one_more = matrix->header && !matrix->corner && cells == matrix->names + 1;
        matrix->named = matrix->corner || one_more || (!first_is_number && numbers + 1 == cells);
    }
    if (matrix->named)
        next_cell(matrix, text, true, &more);
    return false;
}

static fl_status read_matrix_line(void *context, size_t number, char *line) {
    text_matrix *matrix = context;
    size_t columns;
    matrix->line = number;
    line[strcspn(line, "#")] = 0;
    const char *text = line;
    if (!*skip_blanks(text))
        return FL_OK;
    if (!matrix->separator)
        matrix->separator = told_separator(text);
    if (tell_names(matrix, &text))
        return FL_OK;
    FL_CHECK(read_matrix_text_numbers(matrix, text, &columns));
    return check_row(matrix, columns);
}

static fl_status check_square(const text_matrix *matrix) {
    if (matrix->rows == 0)
        return fl_fail(FL_EFORMAT, "%s: the file holds no numbers", matrix->label);
    if (matrix->rows < matrix->columns)
        return fl_fail(FL_EFORMAT,
                       "%s: line %zu: the matrix ends after %zu rows of %zu numbers: not square%s",
                       matrix->label, matrix->line, matrix->rows, matrix->columns,
                       matrix->header ? " (the first line was taken for names)" : "");
    return FL_OK;
}

fl_status fl_matrix_read_text(fl_network *network, FILE *stream, const char *label) {
    text_matrix matrix = {.label = label};
    fl_input_skip_mark(stream);
    fl_status status = fl_lines_read(stream, label, &matrix, read_matrix_line);
    if (status == FL_OK)
        status = check_square(&matrix);
    if (status == FL_OK)
        status = fl_matrix_to_network(network, label, matrix.values, matrix.rows);
    free(matrix.values);
    return status;
}

void fl_matrix_write_text(const fl_network *network, FILE *stream, const fl_meta *meta) {
    char text[32];
    for (size_t i = 0; meta && i < meta->count; i++)
        fprintf(stream, "# %s: %s\n", meta->keys[i], meta->values[i]);
    for (size_t i = 0; i < network->n && !ferror(stream); i++)
        for (size_t j = 0; j < network->n; j++) {
            fl_format_real(text, fl_matrix_entry(network, i, j));
            fputs(text, stream);
            putc(j + 1 < network->n ? ' ' : '\n', stream);
        }
}
