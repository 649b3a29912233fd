/* scripts/fetch-mnist: nothing wrong or half fetched is left, what is right is kept. The mirrors
 * are folders; the true files, where they are, stand for the true mirror. */
#include <sys/stat.h>
#include <unistd.h>

#include "tests/support/files.h"
#include "tests/support/support.h"

static const char first[] = "train-images-idx3-ubyte.gz";

static const char *mnist_folder(void) {
    const char *folder = getenv("FIXLAND_MNIST");
    return folder ? folder : "../shared/data/mnist";
}

/* Exit code, and what is said; `mirrors` are folders separated by blanks, relative or not. */
static int fetch(const char *mirrors, char **err) {
    char command[4096];
    snprintf(command, sizeof command,
             "m=; for f in %s; do m=\"$m file://$(cd $f && pwd)\"; done; "
             "FIXLAND_MNIST_MIRRORS=\"$m\" scripts/fetch-mnist %s",
             mirrors, test_path("into"));
    char *out;
    int code = test_run_shell(command, &out, err);
    assert_string_equal(out, "");
    free(out);
    return code;
}

static int entries_left(void) {
    char *out;
    char command[600];
    snprintf(command, sizeof command, "ls -A %s | wc -l", test_path("into"));
    assert_int_equal(test_run_shell(command, &out, NULL), 0);
    int count = atoi(out);
    free(out);
    return count;
}

static int clear_folders(void **state) {
    (void)state;
    char command[2000];
    snprintf(command, sizeof command, "rm -rf %s %s %s", test_path("into"), test_path("empty"),
             test_path("wrong"));
    return system(command);
}

static int mirrors_for_tests(void **state) {
    return clear_folders(state) || mkdir(test_path("empty"), 0700) ||
           mkdir(test_path("wrong"), 0700);
}

static void need_curl(void) {
    if (system("command -v curl >/dev/null 2>&1") == 0)
        return;
    print_message("curl is not here, which reads folders as mirrors: skipped\n");
    skip();
}

static void refused(const char *mirrors, const char *words) {
    char *err;
    assert_int_equal(fetch(mirrors, &err), 1);
    if (!strstr(err, words) || !strstr(err, "was not to be had"))
        fail_msg("'%s' does not say '%s'", err, words);
    free(err);
    assert_int_equal(entries_left(), 0);
}

static void nothing_wrong_is_left(void **state) {
    (void)state;
    need_curl();
    char mirror[600], file[700];
    refused(test_path("empty"), "not fetched");
    snprintf(mirror, sizeof mirror, "%s", test_path("wrong"));
    snprintf(file, sizeof file, "%s/%s", mirror, first);
    test_write_text(file, "no gzip");
    refused(mirror, "its checksum differs");
    test_write_bytes(file, "\x1f\x8b\x08\0\0\0\0\0\0\3\3\0\0\0\0\0\0\0\0\0", 20); /* of nothing */
    refused(mirror, "its checksum differs");
}

static void a_wrong_file_in_place_is_told(void **state) {
    (void)state;
    need_curl();
    char *err, file[700];
    snprintf(file, sizeof file, "%s", test_path("into"));
    mkdir(file, 0700);
    strcat(strcat(file, "/"), first);
    test_write_text(file, "mine");
    assert_int_equal(fetch(test_path("empty"), &err), 1);
    assert_non_null(strstr(err, "not the file of MNIST; remove it first"));
    free(err);
    test_assert_text(file, "mine");
}

static void wrong_arguments(void **state) {
    (void)state;
    char *err, *out;
    assert_int_equal(test_run_shell("scripts/fetch-mnist a b", NULL, &err), 2);
    assert_non_null(strstr(err, "one folder at most, not 2"));
    free(err);
    assert_int_equal(test_run_shell("scripts/fetch-mnist --help", &out, NULL), 0);
    assert_non_null(strstr(out, "fetch-mnist [FOLDER]"));
    free(out);
    assert_int_equal(test_run_shell("scripts/fetch-mnist --folder x", NULL, NULL), 2);
}

/* A mirror that is cut short, then one that is not there, then the true one: fetched, whole, and
 * kept the second time, without any mirror. */
static void the_true_files_are_fetched(void **state) {
    (void)state;
    need_curl();
    if (access(mnist_folder(), F_OK) != 0) {
        print_message("MNIST is neither in $FIXLAND_MNIST nor in ../shared/data/mnist: skipped\n");
        skip();
    }
    char *err, mirrors[2000], command[3000];
    snprintf(mirrors, sizeof mirrors, "%s %s %s", test_path("wrong"), test_path("empty"),
             mnist_folder());
    snprintf(command, sizeof command, "head -c 100000 %s/%s >%s/%s", mnist_folder(), first,
             test_path("wrong"), first);
    assert_int_equal(test_run_shell(command, NULL, NULL), 0);
    assert_int_equal(fetch(mirrors, &err), 0);
    assert_non_null(strstr(err, "its checksum differs"));
    assert_non_null(strstr(err, "not fetched"));
    free(err);
    assert_int_equal(entries_left(), 4);
    assert_int_equal(fetch(test_path("empty"), &err), 0);
    assert_non_null(strstr(err, "t10k-labels-idx1-ubyte.gz is there"));
    free(err);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(nothing_wrong_is_left, mirrors_for_tests, clear_folders),
        cmocka_unit_test_setup_teardown(a_wrong_file_in_place_is_told, mirrors_for_tests,
                                        clear_folders),
        cmocka_unit_test(wrong_arguments),
        cmocka_unit_test_setup_teardown(the_true_files_are_fetched, mirrors_for_tests,
                                        clear_folders),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
