/* Input files as part of what a checkpoint is known by: see fl_run_network in cli.h. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <zlib.h>

#include "fixland/matrix.h"
#include "src/cli/internal.h"

fl_status fl_run_network(fl_run *run, const char *path, bool transpose, fl_network *network) {
    FL_CHECK(fl_matrix_read(network, path));
    if (transpose)
        fl_network_transpose(network);
    size_t n = network->n;
    unsigned long sum = crc32_z(0, (const unsigned char *)network->J, n * n * sizeof(double));
    sum = crc32_z(sum, (const unsigned char *)network->diagonal, n * sizeof(double));
    fl_status status = fl_run_record(run, "network_crc32", "%08lx", sum);
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
        char key[300], value[16];
        FL_CHECK(checksum(paths[k], &sum));
        snprintf(key, sizeof key, "content of %.250s", paths[k]);
        snprintf(value, sizeof value, "%08lx", sum);
        FL_CHECK(fl_cli_decide(run, key, value));
    }
    return FL_OK;
}
