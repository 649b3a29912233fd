/* HDF5 files: what stores and matrices share.
 *
 * HDF5 is not thread-safe as distributions build it: one thread at a time may be inside these
 * functions, whatever the files. Functions that others call begin with FL_H5_ENTER: until the block
 * ends the thread holds the one lock that all of them share, and the library does not print its
 * errors. They may call one another. Identifiers are declared as `fl_h5_id` and close themselves at
 * the end of their block. */
#ifndef FIXLAND_IO_H5_H
#define FIXLAND_IO_H5_H

#define H5_USE_110_API /* callbacks keep these types in later versions */
#include <hdf5.h>
#include <stdbool.h>

#include "fixland/meta.h"
#include "fixland/network.h"
#include "fixland/output.h"
#include "fixland/status.h"

/* The error handler that was in force. */
typedef struct fl_h5_handler {
    H5E_auto2_t function;
    void *data;
} fl_h5_handler;

fl_h5_handler fl_h5_enter(void);
void fl_h5_leave(const fl_h5_handler *handler);
void fl_h5_release(const hid_t *id);

#define FL_H5_ENTER                                                                                \
    __attribute__((cleanup(fl_h5_leave))) const fl_h5_handler fl_h5_entered_ = fl_h5_enter();      \
    (void)fl_h5_entered_

#define fl_h5_id __attribute__((cleanup(fl_h5_release))) hid_t

/* "<path>: <what>: <the innermost reason HDF5 gives>". To be called straight after the failure. */
fl_status fl_h5_fail(fl_status status, const char *path, const char *what);

/* Bytes that the disk did not take. */
typedef struct fl_h5_excess fl_h5_excess;

/* The state of the disk below a file being written; see h5_disk.c. */
typedef struct fl_h5_disk {
    int error;             /* errno of the first write that failed, 0: none */
    fl_h5_excess *excess;  /* what was to be written since, oldest first */
    fl_h5_excess **newest; /* where the next one is linked */
} fl_h5_disk;

/* The driver; -1 on failure. Released by fl_h5_release. */
hid_t fl_h5_disk_driver(void);
void fl_h5_disk_clear(fl_h5_disk *disk);

/* A file being written. It may not move in memory while open. */
typedef struct fl_h5_file {
    fl_output output;
    fl_h5_disk disk;
    hid_t driver, id;
} fl_h5_file;

/* Creates the file under a temporary name. */
fl_status fl_h5_create(fl_h5_file *file, const char *path, bool force);

/* FL_OK when `result` is no failure and the disk took everything so far, else FL_EIO. */
fl_status fl_h5_check(const fl_h5_file *file, herr_t result);

/* Closes the file and makes it appear (all other identifiers in it are closed before), or leaves
 * nothing. */
fl_status fl_h5_commit(fl_h5_file *file);
void fl_h5_discard(fl_h5_file *file);

/* Writing; negative on failure. Texts are variable-length UTF-8 attributes, which h5py gives as
 * str; objects carry no times. A file that is committed gets a seal (seal.h). */
hid_t fl_h5_create_group(hid_t parent, const char *name);
herr_t fl_h5_set_text(hid_t object, const char *name, const char *text);
herr_t fl_h5_set_integer(hid_t object, const char *name, int64_t value);
herr_t fl_h5_set_unsigned(hid_t object, const char *name, uint64_t value);
herr_t fl_h5_set_real(hid_t object, const char *name, double value);
herr_t fl_h5_set_meta(hid_t object, const fl_meta *meta, const char *const *reserved, size_t count);
herr_t fl_h5_write_network(hid_t parent, const char *name, const fl_network *network);

/* Opens for reading; FL_EIO when the system refuses, FL_EFORMAT when it is no HDF5 file or damaged
 * (h5_vet.c). */
fl_status fl_h5_open(hid_t *file, const char *path);

/* The same without a look before; negative on failure. Nothing is locked. */
hid_t fl_h5_open_plain(const char *path);

/* FL_EFORMAT unless a child process survives reading all of the file. */
fl_status fl_h5_vet(const char *path);

/* FL_EFORMAT for a dataset that promises more than it can hold, or whose filter is not here. To be
 * asked before memory is taken for it. */
fl_status fl_h5_plausible(hid_t dataset, const char *label);

/* The text of a scalar string attribute, or NULL; free it. */
char *fl_h5_attribute_text(hid_t attribute);

/* Reads text attributes (and integers as text) in the order of their creation, but not the
 * `reserved` names. */
fl_status fl_h5_get_meta(hid_t object, const char *path, const char *const *reserved, size_t count,
                         fl_meta *meta);

/* An attribute; FL_EFORMAT if missing or of another type. *text is to be freed. */
fl_status fl_h5_get_text(hid_t object, const char *path, const char *name, char **text);
fl_status fl_h5_get_integer(hid_t object, const char *path, const char *name, int64_t *value);
fl_status fl_h5_get_unsigned(hid_t object, const char *path, const char *name, uint64_t *value);
fl_status fl_h5_get_real(hid_t object, const char *path, const char *name, double *value);

/* Rank (at most 2 is told apart) and sizes of a dataset; negative on failure. */
int fl_h5_shape(hid_t dataset, hsize_t sizes[2]);

/* Reals, integers, or booleans as h5py writes them? */
bool fl_h5_is_numeric(hid_t dataset);

/* A square dataset of numbers as a network; one that MATLAB or Octave marked as theirs is turned as
 * its user sees it. `label` names it in sentences. */
fl_status fl_h5_read_network(hid_t dataset, const char *label, fl_network *network);

#endif
