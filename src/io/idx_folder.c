/* The four files of a folder like that of MNIST: see idx.h. */
#include "fixland/idx.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "src/io/io.h"

/* folder/name or folder/name.gz, whichever is there (the plain one first), to be freed. */
static fl_status find(char **path, const char *folder, const char *name) {
    size_t length = strlen(folder) + strlen(name) + sizeof "/.gz";
    *path = malloc(length);
    if (!*path)
        return fl_fail(FL_ENOMEM, "out of memory for the name of a file");
    for (int packed = 0; packed < 2; packed++) {
        snprintf(*path, length, "%s/%s%s", folder, name, packed ? ".gz" : "");
        if (access(*path, F_OK) == 0)
            return FL_OK;
    }
    free(*path);
    *path = NULL;
    return fl_fail(FL_EIO, "%s: neither %s nor %s.gz is there", folder, name, name);
}

static fl_status read_part(fl_images *images, const char *folder, const char *part,
                           size_t classes) {
    char name[64], *pixels = NULL, *labels = NULL;
    snprintf(name, sizeof name, "%s-images-idx3-ubyte", part);
    fl_status status = find(&pixels, folder, name);
    snprintf(name, sizeof name, "%s-labels-idx1-ubyte", part);
    if (status == FL_OK)
        status = find(&labels, folder, name);
    if (status == FL_OK)
        status = fl_images_read(images, pixels, labels, classes);
    free(pixels);
    free(labels);
    return status;
}

static fl_status check_sizes(const fl_images *train, const fl_images *test, const char *folder) {
    if (train->rows == test->rows && train->columns == test->columns)
        return FL_OK;
    return fl_fail(FL_EFORMAT, "%s: training images are %zu x %zu, but test images %zu x %zu",
                   folder, train->rows, train->columns, test->rows, test->columns);
}

fl_status fl_images_read_folder(fl_images *train, fl_images *test, const char *folder,
                                size_t classes) {
    memset(train, 0, sizeof *train);
    memset(test, 0, sizeof *test);
    fl_status status = read_part(train, folder, "train", classes);
    if (status == FL_OK)
        status = read_part(test, folder, "t10k", classes);
    if (status == FL_OK)
        status = check_sizes(train, test, folder);
    if (status != FL_OK) {
        fl_images_clear(train);
        fl_images_clear(test);
    }
    return status;
}
