/* A batch of examples: memory, loading, and what is seen of its states. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "mc/learn/learner.h"

/* An array of a batch: where its pointer is, and its size. */
typedef struct batch_array {
    void *pointer;
    size_t bytes;
} batch_array;

enum { BATCH_ARRAYS_MOST = 32 };

#define ARRAY(member, count)                                                                       \
    { &b->member, (count) * sizeof *b->member }

/* All of them; returns how many. */
static size_t batch_arrays(batch *b, batch_array list[BATCH_ARRAYS_MOST]) {
    size_t examples = b->size, modules = b->l->t.modules, outputs = b->l->outputs;
    size_t states = b->l->neurons * examples;
    size_t out_blocks = b->out_stride / FL_BLOCK, all_blocks = b->l->neurons / FL_BLOCK;
    size_t blocks = all_blocks > out_blocks ? all_blocks : out_blocks;
    const batch_array all[] = {
        ARRAY(x_t, b->l->features * examples),
        ARRAY(h, states),
        ARRAY(h_t, states),
        ARRAY(field, states),
        ARRAY(current, states),
        ARRAY(before, states),
        ARRAY(push, states),
        ARRAY(nothing, b->l->neurons),
        ARRAY(u_t, outputs * examples),
        ARRAY(out, b->out_stride * examples),
        ARRAY(signal_t, outputs * examples),
        ARRAY(columns, states),
        ARRAY(coef, states),
        ARRAY(changes, modules * examples),
        ARRAY(allowed, all_blocks * examples),
        ARRAY(order, states),
        ARRAY(target, examples),
        ARRAY(label, examples),
        ARRAY(which, blocks * examples),
        ARRAY(lines, 2 * blocks * examples * FL_BLOCK),
        ARRAY(share, examples),
        ARRAY(rest, examples),
        ARRAY(flips, examples),
        ARRAY(agree_taught, examples),
        ARRAY(agree_withdrawn, examples),
        ARRAY(updates, all_blocks),
        ARRAY(fixed, examples),
        ARRAY(correct, examples),
        ARRAY(rng, examples),
    };
    memcpy(list, all, sizeof all);
    return sizeof all / sizeof *all;
}

fl_status batch_new(batch *b, const fl_learner *l, size_t size) {
    batch_array list[BATCH_ARRAYS_MOST];
    *b = (batch){.l = l, .w = &l->now};
    b->size = (size + FL_BLOCK - 1) / FL_BLOCK * FL_BLOCK;
    b->out_stride = (l->outputs + FL_BLOCK - 1) / FL_BLOCK * FL_BLOCK;
    size_t count = batch_arrays(b, list);
    for (size_t k = 0; k < count; k++) {
        void *array = floats_new((list[k].bytes + sizeof(float) - 1) / sizeof(float));
        if (!array) {
            batch_free(b);
            return fl_fail(FL_ENOMEM, "out of memory for a batch of %zu examples", size);
        }
        memcpy(list[k].pointer, &array, sizeof array);
    }
    return FL_OK;
}

void batch_free(batch *b) {
    batch_array list[BATCH_ARRAYS_MOST];
    size_t count = batch_arrays(b, list);
    for (size_t k = 0; k < count; k++) {
        void *array;
        memcpy(&array, list[k].pointer, sizeof array);
        free(array);
    }
    *b = (batch){0};
}

/* Flips input bits with probability p: from one flipped bit to the next by geometric steps. */
static void add_noise(const batch *b, size_t e, double p, fl_rng *rng) {
    double step = 1 / log1p(-p);
    for (double j = floor(log(fl_rng_uniform(rng)) * step); j < (double)b->l->features;
         j += 1 + floor(log(fl_rng_uniform(rng)) * step)) {
        float *x = b->x_t + (size_t)j * b->size + e;
        *x = -*x;
    }
}

static size_t modules_with_input(const fl_learner *l) {
    return l->t.input_all ? l->t.modules : 1;
}

/* The state that the phases begin with. */
static void load_start(batch *b, size_t e) {
    const fl_learner *l = b->l;
    memset(b->h + e * l->neurons, 0, l->neurons * sizeof *b->h);
    if (l->t.start == FL_START_ZERO)
        return;
    fl_rng_sub(&b->rng[e], PHASE_START);
    for (size_t m = 0; m < l->t.modules; m++)
        for (size_t i = 0; i < l->t.hidden; i++) {
            float x = l->t.start == FL_START_INPUT    ? b->x_t[i * b->size + e]
                      : fl_rng_bits(&b->rng[e]) >> 63 ? 1
                                                      : -1;
            b->h[e * l->neurons + m * l->padded + i] = (float)((x > 0) - (x < 0));
        }
}

static void load_example(batch *b, size_t e, const fl_dataset *data, size_t row, uint64_t epoch,
                         bool training) {
    const fl_learner *l = b->l;
    size_t features = l->features;
    b->rng[e] = fl_rng_stream(l->seed, FL_PURPOSE_LEARNING, row, training ? epoch + 1 : 0);
    for (size_t j = 0; j < features; j++)
        b->x_t[j * b->size + e] = data->x[row * features + j];
    if (training && l->t.input_noise > 0)
        add_noise(b, e, l->t.input_noise, &b->rng[e]);
    b->target[e] = data->z + row * l->outputs;
    b->label[e] = data->label ? data->label[row] : -1;
    b->share[e] = 1;
    b->flips[e] = 0;
    memset(b->field + e * l->neurons, 0, l->neurons * sizeof *b->field);
    for (size_t m = 0; l->t.input == FL_INPUT_DIRECT && m < modules_with_input(l); m++)
        for (size_t i = 0; i < l->t.hidden; i++)
            b->field[e * l->neurons + m * l->padded + i] =
                (float)l->t.lambda_in * b->x_t[i * b->size + e];
    load_start(b, e);
}

void batch_load(batch *b, const fl_dataset *data, const uint32_t *rows, size_t used, uint64_t epoch,
                bool training) {
    const fl_learner *l = b->l;
    size_t blocks = l->padded / FL_BLOCK;
    size_t modules = l->t.input == FL_INPUT_DENSE ? modules_with_input(l) : 0;
#pragma omp master
    {
        for (size_t e = used; e < b->used; e++) /* beyond, they are zero */
            for (size_t j = 0; j < l->features; j++)
                b->x_t[j * b->size + e] = 0;
        b->used = used;
        b->after = b->h;
        b->awake = 0;
    }
    team_meets(b->l);
#pragma omp for schedule(static) nowait
    for (size_t e = 0; e < used; e++)
        load_example(b, e, data, rows[e], epoch, training);
    team_meets(b->l);
#pragma omp for schedule(static) nowait
    for (size_t k = 0; k < modules * blocks; k++)
        (b->spins ? l->kernel->apply : l->kernel->apply_real)(
            matrix_block(weight(b->w, KIND_IN, k / blocks), k % blocks), l->features, b->x_t,
            b->size, b->field + FL_BLOCK * k, l->neurons);
    team_meets(b->l);
    if (l->t.start != FL_START_ZERO)
        batch_start(b);
}

void batch_remember(batch *b) {
#pragma omp for schedule(static) nowait
    for (size_t e = 0; e < b->used; e++)
        memcpy(b->before + e * b->l->neurons, b->h + e * b->l->neurons,
               b->l->neurons * sizeof *b->h);
    team_meets(b->l);
}

void batch_compare(batch *b, uint64_t *agree) {
    size_t neurons = b->l->neurons;
#pragma omp for schedule(static) nowait
    for (size_t e = 0; e < b->used; e++) {
        const float *one = b->h + e * neurons, *other = b->before + e * neurons;
        uint32_t same = 0; /* padding is 0 in both and must not count */
        for (size_t i = 0; i < neurons; i++)
            same += one[i] * other[i] > 0;
        agree[e] = same;
    }
    team_meets(b->l);
}

void batch_stability(batch *b) {
    size_t neurons = b->l->neurons;
    float jd = (float)b->l->t.jd;
#pragma omp for schedule(static) nowait
    for (size_t e = 0; e < b->used; e++) {
        const float *h = b->h + e * neurons, *field = b->field + e * neurons;
        const float *after = b->after + e * neurons;
        uint32_t unstable = 0;
        for (size_t i = 0; i < neurons; i++)
            unstable += (field[i] + jd * h[i]) * after[i] < 0;
        b->fixed[e] = unstable == 0;
    }
    team_meets(b->l);
}

static bool output_right(const batch *b, size_t e) {
    const float *out = b->out + e * b->out_stride;
    size_t outputs = b->l->outputs, best = 0;
    for (size_t c = 0; c < outputs; c++) {
        if (b->label[e] < 0 && !(out[c] * (float)b->target[e][c] > 0))
            return false;
        if (out[c] > out[best])
            best = c;
    }
    return b->label[e] < 0 || (int32_t)best == b->label[e];
}

void batch_judge(batch *b) {
#pragma omp for schedule(static) nowait
    for (size_t e = 0; e < b->used; e++)
        b->correct[e] = output_right(b, e);
    team_meets(b->l);
}
