/* Tables: both formats, written and read back, by fixland and by Python; refusals of the writer. */
#include "fixland/table.h"

#include <math.h>

#include "tests/support/disk.h"
#include "tests/support/python.h"
#include "tests/support/reals.h"
#include "tests/support/files.h"
#include "tests/support/support.h"

enum { COLUMNS = 4, ROWS = 500 };
static const fl_column columns[COLUMNS] = {{"count", FL_INTEGER, NULL},
                                           {"entropy", FL_REAL, "nats"},
                                           {"name", FL_TEXT, NULL},
                                           {"x", FL_REAL, ""}};

typedef struct random_table {
    int64_t count[ROWS];
    double entropy[ROWS], x[ROWS];
    char name[ROWS][24];
} random_table;

static void draw_table(random_table *table, fl_rng *rng) {
    static const char *const words[] = {"abc", "", "nan", "-", "a\"b\\c", "\xc3\xa9t\xc3\xa9",
                                        "12"};
    for (int r = 0; r < ROWS; r++) {
        table->count[r] = (int64_t)fl_rng_bits(rng) >> fl_rng_below(rng, 64);
        table->entropy[r] = test_draw_real(rng);
        table->x[r] = r % 7 == 0 ? NAN : r % 7 == 1 ? INFINITY : r % 7 == 2 ? -INFINITY : -0.0;
        strcpy(table->name[r], words[fl_rng_below(rng, 7)]);
    }
    table->count[0] = INT64_MIN;
    table->count[1] = INT64_MAX;
}

static void make_meta(fl_meta *meta) {
    assert_ok(fl_meta_set(meta, "program", "test 1.0"));
    assert_ok(fl_meta_set(meta, "command", "%s", "fl-x --set \"a: b\" # c \\ \t\x01"));
    assert_ok(fl_meta_set(meta, "columns wanted", "all"));
    assert_ok(fl_meta_set(meta, "empty", "%s", ""));
}

static fl_status write_table(const random_table *table, int rows, const char *path, bool force,
                             fl_table_format format, const fl_meta *meta) {
    fl_table *out;
    FL_CHECK(fl_table_open(&out, path, force, format, meta, columns, COLUMNS));
    for (int r = 0; r < rows; r++) {
        const fl_cell cells[COLUMNS] = {FL_INT(table->count[r]), FL_NUM(table->entropy[r]),
                                        FL_STR(table->name[r]), FL_NUM(table->x[r])};
        fl_status status = fl_table_row(out, cells);
        if (status != FL_OK) {
            fl_table_discard(out);
            return status;
        }
    }
    return fl_table_close(out);
}

static void check_frame(const fl_frame *frame, const random_table *table) {
    assert_int_equal(frame->rows, ROWS);
    assert_int_equal(frame->columns, COLUMNS);
    for (int c = 0; c < COLUMNS; c++)
        assert_string_equal(frame->names[c], columns[c].name);
    assert_null(frame->units[0]);
    assert_string_equal(frame->units[1], "nats");
    assert_null(frame->units[2]);
    assert_null(frame->units[3]);
    for (size_t r = 0; r < ROWS; r++) {
        const double *real = frame->real + r * COLUMNS;
        char **text = frame->text + r * COLUMNS;
        assert_int_equal(strtoll(text[0], NULL, 10), table->count[r]);
        assert_true(real[0] == (double)table->count[r]);
        assert_true(test_bits_of(real[1]) == test_bits_of(table->entropy[r]));
        assert_string_equal(text[2], *table->name[r] ? table->name[r] : "-");
        assert_true(isnan(table->x[r]) ? isnan(real[3])
                                       : test_bits_of(real[3]) == test_bits_of(table->x[r]));
    }
}

static void check_meta(const fl_meta *read, const fl_meta *written) {
    assert_int_equal(read->count, written->count);
    for (size_t k = 0; k < written->count; k++) {
        assert_string_equal(read->keys[k], written->keys[k]);
        assert_string_equal(read->values[k], written->values[k]);
    }
}

static void both_formats_read_back_the_same(void **state) {
    (void)state;
    fl_rng rng = test_stream("tables");
    random_table *table = malloc(sizeof *table);
    fl_meta meta = {0};
    make_meta(&meta);
    draw_table(table, &rng);
    fl_frame text, json;
    assert_ok(write_table(table, ROWS, test_path("t.txt"), false, FL_TABLE_TSV, &meta));
    assert_ok(write_table(table, ROWS, test_path("t.json"), false, FL_TABLE_JSON, &meta));
    assert_ok(fl_frame_read(&text, test_path("t.txt")));
    assert_ok(fl_frame_read(&json, test_path("t.json")));
    check_frame(&text, table);
    check_frame(&json, table);
    check_meta(&text.meta, &meta);
    check_meta(&json.meta, &meta);
    for (size_t k = 0; k < (size_t)ROWS * COLUMNS; k++)
        assert_string_equal(text.text[k], json.text[k]);
    assert_int_equal(test_scratch_count(), 2);
    fl_frame_clear(&text);
    fl_frame_clear(&json);
    fl_meta_clear(&meta);
    free(table);
}

static void python_reads_the_same(void **state) {
    (void)state;
    test_need_python("numpy");
    char files[1100];
    fl_rng rng = test_stream("tables");
    random_table *table = malloc(sizeof *table);
    fl_meta meta = {0};
    make_meta(&meta);
    draw_table(table, &rng);
    snprintf(files, sizeof files, "%s %s", test_path("t.txt"), test_path("t.json"));
    assert_ok(write_table(table, ROWS, test_path("t.txt"), false, FL_TABLE_TSV, &meta));
    assert_ok(write_table(table, ROWS, test_path("t.json"), false, FL_TABLE_JSON, &meta));
    test_python("import json, sys, numpy\n"
                "special = {None: float('nan'), 'inf': float('inf'), '-inf': float('-inf')}\n"
                "text = numpy.loadtxt(sys.argv[1], usecols=(1, 3))\n"
                "names = [l.split() for l in open(sys.argv[1]) if l.startswith('# columns:')][0]\n"
                "table = json.load(open(sys.argv[2]))\n"
                "assert list(table) == ['meta', 'columns', 'units', 'rows']\n"
                "assert table['columns'] == ['count', 'entropy', 'name', 'x']\n"
                "assert names[2:] == ['count', 'entropy[nats]', 'name', 'x']\n"
                "assert table['units'] == [None, 'nats', None, None]\n"
                "assert table['meta']['command'] == 'fl-x --set \"a: b\" # c \\\\ \\t\\x01'\n"
                "assert len(text) == len(table['rows']) == 500\n"
                "assert table['rows'][0][0] == -2**63 and table['rows'][1][0] == 2**63 - 1\n"
                "for a, b in zip(text, table['rows']):\n"
                "    assert type(b[0]) is int and type(b[1]) is float\n"
                "    assert a[0].hex() == b[1].hex(), (a, b)\n"
                "    x = special.get(b[3], b[3])\n"
                "    assert a[1].hex() == x.hex(), (a, b)\n",
                files);
    fl_meta_clear(&meta);
    free(table);
}

static void text_as_written(void **state) {
    (void)state;
    fl_meta meta = {0};
    fl_table *table;
    assert_ok(fl_meta_set(&meta, "seed", "7"));
    assert_ok(fl_table_open(&table, test_path("t"), false, FL_TABLE_TSV, &meta, columns, COLUMNS));
    assert_ok(fl_table_row(table, (fl_cell[]){FL_INT(-3), FL_NUM(0.1), FL_STR("up"), FL_NUM(1)}));
    assert_ok(
        fl_table_row(table, (fl_cell[]){FL_INT(4), FL_NUM(NAN), FL_STR(NULL), FL_NUM(1e300)}));
    assert_false(test_exists(test_path("t")));
    assert_ok(fl_table_close(table));
    test_assert_text(test_path("t"),
                     "# seed: 7\n# columns: count entropy[nats] name x\n-3 0.1 up 1\n"
                     "4 nan - 1e+300\n");
    fl_meta_clear(&meta);
}

static void empty_tables(void **state) {
    (void)state;
    for (int format = 0; format < 2; format++) {
        fl_frame frame;
        assert_ok(write_table(NULL, 0, test_path("t"), true, (fl_table_format)format, NULL));
        assert_ok(fl_frame_read(&frame, test_path("t")));
        assert_int_equal(frame.rows, 0);
        assert_int_equal(frame.columns, COLUMNS);
        assert_int_equal(frame.meta.count, 0);
        fl_frame_clear(&frame);
    }
}

static void text_that_is_not_utf8(void **state) {
    (void)state;
    fl_meta meta = {0};
    fl_frame frame;
    assert_ok(fl_meta_set(&meta, "command", "%s", "caf\xe9 --x"));
    assert_ok(write_table(NULL, 0, test_path("t"), false, FL_TABLE_JSON, &meta));
    assert_ok(fl_frame_read(&frame, test_path("t")));
    assert_string_equal(fl_meta_get(&frame.meta, "command"), "caf? --x");
    fl_frame_clear(&frame);
    fl_meta_clear(&meta);
}

static int table_on_stdout(int argc, char **argv) {
    (void)argv;
    random_table table = {.count = {1}, .entropy = {0.5}, .name = {"a"}};
    return fl_exit_code(write_table(&table, 1, argc > 1 ? "-" : NULL, false, FL_TABLE_TSV, NULL));
}

static void standard_output(void **state) {
    (void)state;
    for (int k = 0; k < 2; k++) {
        char *out;
        assert_int_equal(test_run_tool(table_on_stdout, "tool", k ? "x" : "", &out, NULL), 0);
        assert_string_equal(out, "# columns: count entropy[nats] name x\n1 0.5 a 0\n");
        free(out);
    }
}

/* ---- refusals of the writer ---- */

static void cells_that_do_not_fit(void **state) {
    (void)state;
    fl_table *table;
    assert_ok(fl_table_open(&table, test_path("t"), false, FL_TABLE_TSV, NULL, columns, COLUMNS));
    const fl_cell good[] = {FL_INT(1), FL_NUM(1), FL_STR("a"), FL_NUM(1)};
    const char *const bad[] = {"a b", "a\tb", "a\nb", "#a", "a\x7f"};
    fl_cell cells[COLUMNS];
    for (int c = 0; c < COLUMNS; c++) {
        memcpy(cells, good, sizeof cells);
        cells[c] = c == 1 ? FL_INT(1) : c == 2 ? FL_NUM(1) : FL_STR("1");
        assert_status(FL_EINVAL, fl_table_row(table, cells));
        assert_non_null(strstr(fl_message(), columns[c].name));
    }
    memcpy(cells, good, sizeof cells);
    for (size_t k = 0; k < sizeof bad / sizeof *bad; k++) {
        cells[2] = FL_STR(bad[k]);
        fl_status status = fl_table_row(table, cells);
        assert_int_equal(status, FL_EINVAL);
    }
    assert_ok(fl_table_row(table, good)); /* nothing of the refused rows is in the table */
    assert_ok(fl_table_close(table));
    test_assert_text(test_path("t"), "# columns: count entropy[nats] name x\n1 1 a 1\n");
}

static void columns_that_cannot_be(void **state) {
    (void)state;
    fl_table *table;
    const fl_column bad[] = {{"a b", FL_REAL, NULL},  {"", FL_REAL, NULL},   {NULL, FL_REAL, NULL},
                             {"a[b]", FL_REAL, NULL}, {"a", FL_REAL, "1 m"}, {"#a", FL_REAL, NULL}};
    for (size_t k = 0; k < sizeof bad / sizeof *bad; k++)
        assert_status(FL_EINVAL,
                      fl_table_open(&table, test_path("t"), false, FL_TABLE_TSV, NULL, &bad[k], 1));
    assert_status(FL_EINVAL,
                  fl_table_open(&table, test_path("t"), false, FL_TABLE_TSV, NULL, columns, 0));
    assert_null(table);
    assert_int_equal(test_scratch_count(), 0);
}

static void full_disk(void **state) {
    (void)state;
    fl_rng rng = test_stream("full disk");
    random_table *table = malloc(sizeof *table);
    draw_table(table, &rng);
    for (int format = 0; format < 2; format++) {
        assert_status(FL_EIO,
                      write_table(table, ROWS, "/dev/full", false, (fl_table_format)format, NULL));
        assert_non_null(strstr(fl_message(), "No space left on device"));
        assert_status(FL_EIO,
                      write_table(table, 1, "/dev/full", false, (fl_table_format)format, NULL));
        for (size_t room = 0; room < 12000; room += 1111) {
            test_disk_full(room);
            fl_status status =
                write_table(table, ROWS, test_path("t"), false, (fl_table_format)format, NULL);
            test_disk_free();
            assert_int_equal(status, FL_EIO);
            assert_int_equal(test_scratch_count(), 0);
        }
    }
    free(table);
}

static void outputs_that_are_refused(void **state) {
    (void)state;
    random_table table = {.count = {1}};
    char below[600];
    test_write_text(test_path("old"), "old");
    snprintf(below, sizeof below, "%s/below", test_path("old"));
    assert_status(FL_EIO, write_table(&table, 0, below, true, FL_TABLE_TSV, NULL));
    assert_status(FL_EEXIST, write_table(&table, 0, test_path("old"), false, FL_TABLE_TSV, NULL));
    test_assert_text(test_path("old"), "old");
    fl_table *open;
    assert_ok(fl_table_open(&open, test_path("t"), false, FL_TABLE_JSON, NULL, columns, COLUMNS));
    fl_table_discard(open);
    fl_table_discard(NULL);
    assert_int_equal(test_scratch_count(), 1);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(both_formats_read_back_the_same, test_empty_scratch),
        cmocka_unit_test_setup(python_reads_the_same, test_empty_scratch),
        cmocka_unit_test_setup(text_as_written, test_empty_scratch),
        cmocka_unit_test_setup(empty_tables, test_empty_scratch),
        cmocka_unit_test_setup(text_that_is_not_utf8, test_empty_scratch),
        cmocka_unit_test_setup(standard_output, test_empty_scratch),
        cmocka_unit_test_setup(cells_that_do_not_fit, test_empty_scratch),
        cmocka_unit_test_setup(columns_that_cannot_be, test_empty_scratch),
        cmocka_unit_test_setup(full_disk, test_empty_scratch),
        cmocka_unit_test_setup(outputs_that_are_refused, test_empty_scratch),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
