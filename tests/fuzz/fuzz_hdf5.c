/* HDF5 files as matrices. */
#include "fixland/matrix.h"
#include "tests/fuzz/fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length) {
    fl_network network;
    if (fl_matrix_read(&network, fuzz_file(bytes, length)) == FL_OK)
        fl_network_clear(&network);
    return 0;
}
