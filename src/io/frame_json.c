/* JSON tables, through jansson. The cells become the same texts as in a text table. */
#include <inttypes.h>
#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#include "src/io/frame.h"

/* The text of a cell or a value of the provenance: a string's own, or `number` filled; NULL for
 * arrays, objects and booleans. */
static const char *scalar_text(const json_t *value, char number[32]) {
    switch (json_typeof(value)) {
    case JSON_STRING:
        return json_string_value(value);
    case JSON_INTEGER:
        snprintf(number, 32, "%" JSON_INTEGER_FORMAT, json_integer_value(value));
        return number;
    case JSON_REAL:
        fl_format_real(number, json_real_value(value));
        return number;
    case JSON_NULL:
        return strcpy(number, "nan");
    default:
        return NULL;
    }
}

static fl_status read_meta(fl_frame_reader *reader, json_t *root) {
    const char *key;
    json_t *value, *meta = json_object_get(root, "meta");
    if (meta && !json_is_object(meta))
        return fl_fail(FL_EFORMAT, "%s: \"meta\" is not an object", reader->path);
    json_object_foreach(meta, key, value) {
        char number[32];
        const char *text = scalar_text(value, number);
        if (!text)
            return fl_fail(FL_EFORMAT, "%s: \"%s\" in \"meta\" is not a text or a number",
                           reader->path, key);
        FL_CHECK(fl_meta_set(&reader->frame->meta, key, "%s", text));
    }
    return FL_OK;
}

static fl_status read_columns(fl_frame_reader *reader, json_t *root) {
    json_t *names = json_object_get(root, "columns"), *units = json_object_get(root, "units");
    if (!json_is_array(names))
        return fl_fail(FL_EFORMAT, "%s: there is no array \"columns\"", reader->path);
    if (units && (!json_is_array(units) || json_array_size(units) != json_array_size(names)))
        return fl_fail(FL_EFORMAT, "%s: \"units\" does not match \"columns\"", reader->path);
    FL_CHECK(fl_frame_set_columns(reader, json_array_size(names)));
    for (size_t c = 0; c < reader->frame->columns; c++) {
        const char *name = json_string_value(json_array_get(names, c));
        const char *unit = json_string_value(json_array_get(units, c));
        if (!name)
            return fl_fail(FL_EFORMAT, "%s: name %zu in \"columns\" is not a text", reader->path,
                           c + 1);
        FL_CHECK(fl_frame_copy(&reader->frame->names[c], name, strlen(name)));
        if (unit)
            FL_CHECK(fl_frame_copy(&reader->frame->units[c], unit, strlen(unit)));
    }
    return FL_OK;
}

static fl_status read_row(fl_frame_reader *reader, size_t index, json_t *row) {
    size_t columns = reader->frame->columns;
    if (!json_is_array(row) || json_array_size(row) != columns)
        return fl_fail(FL_EFORMAT, "%s: row %zu has %zu values where %zu columns are named",
                       reader->path, index + 1, json_array_size(row), columns);
    FL_CHECK(fl_frame_add_row(reader));
    for (size_t c = 0; c < columns; c++) {
        char number[32];
        const char *text = scalar_text(json_array_get(row, c), number);
        if (!text)
            return fl_fail(FL_EFORMAT, "%s: row %zu, column %s: not a number or a text",
                           reader->path, index + 1, reader->frame->names[c]);
        FL_CHECK(fl_frame_set_cell(reader, c, text));
    }
    return FL_OK;
}

static fl_status read_table(fl_frame_reader *reader, json_t *root) {
    size_t index;
    json_t *row, *rows = json_object_get(root, "rows"), *told = json_object_get(root, "row_count");
    FL_CHECK(read_meta(reader, root));
    FL_CHECK(read_columns(reader, root));
    if (!json_is_array(rows))
        return fl_fail(FL_EFORMAT, "%s: there is no array \"rows\"", reader->path);
    json_array_foreach(rows, index, row) FL_CHECK(read_row(reader, index, row));
    if (json_is_number(told))
        reader->told = json_number_value(told);
    return FL_OK;
}

fl_status fl_frame_read_json(fl_frame_reader *reader) {
    json_error_t error;
    json_t *root = json_loadf(reader->stream, JSON_REJECT_DUPLICATES, &error);
    if (!root)
        return fl_fail(FL_EFORMAT, "%s: line %d, column %d: %s", reader->path, error.line,
                       error.column, error.text);
    fl_status status = read_table(reader, root);
    json_decref(root);
    return status;
}
