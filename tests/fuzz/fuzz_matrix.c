/* Matrices as text and .npy: what is read is written and read back to the same bits. */
#include <string.h>

#include "fixland/matrix.h"
#include "tests/fuzz/fuzz.h"

static int same(const fl_network *a, const fl_network *b) {
    return a->n == b->n && memcmp(a->J, b->J, a->n * a->n * sizeof *a->J) == 0 &&
           memcmp(a->diagonal, b->diagonal, a->n * sizeof *a->diagonal) == 0;
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length) {
    fl_network network, back;
    if (length >= 4 && memcmp(bytes, "\211HDF", 4) == 0)
        return 0; /* fuzz_hdf5 */
    if (fl_matrix_read(&network, fuzz_file(bytes, length)) != FL_OK)
        return 0;
    const char *other = fuzz_other();
    fuzz_promise(fl_matrix_write(&network, other, false, NULL) == FL_OK, "a matrix is written");
    fuzz_promise(fl_matrix_read(&back, other) == FL_OK && same(&network, &back),
                 "a matrix reads back to the same bits");
    fl_network_clear(&network);
    fl_network_clear(&back);
    return 0;
}
