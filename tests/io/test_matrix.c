/* Networks in files: three formats, read back to the same bits, shared with Python, or refused. */
#include "fixland/matrix.h"

#include <unistd.h>

#include "tests/support/disk.h"
#include "tests/support/draw.h"
#include "tests/support/python.h"
#include "tests/support/files.h"
#include "tests/support/support.h"
#include "tests/support/tools.h"

/* ---- round trips ---- */

static void all_formats_read_back(void **state) {
    (void)state;
    static const char *const names[] = {"m.txt", "m.npy", "m.h5", "m.hdf5", "m"};
    static const size_t sizes[] = {1, 2, 3, 7, 20, 64, 65, 130};
    fl_rng rng = test_stream("matrices");
    fl_meta meta = {0};
    assert_ok(fl_meta_set(&meta, "seed", "7"));
    for (size_t s = 0; s < sizeof sizes / sizeof *sizes; s++)
        for (size_t f = 0; f < sizeof names / sizeof *names; f++) {
            fl_network network, back;
            const char *path = test_path(names[f]);
            test_draw_network(&network, sizes[s], &rng);
            assert_ok(fl_matrix_write(&network, path, true, f % 2 ? &meta : NULL));
            assert_ok(fl_matrix_read(&back, path));
            test_assert_same_networks(&network, &back);
            fl_network_clear(&network);
            fl_network_clear(&back);
        }
    assert_int_equal(test_scratch_count(), 5);
    fl_meta_clear(&meta);
}

/* The same network gives the same file, whatever the second of its writing. */
static void files_are_reproducible(void **state) {
    (void)state;
    fl_network network;
    fl_rng rng = test_stream("reproducible");
    test_draw_network(&network, 10, &rng);
    assert_ok(fl_matrix_write(&network, test_path("a.h5"), false, NULL));
    sleep(1);
    assert_ok(fl_matrix_write(&network, test_path("b.h5"), false, NULL));
    test_assert_same_files(test_path("a.h5"), test_path("b.h5"));
    fl_network_clear(&network);
}

static void text_as_written(void **state) {
    (void)state;
    fl_network network;
    fl_meta meta = {0};
    assert_ok(fl_meta_set(&meta, "seed", "7"));
    assert_ok(fl_network_from_matrix(&network, (double[]){0.1, -2, 1e-300, 0.5}, 2));
    assert_ok(fl_matrix_write(&network, test_path("m.txt"), false, &meta));
    test_assert_text(test_path("m.txt"), "# seed: 7\n0.1 -2\n1e-300 0.5\n");
    fl_network_clear(&network);
    fl_meta_clear(&meta);
}

/* ---- text ---- */

static void forms_of_text(void **state) {
    (void)state;
    static const char *const forms[] = {
        "1 2 3\n4 5 6\n7 8 9\n",
        "1 2 3\n4 5 6\n7 8 9",
        "# title\n\n  1,2 ,3\r\n 4\t5 6 # six\r\n\r\n7.0 , 8e0, +9.\r\n# end",
        "1,2,3\n4,5,6\n7,8,9\n",
        " \n \n1 2 3 \n4 5 6 \n7 8 9 \n \n",
        ("\xef\xbb\xbf"
         "1,2,3\n4,5,6\n7,8,9\n"),               /* a byte order mark */
        "1.0D0 2d0 3\n.4D+1 500D-02 6\n7 8 9\n", /* Fortran */
        "1;2;3\r\n4;5;6\r\n7;8;9\r\n",
        "1,0;2,0;3\n4,00;5;6\n7;8;9,000\n", /* decimal commas */
        "a,b,c\n1,2,3\n4,5,6\n7,8,9\n",
        "\xef\xbb\xbfneuron 1;neuron 2;neuron 3\n1;2;3\n4;5;6\n7;8;9\n",
        ",0,1,2\n0,1.0,2.0,3.0\n1,4.0,5.0,6.0\n2,7.0,8.0,9.0\n",                /* pandas */
        "\"\",\"V1\",\"V 2\",\"V,3\"\n\"1\",1,2,3\n\"2\",4,5,6\n\"3\",7,8,9\n", /* write.csv of R */
        "\"V1\" \"V 2\" \"V3\"\n\"1\" 1 2 3\n\"2\" 4 5 6\n\"3\" 7 8 9\n", /* write.table of R */
        "V1 V2 V3\n1 1 2 3\n2 4 5 6\n3 7 8 9\n", /* the same without quotes */
        "name\tleft one\tb\tc\nleft one\t1\t2\t3\nb\t4\t5\t6\nc\t7\t8\t9\n",
        "a 1 2 3\nb 4 5 6\nc 7 8 9\n",
    };
    for (size_t k = 0; k < sizeof forms / sizeof *forms; k++) {
        test_write_bytes(test_path("m"), forms[k], strlen(forms[k]));
        test_assert_nine(test_path("m"));
    }
}

/* Contents that are refused, and what the sentence says beside the name of the file. */
static const struct {
    const char *content, *says;
} refused_texts[] = {
    {"", "no numbers"},
    {"\n# only words\n", "no numbers"},
    {"1 2\n3\n", "line 2 holds 1 numbers, but line 1 holds 2"},
    {"# c\n\n1 2\n\n3 4 5\n", "line 5 holds 3 numbers, but line 3 holds 2"},
    {"1 2 3\n4 5 6\n", "2 rows of 3"},
    {"1 2\n3 4\n5 6\n", "line 3 is row 3 of a matrix of 2"},
    {"1\n2\n", "line 2 is row 2"},
    {"1 2\n3 nan\n", "line 2, number 2 is nan"},
    {"1 -inf\n3 4\n", "line 1, number 2 is -inf"},
    {"1 2\n1e999 4\n", "line 2, number 1 is 1e999"},
    {"1 2\n3 x\n", "line 2, number 2: 'x'"},
    {"1 2\n3 4x\n", "line 2, number 2: '4x'"},
    {"1 0x10\n3 4\n", "line 1, number 2: '0x10'"},
    {"1,,2\n3,4\n", "line 1, number 2: ''"},
    {",1\n", "the file holds no numbers"},
    {"1,2,\n3,4,\n", "line 1 ends with a comma"},
    {"[[1 2]\n [3 4]]", "line 2, number 1: '[3'"},
    {"1 2\n3 4\n.\n", "line 3, number 1: '.'"},
    {"1;2\n", "1 rows of 2"},
    {"1;2;\n3;4;\n", "line 1 ends with a semicolon"},
    {"1;2 3\n4;5\n", "line 1, number 2: '2 3'"},
    {"1;1,2.3\n4;5\n", "line 1, number 2: '1,2.3'"},
    {"a,b,c\n1,2\n3,4\n", "line 2 holds 2 numbers, but line 1 3 names"},
    {"a,b\nc,d\n1,2\n", "line 2, number 1: 'c'"},
    {"a,b\n1,2\n", "1 rows of 2 numbers: not square (the first line was taken for names)"},
    {"0,1\n1,2\n3,4\n", "line 3 is row 3 of a matrix of 2 columns"},
    {"a 1 2\n3 4\n", "line 2 holds 1 numbers, but line 1 holds 2"},
    {"1 2\nb 3 4\n", "line 2, number 1: 'b'"},
    {"1 2\n3 \033[31m\n", "line 2, number 2: '\\x1b[31m'"},
    {"1 2D\n3 4\n", "line 1, number 2: '2D'"},
    {"1 2\n1e300 1e300\n", "sum to 2e+300"},
    {"\"1\",\"2\"\n\"3\",\"4\"\n",
     "line 2, number 1: '\"3\"' is not a number; numbers stand without quotes"},
    {"PK\003\004 and so on", "this is an archive (.npz"},
    {"MATLAB 5.0 MAT-file, Platform", "this is a MATLAB file of a version before 7.3"},
    {"%%MatrixMarket matrix coordinate real general\n2 2 1\n1 2 0.5\n",
     "this is a Matrix Market file"},
    {"\037\213\010 and so on", "this is a file packed by gzip"},
};

static void texts_that_are_refused(void **state) {
    (void)state;
    fl_network network;
    const char *path = test_path("m");
    for (size_t k = 0; k < sizeof refused_texts / sizeof *refused_texts; k++) {
        test_write_bytes(path, refused_texts[k].content, strlen(refused_texts[k].content));
        assert_status(FL_EFORMAT, fl_matrix_read(&network, path));
        if (!strstr(fl_message(), path) || !strstr(fl_message(), refused_texts[k].says))
            fail_msg("'%s' is told as: %s", refused_texts[k].content, fl_message());
        assert_null(network.J);
    }
    test_write_bytes(path, "1 2\n3 \0 4\n", 10);
    assert_status(FL_EFORMAT, fl_matrix_read(&network, path));
    assert_non_null(strstr(fl_message(), "line 2: a zero byte"));
}

/* ---- Python ---- */

static void python_writes(void **state) {
    (void)state;
    static const char *const good[] = {"be4.npy", "f8.npy",         "fortran.npy", "i2.npy",
                                       "v3.npy",  "bool.npy",       "np.txt",      "J.h5",
                                       "only.h5", "only.h5:/a/b/c", "many.h5:/a",  "many.h5:b",
                                       "user.h5", "renamed.dat"};
    test_need_python("numpy, h5py");
    test_python(
        "import sys, numpy, h5py, os\n"
        "os.chdir(sys.argv[1])\n"
        "m = numpy.arange(1., 10).reshape(3, 3)\n"
        "numpy.save('f8.npy', m)\n"
        "numpy.save('be4.npy', m.astype('>f4'))\n"
        "numpy.save('fortran.npy', numpy.asfortranarray(m))\n"
        "numpy.save('i2.npy', m.astype('i2'))\n"
        "numpy.save('bool.npy', m > 3)\n"
        "numpy.lib.format.write_array(open('v3.npy', 'wb'), m, version=(3, 0))\n"
        "numpy.savetxt('np.txt', m, header='title')\n"
        "with h5py.File('J.h5', 'w') as f:\n"
        "    f['J'] = m; f['other'] = m + 1; f['v'] = m[0]\n"
        "with h5py.File('only.h5', 'w') as f:\n"
        "    f.create_dataset('a/b/c', data=m.astype('>i4'), chunks=(2, 2), compression=9)\n"
        "    f['v'] = m[0]; f['t'] = 'text'; f['cube'] = numpy.zeros((3, 3, 3))\n"
        "with h5py.File('many.h5', 'w') as f:\n"
        "    f['a'] = m; f['b'] = m.astype('f4'); f['n/a'] = m\n"
        "with h5py.File('user.h5', 'w', userblock_size=1024) as f:\n"
        "    f['x'] = m\n"
        "with h5py.File('renamed.dat', 'w') as f:\n"
        "    f['x'] = m\n"
        "with h5py.File('none.h5', 'w') as f:\n"
        "    f['v'] = m[0]\n"
        "with h5py.File('odd.h5', 'w') as f:\n"
        "    f['oblong'] = m[:2]; f['cube'] = numpy.zeros((3, 3, 3))\n"
        "    f['complex'] = m + 1j; f['nan'] = m / (m - 4)\n",
        test_path(""));
    for (size_t k = 0; k < sizeof good / sizeof *good; k++) {
        if (strcmp(good[k], "bool.npy") != 0) {
            test_assert_nine(test_path(good[k]));
            continue;
        }
        fl_network network;
        assert_ok(fl_matrix_read(&network, test_path(good[k])));
        assert_true(network.diagonal[0] == 0 && network.diagonal[1] == 1 && network.J[3] == 1);
        fl_network_clear(&network);
    }
    static const struct {
        const char *name, *says;
    } bad[] = {{"none.h5", "no 2-D dataset"},
               {"many.h5", "3 datasets could be the matrix (/a, /b, /n/a)"},
               {"many.h5:/c", "no dataset /c"},
               {"many.h5:/n", "no dataset /n"},
               {"odd.h5:oblong", "2 x 3"},
               {"odd.h5:cube", "3 dimensions"},
               {"odd.h5:complex", "neither reals nor integers"},
               {"odd.h5:nan", "coupling (1, 0) is inf"},
               {"f8.npy:J", "not an HDF5 file"}};
    for (size_t k = 0; k < sizeof bad / sizeof *bad; k++) {
        fl_network network;
        assert_status(FL_EFORMAT, fl_matrix_read(&network, test_path(bad[k].name)));
        if (!strstr(fl_message(), bad[k].says))
            fail_msg("%s is told as: %s", bad[k].name, fl_message());
    }
}

static void python_reads(void **state) {
    (void)state;
    test_need_python("numpy, h5py");
    fl_network network;
    fl_meta meta = {0};
    fl_rng rng = test_stream("Python");
    test_draw_network(&network, 20, &rng);
    assert_ok(fl_meta_set(&meta, "command", "%s", "caf\xc3\xa9"));
    assert_ok(fl_matrix_write(&network, test_path("m.npy"), false, NULL));
    assert_ok(fl_matrix_write(&network, test_path("m.h5"), false, &meta));
    assert_ok(fl_matrix_write(&network, test_path("m.txt"), false, &meta));
    FILE *raw = fopen(test_path("raw"), "wb");
    for (size_t i = 0; i < 20; i++)
        for (size_t j = 0; j < 20; j++)
            fwrite(i == j ? &network.diagonal[i] : &network.J[i * 20 + j], sizeof(double), 1, raw);
    fclose(raw);
    test_python("import sys, numpy, h5py, os\n"
                "os.chdir(sys.argv[1])\n"
                "m = numpy.fromfile('raw').reshape(20, 20)\n"
                "f = h5py.File('m.h5', 'r')\n"
                "assert f.attrs['command'] == 'caf\\xe9'\n"
                "assert f['J'].dtype == '<f8'\n"
                "assert numpy.load('m.npy').dtype == '<f8'\n"
                "for a in numpy.load('m.npy'), f['J'][:], numpy.loadtxt('m.txt'):\n"
                "    assert a.tobytes() == m.tobytes()\n",
                test_path(""));
    fl_network_clear(&network);
    fl_meta_clear(&meta);
}

/* ---- refusals ---- */

static void paths_that_cannot_be_read(void **state) {
    (void)state;
    fl_network network;
    char path[600];
    test_write_bytes(test_path("m.txt"), "1\n", 2);
    snprintf(path, sizeof path, "%s/below", test_path("m.txt"));
    assert_status(FL_EIO, fl_matrix_read(&network, path));
    assert_status(FL_EIO, fl_matrix_read(&network, test_path("missing.npy")));
    assert_non_null(strstr(fl_message(), "missing.npy: cannot be read: No such file"));
    assert_status(FL_EIO, fl_matrix_read(&network, test_path("missing.h5:/J")));
    assert_non_null(strstr(fl_message(), "missing.h5:/J"));
    assert_status(FL_EIO, fl_matrix_read(&network, "/tmp"));
    assert_non_null(strstr(fl_message(), "directory"));
    test_write_bytes(test_path("empty.npy"), "", 0);
    assert_status(FL_EFORMAT, fl_matrix_read(&network, test_path("empty.npy")));
}

static void outputs_that_are_refused(void **state) {
    (void)state;
    static const char *const names[] = {"m.txt", "m.npy", "m.h5"};
    fl_network network;
    fl_rng rng = test_stream("refused");
    test_draw_network(&network, 40, &rng);
    for (int f = 0; f < 3; f++) {
        char below[600];
        test_write_bytes(test_path(names[f]), "old", 3);
        assert_status(FL_EEXIST, fl_matrix_write(&network, test_path(names[f]), false, NULL));
        test_assert_text(test_path(names[f]), "old");
        snprintf(below, sizeof below, "%s/%s", test_path(names[f]), names[f]);
        assert_status(FL_EIO, fl_matrix_write(&network, below, true, NULL));
        unlink(test_path(names[f]));
        assert_int_equal(test_scratch_count(), 0);
    }
    assert_status(FL_EIO, fl_matrix_write(&network, "/dev/full", true, NULL));
    fl_network_clear(&network);
}

static void full_disk_leaves_nothing(void **state) {
    (void)state;
    static const char *const names[] = {"m.txt", "m.npy", "m.h5"};
    fl_network network, back;
    fl_rng rng = test_stream("full disk");
    test_draw_network(&network, 40, &rng);
    for (int f = 0; f < 3; f++)
        for (size_t room = 0; room < 24000; room += 997) {
            test_disk_full(room);
            fl_status status = fl_matrix_write(&network, test_path(names[f]), false, NULL);
            test_disk_free();
            if (status == FL_OK) {
                assert_true(room >= 40 * 40 * 8);
                assert_ok(fl_matrix_read(&back, test_path(names[f])));
                test_assert_same_networks(&network, &back);
                fl_network_clear(&back);
                unlink(test_path(names[f]));
                continue;
            }
            assert_int_equal(status, FL_EIO);
            assert_non_null(strstr(fl_message(), "cannot be written: File too large"));
            assert_int_equal(test_scratch_count(), 0);
        }
    fl_network_clear(&network);
}

/* Cut and changed HDF5 files: a matrix or a sentence, and not a word from HDF5 itself. */
static int read_damaged_hdf5(int argc, char **argv) {
    (void)argc, (void)argv;
    fl_rng rng = test_stream("damaged");
    fl_network network, back;
    unsigned char bytes[4096];
    test_draw_network(&network, 5, &rng);
    int failures = fl_matrix_write(&network, test_path("m.h5"), false, NULL) != FL_OK;
    fl_network_clear(&network);
    FILE *file = fopen(test_path("m.h5"), "rb");
    size_t size = fread(bytes, 1, sizeof bytes, file);
    fclose(file);
    for (size_t cut = 1; cut < size; cut += 13) {
        test_write_bytes(test_path("cut.h5"), bytes, cut);
        fl_status status = fl_matrix_read(&back, test_path("cut.h5"));
        failures += status != FL_EFORMAT || !strstr(fl_message(), "cut.h5");
    }
    failures += fl_matrix_read(&back, test_path("m.h5:/K")) != FL_EFORMAT;
    failures += fl_matrix_write(&back, test_path("missing/m.h5"), false, NULL) != FL_EIO;
    return failures;
}

static void hdf5_is_silent(void **state) {
    (void)state;
    test_silent(read_damaged_hdf5);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(all_formats_read_back, test_empty_scratch),
        cmocka_unit_test_setup(files_are_reproducible, test_empty_scratch),
        cmocka_unit_test_setup(text_as_written, test_empty_scratch),
        cmocka_unit_test_setup(forms_of_text, test_empty_scratch),
        cmocka_unit_test_setup(texts_that_are_refused, test_empty_scratch),
        cmocka_unit_test_setup(python_writes, test_empty_scratch),
        cmocka_unit_test_setup(python_reads, test_empty_scratch),
        cmocka_unit_test_setup(paths_that_cannot_be_read, test_empty_scratch),
        cmocka_unit_test_setup(outputs_that_are_refused, test_empty_scratch),
        cmocka_unit_test_setup(full_disk_leaves_nothing, test_empty_scratch),
        cmocka_unit_test_setup(hdf5_is_silent, test_empty_scratch),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
