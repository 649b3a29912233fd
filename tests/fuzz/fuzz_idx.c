/* IDX files, plain and packed: the input as images, then as labels, beside a good file of the other
 * kind. */
#include "fixland/idx.h"
#include "tests/fuzz/fuzz.h"
#include "tests/fuzz/memory.h"

static void read_both(const char *pixels, const char *labels) {
    fl_images images;
    if (fl_images_read(&images, pixels, labels, 10) == FL_OK)
        fl_images_clear(&images);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length) {
    static const uint8_t image[] = {0, 0, 8, 3, 0, 0, 0, 1, 0, 0, 0, 1, 0, 0, 0, 1, 7};
    const char *path = fuzz_memory(bytes, length);
    read_both(path, fuzz_memory_other(image, sizeof image));
    read_both(fuzz_memory_other(image, sizeof image), path);
    return 0;
}
