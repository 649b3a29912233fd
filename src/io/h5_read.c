/* Reading HDF5 files: attributes, shapes, square matrices. See h5.h. */
#include "src/io/h5.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "src/io/io.h"
#include "src/io/matrix_formats.h"
#include "src/io/seal.h"

hid_t fl_h5_open_plain(const char *path) {
    fl_h5_id access = H5Pcreate(H5P_FILE_ACCESS);
    if (access < 0)
        return -1;
#if H5_VERSION_GE(1, 10, 7)
    /* Files are whole or not there, and some file systems refuse locks. */
    H5Pset_file_locking(access, false, true);
#endif
    return H5Fopen(path, H5F_ACC_RDONLY, access);
}

/* Is the beginning of a seal all that follows the file's own end? Then its last bytes are missing. */
static bool seal_is_cut(hid_t file, FILE *stream) {
    haddr_t end;
    hsize_t size;
    return H5Fget_eoa(file, &end) >= 0 && H5Fget_filesize(file, &size) >= 0 &&
           fl_seal_is_cut(stream, end, size);
}

fl_status fl_h5_open(hid_t *file, const char *path) {
    FILE *stream; /* the system's own reason comes first */
    bool sealed = false;
    *file = -1;
    FL_CHECK(fl_input_open(&stream, path));
    fl_status status = fl_seal_check(stream, path, &sealed);
    if (status == FL_OK && !sealed)
        status = fl_h5_vet(path);
    if (status == FL_OK) {
        *file = fl_h5_open_plain(path);
        if (*file < 0)
            status = fl_h5_fail(FL_EFORMAT, path, "not a readable HDF5 file");
        else if (!sealed && seal_is_cut(*file, stream))
            status = fl_fail(FL_EFORMAT, "%s: truncated: its last bytes are missing", path);
    }
    fclose(stream);
    if (status != FL_OK)
        fl_h5_release(file);
    return status;
}

/* A string of a fixed length, as other programs write them. */
static char *read_fixed_text(hid_t attribute, hid_t type) {
    size_t size = H5Tget_size(type), most = 1 << 24;
    char *text = size && size <= most ? calloc(size + 1, 1) : NULL;
    if (text && H5Aread(attribute, type, text) < 0) {
        free(text);
        return NULL;
    }
    return text;
}

static char *read_variable_text(hid_t attribute, hid_t type) {
    char *owned = NULL;
    if (H5Aread(attribute, type, &owned) < 0)
        return NULL;
    char *text = strdup(owned ? owned : "");
    H5free_memory(owned);
    return text;
}

char *fl_h5_attribute_text(hid_t attribute) {
    fl_h5_id type = H5Aget_type(attribute);
    fl_h5_id space = H5Aget_space(attribute);
    if (type < 0 || H5Tget_class(type) != H5T_STRING || H5Sget_simple_extent_npoints(space) != 1)
        return NULL;
    return H5Tis_variable_str(type) > 0 ? read_variable_text(attribute, type)
                                        : read_fixed_text(attribute, type);
}

fl_status fl_h5_get_text(hid_t object, const char *path, const char *name, char **text) {
    fl_h5_id attribute = H5Aopen(object, name, H5P_DEFAULT);
    *text = attribute < 0 ? NULL : fl_h5_attribute_text(attribute);
    return *text ? FL_OK : fl_fail(FL_EFORMAT, "%s: there is no text attribute '%s'", path, name);
}

/* One number of that class, as `wanted`. */
static bool read_number(hid_t attribute, H5T_class_t class, hid_t wanted, void *value) {
    fl_h5_id type = H5Aget_type(attribute);
    fl_h5_id space = H5Aget_space(attribute);
    return type >= 0 && H5Tget_class(type) == class && H5Sget_simple_extent_npoints(space) == 1 &&
           H5Aread(attribute, wanted, value) >= 0;
}

static bool read_integer(hid_t attribute, int64_t *value) {
    return read_number(attribute, H5T_INTEGER, H5T_NATIVE_INT64, value);
}

fl_status fl_h5_get_integer(hid_t object, const char *path, const char *name, int64_t *value) {
    fl_h5_id attribute = H5Aopen(object, name, H5P_DEFAULT);
    if (attribute < 0 || !read_integer(attribute, value))
        return fl_fail(FL_EFORMAT, "%s: there is no integer attribute '%s'", path, name);
    return FL_OK;
}

fl_status fl_h5_get_unsigned(hid_t object, const char *path, const char *name, uint64_t *value) {
    fl_h5_id attribute = H5Aopen(object, name, H5P_DEFAULT);
    if (attribute < 0 || !read_number(attribute, H5T_INTEGER, H5T_NATIVE_UINT64, value))
        return fl_fail(FL_EFORMAT, "%s: there is no integer attribute '%s'", path, name);
    return FL_OK;
}

fl_status fl_h5_get_real(hid_t object, const char *path, const char *name, double *value) {
    fl_h5_id attribute = H5Aopen(object, name, H5P_DEFAULT);
    if (attribute < 0 || !read_number(attribute, H5T_FLOAT, H5T_NATIVE_DOUBLE, value))
        return fl_fail(FL_EFORMAT, "%s: there is no real attribute '%s'", path, name);
    return FL_OK;
}

typedef struct meta_reader {
    const char *const *reserved;
    size_t count;
    fl_meta *meta;
    fl_status status;
} meta_reader;

static herr_t take_attribute(hid_t object, const char *name, const H5A_info_t *info, void *data) {
    meta_reader *reader = data;
    (void)info;
    for (size_t k = 0; k < reader->count; k++)
        if (strcmp(name, reader->reserved[k]) == 0)
            return 0;
    fl_h5_id attribute = H5Aopen(object, name, H5P_DEFAULT);
    int64_t number;
    char *text = attribute < 0 ? NULL : fl_h5_attribute_text(attribute);
    if (text)
        reader->status = fl_meta_set(reader->meta, name, "%s", text);
    else if (attribute >= 0 && read_integer(attribute, &number))
        reader->status = fl_meta_set(reader->meta, name, "%" PRId64, number);
    free(text);
    return reader->status == FL_OK ? 0 : -1;
}

fl_status fl_h5_get_meta(hid_t object, const char *path, const char *const *reserved, size_t count,
                         fl_meta *meta) {
    meta_reader reader = {reserved, count, meta, FL_OK};
    hsize_t next = 0;
    herr_t result =
        H5Aiterate2(object, H5_INDEX_CRT_ORDER, H5_ITER_INC, &next, take_attribute, &reader);
    if (result < 0 && reader.status == FL_OK) { /* written without the order of creation */
        next = 0;
        result = H5Aiterate2(object, H5_INDEX_NAME, H5_ITER_INC, &next, take_attribute, &reader);
    }
    if (reader.status != FL_OK)
        return reader.status;
    return result < 0 ? fl_h5_fail(FL_EFORMAT, path, "its attributes cannot be read") : FL_OK;
}

int fl_h5_shape(hid_t dataset, hsize_t sizes[2]) {
    fl_h5_id space = H5Dget_space(dataset);
    int rank = H5Sget_simple_extent_ndims(space);
    sizes[0] = sizes[1] = 0;
    if (rank == 1 || rank == 2)
        H5Sget_simple_extent_dims(space, sizes, NULL);
    return rank;
}

/* How h5py writes booleans: names of the bytes 0 and 1. */
static bool is_boolean(hid_t type) {
    signed char no = 1, yes = 0;
    return H5Tget_class(type) == H5T_ENUM && H5Tget_size(type) == 1 && H5Tget_nmembers(type) == 2 &&
           H5Tenum_valueof(type, "FALSE", &no) >= 0 && H5Tenum_valueof(type, "TRUE", &yes) >= 0 &&
           no == 0 && yes == 1;
}

bool fl_h5_is_numeric(hid_t dataset) {
    fl_h5_id type = H5Dget_type(dataset);
    H5T_class_t class = H5Tget_class(type);
    return class == H5T_FLOAT || class == H5T_INTEGER || is_boolean(type);
}

/* Whether a program that keeps matrices column by column wrote the dataset and says so: MATLAB on
 * the dataset itself, Octave on the group around it. */
static bool is_column_major(hid_t dataset) {
    char name[512];
    if (H5Aexists(dataset, "MATLAB_class") > 0)
        return true;
    ssize_t length = H5Iget_name(dataset, name, sizeof name);
    char *end = length > 0 && (size_t)length < sizeof name ? strrchr(name, '/') : NULL;
    if (!end || end == name)
        return false;
    *end = 0;
    return H5Aexists_by_name(dataset, name, "OCTAVE_NEW_FORMAT", H5P_DEFAULT) > 0;
}

static void transpose(double *matrix, size_t n) {
    for (size_t i = 0; i < n; i++)
        for (size_t j = 0; j < i; j++) {
            double kept = matrix[i * n + j];
            matrix[i * n + j] = matrix[j * n + i];
            matrix[j * n + i] = kept;
        }
}

/* Booleans are read as bytes, which then make place for reals, the last first. */
static herr_t read_numbers(hid_t dataset, double *matrix, size_t count) {
    fl_h5_id type = H5Dget_type(dataset);
    if (!is_boolean(type))
        return H5Dread(dataset, H5T_NATIVE_DOUBLE, H5S_ALL, H5S_ALL, H5P_DEFAULT, matrix);
    unsigned char *bytes = (unsigned char *)matrix;
    herr_t result = H5Dread(dataset, type, H5S_ALL, H5S_ALL, H5P_DEFAULT, bytes);
    for (size_t k = count; result >= 0 && k-- > 0;) {
        double value = bytes[k];
        memcpy(matrix + k, &value, sizeof value);
    }
    return result;
}

static fl_status check_square(hid_t dataset, const char *label, size_t *n) {
    hsize_t sizes[2];
    int rank = fl_h5_shape(dataset, sizes);
    if (rank != 2)
        return fl_fail(FL_EFORMAT, "%s: %d dimensions where a matrix has 2", label, rank);
    if (sizes[0] != sizes[1] || sizes[0] == 0)
        return fl_fail(FL_EFORMAT, "%s: %llu x %llu numbers are not a square matrix", label,
                       (unsigned long long)sizes[0], (unsigned long long)sizes[1]);
    if (!fl_h5_is_numeric(dataset))
        return fl_fail(FL_EFORMAT, "%s: the entries are neither reals nor integers", label);
    *n = (size_t)sizes[0];
    return FL_OK;
}

fl_status fl_h5_read_network(hid_t dataset, const char *label, fl_network *network) {
    size_t n = 0;
    double *matrix;
    memset(network, 0, sizeof *network);
    FL_CHECK(check_square(dataset, label, &n));
    FL_CHECK(fl_h5_plausible(dataset, label));
    FL_CHECK(fl_matrix_room(&matrix, label, n));
    fl_status status = FL_OK;
    if (read_numbers(dataset, matrix, n * n) < 0)
        status = fl_h5_fail(FL_EFORMAT, label, "cannot be read");
    else if (is_column_major(dataset))
        transpose(matrix, n);
    if (status == FL_OK)
        status = fl_matrix_to_network(network, label, matrix, n);
    free(matrix);
    return status;
}
