/* The binary perceptron by the same messages: see message.h. */
#include <math.h>
#include <stdlib.h>

#include "fixland/message.h"
#include "fixland/spins.h"
#include "mc/message/attempt.h"

static fl_status perceptron_check(const fl_perceptron *perceptron) {
    if (perceptron->n < 1 || perceptron->n > (size_t)1 << 20 || perceptron->patterns < 1 ||
        perceptron->patterns > (size_t)1 << 20)
        return fl_fail(FL_EINVAL, "%zu patterns of %zu weights; allowed: 1 to %zu of both",
                       perceptron->patterns, perceptron->n, (size_t)1 << 20);
    if (!isfinite(perceptron->margin))
        return fl_fail(FL_EINVAL, "a margin of %g; it must be finite", perceptron->margin);
    return FL_OK;
}

static void draw_entries(const fl_perceptron *perceptron, int8_t *entries) {
    fl_rng rng =
        fl_rng_stream(perceptron->seed, FL_PURPOSE_DATA, perceptron->sample, perceptron->n);
    for (size_t mu = 0; mu < perceptron->patterns; mu++) {
        fl_rng_sub(&rng, mu); /* a pattern does not depend on how many there are */
        for (size_t j = 0; j < perceptron->n; j++)
            entries[mu * perceptron->n + j] = fl_rng_bits(&rng) & 1 ? 1 : -1;
    }
}

static fl_status machine_open(passing *p, const fl_perceptron *perceptron, size_t lanes,
                              passing_precision precision) {
    FL_CHECK(perceptron_check(perceptron));
    int8_t *entries = malloc(perceptron->patterns * perceptron->n);
    if (!entries)
        return fl_fail(FL_ENOMEM, "out of memory for %zu patterns", perceptron->patterns);
    draw_entries(perceptron, entries);
    fl_status status = passing_open_patterns(p, entries, perceptron->patterns, perceptron->n,
                                             perceptron->margin, lanes, precision);
    if (status != FL_OK)
        free(entries);
    return status;
}

fl_status fl_message_perceptron(const fl_perceptron *perceptron, const fl_message_plan *plan,
                                fl_message_outcome *outcome) {
    passing p;
    fl_message_plan own = *plan;
    own.jd = 0;
    own.seed = perceptron->seed;
    own.sample = perceptron->sample;
    FL_CHECK(attempt_check(&own));
    if (plan->repair)
        return fl_fail(FL_EINVAL, "a repair of %llu sweeps; a perceptron has none",
                       (unsigned long long)plan->repair);
    if (plan->engine != FL_ENGINE_AUTO && plan->engine != FL_AMP)
        return fl_fail(FL_EINVAL, "engine %s; a perceptron has amp only",
                       fl_message_engine_name(plan->engine));
    FL_CHECK(machine_open(&p, perceptron, attempt_lanes(plan, 1), PASSING_SHORTS));
    passing_set(&p, plan->damping, plan->refresh);
    uint64_t *weights = calloc(fl_spins_words(perceptron->n), sizeof *weights);
    fl_status status = weights ? attempt_all(&p, &own, &own.jd, 1, NULL, weights, outcome)
                               : fl_fail(FL_ENOMEM, "out of memory for %zu weights", perceptron->n);
    free(weights);
    passing_close(&p);
    return status;
}

fl_status fl_message_perceptron_entropy(const fl_perceptron *perceptron, double tolerance,
                                        uint64_t iterations, fl_message_point *point) {
    passing p;
    FL_CHECK(machine_open(&p, perceptron, 1, PASSING_FLOATS));
    fl_rng rng =
        fl_rng_stream(perceptron->seed, FL_PURPOSE_MESSAGES, perceptron->sample, perceptron->n);
    double residual = INFINITY;
    passing_start_random(&p, 0, &rng);
    for (uint64_t t = 0; t < iterations && !(residual < tolerance); t++) {
        passing_step(&p, false);
        residual = passing_change(&p, 0);
    }
    double free_entropy = passing_free_energy(&p);
    *point = (fl_message_point){.gamma = 0,
                                .distance = 0.5,
                                .mutual = (1 - passing_q(&p, 0)) / 2,
                                .entropy = free_entropy,
                                .free_entropy = free_entropy,
                                .residual = residual,
                                .converged = residual < tolerance && !amp_frozen(&p.a),
                                .branch = 1};
    passing_close(&p);
    return FL_OK;
}
