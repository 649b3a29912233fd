/* The trainer against a plain one, against itself in other threads and kernels, and against what a
 * learning network must do. */
#include "tests/support/support.h"

#include <math.h>

#include "fixland/learn.h"
#include "fixland/spins.h"
#include "mc/learn/learner.h"
#include "mc/learn/update_order.h"
#include "tests/support/textbook.h"

static fl_dataset random_data(fl_rng *rng, size_t count, size_t features, size_t outputs,
                              bool classes) {
    fl_dataset data;
    bool real = fl_rng_below(rng, 4) == 0;
    assert_ok(fl_dataset_new(&data, count, features, outputs, classes));
    for (size_t k = 0; k < count * features; k++)
        data.x[k] = real ? (float)fl_rng_gauss(rng) : fl_rng_bits(rng) & 1 ? 1 : -1;
    for (size_t e = 0; e < count; e++) {
        uint16_t label = (uint16_t)fl_rng_below(rng, outputs);
        if (classes)
            data.label[e] = label;
        for (size_t c = 0; c < outputs; c++)
            data.z[e * outputs + c] = (classes ? c == label : (fl_rng_bits(rng) & 1)) ? 1 : -1;
    }
    return data;
}

static double uniform(fl_rng *rng, double low, double high) {
    return low + (high - low) * fl_rng_uniform(rng);
}

/* Any setting of everything, without noise and with synchronous or asynchronous dynamics. */
static fl_training random_training(fl_rng *rng) {
    fl_training t;
    assert_ok(fl_training_preset(&t, fl_preset_name(fl_rng_below(rng, 6))));
    t.hidden = 5 + fl_rng_below(rng, 40);
    t.modules = 1 + fl_rng_below(rng, 3);
    t.jd = uniform(rng, 0, 1);
    t.coupling = fl_rng_below(rng, 4) ? 1 : 0;
    t.symmetry = uniform(rng, -1, 1);
    t.chain = (fl_chain)fl_rng_below(rng, 5);
    t.lambda = uniform(rng, 0, 1.5);
    t.degree = 1 + fl_rng_below(rng, 4);
    t.input_all = fl_rng_bits(rng) & 1;
    t.feedback_to = (fl_reach)fl_rng_below(rng, 2);
    t.readout_from = (fl_reach)fl_rng_below(rng, 2);
    t.lambda_left = fl_rng_bits(rng) & 1 ? uniform(rng, -0.5, 1.5) : NAN;
    t.lambda_right = fl_rng_bits(rng) & 1 ? uniform(rng, -0.5, 1.5) : NAN;
    t.input = FL_INPUT_DENSE;
    t.target = FL_TARGET_READOUT;
    t.direction = (fl_direction)fl_rng_below(rng, 2);
    t.start = (fl_start)fl_rng_below(rng, 2);
    t.withdrawn_keeps =
        t.direction == FL_DIRECTION_FORWARD ? (fl_keeps)fl_rng_below(rng, 2) : FL_KEEPS_NONE;
    t.lambda_in = uniform(rng, 0.5, 5);
    t.lambda_back = uniform(rng, 0.5, 5);
    t.free_sweeps = 1 + fl_rng_below(rng, 5);
    t.taught_sweeps = fl_rng_below(rng, 5);
    t.withdrawn_sweeps = fl_rng_below(rng, 5);
    t.teacher = (fl_teacher)fl_rng_below(rng, 4);
    t.amplitudes = (fl_amplitudes)fl_rng_below(rng, 2);
    t.readout = (fl_readout)fl_rng_below(rng, 2);
    t.readout_free = fl_rng_bits(rng) & 1;
    t.margin_of = (fl_margin_of)fl_rng_below(rng, 2);
    t.softness = fl_rng_below(rng, 3) ? 0 : uniform(rng, 0.2, 3);
    t.agreement = fl_rng_bits(rng) & 1;
    t.grade = fl_rng_bits(rng) & 1 ? uniform(rng, 0.5, 5) : 0;
    t.rate_J = fl_rng_below(rng, 3) ? uniform(rng, 0, 0.1) : 0;
    t.rate_in = uniform(rng, 0, 0.1);
    t.rate_chain = fl_rng_bits(rng) & 1 ? uniform(rng, 0, 0.1) : 0;
    t.rate_back = fl_rng_bits(rng) & 1 ? uniform(rng, 0, 0.1) : 0;
    t.decay_J = uniform(rng, 0, 0.1);
    t.decay_in = uniform(rng, 0, 0.1);
    t.decay_out = uniform(rng, 0, 0.1);
    t.batch = 1 + fl_rng_below(rng, 20);
    t.update = fl_rng_below(rng, 3) ? FL_UPDATE_SYNC : FL_UPDATE_ASYNC;
    t.epochs = 2;
    t.input_noise = 0;
    return t;
}

/* The rule on steps, and what that asks for. */
static void put_on_steps(fl_training *t) {
    t->rule_on = FL_RULE_ON_STEP;
    t->update = FL_UPDATE_SYNC;
    t->teacher = FL_TEACHER_LABEL;
    t->margin_of = FL_MARGIN_OF_FIELD;
    t->taught_sweeps += t->taught_sweeps == 0;
    t->withdrawn_sweeps = 0;
    t->rate_J = 0.05;
}

/* Data, and now and then input, start or target on the neurons themselves, which need data of their
 * number (and couplings, without which fields would be zero). */
static fl_dataset fit_data(fl_rng *rng, fl_training *t) {
    bool direct = fl_rng_bits(rng) & 1, start = fl_rng_bits(rng) & 1, state = fl_rng_bits(rng) & 1;
    size_t features = direct || start ? t->hidden : 10 + fl_rng_below(rng, 30);
    size_t outputs = state ? t->hidden : 2 + fl_rng_below(rng, 5);
    if (direct || start)
        t->coupling = 1;
    t->input = direct ? FL_INPUT_DIRECT : FL_INPUT_DENSE;
    t->start = start ? FL_START_INPUT : t->start;
    t->target = state ? FL_TARGET_STATE : FL_TARGET_READOUT;
    if (state)
        t->readout_from = FL_REACH_LAST;
    if (state && fl_rng_bits(rng) & 1)
        put_on_steps(t);
    return random_data(rng, 20 + fl_rng_below(rng, 30), features, outputs,
                       fl_rng_below(rng, 4) != 0);
}

static void assert_close(double value, double expected) {
    if (!(fabs(value - expected) <= 1e-12))
        fail_msg("%.17g, not %.17g", value, expected);
}

static void compare_epoch(const fl_epoch *seen, const fl_epoch *expected) {
    assert_close(seen->accuracy, expected->accuracy);
    assert_close(seen->fixed_fraction, expected->fixed_fraction);
    assert_close(seen->flips_per_neuron, expected->flips_per_neuron);
    assert_close(seen->hidden_updates, expected->hidden_updates);
    assert_close(seen->taught_overlap, expected->taught_overlap);
    assert_close(seen->withdrawn_overlap, expected->withdrawn_overlap);
}

static void compare_inference(const textbook *b, const fl_learner *l, const fl_dataset *data) {
    size_t n = b->t.hidden * b->t.modules, words = fl_spins_words(n);
    uint64_t *states = calloc(data->count * words, sizeof *states);
    float *output = calloc(data->count * data->outputs, sizeof *output);
    double *h = calloc(n, sizeof *h), *out = calloc(data->outputs, sizeof *out);
    fl_epoch seen;
    assert_true(states && output && h && out);
    assert_ok(fl_learner_evaluate(l, data, &(fl_effort){.threads = 1}, &seen, states, output));
    for (size_t e = 0; e < data->count; e++) {
        textbook_infer(b, data->x + e * data->features, e, h, out);
        for (size_t i = 0; i < n; i++)
            assert_int_equal(fl_spins_get(states + e * words, i), h[i] > 0 ? 1 : -1);
        for (size_t c = 0; c < data->outputs; c++)
            assert_true(fabs((double)output[e * data->outputs + c] - out[c]) < 1e-4);
    }
    free(states);
    free(output);
    free(h);
    free(out);
}

/* The same weights, to rounding, and the same counts of everything. */
static void test_textbook(void **state) {
    (void)state;
    fl_rng rng = test_stream("learn textbook");
    for (int round = 0; round < (test_fast() ? 20 : 120); round++) {
        fl_training t = random_training(&rng);
        fl_dataset data = fit_data(&rng, &t);
        uint64_t seed = fl_rng_bits(&rng);
        uint32_t *order = calloc(data.count, sizeof *order);
        fl_learner *l;
        assert_non_null(order);
        assert_ok(fl_learner_new(&l, &t, data.features, data.outputs, seed));
        textbook b = textbook_from(l, data.features, data.outputs, seed);
        for (size_t k = 0; k < t.epochs; k++) {
            fl_rng stream = fl_rng_stream(seed, FL_PURPOSE_LEARNING, UINT64_MAX, k);
            fl_epoch seen, expected;
            fl_rng_permutation(&stream, data.count, order);
            expected = textbook_epoch(&b, &data, order, k);
            assert_ok(fl_learner_epoch(l, &data, k, &(fl_effort){.threads = 1}, &seen));
            compare_epoch(&seen, &expected);
            if (!(textbook_distance(&b, l) < 2e-5))
                fail_msg("round %d, epoch %zu: weights differ by %g", round, k,
                         textbook_distance(&b, l));
        }
        compare_inference(&b, l, &data);
        textbook_free(&b);
        fl_learner_free(l);
        fl_dataset_clear(&data);
        free(order);
    }
}

/* All arrays of a learner, one after the other. */
static float *everything(const fl_learner *l, size_t *count) {
    char name[32];
    size_t rows, columns, arrays = fl_learner_arrays(l);
    float *values = NULL;
    *count = 0;
    for (size_t k = 0; k < arrays; k++) {
        assert_ok(fl_learner_array(l, k, name, &rows, &columns));
        values = realloc(values, (*count + rows * columns) * sizeof *values);
        assert_non_null(values);
        fl_learner_get(l, k, values + *count);
        *count += rows * columns;
    }
    return values;
}

static void assert_same(const fl_learner *a, const fl_learner *b) {
    size_t one, other;
    float *x = everything(a, &one), *y = everything(b, &other);
    assert_int_equal(one, other);
    assert_memory_equal(x, y, one * sizeof *x);
    free(x);
    free(y);
}

static fl_training any_training(fl_rng *rng) {
    fl_training t = random_training(rng);
    t.update = (fl_update)fl_rng_below(rng, 3);
    t.p = uniform(rng, 0.2, 1);
    t.input_noise = fl_rng_bits(rng) & 1 ? 0.1 : 0;
    t.average = fl_rng_below(rng, 3);
    return t;
}

typedef struct run {
    fl_learner *l;
    fl_epoch seen[2], tested;
} run;

static run train(const fl_training *t, const fl_dataset *data, uint64_t seed, int threads) {
    run r;
    assert_ok(fl_learner_new(&r.l, t, data->features, data->outputs, seed));
    r.l->least_work = 1; /* else networks of this size get one thread */
    for (size_t k = 0; k < 2; k++)
        assert_ok(fl_learner_epoch(r.l, data, k, &(fl_effort){.threads = threads}, &r.seen[k]));
    assert_ok(
        fl_learner_evaluate(r.l, data, &(fl_effort){.threads = threads}, &r.tested, NULL, NULL));
    return r;
}

/* Other threads and kernels, the same bits. */
static void test_bits(void **state) {
    (void)state;
    static const char *const kernels[] = {"scalar", "avx2", "avx512"};
    fl_rng rng = test_stream("learn bits");
    for (int round = 0; round < (test_fast() ? 6 : 30); round++) {
        fl_training t = any_training(&rng);
        fl_dataset data = fit_data(&rng, &t);
        uint64_t seed = fl_rng_bits(&rng);
        run one = train(&t, &data, seed, 1);
        setenv("FIXLAND_KERNEL", kernels[fl_rng_below(&rng, 3)], 1);
        run other = train(&t, &data, seed, test_threads(&rng));
        unsetenv("FIXLAND_KERNEL");
        assert_same(one.l, other.l);
        assert_memory_equal(one.seen, other.seen, sizeof one.seen);
        assert_true(one.tested.accuracy == other.tested.accuracy);
        assert_true(one.tested.flips_per_neuron == other.tested.flips_per_neuron);
        fl_learner_free(one.l);
        fl_learner_free(other.l);
        fl_dataset_clear(&data);
    }
}

/* Arrays carried into a new learner after an epoch: the next one ends in the same bits. */
static void test_resume(void **state) {
    (void)state;
    fl_rng rng = test_stream("learn resume");
    for (int round = 0; round < 10; round++) {
        fl_training t = any_training(&rng);
        t.average = 2;
        fl_dataset data = random_data(&rng, 50, 25, 3, true);
        uint64_t seed = fl_rng_bits(&rng);
        run whole = train(&t, &data, seed, 1);
        fl_learner *first, *second;
        fl_epoch seen;
        assert_ok(fl_learner_new(&first, &t, 25, 3, seed));
        assert_ok(fl_learner_epoch(first, &data, 0, &(fl_effort){.threads = 1}, &seen));
        assert_ok(fl_learner_new(&second, &t, 25, 3, seed));
        for (size_t k = 0; k < fl_learner_arrays(first); k++) {
            char name[32];
            size_t rows, columns;
            assert_ok(fl_learner_array(first, k, name, &rows, &columns));
            float *values = calloc(rows * columns, sizeof *values);
            assert_non_null(values);
            fl_learner_get(first, k, values);
            assert_ok(fl_learner_set(second, k, values));
            free(values);
        }
        assert_ok(fl_learner_epoch(second, &data, 1, &(fl_effort){.threads = 1}, &seen));
        assert_same(whole.l, second);
        assert_memory_equal(&seen, &whole.seen[1], sizeof seen);
        fl_learner_free(first);
        fl_learner_free(second);
        fl_learner_free(whole.l);
        fl_dataset_clear(&data);
    }
}

static void check_fields(const textbook *book, const batch *b, size_t e) {
    const fl_learner *l = b->l;
    size_t H = l->t.hidden;
    double *h = calloc(H * l->t.modules, sizeof *h), *x = calloc(l->features, sizeof *x);
    bool unstable = false;
    assert_true(h && x);
    for (size_t j = 0; j < l->features; j++)
        x[j] = (double)b->x_t[j * b->size + e];
    for (size_t k = 0; k < H * l->t.modules; k++)
        h[k] = (double)b->h[e * l->neurons + k / H * l->padded + k % H];
    for (size_t k = 0; k < H * l->t.modules; k++) {
        double field =
            textbook_field(book, x, h, k / H, k % H, l->t.direction == FL_DIRECTION_BOTH);
        double kept = (double)b->field[e * l->neurons + k / H * l->padded + k % H];
        assert_true(fabs(field - kept) < 1e-4);
        unstable |= (field + l->t.jd * h[k]) * h[k] < 0;
    }
    assert_true(b->fixed[e] == !unstable);
    if (b->rest[e])
        assert_true(b->fixed[e]);
    free(h);
    free(x);
}

/* Fields that followed every change equal fields from scratch, whatever the order of updates; and
 * who is at rest is at rest. */
static void test_fields(void **state) {
    (void)state;
    fl_rng rng = test_stream("learn fields");
    for (int round = 0; round < 40; round++) {
        fl_training t = any_training(&rng);
        fl_dataset data = random_data(&rng, 16, 30, 4, true);
        uint32_t order[16];
        fl_learner *l;
        batch b;
        assert_ok(fl_learner_new(&l, &t, 30, 4, fl_rng_bits(&rng)));
        assert_ok(batch_new(&b, l, 16));
        for (uint32_t e = 0; e < 16; e++)
            order[e] = e;
        batch_load(&b, &data, order, 16, 0, true);
        batch_sweeps(&b, 1 + fl_rng_below(&rng, 30), PHASE_FREE);
        batch_stability(&b);
        textbook book = textbook_from(l, 30, 4, 0);
        for (size_t e = 0; e < 16; e++)
            check_fields(&book, &b, e);
        textbook_free(&book);
        batch_free(&b);
        fl_learner_free(l);
        fl_dataset_clear(&data);
    }
}

/* The order of asynchronous updates is a permutation, each neuron equally often at each place. */
static void test_order(void **state) {
    (void)state;
    enum { ROUNDS = 4000, HIDDEN = 7, NEURONS = 21 };
    uint32_t order[NEURONS], counts[NEURONS][NEURONS] = {{0}};
    fl_rng rng = test_stream("learn order");
    for (int round = 0; round < ROUNDS; round++) {
        bool seen[NEURONS] = {false};
        update_order(&rng, HIDDEN, 3, 16, order);
        for (size_t k = 0; k < NEURONS; k++) {
            size_t i = order[k] / 16 * HIDDEN + order[k] % 16;
            assert_true(order[k] % 16 < HIDDEN && i < NEURONS && !seen[i]);
            seen[i] = true;
            counts[k][i]++;
        }
    }
    double expected = (double)ROUNDS / NEURONS, chi2 = 0;
    for (size_t k = 0; k < NEURONS; k++)
        for (size_t i = 0; i < NEURONS; i++)
            chi2 += (counts[k][i] - expected) * (counts[k][i] - expected) / expected;
    /* (NEURONS - 1)^2 degrees of freedom; 1e-6 on either side */
    double freedom = (NEURONS - 1) * (NEURONS - 1), spread = sqrt(2 * freedom);
    assert_true(fabs(chi2 - freedom) < 5.2 * spread);
}

/* Prototypes with one bit in ten flipped: every preset that reads out classes learns them. */
static void test_learns(void **state) {
    (void)state;
    fl_data_spec spec = fl_data_defaults("prototypes");
    fl_dataset train_set, test_set;
    spec.features = 60;
    spec.train = 600;
    spec.test = 400;
    spec.classes = 5;
    spec.flip = 0.1;
    spec.threads = 1;
    assert_ok(fl_data_load(&spec, &train_set, &test_set));
    for (size_t k = 0; fl_preset_name(k); k++) {
        fl_training t;
        fl_learner *l;
        fl_epoch seen;
        assert_ok(fl_training_preset(&t, fl_preset_name(k)));
        if (t.target == FL_TARGET_STATE)
            continue;
        t.hidden = 80;
        t.epochs = 5;
        assert_ok(fl_learner_new(&l, &t, 60, 5, 1));
        for (size_t epoch = 0; epoch < 5; epoch++)
            assert_ok(fl_learner_epoch(l, &train_set, epoch, &(fl_effort){.threads = 1}, &seen));
        assert_ok(fl_learner_evaluate(l, &test_set, &(fl_effort){.threads = 1}, &seen, NULL, NULL));
        if (!(seen.accuracy > 0.9))
            fail_msg("%s: accuracy %g", fl_preset_name(k), seen.accuracy);
        fl_learner_free(l);
    }
    fl_dataset_clear(&train_set);
    fl_dataset_clear(&test_set);
}

/* Input noise flips bits with its probability, and only in training. */
static void test_noise(void **state) {
    (void)state;
    fl_rng rng = test_stream("learn noise");
    fl_dataset data = random_data(&rng, 16, 2000, 2, true);
    fl_training t;
    uint32_t order[16];
    uint64_t flipped[2] = {0, 0};
    fl_learner *l;
    batch b;
    assert_ok(fl_training_preset(&t, "reference-small"));
    t.input_noise = 0.07;
    assert_ok(fl_learner_new(&l, &t, 2000, 2, 5));
    assert_ok(batch_new(&b, l, 16));
    for (uint32_t e = 0; e < 16; e++)
        order[e] = e;
    for (int training = 0; training < 2; training++) {
        batch_load(&b, &data, order, 16, 3, training);
        for (size_t e = 0; e < 16; e++)
            for (size_t j = 0; j < 2000; j++)
                flipped[training] += b.x_t[j * b.size + e] != data.x[e * 2000 + j];
    }
    assert_int_equal(flipped[0], 0);
    double expected = 32000 * 0.07, error = sqrt(expected * 0.93);
    assert_true(fabs((double)flipped[1] - expected) < 4.9 * error);
    batch_free(&b);
    fl_learner_free(l);
    fl_dataset_clear(&data);
}

/* ---- Sequences, by a program of a few lines that knows of no modules, batches or phases. */

enum { SEQUENCE_N = 30, SEQUENCE_T = 6, SEQUENCES = 3, SEQUENCE_EPOCHS = 12 };

/* J_ij += rate/sqrt(N) next_i now_j where next_i (sum_j J_ij now_j + J_D now_i) <= margin. */
static void plain_step(double *J, const fl_training *t, const float *now, const int8_t *next) {
    for (size_t i = 0; i < SEQUENCE_N; i++) {
        double field = t->jd * (double)now[i];
        for (size_t j = 0; j < SEQUENCE_N; j++)
            field += J[i * SEQUENCE_N + j] * (double)now[j];
        for (size_t j = 0; j < SEQUENCE_N && next[i] * field <= t->margin; j++)
            if (j != i)
                J[i * SEQUENCE_N + j] += t->rate_J / sqrt(SEQUENCE_N) * next[i] * (double)now[j];
    }
}

/* Share of the sequences that run to their end; `last`: overlap there. */
static double plain_recall(const double *J, const fl_training *t, const fl_dataset *pairs,
                           double *last) {
    double learned = 0;
    *last = 0;
    for (size_t s = 0; s < SEQUENCES; s++) {
        double h[SEQUENCE_N], next[SEQUENCE_N];
        bool right = true;
        for (size_t i = 0; i < SEQUENCE_N; i++)
            h[i] = (double)pairs->x[s * (SEQUENCE_T - 1) * SEQUENCE_N + i];
        for (size_t k = 0; k < SEQUENCE_T - 1; k++) {
            const int8_t *z = pairs->z + (s * (SEQUENCE_T - 1) + k) * SEQUENCE_N;
            double sum = 0;
            for (size_t i = 0; i < SEQUENCE_N; i++) {
                next[i] = t->jd * h[i];
                for (size_t j = 0; j < SEQUENCE_N; j++)
                    next[i] += J[i * SEQUENCE_N + j] * h[j];
            }
            for (size_t i = 0; i < SEQUENCE_N; i++) {
                h[i] = next[i] > 0 ? 1 : -1;
                sum += h[i] * z[i] / SEQUENCE_N;
            }
            right &= sum > 1 - 1e-9;
            if (k + 2 == SEQUENCE_T)
                *last += sum / SEQUENCES;
        }
        learned += right ? 1. / SEQUENCES : 0;
    }
    return learned;
}

static fl_learner *learn_sequences(const fl_training *t, const fl_dataset *pairs, uint64_t seed,
                                   double *J) {
    uint32_t order[SEQUENCES * (SEQUENCE_T - 1)];
    fl_learner *l;
    fl_epoch seen;
    assert_ok(fl_learner_new(&l, t, SEQUENCE_N, SEQUENCE_N, seed));
    textbook b = textbook_from(l, SEQUENCE_N, SEQUENCE_N, seed);
    for (size_t k = 0; k < b.arrays; k++)
        if (strcmp(b.names[k], "J0") == 0)
            memcpy(J, b.values[k], SEQUENCE_N * SEQUENCE_N * sizeof *J);
    for (size_t k = 0; k < t->epochs; k++) {
        fl_rng stream = fl_rng_stream(seed, FL_PURPOSE_LEARNING, UINT64_MAX, k);
        fl_rng_permutation(&stream, pairs->count, order);
        for (size_t e = 0; e < pairs->count; e++)
            plain_step(J, t, pairs->x + order[e] * SEQUENCE_N, pairs->z + order[e] * SEQUENCE_N);
        assert_ok(fl_learner_epoch(l, pairs, k, &(fl_effort){.threads = 1}, &seen));
    }
    textbook_free(&b);
    return l;
}

static void test_sequences(void **state) {
    (void)state;
    fl_rng rng = test_stream("learn sequences");
    double sum = 0;
    for (int round = 0; round < 12; round++) {
        fl_data_spec spec = fl_data_defaults("sequences");
        fl_dataset pairs, cues;
        fl_training t;
        fl_recall recall;
        double J[SEQUENCE_N * SEQUENCE_N], last;
        spec.features = spec.classes = SEQUENCE_N;
        spec.length = SEQUENCE_T;
        spec.train = spec.test = SEQUENCES * (SEQUENCE_T - 1);
        spec.flip = round % 3 * 0.05;
        spec.seed = fl_rng_bits(&rng);
        assert_ok(fl_data_load(&spec, &pairs, &cues));
        assert_ok(fl_training_preset(&t, "sequence"));
        t.hidden = SEQUENCE_N;
        t.coupling = round % 2;
        t.jd = uniform(&rng, -0.5, 1);
        t.margin = uniform(&rng, 0.1, 1);
        t.rate_J = uniform(&rng, 0.05, 0.3);
        t.epochs = 1 + fl_rng_below(&rng, SEQUENCE_EPOCHS);
        fl_learner *l = learn_sequences(&t, &pairs, spec.seed, J);
        assert_ok(
            fl_learner_recall_sequences(l, &cues, SEQUENCE_T, &(fl_effort){.threads = 1}, &recall));
        assert_close(recall.learned, plain_recall(J, &t, &cues, &last));
        assert_close(recall.overlap, last);
        assert_close(recall.bits, (1 + last) / 2);
        sum += recall.learned;
        assert_status(FL_EINVAL, fl_learner_recall_sequences(l, &cues, 5,
                                                             &(fl_effort){.threads = 1}, &recall));
        fl_learner_free(l);
        fl_dataset_clear(&pairs);
        fl_dataset_clear(&cues);
    }
    assert_true(sum > 1 && sum < 11); /* some are recalled and some are not */
}

static void test_wrong(void **state) {
    (void)state;
    fl_training t;
    fl_learner *l;
    fl_epoch seen;
    assert_status(FL_EUSAGE, fl_training_preset(&t, "rule-x"));
    assert_ok(fl_training_preset(&t, "reference-small"));
    t.hidden = 0;
    assert_status(FL_EINVAL, fl_training_check(&t));
    assert_ok(fl_training_preset(&t, "reference-small"));
    t.jd = NAN;
    assert_status(FL_EINVAL, fl_learner_new(&l, &t, 10, 2, 1));
    t.jd = 0;
    t.update = FL_UPDATE_PARTIAL;
    t.p = 0;
    assert_status(FL_EINVAL, fl_training_check(&t));
    t.p = 1;
    t.modules = 65;
    assert_status(FL_EINVAL, fl_training_check(&t));
    t.modules = 2;
    t.lambda = 1;
    t.chain = FL_CHAIN_SPARSE;
    t.degree = 201;
    assert_status(FL_EINVAL, fl_training_check(&t));
    t.degree = 3;
    assert_status(FL_EINVAL, fl_learner_new(&l, &t, 0, 2, 1));
    assert_ok(fl_learner_new(&l, &t, 10, 2, 1));
    fl_rng rng = test_stream("learn wrong");
    fl_dataset data = random_data(&rng, 5, 11, 2, true);
    assert_status(FL_EINVAL, fl_learner_epoch(l, &data, 0, &(fl_effort){.threads = 1}, &seen));
    assert_status(FL_EINVAL,
                  fl_learner_evaluate(l, &data, &(fl_effort){.threads = 1}, &seen, NULL, NULL));
    char name[32];
    size_t rows, columns, arrays = fl_learner_arrays(l);
    assert_status(FL_EINVAL, fl_learner_array(l, arrays, name, &rows, &columns));
    assert_ok(fl_learner_array(l, arrays - 1, name, &rows, &columns));
    assert_string_equal(name, "down1");
    float *values = calloc(rows * columns, sizeof *values);
    assert_non_null(values);
    values[0] = 200;
    assert_status(FL_EFORMAT, fl_learner_set(l, arrays - 1, values));
    values[0] = NAN;
    assert_status(FL_EFORMAT, fl_learner_set(l, 0, values));
    free(values);
    fl_learner_free(l);
    fl_dataset_clear(&data);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_textbook),  cmocka_unit_test(test_bits),
        cmocka_unit_test(test_resume),    cmocka_unit_test(test_fields),
        cmocka_unit_test(test_order),     cmocka_unit_test(test_learns),
        cmocka_unit_test(test_noise),     cmocka_unit_test(test_wrong),
        cmocka_unit_test(test_sequences),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
