/* Input files as part of what a checkpoint is known by: see fl_run_network in cli.h. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <zlib.h>

#include "fixland/matrix.h"
#include "src/cli/internal.h"

/* One line more that decides the result. */
static fl_status decide_text(fl_run *run, const char *key, const char *value) {
    size_t length = strlen(run->fingerprint), room = strlen(key) + strlen(value) + 4;
    char *longer = realloc(run->fingerprint, length + room);
    if (!longer)
        return fl_fail(FL_ENOMEM, "out of memory for the name of a checkpoint");
    snprintf(longer + length, room, "%s: %s\n", key, value);
    run->fingerprint = longer;
    return FL_OK;
}

static fl_status decide(fl_run *run, const char *key, unsigned long checksum) {
    char text[32];
    snprintf(text, sizeof text, "%08lx", checksum);
    return decide_text(run, key, text);
}

fl_status fl_run_record(fl_run *run, const fl_meta *added) {
    for (size_t k = 0; k < added->count; k++) {
        FL_CHECK(fl_meta_set(&run->meta, added->keys[k], "%s", added->values[k]));
        FL_CHECK(decide_text(run, added->keys[k], added->values[k]));
    }
    return FL_OK;
}

fl_status fl_run_network(fl_run *run, const char *path, fl_network *network) {
    static const char key[] = "network_crc32";
    FL_CHECK(fl_matrix_read(network, path));
    size_t n = network->n;
    unsigned long sum = crc32_z(0, (const unsigned char *)network->J, n * n * sizeof(double));
    sum = crc32_z(sum, (const unsigned char *)network->diagonal, n * sizeof(double));
    fl_status status = fl_meta_set(&run->meta, key, "%08lx", sum);
    if (status == FL_OK)
        status = decide(run, key, sum);
    if (status != FL_OK)
        fl_network_clear(network);
    return status;
}

static fl_status checksum(const char *path, unsigned long *sum) {
    enum { CHUNK = 1 << 16 };
    FILE *file = fopen(path, "rb");
    unsigned char *bytes = malloc(CHUNK);
    size_t count;
    fl_status status = FL_OK;
    *sum = 0;
    if (!file)
        status = fl_fail(FL_EIO, "%s cannot be read", path);
    else if (!bytes)
        status = fl_fail(FL_ENOMEM, "out of memory for reading %s", path);
    else {
        while ((count = fread(bytes, 1, CHUNK, file)) > 0)
            *sum = crc32_z(*sum, bytes, count);
        if (ferror(file))
            status = fl_fail(FL_EIO, "%s cannot be read", path);
    }
    if (file)
        fclose(file);
    free(bytes);
    return status;
}

fl_status fl_run_inputs(fl_run *run, const char *const *paths, size_t count) {
    for (size_t k = 0; fl_cli_resumable(&run->common) && k < count; k++) {
        unsigned long sum;
        FL_CHECK(checksum(paths[k], &sum));
        FL_CHECK(decide(run, "file_crc32", sum));
    }
    return FL_OK;
}
