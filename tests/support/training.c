/* See training.h. */
#include "tests/support/training.h"

#include "fixland/learn.h"

float *test_model_array(const fl_model *m, const char *wanted, size_t *rows, size_t *columns) {
    for (size_t k = 0; k < fl_learner_arrays(m->learner); k++) {
        char found[32];
        size_t count;
        assert_ok(fl_learner_array(m->learner, k, found, &count, columns));
        if (strcmp(found, wanted) != 0)
            continue;
        float *values = calloc(count * *columns, sizeof *values);
        fl_learner_get(m->learner, k, values);
        if (rows)
            *rows = count;
        return values;
    }
    return NULL;
}
