/* fl-train run in process, and the arrays of its models. */
#ifndef FIXLAND_TEST_TRAINING_H
#define FIXLAND_TEST_TRAINING_H

#include "fixland/model.h"
#include "fixland/tools.h"
#include "tests/support/tools.h"

/* Small enough for a test, on data that a network can learn. */
#define TRAIN_SMALL                                                                                \
    "--data prototypes --features 40 --classes 4 --train 150 --test 60 --hidden 30 --epochs 3 "

/* The arguments as a printf format. */
#define train_table(...) test_table_of(fl_tool_train, "fl-train", __VA_ARGS__)
#define train_refused(arguments, code, word)                                                       \
    test_refused(fl_tool_train, "fl-train", arguments, code, word)
#define train_refused_of(code, word, ...)                                                          \
    test_refused_of(fl_tool_train, "fl-train", code, word, __VA_ARGS__)

/* Array `wanted` of a model, or NULL; free it. `rows` may be NULL. */
float *test_model_array(const fl_model *m, const char *wanted, size_t *rows, size_t *columns);

#endif
