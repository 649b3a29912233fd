/* Command lines: the input's lines are the words. */
#include <stdlib.h>
#include <string.h>

#include "tests/fuzz/fuzz.h"
#include "tests/fuzz/tool.h"

/* Words that would write files or wait for the terminal are left out. */
static int is_harmless(const char *word) {
    static const char *const bad[] = {"--o", "--config", "--conf", "--co", "-o"};
    for (size_t k = 0; k < sizeof bad / sizeof *bad; k++)
        if (strncmp(word, bad[k], strlen(bad[k])) == 0)
            return 0;
    return 1;
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length) {
    enum { MOST = 30 };
    char *text = fuzz_text(bytes, length), *save = NULL, *words[MOST + 2], name[] = "fl-fuzz";
    int count = 0;
    words[count++] = name;
    for (char *word = strtok_r(text, "\n", &save); word && count <= MOST;
         word = strtok_r(NULL, "\n", &save))
        if (is_harmless(word))
            words[count++] = word;
    words[count] = NULL;
    fuzz_tool(count, words);
    free(text);
    return 0;
}
