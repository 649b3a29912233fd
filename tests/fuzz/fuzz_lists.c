/* Lists and ranges of numbers as options take them. */
#include <stdlib.h>

#include "fixland/cli.h"
#include "tests/fuzz/fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length) {
    char *text = fuzz_text(bytes, length);
    fl_reals reals = {0};
    fl_integers integers = {0};
    uint64_t part, parts;
    double value;
    if (fuzz_long_range(text, length)) {
        free(text);
        return 0;
    }
    if (fl_parse_reals("--jd", text, -2, 6, &reals) == FL_OK)
        for (size_t k = 0; k < reals.count; k++)
            fuzz_promise(reals.values[k] >= -2 && reals.values[k] <= 6, "bounds hold");
    if (fl_parse_integers("--n", text, 1, 1e6, &integers) == FL_OK)
        for (size_t k = 0; k < integers.count; k++)
            fuzz_promise(integers.values[k] >= 1 && integers.values[k] <= 1000000, "bounds hold");
    if (fl_parse_shard(text, &part, &parts) == FL_OK)
        fuzz_promise(parts >= 1 && parts <= FL_SHARDS_MOST, "a shard is one of those there are");
    fl_parse_real("--x", text, -1e300, 1e300, &value);
    free(reals.values);
    free(integers.values);
    free(text);
    return 0;
}
