/* Input files as part of what a checkpoint is known by: see fl_run_network in cli.h. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <zlib.h>

#include "fixland/matrix.h"
#include "src/cli/internal.h"
#include "src/io/io.h"

fl_status fl_run_network(fl_run *run, const char *path, bool transpose, fl_network *network) {
    FL_CHECK(fl_cli_input_apart(run, path));
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
        status = fl_fail_read(path, errno);
    else if (!bytes)
        status = fl_fail(FL_ENOMEM, "out of memory for reading %s", path);
    else {
        while ((count = fread(bytes, 1, CHUNK, file)) > 0)
            *sum = crc32_z(*sum, bytes, count);
        if (ferror(file))
            status = fl_fail_read(path, errno);
    }
    if (file)
        fclose(file);
    free(bytes);
    return status;
}

/* A pipe or a device, whose bytes come once. */
static bool comes_once(const char *path) {
    struct stat status;
    return stat(path, &status) == 0 && !S_ISREG(status.st_mode) && !S_ISDIR(status.st_mode);
}

static fl_status know_input(fl_run *run, const char *path) {
    unsigned long sum;
    char key[300];
    FL_CHECK(fl_cli_input_apart(run, path));
    if (comes_once(path))
        return fl_cli_resumable(&run->common)
                   ? fl_fail(FL_EUSAGE,
                             "%s can be read only once, and the checkpoint of --output is to know "
                             "its content; give a file",
                             path)
                   : FL_OK;
    FL_CHECK(checksum(path, &sum));
    snprintf(key, sizeof key, "content of %.250s", path);
    return fl_run_record(run, key, "%08lx", sum);
}

fl_status fl_run_inputs(fl_run *run, const char *const *paths, size_t count) {
    for (size_t k = 0; k < count; k++)
        FL_CHECK(know_input(run, paths[k]));
    return FL_OK;
}
