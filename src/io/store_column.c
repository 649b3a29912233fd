/* See store_column.h. Chunks are about 64 KiB before compression: whole ones are written at once,
 * so that HDF5 needs no cache of its own for them. */
#include "src/io/store_column.h"

#include <stdlib.h>
#include <string.h>

enum { CHUNK_BYTES = 1 << 16, INDEX_ROWS = 1 << 10, DEFLATE_LEVEL = 4 };

static size_t chunk_rows(const fl_store_column *column) {
    if (column->rank == 1)
        return INDEX_ROWS;
    size_t rows = CHUNK_BYTES / column->row_bytes;
    return rows ? rows : 1;
}

static hid_t creation_properties(const fl_store_column *column) {
    const hsize_t chunk[2] = {column->chunk, column->entries};
    hid_t creation = H5Pcreate(H5P_DATASET_CREATE);
    if (creation < 0)
        return -1;
    if (H5Pset_chunk(creation, column->rank, chunk) >= 0 && H5Pset_shuffle(creation) >= 0 &&
        H5Pset_deflate(creation, DEFLATE_LEVEL) >= 0 &&
        H5Pset_obj_track_times(creation, false) >= 0)
        return creation;
    H5Pclose(creation);
    return -1;
}

herr_t fl_store_column_create(fl_store_column *column, hid_t parent, const char *name, hid_t stored,
                              hid_t given, size_t entries) {
    const hsize_t sizes[2] = {0, entries}, limits[2] = {H5S_UNLIMITED, entries};
    memset(column, 0, sizeof *column);
    column->type = given;
    column->rank = entries ? 2 : 1;
    column->entries = entries;
    column->row_bytes = (entries ? entries : 1) * H5Tget_size(given);
    column->chunk = chunk_rows(column);
    fl_h5_id space = H5Screate_simple(column->rank, sizes, limits);
    fl_h5_id creation = creation_properties(column);
    fl_h5_id access = H5Pcreate(H5P_DATASET_ACCESS);
    if (space < 0 || creation < 0 || access < 0 || H5Pset_chunk_cache(access, 1, 0, 1) < 0)
        return -1;
    column->dataset = H5Dcreate2(parent, name, stored, space, H5P_DEFAULT, creation, access);
    return column->dataset < 0 ? -1 : 0;
}

herr_t fl_store_column_push(fl_store_column *column, const void *row) {
    if (!column->buffer)
        column->buffer = malloc(column->chunk * column->row_bytes);
    if (!column->buffer)
        return -1;
    memcpy(column->buffer + column->buffered * column->row_bytes, row, column->row_bytes);
    column->buffered++;
    return column->buffered == column->chunk ? fl_store_column_flush(column) : 0;
}

uint64_t fl_store_column_rows(const fl_store_column *column) {
    return column->written + column->buffered;
}

herr_t fl_store_column_flush(fl_store_column *column) {
    const hsize_t sizes[2] = {column->written + column->buffered, column->entries};
    const hsize_t start[2] = {column->written, 0}, count[2] = {column->buffered, column->entries};
    if (column->buffered == 0)
        return 0;
    if (H5Dset_extent(column->dataset, sizes) < 0)
        return -1;
    fl_h5_id here = H5Screate_simple(column->rank, count, NULL);
    fl_h5_id there = H5Dget_space(column->dataset);
    if (here < 0 || H5Sselect_hyperslab(there, H5S_SELECT_SET, start, NULL, count, NULL) < 0 ||
        H5Dwrite(column->dataset, column->type, here, there, H5P_DEFAULT, column->buffer) < 0)
        return -1;
    column->written += column->buffered;
    column->buffered = 0;
    return 0;
}

void fl_store_column_close(fl_store_column *column) {
    fl_h5_release(&column->dataset);
    free(column->buffer);
    memset(column, 0, sizeof *column);
}
