/* Tables as text and as JSON: see table.h. Rows go straight to the stream, so that a table needs no
 * memory of its own; strings are quoted by jansson. */
#include "fixland/table.h"

#include <errno.h>
#include <inttypes.h>
#include <jansson.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "src/io/io.h"

struct fl_table {
    fl_output output;
    fl_table_format format;
    const fl_column *columns;
    size_t count;
    uint64_t rows;
    bool counted;    /* ends with the number of its rows */
    bool ended;      /* what comes behind the rows is written */
    int error;       /* errno of the first write that failed */
    fl_table *whole; /* of a part: where its rows go, behind the first `lead` of `cells` */
    size_t lead;
    fl_cell *cells; /* room for a row of it */
};

static void put_table(fl_table *table, const char *text) {
    errno = 0;
    if (fputs(text, table->output.stream) == EOF && !table->error)
        table->error = errno ? errno : EIO;
}

/* A copy with '?' for the bytes beyond ASCII: what stands for text that is not UTF-8. */
static json_t *ascii_only(const char *text) {
    char *copy = strdup(text);
    for (char *c = copy; c && *c; c++)
        if ((unsigned char)*c >= 0x80)
            *c = '?';
    json_t *value = copy ? json_string(copy) : NULL;
    free(copy);
    return value;
}

/* Writes `text` as a JSON string. */
static void put_json_text(fl_table *table, const char *text) {
    json_t *value = json_string(text);
    if (!value)
        value = ascii_only(text);
    char *quoted = value ? json_dumps(value, JSON_ENCODE_ANY) : NULL;
    if (quoted)
        put_table(table, quoted);
    else
        table->error = ENOMEM;
    free(quoted);
    json_decref(value);
}

static bool has_unit(const fl_column *column) {
    return column->unit && *column->unit;
}

static void put_text_head(fl_table *table, const fl_meta *meta) {
    for (size_t i = 0; meta && i < meta->count; i++) {
        put_table(table, "# ");
        put_table(table, meta->keys[i]);
        put_table(table, ": ");
        put_table(table, meta->values[i]);
        put_table(table, "\n");
    }
    put_table(table, "# columns:");
    for (size_t c = 0; c < table->count; c++) {
        put_table(table, " ");
        put_table(table, table->columns[c].name);
        if (has_unit(&table->columns[c])) {
            put_table(table, "[");
            put_table(table, table->columns[c].unit);
            put_table(table, "]");
        }
    }
    put_table(table, "\n");
}

static void put_json_head(fl_table *table, const fl_meta *meta) {
    put_table(table, "{\n\"meta\": {");
    for (size_t i = 0; meta && i < meta->count; i++) {
        put_table(table, i ? ",\n " : "\n ");
        put_json_text(table, meta->keys[i]);
        put_table(table, ": ");
        put_json_text(table, meta->values[i]);
    }
    put_table(table, "\n},\n\"columns\": [");
    for (size_t c = 0; c < table->count; c++) {
        put_table(table, c ? ", " : "");
        put_json_text(table, table->columns[c].name);
    }
    put_table(table, "],\n\"units\": [");
    for (size_t c = 0; c < table->count; c++) {
        put_table(table, c ? ", " : "");
        if (has_unit(&table->columns[c]))
            put_json_text(table, table->columns[c].unit);
        else
            put_table(table, "null");
    }
    put_table(table, "],\n\"rows\": [");
}

/* Can `text` stand between blanks in a line of a table? */
static bool is_word(const char *text, const char *forbidden) {
    for (const char *c = text; *c; c++)
        if ((unsigned char)*c <= ' ' || *c == 0x7f || strchr(forbidden, *c))
            return false;
    return *text && *text != '#';
}

static fl_status check_table_columns(const fl_column *columns, size_t count) {
    if (count == 0)
        return fl_fail(FL_EINVAL, "a table needs at least one column");
    for (size_t c = 0; c < count; c++) {
        if (!columns[c].name || !is_word(columns[c].name, "[]"))
            return fl_fail(FL_EINVAL, "column name '%s' is not a word without blanks and brackets",
                           columns[c].name ? columns[c].name : "");
        if (has_unit(&columns[c]) && !is_word(columns[c].unit, "[]"))
            return fl_fail(FL_EINVAL,
                           "unit '%s' of column %s is not a word without blanks and "
                           "brackets",
                           columns[c].unit, columns[c].name);
    }
    return FL_OK;
}

fl_status fl_table_open(fl_table **table, const char *path, bool force, fl_table_format format,
                        const fl_meta *meta, const fl_column *columns, size_t count) {
    *table = NULL;
    FL_CHECK(check_table_columns(columns, count));
    fl_table *new = calloc(1, sizeof *new);
    if (!new)
        return fl_fail(FL_ENOMEM, "out of memory for a table");
    fl_status status = fl_output_open(&new->output, path, force);
    if (status != FL_OK) {
        free(new);
        return status;
    }
    new->format = format;
    new->columns = columns;
    new->count = count;
    new->counted = meta ? fl_meta_get(meta, "shard") != NULL : false;
    if (format == FL_TABLE_JSON)
        put_json_head(new, meta);
    else
        put_text_head(new, meta);
    *table = new;
    return FL_OK;
}

fl_status fl_table_open_part(fl_table **part, fl_table *whole, const fl_cell *lead, size_t count) {
    fl_table *new = *part = calloc(1, sizeof *new);
    if (new)
        new->cells = calloc(whole->count, sizeof *new->cells);
    if (!new || !new->cells) {
        free(new);
        *part = NULL;
        return fl_fail(FL_ENOMEM, "out of memory for a table");
    }
    memcpy(new->cells, lead, count * sizeof *lead);
    new->whole = whole;
    new->lead = count;
    return FL_OK;
}

static fl_status check_cells(const fl_table *table, const fl_cell *cells) {
    for (size_t c = 0; c < table->count; c++) {
        if (cells[c].kind != table->columns[c].kind)
            return fl_fail(FL_EINVAL, "the cell for column %s is of another kind than the column",
                           table->columns[c].name);
        const char *text = cells[c].kind == FL_TEXT ? cells[c].as.text : NULL;
        if (text && *text && !is_word(text, ""))
            return fl_fail(FL_EINVAL, "text '%s' for column %s holds a blank or begins with #",
                           text, table->columns[c].name);
    }
    return FL_OK;
}

/* In JSON a real keeps a point or an exponent, so that -0 and 1 stay reals for every reader. */
static void put_real(fl_table *table, double value) {
    char text[40];
    bool json = table->format == FL_TABLE_JSON;
    fl_format_real(text, value);
    if (json && isnan(value))
        strcpy(text, "null");
    else if (json && isinf(value))
        strcpy(text, value > 0 ? "\"inf\"" : "\"-inf\"");
    else if (json && !strpbrk(text, ".e"))
        strcat(text, ".0");
    put_table(table, text);
}

static void put_cell(fl_table *table, const fl_cell *cell) {
    char number[32];
    const char *text =
        cell->kind == FL_TEXT && cell->as.text && *cell->as.text ? cell->as.text : "-";
    switch (cell->kind) {
    case FL_INTEGER:
        snprintf(number, sizeof number, "%" PRId64, cell->as.integer);
        put_table(table, number);
        break;
    case FL_REAL:
        put_real(table, cell->as.real);
        break;
    case FL_TEXT:
        if (table->format == FL_TABLE_JSON)
            put_json_text(table, text);
        else
            put_table(table, text);
    }
}

static fl_status failed_write(const fl_table *table) {
    return fl_fail_write(fl_output_name(&table->output), table->error);
}

static fl_status put_part_row(fl_table *part, const fl_cell *cells) {
    size_t own = part->whole->count - part->lead;
    memcpy(part->cells + part->lead, cells, own * sizeof *cells);
    return fl_table_row(part->whole, part->cells);
}

fl_status fl_table_row(fl_table *table, const fl_cell *cells) {
    bool json = table->format == FL_TABLE_JSON;
    if (table->whole)
        return put_part_row(table, cells);
    FL_CHECK(check_cells(table, cells));
    if (json)
        put_table(table, table->rows ? ",\n[" : "\n[");
    for (size_t c = 0; c < table->count; c++) {
        if (c)
            put_table(table, json ? "," : " ");
        put_cell(table, &cells[c]);
    }
    put_table(table, json ? "]" : "\n");
    table->rows++;
    return table->error ? failed_write(table) : FL_OK;
}

/* A shard tells its rows at its end, so that one that is cut is not joined. */
static void put_end(fl_table *table) {
    bool json = table->format == FL_TABLE_JSON;
    char line[60];
    if (table->ended)
        return;
    table->ended = true;
    if (json)
        put_table(table, "\n]");
    snprintf(line, sizeof line, json ? ",\n\"row_count\": %" PRIu64 : "# rows: %" PRIu64 "\n",
             table->rows);
    if (table->counted)
        put_table(table, line);
    if (json)
        put_table(table, "\n}\n");
}

fl_status fl_table_flush(fl_table *table) {
    if (table->whole)
        return table->whole->error ? failed_write(table->whole) : FL_OK;
    put_end(table);
    return table->error ? failed_write(table) : fl_output_flush(&table->output);
}

fl_status fl_table_close(fl_table *table) {
    if (table->whole) {
        fl_status status = fl_table_flush(table);
        fl_table_discard(table);
        return status;
    }
    put_end(table);
    fl_status status = table->error ? failed_write(table) : fl_output_commit(&table->output);
    fl_table_discard(table);
    return status;
}

void fl_table_discard(fl_table *table) {
    if (table && !table->whole)
        fl_output_discard(&table->output);
    if (table)
        free(table->cells);
    free(table);
}
