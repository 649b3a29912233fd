/* Trained networks. */
#include "mc/learn/model_file.h"
#include "tests/fuzz/fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length) {
    model m;
    if (model_read(&m, fuzz_file(bytes, length)) == FL_OK)
        model_clear(&m);
    return 0;
}
