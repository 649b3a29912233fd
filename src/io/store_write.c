/* Writing stores: see store.h. Each size keeps one chunk of configurations and of its index in
 * memory, whatever the number of configurations. */
#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "fixland/spins.h"
#include "src/io/store.h"
#include "src/io/store_column.h"

/* Whether the rows of a size have weights. */
typedef enum weighting { UNKNOWN, WITHOUT, WITH } weighting;

/* A group /n<N>. */
typedef struct size_group {
    size_t n;
    hid_t group, networks; /* networks: 0 until the first one */
    fl_store_column spins, weight, jd, sample, first, count;
    weighting weighting;
} size_group;

struct fl_store {
    fl_h5_file file;
    size_group **sizes;
    size_t size_count;
    size_group *current; /* NULL: no set was begun */
    fl_store_set set;    /* the set that was begun */
    bool failed;
};

const char *const fl_store_reserved[] = {"format", "format_version"};

/* After a failure nothing more is written. */
static fl_status check_store_write(fl_store *store, herr_t result) {
    fl_status status = fl_h5_check(&store->file, result);
    store->failed |= status != FL_OK;
    return status;
}

static fl_status check_alive(const fl_store *store) {
    return store->failed ? fl_fail(FL_EIO, "%s: an earlier write failed", store->file.output.path)
                         : FL_OK;
}

fl_status fl_store_create(fl_store **store, const char *path, bool force, const fl_meta *meta) {
    FL_H5_ENTER;
    *store = NULL;
    fl_store *new = calloc(1, sizeof *new);
    if (!new)
        return fl_fail(FL_ENOMEM, "out of memory for a store");
    fl_status status = fl_h5_create(&new->file, path, force);
    if (status != FL_OK) {
        free(new);
        return status;
    }
    hid_t root = new->file.id;
    status = check_store_write(
        new, fl_h5_set_text(root, "format", FL_STORE_FORMAT) < 0 ||
                     fl_h5_set_integer(root, "format_version", FL_STORE_VERSION) < 0 ||
                     fl_h5_set_meta(root, meta, fl_store_reserved, 2) < 0
                 ? -1
                 : 0);
    if (status == FL_OK)
        *store = new;
    else
        fl_store_discard(new);
    return status;
}

static void close_size(size_group *size) {
    fl_store_column *const columns[] = {&size->spins,  &size->weight, &size->jd,
                                        &size->sample, &size->first,  &size->count};
    for (size_t k = 0; k < sizeof columns / sizeof *columns; k++)
        fl_store_column_close(columns[k]);
    fl_h5_release(&size->networks);
    fl_h5_release(&size->group);
    free(size);
}

/* The datasets of a new group. */
static herr_t create_columns(size_group *size) {
    hid_t real = H5T_NATIVE_DOUBLE, whole = H5T_NATIVE_UINT64;
    fl_h5_id index = fl_h5_create_group(size->group, "index");
    if (index < 0 || fl_h5_set_integer(size->group, "n", (int64_t)size->n) < 0 ||
        fl_store_column_create(&size->spins, size->group, "spins", H5T_STD_U8LE, H5T_NATIVE_UINT8,
                               fl_spins_bytes(size->n)) < 0 ||
        fl_store_column_create(&size->jd, index, "jd", H5T_IEEE_F64LE, real, 0) < 0 ||
        fl_store_column_create(&size->sample, index, "sample", H5T_STD_U64LE, whole, 0) < 0 ||
        fl_store_column_create(&size->first, index, "first", H5T_STD_U64LE, whole, 0) < 0 ||
        fl_store_column_create(&size->count, index, "count", H5T_STD_U64LE, whole, 0) < 0)
        return -1;
    return 0;
}

static fl_status create_size(fl_store *store, size_t n, size_group **found) {
    char name[32];
    size_group **sizes = realloc(store->sizes, (store->size_count + 1) * sizeof *sizes);
    if (sizes)
        store->sizes = sizes;
    size_group *size = sizes ? calloc(1, sizeof *size) : NULL;
    if (!size)
        return fl_fail(FL_ENOMEM, "out of memory for a store");
    store->sizes[store->size_count++] = *found = size;
    size->n = n;
    snprintf(name, sizeof name, "n%zu", n);
    size->group = fl_h5_create_group(store->file.id, name);
    return check_store_write(store, size->group < 0 ? -1 : create_columns(size));
}

/* The group of n, created if need be. */
static fl_status store_write_size_of(fl_store *store, size_t n, size_group **found) {
    for (size_t k = 0; k < store->size_count; k++)
        if (store->sizes[k]->n == n) {
            *found = store->sizes[k];
            return FL_OK;
        }
    return create_size(store, n, found);
}

/* Enters the set that was begun into the index. */
static fl_status end_set(fl_store *store) {
    size_group *size = store->current;
    if (!size)
        return FL_OK;
    store->set.count = fl_store_column_rows(&size->spins) - store->set.first;
    store->current = NULL;
    return check_store_write(store,
                             fl_store_column_push(&size->jd, &store->set.jd) < 0 ||
                                     fl_store_column_push(&size->sample, &store->set.sample) < 0 ||
                                     fl_store_column_push(&size->first, &store->set.first) < 0 ||
                                     fl_store_column_push(&size->count, &store->set.count) < 0
                                 ? -1
                                 : 0);
}

fl_status fl_store_begin(fl_store *store, size_t n, double jd, uint64_t sample) {
    FL_H5_ENTER;
    size_group *size;
    if (n == 0 || !isfinite(jd))
        return fl_fail(FL_EINVAL,
                       "a set of configurations of %zu neurons at jd = %g cannot be stored", n, jd);
    FL_CHECK(check_alive(store));
    FL_CHECK(end_set(store));
    FL_CHECK(store_write_size_of(store, n, &size));
    store->current = size;
    store->set = (fl_store_set){n, jd, sample, fl_store_column_rows(&size->spins), 0};
    return FL_OK;
}

/* The dataset of weights comes with the first weights. */
static fl_status decide_weighting(fl_store *store, bool weighted) {
    size_group *size = store->current;
    weighting wanted = weighted ? WITH : WITHOUT;
    if (size->weighting == UNKNOWN) {
        size->weighting = wanted;
        if (!weighted)
            return FL_OK;
        return check_store_write(store,
                                 fl_store_column_create(&size->weight, size->group, "weight",
                                                        H5T_IEEE_F64LE, H5T_NATIVE_DOUBLE, 0));
    }
    return size->weighting == wanted
               ? FL_OK
               : fl_fail(FL_EINVAL,
                         "all configurations of %zu neurons in a store have weights or "
                         "none has",
                         size->n);
}

static fl_status check_tails(const uint64_t *spins, size_t count, size_t n) {
    size_t words = fl_spins_words(n);
    uint64_t beyond = n % 64 ? ~UINT64_C(0) << (n % 64) : 0;
    for (size_t k = 0; k < count; k++)
        if (spins[k * words + words - 1] & beyond)
            return fl_fail(FL_EINVAL, "configuration %zu has bits beyond neuron %zu", k, n);
    return FL_OK;
}

/* Little-endian bytes of the words. */
static void pack_store_write(const uint64_t *spins, size_t bytes, unsigned char *row) {
    for (size_t b = 0; b < bytes; b++)
        row[b] = (unsigned char)(spins[b / 8] >> 8 * (b % 8));
}

static herr_t push_rows(size_group *size, const uint64_t *spins, size_t count,
                        const double *weights) {
    size_t words = fl_spins_words(size->n), bytes = fl_spins_bytes(size->n);
    unsigned char *row = malloc(bytes);
    herr_t result = row ? 0 : -1;
    for (size_t k = 0; k < count && result >= 0; k++) {
        pack_store_write(spins + k * words, bytes, row);
        result = fl_store_column_push(&size->spins, row);
        if (result >= 0 && weights)
            result = fl_store_column_push(&size->weight, &weights[k]);
    }
    free(row);
    return result;
}

fl_status fl_store_append(fl_store *store, const uint64_t *spins, size_t count,
                          const double *weights) {
    FL_H5_ENTER;
    enum { BATCH = 1 << 16 }; /* how often the disk is asked */
    if (!store->current)
        return fl_fail(FL_EINVAL, "configurations are stored in a set that was begun");
    FL_CHECK(check_alive(store));
    if (count == 0)
        return FL_OK;
    size_t n = store->current->n;
    FL_CHECK(check_tails(spins, count, n));
    FL_CHECK(decide_weighting(store, weights != NULL));
    for (size_t done = 0; done < count; done += BATCH) {
        size_t batch = count - done < BATCH ? count - done : BATCH;
        FL_CHECK(
            check_store_write(store, push_rows(store->current, spins + done * fl_spins_words(n),
                                               batch, weights ? weights + done : NULL)));
    }
    return FL_OK;
}

fl_status fl_store_network(fl_store *store, uint64_t sample, const fl_network *network) {
    FL_H5_ENTER;
    char name[40];
    size_group *size;
    FL_CHECK(check_alive(store));
    FL_CHECK(store_write_size_of(store, network->n, &size));
    if (size->networks <= 0) {
        size->networks = fl_h5_create_group(size->group, "networks");
        FL_CHECK(check_store_write(store, size->networks < 0 ? -1 : 0));
    }
    snprintf(name, sizeof name, "sample%" PRIu64, sample);
    if (H5Lexists(size->networks, name, H5P_DEFAULT) > 0)
        return fl_fail(FL_EINVAL,
                       "%s: the network of sample %" PRIu64 " of %zu neurons is there "
                       "already",
                       store->file.output.path, sample, network->n);
    return check_store_write(store, fl_h5_write_network(size->networks, name, network));
}

static herr_t flush_size(size_group *size) {
    fl_store_column *const columns[] = {&size->spins,  &size->weight, &size->jd,
                                        &size->sample, &size->first,  &size->count};
    for (size_t k = 0; k < sizeof columns / sizeof *columns; k++)
        if (fl_store_column_flush(columns[k]) < 0)
            return -1;
    return 0;
}

static fl_status finish_store_write(fl_store *store) {
    FL_CHECK(check_alive(store));
    FL_CHECK(end_set(store));
    for (size_t k = 0; k < store->size_count; k++)
        FL_CHECK(check_store_write(store, flush_size(store->sizes[k])));
    return FL_OK;
}

/* Closes all identifiers but the file's. */
static void close_sizes(fl_store *store) {
    for (size_t k = 0; k < store->size_count; k++)
        close_size(store->sizes[k]);
    free(store->sizes);
    store->sizes = NULL;
    store->size_count = 0;
}

fl_status fl_store_close(fl_store *store) {
    FL_H5_ENTER;
    fl_status status = finish_store_write(store);
    close_sizes(store);
    if (status == FL_OK)
        status = fl_h5_commit(&store->file);
    fl_store_discard(store);
    return status;
}

static void discard_store(fl_store *store) {
    FL_H5_ENTER;
    close_sizes(store);
    fl_h5_discard(&store->file);
    free(store);
}

/* HDF5 is not woken where there is nothing: it crashes where memory is out. */
void fl_store_discard(fl_store *store) {
    if (store)
        discard_store(store);
}
