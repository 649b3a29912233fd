/* See matrix.h. */
#include "tests/fuzz/matrix.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "fixland/matrix.h"
#include "src/io/matrix_formats.h"
#include "tests/fuzz/fuzz.h"
#include "tests/fuzz/memory.h"

static int same(const fl_network *a, const fl_network *b) {
    return a->n == b->n && memcmp(a->J, b->J, a->n * a->n * sizeof *a->J) == 0 &&
           memcmp(a->diagonal, b->diagonal, a->n * sizeof *a->diagonal) == 0;
}

static void there_and_back(const fl_network *network, int npy) {
    fl_network back;
    char *text = NULL;
    size_t length = 0;
    FILE *stream = open_memstream(&text, &length);
    fuzz_promise(stream != NULL, "there is memory");
    if (npy)
        fl_matrix_write_npy(network, stream);
    else
        fl_matrix_write_text(network, stream, NULL);
    fuzz_promise(fclose(stream) == 0, "a matrix is written");
    const char *path = fuzz_memory((const uint8_t *)text, length);
    fuzz_promise(fl_matrix_read(&back, path) == FL_OK && same(network, &back),
                 "a matrix reads back to the same bits");
    fl_network_clear(&back);
    free(text);
}

void fuzz_matrix(const uint8_t *bytes, size_t length) {
    fl_network network;
    if (fl_matrix_read(&network, fuzz_memory(bytes, length)) != FL_OK)
        return;
    there_and_back(&network, 0);
    there_and_back(&network, 1);
    fl_network_clear(&network);
}
