/* Data sets of several trainings: drawn with the seed of each, unless they have one of their own.
 * Internal. */
#ifndef FIXLAND_LEARN_SEEDED_H
#define FIXLAND_LEARN_SEEDED_H

#include "mc/learn/train_settings.h"

typedef struct seeded {
    const data_settings *settings;
    uint64_t seed, seeds; /* of the trainings: seed, seed + 1, ... */
    fl_dataset *sets;     /* after seeded_load */
} seeded;

/* Into the provenance. */
fl_status seeded_describe(const seeded *data, fl_meta *meta);

fl_status seeded_load(seeded *data, int threads);
void seeded_clear(seeded *data);

/* Training and test examples, in this order, of training k. */
const fl_dataset *seeded_at(const seeded *data, uint64_t k);

#endif
