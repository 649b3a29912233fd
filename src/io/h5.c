/* HDF5 files as a whole, their errors, and the writing of small things: see h5.h. */
#define _GNU_SOURCE /* recursive mutexes made statically */
#include "src/io/h5.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "src/io/io.h"
#include "src/io/seal.h"

static pthread_mutex_t inside = PTHREAD_RECURSIVE_MUTEX_INITIALIZER_NP;

fl_h5_handler fl_h5_enter(void) {
    fl_h5_handler handler = {0};
    pthread_mutex_lock(&inside);
    H5Eget_auto2(H5E_DEFAULT, &handler.function, &handler.data);
    H5Eset_auto2(H5E_DEFAULT, NULL, NULL);
    return handler;
}

void fl_h5_leave(const fl_h5_handler *handler) {
    H5Eset_auto2(H5E_DEFAULT, handler->function, handler->data);
    pthread_mutex_unlock(&inside);
}

void fl_h5_release(const hid_t *id) {
    if (*id > 0)
        H5Idec_ref(*id);
}

/* Takes the description of the innermost error, which the walk meets first. */
static herr_t take_first(unsigned depth, const H5E_error2_t *error, void *reason) {
    if (depth == 0 && error->desc)
        snprintf(reason, 200, "%s", error->desc);
    return 0;
}

fl_status fl_h5_fail(fl_status status, const char *path, const char *what) {
    char reason[200] = "unknown reason";
    H5Ewalk2(H5E_DEFAULT, H5E_WALK_UPWARD, take_first, reason);
    const char *number = strstr(reason, "errno = ");
    if (number)
        return fl_fail(FL_EIO, "%s: %s: %s", path, what, strerror(atoi(number + 8)));
    return fl_fail(status, "%s: %s: %s", path, what, reason);
}

/* Creates the file below `driver`: attributes of the root in the order they are written, no times.
 */
static hid_t create(const char *path, hid_t driver, fl_h5_disk *disk) {
    fl_h5_id access = H5Pcreate(H5P_FILE_ACCESS);
    fl_h5_id creation = H5Pcreate(H5P_FILE_CREATE);
    if (access < 0 || creation < 0 || H5Pset_driver(access, driver, &disk) < 0 ||
        H5Pset_obj_track_times(creation, false) < 0 ||
        H5Pset_attr_creation_order(creation, H5P_CRT_ORDER_TRACKED | H5P_CRT_ORDER_INDEXED) < 0)
        return -1;
    return H5Fcreate(path, H5F_ACC_TRUNC, creation, access);
}

fl_status fl_h5_create(fl_h5_file *file, const char *path, bool force) {
    memset(file, 0, sizeof *file);
    file->disk.newest = &file->disk.excess;
    file->driver = file->id = -1;
    FL_CHECK(fl_output_reserve(&file->output, path, force));
    file->driver = fl_h5_disk_driver();
    if (file->driver >= 0)
        file->id = create(file->output.temporary, file->driver, &file->disk);
    fl_status status = fl_h5_check(file, file->id < 0 ? -1 : 0);
    if (status != FL_OK)
        fl_h5_discard(file);
    return status;
}

fl_status fl_h5_check(const fl_h5_file *file, herr_t result) {
    if (file->disk.error)
        return fl_fail_write(file->output.path, file->disk.error);
    return result < 0 ? fl_h5_fail(FL_EIO, file->output.path, "cannot be written") : FL_OK;
}

static herr_t close_file(fl_h5_file *file) {
    herr_t result = file->id >= 0 ? H5Fclose(file->id) : 0;
    file->id = -1;
    return result;
}

fl_status fl_h5_commit(fl_h5_file *file) {
    fl_status status = fl_h5_check(file, close_file(file));
    int error = status == FL_OK ? fl_seal_append(file->output.temporary) : 0;
    if (error)
        status = fl_fail_write(file->output.path, error);
    if (status == FL_OK)
        status = fl_output_commit(&file->output);
    fl_h5_discard(file);
    return status;
}

void fl_h5_discard(fl_h5_file *file) {
    close_file(file);
    fl_h5_release(&file->driver);
    file->driver = -1;
    fl_h5_disk_clear(&file->disk);
    fl_output_discard(&file->output);
}

hid_t fl_h5_create_group(hid_t parent, const char *name) {
    fl_h5_id creation = H5Pcreate(H5P_GROUP_CREATE);
    if (creation < 0 || H5Pset_obj_track_times(creation, false) < 0)
        return -1;
    return H5Gcreate2(parent, name, H5P_DEFAULT, creation, H5P_DEFAULT);
}

static hid_t text_type(void) {
    hid_t type = H5Tcopy(H5T_C_S1);
    if (type >= 0 &&
        (H5Tset_size(type, H5T_VARIABLE) < 0 || H5Tset_cset(type, H5T_CSET_UTF8) < 0)) {
        H5Tclose(type);
        return -1;
    }
    return type;
}

static herr_t set_attribute(hid_t object, const char *name, hid_t stored, hid_t given,
                            const void *value) {
    fl_h5_id space = H5Screate(H5S_SCALAR);
    if (space < 0 || stored < 0)
        return -1;
    fl_h5_id attribute = H5Acreate2(object, name, stored, space, H5P_DEFAULT, H5P_DEFAULT);
    return attribute < 0 ? -1 : H5Awrite(attribute, given, value);
}

herr_t fl_h5_set_text(hid_t object, const char *name, const char *text) {
    fl_h5_id type = text_type();
    return set_attribute(object, name, type, type, &text);
}

herr_t fl_h5_set_integer(hid_t object, const char *name, int64_t value) {
    return set_attribute(object, name, H5T_STD_I64LE, H5T_NATIVE_INT64, &value);
}

herr_t fl_h5_set_unsigned(hid_t object, const char *name, uint64_t value) {
    return set_attribute(object, name, H5T_STD_U64LE, H5T_NATIVE_UINT64, &value);
}

herr_t fl_h5_set_real(hid_t object, const char *name, double value) {
    return set_attribute(object, name, H5T_IEEE_F64LE, H5T_NATIVE_DOUBLE, &value);
}

static bool is_reserved(const char *name, const char *const *reserved, size_t count) {
    for (size_t k = 0; k < count; k++)
        if (strcmp(name, reserved[k]) == 0)
            return true;
    return false;
}

herr_t fl_h5_set_meta(hid_t object, const fl_meta *meta, const char *const *reserved,
                      size_t count) {
    for (size_t i = 0; meta && i < meta->count; i++)
        if (!is_reserved(meta->keys[i], reserved, count) &&
            fl_h5_set_text(object, meta->keys[i], meta->values[i]) < 0)
            return -1;
    return 0;
}

herr_t fl_h5_write_network(hid_t parent, const char *name, const fl_network *network) {
    const hsize_t sizes[2] = {network->n, network->n};
    fl_h5_id space = H5Screate_simple(2, sizes, NULL);
    fl_h5_id creation = H5Pcreate(H5P_DATASET_CREATE);
    double *matrix = malloc(network->n * network->n * sizeof *matrix);
    herr_t result = -1;
    if (matrix && space >= 0 && creation >= 0 && H5Pset_obj_track_times(creation, false) >= 0) {
        fl_network_to_matrix(network, matrix);
        fl_h5_id dataset =
            H5Dcreate2(parent, name, H5T_IEEE_F64LE, space, H5P_DEFAULT, creation, H5P_DEFAULT);
        if (dataset >= 0)
            result = H5Dwrite(dataset, H5T_NATIVE_DOUBLE, H5S_ALL, H5S_ALL, H5P_DEFAULT, matrix);
    }
    free(matrix);
    return result;
}
