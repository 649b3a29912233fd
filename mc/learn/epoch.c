/* Training epochs and evaluation: the order of a step. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "fixland/spins.h"
#include "mc/learn/learner.h"

enum {
    AVERAGE = 64,         /* steps between two entries of the average */
    EVALUATION_BATCH = 64 /* examples */
};

/* Integers, so that sums do not depend on their order. */
typedef struct tally {
    uint64_t examples, correct, fixed, flips, updates, agree_taught, agree_withdrawn;
} tally;

static void tally_batch(tally *t, const batch *b, bool training) {
    size_t blocks = b->l->neurons / FL_BLOCK;
    t->examples += b->used;
    for (size_t e = 0; e < b->used; e++) {
        t->correct += b->correct[e];
        t->fixed += b->fixed[e];
        t->flips += b->flips[e];
        t->agree_taught += training ? b->agree_taught[e] : 0;
        t->agree_withdrawn += training ? b->agree_withdrawn[e] : 0;
    }
    for (size_t k = 0; training && k < blocks; k++)
        t->updates += b->updates[k];
}

static void tally_conclude(const tally *t, const fl_learner *l, bool training, fl_epoch *seen) {
    double examples = (double)t->examples, pairs = examples * (double)(l->t.hidden * l->t.modules);
    *seen = (fl_epoch){.accuracy = (double)t->correct / examples,
                       .fixed_fraction = (double)t->fixed / examples,
                       .flips_per_neuron = (double)t->flips / pairs,
                       .hidden_updates = (double)t->updates / pairs,
                       .taught_overlap = training ? 2 * (double)t->agree_taught / pairs - 1 : NAN,
                       .withdrawn_overlap =
                           training ? 2 * (double)t->agree_withdrawn / pairs - 1 : NAN};
}

/* Judges and learns the readout of a state that has been read. */
static void judge_and_learn_readout(fl_learner *l, batch *b, double rate) {
    batch_judge(b);
    batch_signal(b);
    learn_readout(l, b, rate);
}

/* One batch, by all threads of the team. */
static void train_batch(fl_learner *l, batch *b, double rate) {
    const fl_training *t = &l->t;
    learn_decay(l, rate, b->used);
    batch_sweeps(b, t->free_sweeps, PHASE_FREE);
    if (t->readout_free || t->teacher != FL_TEACHER_LABEL)
        batch_read(b);
    batch_teach(b);
    if (t->readout_free)
        judge_and_learn_readout(l, b, rate);
    batch_remember(b);
    batch_sweeps(b, t->taught_sweeps, PHASE_TAUGHT);
    batch_compare(b, b->agree_taught);
    batch_remember(b);
    if (t->withdrawn_sweeps)
        batch_sweeps(b, t->withdrawn_sweeps, PHASE_WITHDRAWN);
    batch_compare(b, b->agree_withdrawn);
    batch_stability(b);
    if (t->readout_free) {
        batch_transpose(b);
    } else {
        batch_read(b);
        judge_and_learn_readout(l, b, rate);
    }
    learn_hidden(l, b, rate);
    learn_settle(l, false);
}

/* The same where the rule is on steps. */
static void train_batch_step(fl_learner *l, batch *b, double rate) {
    learn_decay(l, rate, b->used);
    batch_sweeps(b, l->t.free_sweeps, PHASE_FREE);
    batch_teach(b);
    batch_sweeps(b, l->t.taught_sweeps - 1, PHASE_TAUGHT);
    batch_step(b);
    batch_compare(b, b->agree_taught);
    batch_judge(b);
    batch_stability(b);
    batch_transpose(b);
    learn_hidden(l, b, rate);
    learn_settle(l, false);
}

typedef struct pass {
    fl_learner *l;
    batch *b;
    const fl_dataset *data;
    const uint32_t *order;
    size_t epoch, steps;
    const fl_effort *effort;
    bool stopped;
    tally tally;
} pass;

static double rate_schedule(const pass *p, size_t s) {
    const fl_training *t = &p->l->t;
    double done = ((double)p->epoch + (double)s / (double)p->steps) / (double)t->epochs;
    return t->rate_decay ? fmax(0, 1 - done) : 1;
}

/* Examples are visited at random, beyond what a processor foresees: asks for those of the next
 * step. */
static void prefetch_examples(const pass *p, size_t first) {
    size_t features = p->data->features, last = first + p->l->t.batch;
    last = last < p->data->count ? last : p->data->count;
#pragma omp for schedule(static) nowait
    for (size_t k = first; k < last; k++)
        for (size_t j = 0; j < features; j += 16)
            __builtin_prefetch(p->data->x + p->order[k] * features + j);
}

/* By all threads of the team. */
static void train_epoch(pass *p) {
    const fl_training *t = &p->l->t;
    bool averages = p->epoch + t->average >= t->epochs && t->average;
    for (size_t s = 0; s < p->steps; s++) {
        size_t first = s * t->batch, left = p->data->count - first;
        batch_load(p->b, p->data, p->order + first, left < t->batch ? left : t->batch, p->epoch,
                   true);
        prefetch_examples(p, first + t->batch);
        (t->rule_on == FL_RULE_ON_STEP ? train_batch_step : train_batch)(p->l, p->b,
                                                                         rate_schedule(p, s));
        if (s + 1 == p->steps || (averages && (s + 1) % AVERAGE == 0)) {
            learn_settle(p->l, true);
            if (averages)
                learn_average(p->l);
        }
#pragma omp master
        {
            tally_batch(&p->tally, p->b, true);
            p->stopped = fl_effort_stopped(p->effort);
        }
        team_meets(p->l);
        if (p->stopped)
            return;
    }
}

static fl_status check_examples(const fl_learner *l, const fl_dataset *data,
                                const fl_effort *effort) {
    if (data->features != l->features || data->outputs != l->outputs)
        return fl_fail(FL_EINVAL,
                       "data of %zu features and %zu outputs for a learner of %zu and %zu",
                       data->features, data->outputs, l->features, l->outputs);
    if (data->count < 1 || data->count > UINT32_MAX || effort->threads < 1)
        return fl_fail(FL_EINVAL, "%zu examples with %d threads; allowed: at least 1 of each",
                       data->count, effort->threads);
    return FL_OK;
}

/* Without a branch, so that the compiler takes many at once: x is 0, 1 or -1 iff its square is its
 * own square. */
static bool all_spins(const fl_dataset *data) {
    unsigned others = 0;
    for (size_t k = 0; k < data->count * data->features; k++) {
        float square = data->x[k] * data->x[k];
        others |= !(square * square == square);
    }
    return !others;
}

/* A team meets some ten times a step, which costs more than it saves where a step is short, and far
 * more where other work keeps one of its threads waiting. Each gets a millisecond's work or so. */
static int team_size(const fl_learner *l, size_t examples, int threads) {
    double work = (double)l->neurons * (double)(l->padded + l->features) * (double)examples;
    double most = 1 + floor(work / l->least_work);
    return threads < most ? threads : (int)most;
}

static fl_status pass_stopped(void) {
    return fl_fail(FL_STOPPED, "stopped within an epoch");
}

/* Small networks are through an epoch sooner than memory is found and zeroed. */
static fl_status keep_batch(fl_learner *l) {
    if (l->scratch)
        return FL_OK;
    l->scratch = malloc(sizeof *l->scratch);
    if (!l->scratch)
        return fl_fail(FL_ENOMEM, "out of memory for a batch of %zu examples", l->t.batch);
    fl_status status = batch_new(l->scratch, l, l->t.batch);
    if (status != FL_OK) {
        free(l->scratch);
        l->scratch = NULL;
    }
    return status;
}

fl_status fl_learner_epoch(fl_learner *learner, const fl_dataset *data, size_t k,
                           const fl_effort *effort, fl_epoch *seen) {
    FL_CHECK(check_examples(learner, data, effort));
    uint32_t *order = malloc(data->count * sizeof *order);
    if (!order)
        return fl_fail(FL_ENOMEM, "out of memory for the order of %zu examples", data->count);
    fl_status status = keep_batch(learner);
    if (status == FL_OK) {
        batch *b = learner->scratch;
        fl_rng rng = fl_rng_stream(learner->seed, FL_PURPOSE_LEARNING, UINT64_MAX, k);
        pass p = {.l = learner, .b = b, .data = data, .order = order, .epoch = k, .effort = effort};
        b->spins = all_spins(data);
        p.steps = (data->count + learner->t.batch - 1) / learner->t.batch;
        fl_rng_permutation(&rng, data->count, order);
        int team = team_size(learner, b->size, effort->threads);
        learner->alone = team == 1;
#pragma omp parallel num_threads(team)
        train_epoch(&p);
        tally_conclude(&p.tally, learner, true, seen);
        status = p.stopped ? pass_stopped() : FL_OK;
    }
    free(order);
    return status;
}

/* What the caller wants of a batch. */
typedef struct wishes {
    uint64_t *states;
    float *output;
} wishes;

static void keep_states(const batch *b, uint64_t *states, size_t first) {
    const fl_learner *l = b->l;
    size_t words = fl_spins_words(l->t.hidden * l->t.modules);
#pragma omp for schedule(static) nowait
    for (size_t e = 0; e < b->used; e++) {
        uint64_t *spins = states + (first + e) * words;
        memset(spins, 0, words * sizeof *spins);
        for (size_t m = 0; m < l->t.modules; m++)
            for (size_t i = 0; i < l->t.hidden; i++)
                if (b->h[e * l->neurons + m * l->padded + i] > 0)
                    fl_spins_flip(spins, m * l->t.hidden + i);
    }
    team_meets(b->l);
}

static void infer_all(pass *p, const wishes *w) {
    batch *b = p->b;
    size_t outputs = b->l->outputs;
    for (size_t first = 0; first < p->data->count; first += EVALUATION_BATCH) {
        size_t left = p->data->count - first;
        batch_load(b, p->data, p->order + first, left < EVALUATION_BATCH ? left : EVALUATION_BATCH,
                   0, false);
        batch_sweeps(b, b->l->t.inference_sweeps, PHASE_FREE);
        batch_read(b);
        batch_judge(b);
        batch_stability(b);
        if (w->states)
            keep_states(b, w->states, first);
#pragma omp master
        {
            for (size_t e = 0; w->output && e < b->used; e++)
                memcpy(w->output + (first + e) * outputs, b->out + e * b->out_stride,
                       outputs * sizeof *w->output);
            tally_batch(&p->tally, b, false);
            p->stopped = fl_effort_stopped(p->effort);
        }
        team_meets(b->l);
        if (p->stopped)
            return;
    }
}

/* The weights to evaluate with: the averages where there are any. */
static void evaluation_view(const fl_learner *l, fl_learner *view) {
    *view = *l;
    for (int k = 0; k < KINDS && l->averaged; k++)
        if (kind_learns(&l->t, (kind)k))
            view->now.of[k] = l->mean.of[k];
}

fl_status fl_learner_evaluate(const fl_learner *learner, const fl_dataset *data,
                              const fl_effort *effort, fl_epoch *seen, uint64_t *states,
                              float *output) {
    FL_CHECK(check_examples(learner, data, effort));
    fl_learner view;
    batch b;
    evaluation_view(learner, &view);
    uint32_t *order = malloc(data->count * sizeof *order);
    if (!order)
        return fl_fail(FL_ENOMEM, "out of memory for the order of %zu examples", data->count);
    fl_status status = batch_new(&b, &view, EVALUATION_BATCH);
    if (status == FL_OK) {
        wishes w = {states, output};
        b.spins = all_spins(data);
        pass p = {.l = &view, .b = &b, .data = data, .order = order, .effort = effort};
        for (size_t e = 0; e < data->count; e++)
            order[e] = (uint32_t)e;
        int team = team_size(learner, b.size, effort->threads);
        view.alone = team == 1;
#pragma omp parallel num_threads(team)
        infer_all(&p, &w);
        tally_conclude(&p.tally, learner, false, seen);
        batch_free(&b);
        status = p.stopped ? pass_stopped() : FL_OK;
    }
    free(order);
    return status;
}
