/* What comes back to the hidden neurons: u from target and readout, the current b = strength W_back
 * u, and the example's share in the hidden rule. */
#include <math.h>
#include <string.h>

#include "mc/learn/learner.h"

/* The label's amplitudes in the feedback, or in the readout rule. */
static double label_amplitude(const batch *b, size_t e, size_t c, bool readout) {
    bool active = b->target[e][c] > 0;
    double classes = (double)b->l->outputs;
    if (b->label[e] < 0 || b->l->t.amplitudes == FL_AMPLITUDES_PLAIN)
        return active ? 1 : -1;
    if (readout)
        return active ? classes / 4 : -sqrt(classes) / 4;
    return active ? sqrt(classes) / 2 : -0.5;
}

/* Output of the target, and the best of the others, *rival; without classes, the worst output's
 * margin and 0. Their difference is the margin of the readout. */
static void compare_outputs(const batch *b, size_t e, double *own, double *other, size_t *rival) {
    const float *out = b->out + e * b->out_stride;
    *own = b->label[e] < 0 ? INFINITY : (double)out[b->label[e]];
    *other = b->label[e] < 0 ? 0 : -INFINITY;
    *rival = 0;
    for (size_t c = 0; c < b->l->outputs; c++) {
        double value = (double)out[c];
        if (b->label[e] < 0 && value * b->target[e][c] < *own)
            *own = value * b->target[e][c];
        if (b->label[e] >= 0 && (int32_t)c != b->label[e] && value > *other) {
            *other = value;
            *rival = c;
        }
    }
}

/* target - prediction: one-hot minus softmax; for outputs that are not classes (z - tanh(f))/2. */
static void output_errors(const batch *b, size_t e, float *error, size_t stride) {
    const float *out = b->out + e * b->out_stride;
    size_t outputs = b->l->outputs;
    double largest = -INFINITY, sum = 0;
    for (size_t c = 0; c < outputs; c++)
        largest = fmax(largest, (double)out[c]);
    for (size_t c = 0; c < outputs; c++)
        sum += exp((double)out[c] - largest);
    for (size_t c = 0; c < outputs; c++)
        error[c * stride] = (float)(b->label[e] < 0 ? 0.5 * (b->target[e][c] - tanh((double)out[c]))
                                                    : ((int32_t)c == b->label[e]) -
                                                          exp((double)out[c] - largest) / sum);
}

static void teach_rival(batch *b, size_t e) {
    double own, other;
    size_t rival;
    compare_outputs(b, e, &own, &other, &rival);
    b->share[e] = own - other <= b->l->t.winner_margin;
    for (size_t c = 0; c < b->l->outputs; c++) {
        double z = b->target[e][c], seen = b->out[e * b->out_stride + c] > 0 ? 1 : -1;
        double u = b->label[e] < 0 ? (z - seen) / 2
                                   : (double)((int32_t)c == b->label[e]) - (double)(c == rival);
        b->u_t[c * b->size + e] = b->share[e] > 0 ? (float)u : 0;
    }
}

static void teach_label(batch *b, size_t e) {
    for (size_t c = 0; c < b->l->outputs; c++)
        b->u_t[c * b->size + e] = (float)label_amplitude(b, e, c, false);
    if (b->l->t.teacher == FL_TEACHER_SCALAR) {
        double own, other;
        size_t rival;
        compare_outputs(b, e, &own, &other, &rival);
        b->share[e] = (float)(1 / (1 + exp(own - other)));
    }
}

static void teach_example(batch *b, size_t e) {
    if (b->l->t.teacher == FL_TEACHER_ERROR)
        output_errors(b, e, b->u_t + e, b->size);
    else if (b->l->t.teacher == FL_TEACHER_WINNER)
        teach_rival(b, e);
    else
        teach_label(b, e);
    for (size_t c = 0; c < b->l->outputs; c++)
        b->u_t[c * b->size + e] *= (float)b->l->t.strength;
}

/* The current as a field on the neurons themselves. */
static void teach_state(batch *b) {
    const fl_learner *l = b->l;
#pragma omp for schedule(static) nowait
    for (size_t e = 0; e < b->used; e++)
        for (size_t m = first_fed(l); m < l->t.modules; m++)
            for (size_t i = 0; i < l->outputs; i++)
                b->current[e * l->neurons + m * l->padded + i] =
                    (float)l->t.lambda_back * b->u_t[i * b->size + e];
    team_meets(b->l);
}

void batch_teach(batch *b) {
    const fl_learner *l = b->l;
    size_t blocks = l->padded / FL_BLOCK, first = first_fed(l) * blocks;
#pragma omp for schedule(static) nowait
    for (size_t e = 0; e < b->used; e++)
        teach_example(b, e);
    team_meets(b->l);
    if (l->t.target == FL_TARGET_STATE) {
        teach_state(b);
        return;
    }
#pragma omp for schedule(static) nowait
    for (size_t k = first; k < l->t.modules * blocks; k++) {
        for (size_t e = 0; e < b->used; e++)
            memset(b->current + e * l->neurons + FL_BLOCK * k, 0, FL_BLOCK * sizeof *b->current);
        l->kernel->apply_real(matrix_block(weight(b->w, KIND_BACK, k / blocks), k % blocks),
                              l->outputs, b->u_t, b->size, b->current + FL_BLOCK * k, l->neurons);
    }
    team_meets(b->l);
}

/* What the readout learns from an example, before its rate. */
static void readout_signal(batch *b, size_t e) {
    const fl_training *t = &b->l->t;
    if (t->readout == FL_READOUT_DELTA) {
        output_errors(b, e, b->signal_t + e, b->size);
        return;
    }
    for (size_t c = 0; c < b->l->outputs; c++) {
        double a = label_amplitude(b, e, c, true);
        bool learns = a * (double)b->out[e * b->out_stride + c] <= t->margin_out;
        b->signal_t[c * b->size + e] = learns ? (float)a : 0;
    }
}

void batch_signal(batch *b) {
    if (b->l->t.target == FL_TARGET_STATE)
        return;
#pragma omp for schedule(static) nowait
    for (size_t e = 0; e < b->used; e++)
        readout_signal(b, e);
    team_meets(b->l);
}
