/* A batch of examples: memory, loading, and what is seen of its states. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "mc/learn/learner.h"

static fl_status allocate(batch *b) {
    size_t neurons = b->l->neurons, modules = b->l->t.modules, outputs = b->l->outputs;
    size_t out_blocks = b->out_stride / FL_BLOCK, all_blocks = neurons / FL_BLOCK;
    size_t blocks = all_blocks > out_blocks ? all_blocks : out_blocks;
    b->x_t = floats_new(b->l->features * b->size);
    b->h = floats_new(neurons * b->size);
    b->h_t = floats_new(neurons * b->size);
    b->field = floats_new(neurons * b->size);
    b->current = floats_new(neurons * b->size);
    b->before = floats_new(neurons * b->size);
    b->u_t = floats_new(outputs * b->size);
    b->out = floats_new(b->out_stride * b->size);
    b->signal_t = floats_new(outputs * b->size);
    b->columns = calloc(neurons * b->size, sizeof *b->columns);
    b->coef = calloc(neurons * b->size, sizeof *b->coef);
    b->changes = calloc(modules * b->size, sizeof *b->changes);
    b->allowed = calloc(neurons / FL_BLOCK * b->size, sizeof *b->allowed);
    b->order = calloc(neurons * b->size, sizeof *b->order);
    b->target = calloc(b->size, sizeof *b->target);
    b->label = calloc(b->size, sizeof *b->label);
    b->share = calloc(b->size, sizeof *b->share);
    b->rest = calloc(b->size, sizeof *b->rest);
    b->flips = calloc(b->size, sizeof *b->flips);
    b->agree_taught = calloc(b->size, sizeof *b->agree_taught);
    b->agree_withdrawn = calloc(b->size, sizeof *b->agree_withdrawn);
    b->updates = calloc(neurons / FL_BLOCK, sizeof *b->updates);
    b->fixed = calloc(b->size, sizeof *b->fixed);
    b->correct = calloc(b->size, sizeof *b->correct);
    b->rng = calloc(b->size, sizeof *b->rng);
    b->which = calloc(blocks * b->size, sizeof *b->which);
    b->lines = floats_new(2 * blocks * b->size * FL_BLOCK);
    if (b->x_t && b->h && b->h_t && b->field && b->current && b->before && b->u_t && b->out &&
        b->signal_t && b->columns && b->coef && b->changes && b->allowed && b->order && b->target &&
        b->label && b->share && b->rest && b->flips && b->agree_taught && b->agree_withdrawn &&
        b->updates && b->fixed && b->correct && b->rng && b->which && b->lines)
        return FL_OK;
    return fl_fail(FL_ENOMEM, "out of memory for a batch of %zu examples", b->size);
}

fl_status batch_new(batch *b, const fl_learner *l, size_t size) {
    *b = (batch){.l = l, .w = &l->now};
    b->size = (size + FL_BLOCK - 1) / FL_BLOCK * FL_BLOCK;
    b->out_stride = (l->outputs + FL_BLOCK - 1) / FL_BLOCK * FL_BLOCK;
    fl_status status = allocate(b);
    if (status != FL_OK)
        batch_free(b);
    return status;
}

void batch_free(batch *b) {
    void *const all[] = {b->x_t,
                         b->h,
                         b->h_t,
                         b->field,
                         b->current,
                         b->before,
                         b->u_t,
                         b->out,
                         b->signal_t,
                         b->columns,
                         b->coef,
                         b->changes,
                         b->allowed,
                         b->order,
                         b->target,
                         b->label,
                         b->share,
                         b->rest,
                         b->flips,
                         b->agree_taught,
                         b->agree_withdrawn,
                         b->updates,
                         b->fixed,
                         b->correct,
                         b->rng,
                         b->which,
                         b->lines};
    for (size_t k = 0; k < sizeof all / sizeof *all; k++)
        free(all[k]);
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

static void load_one(batch *b, size_t e, const fl_dataset *data, size_t row, uint64_t epoch,
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
    memset(b->h + e * l->neurons, 0, l->neurons * sizeof *b->h);
    memset(b->field + e * l->neurons, 0, l->neurons * sizeof *b->field);
}

void batch_load(batch *b, const fl_dataset *data, const uint32_t *rows, size_t used, uint64_t epoch,
                bool training) {
    const fl_learner *l = b->l;
    size_t blocks = l->padded / FL_BLOCK, modules = l->t.input_all ? l->t.modules : 1;
#pragma omp single
    {
        b->used = used;
        b->awake = 0;
        for (size_t e = used; e < b->size; e++)
            for (size_t j = 0; j < l->features; j++)
                b->x_t[j * b->size + e] = 0;
    }
#pragma omp for schedule(static)
    for (size_t e = 0; e < used; e++)
        load_one(b, e, data, rows[e], epoch, training);
#pragma omp for schedule(static)
    for (size_t k = 0; k < modules * blocks; k++)
        (b->spins ? l->kernel->apply : l->kernel->apply_real)(
            matrix_block(weight(b->w, KIND_IN, k / blocks), k % blocks), l->features, b->x_t,
            b->size, b->field + FL_BLOCK * k, l->neurons);
}

void batch_remember(batch *b) {
#pragma omp for schedule(static)
    for (size_t e = 0; e < b->used; e++)
        memcpy(b->before + e * b->l->neurons, b->h + e * b->l->neurons,
               b->l->neurons * sizeof *b->h);
}

void batch_compare(batch *b, uint64_t *agree) {
    size_t neurons = b->l->neurons;
#pragma omp for schedule(static)
    for (size_t e = 0; e < b->used; e++) {
        const float *one = b->h + e * neurons, *other = b->before + e * neurons;
        uint32_t same = 0; /* padding is 0 in both and must not count */
        for (size_t i = 0; i < neurons; i++)
            same += one[i] * other[i] > 0;
        agree[e] = same;
    }
}

void batch_stability(batch *b) {
    size_t neurons = b->l->neurons;
    float jd = (float)b->l->t.jd;
#pragma omp for schedule(static)
    for (size_t e = 0; e < b->used; e++) {
        const float *h = b->h + e * neurons, *field = b->field + e * neurons;
        uint32_t unstable = 0;
        for (size_t i = 0; i < neurons; i++)
            unstable += (field[i] + jd * h[i]) * h[i] < 0;
        b->fixed[e] = unstable == 0;
    }
}

static bool right(const batch *b, size_t e) {
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
#pragma omp for schedule(static)
    for (size_t e = 0; e < b->used; e++)
        b->correct[e] = right(b, e);
}
