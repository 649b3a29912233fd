/* Texts that are written from tables: see story.h. */
#include "verify/story.h"

#include <ctype.h>
#include <errno.h>
#include <math.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "fixland/table.h"

/* ---- the file ---- */

static fl_status read_text(const char *path, char **text) {
    FILE *file = fopen(path, "r"), *copy;
    size_t size;
    int c;
    if (!file)
        return fl_fail(FL_EIO, "%s: cannot be read: %s", path, strerror(errno));
    copy = open_memstream(text, &size);
    while (copy && (c = fgetc(file)) != EOF)
        fputc(c, copy);
    fclose(file);
    if (!copy || fclose(copy) != 0 || !*text)
        return fl_fail(FL_ENOMEM, "out of memory for %s", path);
    return FL_OK;
}

static fl_status add_record(story *s) {
    story_record *more = realloc(s->records, (s->count + 1) * sizeof *more);
    if (!more)
        return fl_fail(FL_ENOMEM, "out of memory for the texts of the report");
    s->records = more;
    s->records[s->count++] = (story_record){0};
    return FL_OK;
}

static fl_status add_value(story_record *r, char *key, char *value) {
    char **keys = realloc(r->keys, (r->count + 1) * sizeof *keys);
    if (keys)
        r->keys = keys;
    char **values = realloc(r->values, (r->count + 1) * sizeof *values);
    if (values)
        r->values = values;
    if (!keys || !values)
        return fl_fail(FL_ENOMEM, "out of memory for the texts of the report");
    r->keys[r->count] = key;
    r->values[r->count++] = value;
    return FL_OK;
}

/* A line that goes on with the value above: moved up behind it, both are in one text. */
static void join_value(char *value, const char *line) {
    size_t length = strlen(value);
    while (*line == ' ')
        line++;
    value[length] = ' ';
    memmove(value + length + 1, line, strlen(line) + 1);
}

static fl_status take_line(story *s, char *line, bool *inside) {
    if (*line == '#')
        return FL_OK;
    if (!*line) {
        *inside = false;
        return FL_OK;
    }
    if (*line == ' ' && *inside) {
        story_record *r = &s->records[s->count - 1];
        join_value(r->values[r->count - 1], line);
        return FL_OK;
    }
    char *colon = strchr(line, ':');
    if (!colon)
        return fl_fail(FL_EFORMAT, "no \"key: value\": %.40s", line);
    if (!*inside)
        FL_CHECK(add_record(s));
    *inside = true;
    *colon = 0;
    return add_value(&s->records[s->count - 1], line, colon + 1 + strspn(colon + 1, " "));
}

fl_status story_read(story *s, const char *path) {
    bool inside = false;
    *s = (story){0};
    FL_CHECK(read_text(path, &s->text));
    fl_status status = FL_OK;
    size_t number = 0;
    for (char *line = s->text, *next; status == FL_OK && line; line = next) {
        number++;
        next = strchr(line, '\n');
        if (next)
            *next++ = 0;
        status = take_line(s, line, &inside);
    }
    if (status == FL_EFORMAT)
        status = fl_fail(FL_EFORMAT, "%s: line %zu is no \"key: value\"", path, number);
    if (status != FL_OK)
        story_clear(s);
    return status;
}

void story_clear(story *s) {
    for (size_t k = 0; k < s->count; k++) {
        free(s->records[k].keys);
        free(s->records[k].values);
    }
    free(s->records);
    free(s->text);
    *s = (story){0};
}

const char *story_value(const story_record *record, const char *key) {
    for (size_t k = 0; k < record->count; k++)
        if (strcmp(record->keys[k], key) == 0)
            return record->values[k];
    return "";
}

/* ---- numbers ---- */

enum { CONDITIONS = 8 };

/* {TABLE COLUMN KEY=VALUE ... %.3f}, cut into words. */
typedef struct number {
    const char *table, *column, *error, *format;
    const char *keys[CONDITIONS], *values[CONDITIONS];
    size_t conditions;
    bool reciprocal;
} number;

static bool is_format(const char *word) {
    size_t digits = strspn(word + 2, "0123456789");
    return strncmp(word, "%.", 2) == 0 && digits == 1 && word[3] && strchr("fge", word[3]) &&
           !word[4];
}

static fl_status add_word(number *n, char *word) {
    char *equal = strchr(word, '=');
    if (*word == '%') {
        n->format = word;
        return is_format(word) ? FL_OK : fl_fail(FL_EFORMAT, "format %s", word);
    }
    if (!equal)
        return fl_fail(FL_EFORMAT, "the word %s", word);
    *equal = 0;
    if (strcmp(word, "error") == 0) {
        n->error = equal + 1;
        return FL_OK;
    }
    if (n->conditions == CONDITIONS)
        return fl_fail(FL_EFORMAT, "more than %d conditions", CONDITIONS);
    n->keys[n->conditions] = word;
    n->values[n->conditions++] = equal + 1;
    return FL_OK;
}

static fl_status parse_number(char *words, number *n) {
    char *save = NULL;
    *n = (number){.format = "%.4g"};
    n->table = strtok_r(words, " ", &save);
    n->column = strtok_r(NULL, " ", &save);
    if (!n->column)
        return fl_fail(FL_EFORMAT, "no column is named");
    n->reciprocal = strncmp(n->column, "1/", 2) == 0;
    n->column += n->reciprocal ? 2 : 0;
    for (char *word; (word = strtok_r(NULL, " ", &save));)
        FL_CHECK(add_word(n, word));
    return FL_OK;
}

static bool equal_cells(const char *cell, const char *value) {
    char *end_a, *end_b;
    double a = strtod(cell, &end_a), b = strtod(value, &end_b);
    if (*cell && *value && !*end_a && !*end_b)
        return a == b || (isfinite(b) && fabs(a - b) <= 1e-9 * fabs(b));
    return strcmp(cell, value) == 0;
}

static fl_status find_row(const fl_frame *f, const number *n, size_t *row) {
    size_t columns[CONDITIONS];
    for (size_t k = 0; k < n->conditions; k++)
        FL_CHECK(fl_frame_column(f, n->keys[k], &columns[k]));
    for (*row = 0; *row < f->rows; ++*row) {
        size_t k = 0;
        while (k < n->conditions &&
               equal_cells(f->text[*row * f->columns + columns[k]], n->values[k]))
            k++;
        if (k == n->conditions)
            return FL_OK;
    }
    return fl_fail(FL_EFORMAT, "no such row");
}

static fl_status cell_of(const fl_frame *f, const char *column, size_t row, double *value) {
    size_t k;
    FL_CHECK(fl_frame_column(f, column, &k));
    *value = f->real[row * f->columns + k];
    return isnan(*value) ? fl_fail(FL_EFORMAT, "the cell is no number") : FL_OK;
}

static fl_status open_table(const char *const *folders, const char *table, fl_frame *f) {
    char path[1024];
    for (; *folders; folders++) {
        snprintf(path, sizeof path, "%s/%s.tsv", *folders, table);
        if (access(path, R_OK) == 0)
            return fl_frame_read(f, path);
    }
    return fl_fail(FL_EFORMAT, "no such table");
}

static void print_number(FILE *out, const number *n, double value, double error) {
    char text[64];
    snprintf(text, sizeof text, n->format, value); /* is_format has read it */
    fputs(text, out);
    const char *point = strchr(text, '.');
    if (n->error)
        fprintf(out, "(%.0f)", error * pow(10, point ? (double)strlen(point + 1) : 0));
}

static fl_status fill_number(FILE *out, char *words, const char *const *folders) {
    number n;
    fl_frame f;
    size_t row;
    double value = NAN, error = NAN;
    FL_CHECK(parse_number(words, &n));
    FL_CHECK(open_table(folders, n.table, &f));
    fl_status status = find_row(&f, &n, &row);
    if (status == FL_OK)
        status = cell_of(&f, n.column, row, &value);
    if (status == FL_OK && n.error)
        status = cell_of(&f, n.error, row, &error);
    fl_frame_clear(&f);
    FL_CHECK(status);
    print_number(out, &n, n.reciprocal ? ceil(1 / value) : value, error);
    return FL_OK;
}

static fl_status fill_text(FILE *out, const char *text, const char *const *folders) {
    while (*text) {
        size_t plain = strcspn(text, "{");
        fwrite(text, 1, plain, out);
        text += plain;
        if (!*text)
            break;
        size_t length = strcspn(text, "}");
        char words[256], why[256];
        snprintf(words, sizeof words, "%.*s", (int)length - 1, text + 1);
        if (fill_number(out, words, folders) != FL_OK) {
            snprintf(why, sizeof why, "%s", fl_message());
            return fl_fail(FL_EFORMAT, "the number %.*s}: %s", (int)length, text, why);
        }
        text += length + (text[length] == '}');
    }
    return FL_OK;
}

fl_status story_fill(const char *text, const char *const *folders, char **filled) {
    size_t size;
    *filled = NULL;
    FILE *out = open_memstream(filled, &size);
    if (!out)
        return fl_fail(FL_ENOMEM, "out of memory for the texts of the report");
    fl_status status = fill_text(out, text, folders);
    fclose(out);
    if (status != FL_OK) {
        free(*filled);
        *filled = NULL;
    }
    return status;
}
