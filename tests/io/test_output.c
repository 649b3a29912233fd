/* Files that are whole or not there: appearing, refusing, replacing, failing. */
#include "fixland/output.h"

#include <fcntl.h>
#include <pthread.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tests/support/disk.h"
#include "tests/support/files.h"
#include "tests/support/support.h"

/* Opens, writes and commits. */
static fl_status put(const char *path, bool force, const char *text) {
    fl_output output;
    FL_CHECK(fl_output_open(&output, path, force));
    fputs(text, output.stream);
    return fl_output_commit(&output);
}

static void appears_on_commit(void **state) {
    (void)state;
    fl_output output;
    const char *path = test_path("new.txt");
    assert_ok(fl_output_open(&output, path, false));
    fputs("half", output.stream);
    fflush(output.stream);
    assert_false(test_exists(path));
    assert_int_equal(test_scratch_count(), 1);
    assert_ok(fl_output_commit(&output));
    test_assert_text(path, "half");
    assert_int_equal(test_scratch_count(), 1);
    fl_output_discard(&output); /* safe after commit */
    assert_status(FL_EINVAL, fl_output_commit(&output));
}

static void discard_leaves_nothing(void **state) {
    (void)state;
    fl_output output;
    assert_ok(fl_output_open(&output, test_path("new.txt"), false));
    fputs("half", output.stream);
    fl_output_discard(&output);
    assert_int_equal(test_scratch_count(), 0);
    fl_output_discard(&output);
    fl_output_discard(&(fl_output){0});
}

static void follows_the_umask(void **state) {
    (void)state;
    struct stat status;
    mode_t old = umask(027);
    assert_ok(put(test_path("new.txt"), false, "x"));
    umask(old);
    assert_int_equal(stat(test_path("new.txt"), &status), 0);
    assert_int_equal(status.st_mode & 0777, 0640);
}

static void existing_is_refused(void **state) {
    (void)state;
    const char *path = test_path("old.txt");
    test_write_text(path, "old");
    assert_status(FL_EEXIST, put(path, false, "new"));
    assert_non_null(strstr(fl_message(), path));
    assert_non_null(strstr(fl_message(), "--force"));
    assert_status(FL_EEXIST, fl_output_allowed(path, false));
    test_assert_text(path, "old");
    assert_int_equal(test_scratch_count(), 1);
}

static void force_replaces_and_keeps_the_mode(void **state) {
    (void)state;
    struct stat status;
    const char *path = test_path("old.txt");
    test_write_text(path, "old");
    assert_int_equal(chmod(path, 0600), 0);
    assert_ok(fl_output_allowed(path, true));
    assert_ok(put(path, true, "new"));
    test_assert_text(path, "new");
    assert_int_equal(stat(path, &status), 0);
    assert_int_equal(status.st_mode & 0777, 0600);
    assert_ok(put(test_path("another.txt"), true, "new"));
    assert_int_equal(test_scratch_count(), 2);
}

static void one_that_appears_meanwhile_is_kept(void **state) {
    (void)state;
    fl_output output;
    const char *path = test_path("race.txt");
    assert_ok(fl_output_open(&output, path, false));
    fputs("mine", output.stream);
    test_write_text(path, "theirs");
    assert_status(FL_EEXIST, fl_output_commit(&output));
    test_assert_text(path, "theirs");
    assert_int_equal(test_scratch_count(), 1);
}

/* POSIX threads, which the thread sanitizer understands. */
typedef struct writer {
    pthread_t thread;
    fl_output output;
    fl_status status;
} writer;

static void *commit(void *context) {
    writer *w = context;
    w->status = fl_output_commit(&w->output);
    return NULL;
}

static void one_of_many_wins(void **state) {
    (void)state;
    enum { WRITERS = 8 };
    writer writers[WRITERS];
    int done = 0, refused = 0;
    const char *path = test_path("race.txt");
    for (int k = 0; k < WRITERS; k++) {
        assert_ok(fl_output_open(&writers[k].output, path, false));
        fprintf(writers[k].output.stream, "writer\n");
    }
    assert_int_equal(test_scratch_count(), WRITERS);
    for (int k = 0; k < WRITERS; k++)
        assert_int_equal(pthread_create(&writers[k].thread, NULL, commit, &writers[k]), 0);
    for (int k = 0; k < WRITERS; k++) {
        pthread_join(writers[k].thread, NULL);
        done += writers[k].status == FL_OK;
        refused += writers[k].status == FL_EEXIST;
    }
    assert_int_equal(done, 1);
    assert_int_equal(refused, WRITERS - 1);
    test_assert_text(path, "writer\n");
    assert_int_equal(test_scratch_count(), 1);
}

static void full_device_is_an_error(void **state) {
    (void)state;
    struct stat status;
    assert_ok(fl_output_allowed("/dev/full", false));
    assert_status(FL_EIO, put("/dev/full", false, "x"));
    assert_non_null(strstr(fl_message(), "/dev/full"));
    assert_non_null(strstr(fl_message(), "No space left on device"));
    assert_status(FL_EIO, put("/dev/full", true, "x"));
    assert_int_equal(stat("/dev/full", &status), 0);
    assert_true(S_ISCHR(status.st_mode));
    assert_ok(put("/dev/null", false, "x"));
}

static void full_disk_leaves_nothing(void **state) {
    (void)state;
    enum { SIZE = 20000 };
    char *text = malloc(SIZE + 1);
    memset(text, 'x', SIZE);
    text[SIZE] = 0;
    const char *path = test_path("big.txt"), *old = test_path("old.txt");
    test_write_text(old, "old");
    for (size_t room = 0; room < SIZE; room += 1999) {
        test_disk_full(room);
        fl_status fresh = put(path, false, text), over = put(old, true, text);
        test_disk_free();
        assert_int_equal(fresh, FL_EIO);
        assert_int_equal(over, FL_EIO);
        test_assert_text(old, "old");
        assert_int_equal(test_scratch_count(), 1);
    }
    test_disk_full(SIZE);
    fl_status status = put(path, false, text);
    test_disk_free();
    assert_int_equal(status, FL_OK);
    test_assert_text(path, text);
    free(text);
}

static void places_that_cannot_be_written(void **state) {
    (void)state;
    char path[600];
    test_write_text(test_path("file"), "x");
    const char *const bad[] = {"file/below.txt", "missing/below.txt", "", "sub/"};
    for (size_t k = 0; k < sizeof bad / sizeof *bad; k++) {
        snprintf(path, sizeof path, "%s", test_path(bad[k]));
        for (int force = 0; force < 2; force++) {
            assert_status(FL_EIO, fl_output_allowed(path, force));
            assert_non_null(strstr(fl_message(), path));
            assert_status(FL_EIO, put(path, force, "x"));
            fl_output output;
            assert_status(FL_EIO, fl_output_reserve(&output, path, force));
        }
    }
    assert_status(FL_EIO, fl_output_allowed("", false));
    snprintf(path, sizeof path, "%s", test_path(""));
    path[strlen(path) - 1] = 0; /* the folder itself */
    assert_status(FL_EIO, put(path, true, "x"));
    assert_non_null(strstr(fl_message(), "directory"));
    assert_int_equal(test_scratch_count(), 1);
}

static void long_names(void **state) {
    (void)state;
    char name[300];
    memset(name, 'n', sizeof name);
    name[255] = 0;
    assert_ok(put(test_path(name), false, "x"));
    name[255] = 'n';
    name[256] = 0;
    assert_status(FL_EIO, put(test_path(name), false, "x"));
    assert_int_equal(test_scratch_count(), 1);
}

/* A link to what is not there yet: the file is made, the link stays. */
static void dangling_links_are_followed(void **state) {
    (void)state;
    struct stat status;
    assert_int_equal(mkdir(test_path("folder"), 0700), 0);
    assert_int_equal(symlink("folder/second", test_path("first")), 0);
    assert_int_equal(symlink("target", test_path("folder/second")), 0);
    assert_ok(put(test_path("first"), false, "new"));
    test_assert_text(test_path("folder/target"), "new");
    assert_int_equal(lstat(test_path("first"), &status), 0);
    assert_true(S_ISLNK(status.st_mode));
    assert_status(FL_EEXIST, put(test_path("first"), false, "other"));
    assert_int_equal(symlink("round", test_path("round")), 0);
    assert_status(FL_EIO, put(test_path("round"), false, "x"));
    assert_int_equal(symlink("nowhere/x", test_path("lost")), 0);
    assert_status(FL_EIO, fl_output_allowed(test_path("lost"), false));
    unlink(test_path("folder/second"));
    unlink(test_path("folder/target"));
    rmdir(test_path("folder"));
}

/* What a killed process left goes with the next output of that name; others' files stay. */
static void leftovers_are_removed(void **state) {
    (void)state;
    fl_output output;
    char name[600], mine[600];
    pid_t child = fork();
    if (child == 0) {
        fl_status status = fl_output_open(&output, test_path("o.txt"), false);
        _exit(status == FL_OK ? 0 : 1);
    }
    int code;
    assert_true(waitpid(child, &code, 0) == child && code == 0);
    assert_int_equal(test_scratch_count(), 1);
    snprintf(name, sizeof name, "%s.tmp-%ld-%s", test_path("o.txt"), (long)child, "00000000x");
    test_write_text(name, "another name");
    assert_ok(fl_output_open(&output, test_path("o.txt"), false)); /* still open: not removed */
    snprintf(mine, sizeof mine, "%s", output.temporary);
    assert_int_equal(test_scratch_count(), 2);
    assert_ok(put(test_path("o.txt"), false, "whole"));
    assert_true(test_exists(mine) && test_exists(name));
    fl_output_discard(&output);
    assert_int_equal(test_scratch_count(), 2);
}

/* The process has ended, and nobody has asked how: its number is still there. */
static void leftovers_of_zombies_are_removed(void **state) {
    (void)state;
    fl_output output;
    siginfo_t ended;
    pid_t child = fork();
    if (child == 0)
        _exit(fl_output_open(&output, test_path("o.txt"), false) == FL_OK ? 0 : 1);
    assert_int_equal(waitid(P_PID, (id_t)child, &ended, WEXITED | WNOWAIT), 0);
    assert_int_equal(kill(child, 0), 0);
    assert_int_equal(test_scratch_count(), 1);
    assert_ok(put(test_path("o.txt"), false, "whole"));
    assert_int_equal(test_scratch_count(), 1);
    test_assert_text(test_path("o.txt"), "whole");
    assert_int_equal(waitpid(child, NULL, 0), child);
}

static void links_are_followed(void **state) {
    (void)state;
    struct stat status;
    const char *target = test_path("target.txt"), *link = test_path("link.txt");
    test_write_text(target, "old");
    assert_int_equal(symlink("target.txt", link), 0);
    assert_status(FL_EEXIST, put(link, false, "new"));
    assert_ok(put(link, true, "new"));
    test_assert_text(target, "new");
    assert_int_equal(lstat(link, &status), 0);
    assert_true(S_ISLNK(status.st_mode));
    assert_int_equal(test_scratch_count(), 2);
}

static void pipes_are_written_in_place(void **state) {
    (void)state;
    struct stat status;
    char text[16] = {0};
    const char *path = test_path("pipe");
    assert_int_equal(mkfifo(path, 0600), 0);
    int reader = open(path, O_RDONLY | O_NONBLOCK);
    assert_true(reader >= 0);
    assert_ok(put(path, false, "through"));
    assert_int_equal(read(reader, text, sizeof text - 1), 7);
    assert_string_equal(text, "through");
    close(reader);
    assert_int_equal(lstat(path, &status), 0);
    assert_true(S_ISFIFO(status.st_mode));
    assert_int_equal(test_scratch_count(), 1);
}

static void open_descriptors_go_on_where_they_are(void **state) {
    (void)state;
    char name[64];
    const char *path = test_path("log.txt");
    int fd = open(path, O_WRONLY | O_CREAT, 0600);
    assert_int_equal(write(fd, "a", 1), 1);
    snprintf(name, sizeof name, "/dev/fd/%d", fd);
    assert_ok(put(name, false, "b"));
    snprintf(name, sizeof name, "/proc/self/fd/%d", fd);
    assert_ok(put(name, false, "c"));
    assert_int_equal(write(fd, "d", 1), 1);
    close(fd);
    test_assert_text(path, "abcd");
    assert_status(FL_EIO, put("/dev/fd/999", false, "x"));
}

static int write_to_stdout(int argc, char **argv) {
    (void)argv;
    static const char *const names[] = {NULL, "-", "/dev/stdout", "/dev/fd/1"};
    fl_status status = FL_OK;
    printf("before ");
    for (int k = 0; k < 4 && status == FL_OK; k++)
        status = put(names[k], argc > 1, "word ");
    printf("after");
    return fl_exit_code(status);
}

static void standard_output(void **state) {
    (void)state;
    char *out;
    assert_int_equal(test_run_tool(write_to_stdout, "tool", "", &out, NULL), 0);
    assert_string_equal(out, "before word word word word after");
    free(out);
    assert_ok(fl_output_allowed(NULL, false));
    assert_ok(fl_output_allowed("-", false));
}

static void standard_output_that_is_full(void **state) {
    (void)state;
    fflush(stdout);
    int saved = dup(STDOUT_FILENO), full = open("/dev/full", O_WRONLY);
    dup2(full, STDOUT_FILENO);
    fl_status status = put(NULL, false, "x");
    char message[256];
    snprintf(message, sizeof message, "%s", fl_message());
    dup2(open("/dev/null", O_WRONLY), STDOUT_FILENO);
    fflush(stdout); /* what could not be written goes here */
    dup2(saved, STDOUT_FILENO);
    clearerr(stdout);
    close(saved);
    close(full);
    assert_int_equal(status, FL_EIO);
    assert_string_equal(message, "standard output: cannot be written: No space left on device");
}

static void reserved_names(void **state) {
    (void)state;
    fl_output output;
    const char *path = test_path("image.png");
    assert_ok(fl_output_reserve(&output, path, false));
    assert_null(output.stream);
    test_write_text(output.temporary, "drawn by another");
    assert_ok(fl_output_commit(&output));
    test_assert_text(path, "drawn by another");
    assert_status(FL_EEXIST, fl_output_reserve(&output, path, false));
    assert_ok(fl_output_reserve(&output, path, true));
    unlink(output.temporary); /* lost: an error, and the old file stays */
    assert_status(FL_EIO, fl_output_commit(&output));
    test_assert_text(path, "drawn by another");
    assert_status(FL_EINVAL, fl_output_reserve(&output, NULL, false));
    assert_status(FL_EINVAL, fl_output_reserve(&output, "-", false));
    assert_status(FL_EINVAL, fl_output_reserve(&output, "/dev/full", false));
    assert_int_equal(test_scratch_count(), 1);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(appears_on_commit, test_empty_scratch),
        cmocka_unit_test_setup(discard_leaves_nothing, test_empty_scratch),
        cmocka_unit_test_setup(follows_the_umask, test_empty_scratch),
        cmocka_unit_test_setup(existing_is_refused, test_empty_scratch),
        cmocka_unit_test_setup(force_replaces_and_keeps_the_mode, test_empty_scratch),
        cmocka_unit_test_setup(one_that_appears_meanwhile_is_kept, test_empty_scratch),
        cmocka_unit_test_setup(one_of_many_wins, test_empty_scratch),
        cmocka_unit_test_setup(full_device_is_an_error, test_empty_scratch),
        cmocka_unit_test_setup(full_disk_leaves_nothing, test_empty_scratch),
        cmocka_unit_test_setup(places_that_cannot_be_written, test_empty_scratch),
        cmocka_unit_test_setup(long_names, test_empty_scratch),
        cmocka_unit_test_setup(links_are_followed, test_empty_scratch),
        cmocka_unit_test_setup(dangling_links_are_followed, test_empty_scratch),
        cmocka_unit_test_setup(leftovers_are_removed, test_empty_scratch),
        cmocka_unit_test_setup(leftovers_of_zombies_are_removed, test_empty_scratch),
        cmocka_unit_test_setup(pipes_are_written_in_place, test_empty_scratch),
        cmocka_unit_test_setup(open_descriptors_go_on_where_they_are, test_empty_scratch),
        cmocka_unit_test_setup(standard_output, test_empty_scratch),
        cmocka_unit_test_setup(standard_output_that_is_full, test_empty_scratch),
        cmocka_unit_test_setup(reserved_names, test_empty_scratch),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
