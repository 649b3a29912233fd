/* fl-train presets: what each preset sets. */
#include <stdlib.h>
#include <string.h>

#include "mc/learn/modes.h"

enum { PRESETS_MOST = 32 };

static const char parameter_help[] = "name of an option without dashes";

static const fl_column told[] = {
    {"parameter", FL_TEXT, NULL, parameter_help},
    {"reference-large", FL_TEXT, NULL, "its value there; so for every preset"}};

static const fl_mode_table tables[] = {{NULL, told, 2}, {.columns = NULL}};

/* Columns: parameter, then the presets. */
static size_t preset_columns(fl_column *columns) {
    size_t count = 0;
    columns[0] = (fl_column){"parameter", FL_TEXT, NULL, parameter_help};
    while (count < PRESETS_MOST && fl_preset_name(count)) {
        columns[count + 1] = (fl_column){fl_preset_name(count), FL_TEXT, NULL, "its value"};
        count++;
    }
    return count;
}

static fl_status write_parameter(fl_table *table, const fl_field *p, size_t presets) {
    char texts[PRESETS_MOST][FL_FIELD_TEXT];
    fl_cell row[PRESETS_MOST + 1] = {FL_STR(p->name)};
    for (size_t k = 0; k < presets; k++) {
        fl_training training;
        FL_CHECK(fl_training_preset(&training, fl_preset_name(k)));
        fl_field_format(p, fl_field_get(&training, p), texts[k]);
        row[k + 1] = FL_STR(texts[k]);
    }
    return fl_table_row(table, row);
}

fl_status presets_write(fl_run *run) {
    fl_column columns[PRESETS_MOST + 1];
    size_t presets = preset_columns(columns);
    fl_table *table;
    size_t count;
    const fl_field *fields = fl_training_fields(&count);
    FL_CHECK(fl_run_table(run, &table, columns, presets + 1));
    for (size_t k = 0; k < count; k++) {
        if (fields[k].type == FL_FIELD_BOTH)
            continue;
        fl_status status = write_parameter(table, &fields[k], presets);
        if (status != FL_OK) {
            fl_table_discard(table);
            return status;
        }
    }
    return fl_table_close(table);
}

static fl_status run_presets(fl_run *run, const void *given) {
    (void)given;
    return presets_write(run);
}

static const fl_option options[] = {{.name = NULL}};

const fl_mode presets_mode = {
    .name = "presets",
    .summary = "what each preset sets",
    .details = "--preset NAME starts from one of them; options given beside it override it.",
    .example = "fl-train presets",
    .options = options,
    .settings_size = 1,
    .run = run_presets,
    .tables = tables};
