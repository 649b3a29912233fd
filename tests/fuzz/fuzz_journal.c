/* Checkpoints: what is read is a prefix of whole records, the file is cut behind it, and another
 * record can be added and read. An input that begins with a byte 1 is a list of records behind a good header;
 * with 2, records whose checksums are made good, so that what they say is looked at. */
#include <stdlib.h>
#include <string.h>
#include <zlib.h>

#include "fixland/journal.h"
#include "src/io/bytes.h"
#include "tests/fuzz/fuzz.h"
#include "tests/fuzz/memory.h"

static const char fingerprint[] = "seed: 1\n";
enum {
    MAGIC = 18,
    TEXT = sizeof fingerprint - 1,
    HEADER = MAGIC + 4 + TEXT + 4,
    HEAD = 16,
    CRC = 4
};

/* Reads all records of the journal; -1 when it is refused. */
static long count_records(const char *path, fl_journal **journal) {
    bool found = true;
    long count = 0;
    if (fl_journal_open(journal, path, fingerprint, true, false) != FL_OK)
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

static void put_header(uint8_t *to) {
    memcpy(to, "fixland journal 1\n", MAGIC);
    fl_put_number(to + MAGIC, TEXT, 4);
    memcpy(to + MAGIC + 4, fingerprint, TEXT);
    fl_put_number(to + MAGIC + 4 + TEXT, crc32_z(0, to, MAGIC + 4 + TEXT), CRC);
}

/* Cuts lengths to what follows, and sets the checksums. */
static long mend_records(uint8_t *bytes, size_t length) {
    long count = 0;
    while (length >= HEAD + CRC) {
        size_t most = length - HEAD - CRC;
        uint64_t payload = fl_get_number(bytes + 8, 8) & 63;
        payload = payload < most ? payload : most;
        fl_put_number(bytes + 8, payload, 8);
        fl_put_number(bytes + HEAD + payload, crc32_z(0, bytes, HEAD + payload), CRC);
        bytes += HEAD + payload + CRC;
        length -= HEAD + payload + CRC;
        count++;
    }
    return count;
}

static void try_journal(const uint8_t *bytes, size_t length, long expected) {
    fl_journal *journal;
    const char *path = fuzz_memory(bytes, length);
    long before = count_records(path, &journal);
    fuzz_promise(expected < 0 || before == expected, "whole records are read");
    if (before < 0)
        return;
    fuzz_promise(fl_journal_append(journal, 7, "abc", 3) == FL_OK, "a journal grows");
    fl_journal_close(journal, false);
    fuzz_promise(count_records(path, &journal) == before + 1, "what was added is read");
    fl_journal_close(journal, true);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length) {
    if (length == 0 || (bytes[0] != 1 && bytes[0] != 2)) {
        try_journal(bytes, length, -1);
        return 0;
    }
    uint8_t *file = malloc(HEADER + length);
    fuzz_promise(file != NULL, "there is memory");
    put_header(file);
    memcpy(file + HEADER, bytes + 1, length - 1);
    long expected = bytes[0] == 2 ? mend_records(file + HEADER, length - 1) : -1;
    try_journal(file, HEADER + length - 1, expected);
    free(file);
    return 0;
}
