/* Grey images with labels, and the IDX files that MNIST and its relatives come in.
 *
 * An IDX file: two zero bytes, 08 (unsigned bytes), the number of dimensions, each dimension as
 * four big-endian bytes, the data with the last dimension running fastest; plain or compressed by
 * gzip (told by content). Images have three dimensions (images, rows, columns), labels one. */
#ifndef FIXLAND_IDX_H
#define FIXLAND_IDX_H

#include <stddef.h>
#include <stdint.h>

#include "fixland/status.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef struct fl_images {
    size_t count, rows, columns;
    uint8_t *pixels; /* count x rows x columns; 0 .. 255 stand for grey values 0 .. 1 */
    uint8_t *labels; /* count */
} fl_images;

/* Allocates, zeroed. FL_EINVAL for a zero size or one beyond size_t, FL_ENOMEM. */
fl_status fl_images_new(fl_images *images, size_t count, size_t rows, size_t columns);
void fl_images_clear(fl_images *images);

/* Reads a file of images and the file of their labels, 0 .. classes - 1 (at most 256). FL_EIO for
 * what cannot be read, FL_EFORMAT for what is not whole, has bytes left over, is of another kind or
 * does not fit the other file; each with the file in the sentence. On failure *images is empty.
 * Memory grows with what is read, not with what a header promises. */
fl_status fl_images_read(fl_images *images, const char *pixels_path, const char *labels_path,
                         size_t classes);

/* Reads the four files of a folder, each plain or with .gz at its end:
 *   train-images-idx3-ubyte  train-labels-idx1-ubyte  t10k-images-idx3-ubyte t10k-labels-idx1-ubyte
 * also with something before (emnist-digits-train-...), "test" for "t10k" and any character for the
 * last but one "-" (train-images.idx3-ubyte). FL_EIO when one is missing, FL_EFORMAT when two could
 * be meant, for training and test images of different sizes. */
fl_status fl_images_read_folder(fl_images *train, fl_images *test, const char *folder,
                                size_t classes);

/* Writes both files, plain. Sizes below 2^32. FL_EEXIST unless `force`, FL_EIO. */
fl_status fl_images_write(const fl_images *images, const char *pixels_path, const char *labels_path,
                          int force);

#ifdef __cplusplus
}
#endif
#endif
