/* Checkpoints: what is read is a prefix of whole records, the file is cut behind it, and another
 * record can be added and read. */
#include <string.h>

#include "fixland/journal.h"
#include "tests/fuzz/fuzz.h"

/* Reads all records of the journal; -1 when it is refused. */
static long count_records(const char *path, fl_journal **journal) {
    bool found = true;
    long count = 0;
    if (fl_journal_open(journal, path, "seed: 1\n", true, false) != FL_OK)
        return -1;
    while (found) {
        uint64_t task;
        const void *payload;
        size_t length;
        if (fl_journal_next(*journal, &found, &task, &payload, &length) != FL_OK)
            break;
        count += found;
    }
    return count;
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length) {
    fl_journal *journal;
    const char *path = fuzz_file(bytes, length);
    long before = count_records(path, &journal);
    if (before < 0)
        return 0;
    fuzz_promise(fl_journal_append(journal, 7, "abc", 3) == FL_OK, "a journal grows");
    fl_journal_close(journal, false);
    fuzz_promise(count_records(path, &journal) == before + 1, "what was added is read");
    fl_journal_close(journal, true);
    return 0;
}
