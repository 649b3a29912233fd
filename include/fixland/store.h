/* Stores: HDF5 files of configurations and of the networks they belong to.
 *
 *   /                         attributes: the provenance, one string each (a key "format" or
 *                             "format_version" is left out), format = "fixland store",
 *                             format_version = 1
 *   /n<N>                     one group a size; attribute n
 *   /n<N>/spins               uint8, rows x ceil(N/8): packed configurations (spins.h), chunked,
 *                             shuffle and deflate
 *   /n<N>/index/jd            float64, one entry a set, and beside it
 *   /n<N>/index/sample        uint64,
 *   /n<N>/index/first         uint64,
 *   /n<N>/index/count         uint64: the set of (jd, sample) is rows first .. first+count-1 of
 *                             spins
 *   /n<N>/weight              optional, float64, one a row of spins
 *   /n<N>/networks/sample<K>  optional, float64 N x N: J with its diagonal
 *
 * Sets may be empty. Written by streaming with bounded memory; the file appears under its name when
 * it is closed. Readable by h5py. No times are stored: the same content gives the same bytes (with
 * one version of HDF5 and zlib).
 *
 * HDF5 as distributions build it is not thread-safe: these functions, and all others here that open
 * HDF5 files, hold one lock. So any number of threads may use readers, one reader together too, and
 * stores of their own; one store is written by one thread at a time. Nothing is printed; a full disk
 * is FL_EIO. */
#ifndef FIXLAND_STORE_H
#define FIXLAND_STORE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "fixland/meta.h"
#include "fixland/network.h"
#include "fixland/status.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef struct fl_store fl_store;

/* FL_EEXIST, FL_EIO as in output.h. `meta` may be NULL; it is written at once. */
fl_status fl_store_create(fl_store **store, const char *path, bool force, const fl_meta *meta);

/* Starts the set of (n, jd, sample), which ends the one before. Sizes may come in any order.
 * FL_EINVAL for a size of 0 or J_D not finite, FL_ENOMEM; FL_EIO as below. */
fl_status fl_store_begin(fl_store *store, size_t n, double jd, uint64_t sample);

/* Appends `count` configurations (count x fl_spins_words(n) words) to the set that was begun;
 * `weights` (length count) or NULL, the same way for the whole size. Any number of calls. FL_EINVAL
 * for bits beyond neuron n. After FL_EIO every later call fails too. */
fl_status fl_store_append(fl_store *store, const uint64_t *spins, size_t count,
                          const double *weights);

/* Adds the network of `sample`; once a (size, sample), FL_EINVAL the second time. */
fl_status fl_store_network(fl_store *store, uint64_t sample, const fl_network *network);

/* Makes the file appear and frees the store (in any case); on failure no file is left. FL_EIO,
 * FL_EEXIST as fl_output_commit. */
fl_status fl_store_close(fl_store *store);
void fl_store_discard(fl_store *store);

/* Reading. */
typedef struct fl_store_set {
    size_t n;
    double jd;
    uint64_t sample, first, count;
} fl_store_set;

typedef struct fl_store_reader fl_store_reader;

/* FL_EIO, or FL_EFORMAT with the file and the part that is wrong. Reads the index into memory. */
fl_status fl_store_open(fl_store_reader **reader, const char *path);

/* All sets of the file, ordered by size, then as written; owned by the reader. FL_ENOMEM. */
fl_status fl_store_sets(fl_store_reader *reader, const fl_store_set **sets, size_t *count);

/* Configurations offset .. offset+count-1 of a set, into count x fl_spins_words(n) words; FL_EINVAL
 * beyond its end. */
fl_status fl_store_read(fl_store_reader *reader, const fl_store_set *set, uint64_t offset,
                        size_t count, uint64_t *spins);

/* Have the configurations of n neurons weights of their own? */
bool fl_store_weighted(const fl_store_reader *reader, size_t n);

/* Their weights; 1 everywhere when the store has none. FL_EINVAL beyond the end of the set,
 * FL_EFORMAT. */
fl_status fl_store_weights(fl_store_reader *reader, const fl_store_set *set, uint64_t offset,
                           size_t count, double *weights);

/* The network of a sample; FL_EDOMAIN when the store holds none. */
fl_status fl_store_read_network(fl_store_reader *reader, size_t n, uint64_t sample,
                                fl_network *network);

/* The provenance of the file; owned by the reader. */
const fl_meta *fl_store_meta(const fl_store_reader *reader);

void fl_store_reader_close(fl_store_reader *reader);

#ifdef __cplusplus
}
#endif
#endif
