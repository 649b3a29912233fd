/* The four files of a folder like that of MNIST: see idx.h. */
#define _GNU_SOURCE /* asprintf */
#include "fixland/idx.h"

#include <dirent.h>
#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "src/io/io.h"

/* What a name tells: parts of it in lower case, which archives put together in several ways:
 * train-images-idx3-ubyte, train-images.idx3-ubyte, emnist-digits-train-images-idx3-ubyte.gz. */
typedef struct wanted {
    const char *const *parts; /* one of these */
    const char *kind, *ending;
} wanted;

static bool ends_with(const char *name, const char *ending) {
    size_t length = strlen(name), tail = strlen(ending);
    return length >= tail && strcmp(name + length - tail, ending) == 0;
}

/* Length of the name without .gz where it is one that is wanted, else 0. */
static size_t is_wanted(const char *name, const wanted *w) {
    char plain[256];
    size_t length = strlen(name) - (ends_with(name, ".gz") ? 3 : 0);
    if (length >= sizeof plain)
        return 0;
    memcpy(plain, name, length);
    plain[length] = 0;
    const char *kind = strstr(plain, w->kind);
    if (!kind || !ends_with(plain, w->ending))
        return 0;
    for (const char *const *part = w->parts; *part; part++) {
        size_t size = strlen(*part);
        bool before = kind >= plain + size + 1 && strncmp(kind - size - 1, *part, size) == 0;
        bool begins = kind == plain + size + 1 || (before && strchr("-_.", kind[-(long)size - 2]));
        if (before && begins)
            return length;
    }
    return 0;
}

/* Takes `name` as the file found; of a plain and a packed one of the same name, the plain one. */
static fl_status take_name(char **found, const char *folder, const char *name, size_t length) {
    char *old = *found;
    if (old && (strncmp(old, name, length) != 0 || (old[length] && strcmp(old + length, ".gz"))))
        return fl_fail(FL_EFORMAT, "%s: both %s and %s could be meant; keep one set in the folder",
                       folder, old, name);
    if (old && strlen(old) <= strlen(name))
        return FL_OK;
    free(old);
    *found = strdup(name);
    return *found ? FL_OK : fl_fail(FL_ENOMEM, "out of memory for the name of a file");
}

/* folder/name of the one file that is wanted, to be freed. */
static fl_status find_idx_folder(char **path, const char *folder, const wanted *w) {
    char *found = NULL;
    fl_status status = FL_OK;
    *path = NULL;
    DIR *directory = opendir(folder);
    if (!directory)
        return fl_fail_read(folder, errno);
    for (struct dirent *entry; status == FL_OK && (entry = readdir(directory));) {
        size_t length = is_wanted(entry->d_name, w);
        if (length)
            status = take_name(&found, folder, entry->d_name, length);
    }
    closedir(directory);
    if (status == FL_OK && !found)
        status = fl_fail(FL_EIO, "%s: neither %s-%s-%s nor %s-%s-%s.gz is there", folder,
                         w->parts[0], w->kind, w->ending, w->parts[0], w->kind, w->ending);
    if (status == FL_OK && asprintf(path, "%s/%s", folder, found) < 0)
        status = fl_fail(FL_ENOMEM, "out of memory for the name of a file");
    free(found);
    return status;
}

static fl_status read_part(fl_images *images, const char *folder, const char *const *parts,
                           size_t classes) {
    char *pixels = NULL, *labels = NULL;
    fl_status status = find_idx_folder(&pixels, folder, &(wanted){parts, "images", "idx3-ubyte"});
    if (status == FL_OK)
        status = find_idx_folder(&labels, folder, &(wanted){parts, "labels", "idx1-ubyte"});
    if (status == FL_OK)
        status = fl_images_read(images, pixels, labels, classes);
    free(pixels);
    free(labels);
    return status;
}

static fl_status check_idx_folder_sizes(const fl_images *train, const fl_images *test,
                                        const char *folder) {
    if (train->rows == test->rows && train->columns == test->columns)
        return FL_OK;
    return fl_fail(FL_EFORMAT, "%s: training images are %zu x %zu, but test images %zu x %zu",
                   folder, train->rows, train->columns, test->rows, test->columns);
}

fl_status fl_images_read_folder(fl_images *train, fl_images *test, const char *folder,
                                size_t classes) {
    memset(train, 0, sizeof *train);
    memset(test, 0, sizeof *test);
    static const char *const training[] = {"train", NULL}, *const testing[] = {"t10k", "test",
                                                                               NULL};
    fl_status status = read_part(train, folder, training, classes);
    if (status == FL_OK)
        status = read_part(test, folder, testing, classes);
    if (status == FL_OK)
        status = check_idx_folder_sizes(train, test, folder);
    if (status != FL_OK) {
        fl_images_clear(train);
        fl_images_clear(test);
    }
    return status;
}
