/* fl-train: its modes against each other and against the library, refusals. */
#include "tests/support/support.h"

#include <math.h>
#include <unistd.h>

#include "fixland/baseline.h"
#include "fixland/learn.h"
#include "fixland/matrix.h"
#include "fixland/spins.h"
#include "fixland/stats.h"
#include "fixland/tools.h"
#include "fixland/model.h"
#include "tests/support/files.h"
#include "tests/support/tools.h"

static const char name[] = "fl-train";

/* Small enough for a test, on data that a network can learn. */
#define SMALL                                                                                      \
    "--data prototypes --features 40 --classes 4 --train 150 --test 60 --hidden 30 --epochs 3 "

#define table(...) test_table_of(fl_tool_train, name, __VA_ARGS__)

static void refused(const char *arguments, int code, const char *word) {
    test_refused(fl_tool_train, name, arguments, code, word);
}

#define refused_of(code, word, ...) test_refused_of(fl_tool_train, name, code, word, __VA_ARGS__)

static void assert_same_numbers(const fl_frame *a, const fl_frame *b) {
    assert_int_equal(a->rows, b->rows);
    assert_int_equal(a->columns, b->columns);
    for (size_t k = 0; k < a->rows * a->columns; k++)
        assert_string_equal(a->text[k], b->text[k]);
}

static void assert_meta(const fl_frame *f, const char *key, const char *value) {
    const char *found = fl_meta_get(&f->meta, key);
    if (!found || strcmp(found, value) != 0)
        fail_msg("%s: %s, not %s", key, found ? found : "(none)", value);
}

/* The table holds what the library computes, whatever the threads and the format. */
static void rows_are_those_of_the_library(void **state) {
    (void)state;
    fl_rng rng = test_stream("rows");
    fl_frame f = table(SMALL "--jd 0.3 --seed 7 --threads 1");
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
    fl_frame g = table(SMALL "--jd 0.3 --seed 7 --threads %d --format json", test_threads(&rng));
    assert_int_equal(g.rows, f.rows);
    for (size_t k = 0; k < f.rows * f.columns; k++)
        assert_true(f.real[k] == g.real[k]);
    fl_frame other = table(SMALL "--jd 0.3 --seed 8 --threads 1");
    assert_true(test_cell(&other, 2, "flips_per_neuron") != test_cell(&f, 2, "flips_per_neuron"));
    fl_frame_clear(&other);
    fl_frame_clear(&f);
    fl_frame_clear(&g);
}

/* Seeds beyond 2^63, and a last column of times when asked for. */
static void odd_columns(void **state) {
    (void)state;
    fl_frame f = table(SMALL "--epochs 1 --seed 18446744073709551615 --timing");
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
        fl_frame f = table(SMALL "--epochs 1 --preset %s --jd 0 --update async --skips "
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
            assert_meta(&f, expected.keys[i], expected.values[i]);
        assert_meta(&f, "preset", fl_preset_name(k));
        assert_meta(&f, "data", "prototypes");
        assert_meta(&f, "train", "150");
        assert_meta(&f, "data-seed", "1");
        fl_meta_clear(&expected);
        fl_frame_clear(&f);
    }
}

static void presets_are_listed(void **state) {
    (void)state;
    fl_frame f = table("presets"), g = table("--preset list");
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

/* A saved model shown its own test examples again has the accuracy of the table's last row. */
static void saved_and_shown_again(void **state) {
    (void)state;
    fl_rng rng = test_stream("saved");
    char model_path[512];
    strcpy(model_path, test_path("m.h5"));
    for (int average = 0; average < 2; average++) {
        fl_frame f = table(SMALL "--average %d --force --save %s", 2 * average, model_path);
        fl_frame g = table("eval %s --threads %d", model_path, test_threads(&rng));
        test_assert_columns(&g, "noise erase examples accuracy accuracy_low accuracy_high "
                                "fixed_fraction flips_per_neuron");
        assert_int_equal(g.rows, 1);
        assert_true(test_cell(&g, 0, "accuracy") == test_cell(&f, 2, "test_accuracy"));
        assert_true(test_cell(&g, 0, "examples") == 60);
        assert_meta(&g, "data", "prototypes");
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
    fl_frame f = table(SMALL "--save %s", path);
    fl_frame_clear(&f);
    f = table("eval %s --noise 0,0.2 --erase 0,0.5 --seed 9", path);
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
    f = table("eval %s --part train --train 20", path);
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
    fl_frame f = table(SMALL "--preset two-module --hidden 20 --save %s", path);
    fl_frame_clear(&f);
    f = table("overlaps %s", path);
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
    fl_frame f = table(SMALL "--save %s", path);
    fl_frame_clear(&f);
    f = table("overlaps %s --states %s", path, states);
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
    refused_of(1, "exists", "overlaps %s --states %s", path, states);
}

/* Array `wanted` of a model, or NULL; free it. */
static float *array_of(const fl_model *m, const char *wanted, size_t *columns) {
    for (size_t k = 0; k < fl_learner_arrays(m->learner); k++) {
        char found[32];
        size_t rows;
        assert_ok(fl_learner_array(m->learner, k, found, &rows, columns));
        if (strcmp(found, wanted) != 0)
            continue;
        float *values = calloc(rows * *columns, sizeof *values);
        fl_learner_get(m->learner, k, values);
        return values;
    }
    return NULL;
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
            float *values = c - d + 1 <= 2 ? array_of(m, block, &width) : NULL;
            for (size_t e = 0; values && e < h * h; e++)
                expected[(c * h + e / h) * n + d * h + e % h] = values[e];
            free(values);
            snprintf(block, sizeof block, "%s%zu", c > d ? "up" : "down", d);
            values = c != d && c - d + 1 <= 2 ? array_of(m, block, &width) : NULL;
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
    static const char *const kinds[] = {
        "--average 2", "--preset two-module --jd 0.25 --lambda 0.7",
        "--preset two-module --modules 3 --chain sparse --degree 4",
        "--preset two-module --modules 3 --chain paired --degree 2",
        "--preset two-module --chain both --rate-chain 0.01 --average 2"};
    char path[512], matrix[512];
    strcpy(path, test_path("m.h5"));
    for (size_t k = 0; k < sizeof kinds / sizeof *kinds; k++) {
        fl_model m;
        fl_network network;
        strcpy(matrix, test_path(k % 2 ? "J.npy" : "J.h5"));
        fl_frame f = table(SMALL "%s --hidden 10 --save %s --force", kinds[k], path);
        fl_frame_clear(&f);
        f = table("export %s --network %s --force", path, matrix);
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
    fl_frame f = table(SMALL "--hidden 12 --jd 0.4 --save %s", path);
    fl_frame_clear(&f);
    f = table("export %s --network %s", path, matrix);
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

/* A row of a sweep is the mean of the runs of `train`. */
static void sweeps_are_means_of_runs(void **state) {
    (void)state;
    fl_rng rng = test_stream("sweep");
    fl_frame f = table("sweep " SMALL "--jd 0,0.5 --update sync,async --seeds 2 --last 2 --seed 3 "
                       "--threads %d",
                       test_threads(&rng));
    test_assert_columns(&f, "jd lambda update seeds train_accuracy train_error test_accuracy "
                            "test_error fixed_fraction fixed_error withdrawn_overlap "
                            "withdrawn_error taught_overlap taught_error flips_per_neuron "
                            "hidden_updates");
    static const char *const names[] = {"train_accuracy", "train_error",       "test_accuracy",
                                        "test_error",     "withdrawn_overlap", "withdrawn_error"};
    static const char *const updates[] = {"sync", "async"};
    assert_int_equal(f.rows, 4);
    assert_meta(&f, "jd", "0,0.5");
    assert_meta(&f, "update", "sync,async");
    for (size_t row = 0; row < 4; row++) {
        double values[3][2] = {{0}};
        assert_string_equal(f.text[row * f.columns + 2], updates[row % 2]);
        for (size_t k = 0; k < 2; k++) {
            fl_frame g = table(SMALL "--jd %g --update %s --seed %zu --threads 1",
                               row / 2 ? 0.5 : 0., updates[row % 2], 3 + k);
            for (size_t q = 0; q < 3; q++)
                values[q][k] =
                    (test_cell(&g, 1, names[2 * q]) + test_cell(&g, 2, names[2 * q])) / 2;
            fl_frame_clear(&g);
        }
        for (size_t q = 0; q < 3; q++) {
            fl_estimate e = fl_mean(values[q], 2);
            assert_true(fabs(test_cell(&f, row, names[2 * q]) - e.mean) < 1e-14);
            assert_true(fabs(test_cell(&f, row, names[2 * q + 1]) - e.error) < 1e-14);
        }
    }
    fl_frame_clear(&f);
}

static void one_list_at_a_time(void **state) {
    (void)state;
    fl_frame f = table("sweep " SMALL "--epochs 1 --jd 0.1,0.2,0.3 --hidden 10,20 --seeds 1 "
                       "--data-seed 4 --separate");
    static const double jd[] = {0.1, 0.1, 0.2, 0.3}, hidden[] = {10, 20, 10, 10};
    assert_int_equal(f.rows, 4);
    for (size_t row = 0; row < 4; row++) /* --hidden stands before --jd in the options */
        assert_true(test_cell(&f, row, "jd") == jd[row] &&
                    test_cell(&f, row, "hidden") == hidden[row]);
    assert_true(isnan(test_cell(&f, 0, "test_error")));
    assert_meta(&f, "data-seed", "4");
    fl_frame_clear(&f);
}

/* One pair is learned; at any load the fraction is that of the same run by train and eval, with
 * intact or damaged inputs. */
static void capacity_is_training_by_heart(void **state) {
    (void)state;
    static const char common[] = "--features 30 --hidden 20 --epochs 15 --seed 5 --modules 1";
    char path[512];
    strcpy(path, test_path("m.h5"));
    fl_frame f =
        table("capacity %s --preset two-module --bits 4 --load 0.05,0.5,2 --seeds 2", common);
    test_assert_columns(&f, "jd lambda load patterns flip seeds learned learned_error overlap "
                            "overlap_error nearest nearest_error bits bits_error fixed_fraction "
                            "fixed_error");
    assert_int_equal(f.rows, 3);
    assert_true(test_cell(&f, 0, "patterns") == 1 && test_cell(&f, 1, "patterns") == 10 &&
                test_cell(&f, 2, "patterns") == 40);
    assert_true(test_cell(&f, 0, "learned") == 1 && test_cell(&f, 0, "learned_error") == 0);
    for (size_t row = 0; row < 3; row++) {
        assert_true(test_cell(&f, row, "bits") >= test_cell(&f, row, "learned"));
        assert_true(fabs(2 * test_cell(&f, row, "bits") - 1 - test_cell(&f, row, "overlap")) <
                    1e-12); /* no output is 0 */
    }
    fl_frame_clear(&f);
    f = table("capacity %s --preset two-module --bits 4 --load 0.5 --seeds 1 --flip 0,0.2", common);
    fl_frame g = table("--preset two-module --data associations --train 10 --test 10 --flip 0.2 "
                       "--classes 4 %s --save %s",
                       common, path);
    for (size_t row = 0; row < 2; row++) {
        fl_frame h = table("eval %s --part %s", path, row ? "test" : "train");
        assert_true(test_cell(&f, row, "flip") == (row ? 0.2 : 0));
        assert_true(test_cell(&h, 0, "accuracy") == test_cell(&f, row, "learned"));
        assert_true(test_cell(&h, 0, "fixed_fraction") == test_cell(&f, row, "fixed_fraction"));
        fl_frame_clear(&h);
    }
    fl_frame_clear(&f);
    fl_frame_clear(&g);
}

/* The two presets of hetero-association in small: one module of the chain cannot, and three can;
 * features and bits follow the neurons. */
static void depth_makes_the_published_layout_work(void **state) {
    (void)state;
    fl_frame f = table("capacity --hidden 32 --modules 1,3 --load 0.25 --epochs 60 --seeds 3");
    assert_meta(&f, "preset", "hetero-chain");
    assert_true(test_cell(&f, 0, "learned") < 0.2);
    assert_true(test_cell(&f, 1, "learned") > 0.6);
    fl_frame_clear(&f);
    f = table("capacity --preset hetero-dense --hidden 24 --modules 1,2 --load 2 --epochs 100 "
              "--seeds 2");
    assert_true(test_cell(&f, 0, "learned") < 0.5);
    assert_true(test_cell(&f, 1, "learned") > 0.9);
    fl_frame_clear(&f);
    refused("capacity --features 10 --epochs 1", 1, "input = direct with 10 features");
    refused("capacity --preset hetero-dense --bits 10 --epochs 1", 1, "target = state");
    refused("capacity --skips yes", 1, "readout-from = all");
    refused("capacity --direction both --withdrawn-sweeps 2 --withdrawn-keeps right", 1,
            "withdrawn-keeps");
}

/* Of intact cues a sequence is learned when each of its steps is right by itself, as a saved model
 * trained on the same steps shows. */
static void sequences_are_learned_step_by_step(void **state) {
    (void)state;
    static const char common[] = "--hidden 24 --epochs 40 --seed 3 --length 4";
    char path[512];
    fl_model m;
    fl_dataset sets[2];
    fl_epoch seen;
    float output[24 * 24];
    strcpy(path, test_path("m.h5"));
    fl_frame f = table("capacity --data sequences %s --load 1 --seeds 1 --flip 0,0.1", common);
    assert_meta(&f, "preset", "sequence");
    assert_meta(&f, "length", "4");
    assert_true(test_cell(&f, 0, "patterns") == 24);
    fl_frame g = table("--data sequences --preset sequence --features 24 --train 24 --test 24 "
                       "--flip 0 %s --save %s",
                       common, path);
    fl_frame_clear(&g);
    assert_ok(fl_model_read(&m, path));
    assert_ok(fl_data_load(&m.data, &sets[0], &sets[1]));
    assert_ok(
        fl_learner_evaluate(m.learner, &sets[1], &(fl_effort){.threads = 1}, &seen, NULL, output));
    double learned = 0;
    for (size_t s = 0; s < 8; s++) {
        bool right = true;
        for (size_t e = s * 3 * 24; e < (s + 1) * 3 * 24; e++)
            right &= output[e] * (float)sets[0].z[e] > 0;
        learned += right;
    }
    assert_true(test_cell(&f, 0, "learned") == learned / 8 && learned > 0 && learned < 8);
    assert_true(test_cell(&f, 1, "learned") <= learned / 8);
    fl_dataset_clear(&sets[0]);
    fl_dataset_clear(&sets[1]);
    fl_model_clear(&m);
    fl_frame_clear(&f);
    refused("capacity --length 5 --epochs 1", 2, "--data sequences");
    refused("capacity --data sequences --features 20 --epochs 1", 1, "input = direct with 20");
    refused("capacity --data sequences --update async", 1, "rule-on = step");
    refused("capacity --data sequences --margin-of rest", 1, "margin-of = field");
    refused("capacity --data sequences --withdrawn-sweeps 1", 1, "withdrawn-sweeps = 0");
    refused("capacity --data sequences --taught-sweeps 0", 1, "taught-sweeps");
}

/* What recall tells, from the outputs themselves. */
static void recall_counts_bits_and_neighbours(void **state) {
    (void)state;
    fl_data_spec spec = fl_data_defaults("associations");
    fl_dataset pairs, unused;
    fl_training t;
    fl_learner *l;
    fl_recall r;
    fl_epoch seen;
    const fl_effort one = {.threads = 1};
    spec.features = 20;
    spec.classes = 6;
    spec.train = 30;
    assert_ok(fl_data_load(&spec, &pairs, &unused));
    assert_ok(fl_training_preset(&t, "reference-small"));
    t.hidden = 25;
    assert_ok(fl_learner_new(&l, &t, 20, 6, 3));
    assert_ok(fl_learner_epoch(l, &pairs, 0, &one, &seen));
    float *output = malloc(30 * 6 * sizeof *output);
    assert_non_null(output);
    assert_ok(fl_learner_evaluate(l, &pairs, &one, &seen, NULL, output));
    assert_ok(fl_learner_recall(l, &pairs, &one, &r));
    double bits = 0, nearest = 0;
    for (size_t k = 0; k < 30; k++) {
        int right[30], better = 0, equal = 0;
        for (size_t q = 0; q < 30; q++) {
            right[q] = 0;
            for (size_t c = 0; c < 6; c++)
                right[q] += (output[6 * k + c] > 0) == (pairs.z[6 * q + c] > 0);
        }
        for (size_t q = 0; q < 30; q++) {
            better += right[q] > right[k];
            equal += right[q] == right[k];
        }
        bits += right[k] / 180.;
        nearest += better ? 0 : 1. / equal / 30;
    }
    assert_true(fabs(r.bits - bits) < 1e-12 && fabs(r.overlap - (2 * bits - 1)) < 1e-12);
    assert_true(fabs(r.nearest - nearest) < 1e-12 && r.learned == seen.accuracy);
    free(output);
    fl_learner_free(l);
    fl_dataset_clear(&pairs);
    fl_dataset_clear(&unused);
}

/* --from goes on where a run has ended: its weights, settings and data; other data on request. */
static void going_on_from_a_model(void **state) {
    (void)state;
    char path[512], next[512];
    strcpy(path, test_path("m.h5"));
    strcpy(next, test_path("next.h5"));
    fl_frame f = table(SMALL "--jd 0.3 --seed 7 --save %s", path);
    fl_frame g = table("--from %s --epochs 0", path);
    assert_int_equal(g.rows, 1);
    assert_true(test_cell(&g, 0, "epoch") == 0 && isnan(test_cell(&g, 0, "train_accuracy")));
    assert_true(test_cell(&g, 0, "test_accuracy") == test_cell(&f, 2, "test_accuracy"));
    assert_meta(&g, "data", "prototypes");
    assert_meta(&g, "data-seed", "7");
    assert_meta(&g, "jd", "0.3");
    fl_frame_clear(&g);
    g = table("--from %s --epochs 2 --data-seed 99 --seed 8 --save %s", path, next);
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
        float *values = array_of(&m, found, &columns);
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
    refused_of(1, "architecture", "--from %s --hidden 31", path);
    refused_of(2, "--preset with --from", "--from %s --preset rule-e", path);
    refused_of(1, "architecture", "--from %s --features 41", path);
}

/* Without epochs: the network as it is drawn, whose states know nothing of classes. */
static void untrained_networks(void **state) {
    (void)state;
    char path[512];
    strcpy(path, test_path("m.h5"));
    fl_frame f = table(SMALL "--epochs 0 --save %s", path);
    fl_frame g = table("eval %s", path);
    fl_frame h = table("sweep " SMALL "--epochs 0 --seeds 1");
    assert_true(test_cell(&f, 0, "test_accuracy") == test_cell(&g, 0, "accuracy"));
    assert_true(test_cell(&f, 0, "test_accuracy") == test_cell(&h, 0, "test_accuracy"));
    assert_true(isnan(test_cell(&h, 0, "train_accuracy")));
    fl_frame_clear(&f);
    fl_frame_clear(&g);
    fl_frame_clear(&h);
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
        assert_int_equal(test_run_tool(fl_tool_train, name, words, &out, &err), 0);
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
            refused(arguments, 1, "are not those");
            refused_of(1, "are not those", "--from %s --epochs 1", path);
            snprintf(arguments, sizeof arguments, "eval %s --data %s", path, folder);
        } else {
            fl_frame f = table("--data %s --train 30 --test 20 --hidden 20 --epochs 1 --save %s",
                               folder, path);
            fl_frame_clear(&f);
        }
        fl_frame g = table("%s", arguments);
        fl_frame_clear(&g);
    }
}

/* Rows of each kind, width and seed are those of the library on the data of `train`. */
static void baselines_are_those_of_the_library(void **state) {
    (void)state;
    fl_rng rng = test_stream("baseline");
    fl_frame f = table("baseline --data prototypes --features 40 --classes 4 --train 150 --test 60 "
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
    f = table("baseline --data prototypes --features 10 --train 50 --test 20 --kind mlp --width 7 "
              "--epochs 1");
    assert_true(test_cell(&f, 0, "width") == 7);
    fl_frame_clear(&f);
}

/* Test examples are damaged as the library does it, each with the seed of its training. */
static void baselines_on_damaged_tests(void **state) {
    (void)state;
    fl_frame f =
        table("baseline --data prototypes --features 40 --classes 4 --train 150 --test 60 "
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
    refused("--preset nonsense", 2, "--preset nonsense; allowed: reference-large");
    refused("--jdx 1", 2, "--jd, --coupling");
    refused("--jdx 1", 2, ", ... (--help lists them)");
    refused(SMALL "--hidden 0", 2, "--hidden");
    refused(SMALL "--epochs -1", 2, "--epochs");
    refused(SMALL "--update often", 2, "sync|partial|async");
    refused(SMALL "--jd nan", 2, "--jd");
    refused(SMALL "--update partial --p 0", 1, "p = 0");
    refused("--data nowhere", 1, "nowhere");
    refused("--data prototypes --flip 0.7", 2, "--flip");
    refused("--data parity --classes 3", 1, "classes");
    refused("sweep " SMALL "--update sync,often", 2, "often");
    refused("sweep " SMALL "--skips perhaps", 2, "no|yes");
    refused("sweep " SMALL "--jd 0:1:0.001 --lambda 0:1:0.001", 1, "points");
    refused("sweep " SMALL "--degree 1,99 --chain sparse --modules 2", 1, "degree");
    refused("capacity --load 0", 2, "--load");
    refused("baseline --kind linear,perceptron", 2, "'perceptron'");
    refused("baseline --kind mlp,mlp", 2, "twice");
    refused("baseline --layers 3", 2, "--layers");
    refused("eval", 2, "MODEL.h5");
    refused("eval a b", 2, "one is wanted");
    refused("eval nothing.h5", 1, "nothing.h5");
    refused("export nothing.h5", 2, "--network");
    refused("train " SMALL "--resume", 2, "--output");
}

static void wrong_files_are_refused(void **state) {
    (void)state;
    char path[512];
    strcpy(path, test_path("m.h5"));
    fl_frame f = table(SMALL "--save %s", path);
    fl_frame_clear(&f);
    refused_of(1, "exists", SMALL "--save %s", path);
    refused_of(1, "folder", SMALL "--save %s", test_path("no/such/folder.h5"));
    refused_of(1, "fixland-test", "--data %s", test_path("")); /* a folder without the four files */
    refused_of(1, "folder", "--data %s", path);
    refused_of(1, "39 features", "eval %s --features 39", path);
    refused_of(1, "5 outputs", "eval %s --classes 5", path);
    refused_of(1, "no classes", "overlaps %s --data associations --classes 4", path);
    refused_of(1, "exists", "export %s --network %s", path, path);
    assert_int_equal(truncate(path, 3000), 0);
    refused_of(1, "m.h5", "eval %s", path);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(rows_are_those_of_the_library),
        cmocka_unit_test(odd_columns),
        cmocka_unit_test(presets_and_options),
        cmocka_unit_test(presets_are_listed),
        cmocka_unit_test_setup(saved_and_shown_again, test_empty_scratch),
        cmocka_unit_test_setup(damaged_inputs, test_empty_scratch),
        cmocka_unit_test_setup(overlaps_are_those_of_all_pairs, test_empty_scratch),
        cmocka_unit_test_setup(stored_states_have_the_same_overlaps, test_empty_scratch),
        cmocka_unit_test_setup(exported_networks_are_the_models, test_empty_scratch),
        cmocka_unit_test_setup(other_tools_take_exported_networks, test_empty_scratch),
        cmocka_unit_test(sweeps_are_means_of_runs),
        cmocka_unit_test(one_list_at_a_time),
        cmocka_unit_test_setup(capacity_is_training_by_heart, test_empty_scratch),
        cmocka_unit_test(depth_makes_the_published_layout_work),
        cmocka_unit_test_setup(sequences_are_learned_step_by_step, test_empty_scratch),
        cmocka_unit_test(recall_counts_bits_and_neighbours),
        cmocka_unit_test_setup(going_on_from_a_model, test_empty_scratch),
        cmocka_unit_test_setup(untrained_networks, test_empty_scratch),
        cmocka_unit_test(help_tells_the_defaults_of_the_run),
        cmocka_unit_test_setup(other_data_under_the_same_name, test_empty_scratch),
        cmocka_unit_test(baselines_are_those_of_the_library),
        cmocka_unit_test(baselines_on_damaged_tests),
        cmocka_unit_test_setup(wrong_words_are_refused, test_empty_scratch),
        cmocka_unit_test_setup(wrong_files_are_refused, test_empty_scratch),
    };
    return cmocka_run_group_tests_name("tool_train", tests, NULL, NULL);
}
