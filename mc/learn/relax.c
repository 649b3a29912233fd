/* The dynamics of a batch. Fields follow changes: a neuron that changes adds its columns to the
 * fields of its example; examples at rest cost nothing. Only the first time that a module has a
 * state at all its couplings are applied as a whole, to all examples together. */
#include <math.h>
#include <string.h>

#include "mc/learn/learner.h"
#include "mc/learn/update_order.h"

static const float *feedback_of(const batch *b, size_t e) {
    return b->feedback ? b->feedback + e * b->l->neurons : NULL;
}

/* delta of neuron i through fixed couplings to the module whose fields begin at `to`. */
static void push_link(const links *k, size_t i, float delta, float *to) {
    for (uint32_t t = k->first[i]; t < k->first[i + 1]; t++)
        to[k->target[t]] += k->strength * delta;
}

/* The same of all neurons. */
static void push_all(const links *k, const float *restrict delta, float *restrict to) {
    float strength = k->strength;
    if (!k->identity)
        for (size_t i = 0; i < k->neurons; i++)
            push_link(k, i, delta[i], to);
    else
        for (size_t i = 0; i < k->neurons; i++)
            to[i] += strength * delta[i];
}

/* delta of neuron i of module m, through the fixed couplings. */
static void push_links(const batch *b, size_t e, size_t m, size_t i, float delta) {
    const fl_learner *l = b->l;
    size_t at = e * l->neurons + m * l->padded;
    if (l->up && m + 1 < l->t.modules)
        push_link(&l->up[m], i, delta, b->field + at + l->padded);
    if (l->down && m > 0 && b->later)
        push_link(&l->down[m], i, delta, b->later + at - l->padded);
}

/* Bits of 16 neurons that may change in this sweep, each with probability p. */
static void draw_allowed(const batch *b, size_t e, uint16_t *allowed) {
    uint32_t threshold = (uint32_t)lrint(b->l->t.p * 65536);
    for (size_t k = 0; k < b->l->neurons / FL_BLOCK; k++) {
        allowed[k] = 0;
        for (int word = 0; word < 4; word++)
            for (uint64_t bits = fl_rng_bits(&b->rng[e]), r = 0; r < 4; r++, bits >>= 16)
                allowed[k] |= (uint16_t)(((bits & 0xFFFF) < threshold) << (4 * word + (int)r));
    }
}

/* All modules of an example look at their fields, then change together. */
static void decide_example(batch *b, size_t e) {
    const fl_learner *l = b->l;
    size_t modules = l->t.modules, blocks = l->padded / FL_BLOCK, wanting = 0;
    const float *feedback = feedback_of(b, e);
    size_t *changes = b->changes + e * modules;
    uint16_t *allowed = NULL;
    bool linked = l->up || l->down;
    if (l->t.update == FL_UPDATE_PARTIAL) {
        allowed = b->allowed + e * (l->neurons / FL_BLOCK);
        draw_allowed(b, e, allowed);
    }
    for (size_t m = 0; m < modules; m++) {
        size_t at = e * l->neurons + m * l->padded;
        if (!(b->awake >> m & 1) && !linked && !allowed) { /* sent whole: needs no list */
            changes[m] = l->kernel->wake(b->field + at, feedback ? feedback + m * l->padded : NULL,
                                         (float)l->t.jd, blocks, b->h + at);
            wanting += changes[m];
            b->flips[e] += changes[m];
            continue;
        }
        changes[m] = l->kernel->decide(b->field + at, feedback ? feedback + m * l->padded : NULL,
                                       (float)l->t.jd, allowed ? allowed + m * blocks : NULL,
                                       blocks, b->h + at, b->columns + at, b->coef + at, &wanting);
        b->flips[e] += changes[m];
    }
    b->rest[e] = wanting == 0;
    for (size_t m = 0; linked && m < modules; m++)
        for (size_t k = 0; k < changes[m]; k++) {
            size_t at = e * l->neurons + m * l->padded + k;
            push_links(b, e, m, b->columns[at], b->coef[at]);
        }
}

/* Modules that have a state for the first time. The same answer in every thread. */
static uint64_t waking_modules(const batch *b) {
    uint64_t now = 0;
    size_t modules = b->l->t.modules;
    for (size_t e = 0; e < b->used; e++)
        for (size_t m = 0; m < modules; m++)
            now |= (uint64_t)(b->changes[e * modules + m] != 0) << m;
    return now & ~b->awake;
}

/* h_t of the modules in `which`. */
static void transpose_states(batch *b, uint64_t which) {
    const fl_learner *l = b->l;
    size_t blocks = l->padded / FL_BLOCK;
#pragma omp for schedule(static) nowait
    for (size_t k = 0; k < l->neurons / FL_BLOCK; k++) {
        if (!(which >> (k / blocks) & 1))
            continue;
        for (size_t e = 0; e < b->used; e++)
            for (size_t r = 0; r < FL_BLOCK; r++)
                b->h_t[(FL_BLOCK * k + r) * b->size + e] = b->h[e * l->neurons + FL_BLOCK * k + r];
    }
    team_meets(b->l);
}

/* What module `source` sends through `w` to blocks first .. last - 1 of module `to`, added to the
 * fields in `fields`. */
static void send_block(batch *b, const matrix *w, size_t source, size_t to, size_t first,
                       size_t last, bool whole, float *fields) {
    const fl_learner *l = b->l;
    float *field = fields + to * l->padded + first * FL_BLOCK;
    if (whole)
        for (size_t k = first; k < last; k++)
            l->kernel->apply(matrix_block(w, k), w->cols, b->h_t + source * l->padded * b->size,
                             b->size, field + (k - first) * FL_BLOCK, l->neurons);
    for (size_t e = 0; !whole && e < b->used; e++) {
        size_t at = e * l->neurons + source * l->padded,
               count = b->changes[e * l->t.modules + source];
        if (count)
            l->kernel->columns(matrix_block(w, first), last - first, w->cols, b->columns + at,
                               b->coef + at, count, field + e * l->neurons);
    }
}

static void send_to_blocks(batch *b, size_t to, size_t first, size_t last, uint64_t whole) {
    const matrix *within = weight(b->w, KIND_J, to), *below = weight(b->w, KIND_FORWARD, to),
                 *above = weight(b->w, KIND_BACKWARD, to);
    if (within->w)
        send_block(b, within, to, to, first, last, whole >> to & 1, b->field);
    if (below->w)
        send_block(b, below, to - 1, to, first, last, whole >> (to - 1) & 1, b->field);
    if (above->w && b->later)
        send_block(b, above, to + 1, to, first, last, whole >> (to + 1) & 1, b->later);
}

enum { CHUNK = 4 }; /* blocks a task: as many as the kernel takes at once */

static void follow_changes(batch *b, uint64_t whole) {
    size_t blocks = b->l->padded / FL_BLOCK, chunks = (blocks + CHUNK - 1) / CHUNK;
#pragma omp for schedule(static) nowait
    for (size_t task = 0; task < b->l->t.modules * chunks; task++) {
        size_t first = task % chunks * CHUNK;
        size_t last = first + CHUNK < blocks ? first + CHUNK : blocks;
        send_to_blocks(b, task / chunks, first, last, whole);
    }
    team_meets(b->l);
}

/* What the whole state sends through the fixed couplings; `up`: to the next modules too. */
static void push_state(const batch *b, size_t e, bool up) {
    const fl_learner *l = b->l;
    for (size_t m = 0; m < l->t.modules; m++) {
        size_t at = e * l->neurons + m * l->padded;
        if (l->up && up && m + 1 < l->t.modules)
            push_all(&l->up[m], b->h + at, b->field + at + l->padded);
        if (l->down && b->later && m > 0)
            push_all(&l->down[m], b->h + at, b->later + at - l->padded);
    }
}

enum { FEW = 4 }; /* examples for which a product with all 16 of a line would be wasted */

/* All neurons as changes from 0. */
static void start_few(batch *b) {
    const fl_learner *l = b->l;
#pragma omp for schedule(static) nowait
    for (size_t e = 0; e < b->used; e++)
        for (size_t m = 0; m < l->t.modules; m++) {
            size_t at = e * l->neurons + m * l->padded, *count = b->changes + e * l->t.modules + m;
            *count = 0;
            for (size_t i = 0; i < l->t.hidden; i++) {
                b->columns[at + *count] = (uint32_t)i;
                b->coef[at + *count] = b->h[at + i];
                *count += b->h[at + i] != 0;
            }
        }
    team_meets(b->l);
    follow_changes(b, 0);
}

void batch_start(batch *b) {
    const fl_learner *l = b->l;
    uint64_t all = l->t.modules < 64 ? (UINT64_C(1) << l->t.modules) - 1 : ~UINT64_C(0);
#pragma omp master
    {
        b->awake = all;
        b->later = l->t.direction == FL_DIRECTION_BOTH ? b->field : NULL;
    }
    team_meets(b->l);
    if (b->used <= FEW) {
        start_few(b);
    } else {
        transpose_states(b, all);
        follow_changes(b, all);
    }
#pragma omp for schedule(static) nowait
    for (size_t e = 0; e < b->used; e++)
        push_state(b, e, true);
    team_meets(b->l);
}

/* Where what comes from later modules goes in this phase, and what is added to the fields. */
static void choose_feedback(batch *b, phase which) {
    const fl_training *t = &b->l->t;
    bool taught = which == PHASE_TAUGHT;
    bool right = taught || (which == PHASE_WITHDRAWN && t->withdrawn_keeps == FL_KEEPS_RIGHT);
    b->feedback = taught ? b->current : NULL;
    b->later = b->field;
    if (t->direction == FL_DIRECTION_FORWARD) {
        b->later = right ? b->push : NULL;
        b->feedback = b->later;
    }
}

/* push = the current, in the taught phase, and what the later modules send. */
static void gather_push(batch *b, bool taught) {
    const fl_learner *l = b->l;
    size_t blocks = l->padded / FL_BLOCK, row = l->neurons * sizeof *b->push;
    bool dense = l->t.chain == FL_CHAIN_BOTH;
    if (dense)
        batch_transpose(b);
#pragma omp for schedule(static) nowait
    for (size_t e = 0; e < b->used; e++) {
        if (taught)
            memcpy(b->push + e * l->neurons, b->current + e * l->neurons, row);
        else
            memset(b->push + e * l->neurons, 0, row);
        push_state(b, e, false);
    }
    team_meets(b->l);
    if (!dense)
        return;
#pragma omp for schedule(static) nowait
    for (size_t k = 0; k < (l->t.modules - 1) * blocks; k++) {
        size_t to = k / blocks, block = k % blocks;
        send_block(b, weight(b->w, KIND_BACKWARD, to), to + 1, to, block, block + 1, true, b->push);
    }
    team_meets(b->l);
}

static void sweep_together(batch *b) {
#pragma omp for schedule(static) nowait
    for (size_t e = 0; e < b->used; e++) {
        if (b->rest[e])
            memset(b->changes + e * b->l->t.modules, 0, b->l->t.modules * sizeof *b->changes);
        else
            decide_example(b, e);
    }
    team_meets(b->l);
    uint64_t whole = waking_modules(b);
    if (whole)
        transpose_states(b, whole);
    follow_changes(b, whole);
#pragma omp master
    b->awake |= whole;
    team_meets(b->l);
}

/* Neuron i (of all) becomes `new`, and the fields of its example follow. */
static void flip_neuron(batch *b, size_t e, size_t i, float new) {
    const fl_learner *l = b->l;
    size_t m = i / l->padded, blocks = l->padded / FL_BLOCK;
    float *h = b->h + e * l->neurons + i, *field = b->field + e * l->neurons;
    float delta = new - *h;
    uint32_t column = (uint32_t)(i % l->padded);
    *h = new;
    const matrix *ways[3] = {weight(b->w, KIND_J, m),
                             m + 1 < l->t.modules ? weight(b->w, KIND_FORWARD, m + 1) : NULL,
                             m > 0 && b->later ? weight(b->w, KIND_BACKWARD, m - 1) : NULL};
    float *const to[3] = {field + m * l->padded, field + (m + 1) * l->padded,
                          ways[2] ? b->later + e * l->neurons + (m - 1) * l->padded : NULL};
    for (int way = 0; way < 3; way++)
        if (ways[way] && ways[way]->w)
            l->kernel->columns(ways[way]->w, blocks, ways[way]->cols, &column, &delta, 1, to[way]);
    push_links(b, e, m, column, delta);
}

/* Does any neuron of the example disagree with its field? */
static bool wants_change(const batch *b, const float *restrict h, const float *restrict field,
                         const float *restrict feedback) {
    float jd = (float)b->l->t.jd;
    unsigned wanting = 0;
    for (size_t i = 0; i < b->l->neurons; i++) {
        float v = field[i] + jd * h[i] + feedback[i];
        wanting += (v > 0) & !(h[i] > 0);
        wanting += (v < 0) & !(h[i] < 0);
    }
    return wanting != 0;
}

/* Every neuron in turn. */
static void visit_all(batch *b, size_t e, const uint32_t *order, const float *feedback) {
    const fl_learner *l = b->l;
    const float *h = b->h + e * l->neurons, *field = b->field + e * l->neurons;
    float jd = (float)l->t.jd;
    size_t neurons = l->t.hidden * l->t.modules;
    uint64_t flips = 0;
    for (size_t k = 0; k < neurons; k++) {
        size_t i = order[k];
        float v = field[i] + jd * h[i] + feedback[i];
        if (v * h[i] > 0 || v == 0) /* stays; the first holds for nearly all */
            continue;
        flip_neuron(b, e, i, v > 0 ? 1 : -1);
        flips++;
    }
    b->flips[e] += flips;
}

static void sweep_one_by_one(batch *b) {
    const fl_learner *l = b->l;
#pragma omp for schedule(static) nowait
    for (size_t e = 0; e < b->used; e++) {
        size_t at = e * l->neurons;
        uint32_t *order = b->order + at;
        const float *feedback = b->feedback ? b->feedback + at : b->nothing;
        b->rest[e] = b->rest[e] || !wants_change(b, b->h + at, b->field + at, feedback);
        if (b->rest[e])
            continue;
        update_order(&b->rng[e], l->t.hidden, l->t.modules, l->padded, order);
        visit_all(b, e, order, feedback);
    }
    team_meets(b->l);
}

static bool batch_at_rest(const batch *b) {
    for (size_t e = 0; e < b->used; e++)
        if (!b->rest[e])
            return false;
    return true;
}

void batch_sweeps(batch *b, size_t sweeps, phase which) {
#pragma omp for schedule(static) nowait
    for (size_t e = 0; e < b->used; e++) {
        b->rest[e] = false;
        fl_rng_sub(&b->rng[e], which);
    }
    team_meets(b->l);
#pragma omp master
    choose_feedback(b, which);
    team_meets(b->l);
    if (b->feedback == b->push)
        gather_push(b, which == PHASE_TAUGHT);
    for (size_t s = 0; s < sweeps; s++) {
        if (b->l->t.update == FL_UPDATE_ASYNC)
            sweep_one_by_one(b);
        else
            sweep_together(b);
        bool done = batch_at_rest(b);
        team_meets(b->l);
        if (done)
            return;
    }
}

void batch_transpose(batch *b) {
    transpose_states(b, ~UINT64_C(0));
}

/* The state of the last module is the output. */
static void read_state(batch *b) {
    const fl_learner *l = b->l;
#pragma omp for schedule(static) nowait
    for (size_t e = 0; e < b->used; e++)
        memcpy(b->out + e * b->out_stride, b->h + e * l->neurons + (l->t.modules - 1) * l->padded,
               l->outputs * sizeof *b->out);
    team_meets(b->l);
}

/* See batch_step. */
static void step_example(batch *b, size_t e) {
    const fl_learner *l = b->l;
    size_t at = e * l->neurons, last = (l->t.modules - 1) * l->padded;
    const float *h = b->h + at, *field = b->field + at, *feedback = b->feedback + at;
    float jd = (float)l->t.jd, *next = b->before + at;
    for (size_t i = 0; i < l->neurons; i++) {
        float v = field[i] + jd * h[i] + feedback[i];
        next[i] = v > 0 ? 1 : v < 0 ? -1 : h[i];
        b->flips[e] += next[i] != h[i];
    }
    for (size_t c = 0; c < l->outputs; c++)
        b->out[e * b->out_stride + c] = field[last + c] + jd * h[last + c];
    b->agree_withdrawn[e] = l->t.hidden * l->t.modules;
}

void batch_step(batch *b) {
#pragma omp for schedule(static) nowait
    for (size_t e = 0; e < b->used; e++)
        step_example(b, e);
    team_meets(b->l);
#pragma omp master
    b->after = b->before;
    team_meets(b->l);
}

void batch_read(batch *b) {
    const fl_learner *l = b->l;
    size_t blocks = b->out_stride / FL_BLOCK;
    batch_transpose(b);
    if (l->t.target == FL_TARGET_STATE) {
        read_state(b);
        return;
    }
#pragma omp for schedule(static) nowait
    for (size_t k = 0; k < blocks; k++) {
        for (size_t e = 0; e < b->used; e++)
            memset(b->out + e * b->out_stride + FL_BLOCK * k, 0, FL_BLOCK * sizeof *b->out);
        for (size_t m = first_read(l); m < l->t.modules; m++) {
            const matrix *w = weight(b->w, KIND_OUT, m);
            l->kernel->apply(matrix_block(w, k), w->cols, b->h_t + m * l->padded * b->size, b->size,
                             b->out + FL_BLOCK * k, b->out_stride);
        }
    }
    team_meets(b->l);
}
