/* Files of --config: the settings they make, and of some lengths the whole life of a tool. */
#include <stdlib.h>

#include "tests/fuzz/fuzz.h"
#include "tests/fuzz/memory.h"
#include "tests/fuzz/tool.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length) {
    char name[] = "fl-fuzz", option[] = "--config", jd[] = "--jd=1";
    char *text = fuzz_text(bytes, length);
    int skip = fuzz_long_range(text, length);
    free(text);
    if (skip)
        return 0;
    char *words[] = {name, option, (char *)(uintptr_t)fuzz_memory(bytes, length), jd, NULL};
    if (length % 32 == 0)
        fuzz_tool(4, words);
    else
        fuzz_tool_settings(4, words);
    return 0;
}
