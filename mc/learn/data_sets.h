/* Data sets of several trainings: drawn with the seed of each, unless they have one of their own.
 * Internal. */
#ifndef FIXLAND_LEARN_DATA_SETS_H
#define FIXLAND_LEARN_DATA_SETS_H

#include "fixland/data_options.h"

typedef struct data_sets {
    const fl_data_settings *settings;
    uint64_t seed, seeds; /* of the trainings: seed, seed + 1, ... */
    fl_dataset *sets;     /* after data_sets_load */
} data_sets;

/* Loads them; what they are, with a checksum, goes into *meta. */
fl_status data_sets_load(data_sets *data, int threads, fl_meta *meta);
void data_sets_clear(data_sets *data);

/* Damages the test examples as fl_dataset_damage does, with the seeds of their trainings. */
fl_status data_sets_damage(data_sets *data, double noise, double erase);

/* Training and test examples, in this order, of training k. */
const fl_dataset *data_sets_at(const data_sets *data, uint64_t k);

#endif
