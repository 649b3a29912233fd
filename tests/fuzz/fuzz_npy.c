/* Matrices as .npy: the input from the header's length on, whatever its first bytes are. */
#include <string.h>

#include "tests/fuzz/fuzz.h"
#include "tests/fuzz/matrix.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length) {
    static const char magic[] = "\x93NUMPY";
    uint8_t file[4096];
    if (length < 6 || length > sizeof file)
        return 0;
    memcpy(file, bytes, length);
    memcpy(file, magic, 6);
    fuzz_matrix(file, length);
    return 0;
}
