/* Tables, text and JSON. */
#include <math.h>
#include <string.h>

#include "fixland/table.h"
#include "tests/fuzz/fuzz.h"
#include "tests/fuzz/memory.h"

/* Cells beyond the first ones would only repeat what these show. */
enum { CELLS = 12 };

static void check_cell(const fl_frame *frame, size_t row, size_t column) {
    uint64_t whole;
    double real;
    bool is_whole = fl_frame_whole(frame, row, column, &whole) == FL_OK;
    bool is_real = fl_frame_number(frame, row, column, &real) == FL_OK;
    fuzz_promise(!is_whole || (is_real && fabs(real - (double)whole) <= 2e-16 * real),
                 "a whole number is a number, and the same one");
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length) {
    fl_frame frame;
    if (fl_frame_read(&frame, fuzz_memory(bytes, length)) != FL_OK)
        return 0;
    for (size_t k = 0; k < frame.rows * frame.columns; k++) {
        fuzz_promise(frame.text[k] != NULL, "each cell has a text");
        if (k < CELLS)
            check_cell(&frame, k / frame.columns, k % frame.columns);
    }
    fl_frame_clear(&frame);
    return 0;
}
