/* Matrices as NumPy files. The format (NumPy Enhancement Proposal 1): "\x93NUMPY", version (two
 * bytes), length of the header (two bytes in version 1, else four, little-endian), the header as
 * the text of a Python dict with the keys descr, fortran_order and shape, then the numbers. */
#include <errno.h>
#include <limits.h>
#include <math.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "src/io/io.h"
#include "src/io/matrix_formats.h"

enum { LIST_MOST = 10000000 };

typedef struct npy_header {
    char kind; /* 'f', 'i', 'u' or 'b' (a byte, 0 or 1) */
    size_t size;
    bool big_endian, fortran_order;
    int rank;
    size_t rows, columns; /* a list: one row */
} npy_header;

bool fl_begins_npy(FILE *stream) {
    int first = getc(stream);
    ungetc(first, stream);
    return first == 0x93;
}

bool fl_named_npy(const char *path) {
    const char *end = strrchr(path, '.');
    return end && strcmp(end, ".npy") == 0;
}

static fl_status truncated(FILE *stream, const char *label, const char *part, size_t got,
                           size_t wanted) {
    if (ferror(stream))
        return fl_fail_read(label, errno);
    return fl_fail(FL_EFORMAT, "%s: truncated: the %s has %zu of %zu bytes", label, part, got,
                   wanted);
}

/* Reads the text of the header, to be freed. */
static fl_status read_header_text(FILE *stream, const char *label, char **text) {
    unsigned char start[12];
    size_t got = fread(start, 1, 8, stream);
    if (got >= 6 && memcmp(start, "\x93NUMPY", 6) != 0)
        return fl_fail(FL_EFORMAT, "%s: not a .npy file: the first bytes are not \\x93NUMPY",
                       label);
    if (got < 8)
        return truncated(stream, label, "preamble", got, 8);
    if (start[6] < 1 || start[6] > 3)
        return fl_fail(FL_EFORMAT, "%s: .npy version %d.%d; versions 1 to 3 can be read", label,
                       start[6], start[7]);
    size_t width = start[6] == 1 ? 2 : 4, length = 0;
    got = fread(start + 8, 1, width, stream);
    if (got < width)
        return truncated(stream, label, "preamble", 8 + got, 8 + width);
    for (size_t k = width; k-- > 0;)
        length = length << 8 | start[8 + k];
    if (length > 1 << 20)
        return fl_fail(FL_EFORMAT, "%s: a header of %zu bytes is no .npy header", label, length);
    *text = calloc(length + 1, 1);
    if (!*text)
        return fl_fail(FL_ENOMEM, "%s: out of memory for the header", label);
    got = fread(*text, 1, length, stream);
    if (got == length)
        return FL_OK;
    free(*text);
    *text = NULL;
    return truncated(stream, label, "header", got, length);
}

/* What follows 'key': in the header, NULL if the key is not there. */
static const char *value_of(const char *text, const char *key) {
    size_t length = strlen(key);
    for (const char *p = text; (p = strstr(p, key)); p++) {
        if (p == text || (p[-1] != '\'' && p[-1] != '"') || p[length] != p[-1])
            continue;
        const char *colon = p + length + 1;
        colon += strspn(colon, " ");
        if (*colon == ':')
            return colon + 1 + strspn(colon + 1, " ");
    }
    return NULL;
}

/* '<f8' and the like. */
static fl_status read_type(const char *text, const char *label, npy_header *header) {
    const char *value = value_of(text, "descr");
    if (!value || (*value != '\'' && *value != '"'))
        return fl_fail(FL_EFORMAT, "%s: the header gives no simple type of numbers", label);
    const char *type = value + 1;
    int length = (int)strcspn(type, "'\"");
    static const char *const known[] = {"f2", "f4", "f8", "i1", "i2", "i4",
                                        "i8", "u1", "u2", "u4", "u8", "b1"};
    for (size_t k = 0; length == 3 && strchr("<>=|", type[0]) && k < sizeof known / sizeof *known;
         k++)
        if (type[1] == known[k][0] && type[2] == known[k][1]) {
            const uint16_t one = 1;
            bool native = type[0] == '=' && *(const unsigned char *)&one == 0;
            header->big_endian = type[0] == '>' || native;
            header->kind = type[1];
            header->size = (size_t)(type[2] - '0');
            return FL_OK;
        }
    return fl_fail(
        FL_EFORMAT,
        "%s: numbers of type '%.*s'; float16, float32, float64, integers and booleans can "
        "be read",
        label, length < 40 ? length : 40, type);
}

static fl_status read_order(const char *text, const char *label, npy_header *header) {
    const char *value = value_of(text, "fortran_order");
    header->fortran_order = value && strncmp(value, "True", 4) == 0;
    if (!value || (!header->fortran_order && strncmp(value, "False", 5) != 0))
        return fl_fail(FL_EFORMAT, "%s: the header does not give fortran_order", label);
    return FL_OK;
}

/* (3, 3), or (3,) */
static fl_status read_shape(const char *text, const char *label, npy_header *header) {
    const char *value = value_of(text, "shape");
    unsigned long long sizes[2] = {0, 0};
    int rank = 0;
    if (!value || *value != '(')
        return fl_fail(FL_EFORMAT, "%s: the header does not give a shape", label);
    for (const char *p = value + 1 + strspn(value + 1, " "); *p && *p != ')';) {
        char *end;
        errno = 0;
        unsigned long long size = strtoull(p, &end, 10);
        if (end == p || errno || *p == '-')
            return fl_fail(FL_EFORMAT, "%s: the shape in the header cannot be read", label);
        if (rank < 2)
            sizes[rank] = size;
        rank++;
        p = end + strspn(end, "L, ");
    }
    header->rank = rank;
    header->rows = rank == 2 ? (size_t)sizes[0] : 1;
    header->columns = (size_t)sizes[rank == 2];
    return FL_OK;
}

static fl_status check_npy_square(const char *label, const npy_header *header) {
    if (header->rank != 2)
        return fl_fail(FL_EFORMAT, "%s: %d dimensions where a matrix has 2", label, header->rank);
    if (header->rows != header->columns || header->rows == 0)
        return fl_fail(FL_EFORMAT, "%s: %zu x %zu numbers are not a square matrix", label,
                       header->rows, header->columns);
    return FL_OK;
}

/* (3,), (3, 1) and (1, 3). */
static fl_status check_npy_list(const char *label, const npy_header *header) {
    bool list =
        header->rank == 1 || (header->rank == 2 && (header->rows == 1 || header->columns == 1));
    if (!list)
        return fl_fail(FL_EFORMAT, "%s: %d dimensions where a list of numbers has 1", label,
                       header->rank);
    if (header->rows == 0 || header->columns == 0)
        return fl_fail(FL_EFORMAT, "%s: there are no numbers", label);
    return FL_OK;
}

static fl_status read_matrix_npy_header(FILE *stream, const char *label, npy_header *header) {
    char *text;
    FL_CHECK(read_header_text(stream, label, &text));
    fl_status status = read_type(text, label, header);
    if (status == FL_OK)
        status = read_order(text, label, header);
    if (status == FL_OK)
        status = read_shape(text, label, header);
    free(text);
    return status;
}

/* IEEE 754 binary16: 1 bit of sign, 5 of exponent, 10 of fraction. */
static double from_half(unsigned bits) {
    int exponent = bits >> 10 & 31, fraction = bits & 1023;
    double value = exponent == 31  ? (fraction ? NAN : INFINITY)
                   : exponent == 0 ? ldexp(fraction, -24)
                                   : ldexp(fraction + 1024, exponent - 25);
    return bits >> 15 ? -value : value;
}

static double decode_matrix_npy(const npy_header *header, const unsigned char *bytes) {
    uint64_t bits = 0;
    for (size_t k = 0; k < header->size; k++)
        bits = bits << 8 | bytes[header->big_endian ? k : header->size - 1 - k];
    if (header->kind == 'f' && header->size == 8) {
        double value;
        memcpy(&value, &bits, sizeof value);
        return value;
    }
    if (header->kind == 'f' && header->size == 2)
        return from_half((unsigned)bits);
    if (header->kind == 'f') {
        uint32_t single = (uint32_t)bits;
        float value;
        memcpy(&value, &single, sizeof value);
        return value;
    }
    if (header->kind != 'i')
        return (double)bits;
    int unused = 64 - 8 * (int)header->size; /* the sign is spread over the unused bits */
    return (double)((int64_t)(bits << unused) >> unused);
}

/* Reads the numbers row by row (column by column in Fortran order). */
static fl_status read_matrix_npy_numbers(FILE *stream, const char *label, const npy_header *header,
                                         double *matrix) {
    size_t lines = header->fortran_order ? header->columns : header->rows;
    size_t each = header->fortran_order ? header->rows : header->columns;
    size_t bytes = each * header->size;
    unsigned char *line = malloc(bytes);
    if (!line)
        return fl_fail(FL_ENOMEM, "%s: out of memory for a row", label);
    fl_status status = FL_OK;
    for (size_t a = 0; status == FL_OK && a < lines; a++) {
        size_t got = fread(line, 1, bytes, stream);
        if (got < bytes)
            status = truncated(stream, label, "matrix", a * bytes + got, lines * bytes);
        for (size_t b = 0; status == FL_OK && b < each; b++)
            matrix[header->fortran_order ? b * lines + a : a * each + b] =
                decode_matrix_npy(header, line + b * header->size);
    }
    free(line);
    if (status == FL_OK && getc(stream) != EOF)
        status = fl_fail(FL_EFORMAT, "%s: there is more in the file than a matrix of %zu x %zu",
                         label, header->rows, header->columns);
    return status;
}

/* Refuses a file that is too short before there is memory asked for what its header promises. */
static fl_status check_length(FILE *stream, const char *label, const npy_header *header) {
    struct stat status;
    long here = ftell(stream);
    if (here < 0 || fstat(fileno(stream), &status) != 0 || !S_ISREG(status.st_mode))
        return FL_OK; /* a pipe: its end will tell */
    unsigned __int128 wanted = (unsigned __int128)header->rows * header->columns;
    if (wanted >> 100 == 0)
        wanted *= header->size;
    size_t there = (size_t)(status.st_size - here);
    if (there >= wanted)
        return FL_OK;
    return fl_fail(FL_EFORMAT, "%s: truncated: %zu bytes where a matrix of %zu x %zu has %.0f",
                   label, there, header->rows, header->columns, (double)wanted);
}

fl_status fl_matrix_read_npy(fl_network *network, FILE *stream, const char *label) {
    npy_header header = {0};
    double *matrix;
    FL_CHECK(read_matrix_npy_header(stream, label, &header));
    FL_CHECK(check_npy_square(label, &header));
    FL_CHECK(check_length(stream, label, &header));
    FL_CHECK(fl_matrix_room(&matrix, label, header.rows));
    fl_status status = read_matrix_npy_numbers(stream, label, &header, matrix);
    if (status == FL_OK)
        status = fl_matrix_to_network(network, label, matrix, header.rows);
    free(matrix);
    return status;
}

fl_status fl_numbers_read_npy(FILE *stream, const char *label, double **values, size_t *count) {
    npy_header header = {0};
    FL_CHECK(read_matrix_npy_header(stream, label, &header));
    FL_CHECK(check_npy_list(label, &header));
    FL_CHECK(check_length(stream, label, &header));
    *count = header.rows > 1 ? header.rows : header.columns;
    if (*count > LIST_MOST) /* of a pipe, whose length nobody knows */
        return fl_fail(FL_EFORMAT, "%s: %zu numbers are too many; the limit is %d", label, *count,
                       LIST_MOST);
    *values = malloc(*count * sizeof **values);
    if (!*values)
        return fl_fail(FL_ENOMEM, "%s: out of memory for %zu numbers", label, *count);
    fl_status status = read_matrix_npy_numbers(stream, label, &header, *values);
    for (size_t k = 0; status == FL_OK && k < *count; k++)
        if (!isfinite((*values)[k]))
            status = fl_fail(FL_EFORMAT, "%s: number %zu is %g; numbers must be finite", label,
                             k + 1, (*values)[k]);
    if (status != FL_OK) {
        free(*values);
        *values = NULL;
    }
    return status;
}

static void write_number(FILE *stream, double value) {
    uint64_t bits;
    unsigned char bytes[8];
    memcpy(&bits, &value, sizeof bits);
    for (int k = 0; k < 8; k++)
        bytes[k] = (unsigned char)(bits >> 8 * k);
    fwrite(bytes, 1, 8, stream);
}

/* Version 1: 10 bytes, then a header padded so that the numbers begin at a multiple of 64. */
static void write_npy_header(FILE *stream, const char *shape) {
    char header[118];
    int length = snprintf(header, sizeof header,
                          "{'descr': '<f8', 'fortran_order': False, 'shape': (%s), }", shape);
    memset(header + length, ' ', sizeof header - (size_t)length);
    header[sizeof header - 1] = '\n';
    fwrite("\x93NUMPY\1\0\x76\0", 1, 10, stream);
    fwrite(header, 1, sizeof header, stream);
}

void fl_matrix_write_npy(const fl_network *network, FILE *stream) {
    char shape[48];
    snprintf(shape, sizeof shape, "%zu, %zu", network->n, network->n);
    write_npy_header(stream, shape);
    for (size_t i = 0; i < network->n && !ferror(stream); i++)
        for (size_t j = 0; j < network->n; j++)
            write_number(stream, fl_matrix_entry(network, i, j));
}

void fl_numbers_write_npy(FILE *stream, const double *values, size_t count) {
    char shape[48];
    snprintf(shape, sizeof shape, "%zu,", count);
    write_npy_header(stream, shape);
    for (size_t k = 0; k < count && !ferror(stream); k++)
        write_number(stream, values[k]);
}
