/* HDF5 files as stores. */
#include <stdlib.h>

#include "fixland/spins.h"
#include "fixland/store.h"
#include "tests/fuzz/fuzz.h"

static void read_store(const char *path) {
    fl_store_reader *reader;
    const fl_store_set *sets;
    size_t count;
    if (fl_store_open(&reader, path) != FL_OK)
        return;
    fl_store_sets(reader, &sets, &count);
    for (size_t k = 0; k < count && k < 4; k++) {
        size_t rows = sets[k].count < 100 ? (size_t)sets[k].count : 100;
        uint64_t *spins = malloc((rows * fl_spins_words(sets[k].n) + 1) * sizeof *spins);
        fl_network network;
        if (spins)
            fl_store_read(reader, &sets[k], 0, rows, spins);
        free(spins);
        if (fl_store_read_network(reader, sets[k].n, sets[k].sample, &network) == FL_OK)
            fl_network_clear(&network);
    }
    fl_store_reader_close(reader);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length) {
    read_store(fuzz_file(bytes, length));
    return 0;
}
