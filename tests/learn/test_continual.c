/* fl-train continual against the single trainings that it consists of, and what it refuses. */
#include "tests/support/support.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "fixland/baseline.h"
#include "fixland/tools.h"
#include "tests/support/files.h"
#include "tests/support/tools.h"
#include "tests/support/training.h"

#define EXAMPLES                                                                                   \
    "--data prototypes --flip 0.3 --features 40 --classes 5 --train 200 --test 150 --seed 5 "
#define TASK EXAMPLES "--hidden 30 --epochs 4 "

/* A number of the row of a learner at a stage and task. */
static double cell_of(const fl_frame *f, const char *learner, double stage, double task,
                      const char *column) {
    size_t name;
    assert_ok(fl_frame_column(f, "learner", &name));
    for (size_t row = 0; row < f->rows; row++)
        if (strcmp(f->text[row * f->columns + name], learner) == 0 &&
            test_cell(f, row, "stage") == stage && test_cell(f, row, "task") == task)
            return test_cell(f, row, column);
    fail_msg("no row of %s, stage %g, task %g", learner, stage, task);
    return NAN;
}

static void assert_eval(const char *model, const char *only, double accuracy) {
    fl_frame f = train_table("eval %s --only %s", model, only);
    assert_true(fabs(test_cell(&f, 0, "accuracy") - accuracy) < 1e-12);
    fl_frame_clear(&f);
}

/* The rule, with rates that fall and averages that begin anew: `train --only`, then `--from`; and
 * all at once. */
static void the_rule_is_trained_as_by_from(void **state) {
    (void)state;
    static const char *const kinds[] = {"", "--preset rule-e --average 2 --epochs 4 --hidden 30"};
    char one[512], two[512], all[512];
    strcpy(one, test_path("one.h5"));
    strcpy(two, test_path("two.h5"));
    strcpy(all, test_path("all.h5"));
    for (int k = 0; k < 2; k++) {
        fl_frame f = train_table(
            "continual " TASK "%s --tasks 0,1/2:4 --seeds 1 --beside none --threads 2", kinds[k]);
        test_assert_columns(&f, "learner stage task classes seeds accuracy accuracy_error own "
                                "own_error");
        assert_int_equal(f.rows, 6);
        fl_frame g = train_table(TASK "%s --only 0,1 --save %s --force", kinds[k], one);
        fl_frame_clear(&g);
        g = train_table("--from %s --seed 5 --only 2:4 --save %s --force", one, two);
        fl_frame_clear(&g);
        g = train_table(TASK "%s --save %s --force", kinds[k], all);
        fl_frame_clear(&g);
        assert_eval(one, "0,1", cell_of(&f, "rule", 1, 1, "accuracy"));
        assert_eval(one, "2:4", cell_of(&f, "rule", 1, 2, "accuracy"));
        assert_eval(two, "0,1", cell_of(&f, "rule", 2, 1, "accuracy"));
        assert_eval(two, "2:4", cell_of(&f, "rule", 2, 2, "accuracy"));
        assert_eval(all, "0:1", cell_of(&f, "rule", 0, 1, "accuracy"));
        assert_eval(all, "2,3,4", cell_of(&f, "rule", 0, 2, "accuracy"));
        for (size_t row = 0; row < f.rows; row++)
            assert_true(test_cell(&f, row, "own") >= test_cell(&f, row, "accuracy"));
        assert_true(cell_of(&f, "rule", 2, 1, "accuracy") < cell_of(&f, "rule", 0, 1, "accuracy"));
        fl_frame_clear(&f);
    }
}

/* Baselines: the first task and all at once as fl-train baseline does them, the second as the
 * library goes on after a restart; means and errors over seeds are those of single seeds. */
static void baselines_go_on(void **state) {
    (void)state;
    fl_frame f = train_table("continual " TASK "--tasks 0,1/2:4 --seeds 2 --beside linear,mlp");
    assert_int_equal(f.rows, 18);
    fl_frame g = train_table("baseline " EXAMPLES "--kind linear --only 0,1 --seeds 2 --epochs 4");
    double first = (test_cell(&g, 3, "test_accuracy") + test_cell(&g, 7, "test_accuracy")) / 2;
    assert_true(fabs(first - cell_of(&f, "linear", 1, 1, "accuracy")) < 1e-12);
    assert_true(fabs(fabs(test_cell(&g, 3, "test_accuracy") - first) -
                     cell_of(&f, "linear", 1, 1, "accuracy_error")) < 1e-12);
    fl_frame_clear(&g);
    fl_data_spec spec = fl_data_defaults("prototypes");
    fl_dataset sets[2], tasks[2];
    fl_baseline *b;
    double left = 0;
    spec.flip = 0.3;
    spec.features = 40;
    spec.classes = 5;
    spec.train = 200;
    spec.test = 150;
    for (uint64_t seed = 5; seed < 7; seed++) {
        size_t right = 0, own = 0;
        float output[150 * 5];
        spec.seed = seed;
        for (int k = 0; k < 2; k++) {
            spec.only = k ? "2:4" : "0,1";
            assert_ok(fl_data_load(&spec, &tasks[k], &sets[1]));
            fl_dataset_clear(&sets[1]);
        }
        spec.only = NULL;
        assert_ok(fl_data_load(&spec, &sets[0], &sets[1]));
        fl_baseline_spec mlp = fl_baseline_defaults(
            FL_BASELINE_MLP, 40, 5, fl_baseline_width(40, 5, 1, 40 * 30 + 900 + 300), seed);
        mlp.epochs = 4;
        assert_ok(fl_baseline_new(&b, &mlp));
        for (int k = 0; k < 8; k++) {
            if (k == 4)
                fl_baseline_restart(b);
            assert_ok(fl_baseline_epoch(b, &tasks[k / 4], NULL, NULL));
        }
        assert_ok(fl_baseline_outputs(b, &sets[1], output));
        for (size_t e = 0; e < 150; e++)
            if (sets[1].label[e] < 2) {
                own++;
                right += output[5 * e + sets[1].label[e]] > output[5 * e + 1 - sets[1].label[e]];
            }
        left += (double)right / (double)own / 2;
        fl_baseline_free(b);
        for (int k = 0; k < 2; k++) {
            fl_dataset_clear(&sets[k]);
            fl_dataset_clear(&tasks[k]);
        }
    }
    assert_true(fabs(left - cell_of(&f, "mlp", 2, 1, "own")) < 1e-12);
    fl_frame_clear(&f);
}

/* Groups of classes, the last one smaller. */
static void tasks_by_name(void **state) {
    (void)state;
    fl_frame f = train_table("continual " TASK "--beside none --seeds 1 --train 60 --epochs 1");
    size_t classes;
    assert_int_equal(f.rows, 12);
    assert_ok(fl_frame_column(&f, "classes", &classes));
    assert_string_equal(f.text[classes], "0,1");
    assert_string_equal(f.text[2 * f.columns + classes], "4");
    fl_frame_clear(&f);
    f = train_table("continual " TASK
                    "--beside none --seeds 1 --train 60 --epochs 1 --tasks single");
    assert_int_equal(f.rows, 30);
    fl_frame_clear(&f);
}

static void wrong_tasks_are_refused(void **state) {
    (void)state;
    static const struct {
        const char *words;
        int code;
        const char *says;
    } wrong[] = {{"--tasks 0,1/5", 2, "task '5'"},
                 {"--tasks ''", 2, "task ''"},
                 {"--tasks 0/", 2, "task ''"},
                 {"--beside mpl", 2, "--beside mpl"},
                 {"--beside ''", 2, "--beside"},
                 {"--epochs 0", 2, "--epochs 0"},
                 {"--only 0,1 --tasks 0/2", 1, "task '2'"},
                 {"--data associations --features 30", 2, "no classes"},
                 {"--resume", 2, "--output"},
                 {"--hidden 0", 2, "--hidden"}};
    for (size_t k = 0; k < sizeof wrong / sizeof *wrong; k++) {
        char words[1024];
        snprintf(words, sizeof words, "continual " TASK "%s", wrong[k].words);
        train_refused(words, wrong[k].code, wrong[k].says);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(the_rule_is_trained_as_by_from, test_empty_scratch),
        cmocka_unit_test(baselines_go_on),
        cmocka_unit_test(tasks_by_name),
        cmocka_unit_test_setup(wrong_tasks_are_refused, test_empty_scratch),
    };
    return cmocka_run_group_tests_name("continual", tests, NULL, NULL);
}
