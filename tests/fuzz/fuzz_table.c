/* Tables, text and JSON. */
#include <math.h>
#include <string.h>

#include "fixland/table.h"
#include "tests/fuzz/fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length) {
    fl_frame frame;
    if (fl_frame_read(&frame, fuzz_file(bytes, length)) != FL_OK)
        return 0;
    for (size_t k = 0; k < frame.rows; k++)
        for (size_t c = 0; c < frame.columns; c++) {
            uint64_t whole;
            double real;
            bool is_whole = fl_frame_whole(&frame, k, c, &whole) == FL_OK;
            bool is_real = fl_frame_number(&frame, k, c, &real) == FL_OK;
            fuzz_promise(!is_whole || (is_real && fabs(real - (double)whole) <= 2e-16 * real),
                         "a whole number is a number, and the same one");
            fuzz_promise(frame.text[k * frame.columns + c] != NULL, "each cell has a text");
        }
    fl_frame_clear(&frame);
    return 0;
}
