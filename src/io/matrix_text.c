/* Matrices as text: a row a line; numbers separated by blanks or by single commas; a comment runs
 * from '#' to the end of its line. Written with the shortest decimals that read back to the same
 * bits. */
#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "fixland/table.h"
#include "src/io/io.h"
#include "src/io/matrix_formats.h"

typedef struct text_matrix {
    const char *label;
    double *values;
    size_t count, room;     /* numbers */
    size_t rows, columns;   /* columns: 0 until a row was read */
    size_t line, first_row; /* where we are, and where the first row is */
} text_matrix;

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
    return text + strspn(text, " \t\r\n\v\f");
}

/* Reads the number at *text and moves behind it. */
static fl_status read_number(text_matrix *matrix, const char **text, size_t column, double *value) {
    size_t length = strcspn(*text, " \t\r\n\v\f,");
    char *end;
    *value = strtod(*text, &end);
    bool hexadecimal = isfinite(*value) && strspn(*text, "0123456789+-.eE") < length;
    if (length == 0 || end != *text + length || hexadecimal)
        return fl_fail(FL_EFORMAT, "%s: line %zu, number %zu: '%.*s' is not a number",
                       matrix->label, matrix->line, column, length < 40 ? (int)length : 40, *text);
    if (!isfinite(*value))
        return fl_fail(FL_EFORMAT, "%s: line %zu, number %zu is %.*s; couplings must be finite",
                       matrix->label, matrix->line, column, length < 40 ? (int)length : 40, *text);
    *text = end;
    return FL_OK;
}

/* Checks a finished row against the first one. */
static fl_status check_row(text_matrix *matrix, size_t columns) {
    if (matrix->rows == 0) {
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

static fl_status read_line(text_matrix *matrix, char *line, size_t length) {
    size_t columns = 0;
    if (strlen(line) != length)
        return fl_fail(FL_EFORMAT, "%s: line %zu: a zero byte; this is not a text file",
                       matrix->label, matrix->line);
    line[strcspn(line, "#")] = 0;
    const char *text = skip_blanks(line);
    while (*text) {
        double value;
        FL_CHECK(read_number(matrix, &text, ++columns, &value));
        FL_CHECK(append(matrix, value));
        text = skip_blanks(text);
        if (*text != ',')
            continue;
        text = skip_blanks(text + 1);
        if (!*text)
            return fl_fail(FL_EFORMAT, "%s: line %zu ends with a comma", matrix->label,
                           matrix->line);
    }
    return columns ? check_row(matrix, columns) : FL_OK;
}

static fl_status read_lines(text_matrix *matrix, FILE *stream) {
    char *line = NULL;
    size_t room = 0;
    fl_status status = FL_OK;
    errno = 0;
    for (ssize_t length; status == FL_OK && (length = getline(&line, &room, stream)) >= 0;) {
        matrix->line++;
        status = read_line(matrix, line, (size_t)length);
    }
    int error = errno;
    free(line);
    if (status == FL_OK && !feof(stream))
        status = fl_fail_read(matrix->label, error);
    return status;
}

fl_status fl_matrix_read_text(fl_network *network, FILE *stream, const char *label) {
    text_matrix matrix = {.label = label};
    fl_status status = read_lines(&matrix, stream);
    if (status == FL_OK && matrix.rows == 0)
        status = fl_fail(FL_EFORMAT, "%s: the file holds no numbers", label);
    if (status == FL_OK && matrix.rows < matrix.columns)
        status = fl_fail(FL_EFORMAT,
                         "%s: line %zu: the matrix ends after %zu rows of %zu numbers: "
                         "not square",
                         label, matrix.line, matrix.rows, matrix.columns);
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
