/* Provenance: an ordered list of keys and values. */
#include "fixland/meta.h"

#include "tests/support/support.h"

static void keeps_the_order(void **state) {
    (void)state;
    fl_meta meta = {0};
    char key[16];
    assert_null(fl_meta_get(&meta, "k0"));
    for (int k = 0; k < 100; k++) {
        snprintf(key, sizeof key, "k%d", k);
        assert_ok(fl_meta_set(&meta, key, "%d", k * k));
    }
    assert_int_equal(meta.count, 100);
    for (int k = 0; k < 100; k++) {
        snprintf(key, sizeof key, "k%d", k);
        assert_string_equal(meta.keys[k], key);
        assert_int_equal(atoi(fl_meta_get(&meta, key)), k * k);
    }
    fl_meta_clear(&meta);
    assert_int_equal(meta.count, 0);
    assert_null(meta.keys);
    fl_meta_clear(&meta);
}

static void replaces_in_place(void **state) {
    (void)state;
    fl_meta meta = {0};
    assert_ok(fl_meta_set(&meta, "seed", "%d", 1));
    assert_ok(fl_meta_set(&meta, "jd", "%g", 0.5));
    assert_ok(fl_meta_set(&meta, "seed", "%s%s", fl_meta_get(&meta, "seed"), "7"));
    assert_int_equal(meta.count, 2);
    assert_string_equal(meta.keys[0], "seed");
    assert_string_equal(fl_meta_get(&meta, "seed"), "17");
    assert_null(fl_meta_get(&meta, "see"));
    fl_meta_clear(&meta);
}

static void values_hold_no_newline(void **state) {
    (void)state;
    fl_meta meta = {0};
    assert_ok(fl_meta_set(&meta, "command", "%s", "a\nb\r\nc"));
    assert_string_equal(fl_meta_get(&meta, "command"), "a b  c");
    assert_ok(fl_meta_set(&meta, "empty", "%s", ""));
    assert_string_equal(fl_meta_get(&meta, "empty"), "");
    char *text = calloc(100001, 1);
    memset(text, 'x', 100000);
    assert_ok(fl_meta_set(&meta, "long", "%s", text));
    assert_string_equal(fl_meta_get(&meta, "long"), text);
    free(text);
    fl_meta_clear(&meta);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(keeps_the_order),
        cmocka_unit_test(replaces_in_place),
        cmocka_unit_test(values_hold_no_newline),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
