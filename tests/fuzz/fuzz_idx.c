/* IDX files, plain and packed: the input as images, then as labels, beside a good file of the other
 * kind. */
#include <stdio.h>

#include "fixland/idx.h"
#include "tests/fuzz/fuzz.h"

static void read_both(const char *pixels, const char *labels) {
    fl_images images;
    if (fl_images_read(&images, pixels, labels, 10) == FL_OK)
        fl_images_clear(&images);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length) {
    static const uint8_t good[] = {0, 0, 8, 3, 0, 0, 0, 1, 0, 0, 0, 1, 0, 0, 0, 1, 7};
    const char *path = fuzz_file(bytes, length), *other = fuzz_other();
    FILE *file = fopen(other, "wb");
    fuzz_promise(file && fwrite(good, 1, sizeof good, file) == sizeof good && fclose(file) == 0,
                 "there is room for a small file");
    read_both(path, other);
    read_both(other, path);
    return 0;
}
