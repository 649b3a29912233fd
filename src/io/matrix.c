/* Networks in files, of whatever format: see matrix.h. */
#include "fixland/matrix.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "src/io/io.h"
#include "src/io/matrix_formats.h"

typedef enum format { TEXT, NPY, HDF5 } format;

fl_status fl_matrix_room(double **matrix, const char *label, size_t n) {
    size_t limit = (size_t)1 << 20;
    *matrix = NULL;
    if (n > limit)
        return fl_fail(FL_EFORMAT, "%s: %zu neurons are too many; the limit is %zu", label, n,
                       limit);
    *matrix = malloc(n * n * sizeof **matrix);
    return *matrix ? FL_OK
                   : fl_fail(FL_ENOMEM, "%s: out of memory for %zu x %zu numbers", label, n, n);
}

fl_status fl_matrix_to_network(fl_network *network, const char *label, const double *matrix,
                               size_t n) {
    fl_status status = fl_network_from_matrix(network, matrix, n);
    return status == FL_EINVAL ? fl_fail(FL_EFORMAT, "%s: %s", label, fl_message()) : status;
}

/* Does an HDF5 signature stand here or where a user block may end (512, 1024, 2048, ...)? */
static bool is_hdf5(FILE *stream) {
    static const char signature[] = "\211HDF\r\n\032\n";
    char bytes[8];
    for (long offset = 0; fseek(stream, offset, SEEK_SET) == 0;
         offset = offset ? 2 * offset : 512) {
        if (fread(bytes, 1, 8, stream) != 8)
            return false;
        if (memcmp(bytes, signature, 8) == 0)
            return true;
    }
    return false;
}

/* Files that are often taken for a matrix: what such a one is, and what to do; NULL for others. */
static const char *known_stranger(FILE *stream) {
    static const struct {
        const char *start, *says;
    } strangers[] = {
        {"PK\003\004",
         "an archive (.npz, .xlsx); write the matrix alone, with numpy.save or as text"},
        {"MATLAB 5.0 MAT-file", "a MATLAB file of a version before 7.3; save it with '-v7.3'"},
        {"%%MatrixMarket",
         "a Matrix Market file; write all N x N numbers, with numpy.save or as text"},
        {"\037\213", "a file packed by gzip; unpack it first"},
    };
    char start[20] = "";
    size_t length = fread(start, 1, sizeof start - 1, stream);
    rewind(stream);
    for (size_t k = 0; length && k < sizeof strangers / sizeof *strangers; k++)
        if (strncmp(start, strangers[k].start, strlen(strangers[k].start)) == 0)
            return strangers[k].says;
    return NULL;
}

/* Tells the format, and leaves the stream at its beginning. A pipe can only be told from its first
 * byte, which is put back. *stranger: what a file is that is none of these, or NULL. */
static format told_format(FILE *stream, const char **stranger) {
    struct stat status;
    *stranger = NULL;
    if (fl_begins_npy(stream))
        return NPY;
    if (fstat(fileno(stream), &status) != 0 || !S_ISREG(status.st_mode))
        return TEXT;
    bool hdf5 = is_hdf5(stream);
    rewind(stream);
    if (!hdf5)
        *stranger = known_stranger(stream);
    return hdf5 ? HDF5 : TEXT;
}

/* "file.h5:/path" as its two parts, when there is no file of the whole name but one of the first
 * part. *file is to be freed. */
static fl_status split_name(const char *path, char **file, const char **dataset) {
    struct stat status;
    const char *colon = strrchr(path, ':');
    *dataset = NULL;
    *file = strdup(path);
    if (!*file)
        return fl_fail(FL_ENOMEM, "out of memory for a file name");
    if (!colon || stat(path, &status) == 0)
        return FL_OK;
    (*file)[colon - path] = 0;
    if (stat(*file, &status) == 0)
        *dataset = colon + 1;
    else
        (*file)[colon - path] = ':';
    return FL_OK;
}

static fl_status read_stream(fl_network *network, FILE *stream, const char *path,
                             const char *dataset) {
    const char *stranger;
    format told = told_format(stream, &stranger);
    if (stranger)
        return fl_fail(FL_EFORMAT, "%s: this is %s", path, stranger);
    if (told == HDF5)
        return fl_matrix_read_hdf5(network, path, dataset);
    if (dataset)
        return fl_fail(FL_EFORMAT, "%s: dataset %s cannot be read: this is not an HDF5 file", path,
                       dataset);
    return told == NPY ? fl_matrix_read_npy(network, stream, path)
                       : fl_matrix_read_text(network, stream, path);
}

fl_status fl_matrix_read(fl_network *network, const char *path) {
    char *file;
    const char *dataset;
    FILE *stream;
    memset(network, 0, sizeof *network);
    FL_CHECK(split_name(path, &file, &dataset));
    fl_status status = fl_input_open(&stream, file);
    if (status == FL_OK) {
        status = read_stream(network, stream, file, dataset);
        fclose(stream);
    }
    free(file);
    return status;
}

static format wanted_format(const char *path) {
    const char *slash = strrchr(path, '/'), *dot = strrchr(slash ? slash : path, '.');
    if (fl_named_npy(path))
        return NPY;
    return dot && (strcmp(dot, ".h5") == 0 || strcmp(dot, ".hdf5") == 0) ? HDF5 : TEXT;
}

fl_status fl_matrix_write(const fl_network *network, const char *path, bool force,
                          const fl_meta *meta) {
    format wanted = path ? wanted_format(path) : TEXT;
    fl_output output;
    if (wanted == HDF5)
        return fl_matrix_write_hdf5(network, path, force, meta);
    FL_CHECK(fl_output_open(&output, path, force));
    if (wanted == NPY)
        fl_matrix_write_npy(network, output.stream);
    else
        fl_matrix_write_text(network, output.stream, meta);
    return fl_output_commit(&output);
}
