/* Files of numbers, as --input takes them. */
#include <math.h>
#include <stdlib.h>

#include "fixland/sampling.h"
#include "tests/fuzz/fuzz.h"
#include "tests/fuzz/memory.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length) {
    double *values;
    size_t count;
    if (fl_numbers_read(fuzz_memory(bytes, length), &values, &count) != FL_OK)
        return 0;
    fuzz_promise(count > 0, "there are numbers");
    for (size_t k = 0; k < count; k++)
        fuzz_promise(isfinite(values[k]), "numbers are finite");
    free(values);
    return 0;
}
