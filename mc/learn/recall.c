/* What a learner recalls of pairs: see fl_learner_recall in learn.h. */
#include <stdlib.h>

#include "fixland/learn.h"

/* sum_c z_c sign(output_c) */
static int agreement(const float *output, const int8_t *z, size_t outputs) {
    int sum = 0;
    for (size_t c = 0; c < outputs; c++)
        sum += z[c] * ((output[c] > 0) - (output[c] < 0));
    return sum;
}

/* 1 when the pair's own target is the nearest of all, 1/k when k are equally near, else 0. */
static double share_of_nearest(const fl_dataset *pairs, const float *output, size_t own) {
    int best = agreement(output, pairs->z + own * pairs->outputs, pairs->outputs);
    size_t equal = 0;
    for (size_t k = 0; k < pairs->count; k++) {
        int other = agreement(output, pairs->z + k * pairs->outputs, pairs->outputs);
        if (other > best)
            return 0;
        equal += other == best;
    }
    return 1 / (double)equal;
}

static size_t right_bits(const float *output, const int8_t *z, size_t outputs) {
    size_t right = 0;
    for (size_t c = 0; c < outputs; c++)
        right += output[c] * (float)z[c] > 0;
    return right;
}

static void sum_up(const fl_dataset *pairs, const float *output, fl_recall *recall) {
    double all = (double)(pairs->count * pairs->outputs), overlap = 0, bits = 0, nearest = 0;
    for (size_t k = 0; k < pairs->count; k++) {
        const float *own = output + k * pairs->outputs;
        const int8_t *z = pairs->z + k * pairs->outputs;
        overlap += agreement(own, z, pairs->outputs);
        bits += (double)right_bits(own, z, pairs->outputs);
        nearest += share_of_nearest(pairs, own, k);
    }
    recall->overlap = overlap / all;
    recall->bits = bits / all;
    recall->nearest = nearest / (double)pairs->count;
}

fl_status fl_learner_recall(const fl_learner *learner, const fl_dataset *pairs,
                            const fl_effort *effort, fl_recall *recall) {
    fl_epoch seen;
    float *output = malloc(pairs->count * pairs->outputs * sizeof *output);
    if (!output)
        return fl_fail(FL_ENOMEM, "out of memory for %zu outputs", pairs->count);
    fl_status status = fl_learner_evaluate(learner, pairs, effort, &seen, NULL, output);
    if (status == FL_OK) {
        sum_up(pairs, output, recall);
        recall->learned = seen.accuracy;
        recall->fixed_fraction = seen.fixed_fraction;
    }
    free(output);
    return status;
}
