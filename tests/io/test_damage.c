/* Damaged HDF5 files: sealed ones are refused at every flipped bit; others never take the program
 * along; matrices of other programs that use HDF5. */
#include <hdf5.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "fixland/matrix.h"
#include "fixland/store.h"
#include "tests/support/draw.h"
#include "tests/support/files.h"
#include "tests/support/support.h"

enum { SEAL = 32 };

static void write_store(const char *path) {
    fl_rng rng = test_stream("damage");
    fl_store *store;
    fl_meta meta = {0};
    uint64_t *spins = test_draw_spins(20, 500, &rng);
    assert_ok(fl_meta_set(&meta, "program", "fl-enumerate"));
    assert_ok(fl_meta_set(&meta, "seed", "7"));
    assert_ok(fl_store_create(&store, path, true, &meta));
    assert_ok(fl_store_begin(store, 20, 0.5, 3));
    assert_ok(fl_store_append(store, spins, 500, NULL));
    assert_ok(fl_store_close(store));
    fl_meta_clear(&meta);
    free(spins);
}

static unsigned char *slurp_bytes(const char *path, size_t *length) {
    struct stat status;
    assert_int_equal(stat(path, &status), 0);
    *length = (size_t)status.st_size;
    return (unsigned char *)test_slurp(path);
}

/* The number of configurations, or 0 when the store is refused. */
static uint64_t read_store(const char *path) {
    fl_store_reader *reader;
    const fl_store_set *sets;
    size_t count;
    uint64_t rows = 0, spins[500];
    if (fl_store_open(&reader, path) != FL_OK)
        return 0;
    assert_ok(fl_store_sets(reader, &sets, &count));
    if (count == 1 && sets[0].count == 500 && fl_store_read(reader, sets, 0, 500, spins) == FL_OK)
        rows = 500;
    fl_store_reader_close(reader);
    return rows;
}

static void every_flipped_bit_is_told(void **state) {
    (void)state;
    size_t length;
    fl_rng rng = test_stream("flips");
    write_store(test_path("s.h5"));
    unsigned char *bytes = slurp_bytes(test_path("s.h5"), &length);
    for (int trial = 0; trial < (test_fast() ? 30 : 400); trial++) {
        fl_store_reader *reader;
        /* the seal's own bits too, in the first trials */
        size_t bit = trial < 20 ? (length - SEAL) * 8 + fl_rng_below(&rng, 8 * SEAL)
                                : fl_rng_below(&rng, 8 * length);
        bytes[bit / 8] ^= (unsigned char)(1 << bit % 8);
        test_write_bytes(test_path("d.h5"), bytes, length);
        assert_status(FL_EFORMAT, fl_store_open(&reader, test_path("d.h5")));
        assert_non_null(strstr(fl_message(), "checksum does not hold"));
        bytes[bit / 8] ^= (unsigned char)(1 << bit % 8);
    }
    free(bytes);
}

/* Files of before there were seals: read as ever, and damage in them takes nothing along. */
static void files_without_a_seal(void **state) {
    (void)state;
    size_t length;
    fl_rng rng = test_stream("unsealed");
    write_store(test_path("s.h5"));
    unsigned char *bytes = slurp_bytes(test_path("s.h5"), &length);
    length -= SEAL;
    test_write_bytes(test_path("old.h5"), bytes, length);
    assert_int_equal(read_store(test_path("old.h5")), 500);
    for (int trial = 0; trial < (test_fast() ? 20 : 150); trial++) {
        size_t bit = fl_rng_below(&rng, 8 * length);
        bytes[bit / 8] ^= (unsigned char)(1 << bit % 8);
        test_write_bytes(test_path("d.h5"), bytes, length);
        read_store(test_path("d.h5")); /* returns */
        bytes[bit / 8] ^= (unsigned char)(1 << bit % 8);
    }
    free(bytes);
}

static void a_cut_seal_is_told(void **state) {
    (void)state;
    size_t length;
    fl_store_reader *reader;
    write_store(test_path("s.h5"));
    unsigned char *bytes = slurp_bytes(test_path("s.h5"), &length);
    for (size_t cut = 1; cut < SEAL; cut++) {
        test_write_bytes(test_path("d.h5"), bytes, length - cut);
        assert_status(FL_EFORMAT, fl_store_open(&reader, test_path("d.h5")));
        assert_non_null(strstr(fl_message(), "truncated"));
    }
    free(bytes);
}

static void cases_once_found(void **state) {
    (void)state;
    static const char *const stores[] = {"store-segv.h5", "store-shape.h5", "model-hang.h5"};
    const char *folder = getenv("FL_TEST_CORPUS");
    char path[4096];
    for (int k = 0; k < 3; k++) {
        fl_store_reader *reader;
        snprintf(path, sizeof path, "%s/hdf5/%s", folder ? folder : "tests/fuzz/corpus", stores[k]);
        if (!test_exists(path))
            skip();
        assert_status(FL_EFORMAT, fl_store_open(&reader, path));
        assert_non_null(strstr(fl_message(), "damaged"));
    }
}

/* ---- matrices as MATLAB, Octave and h5py write them ---- */

static hid_t write_matrix(hid_t parent, const char *name, hid_t type, const void *values) {
    const hsize_t sizes[2] = {3, 3};
    hid_t space = H5Screate_simple(2, sizes, NULL);
    hid_t dataset = H5Dcreate2(parent, name, type, space, H5P_DEFAULT, H5P_DEFAULT, H5P_DEFAULT);
    assert_true(dataset >= 0 &&
                H5Dwrite(dataset, type, H5S_ALL, H5S_ALL, H5P_DEFAULT, values) >= 0);
    H5Sclose(space);
    return dataset;
}

static void mark(hid_t object, const char *name) {
    unsigned char one = 1;
    hid_t space = H5Screate(H5S_SCALAR);
    hid_t attribute = H5Acreate2(object, name, H5T_NATIVE_UINT8, space, H5P_DEFAULT, H5P_DEFAULT);
    assert_true(H5Awrite(attribute, H5T_NATIVE_UINT8, &one) >= 0);
    H5Aclose(attribute);
    H5Sclose(space);
}

/* As it lies in their files: column by column. */
static const double columns_first[9] = {1, 4, 7, 2, 5, 8, 3, 6, 9};

static void matlab_and_octave(void **state) {
    (void)state;
    hid_t file = H5Fcreate(test_path("m.mat"), H5F_ACC_TRUNC, H5P_DEFAULT, H5P_DEFAULT);
    hid_t dataset = write_matrix(file, "J", H5T_NATIVE_DOUBLE, columns_first);
    mark(dataset, "MATLAB_class");
    H5Dclose(dataset);
    H5Fclose(file);
    file = H5Fcreate(test_path("o.h5"), H5F_ACC_TRUNC, H5P_DEFAULT, H5P_DEFAULT);
    hid_t group = H5Gcreate2(file, "J", H5P_DEFAULT, H5P_DEFAULT, H5P_DEFAULT);
    mark(group, "OCTAVE_NEW_FORMAT");
    H5Dclose(write_matrix(group, "value", H5T_NATIVE_DOUBLE, columns_first));
    H5Dclose(write_matrix(file, "other", H5T_NATIVE_DOUBLE, test_one_to_nine));
    H5Gclose(group);
    H5Fclose(file);
    test_assert_nine(test_path("m.mat"));
    test_assert_nine(test_path("o.h5"));
    char name[600];
    snprintf(name, sizeof name, "%s:/J", test_path("o.h5"));
    test_assert_nine(name);
    snprintf(name, sizeof name, "%s:/other", test_path("o.h5")); /* without a mark: as it lies */
    test_assert_nine(name);
}

/* A program with many threads has much mapped (stacks, buffers), and so has the child that looks at a file; here what
 * it needs is a chunk of 3 MB. */
static void much_is_mapped(void **state) {
    (void)state;
    const hsize_t sizes[2] = {3, 3}, most[2] = {H5S_UNLIMITED, H5S_UNLIMITED},
                  chunk[2] = {600, 600};
    const size_t size = (size_t)12 << 30;
    hid_t file = H5Fcreate(test_path("c.h5"), H5F_ACC_TRUNC, H5P_DEFAULT, H5P_DEFAULT);
    hid_t space = H5Screate_simple(2, sizes, most), creation = H5Pcreate(H5P_DATASET_CREATE);
    assert_true(H5Pset_chunk(creation, 2, chunk) >= 0 && H5Pset_deflate(creation, 6) >= 0);
    hid_t dataset =
        H5Dcreate2(file, "J", H5T_NATIVE_DOUBLE, space, H5P_DEFAULT, creation, H5P_DEFAULT);
    assert_true(
        H5Dwrite(dataset, H5T_NATIVE_DOUBLE, H5S_ALL, H5S_ALL, H5P_DEFAULT, test_one_to_nine) >= 0);
    H5Dclose(dataset);
    H5Pclose(creation);
    H5Sclose(space);
    H5Fclose(file);
    void *room = mmap(NULL, size, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    if (room == MAP_FAILED)
        skip();
    test_assert_nine(test_path("c.h5"));
    munmap(room, size);
}

static void booleans_of_h5py(void **state) {
    (void)state;
    const signed char no = 0, yes = 1, values[9] = {0, 1, 1, 0, 1, 0, 0, 0, 1};
    fl_network network;
    hid_t type = H5Tenum_create(H5T_NATIVE_INT8);
    H5Tenum_insert(type, "FALSE", &no);
    H5Tenum_insert(type, "TRUE", &yes);
    hid_t file = H5Fcreate(test_path("b.h5"), H5F_ACC_TRUNC, H5P_DEFAULT, H5P_DEFAULT);
    H5Dclose(write_matrix(file, "J", type, values));
    H5Fclose(file);
    H5Tclose(type);
    assert_ok(fl_matrix_read(&network, test_path("b.h5")));
    for (size_t k = 0; k < 9; k++)
        assert_true((k % 4 ? network.J[k] : network.diagonal[k / 3]) == values[k]);
    fl_network_clear(&network);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(every_flipped_bit_is_told, test_empty_scratch),
        cmocka_unit_test_setup(files_without_a_seal, test_empty_scratch),
        cmocka_unit_test_setup(a_cut_seal_is_told, test_empty_scratch),
        cmocka_unit_test_setup(much_is_mapped, test_empty_scratch),
        cmocka_unit_test(cases_once_found),
        cmocka_unit_test_setup(matlab_and_octave, test_empty_scratch),
        cmocka_unit_test_setup(booleans_of_h5py, test_empty_scratch),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
