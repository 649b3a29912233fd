/* Files of --config. */
#include "tests/fuzz/fuzz.h"
#include "tests/fuzz/memory.h"
#include "tests/fuzz/tool.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length) {
    char name[] = "fl-fuzz", option[] = "--config", jd[] = "--jd=1";
    char *words[] = {name, option, (char *)(uintptr_t)fuzz_memory(bytes, length), jd, NULL};
    fuzz_tool(4, words);
    return 0;
}
