/* See textbook.h. */
#include "tests/support/textbook.h"

#include <math.h>

#include "mc/learn/update_order.h"
#include "tests/support/support.h"

static double *copy(const fl_learner *learner, size_t k, size_t count) {
    float *values = calloc(count, sizeof *values);
    double *doubles = calloc(count, sizeof *doubles);
    assert_true(values && doubles);
    fl_learner_get(learner, k, values);
    for (size_t e = 0; e < count; e++)
        doubles[e] = (double)values[e];
    free(values);
    return doubles;
}

textbook textbook_from(const fl_learner *learner, size_t features, size_t outputs, uint64_t seed) {
    textbook b = {.t = *fl_learner_training(learner),
                  .features = features,
                  .outputs = outputs,
                  .seed = seed,
                  .arrays = fl_learner_arrays(learner)};
    b.names = calloc(b.arrays, sizeof *b.names);
    b.rows = calloc(b.arrays, sizeof *b.rows);
    b.columns = calloc(b.arrays, sizeof *b.columns);
    b.values = calloc(b.arrays, sizeof *b.values);
    assert_true(b.names && b.rows && b.columns && b.values);
    for (size_t k = 0; k < b.arrays; k++) {
        assert_ok(fl_learner_array(learner, k, b.names[k], &b.rows[k], &b.columns[k]));
        b.values[k] = copy(learner, k, b.rows[k] * b.columns[k]);
    }
    return b;
}

void textbook_free(textbook *b) {
    for (size_t k = 0; k < b->arrays; k++)
        free(b->values[k]);
    free(b->names);
    free(b->rows);
    free(b->columns);
    free(b->values);
    *b = (textbook){0};
}

double textbook_distance(const textbook *b, const fl_learner *learner) {
    double worst = 0;
    for (size_t k = 0; k < b->arrays; k++) {
        size_t count = b->rows[k] * b->columns[k];
        double *now = copy(learner, k, count), largest = 0, apart = 0;
        for (size_t e = 0; e < count; e++) {
            largest = fmax(largest, fabs(b->values[k][e]));
            apart = fmax(apart, fabs(b->values[k][e] - now[e]));
        }
        worst = fmax(worst, largest > 0 ? apart / largest : apart);
        free(now);
    }
    return worst;
}

/* The matrix of that name, NULL if there is none. */
static double *named(const textbook *b, const char *name, size_t module) {
    char full[32];
    snprintf(full, sizeof full, "%s%zu", name, module);
    for (size_t k = 0; k < b->arrays; k++)
        if (strcmp(b->names[k], full) == 0)
            return b->values[k];
    return NULL;
}

static double row_times(const double *w, size_t i, size_t columns, const double *x) {
    double sum = 0;
    for (size_t j = 0; w && j < columns; j++)
        sum += w[i * columns + j] * x[j];
    return sum;
}

/* One example at work; x, h, feedback: features, modules x hidden. */
typedef struct example {
    const textbook *b;
    double *x, *h, *feedback;
    double *after; /* what the rule makes stable: h, or what the last taught sweep makes of it */
    double *out, *u, *signal;
    double share;
    int label;
    const int8_t *z;
    fl_rng rng;
    size_t flips;
} example;

/* Strength of the fixed couplings from the left or from the right. */
static double strength(const fl_training *t, bool left) {
    double own = left ? t->lambda_left : t->lambda_right;
    bool dense = t->chain == FL_CHAIN_FORWARD || t->chain == FL_CHAIN_BOTH;
    return isnan(own) ? dense ? 0 : t->lambda : own;
}

static double links(const textbook *b, const double *h, bool left, size_t from, size_t i) {
    const fl_training *t = &b->t;
    const char *name = left ? "up" : "down";
    bool paired = t->chain == FL_CHAIN_PAIRED;
    size_t degree = t->chain == FL_CHAIN_SPARSE || paired ? t->degree : 1;
    const double *sources = named(b, name, from);
    double sum = 0;
    if (paired && !left) /* all of which i is a source on the way up */
        for (size_t e = 0; sources && e < t->hidden * degree; e++)
            sum += (size_t)sources[e] == i ? h[from * t->hidden + e / degree] : 0;
    else
        for (size_t d = 0; sources && d < degree; d++)
            sum += h[from * t->hidden + (size_t)sources[i * degree + d]];
    return sum * strength(t, left) / sqrt((double)degree);
}

double textbook_field(const textbook *b, const double *x, const double *h, size_t m, size_t i,
                      bool later) {
    size_t H = b->t.hidden;
    double sum = row_times(named(b, "J", m), i, H, h + m * H) +
                 row_times(named(b, "W_in", m), i, b->features, x);
    if (b->t.input == FL_INPUT_DIRECT && (m == 0 || b->t.input_all))
        sum += b->t.lambda_in * x[i];
    if (m > 0)
        sum += row_times(named(b, "F", m), i, H, h + (m - 1) * H) + links(b, h, true, m - 1, i);
    if (later && m + 1 < b->t.modules)
        sum += row_times(named(b, "G", m), i, H, h + (m + 1) * H) + links(b, h, false, m + 1, i);
    return sum;
}

/* As the rule and inference see it. */
static double field(const example *e, size_t m, size_t i) {
    return textbook_field(e->b, e->x, e->h, m, i, e->b->t.direction == FL_DIRECTION_BOTH);
}

/* What neuron k becomes in a phase: 1 free, 2 taught, 3 withdrawn. */
static double becomes(const example *e, size_t k, uint64_t phase) {
    const fl_training *t = &e->b->t;
    bool later = t->direction == FL_DIRECTION_BOTH || phase == 2 ||
                 (phase == 3 && t->withdrawn_keeps == FL_KEEPS_RIGHT);
    double v = textbook_field(e->b, e->x, e->h, k / t->hidden, k % t->hidden, later) +
               t->jd * e->h[k] + (phase == 2 ? e->feedback[k] : 0);
    return v > 0 ? 1 : v < 0 ? -1 : e->h[k];
}

/* One after the other, in a random order; returns how many changed. */
static size_t sweep_in_turn(example *e, uint64_t phase) {
    size_t n = e->b->t.hidden * e->b->t.modules, changed = 0, wanting = 0;
    for (size_t k = 0; k < n; k++)
        wanting += becomes(e, k, phase) != e->h[k];
    if (!wanting)
        return 0;
    uint32_t *order = calloc(n, sizeof *order);
    assert_non_null(order);
    update_order(&e->rng, e->b->t.hidden, e->b->t.modules, e->b->t.hidden, order);
    for (size_t k = 0; k < n; k++) {
        size_t i = order[k];
        double next = becomes(e, i, phase);
        changed += next != e->h[i];
        e->h[i] = next;
    }
    free(order);
    return changed;
}

static size_t sweep_at_once(example *e, uint64_t phase) {
    size_t n = e->b->t.hidden * e->b->t.modules, changed = 0;
    double *next = calloc(n, sizeof *next);
    assert_non_null(next);
    for (size_t k = 0; k < n; k++) {
        next[k] = becomes(e, k, phase);
        changed += next[k] != e->h[k];
    }
    memcpy(e->h, next, n * sizeof *next);
    free(next);
    return changed;
}

static void sweeps(example *e, size_t most, uint64_t phase) {
    size_t changed = 1;
    fl_rng_sub(&e->rng, phase);
    for (size_t s = 0; s < most && changed; s++) {
        changed =
            e->b->t.update == FL_UPDATE_ASYNC ? sweep_in_turn(e, phase) : sweep_at_once(e, phase);
        e->flips += changed;
    }
}

/* The state before the first phase. */
static void set_start(example *e) {
    const fl_training *t = &e->b->t;
    fl_rng_sub(&e->rng, 4);
    for (size_t k = 0; k < t->hidden * t->modules; k++) {
        double x = t->start == FL_START_INPUT ? e->x[k % t->hidden] : 0;
        if (t->start == FL_START_RANDOM)
            x = fl_rng_bits(&e->rng) >> 63 ? 1 : -1;
        e->h[k] = (x > 0) - (x < 0);
    }
}

static void read_out(example *e) {
    size_t H = e->b->t.hidden, L = e->b->t.modules;
    for (size_t c = 0; c < e->b->outputs; c++) {
        e->out[c] = e->b->t.target == FL_TARGET_STATE ? e->h[(L - 1) * H + c] : 0;
        for (size_t m = 0; m < L; m++)
            e->out[c] += row_times(named(e->b, "W_out", m), c, H, e->h + m * H);
    }
}

static size_t winner_but(const example *e, int except) {
    size_t best = except == 0;
    for (size_t c = 0; c < e->b->outputs; c++)
        if ((int)c != except && e->out[c] > e->out[best])
            best = c;
    return best;
}

static double margin_of(const example *e) {
    if (e->label >= 0)
        return e->out[e->label] - e->out[winner_but(e, e->label)];
    double least = INFINITY;
    for (size_t c = 0; c < e->b->outputs; c++)
        least = fmin(least, e->out[c] * e->z[c]);
    return least;
}

static bool right(const example *e) {
    return e->label >= 0 ? winner_but(e, -1) == (size_t)e->label : margin_of(e) > 0;
}

static double error_of(const example *e, size_t c) {
    double sum = 0;
    if (e->label < 0)
        return (e->z[c] - tanh(e->out[c])) / 2;
    for (size_t k = 0; k < e->b->outputs; k++)
        sum += exp(e->out[k] - e->out[c]);
    return ((int)c == e->label) - 1 / sum;
}

static void teach(example *e) {
    const fl_training *t = &e->b->t;
    double C = (double)e->b->outputs;
    bool plain = t->amplitudes == FL_AMPLITUDES_PLAIN || e->label < 0;
    e->share = 1;
    if (t->teacher == FL_TEACHER_SCALAR)
        e->share = 1 / (1 + exp(margin_of(e)));
    if (t->teacher == FL_TEACHER_WINNER)
        e->share = margin_of(e) <= t->winner_margin;
    for (size_t c = 0; c < e->b->outputs; c++) {
        double label = plain ? e->z[c] : e->z[c] > 0 ? sqrt(C) / 2 : -0.5;
        double rival = e->label >= 0 ? ((int)c == e->label) - (double)(c == winner_but(e, e->label))
                                     : (e->z[c] - (e->out[c] > 0 ? 1 : -1)) / 2.0;
        double u = t->teacher == FL_TEACHER_ERROR    ? error_of(e, c)
                   : t->teacher == FL_TEACHER_WINNER ? rival * e->share
                                                     : label;
        e->u[c] = t->strength * u;
    }
    for (size_t m = 0; m < t->modules; m++)
        for (size_t i = 0; i < t->hidden; i++)
            e->feedback[m * t->hidden + i] =
                t->target == FL_TARGET_READOUT
                    ? row_times(named(e->b, "W_back", m), i, e->b->outputs, e->u)
                : t->feedback_to == FL_REACH_ALL || m + 1 == t->modules ? t->lambda_back * e->u[i]
                                                                        : 0;
}

static void signals(example *e) {
    const fl_training *t = &e->b->t;
    double C = (double)e->b->outputs;
    bool plain = t->amplitudes == FL_AMPLITUDES_PLAIN || e->label < 0;
    for (size_t c = 0; c < e->b->outputs; c++) {
        double a = plain ? e->z[c] : e->z[c] > 0 ? C / 4 : -sqrt(C) / 4;
        e->signal[c] = t->readout == FL_READOUT_DELTA   ? error_of(e, c)
                       : a * e->out[c] <= t->margin_out ? a
                                                        : 0;
    }
}

/* What a hidden neuron learns. */
static double weight_of(const example *e, size_t m, size_t i) {
    const fl_training *t = &e->b->t;
    size_t k = m * t->hidden + i;
    bool last = m + 1 == t->modules, hears = !last && t->direction == FL_DIRECTION_BOTH;
    bool rest = t->margin_of == FL_MARGIN_OF_REST;
    double partners = !rest ? 0 : (m > 0) * strength(t, true) + hears * strength(t, false);
    double many =
        t->chain == FL_CHAIN_SPARSE || t->chain == FL_CHAIN_PAIRED ? sqrt((double)t->degree) : 1;
    double self = t->rule_on == FL_RULE_ON_STEP ? t->jd * e->h[k] : 0;
    double over = e->after[k] * (field(e, m, i) + self) - t->margin - many * partners;
    double w = t->softness > 0 ? 1 / (1 + exp(t->softness * over)) : over <= 0;
    if (t->agreement && !(e->after[k] * e->feedback[k] > 0))
        w = 0;
    if (t->grade > 0)
        w *= fmin(fabs(e->feedback[k]) / t->grade, 1);
    return w * e->share;
}

/* Sums of a batch, applied at its end. */
typedef struct sums {
    double **of; /* as textbook.values */
} sums;

static void add_outer(const textbook *b, sums *s, const char *name, size_t m, size_t i,
                      double factor, const double *x) {
    char full[32];
    snprintf(full, sizeof full, "%s%zu", name, m);
    for (size_t k = 0; k < b->arrays; k++)
        if (strcmp(b->names[k], full) == 0)
            for (size_t j = 0; j < b->columns[k]; j++)
                s->of[k][i * b->columns[k] + j] += factor * x[j];
}

static void learn_readout(const example *e, sums *s, double rate) {
    const fl_training *t = &e->b->t;
    double scale = rate * t->rate_out / sqrt((double)t->hidden);
    for (size_t m = 0; m < t->modules; m++) {
        const double *h = e->h + m * t->hidden;
        for (size_t c = 0; c < e->b->outputs; c++)
            add_outer(e->b, s, "W_out", m, c, scale * e->signal[c], h);
        for (size_t i = 0; i < t->hidden; i++)
            add_outer(e->b, s, "W_back", m, i, rate * t->rate_back * h[i], e->signal);
    }
}

static size_t learn_hidden(const example *e, sums *s, double rate) {
    const fl_training *t = &e->b->t;
    size_t H = t->hidden, learned = 0;
    double hidden = rate / sqrt((double)H);
    double in = rate * t->rate_in * t->lambda_in / sqrt((double)e->b->features);
    for (size_t m = 0; m < t->modules; m++)
        for (size_t i = 0; i < H; i++) {
            double w = weight_of(e, m, i), own = e->after[m * H + i] * w;
            learned += w != 0;
            add_outer(e->b, s, "J", m, i, hidden * t->rate_J * own, e->h + m * H);
            add_outer(e->b, s, "W_in", m, i, in * own, e->x);
            if (m > 0)
                add_outer(e->b, s, "F", m, i, hidden * t->rate_chain * own, e->h + (m - 1) * H);
            if (m + 1 < t->modules)
                add_outer(e->b, s, "G", m, i, hidden * t->rate_chain * own, e->h + (m + 1) * H);
        }
    return learned;
}

static double decay_of(const textbook *b, const char *name, double rate) {
    const fl_training *t = &b->t;
    double H = sqrt((double)t->hidden);
    if (strncmp(name, "W_in", 4) == 0)
        return t->decay_in * rate * t->rate_in * t->lambda_in / sqrt((double)b->features);
    if (strncmp(name, "W_out", 5) == 0)
        return t->decay_out * rate * t->rate_out / H;
    if (strncmp(name, "W_back", 6) == 0)
        return t->decay_out * rate * t->rate_back;
    return t->decay_J * rate * (*name == 'J' ? t->rate_J : t->rate_chain) / H;
}

static void apply(textbook *b, sums *s, double rate, size_t used) {
    double root = sqrt((double)used);
    for (size_t k = 0; k < b->arrays; k++) {
        bool fixed = strncmp(b->names[k], "up", 2) == 0 || strncmp(b->names[k], "down", 4) == 0;
        double keep = 1 - decay_of(b, b->names[k], rate) / root;
        for (size_t i = 0; !fixed && i < b->rows[k]; i++)
            for (size_t j = 0; j < b->columns[k]; j++) {
                double *w = &b->values[k][i * b->columns[k] + j];
                bool diagonal = *b->names[k] == 'J' && i == j;
                *w = diagonal ? 0 : *w * keep + s->of[k][i * b->columns[k] + j] / root;
            }
        memset(s->of[k], 0, b->rows[k] * b->columns[k] * sizeof *s->of[k]);
    }
}

static example begin(const textbook *b) {
    size_t n = b->t.hidden * b->t.modules;
    example e = {.b = b,
                 .x = calloc(b->features, sizeof(double)),
                 .h = calloc(n, sizeof(double)),
                 .after = calloc(n, sizeof(double)),
                 .feedback = calloc(n, sizeof(double)),
                 .out = calloc(b->outputs, sizeof(double)),
                 .u = calloc(b->outputs, sizeof(double)),
                 .signal = calloc(b->outputs, sizeof(double))};
    assert_true(e.x && e.h && e.after && e.feedback && e.out && e.u && e.signal);
    return e;
}

static void end(example *e) {
    free(e->x);
    free(e->h);
    free(e->after);
    free(e->feedback);
    free(e->out);
    free(e->u);
    free(e->signal);
}

static double overlap(const double *a, const double *b, size_t n) {
    double sum = 0;
    for (size_t i = 0; i < n; i++)
        sum += a[i] * b[i] > 0 ? 1 : -1;
    return sum / (double)n;
}

static bool fixed_point(const example *e) {
    const fl_training *t = &e->b->t;
    for (size_t k = 0; k < t->hidden * t->modules; k++)
        if ((field(e, k / t->hidden, k % t->hidden) + t->jd * e->h[k]) * e->after[k] < 0)
            return false;
    return true;
}

/* The taught phase and the rule where it is on steps. */
static void one_step(example *e, double rate, sums *s, fl_epoch *seen) {
    const fl_training *t = &e->b->t;
    size_t H = t->hidden, n = H * t->modules, last = t->modules - 1;
    teach(e);
    sweeps(e, t->taught_sweeps - 1, 2);
    for (size_t k = 0; k < n; k++) {
        e->after[k] = becomes(e, k, 2);
        e->flips += e->after[k] != e->h[k];
    }
    for (size_t c = 0; c < e->b->outputs; c++)
        e->out[c] = field(e, last, c) + t->jd * e->h[last * H + c];
    seen->accuracy += right(e);
    seen->taught_overlap += overlap(e->after, e->h, n);
    seen->withdrawn_overlap += 1;
    seen->fixed_fraction += fixed_point(e);
    seen->hidden_updates += (double)learn_hidden(e, s, rate) / (double)n;
    seen->flips_per_neuron += (double)e->flips / (double)n;
}

static void one_example(textbook *b, example *e, const fl_dataset *data, size_t row, size_t epoch,
                        double rate, sums *s, fl_epoch *seen) {
    const fl_training *t = &b->t;
    size_t n = t->hidden * t->modules;
    double *before = calloc(n, sizeof *before);
    assert_non_null(before);
    for (size_t j = 0; j < b->features; j++)
        e->x[j] = (double)data->x[row * b->features + j];
    e->z = data->z + row * b->outputs;
    e->label = data->label ? data->label[row] : -1;
    e->flips = 0;
    e->rng = fl_rng_stream(b->seed, FL_PURPOSE_LEARNING, row, epoch + 1);
    set_start(e);
    sweeps(e, t->free_sweeps, 1);
    if (t->rule_on == FL_RULE_ON_STEP) {
        one_step(e, rate, s, seen);
        free(before);
        return;
    }
    read_out(e);
    if (t->readout_free) {
        seen->accuracy += right(e);
        signals(e);
        learn_readout(e, s, rate);
    }
    teach(e);
    memcpy(before, e->h, n * sizeof *before);
    sweeps(e, t->taught_sweeps, 2);
    seen->taught_overlap += overlap(before, e->h, n);
    memcpy(before, e->h, n * sizeof *before);
    if (t->withdrawn_sweeps)
        sweeps(e, t->withdrawn_sweeps, 3);
    seen->withdrawn_overlap += overlap(before, e->h, n);
    memcpy(e->after, e->h, n * sizeof *before);
    seen->fixed_fraction += fixed_point(e);
    if (!t->readout_free) {
        read_out(e);
        seen->accuracy += right(e);
        signals(e);
        learn_readout(e, s, rate);
    }
    seen->hidden_updates += (double)learn_hidden(e, s, rate) / (double)n;
    seen->flips_per_neuron += (double)e->flips / (double)n;
    free(before);
}

fl_epoch textbook_epoch(textbook *b, const fl_dataset *data, const uint32_t *order, size_t k) {
    const fl_training *t = &b->t;
    size_t steps = (data->count + t->batch - 1) / t->batch;
    example e = begin(b);
    sums s = {calloc(b->arrays, sizeof(double *))};
    fl_epoch seen = {0};
    assert_non_null(s.of);
    for (size_t a = 0; a < b->arrays; a++)
        assert_non_null(s.of[a] = calloc(b->rows[a] * b->columns[a], sizeof(double)));
    for (size_t step = 0; step < steps; step++) {
        double done = ((double)k + (double)step / (double)steps) / (double)t->epochs;
        double rate = t->rate_decay ? 1 - done : 1;
        size_t first = step * t->batch, last = first + t->batch;
        last = last < data->count ? last : data->count;
        for (size_t r = first; r < last; r++)
            one_example(b, &e, data, order[r], k, rate, &s, &seen);
        apply(b, &s, rate, last - first);
    }
    for (size_t a = 0; a < b->arrays; a++)
        free(s.of[a]);
    free(s.of);
    end(&e);
    double *means[] = {&seen.accuracy,       &seen.fixed_fraction,    &seen.flips_per_neuron,
                       &seen.hidden_updates, &seen.withdrawn_overlap, &seen.taught_overlap};
    for (size_t a = 0; a < sizeof means / sizeof *means; a++)
        *means[a] /= (double)data->count;
    return seen;
}

void textbook_infer(const textbook *b, const float *x, size_t row, double *h, double *out) {
    example e = begin(b);
    for (size_t j = 0; j < b->features; j++)
        e.x[j] = (double)x[j];
    e.rng = fl_rng_stream(b->seed, FL_PURPOSE_LEARNING, row, 0);
    set_start(&e);
    sweeps(&e, b->t.inference_sweeps, 1);
    read_out(&e);
    memcpy(h, e.h, b->t.hidden * b->t.modules * sizeof *h);
    memcpy(out, e.out, b->outputs * sizeof *out);
    end(&e);
}
