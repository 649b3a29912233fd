/* Square matrices in the three formats of matrix.h. `label` names the file (and the data set) in
 * sentences. */
#ifndef FIXLAND_IO_MATRIX_FORMATS_H
#define FIXLAND_IO_MATRIX_FORMATS_H

#include <stdbool.h>
#include <stdio.h>

#include "fixland/meta.h"
#include "fixland/network.h"
#include "fixland/output.h"

/* Streams stand at their beginning; they are read to their end. */
fl_status fl_matrix_read_text(fl_network *network, FILE *stream, const char *label);
fl_status fl_matrix_read_npy(fl_network *network, FILE *stream, const char *label);

/* Is the first byte, which is put back, that of .npy? No text begins so. */
bool fl_begins_npy(FILE *stream);

/* Does the name of the file ask for .npy? */
bool fl_named_npy(const char *path);

/* A list of finite numbers: shape (n,), (n, 1) or (1, n). Free *values; NULL and *count undefined after a failure. */
fl_status fl_numbers_read_npy(FILE *stream, const char *label, double **values, size_t *count);

void fl_numbers_write_npy(FILE *stream, const double *values, size_t count);

/* `dataset` NULL: /J, or the only 2-D dataset of numbers. */
fl_status fl_matrix_read_hdf5(fl_network *network, const char *path, const char *dataset);

/* Streams are checked by the caller (ferror). */
void fl_matrix_write_text(const fl_network *network, FILE *stream, const fl_meta *meta);
void fl_matrix_write_npy(const fl_network *network, FILE *stream);
fl_status fl_matrix_write_hdf5(const fl_network *network, const char *path, bool force,
                               const fl_meta *meta);

/* Room for n x n numbers; free it. FL_EFORMAT for n beyond any network, FL_ENOMEM. */
fl_status fl_matrix_room(double **matrix, const char *label, size_t n);

/* The network of n x n numbers that a file gave; FL_EFORMAT names the first that a network
 * cannot have (NaN, infinity). */
fl_status fl_matrix_to_network(fl_network *network, const char *label, const double *matrix,
                               size_t n);

/* Entry (i, j), self-couplings included. */
static inline double fl_matrix_entry(const fl_network *network, size_t i, size_t j) {
    return i == j ? network->diagonal[i] : network->J[i * network->n + j];
}

#endif
