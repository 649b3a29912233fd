/* fl-train: what a saved model shows again, its overlaps, going on from it; models and data that do not
 * belong together. */
#include "tests/support/support.h"

#include <math.h>
#include <unistd.h>

#include "fixland/learn.h"
#include "fixland/model.h"
#include "fixland/spins.h"
#include "fixland/tools.h"
#include "tests/support/files.h"
#include "tests/support/tools.h"
#include "tests/support/training.h"

/* A saved model shown its own test examples again has the accuracy of the table's last row. */
static void saved_and_shown_again(void **state) {
    (void)state;
    fl_rng rng = test_stream("saved");
    char model_path[512];
    strcpy(model_path, test_path("m.h5"));
    for (int average = 0; average < 2; average++) {
        fl_frame f =
            train_table(TRAIN_SMALL "--average %d --force --save %s", 2 * average, model_path);
        fl_frame g = train_table("eval %s --threads %d", model_path, test_threads(&rng));
        test_assert_columns(&g, "noise erase examples accuracy accuracy_low accuracy_high "
                                "fixed_fraction flips_per_neuron");
        assert_int_equal(g.rows, 1);
        assert_true(test_cell(&g, 0, "accuracy") == test_cell(&f, 2, "test_accuracy"));
        assert_true(test_cell(&g, 0, "examples") == 60);
        test_assert_meta(&g, "data", "prototypes");
        fl_frame_clear(&f);
        fl_frame_clear(&g);
    }
}

/* Damage: none leaves all as it was; each row is that of a damaged data set; all erased is chance.
 */
static void damaged_inputs(void **state) {
    (void)state;
    char path[512];
    fl_model m;
    fl_dataset train, test;
    strcpy(path, test_path("m.h5"));
    fl_frame f = train_table(TRAIN_SMALL "--save %s", path);
    fl_frame_clear(&f);
    train_refused_of(2, "--seed has no effect", "eval %s --seed 9", path);
    train_refused_of(2, "no averaged weights", "export %s --network %s.npy --last", path, path);
    f = train_table("eval %s --noise 0,0.2 --erase 0,0.5 --seed 9", path);
    assert_int_equal(f.rows, 4);
    assert_ok(fl_model_read(&m, path));
    for (size_t row = 0; row < 4; row++) {
        double noise = row % 2 ? 0.2 : 0, erase = row / 2 ? 0.5 : 0;
        fl_epoch seen;
        assert_true(test_cell(&f, row, "noise") == noise && test_cell(&f, row, "erase") == erase);
        assert_ok(fl_data_load(&m.data, &train, &test));
        if (row)
            assert_ok(fl_dataset_damage(&test, noise, erase, 9, 0));
        assert_ok(
            fl_learner_evaluate(m.learner, &test, &(fl_effort){.threads = 1}, &seen, NULL, NULL));
        assert_true(test_cell(&f, row, "accuracy") == seen.accuracy);
        assert_true(test_cell(&f, row, "fixed_fraction") == seen.fixed_fraction);
        assert_true(test_cell(&f, row, "accuracy_low") < seen.accuracy &&
                    test_cell(&f, row, "accuracy_high") > seen.accuracy);
        fl_dataset_clear(&train);
        fl_dataset_clear(&test);
    }
    fl_model_clear(&m);
    fl_frame_clear(&f);
    f = train_table("eval %s --part train --train 20", path);
    assert_true(test_cell(&f, 0, "examples") == 20);
    fl_frame_clear(&f);
}

/* Mean over pairs of the same or of different classes without example `out`. */
static double mean_without(const fl_dataset *data, const uint64_t *states, size_t hidden,
                           size_t module, size_t modules, bool within, size_t out) {
    size_t words = fl_spins_words(hidden * modules), pairs = 0;
    double sum = 0;
    for (size_t a = 0; a < data->count; a++)
        for (size_t b = 0; b < a; b++) {
            if (a == out || b == out || (data->label[a] == data->label[b]) != within)
                continue;
            int product = 0;
            for (size_t i = module * hidden; i < (module + 1) * hidden; i++)
                product +=
                    fl_spins_get(states + a * words, i) * fl_spins_get(states + b * words, i);
            sum += product / (double)hidden;
            pairs++;
        }
    return sum / (double)pairs;
}

static void overlaps_are_those_of_all_pairs(void **state) {
    (void)state;
    char path[512];
    fl_model m;
    fl_dataset train, test;
    fl_epoch seen;
    strcpy(path, test_path("m.h5"));
    fl_frame f = train_table(TRAIN_SMALL "--preset two-module --hidden 20 --save %s", path);
    fl_frame_clear(&f);
    f = train_table("overlaps %s", path);
    test_assert_columns(&f, "module kind pairs overlap error");
    assert_int_equal(f.rows, 4);
    assert_ok(fl_model_read(&m, path));
    assert_ok(fl_data_load(&m.data, &train, &test));
    uint64_t *states = malloc(test.count * fl_spins_words(40) * sizeof *states);
    assert_ok(
        fl_learner_evaluate(m.learner, &test, &(fl_effort){.threads = 1}, &seen, states, NULL));
    for (size_t row = 0; row < 4; row++) {
        double square = 0, mean = 0, *left = malloc(test.count * sizeof *left);
        double all = mean_without(&test, states, 20, row / 2, 2, row % 2 == 0, SIZE_MAX);
        for (size_t e = 0; e < test.count; e++) {
            left[e] = mean_without(&test, states, 20, row / 2, 2, row % 2 == 0, e);
            mean += left[e] / (double)test.count;
        }
        for (size_t e = 0; e < test.count; e++)
            square += (left[e] - mean) * (left[e] - mean);
        double error = sqrt(square * (double)(test.count - 1) / (double)test.count);
        assert_true(test_cell(&f, row, "module") == (double)(row / 2));
        assert_string_equal(f.text[row * f.columns + 1], row % 2 ? "between" : "within");
        assert_true(fabs(test_cell(&f, row, "overlap") - all) < 1e-12);
        assert_relative(test_cell(&f, row, "error"), error, 1e-9);
        free(left);
    }
    assert_true(test_cell(&f, 0, "pairs") + test_cell(&f, 1, "pairs") == 60 * 59 / 2);
    free(states);
    fl_dataset_clear(&train);
    fl_dataset_clear(&test);
    fl_model_clear(&m);
    fl_frame_clear(&f);
}

/* fl-overlap, from the stored states of a network of one module, finds the same overlap within
 * classes. */
static void stored_states_have_the_same_overlaps(void **state) {
    (void)state;
    char path[512], states[512], arguments[1200];
    strcpy(path, test_path("m.h5"));
    strcpy(states, test_path("s.h5"));
    fl_frame f = train_table(TRAIN_SMALL "--save %s", path);
    fl_frame_clear(&f);
    f = train_table("overlaps %s --states %s", path, states);
    snprintf(arguments, sizeof arguments, "histogram %s", states);
    fl_frame g = test_table(fl_tool_overlap, "fl-overlap", arguments);
    double pairs = -60. / 4, sum = -60. / 4; /* each with itself, mean over four classes */
    for (size_t row = 0; row < g.rows; row++) {
        assert_true(test_cell(&g, row, "n") == 30);
        pairs += test_cell(&g, row, "pairs_mean");
        sum += test_cell(&g, row, "pairs_mean") * test_cell(&g, row, "overlap");
    }
    assert_relative(pairs * 4 / 2, test_cell(&f, 0, "pairs"), 1e-12);
    assert_relative(sum / pairs, test_cell(&f, 0, "overlap"), 1e-9);
    fl_frame_clear(&f);
    fl_frame_clear(&g);
    train_refused_of(1, "exists", "overlaps %s --states %s", path, states);
}

/* --from goes on where a run has ended: its weights, settings and data; other data on request. */
static void going_on_from_a_model(void **state) {
    (void)state;
    char path[512], next[512];
    strcpy(path, test_path("m.h5"));
    strcpy(next, test_path("next.h5"));
    fl_frame f = train_table(TRAIN_SMALL "--jd 0.3 --seed 7 --save %s", path);
    fl_frame g = train_table("--from %s --epochs 0", path);
    assert_int_equal(g.rows, 1);
    assert_true(test_cell(&g, 0, "epoch") == 0 && isnan(test_cell(&g, 0, "train_accuracy")));
    assert_true(test_cell(&g, 0, "test_accuracy") == test_cell(&f, 2, "test_accuracy"));
    test_assert_meta(&g, "data", "prototypes");
    test_assert_meta(&g, "data-seed", "7");
    test_assert_meta(&g, "jd", "0.3");
    fl_frame_clear(&g);
    g = train_table("--from %s --epochs 2 --data-seed 99 --seed 8 --save %s", path, next);
    fl_learner *l;
    fl_model m, n;
    fl_dataset train, test;
    fl_epoch seen;
    assert_ok(fl_model_read(&m, path));
    assert_ok(fl_model_read(&n, next));
    fl_training t = *fl_learner_training(m.learner);
    t.epochs = 2;
    m.data.seed = 99;
    assert_ok(fl_data_load(&m.data, &train, &test));
    assert_ok(fl_learner_new(&l, &t, 40, 4, 8));
    for (size_t k = 0; k < fl_learner_arrays(l); k++) {
        size_t columns;
        char found[32];
        size_t rows;
        assert_ok(fl_learner_array(l, k, found, &rows, &columns));
        float *values = test_model_array(&m, found, NULL, &columns);
        assert_ok(fl_learner_set(l, k, values));
        free(values);
    }
    for (size_t k = 0; k < 2; k++) {
        assert_ok(fl_learner_epoch(l, &train, k, &(fl_effort){.threads = 1}, &seen));
        assert_true(test_cell(&g, k, "train_accuracy") == seen.accuracy);
    }
    fl_learner_free(l);
    fl_dataset_clear(&train);
    fl_dataset_clear(&test);
    fl_model_clear(&m);
    fl_model_clear(&n);
    fl_frame_clear(&f);
    fl_frame_clear(&g);
    train_refused_of(1, "architecture", "--from %s --hidden 31", path);
    train_refused_of(2, "--preset with --from", "--from %s --preset rule-e", path);
    train_refused_of(1, "architecture", "--from %s --features 41", path);
}

/* Without epochs: the network as it is drawn, whose states know nothing of classes. */
static void untrained_networks(void **state) {
    (void)state;
    char path[512];
    strcpy(path, test_path("m.h5"));
    fl_frame f = train_table(TRAIN_SMALL "--epochs 0 --save %s", path);
    fl_frame g = train_table("eval %s", path);
    fl_frame h = train_table("sweep " TRAIN_SMALL "--epochs 0 --seeds 1");
    assert_true(test_cell(&f, 0, "test_accuracy") == test_cell(&g, 0, "accuracy"));
    assert_true(test_cell(&f, 0, "test_accuracy") == test_cell(&h, 0, "test_accuracy"));
    assert_true(isnan(test_cell(&h, 0, "train_accuracy")));
    fl_frame_clear(&f);
    fl_frame_clear(&g);
    fl_frame_clear(&h);
}

/* Data that changed under their name are not those of the model. */
static void other_data_under_the_same_name(void **state) {
    (void)state;
    char path[512], folder[512], arguments[1600];
    fl_images images[2];
    strcpy(path, test_path("m.h5"));
    strcpy(folder, test_path(""));
    for (uint64_t seed = 1; seed < 3; seed++) {
        for (unsigned part = 0; part < 2; part++) {
            char pixels[700], labels[700];
            const char *word = part ? "t10k" : "train";
            assert_ok(fl_digits_draw(&images[part], 40, 10, seed, part, 1));
            snprintf(pixels, sizeof pixels, "%s/%s-images-idx3-ubyte", folder, word);
            snprintf(labels, sizeof labels, "%s/%s-labels-idx1-ubyte", folder, word);
            assert_ok(fl_images_write(&images[part], pixels, labels, 1));
            fl_images_clear(&images[part]);
        }
        snprintf(arguments, sizeof arguments, "eval %s", path);
        if (seed == 2) {
            train_refused(arguments, 1, "are not those");
            train_refused_of(1, "are not those", "--from %s --epochs 1", path);
            snprintf(arguments, sizeof arguments, "eval %s --data %s", path, folder);
        } else {
            fl_frame f = train_table(
                "--data %s --train 30 --test 20 --hidden 20 --epochs 1 --save %s", folder, path);
            fl_frame_clear(&f);
        }
        fl_frame g = train_table("%s", arguments);
        fl_frame_clear(&g);
    }
}

static void wrong_files_are_refused(void **state) {
    (void)state;
    char path[512];
    strcpy(path, test_path("m.h5"));
    fl_frame f = train_table(TRAIN_SMALL "--save %s", path);
    fl_frame_clear(&f);
    train_refused_of(1, "exists", TRAIN_SMALL "--save %s", path);
    train_refused_of(1, "folder", TRAIN_SMALL "--save %s", test_path("no/such/folder.h5"));
    train_refused_of(1, "fixland-test", "--data %s",
                     test_path("")); /* a folder without the four files */
    train_refused_of(1, "folder", "--data %s", path);
    train_refused_of(1, "39 features", "eval %s --features 39", path);
    train_refused_of(1, "5 outputs", "eval %s --classes 5", path);
    train_refused_of(1, "no classes", "overlaps %s --data associations --classes 4", path);
    train_refused_of(2, "two different files", "export %s --network %s", path, path);
    assert_int_equal(truncate(path, 3000), 0);
    train_refused_of(1, "m.h5", "eval %s", path);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(saved_and_shown_again, test_empty_scratch),
        cmocka_unit_test_setup(damaged_inputs, test_empty_scratch),
        cmocka_unit_test_setup(overlaps_are_those_of_all_pairs, test_empty_scratch),
        cmocka_unit_test_setup(stored_states_have_the_same_overlaps, test_empty_scratch),
        cmocka_unit_test_setup(going_on_from_a_model, test_empty_scratch),
        cmocka_unit_test_setup(untrained_networks, test_empty_scratch),
        cmocka_unit_test_setup(other_data_under_the_same_name, test_empty_scratch),
        cmocka_unit_test_setup(wrong_files_are_refused, test_empty_scratch),
    };
    return cmocka_run_group_tests_name("trained_models", tests, NULL, NULL);
}
