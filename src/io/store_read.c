/* Reading stores: see store.h. The index is read when the file is opened, configurations in pieces
 * of bounded size. */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "fixland/spins.h"
#include "src/io/h5.h"
#include "src/io/store.h"

/* A group /n<N>, open. */
typedef struct size_group {
    size_t n;
    hid_t group, spins, weight; /* weight <= 0: there is none */
    uint64_t rows;
} size_group;

struct fl_store_reader {
    char *path;
    hid_t file;
    size_group *sizes;
    size_t size_count;
    fl_store_set *sets;
    size_t set_count;
    fl_meta meta;
};

static fl_status damaged(const fl_store_reader *reader, size_t n, const char *what) {
    return fl_fail(FL_EFORMAT, "%s: group /n%zu: %s", reader->path, n, what);
}

static fl_status check_format(const fl_store_reader *reader) {
    char *format;
    int64_t version;
    FL_CHECK(fl_h5_get_text(reader->file, reader->path, "format", &format));
    bool right = strcmp(format, FL_STORE_FORMAT) == 0;
    free(format);
    if (!right)
        return fl_fail(FL_EFORMAT, "%s: not a fixland store", reader->path);
    FL_CHECK(fl_h5_get_integer(reader->file, reader->path, "format_version", &version));
    if (version != FL_STORE_VERSION)
        return fl_fail(FL_EFORMAT, "%s: a store of version %" PRId64 "; version %d can be read",
                       reader->path, version, FL_STORE_VERSION);
    return FL_OK;
}

/* The number in "n20", 0 for names of another kind. */
static size_t size_in_name(const char *name) {
    if (name[0] != 'n' || name[1] < '1' || name[1] > '9')
        return 0;
    char *end;
    unsigned long long n = strtoull(name + 1, &end, 10);
    return *end || n > SIZE_MAX / 2 ? 0 : (size_t)n;
}

static int by_size(const void *a, const void *b) {
    size_t x = ((const size_group *)a)->n, y = ((const size_group *)b)->n;
    return (x > y) - (x < y);
}

/* Lists the groups, ordered by size. */
static fl_status list_sizes(fl_store_reader *reader) {
    H5G_info_t info;
    if (H5Gget_info(reader->file, &info) < 0)
        return fl_h5_fail(FL_EFORMAT, reader->path, "its contents cannot be listed");
    reader->sizes = calloc((size_t)info.nlinks + 1, sizeof *reader->sizes);
    if (!reader->sizes)
        return fl_fail(FL_ENOMEM, "%s: out of memory for its index", reader->path);
    for (hsize_t k = 0; k < info.nlinks; k++) {
        char name[64];
        ssize_t length = H5Lget_name_by_idx(reader->file, ".", H5_INDEX_NAME, H5_ITER_INC, k, name,
                                            sizeof name, H5P_DEFAULT);
        size_t n = length > 0 && (size_t)length < sizeof name ? size_in_name(name) : 0;
        if (n)
            reader->sizes[reader->size_count++].n = n;
    }
    qsort(reader->sizes, reader->size_count, sizeof *reader->sizes, by_size);
    return FL_OK;
}

static fl_status open_size(fl_store_reader *reader, size_group *size) {
    char name[32];
    hsize_t rows[2];
    int64_t n;
    snprintf(name, sizeof name, "n%zu", size->n);
    size->group = H5Gopen2(reader->file, name, H5P_DEFAULT);
    if (size->group < 0)
        return damaged(reader, size->n, "not a group");
    FL_CHECK(fl_h5_get_integer(size->group, reader->path, "n", &n));
    if (n < 0 || (uint64_t)n != size->n)
        return damaged(reader, size->n, "its attribute n is another number");
    size->spins = H5Dopen2(size->group, "spins", H5P_DEFAULT);
    if (size->spins < 0)
        return damaged(reader, size->n, "there is no dataset spins");
    if (fl_h5_shape(size->spins, rows) != 2 || rows[1] != fl_spins_bytes(size->n))
        return damaged(reader, size->n, "spins has the wrong shape");
    FL_CHECK(fl_h5_plausible(size->spins, reader->path));
    size->rows = rows[0];
    if (H5Lexists(size->group, "weight", H5P_DEFAULT) <= 0)
        return FL_OK;
    size->weight = H5Dopen2(size->group, "weight", H5P_DEFAULT);
    if (size->weight < 0 || fl_h5_shape(size->weight, rows) != 1 || rows[0] != size->rows)
        return damaged(reader, size->n, "weight does not match spins");
    return fl_h5_plausible(size->weight, reader->path);
}

/* Reads index/<name>, `count` numbers of `type`, into a new array. */
static fl_status read_column(const fl_store_reader *reader, const size_group *size,
                             const char *name, hid_t type, size_t count, void **values) {
    char place[64];
    hsize_t there[2];
    snprintf(place, sizeof place, "index/%s", name);
    fl_h5_id dataset = H5Dopen2(size->group, place, H5P_DEFAULT);
    if (dataset < 0 || fl_h5_shape(dataset, there) != 1 || there[0] != count)
        return damaged(reader, size->n, "the columns of the index do not match");
    FL_CHECK(fl_h5_plausible(dataset, reader->path));
    *values = calloc(count + 1, 8);
    if (!*values)
        return fl_fail(FL_ENOMEM, "%s: out of memory for its index", reader->path);
    if (H5Dread(dataset, type, H5S_ALL, H5S_ALL, H5P_DEFAULT, *values) < 0)
        return fl_h5_fail(FL_EFORMAT, reader->path, "the index cannot be read");
    return FL_OK;
}

static fl_status count_sets(const fl_store_reader *reader, const size_group *size, size_t *count) {
    hsize_t there[2];
    fl_h5_id dataset = H5Dopen2(size->group, "index/jd", H5P_DEFAULT);
    if (dataset < 0 || fl_h5_shape(dataset, there) != 1)
        return damaged(reader, size->n, "there is no index");
    *count = (size_t)there[0];
    return FL_OK;
}

/* Appends `count` sets from the four columns. */
static fl_status add_sets(fl_store_reader *reader, const size_group *size, size_t count,
                          void *const columns[4]) {
    const double *jd = columns[0];
    const uint64_t *sample = columns[1], *first = columns[2], *length = columns[3];
    fl_store_set *sets = realloc(reader->sets, (reader->set_count + count + 1) * sizeof *sets);
    if (!sets)
        return fl_fail(FL_ENOMEM, "%s: out of memory for its index", reader->path);
    reader->sets = sets;
    for (size_t k = 0; k < count; k++) {
        if (first[k] > size->rows || length[k] > size->rows - first[k])
            return damaged(reader, size->n, "the index points beyond the configurations");
        sets[reader->set_count++] = (fl_store_set){size->n, jd[k], sample[k], first[k], length[k]};
    }
    return FL_OK;
}

static fl_status read_index(fl_store_reader *reader, const size_group *size) {
    static const char *const names[] = {"jd", "sample", "first", "count"};
    void *columns[4] = {NULL, NULL, NULL, NULL};
    size_t count = 0;
    fl_status status = count_sets(reader, size, &count);
    for (int c = 0; status == FL_OK && c < 4; c++)
        status = read_column(reader, size, names[c], c ? H5T_NATIVE_UINT64 : H5T_NATIVE_DOUBLE,
                             count, &columns[c]);
    if (status == FL_OK)
        status = add_sets(reader, size, count, columns);
    for (int c = 0; c < 4; c++)
        free(columns[c]);
    return status;
}

static fl_status set_up(fl_store_reader *reader, const char *path) {
    reader->path = strdup(path);
    if (!reader->path)
        return fl_fail(FL_ENOMEM, "out of memory for a store");
    FL_CHECK(fl_h5_open(&reader->file, path));
    FL_CHECK(check_format(reader));
    FL_CHECK(fl_h5_get_meta(reader->file, path, fl_store_reserved, 2, &reader->meta));
    FL_CHECK(list_sizes(reader));
    for (size_t k = 0; k < reader->size_count; k++) {
        FL_CHECK(open_size(reader, &reader->sizes[k]));
        FL_CHECK(read_index(reader, &reader->sizes[k]));
    }
    return FL_OK;
}

fl_status fl_store_open(fl_store_reader **reader, const char *path) {
    FL_H5_ENTER;
    *reader = NULL;
    fl_store_reader *new = calloc(1, sizeof *new);
    if (!new)
        return fl_fail(FL_ENOMEM, "out of memory for a store");
    fl_status status = set_up(new, path);
    if (status == FL_OK)
        *reader = new;
    else
        fl_store_reader_close(new);
    return status;
}

void fl_store_reader_close(fl_store_reader *reader) {
    FL_H5_ENTER;
    if (!reader)
        return;
    for (size_t k = 0; k < reader->size_count; k++) {
        fl_h5_release(&reader->sizes[k].weight);
        fl_h5_release(&reader->sizes[k].spins);
        fl_h5_release(&reader->sizes[k].group);
    }
    fl_h5_release(&reader->file);
    fl_meta_clear(&reader->meta);
    free(reader->sizes);
    free(reader->sets);
    free(reader->path);
    free(reader);
}

fl_status fl_store_sets(fl_store_reader *reader, const fl_store_set **sets, size_t *count) {
    *sets = reader->sets;
    *count = reader->set_count;
    return FL_OK;
}

const fl_meta *fl_store_meta(const fl_store_reader *reader) {
    return &reader->meta;
}

static const size_group *find_size(const fl_store_reader *reader, size_t n) {
    for (size_t k = 0; k < reader->size_count; k++)
        if (reader->sizes[k].n == n)
            return &reader->sizes[k];
    return NULL;
}

/* Checks that offset .. offset+count-1 lie in the set and the set in the file. */
static fl_status check_range(const fl_store_reader *reader, const fl_store_set *set,
                             uint64_t offset, uint64_t count, const size_group **size) {
    *size = find_size(reader, set->n);
    if (!*size || set->first > (*size)->rows || set->count > (*size)->rows - set->first)
        return fl_fail(FL_EINVAL, "%s holds no such set of configurations of %zu neurons",
                       reader->path, set->n);
    if (offset > set->count || count > set->count - offset)
        return fl_fail(FL_EINVAL,
                       "%s: configurations %" PRIu64 " to %" PRIu64 " of a set of %" PRIu64,
                       reader->path, offset, offset + count, set->count);
    return FL_OK;
}

/* Reads `count` rows from `first` on; a row is `width` numbers (0: the dataset has rank 1). */
static fl_status read_rows(const fl_store_reader *reader, hid_t dataset, hid_t type, uint64_t first,
                           size_t count, size_t width, void *rows) {
    const hsize_t start[2] = {first, 0}, sizes[2] = {count, width};
    fl_h5_id here = H5Screate_simple(width ? 2 : 1, sizes, NULL);
    fl_h5_id there = H5Dget_space(dataset);
    if (here < 0 || H5Sselect_hyperslab(there, H5S_SELECT_SET, start, NULL, sizes, NULL) < 0 ||
        H5Dread(dataset, type, here, there, H5P_DEFAULT, rows) < 0)
        return fl_h5_fail(FL_EFORMAT, reader->path, "rows cannot be read");
    return FL_OK;
}

/* Words from little-endian bytes. */
static void unpack(const unsigned char *row, size_t n, uint64_t *spins) {
    memset(spins, 0, fl_spins_words(n) * sizeof *spins);
    for (size_t b = 0; b < fl_spins_bytes(n); b++)
        spins[b / 8] |= (uint64_t)row[b] << 8 * (b % 8);
    if (n % 64)
        spins[n / 64] &= (UINT64_C(1) << (n % 64)) - 1;
}

fl_status fl_store_read(fl_store_reader *reader, const fl_store_set *set, uint64_t offset,
                        size_t count, uint64_t *spins) {
    FL_H5_ENTER;
    const size_group *size;
    FL_CHECK(check_range(reader, set, offset, count, &size));
    size_t bytes = fl_spins_bytes(set->n), piece = (1 << 18) / bytes + 1;
    unsigned char *rows = malloc(piece * bytes);
    fl_status status = rows ? FL_OK : fl_fail(FL_ENOMEM, "out of memory for configurations");
    for (size_t done = 0; status == FL_OK && done < count; done += piece) {
        size_t now = count - done < piece ? count - done : piece;
        status = read_rows(reader, size->spins, H5T_NATIVE_UINT8, set->first + offset + done, now,
                           bytes, rows);
        for (size_t k = 0; status == FL_OK && k < now; k++)
            unpack(rows + k * bytes, set->n, spins + (done + k) * fl_spins_words(set->n));
    }
    free(rows);
    return status;
}

bool fl_store_weighted(const fl_store_reader *reader, size_t n) {
    const size_group *size = find_size(reader, n);
    return size && size->weight > 0;
}

fl_status fl_store_weights(fl_store_reader *reader, const fl_store_set *set, uint64_t offset,
                           size_t count, double *weights) {
    FL_H5_ENTER;
    const size_group *size;
    FL_CHECK(check_range(reader, set, offset, count, &size));
    for (size_t k = 0; k < count; k++)
        weights[k] = 1;
    if (size->weight <= 0 || count == 0)
        return FL_OK;
    return read_rows(reader, size->weight, H5T_NATIVE_DOUBLE, set->first + offset, count, 0,
                     weights);
}

fl_status fl_store_read_network(fl_store_reader *reader, size_t n, uint64_t sample,
                                fl_network *network) {
    FL_H5_ENTER;
    char name[64], label[512];
    const size_group *size = find_size(reader, n);
    memset(network, 0, sizeof *network);
    snprintf(name, sizeof name, "networks/sample%" PRIu64, sample);
    if (!size || H5Lexists(size->group, "networks", H5P_DEFAULT) <= 0 ||
        H5Lexists(size->group, name, H5P_DEFAULT) <= 0)
        return fl_fail(FL_EDOMAIN, "%s holds no network of sample %" PRIu64 " of %zu neurons",
                       reader->path, sample, n);
    snprintf(label, sizeof label, "%s:/n%zu/%s", reader->path, n, name);
    fl_h5_id dataset = H5Dopen2(size->group, name, H5P_DEFAULT);
    if (dataset < 0)
        return fl_h5_fail(FL_EFORMAT, label, "cannot be opened");
    FL_CHECK(fl_h5_read_network(dataset, label, network));
    if (network->n == n)
        return FL_OK;
    fl_network_clear(network);
    return fl_fail(FL_EFORMAT, "%s: a network of another size", label);
}
