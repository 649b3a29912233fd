/* Forward solution of the dynamical mean-field equations: see dmft.h.
 *
 * With C = L L^T row by row, eta(t) = sum_{k <= t} L_tk z_k has the covariance C whatever comes
 * later; row t needs C(t, t') for t' <= t only, which the spins up to time t give. C is the Gram
 * matrix of the spins, so it is positive semidefinite; where the spins stand still its rows repeat,
 * a pivot is zero, and eta stands still with them. */
#include <gsl/gsl_cdf.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "fixland/dmft.h"
#include "fixland/rng.h"
#include "src/kernel/combine.h"
#include "theory/dmft_parts.h"

typedef struct forward {
    const fl_dmft *plan;
    double overlap; /* of the start with a fixed point; nan: a random start */
    size_t past;    /* rows before time 0: 1 for the fixed point, 0 */
    size_t steps;   /* a unit of time */
    size_t total;   /* steps in all */
    size_t count, words;
    uint64_t *spins;  /* total + 1 rows of words */
    float *noise;     /* total + 1 rows of count */
    float *field;     /* count */
    float *drive;     /* count: the input */
    double *cholesky; /* row t at t (t + 1) / 2 */
    float *row;       /* the same row, rounded */
    uint32_t *moment; /* permutation: step of the visit in this unit of time */
    fl_rng rng;
} forward;

static void release(forward *f) {
    free(f->spins);
    free(f->noise);
    free(f->field);
    free(f->drive);
    free(f->cholesky);
    free(f->row);
    free(f->moment);
}

static fl_status allocate(forward *f) {
    size_t rows = f->past + f->total + 1;
    f->spins = calloc(rows * f->words, sizeof *f->spins);
    f->noise = aligned_alloc(64, rows * f->count * sizeof *f->noise);
    f->field = aligned_alloc(64, f->count * sizeof *f->field);
    f->drive = calloc(f->count, sizeof *f->drive);
    f->cholesky = malloc(rows * (rows + 1) / 2 * sizeof *f->cholesky);
    f->row = malloc(rows * sizeof *f->row);
    f->moment = calloc(f->count, sizeof *f->moment);
    if (f->spins && f->noise && f->field && f->drive && f->cholesky && f->row && f->moment)
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
    const float *field = f->field + 64 * w, *drive = f->drive + 64 * w;
    uint64_t unstable = 0;
    double jd = f->plan->jd;
    for (size_t l = 0; l < 64; l++) {
        double s = spins >> l & 1 ? 1 : -1;
        unstable |= (uint64_t)(s * (field[l] + drive[l]) + jd < 0) << l;
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
static double flip_visited(forward *f, size_t t) {
    const uint64_t *now = f->spins + (f->past + t) * f->words;
    uint64_t *next = f->spins + (f->past + t + 1) * f->words;
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

static void draw_drive(forward *f) {
    const fl_dmft *plan = f->plan;
    for (size_t i = 0; i < f->count; i++)
        f->drive[i] =
            (float)(plan->inputs ? fabs(plan->inputs[fl_rng_below(&f->rng, plan->input_count)])
                                 : plan->input);
}

/* A normal number above `least`. */
static double normal_above(fl_rng *rng, double least) {
    double u = fl_rng_uniform(rng), above = gsl_cdf_ugaussian_Q(least);
    return gsl_cdf_ugaussian_Qinv(above * (1 - u));
}

/* The row before time 0: the fixed point, all spins up, and its own fields. The start has flips at
 * random. */
static void plant(forward *f) {
    uint64_t *point = f->spins, *begin = point + f->words;
    for (size_t w = 0; w < f->words; w++)
        point[w] = begin[w] = ~UINT64_C(0);
    for (size_t i = 0; i < f->count; i++) {
        f->noise[i] = (float)normal_above(&f->rng, -f->plan->jd);
        if (fl_rng_uniform(&f->rng) < (1 - f->overlap) / 2)
            begin[i / 64] ^= UINT64_C(1) << i % 64;
    }
    extend(f, 0);
}

static void start_spins(forward *f) {
    draw_drive(f);
    if (f->past)
        plant(f);
    for (size_t w = 0; !f->past && w < f->words; w++)
        f->spins[w] = fl_rng_bits(&f->rng);
}

/* unstable[t], and with a fixed point unstable[times + 1 + t], the overlap with it. */
static fl_status run_forward(forward *f, size_t times, double *unstable) {
    fl_combine *combine = fl_combine_choose();
    start_spins(f);
    for (size_t t = 0; t <= f->total; t++) {
        if (fl_effort_stopped(&f->plan->effort))
            return fl_fail(FL_STOPPED, "stopped at time %zu of %zu", t / f->steps, times);
        schedule(f, t);
        extend(f, f->past + t);
        draw_field(f, f->past + t, combine);
        double fraction = flip_visited(f, t);
        if (t % f->steps == 0) {
            unstable[t / f->steps] = fraction;
            if (f->past)
                unstable[times + 1 + t / f->steps] = correlation(f, f->past + t, 0);
        }
    }
    return FL_OK;
}

static fl_status solve(const fl_dmft *plan, double overlap, size_t steps, size_t times,
                       uint64_t repetition, double *unstable) {
    forward f = {.plan = plan,
                 .overlap = overlap,
                 .past = isnan(overlap) ? 0 : 1,
                 .steps = steps,
                 .total = steps * times};
    f.words = (plan->trajectories + 63) / 64;
    f.count = 64 * f.words;
    f.rng = fl_rng_stream(plan->seed, FL_PURPOSE_MEANFIELD, repetition, steps);
    if (f.count < f.total)
        return fl_fail(FL_EINVAL,
                       "%zu trajectories are too few for %zu steps in all: their covariance has no "
                       "inverse",
                       f.count, f.total);
    FL_CHECK(allocate(&f));
    fl_status status = run_forward(&f, times, unstable);
    release(&f);
    return status;
}

/* One repetition: extrapolated in the step where time is continuous. */
static fl_status solve_forward(const dmft_problem *x, size_t repetition, double *values) {
    const fl_dmft *plan = &x->plan;
    if (plan->rule == FL_DMFT_PARTIAL)
        return solve(plan, x->value, 1, x->times, repetition, values);
    double *coarse = calloc(x->width, sizeof *coarse);
    fl_status status = coarse ? FL_OK : fl_fail(FL_ENOMEM, "out of memory for %zu times", x->times);
    if (status == FL_OK)
        status = solve(plan, x->value, plan->steps / 2, x->times, repetition, coarse);
    if (status == FL_OK)
        status = solve(plan, x->value, plan->steps, x->times, repetition, values);
    double ratio = (double)plan->steps / (double)(plan->steps / 2);
    for (size_t k = 0; status == FL_OK && k < x->width; k++)
        values[k] += (values[k] - coarse[k]) / (ratio - 1);
    free(coarse);
    return status;
}

static fl_status forward_problem(const fl_dmft *plan, double overlap, size_t times,
                                 dmft_problem *problem) {
    FL_CHECK(dmft_check(plan));
    if (plan->rule == FL_DMFT_TRIGGER)
        return fl_fail(FL_EINVAL, "a trigger is not solved forward in time");
    *problem = (dmft_problem){.plan = *plan,
                              .value = overlap,
                              .times = times,
                              .width = (times + 1) * (isnan(overlap) ? 1 : 2),
                              .solve = solve_forward};
    return FL_OK;
}

fl_status dmft_forward_problem(const fl_dmft *plan, size_t times, dmft_problem *problem) {
    return forward_problem(plan, NAN, times, problem);
}

fl_status dmft_retrieve_problem(const fl_dmft *plan, double overlap, size_t times,
                                dmft_problem *problem) {
    if (!(overlap >= -1 && overlap <= 1))
        return fl_fail(FL_EINVAL, "an overlap of %g; overlaps lie in [-1, 1]", overlap);
    if (plan->input != 0 || plan->inputs)
        return fl_fail(FL_EINVAL, "the fields of a fixed point are not known here under an input");
    return forward_problem(plan, overlap, times, problem);
}

fl_status dmft_course(const dmft_problem *problem, const double *numbers, size_t first,
                      double *values, double *errors) {
    for (size_t t = 0; t <= problem->times; t++) {
        fl_estimate estimate;
        FL_CHECK(dmft_mean(problem, numbers, first + t, first + t, &estimate));
        values[t] = estimate.mean;
        errors[t] = estimate.error;
    }
    return FL_OK;
}

fl_status fl_dmft_forward(const fl_dmft *plan, size_t times, double *unstable, double *error) {
    dmft_problem problem;
    double *numbers;
    FL_CHECK(dmft_forward_problem(plan, times, &problem));
    FL_CHECK(dmft_solve(&problem, &numbers));
    fl_status status = dmft_course(&problem, numbers, 0, unstable, error);
    free(numbers);
    return status;
}

fl_status fl_dmft_retrieve(const fl_dmft *plan, double overlap, size_t times, double *overlaps,
                           double *overlap_errors, double *unstable, double *error) {
    dmft_problem problem;
    double *numbers;
    FL_CHECK(dmft_retrieve_problem(plan, overlap, times, &problem));
    FL_CHECK(dmft_solve(&problem, &numbers));
    fl_status status = dmft_course(&problem, numbers, 0, unstable, error);
    if (status == FL_OK)
        status = dmft_course(&problem, numbers, times + 1, overlaps, overlap_errors);
    free(numbers);
    return status;
}

fl_status dmft_late_state(const dmft_problem *problem, const double *numbers,
                          fl_dmft_state *state) {
    const fl_dmft *plan = &problem->plan;
    size_t times = problem->times;
    fl_estimate estimate;
    FL_CHECK(dmft_mean(problem, numbers, times / 2 + 1, times, &estimate));
    *state = (fl_dmft_state){.unstable = estimate.mean, .error = estimate.error, .resolved = true};
    state->window = times * (plan->rule == FL_DMFT_PARTIAL ? 1 : plan->steps);
    return FL_OK;
}

fl_status fl_dmft_late(const fl_dmft *plan, size_t times, fl_dmft_state *state) {
    dmft_problem problem;
    double *numbers;
    FL_CHECK(dmft_forward_problem(plan, times, &problem));
    FL_CHECK(dmft_solve(&problem, &numbers));
    fl_status status = dmft_late_state(&problem, numbers, state);
    free(numbers);
    return status;
}
