/* Lists and ranges of numbers as options take them. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "fixland/cli.h"
#include "tests/fuzz/fuzz.h"

/* A range of many numbers is allowed, and takes the time of everything else; few are let through. */
static int is_long(const char *text, size_t length) {
    double from, to, step;
    for (const char *colon = strchr(text, ':'); colon; colon = strchr(colon + 1, ':')) {
        const char *start = colon;
        while (start > text && !strchr(",: ", start[-1]))
            start--;
        if (sscanf(start, "%lf:%lf:%lf", &from, &to, &step) == 3 && (to - from) / step > 300)
            return length % 64 != 0;
        if (sscanf(start, "%lf:%lf", &from, &to) == 2 && to - from > 300)
            return length % 64 != 0;
    }
    return 0;
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length) {
    char *text = fuzz_text(bytes, length);
    fl_reals reals = {0};
    fl_integers integers = {0};
    uint64_t part, parts;
    double value;
    if (is_long(text, length)) {
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
        fuzz_promise(parts >= 1 && parts <= 1000, "a shard is one of those there are");
    fl_parse_real("--x", text, -1e300, 1e300, &value);
    free(reals.values);
    free(integers.values);
    free(text);
    return 0;
}
