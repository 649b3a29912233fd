/* See data_sets.h. */
#include "mc/learn/data_sets.h"

#include <stdlib.h>

static uint64_t data_sets_pairs(const data_sets *data) {
    return data->settings->seed_given ? 1 : data->seeds;
}

static fl_status describe_sets(const data_sets *data, unsigned long sum, fl_meta *meta) {
    fl_data_spec spec;
    FL_CHECK(fl_data_from(data->settings, NULL, data->seed, &spec));
    FL_CHECK(fl_data_describe(&spec, meta));
    if (!data->settings->seed_given)
        FL_CHECK(fl_meta_set(meta, "data-seed", "that of each training"));
    return fl_meta_set(meta, "data_crc32", "%08lx", sum);
}

fl_status data_sets_load(data_sets *data, int threads, fl_meta *meta) {
    uint64_t count = data_sets_pairs(data);
    unsigned long sum = 0;
    data->sets = calloc(2 * count, sizeof *data->sets);
    if (!data->sets)
        return fl_fail(FL_ENOMEM, "out of memory for %llu data sets", (unsigned long long)count);
    for (uint64_t k = 0; k < count; k++) {
        fl_data_spec spec;
        FL_CHECK(fl_data_from(data->settings, NULL, data->seed + k, &spec));
        spec.threads = threads;
        FL_CHECK(fl_data_load(&spec, &data->sets[2 * k], &data->sets[2 * k + 1]));
        sum = fl_dataset_crc32(&data->sets[2 * k + 1], fl_dataset_crc32(&data->sets[2 * k], sum));
    }
    return describe_sets(data, sum, meta);
}

fl_status data_sets_damage(data_sets *data, double noise, double erase) {
    for (uint64_t k = 0; (noise > 0 || erase > 0) && k < data_sets_pairs(data); k++)
        FL_CHECK(fl_dataset_damage(&data->sets[2 * k + 1], noise, erase, data->seed + k, 0));
    return FL_OK;
}

void data_sets_clear(data_sets *data) {
    for (uint64_t k = 0; data->sets && k < 2 * data_sets_pairs(data); k++)
        fl_dataset_clear(&data->sets[k]);
    free(data->sets);
    data->sets = NULL;
}

const fl_dataset *data_sets_at(const data_sets *data, uint64_t k) {
    return data->sets + (data_sets_pairs(data) == 1 ? 0 : 2 * k);
}
