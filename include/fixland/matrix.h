/* Networks in files: text (one row a line, blanks or commas between numbers, '#' comments), NumPy
 * .npy (version 1 to 3, little- or big-endian float32/float64 or integers, C or Fortran order),
 * HDF5 (a 2-D dataset of reals or integers; "file.h5:/path/to/dataset" names it, "file.h5" takes /J
 * or the only 2-D dataset). The format is told from the first bytes when reading and from the
 * name's ending when writing (.npy, .h5 or .hdf5, else text, each number in the shortest form that
 * reads back to the same double). Entry (i, j) acts from j on i; the diagonal is each neuron's own
 * self-coupling. HDF5 files, here and in store.h, are used by one thread at a time. */
#ifndef FIXLAND_MATRIX_H
#define FIXLAND_MATRIX_H

#include <stdbool.h>

#include "fixland/meta.h"
#include "fixland/network.h"
#include "fixland/status.h"

#ifdef __cplusplus
extern "C" {
#endif

/* FL_EIO, or FL_EFORMAT with file, place and reason: not square, ragged, NaN, infinity, unknown
 * type, truncated. Release the network with fl_network_clear. */
fl_status fl_matrix_read(fl_network *network, const char *path);

/* Whole or not at all; an existing file is refused unless `force` (output.h). `meta` (may be NULL)
 * goes into comments or attributes (not into .npy). HDF5 gets the dataset /J. All formats read back
 * to the same bits. FL_EEXIST, FL_EIO as in output.h; FL_ENOMEM. */
fl_status fl_matrix_write(const fl_network *network, const char *path, bool force,
                          const fl_meta *meta);

#ifdef __cplusplus
}
#endif
#endif
