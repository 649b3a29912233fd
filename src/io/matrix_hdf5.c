/* Matrices as HDF5 datasets: /J when written; a named one, /J, or the only candidate when read. */
#define _GNU_SOURCE /* asprintf */
#include <stdlib.h>
#include <string.h>

#include "src/io/h5.h"
#include "src/io/matrix_formats.h"

/* The 2-D datasets of numbers in a file. */
typedef struct candidates {
    size_t count;
    char first[256];
    char names[512]; /* separated by commas, as far as they fit */
} candidates;

static bool is_candidate(hid_t file, const char *name) {
    hsize_t sizes[2];
    fl_h5_id dataset = H5Dopen2(file, name, H5P_DEFAULT);
    return dataset >= 0 && fl_h5_shape(dataset, sizes) == 2 && fl_h5_is_numeric(dataset);
}

static herr_t visit(hid_t file, const char *name, const H5O_info_t *info, void *data) {
    candidates *found = data;
    size_t used = strlen(found->names);
    if (info->type != H5O_TYPE_DATASET || !is_candidate(file, name))
        return 0;
    if (found->count++ == 0)
        snprintf(found->first, sizeof found->first, "/%s", name);
    snprintf(found->names + used, sizeof found->names - used, "%s/%s", used ? ", " : "", name);
    return 0;
}

/* The name of the dataset to read when none was given. */
static fl_status choose_dataset(hid_t file, const char *path, char *name, size_t size) {
    candidates found = {0};
    static const char *const usual[] = {"/J", "/J/value"}; /* the second by Octave */
    for (int k = 0; k < 2; k++)
        if (H5Lexists(file, "/J", H5P_DEFAULT) > 0 && is_candidate(file, usual[k])) {
            snprintf(name, size, "%s", usual[k]);
            return FL_OK;
        }
    if (H5Ovisit2(file, H5_INDEX_NAME, H5_ITER_INC, visit, &found, H5O_INFO_BASIC) < 0)
        return fl_h5_fail(FL_EFORMAT, path, "its contents cannot be listed");
    if (found.count == 0)
        return fl_fail(FL_EFORMAT, "%s: there is no 2-D dataset of numbers in this file", path);
    if (found.count > 1)
        return fl_fail(FL_EFORMAT, "%s: %zu datasets could be the matrix (%s); name one as %s:%s",
                       path, found.count, found.names, path, found.first);
    snprintf(name, size, "%s", found.first);
    return FL_OK;
}

/* Octave keeps the matrix J in the dataset "value" of a group J. */
static hid_t open_dataset(hid_t file, const char *name) {
    hid_t dataset = H5Dopen2(file, name, H5P_DEFAULT);
    if (dataset >= 0)
        return dataset;
    fl_h5_id group = H5Gopen2(file, name, H5P_DEFAULT);
    return group < 0 ? -1 : H5Dopen2(group, "value", H5P_DEFAULT);
}

static fl_status read_dataset(fl_network *network, hid_t file, const char *path, const char *name) {
    char *label = NULL;
    if (asprintf(&label, "%s:%s", path, name) < 0)
        return fl_fail(FL_ENOMEM, "%s: out of memory", path);
    fl_h5_id dataset = open_dataset(file, name);
    fl_status status = dataset < 0 ? fl_fail(FL_EFORMAT, "%s: there is no dataset %s", path, name)
                                   : fl_h5_read_network(dataset, label, network);
    free(label);
    return status;
}

fl_status fl_matrix_read_hdf5(fl_network *network, const char *path, const char *dataset) {
    FL_H5_ENTER;
    char chosen[256];
    hid_t opened;
    FL_CHECK(fl_h5_open(&opened, path));
    fl_h5_id file = opened;
    if (!dataset || !*dataset) {
        FL_CHECK(choose_dataset(file, path, chosen, sizeof chosen));
        dataset = chosen;
    }
    return read_dataset(network, file, path, dataset);
}

fl_status fl_matrix_write_hdf5(const fl_network *network, const char *path, bool force,
                               const fl_meta *meta) {
    FL_H5_ENTER;
    fl_h5_file file;
    FL_CHECK(fl_h5_create(&file, path, force));
    herr_t result = fl_h5_set_meta(file.id, meta, NULL, 0);
    if (result >= 0)
        result = fl_h5_write_network(file.id, "J", network);
    fl_status status = fl_h5_check(&file, result);
    if (status == FL_OK)
        return fl_h5_commit(&file);
    fl_h5_discard(&file);
    return status;
}
