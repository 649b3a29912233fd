/* fl-train export: the network, and with an example its field and its state, against the model and the other
 * tools. */
#include "tests/support/support.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "fixland/sampling.h"
#include "fixland/learn.h"
#include "fixland/matrix.h"
#include "fixland/model.h"
#include "fixland/spins.h"
#include "fixland/store.h"
#include "fixland/tools.h"
#include "tests/support/files.h"
#include "tests/support/tools.h"
#include "tests/support/training.h"

#define TRAINED                                                                                    \
    "--data prototypes --features 12 --classes 4 --train 60 --test 20 --hidden 12 --epochs 2 "

/* Array `wanted` of the model times x, added to field; nothing where there is none. */
static void add_product(const fl_model *m, const char *wanted, const float *x, double *field) {
    size_t rows, columns;
    float *values = test_model_array(m, wanted, &rows, &columns);
    for (size_t e = 0; values && e < rows * columns; e++)
        field[e / columns] += (double)values[e] * (double)x[e % columns];
    free(values);
}

static void expected_field(const fl_model *m, const float *x, double *field) {
    const fl_training *t = fl_learner_training(m->learner);
    for (size_t i = 0; i < t->hidden * t->modules; i++)
        field[i] = t->input == FL_INPUT_DIRECT && (i < t->hidden || t->input_all)
                       ? t->lambda_in * (double)x[i % t->hidden]
                       : 0;
    for (size_t module = 0; module < t->modules; module++) {
        char array[48];
        snprintf(array, sizeof array, "%sW_in%zu", t->average ? "average/" : "", module);
        add_product(m, array, x, field + module * t->hidden);
    }
}

static void assert_field_file(const char *path, const double *field, size_t n) {
    double *values;
    size_t count;
    bool npy = strstr(path, ".npy");
    FILE *file = fopen(path, "r");
    assert_non_null(file);
    assert_int_equal(getc(file), npy ? 0x93 : '#');
    fclose(file);
    assert_ok(fl_numbers_read(path, &values, &count));
    assert_int_equal(count, n);
    for (size_t i = 0; i < n; i++)
        assert_true(fabs(values[i] - field[i]) <= 1e-12 * (1 + fabs(field[i])));
    free(values);
}

/* The only configuration of a store. */
static void read_only_state(const char *path, size_t n, uint64_t *spins) {
    fl_store_reader *reader;
    const fl_store_set *sets;
    size_t count;
    assert_ok(fl_store_open(&reader, path));
    assert_ok(fl_store_sets(reader, &sets, &count));
    assert_true(count == 1 && sets->n == n && sets->count == 1 && sets->jd == 0);
    assert_ok(fl_store_read(reader, sets, 0, 1, spins));
    fl_store_reader_close(reader);
}

/* Is the configuration among those of the first set? */
static bool store_holds(const char *path, const uint64_t *spins) {
    fl_store_reader *reader;
    const fl_store_set *sets;
    size_t count;
    bool found = false;
    assert_ok(fl_store_open(&reader, path));
    assert_ok(fl_store_sets(reader, &sets, &count));
    for (uint64_t k = 0; count && k < sets->count && !found; k++) {
        uint64_t other;
        assert_ok(fl_store_read(reader, sets, k, 1, &other));
        found = other == *spins;
    }
    fl_store_reader_close(reader);
    return found;
}

/* Settings that differ in where the input goes, by how the state comes about, and in whether it is
 * a fixed point in the end. */
static const char *const kinds[] = {
    "--jd 0.5",
    "--jd -0.5 --average 1",
    "--input direct --lambda-in 0.7 --inference-sweeps 1",
    "--preset two-module --jd 0.2 --hidden 6",
    "--preset two-module --input-all=no --hidden 6 --chain forward",
    "--preset two-module --direction forward --hidden 6 --chain both",
};
enum { KINDS = sizeof kinds / sizeof *kinds };

/* The field is what the model's arrays give; the state is that of inference; "unstable" is 0 where,
 * and only where, enumeration finds it among the fixed points under that field. */
static void examples_are_those_of_the_model(void **state) {
    (void)state;
    char model[512], matrix[512], input[512], kept[512], all[512];
    int fixed = 0;
    strcpy(model, test_path("m.h5"));
    strcpy(matrix, test_path("J.npy"));
    strcpy(kept, test_path("s.h5"));
    strcpy(all, test_path("all.h5"));
    for (size_t k = 0; k < 2 * KINDS; k++) {
        size_t example = 3 * k % 20;
        fl_model m;
        fl_dataset sets[2];
        fl_epoch seen;
        double field[12];
        uint64_t states[20], spins;
        strcpy(input, test_path(k % 2 ? "x.npy" : "x.txt"));
        fl_frame f = train_table(TRAINED "%s --save %s --force", kinds[k / 2], model);
        fl_frame_clear(&f);
        f = train_table("export %s --network %s --input %s --state %s --example %zu --force", model,
                        matrix, input, kept, example);
        double unstable = 0;
        for (size_t row = 0; row < f.rows; row++)
            unstable += test_cell(&f, row, "unstable");
        fl_frame_clear(&f);
        assert_ok(fl_model_read(&m, model));
        assert_ok(fl_data_load(&m.data, &sets[0], &sets[1]));
        expected_field(&m, sets[1].x + example * 12, field);
        assert_field_file(input, field, 12);
        assert_ok(fl_learner_evaluate(m.learner, &sets[1], &(fl_effort){.threads = 1}, &seen,
                                      states, NULL));
        read_only_state(kept, 12, &spins);
        assert_true(spins == states[example]);
        f = test_table_of(fl_tool_enumerate, "fl-enumerate",
                          "--network %s --input %s --store %s --force", matrix, input, all);
        assert_true(store_holds(all, &spins) == (unstable == 0));
        fixed += unstable == 0;
        fl_frame_clear(&f);
        fl_dataset_clear(&sets[0]);
        fl_dataset_clear(&sets[1]);
        fl_model_clear(&m);
    }
    assert_true(fixed > 0 && fixed < 2 * KINDS);
}

static void export_refused(const char *model, const char *rest, int code, const char *word) {
    char arguments[2048];
    snprintf(arguments, sizeof arguments, "export %s --network %s %s", model, test_path("N.npy"),
             rest);
    train_refused(arguments, code, word);
}

static void wrong_examples_are_refused(void **state) {
    (void)state;
    char model[512], same[1200];
    strcpy(model, test_path("m.h5"));
    fl_frame f = train_table(TRAINED "--average 1 --save %s --force", model);
    fl_frame_clear(&f);
    export_refused(model, "--example 3", 2, "--input or --state");
    export_refused(model, "--part train", 2, "--input or --state");
    export_refused(model, "--data-seed 3", 2, "--input or --state");
    snprintf(same, sizeof same, "--input %s --example 20", test_path("x.txt"));
    export_refused(model, same, 2, "0 to 19");
    snprintf(same, sizeof same, "--input %s --last", test_path("x.txt"));
    export_refused(model, same, 2, "averaged");
    snprintf(same, sizeof same, "--input %s", test_path("N.npy"));
    export_refused(model, same, 2, "two different files");
    snprintf(same, sizeof same, "--state %s --features 13", test_path("s.h5"));
    export_refused(model, same, 1, "13 features");
    snprintf(same, sizeof same, "--input /dev/full --state %s", test_path("s.h5"));
    export_refused(model, same, 1, "/dev/full"); /* no matrix and no state are left */
}

/* Entry by entry: diagonal, learned couplings, chain, nothing else. */
static void assert_exported(const fl_model *m, const fl_network *network) {
    const fl_training *t = fl_learner_training(m->learner);
    size_t h = t->hidden, n = h * t->modules, width;
    double *expected = calloc(n * n, sizeof *expected);
    for (size_t c = 0; c < t->modules; c++)
        for (size_t d = 0; d < t->modules; d++) {
            char block[32];
            snprintf(block, sizeof block, "%s%s%zu", t->average ? "average/" : "",
                     c == d  ? "J"
                     : c > d ? "F"
                             : "G",
                     c);
            float *values = c - d + 1 <= 2 ? test_model_array(m, block, NULL, &width) : NULL;
            for (size_t e = 0; values && e < h * h; e++)
                expected[(c * h + e / h) * n + d * h + e % h] = values[e];
            free(values);
            snprintf(block, sizeof block, "%s%zu", c > d ? "up" : "down", d);
            values = c != d && c - d + 1 <= 2 ? test_model_array(m, block, NULL, &width) : NULL;
            bool paired = t->chain == FL_CHAIN_PAIRED && c < d; /* read from the other side */
            for (size_t e = 0; values && e < h * width; e++) {
                size_t i = paired ? (size_t)values[e] : e / width,
                       j = paired ? e / width : (size_t)values[e];
                expected[(c * h + i) * n + d * h + j] += t->lambda / sqrt((double)width);
            }
            free(values);
        }
    assert_int_equal(network->n, n);
    for (size_t i = 0; i < n; i++)
        for (size_t j = 0; j < n; j++)
            if (i == j)
                assert_true(network->diagonal[i] == t->jd && expected[i * n + i] == 0);
            else
                assert_true(network->J[i * n + j] == expected[i * n + j]);
    free(expected);
}

static void exported_networks_are_the_models(void **state) {
    (void)state;
    static const char *const trainings[] = {
        "--average 2", "--preset two-module --jd 0.25 --lambda 0.7",
        "--preset two-module --modules 3 --chain sparse --degree 4",
        "--preset two-module --modules 3 --chain paired --degree 2",
        "--preset two-module --chain both --rate-chain 0.01 --average 2"};
    char path[512], matrix[512];
    strcpy(path, test_path("m.h5"));
    for (size_t k = 0; k < sizeof trainings / sizeof *trainings; k++) {
        fl_model m;
        fl_network network;
        strcpy(matrix, test_path(k % 2 ? "J.npy" : "J.h5"));
        fl_frame f =
            train_table(TRAIN_SMALL "%s --hidden 10 --save %s --force", trainings[k], path);
        fl_frame_clear(&f);
        f = train_table("export %s --network %s --force", path, matrix);
        test_assert_columns(&f, "module neurons jd mean variance symmetry");
        assert_ok(fl_model_read(&m, path));
        assert_ok(fl_matrix_read(&network, matrix));
        assert_exported(&m, &network);
        double sum = 0, square = 0;
        for (size_t i = 0; i < 100; i++)
            if (i / 10 != i % 10)
                sum += network.J[i / 10 * network.n + i % 10];
        for (size_t i = 0; i < 100; i++)
            if (i / 10 != i % 10)
                square += pow(network.J[i / 10 * network.n + i % 10] - sum / 90, 2);
        assert_true(fabs(test_cell(&f, 0, "mean") - sum / 90) < 1e-12);
        assert_relative(test_cell(&f, 0, "variance"), square / 90 * 10, 1e-9);
        fl_network_clear(&network);
        fl_model_clear(&m);
        fl_frame_clear(&f);
    }
}

/* The other tools take it: counts by two of them agree with the diagonal inside or outside. */
static void other_tools_take_exported_networks(void **state) {
    (void)state;
    char path[512], matrix[512], arguments[1200];
    strcpy(path, test_path("m.h5"));
    strcpy(matrix, test_path("J.npy"));
    fl_frame f = train_table(TRAIN_SMALL "--hidden 12 --jd 0.4 --save %s", path);
    fl_frame_clear(&f);
    f = train_table("export %s --network %s", path, matrix);
    fl_frame_clear(&f);
    snprintf(arguments, sizeof arguments, "--network %s --jd 0", matrix);
    f = test_table(fl_tool_enumerate, "fl-enumerate", arguments);
    assert_int_equal(f.rows, 1);
    assert_true(test_cell(&f, 0, "n") == 12);
    fl_frame_clear(&f);
    snprintf(arguments, sizeof arguments, "run --network %s --jd 0 --replicas 5 --sweeps 200",
             matrix);
    f = test_table(fl_tool_access, "fl-access", arguments);
    assert_true(f.rows == 1 && test_cell(&f, 0, "n") == 12 && test_cell(&f, 0, "success") >= 0);
    fl_frame_clear(&f);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(examples_are_those_of_the_model, test_empty_scratch),
        cmocka_unit_test_setup(exported_networks_are_the_models, test_empty_scratch),
        cmocka_unit_test_setup(other_tools_take_exported_networks, test_empty_scratch),
        cmocka_unit_test_setup(wrong_examples_are_refused, test_empty_scratch)};
    return cmocka_run_group_tests_name("export", tests, NULL, NULL);
}
