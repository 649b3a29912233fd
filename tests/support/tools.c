/* See tools.h. */
#include "tests/support/tools.h"

#include <unistd.h>

fl_frame test_table(test_tool tool, const char *name, const char *arguments) {
    const char *path = test_path("a-table");
    char whole[4096], *out, *err;
    int length = snprintf(whole, sizeof whole, "%s --force --output %s", arguments, path);
    assert_true(length > 0 && (size_t)length < sizeof whole);
    int code = test_run_tool(tool, name, whole, &out, &err);
    if (code != 0 || *err || *out)
        fail_msg("%s %s: exit %d, '%s', stdout '%s'", name, arguments, code, err, out);
    free(out);
    free(err);
    fl_frame frame;
    assert_ok(fl_frame_read(&frame, path));
    assert_int_equal(unlink(path), 0);
    return frame;
}

fl_frame test_table_of(test_tool tool, const char *name, const char *format, ...) {
    char arguments[2048];
    va_list list;
    va_start(list, format);
    vsnprintf(arguments, sizeof arguments, format, list);
    va_end(list);
    return test_table(tool, name, arguments);
}

char *test_output(test_tool tool, const char *name, const char *arguments, int code) {
    char *out, *err;
    int got = test_run_tool(tool, name, arguments, &out, &err);
    if (got != code)
        fail_msg("%s %s: exit %d, not %d: %s", name, arguments, got, code, err);
    free(err);
    return out;
}

void test_assert_columns(const fl_frame *frame, const char *names) {
    char all[1024] = "";
    for (size_t c = 0; c < frame->columns; c++) {
        strcat(all, c ? " " : "");
        strcat(all, frame->names[c]);
    }
    assert_string_equal(all, names);
}

double test_cell(const fl_frame *frame, size_t row, const char *column) {
    size_t c;
    assert_ok(fl_frame_column(frame, column, &c));
    assert_true(row < frame->rows);
    return frame->real[row * frame->columns + c];
}

void test_assert_meta(const fl_frame *frame, const char *key, const char *value) {
    const char *found = fl_meta_get(&frame->meta, key);
    if (!found || strcmp(found, value) != 0)
        fail_msg("%s: %s, not %s", key, found ? found : "(none)", value);
}

char *test_data_lines(const char *text) {
    char *lines = calloc(strlen(text) + 1, 1), *end = lines;
    for (const char *line = text; *line;) {
        size_t length = strcspn(line, "\n");
        length += line[length] == '\n';
        if (*line != '#') {
            memcpy(end, line, length);
            end += length;
        }
        line += length;
    }
    return lines;
}

void test_refused(test_tool tool, const char *name, const char *arguments, int code,
                  const char *word) {
    char *out, *err;
    test_path(""); /* so that the folder is there */
    int before = test_scratch_count();
    int got = test_run_tool(tool, name, arguments, &out, &err);
    char *data = test_data_lines(out), *newline = strchr(err, '\n');
    bool one_line = newline && newline[1] == 0 && strncmp(err, name, strlen(name)) == 0;
    if (got != code || !one_line || !strstr(err, word) || *data)
        fail_msg("%s %s: exit %d, not %d; stderr '%s' (wanted: %s); data '%s'", name, arguments,
                 got, code, err, word, data);
    if (test_scratch_count() != before)
        fail_msg("%s %s: leaves %d files more", name, arguments, test_scratch_count() - before);
    free(data);
    free(out);
    free(err);
}

void test_refused_of(test_tool tool, const char *name, int code, const char *word,
                     const char *format, ...) {
    char arguments[4096];
    va_list list;
    va_start(list, format);
    vsnprintf(arguments, sizeof arguments, format, list);
    va_end(list);
    test_refused(tool, name, arguments, code, word);
}

char *test_rows_of(const char *file) {
    char *text = test_slurp(test_path(file));
    if (!text)
        fail_msg("there is no %s", file);
    char *rows = test_data_lines(text);
    free(text);
    return rows;
}

void test_assert_rows(const char *file, const char *other) {
    char *a = test_rows_of(file), *b = test_rows_of(other);
    assert_true(*a);
    assert_string_equal(a, b);
    free(a);
    free(b);
}

void test_stop_within(test_tool tool, const char *name, const char *arguments, const char *path) {
    char limited[2048], journal[600], *err;
    double limit = 0.004;
    snprintf(journal, sizeof journal, "%s.journal", path);
    for (int attempt = 0; attempt < 200; attempt++) {
        snprintf(limited, sizeof limited, "%s --output %s --time-limit %g", arguments, path, limit);
        int code = test_run_tool(tool, name, limited, NULL, &err);
        if (code != 0 && code != 3)
            fail_msg("%s %s: exit %d: %s", name, limited, code, err);
        free(err);
        if (code == 3 && test_exists(journal))
            return;
        limit *= code == 3 ? 1.3 : 0.8; /* before the first task, after the last */
        unlink(path);
    }
    fail_msg("%s %s: never stopped within", name, arguments);
}

void test_silent(test_tool work) {
    char *out, *err;
    int failures = test_run_tool(work, "tool", "", &out, &err);
    assert_string_equal(err, "");
    assert_string_equal(out, "");
    assert_int_equal(failures, 0);
    free(out);
    free(err);
}
