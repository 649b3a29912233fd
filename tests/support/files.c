/* See files.h. */
#include "tests/support/files.h"

#include <unistd.h>

#include "tests/support/support.h"

int test_empty_scratch(void **state) {
    (void)state;
    test_path("");
    test_scratch_empty();
    return 0;
}

void test_write_bytes(const char *path, const void *bytes, size_t length) {
    unlink(path); /* some file systems flush a file that was cut to nothing, and that takes long */
    FILE *file = fopen(path, "wb");
    assert_non_null(file);
    assert_int_equal(fwrite(bytes, 1, length, file), length);
    assert_int_equal(fclose(file), 0);
}

void test_write_text(const char *path, const char *text) {
    test_write_bytes(path, text, strlen(text));
}

void test_assert_text(const char *path, const char *expected) {
    char *text = test_slurp(path);
    assert_non_null(text);
    assert_string_equal(text, expected);
    free(text);
}

void test_assert_same_files(const char *path, const char *other) {
    FILE *a = fopen(path, "rb"), *b = fopen(other, "rb");
    assert_true(a && b);
    for (int x = 0, y = 0; x != EOF;) {
        x = getc(a);
        y = getc(b);
        assert_int_equal(x, y);
    }
    fclose(a);
    fclose(b);
}
