/* Forward solution of the dynamical mean-field equations: see dmft.h.
 *
 * With C = L L^T row by row, eta(t) = sum_{k <= t} L_tk z_k has the covariance C whatever comes
 * later; row t needs C(t, t') for t' <= t only, which the spins up to time t give. C is the Gram
 * matrix of the spins, so it is positive semidefinite; where the spins stand still its rows repeat,
 * a pivot is zero, and eta stands still with them. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "fixland/dmft.h"
#include "fixland/rng.h"
#include "src/kernel/combine.h"
#include "theory/dmft_parts.h"

typedef struct forward {
    const fl_dmft *plan;
    size_t steps; /* a unit of time */
    size_t total; /* steps in all */
    size_t count, words;
    uint64_t *spins;  /* total + 1 rows of words */
    float *noise;     /* total + 1 rows of count */
    float *field;     /* count */
    double *cholesky; /* row t at t (t + 1) / 2 */
    float *row;       /* the same row, rounded */
    uint32_t *moment; /* permutation: step of the visit in this unit of time */
    fl_rng rng;
} forward;

static void release(forward *f) {
    free(f->spins);
    free(f->noise);
    free(f->field);
    free(f->cholesky);
    free(f->row);
    free(f->moment);
}

static fl_status allocate(forward *f) {
    size_t rows = f->total + 1;
    f->spins = calloc(rows * f->words, sizeof *f->spins);
    f->noise = aligned_alloc(64, rows * f->count * sizeof *f->noise);
    f->field = aligned_alloc(64, f->count * sizeof *f->field);
    f->cholesky = malloc(rows * (rows + 1) / 2 * sizeof *f->cholesky);
    f->row = malloc(rows * sizeof *f->row);
    f->moment = calloc(f->count, sizeof *f->moment);
    if (f->spins && f->noise && f->field && f->cholesky && f->row && f->moment)
        return FL_OK;
    release(f);
    return fl_fail(FL_ENOMEM, "out of memory for %zu trajectories of %zu steps; take fewer",
                   f->count, f->total);
}

/* C(t, u) from the spins. */
static double correlation(const forward *f, size_t t, size_t u) {
    const uint64_t *a = f->spins + t * f->words, *b = f->spins + u * f->words;
    size_t differ = 0;
    for (size_t w = 0; w < f->words; w++)
        differ += (size_t)__builtin_popcountll(a[w] ^ b[w]);
    return 1 - 2 * (double)differ / (double)f->count;
}

/* Row t of the factor; zero pivots keep zero columns. */
static void extend(forward *f, size_t t) {
    double *row = f->cholesky + t * (t + 1) / 2, rest = 1;
    for (size_t u = 0; u < t; u++) {
        const double *other = f->cholesky + u * (u + 1) / 2;
        double sum = correlation(f, t, u);
        for (size_t k = 0; k < u; k++)
            sum -= row[k] * other[k];
        row[u] = other[u] > 1e-6 ? sum / other[u] : 0;
        rest -= row[u] * row[u];
    }
    row[t] = rest > 1e-12 ? sqrt(rest) : 0;
    for (size_t k = 0; k <= t; k++)
        f->row[k] = (float)row[k];
}

static void draw_field(forward *f, size_t t, fl_combine *combine) {
    float *noise = f->noise + t * f->count;
    fl_rng_gauss_floats(&f->rng, f->count, 1, noise);
    combine(f->field, f->row, f->noise, f->count, t + 1, f->count);
}

/* Bits of the unstable trajectories among the 64 of a word. */
static uint64_t unstable_word(const forward *f, uint64_t spins, size_t w) {
    const float *field = f->field + 64 * w;
    uint64_t unstable = 0;
    double jd = f->plan->jd;
    for (size_t l = 0; l < 64; l++) {
        double s = spins >> l & 1 ? 1 : -1;
        unstable |= (uint64_t)(s * field[l] + jd < 0) << l;
    }
    return unstable;
}

static bool visited(forward *f, size_t i, size_t step) {
    switch (f->plan->rule) {
    case FL_DMFT_PERMUTATION:
        return f->moment[i] == step;
    case FL_DMFT_SITE:
        return fl_rng_uniform(&f->rng) * (double)f->steps < 1;
    default:
        return f->plan->p >= 1 || fl_rng_uniform(&f->rng) < f->plan->p;
    }
}

/* Flips what is visited at step t; returns the unstable fraction before. */
static double update(forward *f, size_t t) {
    const uint64_t *now = f->spins + t * f->words;
    uint64_t *next = f->spins + (t + 1) * f->words;
    size_t unstable = 0;
    for (size_t w = 0; w < f->words; w++) {
        uint64_t bits = unstable_word(f, now[w], w);
        unstable += (size_t)__builtin_popcountll(bits);
        if (t < f->total)
            next[w] = now[w];
        for (uint64_t rest = t < f->total ? bits : 0; rest; rest &= rest - 1)
            if (visited(f, 64 * w + (size_t)__builtin_ctzll(rest), t % f->steps))
                next[w] ^= rest & -rest;
    }
    return (double)unstable / (double)f->count;
}

/* The moments of the next unit of time. */
static void schedule(forward *f, size_t t) {
    if (f->plan->rule != FL_DMFT_PERMUTATION || t % f->steps)
        return;
    for (size_t i = 0; i < f->count; i++)
        f->moment[i] = (uint32_t)fl_rng_below(&f->rng, f->steps);
}

static fl_status solve(const fl_dmft *plan, size_t steps, size_t times, uint64_t repetition,
                       double *unstable) {
    forward f = {.plan = plan, .steps = steps, .total = steps * times};
    f.words = (plan->trajectories + 63) / 64;
    f.count = 64 * f.words;
    f.rng = fl_rng_stream(plan->seed, FL_PURPOSE_MEANFIELD, repetition, steps);
    FL_CHECK(allocate(&f));
    fl_combine *combine = fl_combine_choose();
    fl_status status = FL_OK;
    for (size_t w = 0; w < f.words; w++)
        f.spins[w] = fl_rng_bits(&f.rng);
    for (size_t t = 0; t <= f.total; t++) {
        if (fl_effort_stopped(&plan->effort)) {
            status = fl_fail(FL_STOPPED, "stopped at time %zu of %zu", t / steps, times);
            break;
        }
        schedule(&f, t);
        extend(&f, t);
        draw_field(&f, t, combine);
        double fraction = update(&f, t);
        if (t % steps == 0)
            unstable[t / steps] = fraction;
    }
    release(&f);
    return status;
}

/* One repetition: extrapolated in the step where time is continuous. */
static fl_status repeat(const fl_dmft *plan, size_t times, uint64_t repetition, double *unstable,
                        double *scratch) {
    if (plan->rule == FL_DMFT_PARTIAL)
        return solve(plan, 1, times, repetition, unstable);
    FL_CHECK(solve(plan, plan->steps / 2, times, repetition, scratch));
    FL_CHECK(solve(plan, plan->steps, times, repetition, unstable));
    double ratio = (double)plan->steps / (double)(plan->steps / 2);
    for (size_t t = 0; t <= times; t++)
        unstable[t] += (unstable[t] - scratch[t]) / (ratio - 1);
    return FL_OK;
}

typedef struct job {
    const fl_dmft *plan;
    size_t times;
    double *values; /* repetitions x 2 rows of times + 1 */
} job;

static fl_status repeat_job(size_t repetition, void *context) {
    job *j = context;
    double *unstable = j->values + 2 * repetition * (j->times + 1);
    return repeat(j->plan, j->times, repetition, unstable, unstable + j->times + 1);
}

/* values[2 r (times + 1) + t]: unstable fraction of repetition r; free them. */
static fl_status all_repetitions(const fl_dmft *plan, size_t times, double **values) {
    FL_CHECK(dmft_check(plan));
    job j = {plan, times, calloc(2 * plan->repetitions * (times + 1), sizeof(double))};
    fl_status status = j.values ? dmft_repeat(plan, repeat_job, &j)
                                : fl_fail(FL_ENOMEM, "out of memory for %zu times", times);
    if (status == FL_OK)
        *values = j.values;
    else
        free(j.values);
    return status;
}

/* Mean over first <= t <= last of each repetition, and over repetitions. */
static fl_status mean_over(const fl_dmft *plan, size_t times, const double *values, size_t first,
                           size_t last, fl_estimate *estimate) {
    double *means = calloc(plan->repetitions, sizeof *means);
    if (!means)
        return fl_fail(FL_ENOMEM, "out of memory for %zu repetitions", plan->repetitions);
    for (size_t r = 0; r < plan->repetitions; r++) {
        for (size_t t = first; t <= last; t++)
            means[r] += values[2 * r * (times + 1) + t];
        means[r] /= (double)(last - first + 1);
    }
    *estimate = fl_mean(means, plan->repetitions);
    free(means);
    return FL_OK;
}

fl_status fl_dmft_forward(const fl_dmft *plan, size_t times, double *unstable, double *error) {
    double *values;
    FL_CHECK(all_repetitions(plan, times, &values));
    fl_status status = FL_OK;
    for (size_t t = 0; status == FL_OK && t <= times; t++) {
        fl_estimate estimate;
        status = mean_over(plan, times, values, t, t, &estimate);
        unstable[t] = estimate.mean;
        error[t] = estimate.error;
    }
    free(values);
    return status;
}

fl_status fl_dmft_late(const fl_dmft *plan, size_t times, fl_dmft_state *state) {
    double *values;
    fl_estimate estimate;
    FL_CHECK(all_repetitions(plan, times, &values));
    fl_status status = mean_over(plan, times, values, times / 2 + 1, times, &estimate);
    free(values);
    FL_CHECK(status);
    *state = (fl_dmft_state){.unstable = estimate.mean, .error = estimate.error, .resolved = true};
    state->window = times * (plan->rule == FL_DMFT_PARTIAL ? 1 : plan->steps);
    return FL_OK;
}
