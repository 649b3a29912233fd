/* NumPy files, built here byte by byte: every type, order and version; every refusal. */
#include <math.h>

#include "fixland/matrix.h"
#include "fixland/sampling.h"
#include "tests/support/draw.h"
#include "tests/support/files.h"
#include "tests/support/support.h"

typedef struct npy {
    unsigned char bytes[2048];
    size_t length;
} npy;

static void npy_header(npy *file, int version, const char *text) {
    size_t width = version == 1 ? 2 : 4, length = strlen(text);
    memcpy(file->bytes, "\x93NUMPY", 6);
    file->bytes[6] = (unsigned char)version;
    file->bytes[7] = 0;
    for (size_t k = 0; k < width; k++)
        file->bytes[8 + k] = (unsigned char)(length >> 8 * k);
    memcpy(file->bytes + 8 + width, text, length);
    file->length = 8 + width + length;
}

/* Appends `value` as a number of that type, in that order of bytes. */
static void npy_number(npy *file, const char *type, bool big, double value) {
    size_t size = (size_t)(type[1] - '0');
    float single = (float)value;
    uint64_t bits = (uint64_t)(int64_t)value;
    uint32_t half;
    if (type[0] == 'f' && size == 8)
        memcpy(&bits, &value, 8);
    if (type[0] == 'f' && size == 4) {
        memcpy(&half, &single, 4);
        bits = half;
    }
    for (size_t k = 0; k < size; k++)
        file->bytes[file->length++] = (unsigned char)(bits >> 8 * (big ? size - 1 - k : k));
}

static void forms_of_npy(void **state) {
    (void)state;
    static const char *const types[] = {"f4", "f8", "i1", "i2", "i4", "i8", "u1", "u2", "u4", "u8"};
    npy file;
    char text[128], type[4];
    for (int k = 0; k < 10 * 2 * 2 * 3; k++) {
        const char *kind = types[k % 10];
        bool big = k / 10 % 2, fortran = k / 20 % 2;
        snprintf(type, sizeof type, "%c%s", big ? '>' : kind[1] == '1' ? '|' : '<', kind);
        snprintf(text, sizeof text, "{'descr': '%s', 'fortran_order': %s, 'shape': (3, 3), }  \n",
                 type, fortran ? "True" : "False");
        npy_header(&file, 1 + k / 40, text);
        for (int e = 0; e < 9; e++)
            npy_number(&file, kind, big, test_one_to_nine[fortran ? e % 3 * 3 + e / 3 : e]);
        test_write_bytes(test_path("m.npy"), file.bytes, file.length);
        test_assert_nine(test_path("m.npy"));
    }
    npy_header(&file, 1, "{\"shape\":(3L,3L),\"fortran_order\":False,\"descr\":\"=i1\"}");
    for (int e = 0; e < 9; e++)
        npy_number(&file, "i1", false, test_one_to_nine[e]);
    test_write_bytes(test_path("renamed.txt"), file.bytes, file.length); /* told by content */
    test_assert_nine(test_path("renamed.txt"));
}

static void signed_and_large_numbers_in_npy(void **state) {
    (void)state;
    static const double values[][2] = {
        {-128, 127}, {-32768, 32767}, {-2147483648.0, 2147483647}, {-0x1p63, 0x1p62}};
    for (int k = 0; k < 4; k++) {
        npy file;
        fl_network network;
        char text[128], kind[3] = {'i', (char)('0' + (1 << k)), 0};
        snprintf(text, sizeof text, "{'descr': '<%s', 'fortran_order': False, 'shape': (2, 2), }",
                 kind);
        npy_header(&file, 1, text);
        for (int e = 0; e < 4; e++)
            npy_number(&file, kind, false, values[k][e % 2]);
        test_write_bytes(test_path("m.npy"), file.bytes, file.length);
        assert_ok(fl_matrix_read(&network, test_path("m.npy")));
        assert_true(network.diagonal[0] == values[k][0] && network.J[1] == values[k][1]);
        fl_network_clear(&network);
    }
}

static const struct {
    const char *header, *says;
} refused_npy[] = {
    {"{'descr': '<f8', 'fortran_order': False, 'shape': (2, 3), }", "2 x 3"},
    {"{'descr': '<f8', 'fortran_order': False, 'shape': (0, 0), }", "0 x 0"},
    {"{'descr': '<f8', 'fortran_order': False, 'shape': (9,), }", "1 dimensions"},
    {"{'descr': '<f8', 'fortran_order': False, 'shape': (), }", "0 dimensions"},
    {"{'descr': '<f8', 'fortran_order': False, 'shape': (1, 3, 3), }", "3 dimensions"},
    {"{'descr': '<f8', 'fortran_order': False, 'shape': (a, 3), }", "shape"},
    {"{'descr': '<f8', 'fortran_order': False, 'shape': (-3, -3), }", "shape"},
    {"{'descr': '<f8', 'fortran_order': False, }", "shape"},
    {"{'descr': '<f8', 'shape': (3, 3), }", "fortran_order"},
    {"{'fortran_order': False, 'shape': (3, 3), }", "type"},
    {"{'descr': [('a', '<f8')], 'fortran_order': False, 'shape': (3, 3), }", "type"},
    {"{'descr': '<c16', 'fortran_order': False, 'shape': (3, 3), }", "'<c16'"},
    {"{'descr': '<f16', 'fortran_order': False, 'shape': (3, 3), }", "'<f16'"},
    {"{'descr': '<f8', 'fortran_order': False, 'shape'", "shape"}, /* a quoted key at the end */
    {"{'descr': '|O', 'fortran_order': False, 'shape': (3, 3), }", "'|O'"},
    {"{'descr': '<f8', 'fortran_order': False, 'shape': (4, 4), }", "truncated: 72 bytes"},
    {"{'descr': '<f8', 'fortran_order': False, 'shape': (2, 2), }", "more in the file"},
    {"{'descr': '<f8', 'fortran_order': False, 'shape': (1000000, 1000000), }", "truncated"},
    {"{'descr': '<f8', 'fortran_order': False, 'shape': (4294967296, 4294967296), }", "truncated"},
    {"{'descr': '<f8', 'fortran_order': False, 'shape': (99999999999999999999, 1), }", "shape"},
};

static void npy_files_that_are_refused(void **state) {
    (void)state;
    const char *path = test_path("m.npy");
    fl_network network;
    for (size_t k = 0; k < sizeof refused_npy / sizeof *refused_npy; k++) {
        npy file;
        npy_header(&file, 1, refused_npy[k].header);
        for (int e = 0; e < 9; e++)
            npy_number(&file, "f8", false, test_one_to_nine[e]);
        test_write_bytes(path, file.bytes, file.length);
        assert_status(FL_EFORMAT, fl_matrix_read(&network, path));
        if (!strstr(fl_message(), path) || !strstr(fl_message(), refused_npy[k].says))
            fail_msg("%s is told as: %s", refused_npy[k].header, fl_message());
    }
}

static void npy_files_cut_or_changed(void **state) {
    (void)state;
    const char *path = test_path("m.npy");
    fl_network network;
    npy file;
    npy_header(&file, 1, "{'descr': '<f8', 'fortran_order': False, 'shape': (3, 3), }");
    for (int e = 0; e < 9; e++)
        npy_number(&file, "f8", false, e == 5 ? NAN : test_one_to_nine[e]);
    test_write_bytes(path, file.bytes, file.length);
    assert_status(FL_EFORMAT, fl_matrix_read(&network, path));
    assert_non_null(strstr(fl_message(), "coupling (1, 2) is nan"));
    for (size_t cut = 1; cut < file.length; cut++) {
        test_write_bytes(path, file.bytes, cut);
        assert_status(FL_EFORMAT, fl_matrix_read(&network, path));
        assert_non_null(strstr(fl_message(), "truncated"));
    }
    file.bytes[6] = 4;
    test_write_bytes(path, file.bytes, file.length);
    assert_status(FL_EFORMAT, fl_matrix_read(&network, path));
    assert_non_null(strstr(fl_message(), "version 4.0"));
    file.bytes[1] = 'X';
    test_write_bytes(path, file.bytes, file.length);
    assert_status(FL_EFORMAT, fl_matrix_read(&network, path));
}

/* binary16: signs, subnormal numbers, the largest, both orders of bytes. */
static void half_precision_in_npy(void **state) {
    (void)state;
    static const struct {
        unsigned bits;
        double value;
    } halves[4] = {{0x3c00, 1}, {0xc500, -5}, {0x0001, 0x1p-24}, {0x7bff, 65504}};
    for (int big = 0; big < 2; big++) {
        npy file;
        fl_network network;
        npy_header(&file, 1,
                   big ? "{'descr': '>f2', 'fortran_order': False, 'shape': (2, 2), }"
                       : "{'descr': '<f2', 'fortran_order': False, 'shape': (2, 2), }");
        for (int e = 0; e < 4; e++)
            for (int b = 0; b < 2; b++)
                file.bytes[file.length++] =
                    (unsigned char)(halves[e].bits >> 8 * (big ? 1 - b : b));
        test_write_bytes(test_path("m.npy"), file.bytes, file.length);
        assert_ok(fl_matrix_read(&network, test_path("m.npy")));
        assert_true(network.diagonal[0] == halves[0].value && network.J[1] == halves[1].value &&
                    network.J[2] == halves[2].value && network.diagonal[1] == halves[3].value);
        fl_network_clear(&network);
    }
}

/* Lists of numbers, as --input reads them: one dimension, or two of which one is 1. */
static void lists_in_npy(void **state) {
    (void)state;
    static const struct {
        const char *shape, *says; /* says: NULL where it is read */
        int numbers;
    } cases[] = {{"(5,)", NULL, 5},
                 {"(5, 1)", NULL, 5},
                 {"(1, 5)", NULL, 5},
                 {"(5,)", "truncated", 4},
                 {"(5,)", "more in the file", 6},
                 {"(2, 3)", "2 dimensions where a list", 6},
                 {"(1, 1, 5)", "3 dimensions where a list", 5},
                 {"()", "0 dimensions where a list", 1},
                 {"(0,)", "no numbers", 0},
                 {"(1000000000000000000,)", "truncated", 5},
                 {"(10000001,)", "truncated", 5},
                 {"(18446744073709551615, 1)", "truncated", 5}};
    const char *path = test_path("x.npy");
    char text[128];
    double *values;
    size_t count;
    for (size_t k = 0; k < 2 * sizeof cases / sizeof *cases; k++) {
        const char *says = cases[k / 2].says;
        npy file;
        snprintf(text, sizeof text, "{'descr': '>f4', 'fortran_order': %s, 'shape': %s, }",
                 k % 2 ? "True" : "False", cases[k / 2].shape);
        npy_header(&file, 1, text);
        for (int e = 0; e < cases[k / 2].numbers; e++)
            npy_number(&file, "f4", true, e - 1.5);
        test_write_bytes(path, file.bytes, file.length);
        if (says)
            assert_status(FL_EFORMAT, fl_numbers_read(path, &values, &count));
        if (says && !strstr(fl_message(), says))
            fail_msg("shape %s is told as: %s", cases[k / 2].shape, fl_message());
        if (says)
            continue;
        assert_ok(fl_numbers_read(path, &values, &count));
        assert_int_equal(count, 5);
        for (int e = 0; e < 5; e++)
            assert_true(values[e] == e - 1.5);
        free(values);
    }
    npy file;
    npy_header(&file, 1, "{'descr': '<f8', 'fortran_order': False, 'shape': (2,), }");
    npy_number(&file, "f8", false, 1);
    npy_number(&file, "f8", false, NAN);
    test_write_bytes(path, file.bytes, file.length);
    assert_status(FL_EFORMAT, fl_numbers_read(path, &values, &count));
    assert_non_null(strstr(fl_message(), "number 2 is nan"));
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(forms_of_npy, test_empty_scratch),
        cmocka_unit_test_setup(signed_and_large_numbers_in_npy, test_empty_scratch),
        cmocka_unit_test_setup(half_precision_in_npy, test_empty_scratch),
        cmocka_unit_test_setup(lists_in_npy, test_empty_scratch),
        cmocka_unit_test_setup(npy_files_that_are_refused, test_empty_scratch),
        cmocka_unit_test_setup(npy_files_cut_or_changed, test_empty_scratch),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
