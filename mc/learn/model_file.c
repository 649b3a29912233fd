/* See fixland/model.h. */
#include "fixland/model.h"

#include <stdlib.h>
#include <string.h>

#include "src/io/h5.h"

static const char model_format[] = "fixland model";
enum { MODEL_VERSION = 3 };

static const char *const reserved[] = {"format", "format_version", "features", "outputs",
                                       "epoch",  "seed",           "state"};
enum { RESERVED = sizeof reserved / sizeof *reserved };

/* ---- Writing; negative on failure. */

static herr_t write_field(hid_t group, const fl_field *p, double value) {
    char text[FL_FIELD_TEXT];
    switch (p->type) {
    case FL_FIELD_SIZE:
    case FL_FIELD_FLAG:
        return fl_h5_set_integer(group, p->name, (int64_t)value);
    case FL_FIELD_REAL:
        return fl_h5_set_real(group, p->name, value);
    case FL_FIELD_CHOICE:
        fl_field_format(p, value, text);
        return fl_h5_set_text(group, p->name, text);
    case FL_FIELD_BOTH:
        return 0; /* the two that it sets are written */
    }
    return -1;
}

static herr_t write_fields(hid_t group, const void *base, const fl_field *fields, size_t count) {
    herr_t result = group < 0 ? -1 : 0;
    for (size_t k = 0; k < count && result >= 0; k++)
        result = write_field(group, &fields[k], fl_field_get(base, &fields[k]));
    return result;
}

static herr_t write_training(hid_t file, const fl_training *training) {
    size_t count;
    const fl_field *fields = fl_training_fields(&count);
    fl_h5_id group = fl_h5_create_group(file, "training");
    return write_fields(group, training, fields, count);
}

static herr_t write_data(hid_t file, const fl_model *m) {
    size_t count;
    const fl_field *fields = fl_data_fields(&count);
    fl_h5_id group = fl_h5_create_group(file, "data");
    if (write_fields(group, &m->data, fields, count) < 0 ||
        fl_h5_set_text(group, "source", m->data.source) < 0)
        return -1;
    if (m->data.only && fl_h5_set_text(group, "only", m->data.only) < 0)
        return -1;
    if (m->data_known && fl_h5_set_unsigned(group, "crc32", m->data_crc32) < 0)
        return -1;
    return fl_h5_set_unsigned(group, "seed", m->data.seed);
}

static herr_t write_head(hid_t file, const fl_model *m, const fl_meta *meta) {
    if (fl_h5_set_text(file, "format", model_format) < 0 ||
        fl_h5_set_integer(file, "format_version", MODEL_VERSION) < 0 ||
        fl_h5_set_meta(file, meta, reserved, RESERVED) < 0 ||
        fl_h5_set_integer(file, "features", (int64_t)m->features) < 0 ||
        fl_h5_set_integer(file, "outputs", (int64_t)m->outputs) < 0 ||
        fl_h5_set_integer(file, "epoch", (int64_t)m->epoch) < 0 ||
        fl_h5_set_unsigned(file, "seed", m->seed) < 0 ||
        fl_h5_set_text(file, "state", m->state ? m->state : "") < 0 ||
        write_training(file, fl_learner_training(m->learner)) < 0)
        return -1;
    return write_data(file, m);
}

/* The groups that the name's slashes stand for. */
static herr_t make_groups(hid_t file, const char *name) {
    char path[32];
    for (const char *slash = strchr(name, '/'); slash; slash = strchr(slash + 1, '/')) {
        snprintf(path, sizeof path, "%.*s", (int)(slash - name), name);
        if (H5Lexists(file, path, H5P_DEFAULT) > 0)
            continue;
        fl_h5_id group = fl_h5_create_group(file, path);
        if (group < 0)
            return -1;
    }
    return 0;
}

/* `type` in the file, `memory` at `values`. */
static herr_t write_values(hid_t file, const char *name, size_t rows, size_t columns, hid_t type,
                           hid_t memory, const void *values) {
    const hsize_t sizes[2] = {rows, columns};
    fl_h5_id space = H5Screate_simple(2, sizes, NULL);
    fl_h5_id creation = H5Pcreate(H5P_DATASET_CREATE);
    if (space < 0 || creation < 0 || H5Pset_obj_track_times(creation, false) < 0 ||
        make_groups(file, name) < 0)
        return -1;
    fl_h5_id dataset = H5Dcreate2(file, name, type, space, H5P_DEFAULT, creation, H5P_DEFAULT);
    if (dataset < 0)
        return -1;
    return H5Dwrite(dataset, memory, H5S_ALL, H5S_ALL, H5P_DEFAULT, values);
}

static fl_status write_array(const fl_h5_file *file, const fl_learner *learner, size_t k) {
    char name[32];
    size_t rows, columns;
    FL_CHECK(fl_learner_array(learner, k, name, &rows, &columns));
    float *values = malloc(rows * columns * sizeof *values);
    if (!values)
        return fl_fail(FL_ENOMEM, "out of memory for the %zu x %zu numbers of %s", rows, columns,
                       name);
    fl_learner_get(learner, k, values);
    herr_t result =
        write_values(file->id, name, rows, columns, H5T_IEEE_F32LE, H5T_NATIVE_FLOAT, values);
    free(values);
    return fl_h5_check(file, result);
}

fl_status fl_model_write(const fl_model *m, const char *path, bool force, const fl_meta *meta) {
    FL_H5_ENTER;
    fl_h5_file file;
    FL_CHECK(fl_h5_create(&file, path, force));
    fl_status status = fl_h5_check(&file, write_head(file.id, m, meta));
    for (size_t k = 0; status == FL_OK && k < fl_learner_arrays(m->learner); k++)
        status = write_array(&file, m->learner, k);
    if (status == FL_OK && m->rows && m->epoch)
        status = fl_h5_check(&file, write_values(file.id, "rows", m->epoch, FL_MODEL_ROW,
                                                 H5T_IEEE_F64LE, H5T_NATIVE_DOUBLE, m->rows));
    if (status == FL_OK)
        return fl_h5_commit(&file);
    fl_h5_discard(&file);
    return status;
}

/* ---- Reading. */

static fl_status read_size(hid_t object, const char *path, const char *name, double low,
                           double high, size_t *value) {
    int64_t number;
    FL_CHECK(fl_h5_get_integer(object, path, name, &number));
    if ((double)number < low || (double)number > high)
        return fl_fail(FL_EFORMAT, "%s: %s is %lld; allowed: %g to %g", path, name,
                       (long long)number, low, high);
    *value = (size_t)number;
    return FL_OK;
}

static fl_status read_word(hid_t group, const char *path, const fl_field *p, double *value) {
    char *word;
    FL_CHECK(fl_h5_get_text(group, path, p->name, &word));
    fl_status status = fl_field_parse(p, p->name, word, strlen(word), value);
    free(word);
    return status == FL_OK ? FL_OK : fl_fail(FL_EFORMAT, "%s: %s", path, fl_message());
}

static fl_status read_field(hid_t group, const char *path, const fl_field *p, double *value) {
    bool number = p->type == FL_FIELD_SIZE;
    size_t size = 0;
    if (p->type == FL_FIELD_REAL)
        return fl_h5_get_real(group, path, p->name, value);
    if (p->type == FL_FIELD_CHOICE)
        return read_word(group, path, p, value);
    FL_CHECK(read_size(group, path, p->name, number ? p->low : 0, number ? p->high : 1, &size));
    *value = (double)size;
    return FL_OK;
}

/* `absent`: those that are not there stay as they are. */
static fl_status read_fields(hid_t group, const char *path, void *base, const fl_field *fields,
                             size_t count, bool absent) {
    for (const fl_field *p = fields; p < fields + count; p++) {
        double value;
        bool both = p->type == FL_FIELD_BOTH; /* instead of the two that it sets, in version 1 */
        if ((both || absent) && H5Aexists(group, p->name) <= 0)
            continue;
        FL_CHECK(read_field(group, path, p, &value));
        fl_field_set(base, p, value);
    }
    return FL_OK;
}

static fl_status open_group(hid_t *group, hid_t file, const char *path, const char *name) {
    *group = H5Gopen2(file, name, H5P_DEFAULT);
    return *group < 0 ? fl_fail(FL_EFORMAT, "%s: there is no group /%s", path, name) : FL_OK;
}

/* What earlier versions did not know yet was as the reference rule has it. */
static fl_status read_training(hid_t file, const char *path, int64_t version,
                               fl_training *training) {
    hid_t opened;
    size_t count;
    const fl_field *fields = fl_training_fields(&count);
    FL_CHECK(open_group(&opened, file, path, "training"));
    fl_h5_id group = opened;
    FL_CHECK(fl_training_preset(training, fl_preset_name(0)));
    FL_CHECK(read_fields(group, path, training, fields, count, version < MODEL_VERSION));
    if (fl_training_check(training) != FL_OK)
        return fl_fail(FL_EFORMAT, "%s: %s", path, fl_message());
    return FL_OK;
}

static fl_status read_data(hid_t file, const char *path, int64_t version, fl_model *m) {
    hid_t opened;
    size_t count;
    uint64_t sum;
    const fl_field *fields = fl_data_fields(&count);
    FL_CHECK(open_group(&opened, file, path, "data"));
    fl_h5_id group = opened;
    FL_CHECK(fl_h5_get_text(group, path, "source", &m->source));
    m->data = fl_data_defaults(m->source);
    if (H5Aexists(group, "only") > 0)
        FL_CHECK(fl_h5_get_text(group, path, "only", &m->only));
    m->data.only = m->only;
    FL_CHECK(read_fields(group, path, &m->data, fields, count, version < MODEL_VERSION));
    FL_CHECK(fl_h5_get_unsigned(group, path, "seed", &m->data.seed));
    m->data_known = H5Aexists(group, "crc32") > 0;
    if (m->data_known) {
        FL_CHECK(fl_h5_get_unsigned(group, path, "crc32", &sum));
        m->data_crc32 = sum;
    }
    return FL_OK;
}

static fl_status check_format(hid_t file, const char *path, int64_t *version) {
    char *text;
    if (fl_h5_get_text(file, path, "format", &text) != FL_OK)
        return fl_fail(FL_EFORMAT, "%s: not a fixland model: there is no attribute 'format'", path);
    bool same = strcmp(text, model_format) == 0;
    fl_status status =
        same ? FL_OK : fl_fail(FL_EFORMAT, "%s: a \"%s\", not a \"%s\"", path, text, model_format);
    free(text);
    FL_CHECK(status);
    FL_CHECK(fl_h5_get_integer(file, path, "format_version", version));
    if (*version < 1 || *version > MODEL_VERSION)
        return fl_fail(FL_EFORMAT, "%s: version %lld of the format; this program reads 1 to %d",
                       path, (long long)*version, MODEL_VERSION);
    return FL_OK;
}

static fl_status read_head(hid_t file, const char *path, fl_model *m, fl_training *training) {
    int64_t version;
    FL_CHECK(check_format(file, path, &version));
    FL_CHECK(read_size(file, path, "features", 1, 1 << 30, &m->features));
    FL_CHECK(read_size(file, path, "outputs", 1, 65535, &m->outputs));
    FL_CHECK(read_size(file, path, "epoch", 0, 1e9, &m->epoch));
    FL_CHECK(fl_h5_get_unsigned(file, path, "seed", &m->seed));
    FL_CHECK(fl_h5_get_text(file, path, "state", &m->owned));
    m->state = m->owned;
    FL_CHECK(read_training(file, path, version, training));
    return read_data(file, path, version, m);
}

/* A dataset of those sizes. */
static fl_status read_values(hid_t file, const char *path, const char *name, size_t rows,
                             size_t columns, hid_t memory, void *values) {
    hsize_t sizes[2];
    fl_h5_id dataset = H5Dopen2(file, name, H5P_DEFAULT);
    if (dataset < 0)
        return fl_fail(FL_EFORMAT, "%s: there is no dataset /%s", path, name);
    int rank = fl_h5_shape(dataset, sizes);
    if (rank != 2 || sizes[0] != rows || sizes[1] != columns)
        return fl_fail(FL_EFORMAT,
                       "%s: /%s has %llu x %llu numbers; with its other parameters it would have "
                       "%zu x %zu",
                       path, name, (unsigned long long)sizes[0], (unsigned long long)sizes[1], rows,
                       columns);
    if (H5Dread(dataset, memory, H5S_ALL, H5S_ALL, H5P_DEFAULT, values) < 0)
        return fl_h5_fail(FL_EFORMAT, path, "its numbers cannot be read");
    return FL_OK;
}

static fl_status read_array(hid_t file, const char *path, fl_learner *learner, size_t k) {
    char name[32];
    size_t rows, columns;
    FL_CHECK(fl_learner_array(learner, k, name, &rows, &columns));
    float *values = malloc(rows * columns * sizeof *values);
    if (!values)
        return fl_fail(FL_ENOMEM, "%s: out of memory for /%s", path, name);
    fl_status status = read_values(file, path, name, rows, columns, H5T_NATIVE_FLOAT, values);
    if (status == FL_OK && fl_learner_set(learner, k, values) != FL_OK)
        status = fl_fail(FL_EFORMAT, "%s: %s", path, fl_message());
    free(values);
    return status;
}

static fl_status read_epoch_rows(hid_t file, const char *path, fl_model *m) {
    if (!m->epoch || H5Lexists(file, "rows", H5P_DEFAULT) <= 0)
        return FL_OK;
    m->rows = calloc(m->epoch * FL_MODEL_ROW, sizeof *m->rows);
    if (!m->rows)
        return fl_fail(FL_ENOMEM, "%s: out of memory for /rows", path);
    return read_values(file, path, "rows", m->epoch, FL_MODEL_ROW, H5T_NATIVE_DOUBLE, m->rows);
}

static fl_status read_model(hid_t file, const char *path, fl_model *m) {
    fl_training training;
    FL_CHECK(read_head(file, path, m, &training));
    FL_CHECK(fl_learner_new(&m->learner, &training, m->features, m->outputs, m->seed));
    for (size_t k = 0; k < fl_learner_arrays(m->learner); k++)
        FL_CHECK(read_array(file, path, m->learner, k));
    return read_epoch_rows(file, path, m);
}

fl_status fl_model_read(fl_model *m, const char *path) {
    FL_H5_ENTER;
    hid_t opened;
    memset(m, 0, sizeof *m);
    FL_CHECK(fl_h5_open(&opened, path));
    fl_h5_id file = opened;
    fl_status status = read_model(file, path, m);
    if (status != FL_OK)
        fl_model_clear(m);
    return status;
}

void fl_model_clear(fl_model *m) {
    fl_learner_free(m->learner);
    free(m->source);
    free(m->only);
    free(m->owned);
    free(m->rows);
    memset(m, 0, sizeof *m);
}
