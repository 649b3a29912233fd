/* Stores as files: the same bytes again, full disks, damage, files of other kinds. */
#include <sys/stat.h>
#include <unistd.h>

#include "fixland/store.h"
#include "src/io/h5.h"
#include "tests/support/disk.h"
#include "tests/support/draw.h"
#include "tests/support/files.h"
#include "tests/support/python.h"
#include "tests/support/support.h"
#include "tests/support/tools.h"

/* A small store of everything: two sizes, weights in one, a network. */
static fl_status write_small(const char *path, bool force, size_t count) {
    fl_rng rng = test_stream("small");
    fl_store *store;
    fl_network network;
    fl_meta meta = {0};
    fl_status status = fl_meta_set(&meta, "seed", "7");
    uint64_t *spins = test_draw_spins(20, count, &rng);
    double *weights = calloc(count, sizeof *weights);
    test_draw_network(&network, 20, &rng);
    if (status == FL_OK)
        status = fl_store_create(&store, path, force, &meta);
    if (status == FL_OK) {
        fl_store_begin(store, 20, 0.5, 3);
        fl_store_append(store, spins, count, weights);
        fl_store_network(store, 3, &network);
        fl_store_begin(store, 64, 0.5, 3);
        fl_store_append(store, spins, count, NULL);
        status = fl_store_close(store); /* tells an earlier failure too */
    }
    fl_network_clear(&network);
    fl_meta_clear(&meta);
    free(spins);
    free(weights);
    return status;
}

static void the_same_content_gives_the_same_bytes(void **state) {
    (void)state;
    assert_ok(write_small(test_path("a.h5"), false, 30000));
    sleep(1);
    assert_ok(write_small(test_path("b.h5"), false, 30000));
    test_assert_same_files(test_path("a.h5"), test_path("b.h5"));
}

static void outputs_that_are_refused(void **state) {
    (void)state;
    char below[600];
    test_write_bytes(test_path("old.h5"), "old", 3);
    snprintf(below, sizeof below, "%s/s.h5", test_path("old.h5"));
    assert_status(FL_EIO, write_small(below, false, 10));
    assert_status(FL_EIO, write_small(test_path("missing/s.h5"), false, 10));
    assert_status(FL_EEXIST, write_small(test_path("old.h5"), false, 10));
    test_assert_text(test_path("old.h5"), "old");
    assert_ok(write_small(test_path("old.h5"), true, 10));
    fl_store *store;
    assert_ok(fl_store_create(&store, test_path("s.h5"), false, NULL));
    assert_ok(fl_store_begin(store, 10, 0, 0));
    fl_store_discard(store);
    assert_int_equal(test_scratch_count(), 1);
}

/* Wherever the disk ends, the answer is FL_EIO and nothing is left, or a whole file. That this
 * program ends without a crash is part of the test: see h5_disk.c. */
static void full_disk_leaves_nothing(void **state) {
    (void)state;
    struct stat whole;
    size_t count = 40000;
    assert_ok(write_small(test_path("s.h5"), false, count));
    assert_int_equal(stat(test_path("s.h5"), &whole), 0);
    unlink(test_path("s.h5"));
    size_t size = (size_t)whole.st_size, step = test_fast() ? size / 11 : size / 97;
    for (size_t room = 0; room < size + step; room += room < 3000 ? 300 : step) {
        test_disk_full(room);
        fl_status status = write_small(test_path("s.h5"), false, count);
        test_disk_free();
        assert_int_equal(status, room < size ? FL_EIO : FL_OK);
        assert_int_equal(test_scratch_count(), room < size ? 0 : 1);
    }
    assert_true(test_exists(test_path("s.h5")));
}

static void a_full_disk_is_told_once_and_for_all(void **state) {
    (void)state;
    size_t batch = 50000;
    fl_rng rng = test_stream("full");
    uint64_t *spins = test_draw_spins(60, batch, &rng);
    fl_store *store;
    fl_network network;
    test_draw_network(&network, 5, &rng);
    assert_ok(fl_store_create(&store, test_path("s.h5"), false, NULL));
    assert_ok(fl_store_begin(store, 60, 0, 0));
    test_disk_full(100000);
    fl_status status = fl_store_append(store, spins, batch, NULL);
    test_disk_free();
    assert_int_equal(status, FL_EIO);
    assert_non_null(strstr(fl_message(), "s.h5: cannot be written: File too large"));
    assert_status(FL_EIO, fl_store_append(store, spins, 1, NULL));
    assert_status(FL_EIO, fl_store_begin(store, 60, 0, 1));
    assert_status(FL_EIO, fl_store_network(store, 0, &network));
    assert_status(FL_EIO, fl_store_close(store));
    assert_int_equal(test_scratch_count(), 0);
    fl_network_clear(&network);
    free(spins);
}

/* HDF5 may read again what it wrote: what the disk refused is still there for it. */
static void refused_bytes_can_be_read(void **state) {
    (void)state;
    fl_h5_file file;
    fl_network network, back;
    fl_rng rng = test_stream("driver");
    test_draw_network(&network, 40, &rng);
    assert_ok(fl_h5_create(&file, test_path("s.h5"), false));
    test_disk_full(5000);
    herr_t written = fl_h5_write_network(file.id, "J", &network);
    herr_t flushed = H5Fflush(file.id, H5F_SCOPE_GLOBAL);
    test_disk_free();
    assert_true(written >= 0 && flushed >= 0);
    hid_t dataset = H5Dopen2(file.id, "J", H5P_DEFAULT);
    assert_ok(fl_h5_read_network(dataset, "J", &back));
    H5Dclose(dataset);
    test_assert_same_networks(&network, &back);
    assert_status(FL_EIO, fl_h5_check(&file, 0));
    assert_status(FL_EIO, fl_h5_commit(&file));
    assert_int_equal(test_scratch_count(), 0);
    fl_network_clear(&network);
    fl_network_clear(&back);
}

static void files_that_are_no_stores(void **state) {
    (void)state;
    fl_store_reader *reader;
    assert_status(FL_EIO, fl_store_open(&reader, test_path("missing.h5")));
    assert_non_null(strstr(fl_message(), "missing.h5: cannot be read: No such file"));
    assert_status(FL_EIO, fl_store_open(&reader, "/tmp"));
    test_write_bytes(test_path("text"), "1 2\n", 4);
    assert_status(FL_EFORMAT, fl_store_open(&reader, test_path("text")));
    assert_null(reader);
    test_write_bytes(test_path("empty"), "", 0);
    assert_status(FL_EFORMAT, fl_store_open(&reader, test_path("empty")));
}

static void stores_that_contradict_themselves(void **state) {
    (void)state;
    static const struct {
        const char *change, *says;
    } cases[] = {
        {"f.attrs['format'] = 'other'", "not a fixland store"},
        {"del f.attrs['format']", "'format'"},
        {"f.attrs['format_version'] = 2", "version 2"},
        {"f.attrs['format_version'] = 'one'", "'format_version'"},
        {"del f['n20/spins']", "no dataset spins"},
        {"f['n21'] = f['n20']", "attribute n"},
        {"f['n30'] = f['n20']; f['n30'].attrs['n'] = 30; f.move('n20', 'x')", "wrong shape"},
        {"f['n30'] = 1", "not a group"},
        {"del f['n20/index']", "no index"},
        {"del f['n20/index/first']", "do not match"},
        {"f['n20/index/count'].resize((2,))", "do not match"},
        {"f['n20/index/count'][0] = 11", "beyond"},
        {"f['n20/index/first'][0] = 2**64 - 1", "beyond"},
        {"f['n20/weight'].resize((9,))", "weight does not match"},
        {"f.create_group('n30')", "integer attribute 'n'"},
        {"f.create_group('n30').attrs['n'] = 30", "no dataset spins"},
    };
    size_t count = sizeof cases / sizeof *cases, used;
    char script[4096];
    fl_store_reader *reader;
    test_need_python("numpy, h5py");
    assert_ok(write_small(test_path("s.h5"), true, 10));
    used = (size_t)snprintf(script, sizeof script,
                            "import sys, os, shutil, h5py\n"
                            "os.chdir(sys.argv[1])\n");
    for (size_t k = 0; k < count; k++)
        used += (size_t)snprintf(script + used, sizeof script - used,
                                 "shutil.copy('s.h5', '%zu.h5')\nf = h5py.File('%zu.h5', 'r+')\n"
                                 "%s\nf.close()\n",
                                 k, k, cases[k].change);
    test_python(script, test_path(""));
    for (size_t k = 0; k < count; k++) {
        char name[32];
        snprintf(name, sizeof name, "%zu.h5", k);
        assert_status(FL_EFORMAT, fl_store_open(&reader, test_path(name)));
        if (!strstr(fl_message(), name) || !strstr(fl_message(), cases[k].says))
            fail_msg("%s is told as: %s", cases[k].change, fl_message());
    }
    /* Fixed-length texts and groups of other kinds do no harm. */
    test_python("import sys, h5py, numpy\nf = h5py.File(sys.argv[1], 'r+')\n"
                "f.attrs['note'] = numpy.bytes_('abc'); f.attrs['year'] = 2026\n"
                "f.attrs['list'] = [1, 2]; f.create_group('nothing'); f['n1x'] = 1\n",
                test_path("s.h5"));
    assert_ok(fl_store_open(&reader, test_path("s.h5")));
    assert_string_equal(fl_meta_get(fl_store_meta(reader), "note"), "abc");
    assert_string_equal(fl_meta_get(fl_store_meta(reader), "year"), "2026");
    assert_null(fl_meta_get(fl_store_meta(reader), "list"));
    fl_store_reader_close(reader);
}

/* A tool that meets cut files; what HDF5 would have printed is captured. */
static int read_cut_stores(int argc, char **argv) {
    (void)argc, (void)argv;
    int failures = write_small(test_path("s.h5"), false, 100) != FL_OK;
    struct stat status;
    failures += stat(test_path("s.h5"), &status) != 0;
    for (off_t cut = status.st_size - 1; cut > 0; cut -= 211) {
        fl_store_reader *reader;
        failures += truncate(test_path("s.h5"), cut) != 0;
        failures += fl_store_open(&reader, test_path("s.h5")) != FL_EFORMAT;
        failures += !strstr(fl_message(), "s.h5");
    }
    return failures;
}

static void hdf5_is_silent(void **state) {
    (void)state;
    test_silent(read_cut_stores);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(the_same_content_gives_the_same_bytes, test_empty_scratch),
        cmocka_unit_test_setup(outputs_that_are_refused, test_empty_scratch),
        cmocka_unit_test_setup(full_disk_leaves_nothing, test_empty_scratch),
        cmocka_unit_test_setup(a_full_disk_is_told_once_and_for_all, test_empty_scratch),
        cmocka_unit_test_setup(refused_bytes_can_be_read, test_empty_scratch),
        cmocka_unit_test_setup(files_that_are_no_stores, test_empty_scratch),
        cmocka_unit_test_setup(stores_that_contradict_themselves, test_empty_scratch),
        cmocka_unit_test_setup(hdf5_is_silent, test_empty_scratch),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
