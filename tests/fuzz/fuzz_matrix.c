/* Matrices as text. */
#include "tests/fuzz/fuzz.h"
#include "tests/fuzz/matrix.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length) {
    if (length > 0 && (bytes[0] == 0x93 || bytes[0] == 0x89))
        return 0; /* fuzz_npy, fuzz_hdf5 */
    fuzz_matrix(bytes, length);
    return 0;
}
