/* fl-train sweep and capacity: means of the runs of `train`, what is learned by heart, and recall. */
#include "tests/support/support.h"

#include <math.h>

#include "fixland/learn.h"
#include "fixland/model.h"
#include "fixland/stats.h"
#include "fixland/tools.h"
#include "tests/support/files.h"
#include "tests/support/tools.h"
#include "tests/support/training.h"

/* A row of a sweep is the mean of the runs of `train`. */
static void sweeps_are_means_of_runs(void **state) {
    (void)state;
    fl_rng rng = test_stream("sweep");
    fl_frame f = train_table("sweep " TRAIN_SMALL
                             "--jd 0,0.5 --update sync,async --seeds 2 --last 2 --seed 3 "
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
    test_assert_meta(&f, "jd", "0,0.5");
    test_assert_meta(&f, "update", "sync,async");
    for (size_t row = 0; row < 4; row++) {
        double values[3][2] = {{0}};
        assert_string_equal(f.text[row * f.columns + 2], updates[row % 2]);
        for (size_t k = 0; k < 2; k++) {
            fl_frame g = train_table(TRAIN_SMALL "--jd %g --update %s --seed %zu --threads 1",
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
    fl_frame f =
        train_table("sweep " TRAIN_SMALL "--epochs 1 --jd 0.1,0.2,0.3 --hidden 10,20 --seeds 1 "
                    "--data-seed 4 --separate");
    static const double jd[] = {0.1, 0.1, 0.2, 0.3}, hidden[] = {10, 20, 10, 10};
    assert_int_equal(f.rows, 4);
    for (size_t row = 0; row < 4; row++) /* --hidden stands before --jd in the options */
        assert_true(test_cell(&f, row, "jd") == jd[row] &&
                    test_cell(&f, row, "hidden") == hidden[row]);
    assert_true(isnan(test_cell(&f, 0, "test_error")));
    test_assert_meta(&f, "data-seed", "4");
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
        train_table("capacity %s --preset two-module --bits 4 --load 0.05,0.5,2 --seeds 2", common);
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
    f = train_table("capacity %s --preset two-module --bits 4 --load 0.5 --seeds 1 --flip 0,0.2",
                    common);
    fl_frame g =
        train_table("--preset two-module --data associations --train 10 --test 10 --flip 0.2 "
                    "--classes 4 %s --save %s",
                    common, path);
    for (size_t row = 0; row < 2; row++) {
        fl_frame h = train_table("eval %s --part %s", path, row ? "test" : "train");
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
    fl_frame f =
        train_table("capacity --hidden 32 --modules 1,3 --load 0.25 --epochs 60 --seeds 3");
    test_assert_meta(&f, "preset", "hetero-chain");
    assert_true(test_cell(&f, 0, "learned") < 0.2);
    assert_true(test_cell(&f, 1, "learned") > 0.6);
    fl_frame_clear(&f);
    f = train_table(
        "capacity --preset hetero-dense --hidden 24 --modules 1,2 --load 2 --epochs 100 "
        "--seeds 2");
    assert_true(test_cell(&f, 0, "learned") < 0.5);
    assert_true(test_cell(&f, 1, "learned") > 0.9);
    fl_frame_clear(&f);
    train_refused("capacity --features 10 --epochs 1", 1, "input = direct with 10 features");
    train_refused("capacity --preset hetero-dense --bits 10 --epochs 1", 1, "target = state");
    train_refused("capacity --skips yes", 1, "readout-from = all");
    train_refused("capacity --direction both --withdrawn-sweeps 2 --withdrawn-keeps right", 1,
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
    fl_frame f =
        train_table("capacity --data sequences %s --load 1 --seeds 1 --flip 0,0.1", common);
    test_assert_meta(&f, "preset", "sequence");
    test_assert_meta(&f, "length", "4");
    assert_true(test_cell(&f, 0, "patterns") == 24);
    fl_frame g =
        train_table("--data sequences --preset sequence --features 24 --train 24 --test 24 "
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
    train_refused("capacity --length 5 --epochs 1", 2, "--data sequences");
    train_refused("capacity --data sequences --features 20 --epochs 1", 1,
                  "input = direct with 20");
    train_refused("capacity --data sequences --update async", 1, "rule-on = step");
    train_refused("capacity --data sequences --margin-of rest", 1, "margin-of = field");
    train_refused("capacity --data sequences --withdrawn-sweeps 1", 1, "withdrawn-sweeps = 0");
    train_refused("capacity --data sequences --taught-sweeps 0", 1, "taught-sweeps");
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

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(sweeps_are_means_of_runs),
        cmocka_unit_test(one_list_at_a_time),
        cmocka_unit_test_setup(capacity_is_training_by_heart, test_empty_scratch),
        cmocka_unit_test(depth_makes_the_published_layout_work),
        cmocka_unit_test_setup(sequences_are_learned_step_by_step, test_empty_scratch),
        cmocka_unit_test(recall_counts_bits_and_neighbours),
    };
    return cmocka_run_group_tests_name("train_sweeps", tests, NULL, NULL);
}
