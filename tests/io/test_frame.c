/* The reader of tables: what it takes, and what it refuses with which sentence. */
#include <math.h>

#include "fixland/table.h"
#include "tests/support/files.h"
#include "tests/support/support.h"

static void forms_of_text(void **state) {
    (void)state;
    fl_frame frame;
    test_write_text(test_path("t"), "# free words\n\n#key:  value : more\r\n#columns: a\tb[1/s]\r\n"
                                    "1 0x10\r\n\n# a: comment between\n\t -1e-3\tinfinity ");
    assert_ok(fl_frame_read(&frame, test_path("t")));
    assert_int_equal(frame.rows, 2);
    assert_int_equal(frame.meta.count, 1);
    assert_string_equal(fl_meta_get(&frame.meta, "key"), " value : more");
    assert_string_equal(frame.units[1], "1/s");
    assert_true(frame.real[0] == 1 && frame.real[2] == -1e-3);
    assert_true(isnan(frame.real[1]) && isnan(frame.real[3])); /* no numbers in tables */
    assert_string_equal(frame.text[1], "0x10");
    size_t column;
    assert_ok(fl_frame_column(&frame, "b", &column));
    assert_int_equal(column, 1);
    assert_status(FL_EFORMAT, fl_frame_column(&frame, "c", &column));
    assert_non_null(strstr(fl_message(), "'c'"));
    fl_frame_clear(&frame);
}

static void byte_order_marks(void **state) {
    (void)state;
    static const char *const forms[] = {"\xef\xbb\xbf# columns: a\n1\n",
                                        "\xef\xbb\xbf{\"columns\": [\"a\"], \"rows\": [[1]]}"};
    fl_frame frame;
    for (int k = 0; k < 2; k++) {
        test_write_text(test_path("t"), forms[k]);
        assert_ok(fl_frame_read(&frame, test_path("t")));
        assert_true(frame.rows == 1 && frame.real[0] == 1);
        fl_frame_clear(&frame);
    }
    test_write_text(test_path("t"), "\xef\xbbx# columns: a\n1\n");
    assert_status(FL_EFORMAT, fl_frame_read(&frame, test_path("t")));
}

/* Numbers are read whole or refused. */
static void whole_numbers(void **state) {
    (void)state;
    static const struct {
        const char *text;
        bool whole, number;
        uint64_t value;
    } cells[] = {{"14", true, true, 14},
                 {"1.4e+01", true, true, 14},
                 {"14.0", true, true, 14},
                 {"0", true, true, 0},
                 {"18446744073709551615", true, true, UINT64_MAX},
                 {"9007199254740993", true, true, 9007199254740993},
                 {"9.007199254740992e15", true, true, 9007199254740992},
                 {"18446744073709551616", false, true, 0},
                 {"1e30", false, true, 0},
                 {"3.7", false, true, 0},
                 {"-1", false, true, 0},
                 {"nan", false, true, 0},
                 {"inf", false, true, 0},
                 {"abc", false, false, 0},
                 {"14x", false, false, 0},
                 {"0x10", false, false, 0}};
    fl_frame frame;
    char text[100];
    for (size_t k = 0; k < sizeof cells / sizeof *cells; k++) {
        uint64_t value = 0;
        double real;
        snprintf(text, sizeof text, "# columns: a count\n1 %s\n", cells[k].text);
        test_write_text(test_path("t"), text);
        assert_ok(fl_frame_read(&frame, test_path("t")));
        fl_status status = fl_frame_whole(&frame, 0, 1, &value);
        if (status != (cells[k].whole ? FL_OK : FL_EFORMAT) || value != cells[k].value)
            if (cells[k].whole || status == FL_OK)
                fail_msg("%s is read as %llu", cells[k].text, (unsigned long long)value);
        assert_true(cells[k].whole || strstr(fl_message(), "line 2, column count"));
        status = fl_frame_number(&frame, 0, 1, &real);
        assert_int_equal(status, cells[k].number ? FL_OK : FL_EFORMAT);
        fl_frame_clear(&frame);
    }
}

/* Contents that are refused, and what the sentence says beside the name of the file. */
static const struct {
    const char *content, *says;
} refused[] = {
    {"", "columns"},
    {"# a: b\n", "columns"},
    {"1 2\n", "line 1"},
    {"# columns:\n", "no columns"},
    {"# columns: a b\n1 2\n1\n", "line 3: 1 values where 2 columns"},
    {"# columns: a b\n\n1 2 3\n", "line 3: 3 values where 2 columns"},
    {"# columns: a[b\n", "line 1: 'a[b'"},
    {"# columns: [b]\n", "line 1: '[b]'"},
    {"# columns: a[]\n", "line 1: 'a[]'"},
    {"{", "line 1"},
    {"{}", "columns"},
    {"{\"columns\": []}", "no columns"},
    {"{\"columns\": [1], \"rows\": []}", "name 1"},
    {"{\"columns\": [\"a\"]}", "rows"},
    {"{\"columns\": [\"a\"], \"units\": [], \"rows\": []}", "units"},
    {"{\"columns\": [\"a\"], \"rows\": [[1],\n[1, 2]]}", "row 2"},
    {"{\"columns\": [\"a\"], \"rows\": [[1], 2]}", "row 2"},
    {"{\"columns\": [\"a\"], \"rows\": [[[1]]]}", "row 1, column a"},
    {"{\"columns\": [\"a\"], \"rows\": [[1]]", "line 1"},
    {"{\"columns\": [\"a\"], \"rows\": [[1]], \"meta\": 1}", "meta"},
    {"{\"columns\": [\"a\"], \"rows\": [[1]], \"meta\": {\"k\": []}}", "\"k\""},
    {"{\"columns\": [\"a\"], \"rows\": [[1]]} x", "line 1"},
    {"{\"columns\": [\"a\"], \"rows\": [[1]], \"rows\": []}", "duplicate"},
    {"# shard: 1/2\n# columns: a\n1\n", "'# rows: 1'"},
    {"# shard: 1/2\n# columns: a\n1\n# rows: 2\n", "1 rows, and its end tells of 2"},
    {"{\"meta\": {\"shard\": \"1/2\"}, \"columns\": [\"a\"], \"rows\": [[1]]}", "\"row_count\""},
    {"{\"meta\": {\"shard\": \"1/2\"}, \"columns\": [\"a\"], \"rows\": [[1]], \"row_count\": 2}",
     "1 rows, and its end tells of 2"},
};

static void files_that_are_refused(void **state) {
    (void)state;
    fl_frame frame;
    const char *path = test_path("t");
    for (size_t k = 0; k < sizeof refused / sizeof *refused; k++) {
        test_write_text(path, refused[k].content);
        assert_status(FL_EFORMAT, fl_frame_read(&frame, path));
        if (!strstr(fl_message(), path) || !strstr(fl_message(), refused[k].says))
            fail_msg("'%s' is told as: %s", refused[k].content, fl_message());
        assert_int_equal(frame.rows, 0);
        assert_null(frame.names);
    }
}

static void files_that_cannot_be_read(void **state) {
    (void)state;
    fl_frame frame;
    test_write_bytes(test_path("zero"), "# columns: a\n1\0\n", 16);
    assert_status(FL_EFORMAT, fl_frame_read(&frame, test_path("zero")));
    assert_non_null(strstr(fl_message(), "line 2"));
    assert_status(FL_EIO, fl_frame_read(&frame, test_path("missing")));
    assert_non_null(strstr(fl_message(), "No such file"));
    assert_status(FL_EIO, fl_frame_read(&frame, "/tmp"));
    assert_non_null(strstr(fl_message(), "/tmp: cannot be read: Is a directory"));
}

/* Whatever is cut off or turned over, the reader answers with a frame or a sentence. */
static void damaged_files_do_no_harm(void **state) {
    (void)state;
    static const char *const whole[] = {
        "# program: test 1.0\n# command: fl-x \"a: b\"\n# columns: count entropy[nats] name\n"
        "-3 0.1 up\n9223372036854775807 nan -\n0 1e-300 a\"b\\c\n",
        "{\n\"meta\": {\n \"command\": \"fl-x \\\"a: b\\\" \\u0001\"\n},\n"
        "\"columns\": [\"count\", \"entropy\"],\n\"units\": [null, \"nats\"],\n"
        "\"rows\": [\n[1,0.5],\n[-2,null],\n[3,\"-inf\"]\n]\n}\n"};
    fl_rng rng = test_stream("damage");
    const char *path = test_path("damaged");
    for (int k = 0; k < (test_fast() ? 400 : 4000); k++) {
        char text[512];
        size_t length = strlen(whole[k % 2]), at = (size_t)fl_rng_below(&rng, length);
        strcpy(text, whole[k % 2]);
        text[at] = (char)(text[at] ^ 1 << fl_rng_below(&rng, 8));
        test_write_bytes(path, text, k / 2 % 2 ? length : (size_t)fl_rng_below(&rng, length));
        fl_frame frame;
        fl_status status = fl_frame_read(&frame, path);
        assert_true(status == FL_OK || status == FL_EFORMAT);
        fl_frame_clear(&frame);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(forms_of_text, test_empty_scratch),
        cmocka_unit_test_setup(byte_order_marks, test_empty_scratch),
        cmocka_unit_test_setup(whole_numbers, test_empty_scratch),
        cmocka_unit_test_setup(files_that_are_refused, test_empty_scratch),
        cmocka_unit_test_setup(files_that_cannot_be_read, test_empty_scratch),
        cmocka_unit_test_setup(damaged_files_do_no_harm, test_empty_scratch),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
