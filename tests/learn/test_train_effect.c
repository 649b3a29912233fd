/* fl-train: options that would do nothing are refused in every mode, their limits are not; errors of
 * overlaps where no pair is left. */
#include "tests/support/support.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "fixland/tools.h"
#include "tests/support/files.h"
#include "tests/support/tools.h"
#include "tests/support/training.h"

#define SMALL                                                                                      \
    "--data prototypes --features 20 --classes 3 --train 60 --test 30 --hidden 16 --epochs 1 "

static void refused(const char *arguments, const char *word) {
    print_message("%s\n", arguments);
    train_refused(arguments, 2, word);
}

static void without_effect(void **state) {
    (void)state;
    static const char *const cases[][2] = {
        {"--length 4", "--length has no effect with --data digits"},
        {"--latent 4", "--latent has no effect with --data digits"},
        {"--flip 0.2", "--flip has no effect with --data digits"},
        {"--data parity --flip 0.2", "--flip has no effect with --data parity"},
        {"--data type --flip 0.2", "--flip has no effect with --data type"},
        {"--data associations --latent 3", "--latent has no effect with --data associations"},
        {"continual --length 3", "--length has no effect with --data digits"},
        {"baseline --latent 3", "--latent has no effect with --data digits"},
        {"--p 0.5", "--p has no effect without --update partial"},
        {"--update async --p 0.5", "--p has no effect"},
        {"sweep --update sync,async --p 0.5,1", "--p has no effect"},
        {"--degree 3", "--degree has no effect without --chain sparse|paired"},
        {"--modules 2 --degree 3", "--degree has no effect without --chain sparse"},
        {"--modules 2 --rate-chain 0.1", "--rate-chain has no effect without --chain forward|both"},
        {"--winner-margin 1", "--winner-margin has no effect without --teacher winner"},
        {"--preset rule-e --margin-out 1", "--margin-out has no effect without --readout"},
        {"capacity --rate-out 0.1", "--rate-out has no effect without --target readout"},
        {"capacity --readout delta", "--readout has no effect without --target readout"},
        {"capacity --rate-in 0.1", "--rate-in has no effect without --input dense"},
        {"--preset rule-e --decay-j 0.1",
         "--decay-j has no effect without --rate-j or --rate-chain"},
        {"sweep --rate-in 0 --decay-in 0.1,0.2",
         "--decay-in has no effect without --rate-in above"},
        {"--coupling 0 --symmetry 0.5", "--symmetry has no effect without --coupling above 0"},
        {"capacity --withdrawn-keeps right", "--withdrawn-keeps has no effect without --withdrawn"},
        {"capacity --amplitudes plain", "--amplitudes has no effect where targets are no classes"},
        {"--data associations --amplitudes plain", "--amplitudes has no effect where targets"},
        {"--preset rule-e --amplitudes reference", "--amplitudes has no effect without --teacher"},
        {"--margin-of field", "--margin-of has no effect without --modules 2 or more"},
        {"--modules 2 --margin-of field", "--margin-of has no effect without --modules 2 or more"},
        {"--modules 2 --lambda 2 --chain forward --margin-of field", "--margin-of has no effect"},
        {"--direction forward", "--direction has no effect where nothing comes from later modules"},
        {"--modules 2 --direction forward", "--direction has no effect where nothing comes"},
        {"--modules 2 --lambda 2 --chain forward --direction forward", "--direction has no effect"},
        {"--modules 2 --lambda 2 --lambda-right 0 --direction forward", "--direction has no effect"},
        {"--lambda 2", "--lambda has no effect without --modules 2 or more"},
        {"--chain sparse", "--chain has no effect without --modules 2 or more"},
        {"sweep --lambda-right 1,2", "--lambda-right has no effect without --modules 2"},
        {"capacity --data sequences --lambda 2", "--lambda has no effect without --modules 2"},
        {"baseline --kind linear --width 4", "--width has no effect with --kind linear"},
        {"baseline --kind random-features --layers 2", "--layers has no effect without mlp"},
        {"baseline --kind linear --activation tanh", "--activation has no effect without mlp"},
        {"baseline --hidden 9 --width 3", "--hidden has no effect beside --width"},
        {"baseline --kind linear --hidden 9", "--hidden has no effect with --kind linear"},
    };
    for (size_t k = 0; k < sizeof cases / sizeof *cases; k++)
        refused(cases[k][0], cases[k][1]);
}

/* Limits, values that are so anyway, and lists in which one value has an effect. */
static void limits_are_taken(void **state) {
    (void)state;
    static const char *const cases[] = {
        SMALL "--modules 1 --lambda 2 --lambda-right 2 --direction forward",
        SMALL "--rate-chain 0 --degree 1 --length 10 --latent 20 --p 1",
        SMALL "--modules 2 --chain sparse --degree 3 --lambda 1",
        SMALL "--modules 2 --chain paired --degree 3 --lambda 1",
        SMALL "--update partial --p 0.5",
        SMALL "--amplitudes plain --teacher error --readout perceptron",
        "sweep " SMALL "--rate-j 0,0.1 --decay-j 0.2 --seeds 1 --last 1",
        "capacity --hidden 16 --load 0.2 --epochs 1 --seeds 1 --target readout --withdrawn-keeps "
        "right --withdrawn-sweeps 2",
        "baseline --data prototypes --features 20 --train 60 --test 30 --epochs 1 --kind linear",
        "sweep " SMALL "--update sync,partial --p 0.5 --seeds 1 --last 1",
        "sweep " SMALL
        "--modules 1,2 --chain identity,forward --rate-chain 0.1 --lambda 1 --seeds 1",
        "capacity --hidden 16 --load 0.2 --epochs 1 --seeds 1 --rate-in 0 --rate-out 0 --modules 1 "
        "--lambda 2 --lambda-right 2",
        "baseline --data sequences --features 10 --train 40 --test 20 --epochs 1 --kind linear "
        "--matched-noise",
    };
    for (size_t k = 0; k < sizeof cases / sizeof *cases; k++) {
        print_message("%s\n", cases[k]);
        fl_frame f = train_table("%s", cases[k]);
        assert_true(f.rows >= 1);
        fl_frame_clear(&f);
    }
}

static void the_architecture_of_a_model_stays(void **state) {
    (void)state;
    char model[512], words[1024];
    strcpy(model, test_path("model.h5"));
    fl_frame f = train_table(SMALL "--modules 2 --lambda 1 --save %s", model);
    fl_frame_clear(&f);
    static const char *const cases[][2] = {
        {"--chain sparse", "--chain has no effect with --from"},
        {"--coupling 2", "--coupling has no effect with --from"},
        {"--symmetry 0.5", "--symmetry has no effect with --from"},
        {"--lambda-back 2", "--lambda-back has no effect with --from"},
    };
    for (size_t k = 0; k < sizeof cases / sizeof *cases; k++) {
        snprintf(words, sizeof words, "--from %s %s", model, cases[k][0]);
        refused(words, cases[k][1]);
    }
    f = train_table("--from %s --lambda 2 --coupling 1 --rate-j 0.1", model);
    assert_true(test_cell(&f, 0, "lambda") == 2);
    fl_frame_clear(&f);
    remove(model);
}

static void no_pair_has_no_error(void **state) {
    (void)state;
    char model[512];
    strcpy(model, test_path("model.h5"));
    fl_frame f = train_table(SMALL "--save %s", model);
    fl_frame_clear(&f);
    f = train_table("overlaps %s --only 1", model); /* within, then between */
    assert_true(test_cell(&f, 0, "error") >= 0);
    assert_true(test_cell(&f, 1, "pairs") == 0 && isnan(test_cell(&f, 1, "overlap")));
    assert_true(isnan(test_cell(&f, 1, "error")));
    fl_frame_clear(&f);
    f = train_table("overlaps %s --test 1", model);
    assert_true(isnan(test_cell(&f, 0, "error")) && isnan(test_cell(&f, 1, "error")));
    fl_frame_clear(&f);
    remove(model);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(without_effect),
        cmocka_unit_test(limits_are_taken),
        cmocka_unit_test(the_architecture_of_a_model_stays),
        cmocka_unit_test(no_pair_has_no_error),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
