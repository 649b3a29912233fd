/* Model files: all of a learner comes back, other programs read it, damage is told. */
#include "tests/support/support.h"

#include <math.h>
#include <sys/stat.h>
#include <unistd.h>

#include "fixland/model.h"
#include "src/io/h5.h"
#include "tests/support/disk.h"
#include "tests/support/files.h"
#include "tests/support/python.h"

enum { FEATURES = 12, OUTPUTS = 3 };

/* A random architecture that has every kind of array now and then. */
static fl_training draw_training(fl_rng *rng) {
    fl_training t;
    assert_ok(fl_training_preset(&t, fl_preset_name(fl_rng_below(rng, 6))));
    t.hidden = 5 + fl_rng_below(rng, 20);
    t.modules = 1 + fl_rng_below(rng, 3);
    t.jd = fl_rng_uniform(rng);
    t.chain = (fl_chain)fl_rng_below(rng, 4);
    t.lambda = 0.1 + fl_rng_uniform(rng);
    t.degree = 1 + fl_rng_below(rng, 5);
    t.feedback_to = (fl_reach)fl_rng_below(rng, 2);
    t.readout_from = (fl_reach)fl_rng_below(rng, 2);
    t.input_all = fl_rng_below(rng, 2);
    t.rate_chain = 0.01;
    t.average = fl_rng_below(rng, 3);
    t.epochs = 2;
    return t;
}

static fl_data_spec draw_spec(fl_rng *rng) {
    fl_data_spec spec = fl_data_defaults("prototypes");
    spec.features = FEATURES;
    spec.classes = OUTPUTS;
    spec.train = 40;
    spec.test = 10;
    spec.flip = 0.3 * fl_rng_uniform(rng);
    spec.seed = fl_rng_bits(rng);
    return spec;
}

/* A model after an epoch. */
static fl_model make(fl_rng *rng, fl_dataset *train) {
    fl_training training = draw_training(rng);
    fl_dataset test;
    fl_epoch seen;
    fl_model m = {.data = draw_spec(rng),
                  .features = FEATURES,
                  .outputs = OUTPUTS,
                  .epoch = 1,
                  .seed = fl_rng_bits(rng) | UINT64_C(1) << 63,
                  .state = "a: 1\nb: 2\n"};
    assert_ok(fl_data_load(&m.data, train, &test));
    assert_ok(fl_learner_new(&m.learner, &training, FEATURES, OUTPUTS, m.seed));
    assert_ok(fl_learner_epoch(m.learner, train, 0, &(fl_effort){.threads = 1}, &seen));
    fl_dataset_clear(&test);
    return m;
}

static void assert_same_learners(const fl_learner *a, const fl_learner *b) {
    const fl_training *s = fl_learner_training(a), *t = fl_learner_training(b);
    size_t fields_count;
    const fl_field *fields = fl_training_fields(&fields_count);
    for (size_t k = 0; k < fields_count; k++) {
        double one = fl_field_get(s, &fields[k]), other = fl_field_get(t, &fields[k]);
        assert_true(one == other || (isnan(one) && isnan(other)));
    }
    assert_int_equal(fl_learner_arrays(a), fl_learner_arrays(b));
    for (size_t k = 0; k < fl_learner_arrays(a); k++) {
        char x[32], y[32];
        size_t rows, columns, rows2, columns2;
        assert_ok(fl_learner_array(a, k, x, &rows, &columns));
        assert_ok(fl_learner_array(b, k, y, &rows2, &columns2));
        assert_string_equal(x, y);
        assert_true(rows == rows2 && columns == columns2);
        float *u = calloc(rows * columns, sizeof *u), *v = calloc(rows * columns, sizeof *v);
        fl_learner_get(a, k, u);
        fl_learner_get(b, k, v);
        assert_memory_equal(u, v, rows * columns * sizeof *u);
        free(u);
        free(v);
    }
}

/* Whatever the architecture; and a second epoch goes the same way. */
static void all_comes_back(void **state) {
    (void)state;
    fl_rng rng = test_stream("round trip");
    for (int round = 0; round < (test_fast() ? 6 : 40); round++) {
        fl_dataset train;
        fl_epoch one, two;
        fl_model m = make(&rng, &train), back;
        assert_ok(fl_model_write(&m, test_path("m.h5"), true, NULL));
        assert_ok(fl_model_read(&back, test_path("m.h5")));
        assert_same_learners(m.learner, back.learner);
        assert_true(back.seed == m.seed && back.epoch == 1 && back.features == FEATURES &&
                    back.outputs == OUTPUTS);
        assert_string_equal(back.state, m.state);
        assert_string_equal(back.data.source, "prototypes");
        assert_true(back.data.seed == m.data.seed && back.data.flip == m.data.flip &&
                    back.data.train == 40 && back.data.test == 10 && back.data.classes == OUTPUTS &&
                    back.data.features == FEATURES && !back.data.raw &&
                    back.data.latent == m.data.latent);
        assert_ok(fl_learner_epoch(m.learner, &train, 1, &(fl_effort){.threads = 1}, &one));
        assert_ok(fl_learner_epoch(back.learner, &train, 1,
                                   &(fl_effort){.threads = test_threads(&rng)}, &two));
        assert_memory_equal(&one, &two, sizeof one);
        assert_same_learners(m.learner, back.learner);
        fl_model_clear(&m);
        fl_model_clear(&back);
        fl_dataset_clear(&train);
    }
}

/* Set and read back, a value other than the preset's in each parameter. */
static void every_parameter_has_its_place(void **state) {
    (void)state;
    fl_training t = {0};
    size_t fields_count;
    const fl_field *fields = fl_training_fields(&fields_count);
    for (size_t k = 0; k < fields_count; k++) {
        const fl_field *p = &fields[k];
        double value = p->type == FL_FIELD_SIZE   ? (double)k + 3
                       : p->type == FL_FIELD_REAL ? k + 0.5
                                                  : 1;
        fl_field_set(&t, p, value);
    }
    for (size_t k = 0; k < fields_count; k++) {
        const fl_field *p = &fields[k];
        double value = p->type == FL_FIELD_SIZE   ? (double)k + 3
                       : p->type == FL_FIELD_REAL ? k + 0.5
                                                  : 1;
        assert_true(fl_field_get(&t, p) == value);
        assert_ptr_equal(fl_field_find(fields, fields_count, p->name), p);
    }
    assert_true(t.jd == 2.5 && t.hidden == 3 && t.update == FL_UPDATE_PARTIAL &&
                t.readout_from == FL_REACH_ALL);
}

static void the_same_content_gives_the_same_bytes(void **state) {
    (void)state;
    fl_rng rng = test_stream("bytes");
    fl_dataset train;
    fl_model m = make(&rng, &train);
    assert_ok(fl_model_write(&m, test_path("a.h5"), false, NULL));
    assert_ok(fl_model_write(&m, test_path("b.h5"), false, NULL));
    test_assert_same_files(test_path("a.h5"), test_path("b.h5"));
    assert_status(FL_EEXIST, fl_model_write(&m, test_path("b.h5"), false, NULL));
    assert_ok(fl_model_write(&m, test_path("b.h5"), true, NULL));
    fl_model_clear(&m);
    fl_dataset_clear(&train);
}

/* Nothing half-written, wherever the disk is full. */
static void a_full_disk_leaves_no_file(void **state) {
    (void)state;
    fl_rng rng = test_stream("full");
    fl_dataset train;
    struct stat whole;
    fl_model m = make(&rng, &train);
    assert_ok(fl_model_write(&m, test_path("m.h5"), false, NULL));
    assert_int_equal(stat(test_path("m.h5"), &whole), 0);
    unlink(test_path("m.h5"));
    size_t size = (size_t)whole.st_size, step = size / (test_fast() ? 7 : 41);
    for (size_t room = 0; room < size + step; room += step) {
        test_disk_full(room);
        fl_status status = fl_model_write(&m, test_path("m.h5"), false, NULL);
        test_disk_free();
        assert_int_equal(status, room < size ? FL_EIO : FL_OK);
        assert_int_equal(test_scratch_count(), room < size ? 0 : 1);
    }
    fl_model_clear(&m);
    fl_dataset_clear(&train);
}

static void bad(fl_status status, const char *word) {
    fl_model m;
    assert_status(status, fl_model_read(&m, test_path("m.h5")));
    if (!strstr(fl_message(), word) || !strstr(fl_message(), "m.h5"))
        fail_msg("'%s' without '%s'", fl_message(), word);
}

static void truncated_files_are_told(void **state) {
    (void)state;
    fl_rng rng = test_stream("truncated");
    fl_dataset train;
    struct stat whole;
    fl_model m = make(&rng, &train);
    bad(FL_EIO, "No such file");
    test_write_text(test_path("m.h5"), "jd lambda\n0 1\n");
    bad(FL_EFORMAT, "HDF5");
    assert_ok(fl_model_write(&m, test_path("m.h5"), true, NULL));
    assert_int_equal(stat(test_path("m.h5"), &whole), 0);
    for (off_t left = whole.st_size - 1; left > 0; left -= whole.st_size / 5 + 1) {
        assert_int_equal(truncate(test_path("m.h5"), left), 0);
        bad(FL_EFORMAT, "");
    }
    fl_model_clear(&m);
    fl_dataset_clear(&train);
}

/* The file again, then `change` to it. */
static void damage(const fl_model *m, void (*change)(hid_t file)) {
    FL_H5_ENTER;
    assert_ok(fl_model_write(m, test_path("m.h5"), true, NULL));
    hid_t file = H5Fopen(test_path("m.h5"), H5F_ACC_RDWR, H5P_DEFAULT);
    assert_true(file >= 0);
    change(file);
    H5Fclose(file);
}

static void other_format(hid_t file) {
    H5Adelete(file, "format");
    assert_true(fl_h5_set_text(file, "format", "fixland store") >= 0);
}

static void other_version(hid_t file) {
    H5Adelete(file, "format_version");
    assert_true(fl_h5_set_integer(file, "format_version", 4) >= 0);
}

static void no_array(hid_t file) {
    assert_true(H5Ldelete(file, "W_out0", H5P_DEFAULT) >= 0);
}

static void put_array(hid_t file, hsize_t rows, hsize_t columns, float value) {
    const hsize_t sizes[2] = {rows, columns};
    float *values = calloc(rows * columns, sizeof *values);
    values[rows * columns / 2] = value;
    assert_true(H5Ldelete(file, "W_in0", H5P_DEFAULT) >= 0);
    fl_h5_id space = H5Screate_simple(2, sizes, NULL);
    fl_h5_id set =
        H5Dcreate2(file, "W_in0", H5T_IEEE_F32LE, space, H5P_DEFAULT, H5P_DEFAULT, H5P_DEFAULT);
    assert_true(H5Dwrite(set, H5T_NATIVE_FLOAT, H5S_ALL, H5S_ALL, H5P_DEFAULT, values) >= 0);
    free(values);
}

static size_t hidden; /* of the model at hand */

static void other_shape(hid_t file) {
    put_array(file, hidden + 1, FEATURES, 1);
}

static void not_finite(hid_t file) {
    put_array(file, hidden, FEATURES, NAN);
}

static void attribute_of(hid_t file, const char *name, int64_t value) {
    fl_h5_id group = H5Gopen2(file, "training", H5P_DEFAULT);
    H5Adelete(group, name);
    assert_true(fl_h5_set_integer(group, name, value) >= 0);
}

static void no_neurons(hid_t file) {
    attribute_of(file, "hidden", 0);
}

static void a_word_that_is_a_number(hid_t file) {
    attribute_of(file, "teacher", 2);
}

static void an_unknown_word(hid_t file) {
    fl_h5_id group = H5Gopen2(file, "training", H5P_DEFAULT);
    H5Adelete(group, "teacher");
    assert_true(fl_h5_set_text(group, "teacher", "parent") >= 0);
}

static void no_seed(hid_t file) {
    H5Adelete(file, "seed");
}

static void no_group(hid_t file) {
    assert_true(H5Ldelete(file, "data", H5P_DEFAULT) >= 0);
}

static void every_damage_is_told(void **state) {
    (void)state;
    static const struct {
        void (*change)(hid_t file);
        const char *word;
    } damages[] = {
        {other_format, "a \"fixland store\""},
        {other_version, "version 4"},
        {no_array, "there is no dataset /W_out0"},
        {other_shape, "/W_in0 has"},
        {not_finite, "W_in0"},
        {no_neurons, "hidden is 0"},
        {a_word_that_is_a_number, "teacher"},
        {an_unknown_word, "label|scalar|winner|error"},
        {no_seed, "seed"},
        {no_group, "/data"},
    };
    fl_rng rng = test_stream("damage");
    fl_dataset train;
    fl_model m;
    do { /* one whose readout is that of its first module */
        m = make(&rng, &train);
        fl_dataset_clear(&train);
        const fl_training *t = fl_learner_training(m.learner);
        hidden = t->hidden;
        if (t->modules == 1 || t->readout_from == FL_REACH_ALL)
            break;
        fl_model_clear(&m);
    } while (true);
    for (size_t k = 0; k < sizeof damages / sizeof *damages; k++) {
        damage(&m, damages[k].change);
        bad(FL_EFORMAT, damages[k].word);
    }
    fl_model_clear(&m);
}

static const char script[] =
    "import sys, h5py, numpy\n"
    "f = h5py.File(sys.argv[1], 'r')\n"
    "assert f.attrs['format'] == 'fixland model' and f.attrs['format_version'] == 3\n"
    "assert f.attrs['key'] == 'a value' and f.attrs['features'] == 12\n"
    "assert str(f.attrs['seed']) == sys.argv[2]\n"
    "t = f['training'].attrs\n"
    "h = t['hidden']\n"
    "assert t['teacher'] in ('label', 'scalar', 'winner', 'error') and t['batch'] == 16\n"
    "assert isinstance(t['jd'], float) and t['feedback-to'] in ('last', 'all')\n"
    "assert f['data'].attrs['source'] == 'prototypes'\n"
    "w = f['W_in0']\n"
    "assert w.shape == (h, 12) and w.dtype == numpy.float32 and numpy.all(numpy.isfinite(w))\n";

static void python_reads_it(void **state) {
    (void)state;
    char arguments[600];
    fl_meta meta = {0};
    fl_rng rng = test_stream("python");
    fl_dataset train;
    test_need_python("numpy, h5py");
    fl_model m = make(&rng, &train);
    assert_ok(fl_meta_set(&meta, "key", "a value"));
    assert_ok(fl_meta_set(&meta, "features", "not these"));
    assert_ok(fl_model_write(&m, test_path("m.h5"), true, &meta));
    snprintf(arguments, sizeof arguments, "%s %llu", test_path("m.h5"), (unsigned long long)m.seed);
    test_python(script, arguments);
    fl_meta_clear(&meta);
    fl_model_clear(&m);
    fl_dataset_clear(&train);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(all_comes_back),
        cmocka_unit_test(every_parameter_has_its_place),
        cmocka_unit_test_setup(the_same_content_gives_the_same_bytes, test_empty_scratch),
        cmocka_unit_test_setup(a_full_disk_leaves_no_file, test_empty_scratch),
        cmocka_unit_test_setup(truncated_files_are_told, test_empty_scratch),
        cmocka_unit_test_setup(every_damage_is_told, test_empty_scratch),
        cmocka_unit_test_setup(python_reads_it, test_empty_scratch),
    };
    return cmocka_run_group_tests_name("model_file", tests, NULL, NULL);
}
