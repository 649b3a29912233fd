/* Stationary solutions of the dynamical mean-field equations: see dmft.h.
 *
 * Iterated: draw paths of covariance C, run them, let C be the correlation of their spins. The
 * window is doubled until it holds many correlation times. Above the threshold each round slows the
 * spins further, until no window holds them: then the plateau is zero.
 *
 * The inverse problem keeps u fixed instead: each round also moves J_D by a Newton step towards
 * u(J_D) = u, with the slope from a second J_D on the same paths. There the time scale cannot
 * drift, so it converges next to the threshold as fast as elsewhere. */
#include <math.h>
#include <stdlib.h>

#include "theory/dmft_parts.h"
#include "theory/dmft_window.h"

enum {
    SHORTEST = 1024,
    LONGEST = 1 << 16,
    SETTLE = 20,        /* rounds before averaging ... */
    MEASURE = 40,       /* ... and with it */
    SETTLE_SHAPE = 100, /* the shape of C at large lags forgets its start in some 25 rounds */
    MEASURE_TRIGGER = 300,
    SLOPE_EVERY = 4, /* rounds between two slopes */
    SPAN = 64, /* flips of a neuron that a window should hold, where u is not known ... */
    REACH = 32 /* ... and where it is */
};

typedef struct solution {
    const fl_dmft *plan;
    double p;
    size_t paths;
    uint64_t stream;
    dmft_window window;
    uint64_t round;
} solution;

static fl_rng numbers(const solution *s, uint64_t round) {
    fl_rng rng = fl_rng_stream(s->plan->seed, FL_PURPOSE_MEANFIELD, s->stream, (uint64_t)1 << 40);
    fl_rng_sub(&rng, round + 1);
    return rng;
}

/* Paths that keep the work of a round at `trajectories` windows of the shortest length. */
static size_t paths_of(const fl_dmft *plan, size_t length) {
    size_t paths = plan->trajectories * SHORTEST / length;
    return paths < DMFT_LEAST_PATHS ? DMFT_LEAST_PATHS : paths;
}

static fl_status open_solution(solution *s, size_t length, double scale) {
    const fl_dmft *plan = s->plan;
    FL_CHECK(
        dmft_window_open(&s->window, length, paths_of(plan, length), scale, numbers(s, ~0ull)));
    s->window.trigger = plan->rule == FL_DMFT_TRIGGER;
    s->window.drive = plan->input;
    s->window.drives = plan->inputs;
    s->window.drive_count = plan->input_count;
    return FL_OK;
}

static double one_round(solution *s, double jd, bool measure) {
    if (measure)
        dmft_window_draw(&s->window);
    return dmft_window_run(&s->window, jd, s->p, numbers(s, s->round), measure);
}

/* Rounds until the window is long enough for the activity found; 0 when none is. */
static fl_status lengthen_window(solution *s, double *unstable) {
    for (;;) {
        double sum = 0;
        for (int k = 0; k < SETTLE; k++, s->round++) {
            double u = one_round(s, s->plan->jd, true);
            sum += k < SETTLE / 2 ? 0 : u;
            if (fl_effort_stopped(&s->plan->effort))
                return fl_fail(FL_STOPPED, "stopped before the plateau was found");
        }
        *unstable = sum / (SETTLE - SETTLE / 2);
        if (*unstable * s->p * (double)s->window.length >= SPAN)
            return FL_OK;
        *unstable = 0;
        if (s->window.length >= LONGEST)
            return FL_OK;
        FL_CHECK(dmft_window_double(&s->window));
    }
}

static fl_status plateau(const fl_dmft *plan, double p, size_t repetition, double *unstable,
                         size_t *length) {
    solution s = {.plan = plan, .p = p, .paths = plan->trajectories};
    s.stream = repetition * 64 + (uint64_t)(p < 1 ? llround(-log2(p) * 4) % 64 : 0);
    FL_CHECK(open_solution(&s, SHORTEST, 4 / p));
    fl_status status = lengthen_window(&s, unstable);
    *length = s.window.length;
    if (status == FL_OK && *unstable > 0) {
        double sum = 0;
        for (int k = 0; k < MEASURE; k++, s.round++)
            sum += one_round(&s, plan->jd, true);
        *unstable = sum / MEASURE;
    }
    dmft_window_close(&s.window);
    return status;
}

enum { VALUE, LENGTH, PLATEAU_WIDTH }; /* numbers of a repetition: u, steps of the window */

static fl_status solve_plateau(const dmft_problem *x, size_t repetition, double *numbers) {
    bool partial = x->plan.rule == FL_DMFT_PARTIAL;
    double fine, coarse = 0, p = partial ? x->plan.p : 1 / (double)x->plan.steps;
    size_t length;
    if (!partial)
        FL_CHECK(plateau(&x->plan, 2 * p, repetition, &coarse, &length));
    FL_CHECK(plateau(&x->plan, p, repetition, &fine, &length));
    numbers[VALUE] = partial ? fine : fine > 0 && coarse > 0 ? 2 * fine - coarse : 0;
    numbers[LENGTH] = (double)length;
    return FL_OK;
}

fl_status dmft_plateau_problem(const fl_dmft *plan, dmft_problem *problem) {
    FL_CHECK(dmft_check(plan));
    if (plan->rule == FL_DMFT_PERMUTATION || plan->rule == FL_DMFT_TRIGGER)
        return fl_fail(FL_EINVAL, "visits in permutations are periodic in time, not stationary "
                                  "(solve forward in time); a trigger has no plateau");
    *problem = (dmft_problem){.plan = *plan, .width = PLATEAU_WIDTH, .solve = solve_plateau};
    return FL_OK;
}

fl_status dmft_plateau_state(const dmft_problem *problem, const double *numbers,
                             fl_dmft_state *state) {
    const fl_dmft *plan = &problem->plan;
    fl_estimate estimate;
    bool zero = false;
    FL_CHECK(dmft_mean(problem, numbers, VALUE, VALUE, &estimate));
    state->window = 0;
    for (size_t r = 0; r < plan->repetitions; r++) {
        const double *of = numbers + r * PLATEAU_WIDTH;
        zero = zero || of[VALUE] == 0;
        state->window = (size_t)fmax(of[LENGTH], (double)state->window);
    }
    double p = plan->rule == FL_DMFT_PARTIAL ? plan->p : 1 / (double)plan->steps;
    state->resolved = !zero;
    state->unstable = zero ? 0 : estimate.mean;
    state->error = zero ? SPAN / p / LONGEST : estimate.error;
    return FL_OK;
}

fl_status fl_dmft_plateau(const fl_dmft *plan, fl_dmft_state *state) {
    dmft_problem problem;
    double *numbers;
    FL_CHECK(dmft_plateau_problem(plan, &problem));
    FL_CHECK(dmft_solve(&problem, &numbers));
    fl_status status = dmft_plateau_state(&problem, numbers, state);
    free(numbers);
    return status;
}

/* d ln(flips) / dJ_D of a trigger, about; only the noise depends on it. */
static const double slope_of_trigger = -2.3;

/* d ln u / dJ_D on the paths at hand. */
static double slope_at(solution *s, double jd) {
    double step = 0.01;
    double high = one_round(s, jd + step, false), low = one_round(s, jd - step, false);
    return (log(high) - log(low)) / (2 * step);
}

/* A step towards the target on new paths; a new slope now and then, averaged with those before. */
static double newton(solution *s, double jd, double target, bool new_slope, double *slope) {
    dmft_window_draw(&s->window);
    if (new_slope) {
        double found = slope_at(s, jd);
        *slope = *slope < 0 && isfinite(found) ? 0.7 * *slope + 0.3 * found : found;
    }
    double u = dmft_window_run(&s->window, jd, s->p, numbers(s, s->round), true);
    if (!(u > 0)) /* nothing moves: far beyond the threshold */
        return -0.1;
    double move = *slope < 0 ? (log(target) - log(u)) / *slope : 0;
    return fmin(fmax(move, -0.1), 0.1);
}

static fl_status stopped(void) {
    return fl_fail(FL_STOPPED, "stopped before J_D was found");
}

static fl_status approach_activity(solution *s, double target, double *value) {
    double jd = s->plan->jd, sum = 0, slope = 0;
    for (int k = 0; k < SETTLE_SHAPE + MEASURE; k++, s->round++) {
        double move = newton(s, jd, target, k < SETTLE || k % SLOPE_EVERY == 0, &slope);
        if (k >= SETTLE_SHAPE)
            sum += jd + move;
        jd += move / (k < SETTLE / 2 ? 1 : 2); /* later less: the noise of a round */
        if (fl_effort_stopped(&s->plan->effort))
            return stopped();
    }
    *value = sum / MEASURE;
    return FL_OK;
}

/* A trigger has no time scale of its own: paths of x flips a step, which is a quarter of the variance of
 * their steps, give e^(-slope (J_c - jd)) x flips, and those are the x of the next round. At J_c it stands still. So
 * each round answers with a J_c, whose mean is that of jd but for how far x has come; and a jd a little off holds x
 * near the target. (Aiming at the target itself makes x swing, and its mean noisy.) */
static fl_status hold_crossings(solution *s, double target, double *value) {
    const double pull = 0.1;
    double centre = s->plan->jd, sum = 0, slope = slope_of_trigger;
    for (int k = 0; k < SETTLE_SHAPE + MEASURE_TRIGGER; k++, s->round++) {
        dmft_window_draw(&s->window);
        double before = 0.25 * s->window.increment;
        double jd = centre + fmin(fmax(pull * log(target / before) / slope, -0.1), 0.1);
        double after = dmft_window_run(&s->window, jd, 1, numbers(s, s->round), true);
        double critical = after > 0 ? jd + log(before / after) / slope : jd - 0.1;
        if (k >= SETTLE_SHAPE)
            sum += critical;
        else
            centre += 0.1 * (critical - centre);
        if (fl_effort_stopped(&s->plan->effort))
            return stopped();
    }
    *value = sum / MEASURE_TRIGGER;
    return FL_OK;
}

static fl_status inverse(const fl_dmft *plan, double target, size_t repetition, double *value) {
    bool trigger = plan->rule == FL_DMFT_TRIGGER;
    solution s = {.plan = plan, .p = trigger ? 1 : plan->p, .stream = repetition * 64 + 63};
    size_t length = SHORTEST;
    while (length < LONGEST && target * s.p * (double)length < REACH)
        length *= 2;
    FL_CHECK(open_solution(&s, length, 0.5 / (target * s.p)));
    fl_status status =
        trigger ? hold_crossings(&s, target, value) : approach_activity(&s, target, value);
    dmft_window_close(&s.window);
    return status;
}

static fl_status solve_inverse(const dmft_problem *x, size_t repetition, double *number) {
    return inverse(&x->plan, x->value, repetition, number);
}

fl_status dmft_inverse_problem(const fl_dmft *plan, double unstable, dmft_problem *problem) {
    FL_CHECK(dmft_check(plan));
    if (plan->rule != FL_DMFT_PARTIAL && plan->rule != FL_DMFT_TRIGGER)
        return fl_fail(FL_EINVAL, "the inverse of the plateau is for rules partial and trigger");
    double least = (double)REACH / LONGEST / (plan->rule == FL_DMFT_PARTIAL ? plan->p : 1);
    if (!(unstable >= least && unstable < 0.5))
        return fl_fail(FL_EINVAL, "an unstable fraction of %g; it lies in [%g, 1/2)", unstable,
                       least);
    *problem = (dmft_problem){.plan = *plan, .value = unstable, .width = 1, .solve = solve_inverse};
    return FL_OK;
}

fl_status fl_dmft_inverse(const fl_dmft *plan, double unstable, double *jd, double *error) {
    dmft_problem problem;
    double *numbers;
    fl_estimate estimate;
    FL_CHECK(dmft_inverse_problem(plan, unstable, &problem));
    FL_CHECK(dmft_solve(&problem, &numbers));
    fl_status status = dmft_mean(&problem, numbers, 0, 0, &estimate);
    free(numbers);
    FL_CHECK(status);
    *jd = estimate.mean;
    *error = estimate.error;
    return FL_OK;
}
