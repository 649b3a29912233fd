/* What the files of data sets share among themselves. */
#ifndef FIXLAND_MC_DATA_H
#define FIXLAND_MC_DATA_H

#include <stdbool.h>

#include "fixland/dataset.h"
#include "fixland/rng.h"

/* `sample` of the streams of FL_PURPOSE_DATA; replica tells the part. Never renumbered. */
enum {
    FL_DATA_PROJECTION = 1, /* sub = pixel, replica = block of 64 features */
    FL_DATA_DIGITS = 2,     /* replica = part, sub = image */
    FL_DATA_PATTERNS = 3,   /* prototypes, maps: sub = row; replica = which map */
    FL_DATA_EXAMPLES = 4,   /* replica = part, sub = example */
    FL_DATA_DAMAGE = 5,     /* replica = which, sub = example */
    FL_DATA_ORDER = 6       /* of a folder's images; replica = part */
};

/* Parts of a data set. */
enum { FL_PART_TRAIN = 0, FL_PART_TEST = 1 };

/* Number of threads for a loop: threads, or all for 0. */
int fl_data_threads(int threads);

/* Notes that example k is of class c. */
void fl_data_set_class(fl_dataset *data, size_t k, size_t c);

/* rows x columns of N(0, 1) of map `which`; NULL when out of memory. */
double *fl_data_map(size_t rows, size_t columns, uint64_t seed, uint64_t which);

/* One of the sources that are not images, into a set that is allocated (fl_dataset_new). */
fl_status fl_data_prototypes(fl_dataset *data, const fl_data_spec *spec, unsigned part);
fl_status fl_data_manifold(fl_dataset *data, const fl_data_spec *spec, unsigned part);
fl_status fl_data_parity(fl_dataset *data, const fl_data_spec *spec, unsigned part);
fl_status fl_data_associations(fl_dataset *data, const fl_data_spec *spec, unsigned part);
fl_status fl_data_sequences(fl_dataset *data, const fl_data_spec *spec, unsigned part);

#endif
