/* Reals as text: read back to the same bits, and never longer than need be. */
#include <float.h>
#include <inttypes.h>
#include <math.h>

#include "fixland/table.h"
#include "tests/support/files.h"
#include "tests/support/python.h"
#include "tests/support/reals.h"
#include "tests/support/support.h"

/* The fewest digits of any decimal that reads back to `value`: for each length the decimal nearest
 * to it and its two neighbours. */
static int fewest_digits(double value) {
    for (int digits = 1; digits < 17; digits++) {
        char text[64], *exponent;
        snprintf(text, sizeof text, "%.*e", digits - 1, fabs(value));
        exponent = strchr(text, 'e');
        long long mantissa = 0;
        for (const char *c = text; c < exponent; c++)
            if (*c != '.')
                mantissa = 10 * mantissa + (*c - '0');
        for (int shift = -1; shift <= 1; shift++) {
            char trial[64];
            snprintf(trial, sizeof trial, "%llde%d", mantissa + shift,
                     atoi(exponent + 1) - digits + 1);
            if (strtod(trial, NULL) == fabs(value))
                return digits;
        }
    }
    return 17;
}

/* Significant digits of a decimal, without zeros at its ends. */
static int digits_of(const char *text) {
    int digits = 0, zeros = 0;
    for (; *text && *text != 'e'; text++) {
        if (*text < '0' || *text > '9' || (*text == '0' && digits == 0))
            continue;
        zeros = *text == '0' ? zeros + 1 : 0;
        digits++;
    }
    return digits - zeros;
}

static void reals_read_back_and_are_shortest(void **state) {
    (void)state;
    fl_rng rng = test_stream("reals");
    int count = test_fast() ? 3000 : 60000;
    for (int k = 0; k < count; k++) {
        char text[32];
        double value = k < 2098 ? ldexp(1, k - 1074) : test_draw_real(&rng);
        fl_format_real(text, value);
        double back = strtod(text, NULL);
        if (test_bits_of(back) != test_bits_of(value))
            fail_msg("%a became %s", value, text);
        if (value != 0 && digits_of(text) != fewest_digits(value))
            fail_msg("%s has %d digits, %d are enough", text, digits_of(text),
                     fewest_digits(value));
    }
}

static void special_reals(void **state) {
    (void)state;
    const struct {
        double value;
        const char *text;
    } known[] = {{0, "0"},
                 {-0.0, "-0"},
                 {1, "1"},
                 {0.1, "0.1"},
                 {-2.5, "-2.5"},
                 {1e22, "1e+22"},
                 {5e-324, "5e-324"},
                 {DBL_MAX, "1.7976931348623157e+308"},
                 {0x1p-44, "5.684341886080802e-14"},
                 {NAN, "nan"},
                 {-NAN, "nan"},
                 {INFINITY, "inf"},
                 {-INFINITY, "-inf"}};
    for (size_t k = 0; k < sizeof known / sizeof *known; k++) {
        char text[32];
        fl_format_real(text, known[k].value);
        assert_string_equal(text, known[k].text);
    }
}

static void python_agrees_on_reals(void **state) {
    (void)state;
    test_need_python("json");
    fl_rng rng = test_stream("reals for Python");
    const char *path = test_path("reals.txt");
    FILE *file = fopen(path, "w");
    assert_non_null(file);
    for (int k = 0; k < 6000; k++) {
        char text[32];
        double value = k < 2098 ? ldexp(1, k - 1074) : test_draw_real(&rng);
        fl_format_real(text, value);
        fprintf(file, "%016" PRIx64 " %s\n", test_bits_of(value), text);
    }
    assert_int_equal(fclose(file), 0);
    test_python("import struct, sys\n"
                "def digits(t):\n"
                "    m = t.lower().split('e')[0].replace('-', '').replace('.', '')\n"
                "    return m.strip('0')\n"
                "for line in open(sys.argv[1]):\n"
                "    bits, text = line.split()\n"
                "    value = struct.unpack('>d', bytes.fromhex(bits))[0]\n"
                "    assert float(text).hex() == value.hex(), line\n"
                "    assert len(digits(text)) == len(digits(repr(value))), line\n",
                path);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(reals_read_back_and_are_shortest, test_empty_scratch),
        cmocka_unit_test_setup(special_reals, test_empty_scratch),
        cmocka_unit_test_setup(python_agrees_on_reals, test_empty_scratch),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
