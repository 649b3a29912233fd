/* See seeded.h. */
#include "mc/learn/seeded.h"

#include <stdlib.h>

static uint64_t pairs(const seeded *data) {
    return data->settings->seed_given ? 1 : data->seeds;
}

fl_status seeded_describe(const seeded *data, fl_meta *meta) {
    fl_data_spec spec = data_from(data->settings, NULL, data->seed);
    FL_CHECK(data_describe(&spec, meta));
    if (data->settings->seed_given)
        return FL_OK;
    return fl_meta_set(meta, "data-seed", "that of each training");
}

fl_status seeded_load(seeded *data, int threads) {
    uint64_t count = pairs(data);
    data->sets = calloc(2 * count, sizeof *data->sets);
    if (!data->sets)
        return fl_fail(FL_ENOMEM, "out of memory for %llu data sets", (unsigned long long)count);
    for (uint64_t k = 0; k < count; k++) {
        fl_data_spec spec = data_from(data->settings, NULL, data->seed + k);
        spec.threads = threads;
        FL_CHECK(fl_data_load(&spec, &data->sets[2 * k], &data->sets[2 * k + 1]));
    }
    return FL_OK;
}

void seeded_clear(seeded *data) {
    for (uint64_t k = 0; data->sets && k < 2 * pairs(data); k++)
        fl_dataset_clear(&data->sets[k]);
    free(data->sets);
    data->sets = NULL;
}

const fl_dataset *seeded_at(const seeded *data, uint64_t k) {
    return data->sets + (pairs(data) == 1 ? 0 : 2 * k);
}
