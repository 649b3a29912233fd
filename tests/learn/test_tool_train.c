/* fl-train: its table against the library, its presets, defaults and refusals. */
#include "tests/support/support.h"

#include <math.h>

#include "fixland/baseline.h"
#include "fixland/learn.h"
#include "fixland/tools.h"
#include "tests/support/files.h"
#include "tests/support/tools.h"
#include "tests/support/training.h"

static void assert_same_numbers(const fl_frame *a, const fl_frame *b) {
    assert_int_equal(a->rows, b->rows);
    assert_int_equal(a->columns, b->columns);
    for (size_t k = 0; k < a->rows * a->columns; k++)
        assert_string_equal(a->text[k], b->text[k]);
}

/* The table holds what the library computes, whatever the threads and the format. */
static void rows_are_those_of_the_library(void **state) {
    (void)state;
    fl_rng rng = test_stream("rows");
    fl_frame f = train_table(TRAIN_SMALL "--jd 0.3 --seed 7 --threads 1");
    test_assert_columns(&f, "jd lambda seed epoch train_accuracy test_accuracy fixed_fraction "
                            "flips_per_neuron hidden_updates withdrawn_overlap taught_overlap");
    assert_int_equal(f.rows, 3);
    fl_training t;
    assert_ok(fl_training_preset(&t, "reference-large"));
    t.hidden = 30;
    t.epochs = 3;
    t.jd = 0.3;
    fl_data_spec spec = fl_data_defaults("prototypes");
    spec.features = 40;
    spec.classes = 4;
    spec.train = 150;
    spec.test = 60;
    spec.seed = 7;
    fl_dataset train, test;
    fl_learner *learner;
    fl_epoch seen, shown;
    assert_ok(fl_data_load(&spec, &train, &test));
    assert_ok(fl_learner_new(&learner, &t, 40, 4, 7));
    for (size_t k = 0; k < 3; k++) {
        assert_ok(fl_learner_epoch(learner, &train, k, &(fl_effort){.threads = test_threads(&rng)},
                                   &seen));
        assert_ok(
            fl_learner_evaluate(learner, &test, &(fl_effort){.threads = 1}, &shown, NULL, NULL));
        assert_true(test_cell(&f, k, "jd") == 0.3 && test_cell(&f, k, "lambda") == 0);
        assert_true(test_cell(&f, k, "seed") == 7 && test_cell(&f, k, "epoch") == (double)k + 1);
        assert_true(test_cell(&f, k, "train_accuracy") == seen.accuracy);
        assert_true(test_cell(&f, k, "test_accuracy") == shown.accuracy);
        assert_true(test_cell(&f, k, "fixed_fraction") == seen.fixed_fraction);
        assert_true(test_cell(&f, k, "flips_per_neuron") == seen.flips_per_neuron);
        assert_true(test_cell(&f, k, "hidden_updates") == seen.hidden_updates);
        assert_true(test_cell(&f, k, "withdrawn_overlap") == seen.withdrawn_overlap);
        assert_true(test_cell(&f, k, "taught_overlap") == seen.taught_overlap);
    }
    fl_learner_free(learner);
    fl_dataset_clear(&train);
    fl_dataset_clear(&test);
    fl_frame g =
        train_table(TRAIN_SMALL "--jd 0.3 --seed 7 --threads %d --format json", test_threads(&rng));
    assert_int_equal(g.rows, f.rows);
    for (size_t k = 0; k < f.rows * f.columns; k++)
        assert_true(f.real[k] == g.real[k]);
    fl_frame other = train_table(TRAIN_SMALL "--jd 0.3 --seed 8 --threads 1");
    assert_true(test_cell(&other, 2, "flips_per_neuron") != test_cell(&f, 2, "flips_per_neuron"));
    fl_frame_clear(&other);
    fl_frame_clear(&f);
    fl_frame_clear(&g);
}

/* Seeds beyond 2^63, and a last column of times when asked for. */
static void odd_columns(void **state) {
    (void)state;
    fl_frame f = train_table(TRAIN_SMALL "--epochs 1 --seed 18446744073709551615 --timing");
    size_t seed;
    assert_int_equal(f.columns, 12);
    assert_ok(fl_frame_column(&f, "seed", &seed));
    assert_string_equal(f.text[seed], "18446744073709551615");
    assert_true(test_cell(&f, 0, "seconds") > 0);
    fl_frame_clear(&f);
}

/* Options override the preset, also with zero; all is in the provenance. */
static void presets_and_options(void **state) {
    (void)state;
    for (size_t k = 0; fl_preset_name(k); k++) {
        fl_training t;
        assert_ok(fl_training_preset(&t, fl_preset_name(k)));
        if (t.target ==
            FL_TARGET_STATE) /* as many features as neurons, which these data have not */
            continue;
        fl_frame f = train_table(TRAIN_SMALL "--epochs 1 --preset %s --jd 0 --update async --skips "
                                             "--withdrawn-sweeps 0",
                                 fl_preset_name(k));
        assert_ok(fl_training_preset(&t, fl_preset_name(k)));
        t.hidden = 30;
        t.epochs = 1;
        t.jd = 0;
        t.update = FL_UPDATE_ASYNC;
        t.feedback_to = t.readout_from = FL_REACH_ALL;
        t.withdrawn_sweeps = 0;
        fl_meta expected = {0};
        assert_ok(fl_training_describe(&t, &expected));
        assert_true(expected.count > 30);
        for (size_t i = 0; i < expected.count; i++)
            test_assert_meta(&f, expected.keys[i], expected.values[i]);
        test_assert_meta(&f, "preset", fl_preset_name(k));
        test_assert_meta(&f, "data", "prototypes");
        test_assert_meta(&f, "train", "150");
        test_assert_meta(&f, "data-seed", "1");
        fl_meta_clear(&expected);
        fl_frame_clear(&f);
    }
}

static void presets_are_listed(void **state) {
    (void)state;
    fl_frame f = train_table("presets"), g = train_table("--preset list");
    assert_same_numbers(&f, &g);
    size_t fields_count;
    const fl_field *fields = fl_training_fields(&fields_count);
    assert_int_equal(f.rows, fields_count - 1); /* --skips is the two behind it */
    for (size_t k = 0; fl_preset_name(k); k++) {
        fl_training t;
        size_t column;
        assert_ok(fl_training_preset(&t, fl_preset_name(k)));
        assert_ok(fl_frame_column(&f, fl_preset_name(k), &column));
        for (size_t row = 0; row < f.rows; row++) {
            char text[64];
            const fl_field *p = fl_field_find(fields, fields_count, f.text[row * f.columns]);
            assert_non_null(p);
            fl_field_format(p, fl_field_get(&t, p), text);
            assert_string_equal(f.text[row * f.columns + column], text);
        }
    }
    fl_frame_clear(&f);
    fl_frame_clear(&g);
}

/* --help tells the defaults that the run uses, for every preset that is a default. */
static void help_tells_the_defaults_of_the_run(void **state) {
    (void)state;
    static const char *const modes[][2] = {
        {"train", "reference-large"}, {"sweep", "reference-large"}, {"capacity", "hetero-chain"}};
    size_t count;
    const fl_field *fields = fl_training_fields(&count);
    for (size_t m = 0; m < 3; m++) {
        char words[64], wanted[160], value[FL_FIELD_TEXT], *out, *err;
        fl_training t;
        snprintf(words, sizeof words, "%s --help", modes[m][0]);
        assert_int_equal(test_run_tool(fl_tool_train, "fl-train", words, &out, &err), 0);
        for (char *c = out; *c; c++) /* one line */
            if (*c == '\n')
                *c = ' ';
        assert_ok(fl_training_preset(&t, modes[m][1]));
        for (size_t k = 0; k < count; k++) {
            if (fields[k].type == FL_FIELD_BOTH || fields[k].unset)
                continue;
            char option[64];
            fl_field_format(&fields[k], fl_field_get(&t, &fields[k]), value);
            snprintf(option, sizeof option, " --%s ", fields[k].name);
            snprintf(wanted, sizeof wanted, "default %s]", value);
            const char *at = strstr(strstr(out, "Options:"), option);
            assert_non_null(at);
            const char *told = strstr(at, "default"), *next = strstr(at + 1, " --");
            while (next && next < told && next[3] != 0 && strncmp(next, " --no", 5) == 0)
                next = strstr(next + 1, " --");
            char squeezed[200] = "";
            for (const char *c = told; *c && *c != ']' && strlen(squeezed) < 190; c++)
                if (*c != ' ' || !*squeezed || squeezed[strlen(squeezed) - 1] != ' ')
                    strncat(squeezed, c, 1);
            strcat(squeezed, "]");
            if (strcmp(squeezed, wanted) != 0)
                fail_msg("%s --%s: %s, not %s", modes[m][0], fields[k].name, squeezed, wanted);
        }
        free(out);
        free(err);
    }
}

/* Rows of each kind, width and seed are those of the library on the data of `train`. */
static void baselines_are_those_of_the_library(void **state) {
    (void)state;
    fl_rng rng = test_stream("baseline");
    fl_frame f =
        train_table("baseline --data prototypes --features 40 --classes 4 --train 150 --test 60 "
                    "--kind random-features,linear,mlp --hidden 10,20 --seeds 2 --seed 6 "
                    "--epochs 3 --noise 0.05 --average 2 --rate 0.01 --threads %d",
                    test_threads(&rng));
    test_assert_columns(&f, "kind hidden width parameters seed epoch train_accuracy test_accuracy "
                            "test_bits train_loss test_loss");
    assert_int_equal(f.rows, (2 + 1 + 2) * 2 * 3);
    fl_dataset sets[2][2];
    for (size_t k = 0; k < 2; k++) {
        fl_data_spec data = fl_data_defaults("prototypes");
        data.features = 40;
        data.classes = 4;
        data.train = 150;
        data.test = 60;
        data.seed = 6 + k;
        assert_ok(fl_data_load(&data, &sets[k][0], &sets[k][1]));
    }
    for (size_t row = 0; row < f.rows; row += 3) {
        static const fl_baseline_kind kinds[] = {FL_BASELINE_RANDOM, FL_BASELINE_RANDOM,
                                                 FL_BASELINE_LINEAR, FL_BASELINE_MLP,
                                                 FL_BASELINE_MLP};
        static const char *const words[] = {"linear", "random-features", "mlp"};
        static const size_t hidden[] = {10, 20, 0, 10, 20};
        size_t k = row / 6, seed = row / 3 % 2, h = hidden[k], width = h;
        fl_baseline *b;
        fl_score train, test;
        if (kinds[k] == FL_BASELINE_MLP)
            width = fl_baseline_width(40, 4, 1, 40 * h + h * h + 2 * h * 4);
        fl_baseline_spec spec = fl_baseline_defaults(kinds[k], 40, 4, width, 6 + seed);
        spec.epochs = 3;
        spec.noise = 0.05;
        spec.average = 2;
        spec.rate = 0.01;
        assert_ok(fl_baseline_new(&b, &spec));
        for (size_t e = 0; e < 3; e++) {
            assert_ok(fl_baseline_epoch(b, &sets[seed][0], NULL, &train));
            assert_ok(fl_baseline_evaluate(b, &sets[seed][1], &test));
            assert_string_equal(f.text[(row + e) * f.columns], words[kinds[k]]);
            assert_true(test_cell(&f, row + e, "hidden") == (double)h &&
                        test_cell(&f, row + e, "width") == (double)width &&
                        test_cell(&f, row + e, "seed") == (double)(6 + seed) &&
                        test_cell(&f, row + e, "epoch") == (double)e + 1);
            assert_true(test_cell(&f, row + e, "parameters") ==
                        (double)fl_baseline_parameters(&spec));
            assert_true(test_cell(&f, row + e, "train_accuracy") == train.accuracy &&
                        test_cell(&f, row + e, "test_accuracy") == test.accuracy &&
                        test_cell(&f, row + e, "train_loss") == train.loss &&
                        test_cell(&f, row + e, "test_loss") == test.loss);
        }
        fl_baseline_free(b);
    }
    for (size_t k = 0; k < 4; k++)
        fl_dataset_clear(&sets[k / 2][k % 2]);
    fl_frame_clear(&f);
    f = train_table(
        "baseline --data prototypes --features 10 --train 50 --test 20 --kind mlp --width 7 "
        "--epochs 1");
    assert_true(test_cell(&f, 0, "width") == 7);
    fl_frame_clear(&f);
}

/* Test examples are damaged as the library does it, each with the seed of its training. */
static void baselines_on_damaged_tests(void **state) {
    (void)state;
    fl_frame f = train_table(
        "baseline --data prototypes --features 40 --classes 4 --train 150 --test 60 "
        "--kind linear --seeds 2 --seed 6 --epochs 1 --test-noise 0.3 --test-erase 0.2");
    assert_int_equal(f.rows, 2);
    for (size_t k = 0; k < 2; k++) {
        fl_data_spec data = fl_data_defaults("prototypes");
        fl_dataset train, test;
        fl_baseline *b;
        fl_score score, intact;
        data.features = 40;
        data.classes = 4;
        data.train = 150;
        data.test = 60;
        data.seed = 6 + k;
        assert_ok(fl_data_load(&data, &train, &test));
        fl_baseline_spec spec = fl_baseline_defaults(FL_BASELINE_LINEAR, 40, 4, 0, 6 + k);
        spec.epochs = 1;
        assert_ok(fl_baseline_new(&b, &spec));
        assert_ok(fl_baseline_epoch(b, &train, NULL, &score));
        assert_ok(fl_baseline_evaluate(b, &test, &intact));
        assert_ok(fl_dataset_damage(&test, 0.3, 0.2, 6 + k, 0));
        assert_ok(fl_baseline_evaluate(b, &test, &score));
        assert_true(test_cell(&f, k, "test_accuracy") == score.accuracy);
        assert_true(test_cell(&f, k, "test_loss") == score.loss && score.loss > intact.loss);
        fl_baseline_free(b);
        fl_dataset_clear(&train);
        fl_dataset_clear(&test);
    }
    fl_frame_clear(&f);
}

static void wrong_words_are_refused(void **state) {
    (void)state;
    train_refused("--preset nonsense", 2, "--preset nonsense; allowed: reference-large");
    train_refused("--jdx 1", 2, "--jd, --coupling");
    train_refused("--jdx 1", 2, ", ... (--help lists them)");
    train_refused(TRAIN_SMALL "--hidden 0", 2, "--hidden");
    train_refused(TRAIN_SMALL "--epochs -1", 2, "--epochs");
    train_refused(TRAIN_SMALL "--update often", 2, "sync|partial|async");
    train_refused(TRAIN_SMALL "--jd nan", 2, "--jd");
    train_refused(TRAIN_SMALL "--update partial --p 0", 1, "p = 0");
    train_refused("--data nowhere", 1, "nowhere");
    train_refused("--data prototypes --flip 0.7", 2, "--flip");
    train_refused("--data parity --classes 3", 1, "classes");
    train_refused("sweep " TRAIN_SMALL "--update sync,often", 2, "often");
    train_refused("sweep " TRAIN_SMALL "--skips perhaps", 2, "no|yes");
    train_refused("sweep " TRAIN_SMALL "--jd 0:1:0.001 --lambda 0:1:0.001", 1, "points");
    train_refused("sweep " TRAIN_SMALL "--degree 1,99 --chain sparse --modules 2", 1, "degree");
    train_refused("capacity --load 0", 2, "--load");
    train_refused("baseline --kind linear,perceptron", 2, "'perceptron'");
    train_refused("baseline --kind mlp,mlp", 2, "twice");
    train_refused("baseline --layers 3", 2, "--layers");
    train_refused("eval", 2, "MODEL.h5");
    train_refused("eval a b", 2, "one is wanted");
    train_refused("eval nothing.h5", 1, "nothing.h5");
    train_refused("export nothing.h5", 2, "--network");
    train_refused("train " TRAIN_SMALL "--resume", 2, "--output");
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(rows_are_those_of_the_library),
        cmocka_unit_test(odd_columns),
        cmocka_unit_test(presets_and_options),
        cmocka_unit_test(presets_are_listed),
        cmocka_unit_test(help_tells_the_defaults_of_the_run),
        cmocka_unit_test(baselines_are_those_of_the_library),
        cmocka_unit_test(baselines_on_damaged_tests),
        cmocka_unit_test_setup(wrong_words_are_refused, test_empty_scratch),
    };
    return cmocka_run_group_tests_name("tool_train", tests, NULL, NULL);
}
