/* Trained networks. */
#include "fixland/model.h"
#include "tests/fuzz/fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length) {
    fl_model m;
    if (fl_model_read(&m, fuzz_file(bytes, length)) == FL_OK)
        fl_model_clear(&m);
    return 0;
}
