/* The local rules: each changes the rows of weights that lead to a neuron by what that neuron and
 * its inputs are. Only examples in which some neuron of a block of 16 learns are touched. */
#include <math.h>
#include <string.h>

#include "mc/learn/learner.h"

/* What a batch adds per unit of signal. */
static double batch_rate(const fl_learner *l, kind k, size_t used) {
    const fl_training *t = &l->t;
    double hidden = sqrt((double)t->hidden), inputs = sqrt((double)l->features);
    const double rates[KINDS] = {t->rate_J / hidden,     t->rate_in * t->lambda_in / inputs,
                                 t->rate_chain / hidden, t->rate_chain / hidden,
                                 t->rate_out / hidden,   t->rate_back};
    return rates[k] / sqrt((double)used);
}

typedef struct active {
    size_t count; /* examples in which one of the 16 learns */
    uint32_t *which;
    float *lines; /* count x 16: what each learns, with its sign */
    float *scaled;
} active;

/* The margin, and + strength a partner in use: what stable neighbours give to h_i f_i (in paired chains, where not
 * every neuron is driven by as many from the right, those of the mean). */
static float hidden_threshold(const fl_learner *l, size_t m) {
    const fl_training *t = &l->t;
    if (t->margin_of == FL_MARGIN_OF_FIELD)
        return (float)t->margin;
    double each = chain_is_sparse(t) ? sqrt((double)t->degree) : 1;
    double left = m > 0 ? fl_training_left(t) : 0;
    bool hears = m + 1 < t->modules && t->direction == FL_DIRECTION_BOTH;
    return (float)(t->margin + each * (left + (hears ? fl_training_right(t) : 0)));
}

/* How much each of 16 neurons learns from example e: its state after times its weight. Returns how many do. */
static int weigh_neurons(const batch *b, size_t e, size_t at, float margin, float *line) {
    const fl_training *t = &b->l->t;
    const float *restrict h = b->h + e * b->l->neurons + at;
    const float *restrict after = b->after + e * b->l->neurons + at;
    const float *restrict field = b->field + e * b->l->neurons + at;
    const float *restrict current = b->current + e * b->l->neurons + at;
    float self = t->rule_on == FL_RULE_ON_STEP ? (float)t->jd : 0;
    float share = b->share[e], grade = t->grade > 0 ? (float)(1 / t->grade) : 0;
    float aligned[FL_BLOCK];
    int learn = 0;
    for (int r = 0; r < FL_BLOCK; r++)
        aligned[r] = after[r] * (field[r] + self * h[r]);
    for (int r = 0; r < FL_BLOCK; r++)
        line[r] = aligned[r] <= margin ? share * after[r] : 0;
    if (t->softness > 0)
        for (int r = 0; r < FL_BLOCK; r++)
            line[r] = share * after[r] / (1 + expf((float)t->softness * (aligned[r] - margin)));
    if (t->agreement)
        for (int r = 0; r < FL_BLOCK; r++)
            line[r] = after[r] * current[r] > 0 ? line[r] : 0;
    if (grade > 0)
        for (int r = 0; r < FL_BLOCK; r++) {
            float g = fabsf(current[r]) * grade;
            line[r] *= g < 1 ? g : 1;
        }
    for (int r = 0; r < FL_BLOCK; r++)
        learn += line[r] != 0;
    return learn;
}

/* Block `block` of the matrix of this kind into module m learns from x_t. */
static void change_block(fl_learner *l, const batch *b, kind k, size_t m, size_t block, double rate,
                         const float *x_t, const active *a) {
    matrix *w = weight(&l->now, k, m);
    float factor = (float)(rate * batch_rate(l, k, b->used) / l->pending[k]);
    for (size_t e = 0; e < a->count * FL_BLOCK; e++)
        a->scaled[e] = factor * a->lines[e];
    bool exact = k != KIND_BACK && (k != KIND_IN || b->spins);
    (exact ? l->kernel->update : l->kernel->update_real)(matrix_block(w, block), w->cols, x_t,
                                                         b->size, a->which, a->scaled, a->count);
}

/* Neurons do not learn their self-couplings. */
static void clear_diagonal(matrix *w, size_t block) {
    for (size_t i = FL_BLOCK * block; i < FL_BLOCK * (block + 1) && i < w->rows; i++)
        *matrix_entry(w, i, i) = 0;
}

static active block_learners(const batch *b, size_t block) {
    size_t lines = b->size * FL_BLOCK;
    return (active){.which = b->which + block * b->size,
                    .lines = b->lines + 2 * block * lines,
                    .scaled = b->lines + (2 * block + 1) * lines};
}

/* Who learns in block k (of all modules). */
static active choose_learners(batch *b, size_t k) {
    active a = block_learners(b, k);
    float margin = hidden_threshold(b->l, FL_BLOCK * k / b->l->padded);
    b->updates[k] = 0;
    for (size_t e = 0; e < b->used; e++) {
        if (!(b->share[e] > 0))
            continue;
        int learn = weigh_neurons(b, e, FL_BLOCK * k, margin, a.lines + FL_BLOCK * a.count);
        if (learn)
            a.which[a.count++] = (uint32_t)e;
        b->updates[k] += (uint64_t)learn;
    }
    return a;
}

void learn_hidden(fl_learner *l, batch *b, double rate) {
    size_t blocks = l->padded / FL_BLOCK, module = l->padded * b->size;
    static const kind kinds[] = {KIND_J, KIND_IN, KIND_FORWARD, KIND_BACKWARD};
#pragma omp for schedule(static) nowait
    for (size_t k = 0; k < l->t.modules * blocks; k++) {
        size_t m = k / blocks;
        active a = choose_learners(b, k);
        for (size_t q = 0; q < sizeof kinds / sizeof *kinds; q++) {
            size_t source = kinds[q] == KIND_FORWARD    ? m - 1
                            : kinds[q] == KIND_BACKWARD ? m + 1
                                                        : m;
            if (!weight(&l->now, kinds[q], m)->w || !kind_learns(&l->t, kinds[q]))
                continue;
            change_block(l, b, kinds[q], m, k % blocks, rate,
                         kinds[q] == KIND_IN ? b->x_t : b->h_t + source * module, &a);
            if (kinds[q] == KIND_J)
                clear_diagonal(weight(&l->now, KIND_J, m), k % blocks);
        }
    }
    team_meets(l);
}

/* The examples of which 16 rows of values_t (value, example) are not all zero, as lines. */
static active gather_learners(const batch *b, const float *values_t, size_t rows, size_t block) {
    active a = block_learners(b, block);
    for (size_t e = 0; e < b->used; e++) {
        float *line = a.lines + FL_BLOCK * a.count;
        bool any = false;
        for (size_t r = 0; r < FL_BLOCK; r++) {
            size_t c = FL_BLOCK * block + r;
            line[r] = c < rows ? values_t[c * b->size + e] : 0;
            any |= line[r] != 0;
        }
        if (any)
            a.which[a.count++] = (uint32_t)e;
    }
    return a;
}

void learn_readout(fl_learner *l, batch *b, double rate) {
    size_t out_blocks = b->out_stride / FL_BLOCK, blocks = l->padded / FL_BLOCK;
    size_t module = l->padded * b->size;
    if (l->t.target == FL_TARGET_STATE)
        return;
#pragma omp for schedule(static) nowait
    for (size_t k = 0; k < out_blocks; k++) {
        active a = gather_learners(b, b->signal_t, l->outputs, k);
        for (size_t m = first_read(l); m < l->t.modules && kind_learns(&l->t, KIND_OUT); m++)
            change_block(l, b, KIND_OUT, m, k, rate, b->h_t + m * module, &a);
    }
    team_meets(l);
    if (!kind_learns(&l->t, KIND_BACK))
        return;
#pragma omp for schedule(static) nowait
    for (size_t k = first_fed(l) * blocks; k < l->t.modules * blocks; k++) {
        active a = gather_learners(b, b->h_t, l->neurons, k);
        change_block(l, b, KIND_BACK, k / blocks, k % blocks, rate, b->signal_t, &a);
    }
    team_meets(l);
}

/* Decay is cheap only if it need not touch every weight at every step. Weights stand for themselves
 * times `pending`: what is added is divided by it, and the factor is applied when it has become
 * visible; so all that is approximate is that the dynamics see weights too large by 1e-5 at most.
 */
void learn_decay(fl_learner *l, double rate, size_t used) {
    const double decays[KINDS] = {l->t.decay_J, l->t.decay_in,  l->t.decay_J,
                                  l->t.decay_J, l->t.decay_out, l->t.decay_out};
#pragma omp master
    for (int k = 0; k < KINDS; k++)
        l->pending[k] *= 1 - decays[k] * rate * batch_rate(l, (kind)k, used);
    team_meets(l);
}

static void apply_pending(fl_learner *l, kind k) {
    for (size_t m = 0; m < l->t.modules; m++) {
        matrix *w = weight(&l->now, k, m);
#pragma omp for schedule(static) nowait
        for (size_t block = 0; block < w->blocks; block++)
            matrix_scale_block(w, block, (float)l->pending[k]);
        team_meets(l);
    }
#pragma omp master
    l->pending[k] = 1;
    team_meets(l);
}

void learn_settle(fl_learner *l, bool last) {
    const double visible = 1e-5;
    for (int k = 0; k < KINDS; k++)
        if (last ? l->pending[k] != 1 : fabs(l->pending[k] - 1) > visible)
            apply_pending(l, (kind)k);
}

void learn_average(fl_learner *l) {
#pragma omp master
    l->averaged++;
    team_meets(l);
    for (int k = 0; k < KINDS; k++)
        for (size_t m = 0; m < l->t.modules; m++) {
            matrix *mean = weight(&l->mean, (kind)k, m);
            const matrix *now = weight(&l->now, (kind)k, m);
            if (!mean->w)
                continue;
#pragma omp for schedule(static) nowait
            for (size_t block = 0; block < now->blocks; block++)
                matrix_mean_block(mean, now, block, (float)l->averaged);
            team_meets(l);
        }
}
