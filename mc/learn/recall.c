/* What a learner recalls of pairs: see fl_learner_recall in learn.h. */
#include <stdlib.h>
#include <string.h>

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

/* Sequences on their way: the step that each takes next, and whether all were right so far. */
typedef struct walk {
    const fl_dataset *pairs;
    size_t steps;
    fl_dataset now; /* a step of each sequence: what is shown, and its target */
    float *output;
    bool *right;
} walk;

static void walk_clear(walk *w) {
    fl_dataset_clear(&w->now);
    free(w->output);
    free(w->right);
}

static fl_status walk_new(walk *w, const fl_dataset *pairs, size_t length) {
    size_t steps = length - 1;
    if (length < 2 || pairs->count % steps != 0 || pairs->features != pairs->outputs)
        return fl_fail(FL_EINVAL, "%zu pairs of %zu and %zu bits as sequences of length %zu",
                       pairs->count, pairs->features, pairs->outputs, length);
    *w = (walk){.pairs = pairs, .steps = steps};
    FL_CHECK(fl_dataset_new(&w->now, pairs->count / steps, pairs->features, pairs->outputs, false));
    w->output = malloc(w->now.count * pairs->outputs * sizeof *w->output);
    w->right = malloc(w->now.count * sizeof *w->right);
    if (w->output && w->right)
        return FL_OK;
    walk_clear(w);
    return fl_fail(FL_ENOMEM, "out of memory for %zu sequences", w->now.count);
}

/* Shows what came of the step before, or (step 0) the first patterns. */
static void walk_prepare(walk *w, size_t step) {
    size_t d = w->pairs->features;
    for (size_t s = 0; s < w->now.count; s++) {
        size_t first = s * w->steps;
        memcpy(w->now.z + s * d, w->pairs->z + (first + step) * d, d);
        for (size_t j = 0; j < d; j++)
            w->now.x[s * d + j] = step == 0                   ? w->pairs->x[first * d + j]
                                  : w->output[s * d + j] >= 0 ? 1
                                                              : -1;
    }
}

static void walk_judge(walk *w, size_t step) {
    size_t d = w->pairs->features;
    for (size_t s = 0; s < w->now.count; s++)
        w->right[s] =
            (step == 0 || w->right[s]) && right_bits(w->output + s * d, w->now.z + s * d, d) == d;
}

static fl_status walk_all(walk *w, const fl_learner *learner, const fl_effort *effort,
                          fl_recall *recall) {
    fl_epoch seen;
    size_t learned = 0;
    for (size_t step = 0; step < w->steps; step++) {
        walk_prepare(w, step);
        FL_CHECK(fl_learner_evaluate(learner, &w->now, effort, &seen, NULL, w->output));
        walk_judge(w, step);
    }
    for (size_t s = 0; s < w->now.count; s++)
        learned += w->right[s];
    sum_up(&w->now, w->output, recall);
    recall->learned = (double)learned / (double)w->now.count;
    recall->fixed_fraction = seen.fixed_fraction;
    return FL_OK;
}

fl_status fl_learner_recall_sequences(const fl_learner *learner, const fl_dataset *pairs,
                                      size_t length, const fl_effort *effort, fl_recall *recall) {
    walk w;
    FL_CHECK(walk_new(&w, pairs, length));
    fl_status status = walk_all(&w, learner, effort, recall);
    walk_clear(&w);
    return status;
}
