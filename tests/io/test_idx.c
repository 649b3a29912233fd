/* IDX files: round trips, and every kind of file that is not what it should be. */
#include <sys/stat.h>
#include <unistd.h>
#include <zlib.h>

#include "fixland/idx.h"
#include "tests/support/disk.h"
#include "tests/support/files.h"
#include "tests/support/support.h"

/* A file built byte by byte. */
typedef struct bytes {
    unsigned char data[4096];
    size_t length;
} bytes;

static bytes idx(unsigned magic, const unsigned *size, size_t dimensions, size_t content) {
    bytes file = {.length = 0};
    for (int shift = 24; shift >= 0; shift -= 8)
        file.data[file.length++] = (unsigned char)(magic >> shift);
    for (size_t d = 0; d < dimensions; d++)
        for (int shift = 24; shift >= 0; shift -= 8)
            file.data[file.length++] = (unsigned char)(size[d] >> shift);
    for (size_t k = 0; k < content; k++)
        file.data[file.length++] = (unsigned char)(k * k % 10);
    return file;
}

/* 5 images of 3 x 4, and their labels 0 1 4 9 6. */
static bytes five_images(void) {
    return idx(0x803, (unsigned[]){5, 3, 4}, 3, 60);
}

static bytes five_labels(void) {
    return idx(0x801, (unsigned[]){5}, 1, 5);
}

static const char *images_path(void) {
    return test_path("images");
}

static const char *labels_path(void) {
    return test_path("labels");
}

static void put(const char *path, const bytes *file) {
    test_write_bytes(path, file->data, file->length);
}

/* Compressed, as one member of gzip more. */
static void pack(const char *path, const char *mode, const void *data, size_t length) {
    gzFile out = gzopen(path, mode);
    assert_non_null(out);
    assert_int_equal(gzwrite(out, data, (unsigned)length), length);
    assert_int_equal(gzclose(out), Z_OK);
}

static void put_packed(const char *path, const bytes *file) {
    unlink(path);
    pack(path, "wb9", file->data, file->length);
}

static void assert_five(void) {
    fl_images images;
    bytes pixels = five_images(), labels = five_labels();
    assert_ok(fl_images_read(&images, images_path(), labels_path(), 10));
    assert_true(images.count == 5 && images.rows == 3 && images.columns == 4);
    assert_memory_equal(images.pixels, pixels.data + 16, 60);
    assert_memory_equal(images.labels, labels.data + 8, 5);
    fl_images_clear(&images);
}

/* Refused with that status and those words, and the name of `blamed`; nothing is left allocated. */
static void assert_refused(fl_status status, const char *blamed, const char *words) {
    fl_images images;
    assert_status(status, fl_images_read(&images, images_path(), labels_path(), 10));
    if (!strstr(fl_message(), words) || !strstr(fl_message(), blamed))
        fail_msg("'%s' does not say '%s' of %s", fl_message(), words, blamed);
    assert_true(!images.pixels && !images.labels && images.count == 0);
}

static int write_five(void **state) {
    bytes images = five_images(), labels = five_labels();
    test_empty_scratch(state);
    put(images_path(), &images);
    put(labels_path(), &labels);
    return 0;
}

static void plain_and_packed_files_are_read(void **state) {
    (void)state;
    bytes images = five_images(), labels = five_labels();
    assert_five();
    put_packed(images_path(), &images);
    assert_five();
    put_packed(labels_path(), &labels);
    assert_five();
    unlink(images_path());
    pack(images_path(), "wb", images.data, 20); /* gzip files may be joined */
    pack(images_path(), "ab", images.data + 20, images.length - 20);
    assert_five();
}

static void what_is_written_is_read(void **state) {
    (void)state;
    fl_rng rng = test_stream("idx");
    for (int round = 0; round < (test_fast() ? 5 : 20); round++) {
        fl_images written, read;
        test_scratch_empty();
        assert_ok(fl_images_new(&written, 1 + fl_rng_below(&rng, 3000), 1 + fl_rng_below(&rng, 40),
                                1 + fl_rng_below(&rng, 40)));
        size_t pixels = written.rows * written.columns;
        for (size_t e = 0; e < written.count * pixels; e++)
            written.pixels[e] = (uint8_t)fl_rng_below(&rng, 256);
        for (size_t k = 0; k < written.count; k++)
            written.labels[k] = (uint8_t)fl_rng_below(&rng, 256);
        assert_ok(fl_images_write(&written, images_path(), labels_path(), 0));
        assert_status(FL_EEXIST, fl_images_write(&written, images_path(), labels_path(), 0));
        assert_ok(fl_images_write(&written, images_path(), labels_path(), 1));
        assert_ok(fl_images_read(&read, images_path(), labels_path(), 256));
        assert_true(read.count == written.count && read.rows == written.rows &&
                    read.columns == written.columns);
        assert_memory_equal(read.pixels, written.pixels, written.count * pixels);
        assert_memory_equal(read.labels, written.labels, written.count);
        fl_images_clear(&written);
        fl_images_clear(&read);
    }
}

static void full_disk(void **state) {
    (void)state;
    fl_images images;
    test_scratch_empty();
    assert_ok(fl_images_new(&images, 100, 20, 20));
    test_disk_full(1000);
    assert_status(FL_EIO, fl_images_write(&images, images_path(), labels_path(), 0));
    test_disk_free();
    assert_int_equal(test_scratch_count(), 0);
    fl_images_clear(&images);
}

/* Cut anywhere, plain or packed, either file: never taken for whole, never for another kind. */
static void truncated_files(void **state) {
    (void)state;
    bytes images = five_images(), labels = five_labels();
    for (size_t cut = 0; cut < images.length; cut++) {
        test_write_bytes(images_path(), images.data, cut);
        assert_refused(FL_EFORMAT, images_path(), "truncated");
    }
    put(images_path(), &images);
    for (size_t cut = 0; cut < labels.length; cut++) {
        test_write_bytes(labels_path(), labels.data, cut);
        assert_refused(FL_EFORMAT, labels_path(), "truncated");
    }
    put(labels_path(), &labels);
    put_packed(images_path(), &images);
    char *packed = malloc(4096);
    FILE *file = fopen(images_path(), "rb");
    size_t length = fread(packed, 1, 4096, file);
    fclose(file);
    for (size_t cut = 0; cut < length; cut++) {
        test_write_bytes(images_path(), packed, cut);
        assert_refused(FL_EFORMAT, images_path(), cut < 2 ? "header has" : "truncated");
    }
    free(packed);
}

/* One bit of a packed file wrong: told by its checksum, unless it does not matter. */
static void damaged_packed_files(void **state) {
    (void)state;
    bytes images = five_images(), file = {.length = 0};
    put_packed(images_path(), &images);
    FILE *stream = fopen(images_path(), "rb");
    file.length = fread(file.data, 1, sizeof file.data, stream);
    fclose(stream);
    int refused = 0;
    for (size_t bit = 0; bit < 8 * file.length; bit++) {
        fl_images read;
        file.data[bit / 8] ^= (unsigned char)(1 << bit % 8);
        put(images_path(), &file);
        file.data[bit / 8] ^= (unsigned char)(1 << bit % 8);
        fl_status status = fl_images_read(&read, images_path(), labels_path(), 10);
        if (status == FL_OK)
            assert_memory_equal(read.pixels, images.data + 16, 60);
        else
            assert_int_equal(status, FL_EFORMAT);
        refused += status != FL_OK;
        fl_images_clear(&read);
    }
    assert_true(refused > 8 * (int)file.length / 2);
}

static void trailing_bytes(void **state) {
    (void)state;
    bytes images = five_images(), labels = five_labels();
    images.length++;
    put(images_path(), &images);
    assert_refused(FL_EFORMAT, images_path(), "trailing bytes");
    put_packed(images_path(), &images);
    assert_refused(FL_EFORMAT, images_path(), "trailing bytes");
    images.length--;
    put_packed(images_path(), &images);
    FILE *file = fopen(images_path(), "ab");
    fputs("x", file);
    fclose(file);
    assert_refused(FL_EFORMAT, images_path(), "trailing bytes");
    put(images_path(), &images);
    labels.length += 3;
    put(labels_path(), &labels);
    assert_refused(FL_EFORMAT, labels_path(), "trailing bytes");
}

static void files_of_another_kind(void **state) {
    (void)state;
    bytes images = five_images(), labels = five_labels();
    put(images_path(), &labels);
    assert_refused(FL_EFORMAT, images_path(), "an IDX file of labels, not of images");
    put(images_path(), &images);
    put(labels_path(), &images);
    assert_refused(FL_EFORMAT, labels_path(), "an IDX file of images, not of labels");
    bytes other = idx(0xd03, (unsigned[]){5, 3, 4}, 3, 240); /* floats */
    put(labels_path(), &labels);
    put(images_path(), &other);
    assert_refused(FL_EFORMAT, images_path(), "begins with 00 00 0d 03, not 00 00 08 03");
    test_write_text(images_path(), "P5\n28 28\n255\n");
    assert_refused(FL_EFORMAT, images_path(), "not an IDX file of images");
    put_packed(images_path(), &other);
    assert_refused(FL_EFORMAT, images_path(), "begins with 00 00 0d 03");
}

static void files_that_do_not_fit(void **state) {
    (void)state;
    bytes labels = idx(0x801, (unsigned[]){4}, 1, 4);
    put(labels_path(), &labels);
    assert_refused(FL_EFORMAT, labels_path(), "4 labels, but 5 images");
    labels = five_labels();
    labels.data[10] = 10;
    put(labels_path(), &labels);
    assert_refused(FL_EFORMAT, labels_path(), "label 3 is 10; labels of 10 classes are 0 to 9");
    bytes images = idx(0x803, (unsigned[]){5, 0, 4}, 3, 0);
    put(images_path(), &images);
    assert_refused(FL_EFORMAT, images_path(), "empty: dimension 2 is 0");
    fl_images none;
    assert_status(FL_EINVAL, fl_images_read(&none, images_path(), labels_path(), 0));
    assert_status(FL_EINVAL, fl_images_read(&none, images_path(), labels_path(), 257));
    assert_status(FL_EINVAL, fl_images_new(&none, 0, 1, 1));
    assert_status(FL_EINVAL, fl_images_new(&none, SIZE_MAX / 2, 3, 1));
}

/* Headers that promise more memory than there is, on files of a few bytes. */
static void promises_are_not_believed(void **state) {
    (void)state;
    static const unsigned sizes[][3] = {{0xffffffff, 0xffffffff, 0xffffffff},
                                        {0x80000000, 0x80000000, 4},
                                        {60000, 0xffff, 0xffff},
                                        {1000, 28, 28}};
    for (size_t k = 0; k < 4; k++) {
        bytes images = idx(0x803, sizes[k], 3, 60);
        put(images_path(), &images);
        assert_refused(FL_EFORMAT, images_path(), "truncated");
        put_packed(images_path(), &images);
        assert_refused(FL_EFORMAT, images_path(), "truncated");
    }
    /* 30 MB of zeros pack into 130 kB: a promise of 31 MB is plausible and found out at the end. */
    size_t length = 16 + 30000000;
    unsigned char *zeros = calloc(length, 1);
    bytes header = idx(0x803, (unsigned[]){31, 1000, 1000}, 3, 0);
    memcpy(zeros, header.data, 16);
    unlink(images_path());
    pack(images_path(), "wb1", zeros, length);
    free(zeros);
    assert_refused(FL_EFORMAT, images_path(),
                   "30000000 bytes of data where the header promises 31");
}

static void files_that_are_not_there(void **state) {
    (void)state;
    unlink(images_path());
    assert_refused(FL_EIO, images_path(), "cannot be read: No such file");
    assert_int_equal(mkdir(images_path(), 0700), 0);
    assert_refused(FL_EIO, images_path(), "cannot be read: Is a directory");
    rmdir(images_path());
}

static const char *const names[] = {"train-images-idx3-ubyte", "train-labels-idx1-ubyte",
                                    "t10k-images-idx3-ubyte", "t10k-labels-idx1-ubyte"};

static void folders(void **state) {
    (void)state;
    fl_images train, test;
    bytes images = five_images(), labels = five_labels();
    char name[128];
    const char *folder = test_path(".");
    for (int k = 0; k < 4; k++) {
        assert_status(FL_EIO, fl_images_read_folder(&train, &test, folder, 10));
        snprintf(name, sizeof name, "neither %s nor %s.gz", names[k], names[k]);
        assert_non_null(strstr(fl_message(), name));
        snprintf(name, sizeof name, "%s%s", names[k], k < 2 ? ".gz" : "");
        (k < 2 ? put_packed : put)(test_path(name), k % 2 ? &labels : &images);
    }
    assert_ok(fl_images_read_folder(&train, &test, folder, 10));
    assert_true(train.count == 5 && test.count == 5);
    assert_memory_equal(train.pixels, test.pixels, 60);
    fl_images_clear(&train);
    fl_images_clear(&test);
    images = idx(0x803, (unsigned[]){5, 4, 3}, 3, 60);
    put(test_path(names[2]), &images);
    assert_status(FL_EFORMAT, fl_images_read_folder(&train, &test, folder, 10));
    assert_non_null(strstr(fl_message(), "3 x 4, but test images 4 x 3"));
    assert_true(!train.pixels && !test.pixels);
}

/* Names as archives give them. */
static void names_of_archives(void **state) {
    (void)state;
    static const char *const sets[][4] = {
        {"train-images.idx3-ubyte", "train-labels.idx1-ubyte", "t10k-images.idx3-ubyte",
         "t10k-labels.idx1-ubyte"},
        {"emnist-digits-train-images-idx3-ubyte", "emnist-digits-train-labels-idx1-ubyte",
         "emnist-digits-test-images-idx3-ubyte", "emnist-digits-test-labels-idx1-ubyte"}};
    fl_images train, test;
    bytes images = five_images(), labels = five_labels();
    for (int s = 0; s < 2; s++) {
        test_scratch_empty();
        for (int k = 0; k < 4; k++)
            put(test_path(sets[s][k]), k % 2 ? &labels : &images);
        put_packed(test_path("emnist-digits-test-labels-idx1-ubyte.gz"), &images); /* not taken */
        if (s == 0)
            unlink(test_path("emnist-digits-test-labels-idx1-ubyte.gz"));
        assert_ok(fl_images_read_folder(&train, &test, test_path("."), 10));
        assert_true(train.count == 5 && test.count == 5);
        fl_images_clear(&train);
        fl_images_clear(&test);
    }
    put(test_path("emnist-letters-train-images-idx3-ubyte"), &images);
    assert_status(FL_EFORMAT, fl_images_read_folder(&train, &test, test_path("."), 10));
    assert_non_null(strstr(fl_message(), "could be meant"));
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(plain_and_packed_files_are_read, write_five),
        cmocka_unit_test_setup(what_is_written_is_read, write_five),
        cmocka_unit_test_setup(full_disk, write_five),
        cmocka_unit_test_setup(truncated_files, write_five),
        cmocka_unit_test_setup(damaged_packed_files, write_five),
        cmocka_unit_test_setup(trailing_bytes, write_five),
        cmocka_unit_test_setup(files_of_another_kind, write_five),
        cmocka_unit_test_setup(files_that_do_not_fit, write_five),
        cmocka_unit_test_setup(promises_are_not_believed, write_five),
        cmocka_unit_test_setup(files_that_are_not_there, write_five),
        cmocka_unit_test_setup(folders, write_five),
        cmocka_unit_test_setup(names_of_archives, write_five),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
